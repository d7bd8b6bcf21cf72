"""Verify an export of a comhar region's audit trail, trusting nothing of comhar's.

    python verify.py DIR --key VKEY [--policy FILE] [--older CHECKPOINT ...] [--json]
    python verify.py DIR --key VKEY --state PARTNERSHIP [--on DATE] [--known DATE-OR-SIZE]
    python verify.py DIR --key VKEY --figure ID-OR-CODE@PERIOD

This one file needs Python 3.11 and `cryptography`, and nothing of the program it checks. The key must come from elsewhere than the
export; a policy of your own, and checkpoints you kept, say more than those in it. Formats: RFC 6962 (tree), C2SP signed-note,
tlog-checkpoint, tlog-cosignature, tlog-policy, tlog-tiles. Exit: 0 whole, 3 broken, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing.dummy
import os
import re
import sys
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FULL, SHARE = 256, 64  # hashes in a tile, bundles that are read at a time
LOG, WITNESS = 1, 4  # the algorithm bytes of signed-note and tlog-cosignature
ADOPTED, FIGURE, TRACED, ERASED = "audit.SourceAdopted.v1", "reporting.FigurePublished.v1", "reporting.FigureTraced.v1", "SubjectErased.v1"
SEALED = re.compile(rb'\{"handle":"[0-9a-f-]{36}","subject":"([0-9a-f-]{36})","commitment":"[0-9a-f]{64}","digest":"([0-9a-f]{64})"\}')
HEAD = rb'\{"specversion":"1\.0","type":"([\w.]+)","(source":"/[\w.-]+/([\w-]+))","id":"[\w.-]+","subject":"[\w-]+","sequence":"([1-9]\d*)"'
FACT = re.compile(HEAD + rb',"datacontenttype":"application/json","data":\{.*\}\}', re.DOTALL)
RESTS_ON = re.compile(rb'","source":"/[\w.-]+/(partnerships|sessions|feedback)","')
OTHER_ENTRY, OTHER_TILE = "this entry is not the one that was hashed", "this tile is not the one of its entries"
Key = tuple[str, bytes, int, bytes]  # name, id, algorithm, public key


def unbase64(text: str) -> bytes:
    if b64encode(raw := b64decode(text, validate=True)).decode() != text:
        raise ValueError("base64 written in another way")
    return raw


def read_key(text: str) -> Key:
    """The key in a vkey, `name+hash+base64`."""
    name, digest, material = text.strip().split("+", 2)
    raw = unbase64(material)
    if raw[0] not in {LOG, WITNESS} or sha256(f"{name}\n".encode() + raw).hexdigest()[:8] != digest:
        raise ValueError("this is no Ed25519 key of a log or a witness")
    return name, bytes.fromhex(digest), raw[0], raw[1:]


def open_checkpoint(note: bytes, trusted: set[Key], policy: str) -> tuple[str, int, bytes, int | None]:
    """Origin, size and root in a checkpoint that a `trusted` key signed, and when the policy's quorum was reached."""
    body, _, lines = note.decode().rpartition("\n\n")
    text, known, signed = f"{body}\n", {key[:2]: key for key in trusted | ask_policy(policy, {})[0]}, dict[Key, int]()
    if re.search("[\0-\x09\x0b-\x1f]", body) or not re.fullmatch(r"(— [^\s+]+ \S+\n)+", lines):
        raise ValueError("this is not a signed note")
    for line in lines.splitlines():
        _, name, signature = line.split(" ")
        raw = unbase64(signature)
        if key := known.get((name, raw[:4])):  # the signature of an unknown key says nothing; a broken one of a known key sinks the note
            time = raw[4:12] if key[2] == WITNESS else b""
            message = f"cosignature/v1\ntime {int.from_bytes(time)}\n{text}" if time else text
            try:
                Ed25519PublicKey.from_public_bytes(key[3]).verify(raw[4 + len(time) :], message.encode())
            except InvalidSignature:
                raise ValueError(f"the signature of {name} is broken") from None
            signed[key] = int.from_bytes(time)
    origin, size, root, *_ = text.split("\n")
    if not re.fullmatch("0|[1-9][0-9]{0,15}", size) or len(unbase64(root)) != len(tree_head([])):
        raise ValueError("this is not a checkpoint")
    if not trusted & {*signed} or {origin} != {name for name, *_ in trusted}:
        raise ValueError("the key you gave did not sign this checkpoint")
    return origin, int(size), unbase64(root), ask_policy(policy, signed)[1]


