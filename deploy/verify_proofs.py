"""Verify the evidence of one published figure: every entry it was counted from is in the history that was signed, and gives its numbers.

    python verify_proofs.py DIR --key VKEY [--policy FILE]

It stands beside verify.py, whose keys, checkpoints and policies it uses, and trusts nothing else. Proofs are C2SP tlog-proof, climbed as
RFC 9162 §2.1.3.2 says. Exit: 0 whole, 3 broken, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import verify  # type: ignore[import-not-found]  # the file beside this one, wherever both were copied to


def climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that the path leads to."""
    node, last = leaf, size - 1
    for step in path:
        if index & 1 or index == last:
            node = sha256(b"\1" + step + node).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + step).digest()
        index, last = index >> 1, last >> 1
    if last:
        raise ValueError("a proof ends before the root")
    return node


def proved(file: Path, checkpoint: bytes, size: int, root: bytes) -> tuple[int, Any]:
    """The number of an entry, and the fact, after its proof was climbed; raises ValueError."""
    head, _, note = file.read_bytes().partition(b"\n\n")
    first, extra, index, *path = head.decode().split("\n")
    number, line = int(index.removeprefix("index ")) + 1, verify.unbase64(extra.removeprefix("extra "))
    if first != "c2sp.org/tlog-proof@v1" or note != checkpoint or file.name != f"{number}.tlog-proof" or number > size:
        raise ValueError(f"{file.name} is not the proof of this entry under this checkpoint")
    if climb(sha256(b"\0" + line).digest(), number - 1, size, [verify.unbase64(step) for step in path]) != root:
        raise ValueError(f"{file.name} does not lead to the root that was signed")
    if file.with_suffix(".json").read_bytes() != line:
        raise ValueError(f"{number}.json is not the entry that is proved")
    return number, json.loads(line)


def check(folder: Path, keys: set[Any], policy: str) -> str:
    """What was found, in a sentence; raises ValueError for what is wrong."""
    note = (folder / "checkpoint").read_bytes()
    origin, size, root, witnessed = verify.open_checkpoint(note, keys, policy)
    if witnessed is None:
        raise ValueError("the checkpoint lacks the quorum of witnesses that the policy asks for")
    facts = dict(proved(file, note, size, root) for file in (folder / "entries").glob("*.tlog-proof"))
    (figure,) = (fact["data"] for fact in facts.values() if fact["type"] == verify.FIGURE)
    parts = [fact["data"] for _, fact in sorted(facts.items()) if fact["type"] == verify.TRACED]
    cells = verify.cells_of(cell for part in parts for cell in part["numbers"])
    if len(parts) != figure["traced"] or sha256(figure["report"].encode()).hexdigest() != figure["digest"]:
        raise ValueError("the figure is not all there")
    for said in json.loads(figure["report"])["figures"]:
        for name, amount in {"n": said["n"], "d": said["d"], **said["components"]}.items():
            sums, entries, _ = cells.get((said["code"], said["period"], name), ("", [], []))
            counted = len(entries) if sums == "facts" else sum(facts[entry]["data"][sums] for entry in entries)
            if not {*entries} <= {*facts} or (sums and counted != amount):
                raise ValueError(f"{said['code']} {said['period']}: {name} is {amount}, and its facts give {counted}")
    return f"whole: {len(facts)} entries of {origin}, proved under a checkpoint of {size}, give the figure {figure['figure']}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="verify_proofs.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--key", required=True, action="append", type=verify.read_key, help="the log's public key")
    parser.add_argument("--policy", type=Path, help="your own copy of the policy")
    given = parser.parse_args()
    try:
        print(check(given.folder, {*given.key}, (given.policy or given.folder / "policy").read_text()))  # noqa: T201
    except (ValueError, LookupError, TypeError, OSError) as fault:
        print(f"BROKEN: {fault}")  # noqa: T201
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
