"""Trust policies, and proofs that travel on their own."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest

from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.note import LOG, WITNESS, NoteWrong, Signer, sign
from services.audit.ledger.policy import Policy, PolicyWrong
from services.audit.ledger.proof import EntryProof
from services.audit.ledger.tiles import Tiles
from services.audit.ledger.tree import ProofWrong

LOG_KEY = Signer.make("example.com/log", LOG)
NEXT_KEY = Signer.make("example.com/log", LOG)
W = {name: Signer.make(f"witness.example/{name}", WITNESS) for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
X1, X2 = W["X1"].verifier.text, W["X2"].verifier.text
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
HEAD = Checkpoint("example.com/log", 42, bytes(32))
# C2SP, tlog-policy.md, “Example policy”, with keys in it.
EXAMPLE = f"""
log {LOG_KEY.verifier.text}

witness X1 {X1}
witness X2 {X2}
witness X3 {W["X3"].verifier.text}
group X-witnesses 2 X1 X2 X3

witness Y1 {W["Y1"].verifier.text}
witness Y2 {W["Y2"].verifier.text}
witness Y3 {W["Y3"].verifier.text}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def since(policy: Policy, *names: str) -> datetime | None:
    """When the quorum had witnessed the head, X1 first, each witness a minute after the one before."""
    note = sign(HEAD.text, LOG_KEY)
    for name in names:
        late = timedelta(minutes=list(W).index(name))
        note += W[name].signature(HEAD.text, NOON + late).line.encode()
    return policy.satisfied(policy.open(note)[1])


def test_the_example_of_the_specification_is_satisfied_by_two_and_one() -> None:
    policy = Policy.parse(EXAMPLE.encode())
    for count in range(len(W) + 1):
        for names in combinations(W, count):
            enough = sum(name[0] == "X" for name in names) >= 2 and any(name[0] == "Y" for name in names)
            assert (since(policy, *names) is not None) == enough


def test_the_quorum_is_reached_when_the_last_needed_witness_has_signed() -> None:
    policy = Policy.parse(EXAMPLE.encode())
    assert since(policy, "X1", "X2", "X3", "Y1", "Y3") == NOON + timedelta(minutes=3)
    assert since(policy, "Y3", "X3", "X1", "Y2") == NOON + timedelta(minutes=4)
    assert since(Policy.parse(f"log {LOG_KEY.verifier.text}\nwitness w {X2}\nquorum w".encode()), "X2") == NOON + timedelta(minutes=1)


def test_a_quorum_of_nobody_asks_nobody() -> None:
    policy = Policy.parse(f"log {LOG_KEY.verifier.text}\nquorum none\n".encode())
    assert policy.asks_nobody
    assert since(policy, "X1") is None
    assert not Policy.parse(EXAMPLE.encode()).asks_nobody


def test_while_a_ledger_changes_its_key_either_counts() -> None:
    policy = Policy.parse(f"log {LOG_KEY.verifier.text}\nlog {NEXT_KEY.verifier.text}\nquorum none\n".encode())
    for keys in ([LOG_KEY], [NEXT_KEY], [LOG_KEY, NEXT_KEY]):
        assert policy.open(sign(HEAD.text, *keys))[0] == HEAD
    with pytest.raises(NoteWrong):
        policy.open(sign(HEAD.text, Signer.make("example.com/log", LOG)))
    with pytest.raises(NoteWrong, match="does not name"):
        policy.open(sign(HEAD.text.replace("/log", "/other"), LOG_KEY))


def test_a_known_witness_that_signed_wrongly_sinks_the_head() -> None:
    policy = Policy.parse(EXAMPLE.encode())
    other = W["X1"].signature(HEAD.text.replace("42", "43"), NOON)
    with pytest.raises(NoteWrong, match="X1 is broken"):
        policy.open(sign(HEAD.text, LOG_KEY) + other.line.encode())


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE,
        "quorum none\n",
        # transparency-dev/formats, policy/tlog_policy_test.go: white space, comments, URLs, opaque names, keywords as names.
        f"\n# comment\n\t # another comment\n\twitness \t w1  {X1}   https://w1.example.com/  \n\n  quorum\tw1",
        f"log {LOG_KEY.verifier.text} https://log.example.com/\nwitness w1 {X1}\nquorum w1\n",
        f"witness all {X1}\nwitness any {X2}\ngroup group 2 all any\nquorum group\n",
    ],
)
def test_a_policy_is_read_as_it_was_written(text: str) -> None:
    policy = Policy.parse(text.encode())
    assert Policy.parse(policy.to_bytes()) == policy


def test_names_are_opaque_octets() -> None:
    policy = Policy.parse(b"witness K\xe2\x84\xaalvin-w\x80 " + X1.encode() + b"\nquorum K\xe2\x84\xaalvin-w\x80\n")
    assert Policy.parse(policy.to_bytes()) == policy
    with pytest.raises(PolicyWrong):
        Policy.parse(b"witness K\xe2\x84\xaalvin " + X1.encode() + b"\nquorum Kelvin\n")