def ask_policy(policy: str, signed: dict[Key, int]) -> tuple[set[Key], int | None]:
    """A tlog-policy's keys, and when a quorum of its witnesses had signed (0: none is wanted; None: it was not reached)."""
    keys, times, quorum = set[Key](), dict[str, int | None](none=0), list[int | None]()
    for line in policy.splitlines():
        match line.split():
            case ["log", vkey, *_]:
                keys.add(read_key(vkey))
            case ["witness", name, vkey, *_] if name not in times:
                keys.add(key := read_key(vkey))
                times[name] = signed.get(key)
            case ["group", name, least, *of] if name not in times and len(of) == len({*of} & {*times} - {"none"}):
                wanted = {"any": 1, "all": len(of)}.get(least) or [str(number) for number in range(len(of) + 1)].index(least, 1)
                reached = sorted(time for one in of if (time := times[one]) is not None)
                times[name] = reached[wanted - 1] if wanted <= len(reached) else None
            case ["quorum", name] if name in times and not quorum:
                quorum.append(times[name])
            case [word, *_] if not word.startswith("#"):
                raise ValueError(f"the policy line that begins with {word!r} cannot be followed")
    return keys, quorum[0]


def tree_head(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1 over the hashes of leaves, or of complete subtrees of one size of which the last may be smaller."""
    while len(hashes) > 1:
        pairs = [sha256(b"\1" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = pairs + hashes[2 * len(pairs) :]
    return hashes[0] if hashes else sha256().digest()


def tile_name(level: int | str, index: int, size: int) -> str:
    """Where the tile lies in a log that has `size` hashes (or entries) at that level."""
    groups, width = re.findall("...", f"{index:0{-(-len(str(index)) // 3) * 3}}"), min(FULL, size - index * FULL)
    return f"tile/{level}/{'/'.join(['x' + group for group in groups[:-1]] + groups[-1:])}" + (f".p/{width}" if width < FULL else "")


def read(folder: Path, name: str) -> bytes:
    return path.read_bytes() if (path := folder / name).is_file() else b""


def read_tile(folder: Path, level: int, index: int, size: int) -> list[bytes]:
    tile = read(folder, tile_name(level, index, size))
    return [tile[at : at + 32] for at in range(0, len(tile), 32)]


def first_difference(ours: list[bytes], theirs: list[bytes]) -> int:
    return next((at for at, one in enumerate(ours) if theirs[at : at + 1] != [one]), len(ours))


def entries_of(bundle: bytes) -> Iterator[bytes]:
    at = 0
    while at + 1 < len(bundle):
        begin, at = at + 2, at + 2 + (bundle[at] << 8) + bundle[at + 1]
        yield bundle[begin:at]
    if at != len(bundle):
        raise ValueError("an entry is longer than its file")


def numbers_in(runs: Iterable[list[int]]) -> list[int]:
    return [number for first, last in runs for number in range(first, last + 1)]


def cells_of(traced: Iterable[dict[str, Any]]) -> dict[tuple[str, str, str], tuple[str, list[int], list[int]]]:
    """By code, period and number of a figure: what is summed, over which entries, and on which others that rests."""
    cells = dict[tuple[str, str, str], tuple[str, list[int], list[int]]]()
    for cell in traced:  # what stands in several parts is put together
        _, entries, further = cells.setdefault((cell["code"], cell["period"], cell["number"]), (cell["sums"], [], []))
        entries.extend(numbers_in(cell["entries"]))
        further.extend(numbers_in(cell["rests_on"]))
    return cells


class Findings(list[dict[str, Any]]):
    """What is wrong: in which step and file, what, and which entry (with `last`: somewhere from it to there)."""

    def add(self, step: str, what: str, file: str, entry: int | None = None, last: int | None = None) -> None:
        self.extend([{"step": step, "what": what, "file": file, "entry": entry, "last": last}] if len(self) < FULL else [])

    @contextmanager
    def of(self, step: str, file: str, entry: int | None = None) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as fault:
            self.add(step, str(fault) if type(fault) is ValueError else f"this cannot be read ({fault!r})", file, entry)


class Share:
    """What one process reads of the entries: their hashes, where the positions of each source begin and end, and what is wrong."""

    def __init__(self, folder: Path, size: int, partnerships: frozenset[bytes], first: int) -> None:
        self.folder, self.partnerships, self.sealed, self.boxes, self.files = folder, partnerships, (folder / "sealed").is_dir(), b"", 0
        self.heads, self.findings, self.said = list[bytes](), Findings(), list[tuple[Any, ...]]()
        self.began, self.expected, self.usual = dict[bytes, tuple[int, str, int]](), dict[bytes, int](), set[bytes]()
        for index in range(first, min(first + SHARE, -(-size // FULL))):
            name, width = tile_name("entries", index, size), min(FULL, size - index * FULL)
            leaves, tile = self.read_entries(index * FULL, name), read_tile(folder, 0, index, size)
            if len(leaves) > width:
                self.findings.add("entries", "this entry does not belong here", name, index * FULL + width + 1)
            if leaves[:width] != tile or len(tile) < width:
                self.findings.add("entries", OTHER_ENTRY, name, index * FULL + first_difference(leaves, tile) + 1)
            self.heads += [tree_head(leaves[:FULL])] if width == FULL else []
        self.said += [("run", source, *self.began[source], following) for source, following in self.expected.items()]

    def read_entries(self, number: int, name: str) -> list[bytes]:
        """The leaf hashes of the bundle that follows entry `number`."""
        leaves, expected, usual, special = list[bytes](), self.expected, self.usual, self.sealed or self.partnerships
        self.boxes = read(self.folder, name.replace("tile/entries", "sealed"))
        self.files += bool(self.boxes)
        try:
            for line in entries_of(read(self.folder, name)):
                leaves.append(sha256(b"\0" + line).digest())
                number += 1
                try:
                    opening, kind, source, _, _, place, _ = line.split(b'","', 6)
                    if place != b'sequence":"%d' % expected.get(source, -1) or kind not in usual or opening != b'{"specversion":"1.0':
                        self.look_closer(number, name, line)
                    expected[source] += 1
                except (ValueError, KeyError, TypeError):
                    self.findings.add("sources", "this is not a fact", name, number)
                if special:
                    self.look_inside(number, name, line)
        except ValueError:
            self.findings.add("entries", "this entry is longer than its file", name, number)
        if self.boxes:
            self.findings.add("sealed", "there are more sealed boxes than its entries name", name)
        return leaves

    def look_closer(self, number: int, name: str, line: bytes) -> None:
        """The first fact of a source or of a kind in this share, one that speaks of the ledger, or one out of its place."""
        if not (found := FACT.fullmatch(line)):
            raise ValueError
        kind, source, here = found[1].decode(), found[2], int(found[4])
        if source not in self.expected:
            self.began[source] = number, name, here
        elif here != self.expected[source]:
            self.findings.add("sources", f"position {here} of {found[3].decode()} where {self.expected[source]} belongs", name, number)
        self.expected[source] = here
        if kind not in {ADOPTED, FIGURE, TRACED} and not kind.endswith(ERASED):
            self.usual.add(b'type":"' + found[1])
            return
        data = json.loads(line)["data"]
        if kind == ADOPTED and (source := source[: -len(found[3])] + data["source"].encode()) in self.expected:
            self.said.append(("run", source, *self.began[source], self.expected.pop(source)))
        self.said.append((ERASED if kind.endswith(ERASED) else kind, source, number, name, data))

    def look_inside(self, number: int, name: str, line: bytes) -> None:
        """Which partnership this entry is of, if that is asked, and whether each of its sealed boxes is the one that it names."""
        if (partnership := line.partition(b'"partnership":"')[2][:36]) in self.partnerships and RESTS_ON.search(line):
            self.said.append(("of", partnership.decode(), number, name))
        for subject, digest in SEALED.findall(line) if self.sealed else ():
            end = 4 + int.from_bytes(self.boxes[:4])
            box, self.boxes = self.boxes[4:end], self.boxes[end:]
            if not box:
                self.said.append(("gone", subject.decode(), number, name))
            elif sha256(box).hexdigest().encode() != digest:
                self.findings.add("sealed", "its sealed box is another", name, number)


class Export:
    """An export, checked step by step: `findings` say what is wrong, `report` what is there."""

    def __init__(self, folder: Path, keys: set[Key], policy: str | None = None, older: dict[str, bytes] | None = None) -> None:
        self.folder, self.keys, self.policy, self.brought = folder, keys, policy, older or {}
        self.findings, self.next, self.said = Findings(), dict[str, int](), defaultdict[str, list[tuple[Any, ...]]](list)
        self.report: dict[str, Any] = {"sources": defaultdict(list), "older": {}, "figures": {}}

    def check(self, processes: int = 2) -> bool:
        """Whether all of it is whole."""
        with self.findings.of("signatures", "checkpoint"):
            text = (self.folder / "policy").read_text()
            self.policy = self.policy or text
            if self.policy != text or not self.keys & ask_policy(text, {})[0]:
                self.findings.add("signatures", "this is not the policy you brought, or one for the key you gave", "policy")
            self.origin, self.size, self.root, when = open_checkpoint(read(self.folder, "checkpoint"), self.keys, self.policy)
            if when is None:
                self.findings.add("signatures", "it lacks the quorum of witnesses that the policy asks for", "checkpoint")
            self.report |= {
                "origin": self.origin,
                "size": self.size,
                "root": self.root.hex(),
                "witnessed": when and str(datetime.fromtimestamp(when, UTC)),
            }
            with self.findings.of("entries", "tile/"):
                self.check_entries(processes)
            self.check_older()
            self.check_figures()
        self.report["first_wrong_entry"] = min((found["entry"] for found in self.findings if found["entry"]), default=None)
        return not self.findings

    def check_entries(self, processes: int) -> None:
        """Every file, entry and tile, the positions of every source, every sealed box; then the root."""
        wanted = {json.loads(path.read_bytes())["partnership"].encode() for path in (self.folder / "figures").glob("*.json")}
        share, heads, boxes = partial(Share, self.folder, self.size, frozenset(wanted)), list[bytes](), 0
        with multiprocessing.Pool(processes) if processes > 1 else multiprocessing.dummy.Pool(1) as pool:
            for found in pool.imap(share, range(0, -(-self.size // FULL), SHARE)):
                heads, boxes = heads + found.heads, boxes + found.files
                self.findings += found.findings
                for what, source, *said in found.said:
                    self.take(what, source, *said)
        erased = {data["subject"] for *_, data in self.said[ERASED]}
        for subject, number, name in self.said["gone"]:
            if subject not in erased:
                self.findings.add("sealed", "its sealed box is gone, and nobody erased its subject", name, number)
        self.check_tiles(heads)
        # What no hash in the tree covers is in SHA256SUMS: a guard against accidents; against forgers there are signatures.
        sums = [line.split("  ", 1) for line in (self.folder / "SHA256SUMS").read_text().splitlines()]
        for digest, name in sums:
            if sha256(read(self.folder, name)).hexdigest() != digest:
                self.findings.add("files", "this is not the file that SHA256SUMS lists", name)
        files = sum(-(-(self.size >> 8 * level) // FULL) for level in range(8)) + -(-self.size // FULL) + boxes + len(sums) + 1
        if (here := sum(len(names) for *_, names in os.walk(self.folder))) != files:
            self.findings.add("files", f"{here} files where {files} belong", "")

    def take(self, what: str, source: Any, number: int, name: str, *said: Any) -> None:
        """What a share says of positions and of the ledger itself, in the order of entries."""
        if what == "run":
            first, following = said
            wanted, (_, region, short) = self.next.get(source, int(source.endswith(b"/audit"))), source.decode().split("/")
            if first != wanted or self.origin != f"comhar/{region}":
                self.findings.add("sources", f"position {first} of {short} where {wanted or 'no adopted store'} belongs", name, number)
            self.next[source] = following
        elif what == ADOPTED:
            if not 0 <= said[0]["after"] < self.next.get(source, 1):
                self.findings.add("sources", "a store is adopted after a position that is not here", name, number)
            self.next[source] = said[0]["after"] + 1
            self.report["sources"][said[0]["source"]].append({"entry": number, "store": said[0]["store"], "after": said[0]["after"]})
        else:
            self.said[what].append((source, number, name, *said))

    def check_tiles(self, heads: list[bytes]) -> None:
        """The tiles above the lowest, compared with what the entries give; then the root."""
        self.rows = [heads]
        while row := self.rows[-1]:
            for at in range(0, len(row), FULL):
                part, tile, unit = row[at : at + FULL], read_tile(self.folder, len(self.rows), at // FULL, len(row)), FULL ** len(self.rows)
                first = (at + first_difference(part, tile)) * unit + 1
                if part != tile and not any(found["entry"] and first <= found["entry"] < first + unit for found in self.findings):
                    self.findings.add("tiles", OTHER_TILE, tile_name(len(self.rows), at // FULL, len(row)), first, first + unit - 1)
            self.rows.append([tree_head(row[at - FULL : at]) for at in range(FULL, len(row) + 1, FULL)])
        if self.root_at(self.size) != self.root:
            self.findings.add("root", "these entries do not give the root that was signed", "checkpoint")
            return
        for found in self.findings:  # every entry is the one that was signed, so where entries and tiles differ the tiles are wrong
            if found["what"] in {OTHER_ENTRY, OTHER_TILE}:
                found |= {"step": "tiles", "what": OTHER_TILE, "file": found["file"].replace("entries", "0"), "entry": None, "last": None}

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries."""
        within = read(self.folder, tile_name("entries", size // FULL, self.size))
        leaves = [sha256(b"\0" + line).digest() for _, line in zip(range(size % FULL), entries_of(within), strict=False)]
        rest = [tree_head(leaves)] if leaves else []
        for level, row in enumerate(self.rows, 1):
            count = size >> 8 * level
            rest = [tree_head(here)] if (here := row[count // FULL * FULL : count] + rest) else []
        return tree_head(rest)

    def check_older(self) -> None:
        """Every older checkpoint, from the export and from the auditor, is signed and a beginning of this log."""
        kept = {f"checkpoints/{path.name}": path.read_bytes() for path in sorted((self.folder / "checkpoints").glob("*"))}
        same, other = [0], [self.size] if any(found["step"] == "root" for found in self.findings) else []
        for name, note in {**kept, **self.brought}.items():
            with self.findings.of("older", name):
                _, size, root, when = open_checkpoint(note, self.keys, str(self.policy))
                if name in kept and name != f"checkpoints/{size}" + ".unwitnessed" * (when is None):
                    raise ValueError("this checkpoint is not the one its file is named after")
                if size > self.size:
                    raise ValueError(f"{size} entries were signed and {self.size} are here: the log was rolled back")
                (same if self.root_at(size) == root else other).append(size)
                self.report["older"][name] = "the same beginning" if size in same else "ANOTHER HISTORY"
        if other and not any(found["entry"] for found in self.findings):
            since = max(size for size in same if size < min(other))
            self.findings.add("older", "somewhere in these entries history was rewritten", "", since + 1, min(other))

    def check_figures(self) -> None:
        """Every published figure has its file; both say the same, and counting the facts they name gives the numbers they publish."""
        for _, number, _, fact in self.said[FIGURE]:
            parts, name = [data for *_, data in self.said[TRACED] if data["figure"] == fact["figure"]], f"figures/{fact['figure']}.json"
            with self.findings.of("figures", name, number):
                if len(parts) == fact["traced"]:  # else what it rests on is not all in the ledger yet
                    self.check_figure(json.loads((self.folder / name).read_bytes()), number, fact, parts)

    def check_figure(self, file: dict[str, Any], number: int, fact: dict[str, Any], parts: list[dict[str, Any]]) -> None:
        cells, used = (
            cells_of(cell for part in parts for cell in part["numbers"]),
            numbers_in(run for part in parts for run in part["entries"]),
        )
        same = all({**file, **file["ledger"]}[name] == fact[name] for name in fact.keys() & {*file, *file["ledger"]})
        if file["entry"] != number or not same or cells_of(file["cells"]) != cells:
            raise ValueError("the file of this figure does not say what its facts say")
        if sha256(fact["report"].encode()).hexdigest() != fact["digest"] or self.root_at(fact["size"]).hex() != fact["root"]:
            raise ValueError("its report, or the ledger it was computed from, is not the one it names")
        if used != [number for of, number, _ in self.said["of"] if of == fact["partnership"] and number <= fact["size"]]:
            raise ValueError("it was not computed from exactly the facts of its partnership")
        for said in json.loads(fact["report"])["figures"]:
            n, d, where = said["n"], said["d"], (said["code"], said["period"])
            for name, amount in {"n": n, "d": d, **said["components"]}.items():
                sums, entries, further = cells.get((*where, name), ("", [], []))
                counted = len(entries) if sums == "facts" else sum(next(self.entries(entry))[1]["data"][sums] for entry in entries)
                if (sums and counted != amount) or not {*entries, *further} <= {*used}:
                    raise ValueError(f"{where}: {name} is {amount}, and its facts give {counted}")
            value = (Decimal(100 * n) / d).quantize(Decimal("0.1"), ROUND_HALF_UP) if d and said["unit"] == "%" else None
            if said["value"] is not None and value not in {None, Decimal(str(said["value"]))}:
                raise ValueError(f"{where}: the value is not n/d")
        self.report["figures"][fact["figure"]] = {
            f"{code}@{period} {number}": entries for (code, period, number), (_, entries, _) in cells.items()
        }

    def entries(self, first: int = 1) -> Iterator[tuple[int, Any]]:
        """The facts with their numbers, from entry `first` on."""
        for index in range((first - 1) // FULL, -(-self.size // FULL)):
            for number, line in enumerate(entries_of(read(self.folder, tile_name("entries", index, self.size))), index * FULL + 1):
                if number >= first:
                    yield number, json.loads(line)

    def state(self, wanted: str, on: str, known: str) -> dict[str, Any]:
        """A partnership (by id or name): what had happened by a day (UTC), and was recorded by another or is in so many entries."""
        counts, members, last = Counter[str](), dict[str, str](), 0
        for number, fact in self.entries():
            data, kind = fact["data"], fact["type"].split(".")[-2]
            wanted = data["partnership"] if kind == "PartnershipProposed" and data["name"] == wanted else wanted
            late = number > int(known) if known.isdigit() else data["recorded"][:10] > (known or "9")
            if data.get("partnership") == wanted and not late and data["happened"][:10] <= (on or "9"):
                counts[f"{kind} {data.get('outcome') or ''}".strip()] += 1
                last = number
                if kind == "MemberJoined":
                    members[data["member"]] = f"{data['perspective']} from {data['happened'][:10]}"
                elif kind == "MembershipEnded":
                    members[data["member"]] += f" to {data['happened'][:10]}"
        return {"partnership": wanted, "last_entry": last, "members": members, "facts": counts}

    def lineage(self, wanted: str) -> dict[str, Any]:
        """Which facts made a published figure (its id), or one of its numbers (code@period)."""
        cells = [(figure, *cell) for figure, cells in self.report["figures"].items() for cell in cells.items()]
        made = {f"{figure} {cell}": entries for figure, cell, entries in cells if wanted in {figure, cell.split(" ")[0]}}
        return {cell: {entry: next(self.entries(entry))[1]["type"] for entry in entries} for cell, entries in made.items()}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--key", required=True, action="append", type=read_key, help="the log's public key; again for one it had before")
    parser.add_argument("--policy", nargs=1, default=[], type=Path, help="your own copy of the policy")
    parser.add_argument("--older", nargs="+", default=[], type=Path, help="checkpoints that you kept")
    for name, means in (("state", "a partnership"), ("on", "a day"), ("known", "a day, or a number of entries"), ("figure", "its id")):
        parser.add_argument(f"--{name}", default="", help=means)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if lost := [str(path) for path in (given.folder, *given.policy, *given.older) if not path.exists()]:
        parser.error(f"there is no {', '.join(lost)}")
    policy = given.policy[0].read_text() if given.policy else None
    export = Export(given.folder, {*given.key}, policy, {str(path): path.read_bytes() for path in given.older})
    answer = {"whole": export.check(), **export.report, "findings": export.findings}
    if given.state:
        answer["state"] = export.state(given.state, given.on, given.known)
    if given.figure:
        answer["lineage"] = export.lineage(given.figure)
    text = json.dumps(answer, indent=1)
    sys.stdout.write((text if given.json else re.sub(r'[{}\[\]",]|\n *(?=[}\]])', "", text)) + "\n")
    return 0 if answer["whole"] else 3


if __name__ == "__main__":
    sys.exit(main())
