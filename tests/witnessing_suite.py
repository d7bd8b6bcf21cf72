"""What the region's witness remembers in its database, and what it shows of its own ledger: the same on SQLite and PostgreSQL."""

import threading
from pathlib import Path

import pytest

from contracts.audit import ProveEntry, ReadLedger
from contracts.errors import NotFound
from services.audit.application.public import PublicLedger
from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.note import LOG, WITNESS, Signer, sign
from services.audit.ledger.policy import Policy
from services.audit.ledger.proof import EntryProof
from services.audit.ledger.tiles import Tiles
from services.audit.ledger.witness import Head, Request, Witness
from services.audit.witnessing import WitnessedHeads
from shared.clock import utc_now
from shared.database import Database

ORIGIN = "comhar/WST"
LEDGER = Signer.make(ORIGIN, LOG)
KEY = Signer.make("comhar/ABH/witness", WITNESS)


@pytest.fixture
def ledger(tmp_path: Path) -> Tiles:
    tiles = Tiles(tmp_path / "ledger")
    tiles.write(0, 300, (f"fact {number}".encode() for number in range(300)))
    return tiles


def head(tiles: Tiles, size: int) -> bytes:
    return sign(Checkpoint(ORIGIN, size, tiles.root(size)).text, LEDGER)


def test_a_head_is_remembered_by_whoever_comes_after(database: Database) -> None:
    one, two = Head(1, b"1" * 32), Head(2, b"2" * 32)
    heads = WitnessedHeads(database)
    assert heads.last(ORIGIN) is None
    assert heads.advance(ORIGIN, None, one)
    assert not heads.advance(ORIGIN, None, two)
    assert WitnessedHeads(database).last(ORIGIN) == one
    assert not heads.advance(ORIGIN, two, one)
    assert not heads.advance(ORIGIN, Head(1, b"x" * 32), two)
    assert heads.advance(ORIGIN, one, two)
    assert heads.advance(ORIGIN, two, two)
    assert (heads.last(ORIGIN), heads.last("another")) == (two, None)


def test_of_many_that_ask_at_once_one_is_signed(database: Database) -> None:
    heads, won = WitnessedHeads(database), list[int]()
    start = threading.Barrier(8)

    def ask(size: int) -> None:
        start.wait()
        if heads.advance(ORIGIN, None, Head(size, bytes(32))):
            won.append(size)

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [heads.last(ORIGIN)] == [Head(size, bytes(32)) for size in won]


def test_evidence_is_kept_as_it_came_and_not_without_end(database: Database) -> None:
    heads = WitnessedHeads(database)
    for number in (*range(120), 0, 0):
        heads.disagreed(ORIGIN, str(number).encode())
    heads.disagreed("another", b"once")
    kept = database.rows("SELECT origin, request FROM disagreement")
    assert len(kept) == 101
    assert {bytes(request) for origin, request in kept if origin == ORIGIN} == {str(number).encode() for number in range(100)}


def test_a_witness_goes_on_from_what_its_database_says(database: Database, ledger: Tiles) -> None:
    def ask(old: int, new: int) -> tuple[int, str]:
        witness = Witness(KEY, [LEDGER.verifier], WitnessedHeads(database), now=utc_now)
        proof = tuple(ledger.consistency_proof(old, new)) if old else ()
        said = PublicLedger(ledger, witness).add_checkpoint(body=Request(old, proof, head(ledger, new)).to_bytes())
        return said.status, said.type

    assert ask(0, 200) == (200, "text/plain; charset=utf-8")
    assert ask(0, 300) == (409, "text/x.tlog.size")
    assert ask(200, 300) == (200, "text/plain; charset=utf-8")


def test_who_is_no_witness_knows_no_ledger(ledger: Tiles) -> None:
    assert PublicLedger(ledger, None).add_checkpoint(body=b"anything").status == 404


def test_the_files_of_the_ledger_are_read_as_they_are(ledger: Tiles) -> None:
    public = PublicLedger(ledger, None)
    assert public.read_ledger(query=ReadLedger(path="tile/0/000")) == (ledger.folder / "tile/0/000").read_bytes()
    for path in ("checkpoint", "tile/0/009", "tile/0/0", "../audit.db", "tile/0/000.p/256", ""):
        with pytest.raises(NotFound):
            public.read_ledger(query=ReadLedger(path=path))
    (ledger.folder / "checkpoint").write_bytes(head(ledger, 300))
    assert public.read_ledger(query=ReadLedger(path="checkpoint")) == head(ledger, 300)


def test_every_entry_under_the_checkpoint_is_proved_and_none_beyond(ledger: Tiles) -> None:
    public = PublicLedger(ledger, None)
    policy = Policy.parse(f"log {LEDGER.verifier.text}\nquorum none".encode())
    with pytest.raises(NotFound):
        public.prove_entry(query=ProveEntry(entry=1))
    (ledger.folder / "checkpoint").write_bytes(head(ledger, 257))
    for number in (1, 256, 257):
        proof = EntryProof.parse(public.prove_entry(query=ProveEntry(entry=number)))
        assert (proof.index, proof.extra) == (number - 1, f"fact {number - 1}".encode())
        assert proof.verify(policy)[0].size == 257
    for number in (0, 258, 300):
        with pytest.raises(NotFound):
            public.prove_entry(query=ProveEntry(entry=number))
