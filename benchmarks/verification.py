"""Verification: an export verified from its files, and proofs made and checked; against bare hashing, and against pymerkle.

Verifying is timed from the start of `verify.py` to its end, over files that were just written. Bare hashing, in as many processes, is
the least that any verifier must do: a hash for every entry and one for every node. pymerkle is GPL, so it lives in an environment of
its own that is made for the run, and is only ever measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from multiprocessing import Pool
from pathlib import Path
from uuid import UUID

from benchmarks.measuring import Figure, Goal
from deploy import verify
from deploy.export import Source, export
from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.note import LOG, Signer, sign
from services.audit.ledger.tiles import Tiles
from services.audit.ledger.tree import leaf_hash, verify_inclusion

SECONDS = 300.0
ROUNDS = 3
ORIGIN = "comhar/BENCH"
MILLION = 1_000_000
PROOFS = 5_000
PROCESSES = 2
PEER = """
import json, sys, time
from pymerkle import InmemoryTree, verify_inclusion
n, proofs = int(sys.argv[1]), int(sys.argv[2])
tree = InmemoryTree(algorithm="sha256")
entries = [b"%d" % number * 40 for number in range(n)]
began = time.perf_counter()
for entry in entries: tree.append_entry(entry)
appended = time.perf_counter()
root = tree.get_state()
made = [tree.prove_inclusion(number * (n // proofs) + 1) for number in range(proofs)]
proved = time.perf_counter()
for number, proof in enumerate(made): verify_inclusion(tree.get_leaf(number * (n // proofs) + 1), root, proof)
checked = time.perf_counter()
print(json.dumps([n / (appended - began), proofs / (proved - appended), proofs / (checked - proved)]))
"""


def run(seconds: float) -> Sequence[Figure]:
    """Measure; with less than a minute a tenth of the entries is verified."""
    sizes = (MILLION, 10 * MILLION) if seconds >= 60 else (MILLION // 10,)
    with tempfile.TemporaryDirectory(prefix="comhar-ledger-") as place:
        figures = [figure for size in sizes for figure in _verified(Path(place) / str(size), size)]
        return [*figures, *_proofs(Path(place))]


def entries(size: int, key: str = "") -> Iterator[bytes]:
    """Facts as the ledger holds them, of one source; the first two say who signs and adopt the source's store."""
    head = b'{"specversion":"1.0","type":"%s","source":"/BENCH/%s","id":"%s.1","subject":"%s","sequence":"%d"'
    data = b',"datacontenttype":"application/json","data":{%s}}'
    about = b'"version":1,"happened":"2025-06-11T11:00:00Z","recorded":"2025-06-11T11:00:00.123456Z","actor":"token:1f0c","role":"member"'
    stream = str(UUID(int=7)).encode()
    adopted = b'"source":"sessions","store":"%s","after":0,%s' % (stream, about)
    yield (head + data) % (b"audit.LedgerKeyAdded.v1", b"audit", stream, stream, 1, b'"key":"%s",%s' % (key.encode(), about))
    yield (head + data) % (b"audit.SourceAdopted.v1", b"audit", stream, stream, 2, adopted)
    for number in range(1, size - 1):
        one = str(UUID(int=number)).encode()
        yield (head + data) % (b"sessions.AttendanceRecorded.v1", b"sessions", one, one, number, b'"member":"%s",%s' % (one, about))


def _verified(folder: Path, size: int) -> Iterator[Figure]:
    signer = Signer.make(ORIGIN, LOG)
    ledger = Tiles(folder / "ledger")
    root = ledger.write(0, size, entries(size, signer.verifier.text))
    note = sign(Checkpoint(ORIGIN, size, root).text, signer)
    export(Source(note, ledger.entries), folder / "export", lambda _done, _all: None)
    os.sync()  # so that the disk's work on what was just written is not measured
    command = (sys.executable, "-c", _MEASURED, verify.__file__, str(folder / "export"), "--key", signer.verifier.text, "--json")
    found = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(ROUNDS)]
    bare = [_bare(size) * 1000 for _ in range(ROUNDS)]
    goal = Goal(at_most=1_000 * size / MILLION)
    yield Figure(f"verify {size:,} (peer: bare hashing)", "ms", [one["seconds"] * 1000 for one in found], bare, goal)
    yield Figure(f"verify {size:,}, memory", "MB", [one["megabytes"] for one in found], goal=Goal(at_most=64))


_MEASURED = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run((sys.executable, *sys.argv[1:]), capture_output=True)
seconds = time.perf_counter() - began
if done.returncode: sys.exit(done.stdout.decode() + done.stderr.decode())
print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}))
"""


def _bare(size: int) -> float:
    with Pool(PROCESSES) as pool:
        pool.map(len, [b""] * PROCESSES)  # so that the processes are there
        began = time.perf_counter()
        pool.map(_hash, [size // PROCESSES] * PROCESSES)
        return time.perf_counter() - began


def _hash(number: int) -> None:
    entry, node = b"\0" + bytes(420), b"\1" + bytes(64)
    for _ in range(number):
        sha256(entry).digest()
        sha256(node).digest()


def _proofs(place: Path) -> Iterator[Figure]:
    size = MILLION // 10
    lines = list(entries(size))
    tiles = Tiles(place / "proofs")
    root = tiles.write(0, size, iter(lines))
    wanted = range(0, size, size // PROOFS)
    appended, made, checked = [], [], []
    for _ in range(ROUNDS):
        appended.append(size / _seconds(lambda: tiles_of(lines)))
        proofs = [tiles.inclusion_proof(index, size) for index in wanted]
        made.append(PROOFS / _seconds(lambda: [tiles.inclusion_proof(index, size) for index in wanted]))
        leaves = [leaf_hash(lines[index]) for index in wanted]
        check = partial(_check, list(zip(wanted, leaves, proofs, strict=True)), size, root)
        checked.append(PROOFS / _seconds(check))
    peers = _pymerkle(place, size)
    yield Figure("entries added to the tree (pymerkle)", "entries/s", appended, [one[0] for one in peers])
    yield Figure("inclusion proofs made (pymerkle)", "proofs/s", made, [one[1] for one in peers], Goal(at_least=6_000))
    yield Figure("inclusion proofs checked (pymerkle)", "proofs/s", checked, [one[2] for one in peers], Goal(at_least=80_000))


def tiles_of(lines: Sequence[bytes]) -> None:
    from services.audit.ledger.tree import CompactRange  # noqa: PLC0415

    tree = CompactRange()
    tree.extend([leaf_hash(line) for line in lines])
    tree.root()


def _check(proofs: Sequence[tuple[int, bytes, list[bytes]]], size: int, root: bytes) -> None:
    for index, leaf, proof in proofs:
        verify_inclusion(leaf, index, size, proof, root)


def _pymerkle(place: Path, size: int) -> list[list[float]]:
    """What pymerkle does in an environment of its own; nothing where it cannot be had."""
    venv.create(place / "peer", with_pip=True)
    python = str(place / "peer" / "bin" / "python")
    if subprocess.run((python, "-m", "pip", "install", "--quiet", "pymerkle==7.0.0"), check=False).returncode:
        return []
    done = [subprocess.run((python, "-c", PEER, str(size), str(PROOFS)), capture_output=True, check=True) for _ in range(ROUNDS)]
    return [json.loads(one.stdout) for one in done]


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
