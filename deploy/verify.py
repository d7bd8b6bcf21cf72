"""Verify an export of a comhar region's audit trail, trusting nothing of comhar's.

This one file needs Python 3.11 and `cryptography`, nothing of the program it checks; the key must come from elsewhere than the export.
Formats: RFC 6962, C2SP signed-note, tlog-checkpoint, -cosignature, -policy, -tiles. Exit: 0 whole, 3 broken, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing.dummy
import os
import re
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FULL, SHARE, WITNESS = 256, 64, 4  # hashes in a tile, bundles read at a time, the algorithm byte of tlog-cosignature
ADOPTED, FIGURE, TRACED, ENDED = "audit.SourceAdopted.v1", "reporting.FigurePublished.v1", "reporting.FigureTraced.v1", "Erased, Destroyed"
PART = rb'\{"handle":"[0-9a-f-]{36}","subject":"%b[0-9a-f-]{36})","commitment":"[0-9a-f]{64}","digest":"%b[0-9a-f]{64})"\}'
SEALED = re.compile(PART % (b"(", b"("))
HEAD = re.compile(rb'\A\{"specversion":"1\.0","type":"([\w.]+)","source":"(/[^"\\]+/([\w-]+))","id":"\Z')
HEADER = rb'(.{29}[^"]*+.{12}[^"]*+.{8})[^"]*+","subject":"[^"]*+","sequence":"([1-9]\d*+)","datacontenttype":"application/json","data":\{'
# In a usual fact every } but the last two ends a sealed part: nothing can follow its data and say something else. Two bytes say its length.
USUAL = re.compile(b"(..)(" + HEADER + rb"[^}]*+\}(?:(?<=" + PART % (b"(?:", b"(?:") + rb")[^}]*+\})*\})", re.DOTALL)
OF = rb'[^,]*,[^,]*,"source":"/[^"]+/(?:partnerships|sessions|feedback)".*"partnership":"([0-9a-f-]{36})"'
SOURCES = dict[bytes, bytes]()  # of usual facts, by the beginnings of their lines
OTHER_ENTRY, OTHER_TILE = "this entry is not the one that was hashed", "this tile is not the one of its entries"
Key = tuple[str, bytes, int, bytes]  # name, id, algorithm, public key


def unbase64(text: str) -> bytes:
    if b64encode(raw := b64decode(text, validate=True)).decode() != text:
        raise ValueError("base64 written in another way")
    return raw


def read_key(text: str) -> Key:
    name, digest, material = text.strip().split("+", 2)
    raw = unbase64(material)
    if raw[0] not in {1, WITNESS} or sha256(f"{name}\n".encode() + raw).hexdigest()[:8] != digest:
        raise ValueError("this is no Ed25519 key of a log or a witness")
    return name, bytes.fromhex(digest), raw[0], raw[1:]


def open_checkpoint(note: bytes, trusted: set[Key], policy: str) -> tuple[str, int, bytes, int | None]:  # origin, size, root, witnessed
    body, _, lines = note.decode().rpartition("\n\n")
    text, known, signed = f"{body}\n", {key[:2]: key for key in trusted | ask_policy(policy, {})[0]}, dict[Key, int]()
    if re.search("[\0-\x09\x0b-\x1f]", body) or not re.fullmatch(r"(— [^\s+]+ \S+\n)+", lines):
        raise ValueError("this is not a signed note")
    for line in lines.splitlines():
        name, raw = line.split(" ")[1], unbase64(line.split(" ")[2])
        if key := known.get((name, raw[:4])):  # the signature of an unknown key says nothing; a broken one of a known key sinks the note
            time = raw[4:12] if key[2] == WITNESS else b""
            message = f"cosignature/v1\ntime {int.from_bytes(time)}\n{text}" if time else text
            try:
                Ed25519PublicKey.from_public_bytes(key[3]).verify(raw[4 + len(time) :], message.encode())
            except InvalidSignature:
                raise ValueError(f"the signature of {name} is broken") from None
            signed[key] = int.from_bytes(time)
    origin, size, root, *_ = text.split("\n")
    if not trusted & {*signed} or {origin} != {name for name, *_ in trusted} or not re.fullmatch("0|[1-9][0-9]{0,15}", size):
        raise ValueError("this is not a checkpoint that the key you gave has signed")
    return origin, int(size), unbase64(root), ask_policy(policy, signed)[1]


def ask_policy(policy: str, signed: dict[Key, int]) -> tuple[set[Key], int | None]:  # its keys, and when its quorum had signed
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


def tree_head(hashes: list[bytes]) -> bytes:  # RFC 6962 §2.1, of leaves, or of complete subtrees of one size, the last may be smaller
    while len(hashes) > 1:
        pairs = [sha256(b"\1" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = pairs + hashes[2 * len(pairs) :]
    return hashes[0] if hashes else sha256().digest()


def tile_name(level: int | str, index: int, size: int) -> str:
    groups, width = re.findall("...", f"{index:0{-(-len(str(index)) // 3) * 3}}"), min(FULL, size - index * FULL)
    return f"tile/{level}/{'/'.join(['x' + group for group in groups[:-1]] + groups[-1:])}" + (f".p/{width}" if width < FULL else "")


def read(folder: Path, name: str) -> bytes:
    return path.read_bytes() if (path := folder / name).exists() else b""


def entries_of(bundle: bytes) -> Iterator[bytes]:
    at = 0
    while at + 1 < len(bundle):
        begin, at = at + 2, at + 2 + (bundle[at] << 8) + bundle[at + 1]
        yield bundle[begin:at]


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(said := dict(pairs)) < len(pairs):
        raise ValueError("it says two things under one name")
    return said


def cells_of(traced: Iterable[dict[str, Any]]) -> dict[tuple[str, str, str], tuple[str, list[int], list[int]]]:
    cells = dict[tuple[str, str, str], tuple[str, list[int], list[int]]]()
    for cell in traced:  # what stands in several parts is put together
        _, entries, further = cells.setdefault((cell["code"], cell["period"], cell["number"]), (cell["sums"], [], []))
        entries.extend(number for first, last in cell["entries"] for number in range(first, last + 1))
        further.extend(number for first, last in cell["rests_on"] for number in range(first, last + 1))
    return cells


def finding(step: str, what: str, file: str, entry: int | None = None, last: int | None = None) -> dict[str, Any]:
    return {"step": step, "what": what, "file": file, "entry": entry, "last": last}


class Share:
    """What one process reads of the entries: their hashes, where the positions of each source begin and end, and what is wrong."""

    def __init__(self, folder: Path, size: int, first: int) -> None:
        self.folder, self.sealed, self.files = folder, (folder / "sealed").is_dir(), 0
        self.heads, self.findings, self.said = list[bytes](), list[dict[str, Any]](), list[tuple[Any, ...]]()
        self.began, self.expected = dict[bytes, tuple[int, str, int]](), dict[bytes, int]()
        for index in range(first, min(first + SHARE, -(-size // FULL))):
            name, width = tile_name("entries", index, size), min(FULL, size - index * FULL)
            leaves = [sha256(b"\0" + line).digest() for line in self.read_entries(index * FULL, name, width)]
            if b"".join(leaves) != (tile := read(folder, tile_name(0, index, size))) or len(tile) < 32 * width:
                at = next((at for at, leaf in enumerate(leaves) if tile[32 * at : 32 * at + 32] != leaf), len(leaves))
                what = OTHER_ENTRY if at < width else "this entry does not belong here"
                self.findings.append(finding("entries", what, name, index * FULL + at + 1))
            self.heads += [tree_head(leaves[:FULL])] if width == FULL else []
        self.said += [("run", source, *self.began[source], following) for source, following in self.expected.items()]

    def read_entries(self, before: int, name: str, width: int) -> Sequence[bytes]:
        bundle = read(self.folder, name)
        if not (lines := self.read_usual(before, name, bundle)):
            lines = [*entries_of(bundle)]
            for number, line in enumerate(lines, before + 1):
                try:
                    self.look_closer(number, name, line)
                except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                    self.findings.append(finding("sources", "this is not a fact, or it says two things", name, number))
            if sum(map(len, lines)) + 2 * len(lines) != len(bundle):
                self.findings.append(finding("entries", "this entry is longer than its file", name, before + min(len(lines) + 1, width)))
        if self.sealed:
            self.open_boxes(before, name, lines)
        return lines

    def read_usual(self, before: int, name: str, bundle: bytes) -> Sequence[bytes]:
        """The lines of a bundle of usual facts, each at its place; nothing when one is not, or must be looked at closer."""
        widths, lines, heads, places = [*zip(*USUAL.findall(bundle), strict=True)] or [()] * 4
        lengths, sources, following = [*map(len, lines)], [*map(SOURCES.get, heads)], dict[bytes, int]()
        if sum(lengths) + 2 * len(lines) != len(bundle) or lengths != [*map(int.from_bytes, widths)]:
            return ()
        for source in dict.fromkeys(sources):
            here = [int(place) for one, place in zip(sources, places, strict=True) if one == source]
            if source is None or here != [*range(first := self.expected.get(source, here[0]), first + len(here))]:
                return ()
            following[source] = first + len(here)
            self.began.setdefault(source, (before + sources.index(source) + 1, name, here[0]))
        self.expected |= following
        return lines

    def look_closer(self, number: int, name: str, line: bytes) -> None:
        [(beginning, place)] = re.findall(rb"\A" + HEADER, line, re.DOTALL)
        [(kind, source, short)] = HEAD.findall(beginning)
        kind, here = ENDED if kind.endswith((b"SubjectErased.v1", b"Destroyed.v1")) else kind.decode(), int(place)
        self.began.setdefault(source, (number, name, here))
        if here != (wanted := self.expected.get(source, here)):
            self.findings.append(finding("sources", f"position {here} of {short.decode()} where {wanted} belongs", name, number))
        self.expected[source] = here + 1
        special = kind in {ADOPTED, FIGURE, TRACED, ENDED}
        data = json.loads(line, object_pairs_hook=once)["data"] if special or not USUAL.fullmatch(b"  " + line) else {}
        if not special:
            SOURCES[beginning] = source
            return
        if kind == ADOPTED and (source := source[: -len(short)] + data["source"].encode()) in self.expected:
            self.said.append(("run", source, *self.began.pop(source), self.expected.pop(source)))
        self.said.append((kind, source, number, name, data))

    def open_boxes(self, before: int, name: str, lines: Sequence[bytes]) -> None:
        self.files += bool(boxes := read(self.folder, name.replace("tile/entries", "sealed")))
        for number, line in enumerate(lines, before + 1):
            for subject, digest in SEALED.findall(line):
                end = 4 + int.from_bytes(boxes[:4])
                whole, box, boxes = len(boxes) >= end, boxes[4:end], boxes[end:]
                if whole and not box:
                    self.said.append(("gone", subject.decode(), number, name, digest))
                elif not whole or sha256(box).hexdigest().encode() != digest:
                    self.findings.append(finding("sealed", "its sealed box is another", name, number))
        self.findings += [finding("sealed", "there are more sealed boxes than its entries name", name)] if boxes else []


class Export:
    """An export, checked step by step: `findings` say what is wrong, `report` what is there."""

    def __init__(self, folder: Path, keys: set[Key], policy: str = "", older: dict[str, bytes] | None = None) -> None:
        self.folder, self.keys, self.policy, self.brought = folder, keys, policy, older or {}
        self.findings, self.next, self.said = list[dict[str, Any]](), dict[str, int](), defaultdict[str, list[tuple[Any, ...]]](list)
        self.of, self.report = defaultdict[str, list[int]](list), dict[str, Any](sources=defaultdict(list), older={}, figures={})

    def check(self, processes: int = 2) -> bool:
        with self.step("signatures", "checkpoint"):
            text = (self.folder / "policy").read_text()
            self.policy = self.policy or text
            if self.policy != text or not self.keys & ask_policy(text, {})[0]:
                self.findings.append(finding("signatures", "this is not the policy you brought, or one for the key you gave", "policy"))
            self.origin, self.size, self.root, when = open_checkpoint(read(self.folder, "checkpoint"), self.keys, self.policy)
            self.findings += [finding("signatures", "it lacks the quorum that the policy asks for", "checkpoint")] if when is None else []
            self.report |= {"origin": self.origin, "size": self.size, "root": self.root.hex()}
            self.report["witnessed"] = when and str(datetime.fromtimestamp(when, UTC))
            with self.step("entries", "tile/"):
                self.check_entries(processes)
            self.check_older()
            for _, number, _, fact in self.said[FIGURE]:
                with self.step("figures", f"figures/{fact['figure']}.json", number):
                    self.check_figure(number, fact)
        self.report["first_wrong_entry"] = min((found["entry"] for found in self.findings if found["entry"]), default=None)
        return not self.findings

    @contextmanager
    def step(self, step: str, file: str, entry: int | None = None) -> Iterator[None]:
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError, OSError) as fault:
            self.findings.append(finding(step, str(fault) if type(fault) is ValueError else f"unreadable: {fault!r}", file, entry))

    def check_entries(self, processes: int) -> None:
        heads, boxes, tasks = list[bytes](), 0, [(self.folder, self.size, first) for first in range(0, -(-self.size // FULL), SHARE)]
        with multiprocessing.Pool(processes) if processes > 1 else multiprocessing.dummy.Pool(1) as pool:
            for found in pool.starmap(Share, tasks, 1):
                heads, boxes = heads + found.heads, boxes + found.files
                self.findings += found.findings[:FULL]
                for what, source, *said in found.said:
                    self.take(what, source, *said)
        ends = [(data.get("subjects", [data.get("subject")]), data) for *_, data in self.said[ENDED]]
        named, erased = {one for these, _ in ends for one in these}, sum(data.get("boxes", len(these)) for these, data in ends)
        gone = {digest: said for *said, digest in reversed(self.said["gone"])}  # two entries may speak of one box
        nameless = sorted((number, name) for subject, number, name in gone.values() if subject not in named)
        for number, name in nameless[max(0, erased - len(gone) + len(nameless)) :]:  # some subjects are counted, not named
            self.findings.append(finding("sealed", "its sealed box is gone, and nobody erased its subject", name, number))
        self.check_tiles(heads)
        sums = [line.split("  ", 1) for line in (self.folder / "SHA256SUMS").read_text().splitlines()]
        wrong = [name for digest, name in sums if sha256(read(self.folder, name)).hexdigest() != digest]  # against accidents, not forgers
        self.findings += [finding("files", "this is not the file that SHA256SUMS lists", name) for name in wrong]
        files = sum(-(-(self.size >> 8 * level) // FULL) for level in range(8)) + -(-self.size // FULL) + boxes + len(sums) + 1
        if (here := sum(len(names) for *_, names in os.walk(self.folder))) != files:
            self.findings.append(finding("files", f"{here} files where {files} belong", ""))

    def take(self, what: str, source: Any, number: int, name: str, *said: Any) -> None:
        if what == "run":
            wanted, (_, region, short) = self.next.get(source, int(source.endswith(b"/audit"))), source.decode().split("/")
            what = f"position {said[0]} of {short} where {wanted or 'no adopted store'} belongs"
            self.findings += [finding("sources", what, name, number)] if said[0] != wanted or self.origin != f"comhar/{region}" else []
            self.next[source] = said[1]
        elif what == ADOPTED:
            if not 0 <= said[0]["after"] < self.next.get(source, 1):
                self.findings.append(finding("sources", "a store is adopted after a position that is not here", name, number))
            self.next[source] = said[0]["after"] + 1
            self.report["sources"][said[0]["source"]].append({"entry": number, "store": said[0]["store"], "after": said[0]["after"]})
        else:
            self.said[what].append((source, number, name, *said))

    def check_tiles(self, heads: list[bytes]) -> None:
        self.rows = [heads]
        while row := self.rows[-1]:
            for at in range(0, len(row), FULL):
                part, name, unit = row[at : at + FULL], tile_name(len(self.rows), at // FULL, len(row)), FULL ** len(self.rows)
                tile = read(self.folder, name)
                first = next((here for here, head in enumerate(part, at) if tile[32 * (here - at) :][:32] != head), at) * unit + 1
                if b"".join(part) != tile and not any(first <= (found["entry"] or 0) < first + unit for found in self.findings):
                    self.findings.append(finding("tiles", OTHER_TILE, name, first, first + unit - 1))
            self.rows.append([tree_head(row[at - FULL : at]) for at in range(FULL, len(row) + 1, FULL)])
        wrong = self.root_at(self.size) != self.root
        self.findings += [finding("root", "these entries do not give the root that was signed", "checkpoint")] if wrong else []
        for found in self.findings:
            if not wrong and found["what"] in {OTHER_ENTRY, OTHER_TILE}:  # every entry is the one that was signed, so the tiles are not
                found |= {"step": "tiles", "what": OTHER_TILE, "file": found["file"].replace("entries", "0"), "entry": None, "last": None}

    def root_at(self, size: int) -> bytes:  # of the first `size` entries
        rest = [sha256(b"\0" + line).digest() for _, line in self.entries(size // FULL * FULL + 1, size)]
        for level, row in enumerate(self.rows, 1):
            rest = row[(size >> 8 * level) // FULL * FULL : size >> 8 * level] + [tree_head(rest)] * bool(rest)
        return tree_head(rest)

    def check_older(self) -> None:
        kept = {f"checkpoints/{path.name}": path.read_bytes() for path in sorted((self.folder / "checkpoints").glob("*"))}
        same, other = [0], [self.size] if any(found["step"] == "root" for found in self.findings) else []
        for name, note in {**kept, **self.brought}.items():
            with self.step("older", name):
                _, size, root, when = open_checkpoint(note, self.keys, self.policy)
                if name in kept and name != f"checkpoints/{size}" + ".unwitnessed" * (when is None):
                    raise ValueError("this checkpoint is not the one its file is named after")
                if size > self.size:
                    raise ValueError(f"{size} entries were signed and {self.size} are here: the log was rolled back")
                (same if self.root_at(size) == root else other).append(size)
                self.report["older"][name] = "the same beginning" if size in same else "ANOTHER HISTORY"
        if other and not any(found["entry"] for found in self.findings):
            since = max(size for size in same if size < min(other))
            self.findings.append(finding("older", "somewhere in these entries history was rewritten", "", since + 1, min(other)))

    def check_figure(self, number: int, fact: dict[str, Any]) -> None:
        parts = [data for *_, data in self.said[TRACED] if data["figure"] == fact["figure"]]
        if len(parts) < fact["traced"]:
            return  # what it rests on is not all in the ledger yet
        file = json.loads((self.folder / f"figures/{fact['figure']}.json").read_bytes())
        cells = cells_of(cell for part in parts for cell in part["numbers"])
        used = [number for part in parts for first, last in part["entries"] for number in range(first, last + 1)]
        same = all({**file, **file["ledger"]}[name] == fact[name] for name in fact.keys() & {*file, *file["ledger"]})
        if file["entry"] != number or not same or cells_of(file["cells"]) != cells:
            raise ValueError("the file of this figure does not say what its facts say")
        if sha256(fact["report"].encode()).hexdigest() != fact["digest"] or self.root_at(fact["size"]).hex() != fact["root"]:
            raise ValueError("its report, or the ledger it was computed from, is not the one it names")
        if used != [number for number in self.facts_of(fact["partnership"]) if number <= fact["size"]]:
            raise ValueError("it was not computed from exactly the facts of its partnership")
        for said in json.loads(fact["report"])["figures"]:
            n, d, where = said["n"], said["d"], (said["code"], said["period"])
            for name, amount in {"n": n, "d": d, **said["components"]}.items():
                sums, entries, further = cells.get((*where, name), ("", [], []))
                counted = sum(1 if sums == "facts" else json.loads(next(self.entries(at, at))[1])["data"][sums] for at in entries)
                if (sums and counted != amount) or not {*entries, *further} <= {*used}:
                    raise ValueError(f"{where}: {name} is {amount}, and its facts give {counted}")
            if said["unit"] == "%" and said["value"] is not None and d and said["value"] != (2000 * n + d) // (2 * d) / 10:
                raise ValueError(f"{where}: the value is not n/d, rounded half up")
        self.report["figures"][fact["figure"]] = {f"{code}@{period} {name}": cells[code, period, name][1] for code, period, name in cells}

    def facts_of(self, partnership: str) -> list[int]:
        for number, line in self.entries(1, 0 if self.of else self.size):
            if found := re.match(OF, line):
                self.of[found[1].decode()].append(number)
        return self.of[partnership]

    def entries(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        for index in range((first - 1) // FULL, -(-last // FULL)):
            for number, line in enumerate(entries_of(read(self.folder, tile_name("entries", index, self.size))), index * FULL + 1):
                if first <= number <= last:
                    yield number, line

    def state(self, wanted: str, on: str, known: str) -> dict[str, Any]:  # days are those of UTC
        counts, members, last = Counter[str](), dict[str, str](), 0
        for number, line in self.entries(1, int(known) if known.isdigit() else self.size):
            if wanted.encode() in line:
                data, kind = (fact := json.loads(line))["data"], fact["type"].split(".")[-2]
                wanted = data["partnership"] if data.get("name") == wanted else wanted
                late = data["happened"][:10] > (on or "9") or data["recorded"][:10] > (known if "-" in known else "9")
                if data.get("partnership") == wanted and not late:
                    last, counts[kind] = number, counts[kind] + 1
                    if kind in {"MemberJoined", "MembershipEnded"}:
                        members[data["member"]] = f"{members.get(data['member'], data.get('perspective'))}, {kind} {data['happened'][:10]}"
        return {"partnership": wanted, "last_entry": last, "members": members, "facts": counts}


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
    policy, older = "".join(path.read_text() for path in given.policy), {str(path): path.read_bytes() for path in given.older}
    export = Export(given.folder, {*given.key}, policy, older)
    answer = {"whole": export.check(), **export.report, "findings": export.findings}
    answer |= {"state": export.state(given.state, given.on, given.known)} if given.state and answer["whole"] else {}
    if given.figure and answer["whole"]:
        cells = [(figure, *cell) for figure, cells in answer["figures"].items() for cell in cells.items()]
        made = {f"{figure} {cell}": entries for figure, cell, entries in cells if given.figure in {figure, cell.split(" ")[0]}}
        answer["lineage"] = {cell: {at: json.loads(next(export.entries(at, at))[1])["type"] for at in of} for cell, of in made.items()}
    shown = {one: f"{len(of)} numbers from {sum(map(len, of.values()))} entries" for one, of in answer["figures"].items()}
    plain = re.sub(r"(?<=  ){\n *", "- ", json.dumps({**answer, "figures": shown}, indent=1)).replace("[]", "none").replace("{}", "none")
    print(json.dumps(answer, indent=1) if given.json else re.sub(r'^{\n|[{}\[\]",]|\n *(?=[}\]])', "", plain))  # noqa: T201
    return 0 if answer["whole"] else 3


if __name__ == "__main__":
    raise SystemExit(main())