# transparency-dev/formats, policy/tlog_policy_test.go, TestUnmarshal_Errors.
@pytest.mark.parametrize(
    "text",
    [
        "quorum none\n\x01",
        "quorum none\r\n",
        "quorum none\n\x7f",
        "quibble w1\nquorum none\n",
        f"witness w1 {X1} https://w1.example.com/ # comment\nquorum w1\n",
        "log\nquorum none\n",
        "log garbage\nquorum none\n",
        f"log {X1}\nquorum none\n",
        f"log {LOG_KEY.verifier.text}\nlog {LOG_KEY.verifier.text} https://log.example.com/\nquorum none\n",
        "witness w1\nquorum none\n",
        f"witness w1 {LOG_KEY.verifier.text}\nquorum w1\n",
        f"witness none {X1}\nquorum none\n",
        f"witness w1 {X1}\nwitness w1 {X2}\nquorum w1\n",
        f"witness w1 {X1}\nwitness w2 {Signer.make('impostor', WITNESS).verifier.text[:-4]}\nquorum w1\n",
        f"witness w1 {X1}\nwitness w2 {X1}\nquorum w1\n",
        f"witness w1 {X1}\ngroup w1 any w1\nquorum w1\n",
        f"witness w1 {X1}\ngroup g1 1\nquorum w1\n",
        f"witness w1 {X1}\ngroup none any w1\nquorum none\n",
        f"witness w1 {X1}\ngroup g1 0 w1\nquorum g1\n",
        f"witness w1 {X1}\ngroup g1 -1 w1\nquorum g1\n",
        f"witness w1 {X1}\ngroup g1 2 w1\nquorum g1\n",
        f"witness w1 {X1}\ngroup g1 any w2\nquorum g1\n",
        f"group g1 any w1\nwitness w1 {X1}\nquorum g1\n",
        f"witness w1 {X1}\ngroup g1 any none w1\nquorum g1\n",
        f"witness w1 {X1}\ngroup g1 all w1 w1\nquorum g1\n",
        f"witness w1 {X1}\nwitness w2 {X2}\ngroup g1 any w1 w2\ngroup g2 any w1\nquorum g1\n",
        f"witness w1 {X1}\n",
        f"witness w1 {X1}\nquorum w1\nquorum w1\n",
        "quorum unknown\n",
        f"quorum w1\nwitness w1 {X1}\n",
        "quorum\n",
        "",
    ],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(PolicyWrong):
        Policy.parse(text.encode())


def test_one_key_under_two_names_is_one_witness() -> None:
    seed = bytes(32)
    first, second = (Signer(name, WITNESS, seed).verifier.text for name in ("one.example", "two.example"))
    with pytest.raises(PolicyWrong, match="line 2: the key is there already"):
        Policy.parse(f"witness w1 {first}\nwitness w2 {second}\nquorum w1\n".encode())


def encoded(word: str) -> str:
    return b64encode(sha256(word.encode()).digest()).decode()


# transparency-dev/formats, proof/tlog_proof_test.go.
def test_a_proofs_file_is_that_of_the_published_vectors() -> None:
    one, two = (sha256(word).digest() for word in (b"hash1", b"hash2"))
    plain = EntryProof(5, (one, two), b"test checkpoint\n")
    assert plain.to_bytes().decode() == f"c2sp.org/tlog-proof@v1\nindex 5\n{encoded('hash1')}\n{encoded('hash2')}\n\ntest checkpoint\n"
    more = EntryProof(10, (one,), b"checkpoint data\n", b"extra information")
    assert more.to_bytes().decode() == (
        f"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{encoded('hash1')}\n\ncheckpoint data\n"
    )
    empty = EntryProof(0, (), b"checkpoint\n")
    assert empty.to_bytes() == b"c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"
    for proof in (plain, more, empty):
        assert EntryProof.parse(proof.to_bytes()) == proof


@pytest.mark.parametrize(
    "content",
    [
        "wrong-header\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{b64encode(bytes(64)).decode()}\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "a" * 65_536 + "\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + f"{encoded('x')}\n" * 64 + "\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "c2sp.org/tlog-proof@v1",
        "",
    ],
)
def test_what_is_no_proofs_file_is_refused(content: str) -> None:
    with pytest.raises(ProofWrong):
        EntryProof.parse(content.encode())


def test_a_proofs_file_and_the_keys_are_all_that_is_needed(tmp_path: Path) -> None:
    entries = [f"fact {number}".encode() for number in range(300)]
    tiles = Tiles(tmp_path)
    head = Checkpoint("example.com/log", 300, tiles.write(0, 300, entries))
    policy = Policy.parse(EXAMPLE.encode())
    note = sign(head.text, LOG_KEY) + b"".join(W[name].signature(head.text, NOON).line.encode() for name in ("X1", "X2", "Y1"))
    proof = EntryProof(256, tuple(tiles.inclusion_proof(256, 300)), note, entries[256])
    checkpoint, opened = EntryProof.parse(proof.to_bytes()).verify(policy)
    assert (checkpoint, policy.satisfied(opened)) == (head, NOON)
    assert EntryProof(256, proof.path, note).verify(policy, entries[256])[0] == head
    for wrong in (
        EntryProof(256, proof.path, note),
        EntryProof(257, proof.path, note, entries[256]),
        EntryProof(256, proof.path, note, entries[255]),
        EntryProof(256, proof.path[:-1], note, entries[256]),
        EntryProof(256, proof.path, note.replace(b"\n300\n", b"\n301\n"), entries[256]),
        EntryProof(256, proof.path, sign(head.text, NEXT_KEY), entries[256]),
    ):
        with pytest.raises(ProofWrong):
            wrong.verify(policy)
