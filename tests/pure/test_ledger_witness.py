"""A witness and those who ask it: C2SP tlog-witness, every status of it, and every race."""

import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.note import LOG, WITNESS, NoteWrong, Signer, open_note, sign
from services.audit.ledger.policy import Policy
from services.audit.ledger.tiles import Tiles, TilesWrong
from services.audit.ledger.tree import EMPTY_ROOT
from services.audit.ledger.witness import Answer, Head, Request, Witness, read_logs
from services.audit.ledger.witnesses import Disagreement, NotWitnessed, Post, RemoteWitness, Witnesses

ORIGIN = "comhar/west"
LEDGER = Signer.make(ORIGIN, LOG)
KEY = Signer.make("comhar/east/witness", WITNESS)
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
URL = "https://east.example/witness"

# C2SP, tlog-witness.md, “add-checkpoint”: the example request.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""


@dataclass
class Memory:
    """The heads a witness remembers; `between` happens after they were looked at and before they are changed."""

    heads: dict[str, Head] = field(default_factory=dict)
    evidence: list[tuple[str, bytes]] = field(default_factory=list)
    between: Callable[[], object] = lambda: None

    def last(self, origin: str) -> Head | None:
        return self.heads.get(origin)

    def advance(self, origin: str, last: Head | None, new: Head) -> bool:
        self.between()
        if self.heads.get(origin) != last:
            return False
        self.heads[origin] = new
        return True

    def disagreed(self, origin: str, body: bytes) -> None:
        self.evidence.append((origin, body))


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def witness(memory: Memory) -> Witness:
    return Witness(KEY, [LEDGER.verifier], memory, now=lambda: NOON)


def entry(number: int) -> bytes:
    return f"fact {number}".encode()


@pytest.fixture
def ledger(tmp_path: Path) -> Tiles:
    tiles = Tiles(tmp_path / "ledger")
    tiles.write(0, 300, map(entry, range(300)))
    return tiles


@pytest.fixture
def fork(tmp_path: Path) -> Tiles:
    tiles = Tiles(tmp_path / "fork")
    tiles.write(0, 300, (entry(number) if number != 7 else b"another fact" for number in range(300)))
    return tiles


def head(ledger: Tiles, size: int, *signers: Signer) -> bytes:
    return sign(Checkpoint(ORIGIN, size, ledger.root(size)).text, *(signers or (LEDGER,)))


def request(ledger: Tiles, old: int, new: int) -> bytes:
    return Request(old, tuple(ledger.consistency_proof(old, new)) if 0 < old <= new else (), head(ledger, new)).to_bytes()


def leading(ledger: Tiles, size: int) -> Callable[[int], list[bytes]]:
    return lambda old: ledger.consistency_proof(old, size)


def said(answer: Answer) -> tuple[int, bytes, str]:
    return answer.status, answer.body, answer.type


def conflict(size: int) -> tuple[int, bytes, str]:
    return HTTPStatus.CONFLICT, f"{size}\n".encode(), "text/x.tlog.size"


def test_the_example_of_the_specification_is_read_and_written() -> None:
    example = Request.parse(EXAMPLE.encode())
    assert (example.old, len(example.proof)) == (20_852_014, 4)
    assert b64encode(example.proof[0]) == b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw="
    assert example.checkpoint.startswith(b"example.com/behind-the-sofa\n20852163\n")
    assert example.to_bytes() == EXAMPLE.encode()


def test_a_witness_signs_what_grows(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    for old, new in ((0, 1), (1, 200), (200, 200), (200, 300)):
        answer = witness.add_checkpoint(request(ledger, old, new))
        assert answer.status == HTTPStatus.OK
        note = open_note(head(ledger, new) + answer.body, [KEY.verifier])
        assert [one.time for one in note.good] == [NOON]
        assert memory.heads[ORIGIN] == Head(new, ledger.root(new))
    assert memory.evidence == []


def test_a_witness_signs_an_empty_ledger(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    body = Request(0, (), sign(Checkpoint(ORIGIN, 0, EMPTY_ROOT).text, LEDGER)).to_bytes()
    assert witness.add_checkpoint(body).status == HTTPStatus.OK
    assert witness.add_checkpoint(request(ledger, 0, 300)).status == HTTPStatus.OK


def test_the_whole_of_the_note_is_signed(witness: Witness, ledger: Tiles) -> None:
    text = Checkpoint(ORIGIN, 5, ledger.root(5)).text + "an extension\n"
    answer = witness.add_checkpoint(Request(0, (), sign(text, LEDGER)).to_bytes())
    assert open_note(sign(text, LEDGER) + answer.body, [KEY.verifier]).text == text


def test_400_what_is_no_request(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    good = request(ledger, 0, 300).decode()
    for bad in (
        "",
        "old 0\n",
        good.replace("old 0", "old 00"),
        good.replace("old 0", "old -1"),
        good.replace("old 0", "new 0"),
        good.replace("old 0\n", "old 0\nAAAA\n"),
        good.replace("old 0\n", "old 0\nnot base64\n"),
        good.replace("old 0\n", "old 0\n" + f"{b64encode(bytes(32)).decode()}\n" * 64),
        good.replace("\n300\n", "\n0300\n"),
        good.replace("old 0", "old 0\xe9"),
        good.split("—", maxsplit=1)[0],
    ):
        assert witness.add_checkpoint(bad.encode()).status == HTTPStatus.BAD_REQUEST
    assert memory.heads == {}


def test_400_an_old_size_larger_than_the_new_one(witness: Witness, ledger: Tiles) -> None:
    assert witness.add_checkpoint(request(ledger, 300, 200)).status == HTTPStatus.BAD_REQUEST


def test_403_no_signature_of_a_known_key(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    stranger = Signer.make(ORIGIN, LOG)
    body = Request(0, (), head(ledger, 300, stranger)).to_bytes()
    assert witness.add_checkpoint(body).status == HTTPStatus.FORBIDDEN
    broken = head(ledger, 300, stranger) + LEDGER.signature("another text\n").line.encode()
    assert witness.add_checkpoint(Request(0, (), broken).to_bytes()).status == HTTPStatus.FORBIDDEN
    assert memory.heads == {}


def test_a_signature_of_an_unknown_key_changes_nothing(witness: Witness, ledger: Tiles) -> None:
    both = head(ledger, 300, Signer.make(ORIGIN, LOG), LEDGER)
    assert witness.add_checkpoint(Request(0, (), both).to_bytes()).status == HTTPStatus.OK


def test_404_an_unknown_ledger(witness: Witness, ledger: Tiles) -> None:
    other = sign(Checkpoint("comhar/north", 300, ledger.root(300)).text, LEDGER)
    assert witness.add_checkpoint(Request(0, (), other).to_bytes()).status == HTTPStatus.NOT_FOUND


def test_409_another_old_size_says_the_one_it_knows(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    assert said(witness.add_checkpoint(request(ledger, 5, 300))) == conflict(0)
    witness.add_checkpoint(request(ledger, 0, 200))
    assert said(witness.add_checkpoint(request(ledger, 0, 300))) == conflict(200)
    assert said(witness.add_checkpoint(request(ledger, 100, 100))) == conflict(200)
    assert memory.heads[ORIGIN].size == 200


def test_409_another_root_of_the_same_size_is_evidence(witness: Witness, memory: Memory, ledger: Tiles, fork: Tiles) -> None:
    witness.add_checkpoint(request(ledger, 0, 200))
    body = request(fork, 200, 200)
    assert said(witness.add_checkpoint(body)) == conflict(200)
    assert memory.evidence == [(ORIGIN, body)]


def test_422_what_is_not_proved_to_grow_is_evidence(witness: Witness, memory: Memory, ledger: Tiles, fork: Tiles) -> None:
    witness.add_checkpoint(request(ledger, 0, 200))
    body = request(fork, 200, 300)
    assert witness.add_checkpoint(body).status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert memory.evidence == [(ORIGIN, body)]
    assert memory.heads[ORIGIN] == Head(200, ledger.root(200))


def test_422_a_proof_from_size_0(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    for proof in ((bytes(32),), (ledger.root(300),)):
        body = Request(0, proof, head(ledger, 300)).to_bytes()
        assert witness.add_checkpoint(body).status == HTTPStatus.UNPROCESSABLE_ENTITY
    empty = Request(0, (), sign(Checkpoint(ORIGIN, 0, bytes(32)).text, LEDGER)).to_bytes()
    assert witness.add_checkpoint(empty).status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert memory.heads == {}


def test_422_a_proof_where_none_is_needed(witness: Witness, ledger: Tiles) -> None:
    witness.add_checkpoint(request(ledger, 0, 200))
    body = Request(200, (bytes(32),), head(ledger, 200)).to_bytes()
    assert witness.add_checkpoint(body).status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_of_two_that_grow_from_the_same_head_one_is_signed(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    """The race of tlog-witness.md: N + K is signed while N is being checked; N must not be signed after it."""
    witness.add_checkpoint(request(ledger, 0, 100))

    def overtake() -> None:
        memory.between = lambda: None
        assert witness.add_checkpoint(request(ledger, 100, 300)).status == HTTPStatus.OK

    memory.between = overtake
    assert said(witness.add_checkpoint(request(ledger, 100, 200))) == conflict(300)
    assert memory.heads[ORIGIN].size == 300


def test_a_witness_that_dies_after_remembering_signs_when_asked_again(witness: Witness, memory: Memory, ledger: Tiles) -> None:
    class Died(BaseException):
        pass

    def now() -> datetime:
        raise Died

    with pytest.raises(Died):
        Witness(KEY, [LEDGER.verifier], memory, now=now).add_checkpoint(request(ledger, 0, 200))
    assert said(witness.add_checkpoint(request(ledger, 0, 200))) == conflict(200)
    assert witness.add_checkpoint(request(ledger, 200, 200)).status == HTTPStatus.OK


def test_while_a_ledger_changes_its_key_both_are_known(memory: Memory, ledger: Tiles) -> None:
    following = Signer.make(ORIGIN, LOG)
    keys = read_logs(f"# the west\n{LEDGER.verifier.text}\n\n  {following.verifier.text}  \n")
    witness = Witness(KEY, keys, memory, now=lambda: NOON)
    assert witness.add_checkpoint(Request(0, (), head(ledger, 5)).to_bytes()).status == HTTPStatus.OK
    body = Request(5, tuple(ledger.consistency_proof(5, 9)), head(ledger, 9, following)).to_bytes()
    assert witness.add_checkpoint(body).status == HTTPStatus.OK


def test_only_keys_of_ledgers_are_signed_for() -> None:
    for text in (KEY.verifier.text, "not a key"):
        with pytest.raises(NoteWrong):
            read_logs(text)


def asking(witness: Witness) -> Post:
    """Over HTTP as it is, without a network: the client, its headers and its answers are httpx's."""

    def handle(sent: httpx.Request) -> httpx.Response:
        assert (sent.method, str(sent.url)) == ("POST", f"{URL}/add-checkpoint")
        answer = witness.add_checkpoint(sent.content)
        return httpx.Response(answer.status, content=answer.body, headers={"Content-Type": answer.type})

    return answering(handle)


def answering(handle: Callable[[httpx.Request], httpx.Response]) -> Post:
    client = httpx.Client(transport=httpx.MockTransport(handle))
    return lambda url, body: client.post(url, content=body)


def test_a_ledger_that_grows_is_cosigned_each_time(witness: Witness, ledger: Tiles) -> None:
    remote = RemoteWitness(KEY.verifier, URL, asking(witness))
    for size in (1, 200, 200, 300):
        signature = remote.cosign(head(ledger, size), leading(ledger, size))
        note = open_note(head(ledger, size) + signature.line.encode(), [LEDGER.verifier, KEY.verifier])
        assert [one.name for one in note.good] == [ORIGIN, KEY.name]


def test_who_forgot_what_was_signed_is_told_and_goes_on(witness: Witness, ledger: Tiles) -> None:
    RemoteWitness(KEY.verifier, f"{URL}/", asking(witness)).cosign(head(ledger, 200), leading(ledger, 200))
    forgetful = RemoteWitness(KEY.verifier, URL, asking(witness))
    assert forgetful.cosign(head(ledger, 300), leading(ledger, 300)).name == KEY.name
    assert forgetful.size == 300


def test_a_ledger_that_was_rolled_back_is_found_out(witness: Witness, ledger: Tiles) -> None:
    RemoteWitness(KEY.verifier, URL, asking(witness)).cosign(head(ledger, 300), leading(ledger, 300))
    with pytest.raises(Disagreement, match="300 entries, this one has 200"):
        RemoteWitness(KEY.verifier, URL, asking(witness)).cosign(head(ledger, 200), leading(ledger, 200))


@pytest.mark.parametrize("size", [200, 300])
def test_a_fork_is_found_out(witness: Witness, memory: Memory, ledger: Tiles, fork: Tiles, size: int) -> None:
    RemoteWitness(KEY.verifier, URL, asking(witness)).cosign(head(ledger, 200), leading(ledger, 200))
    with pytest.raises(Disagreement, match="another ledger"):
        RemoteWitness(KEY.verifier, URL, asking(witness)).cosign(head(fork, size), leading(fork, size))
    assert len(memory.evidence) == 1


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"\xff"),
        httpx.Response(200, content=b"thank you\n"),
        httpx.Response(200, content=KEY.signature("another text\n", NOON).line.encode()),
        httpx.Response(200, content=Signer.make(KEY.name, WITNESS).signature("x\n", NOON).line.encode()),
        httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
        httpx.Response(403),
        httpx.Response(404),
        httpx.Response(500),
        httpx.Response(409, content=b"no size", headers={"Content-Type": "text/x.tlog.size"}),
        httpx.Response(409, content=b"5\n", headers={"Content-Type": "text/html"}),
        httpx.Response(409, content=b"-5\n", headers={"Content-Type": "text/x.tlog.size"}),
    ],
)
def test_whatever_else_a_witness_answers_is_no_signature(ledger: Tiles, response: httpx.Response) -> None:
    remote = RemoteWitness(KEY.verifier, URL, answering(lambda _: response))
    with pytest.raises(NotWitnessed):
        remote.cosign(head(ledger, 300), leading(ledger, 300))


def test_signatures_of_others_in_an_answer_are_passed_over(ledger: Tiles) -> None:
    text = Checkpoint(ORIGIN, 300, ledger.root(300)).text
    lines = "".join(one.signature(text, NOON).line for one in (Signer.make("somebody", WITNESS), KEY)).encode()
    remote = RemoteWitness(KEY.verifier, URL, answering(lambda _: httpx.Response(200, content=lines)))
    assert remote.cosign(head(ledger, 300), leading(ledger, 300)).name == KEY.name


def test_a_witness_that_cannot_be_reached_holds_up_nothing(witness: Witness, ledger: Tiles) -> None:
    """It is left alone for a while, longer each time; the others are asked all the same."""
    asked, now = [0], [0.0]

    def away(_: httpx.Request) -> httpx.Response:
        asked[0] += 1
        raise httpx.ConnectTimeout("nobody there")

    other = Signer.make("comhar/away/witness", WITNESS)
    policy = Policy.parse(
        f"log {LEDGER.verifier.text}\nwitness away {other.verifier.text} https://away.example\n"
        f"witness here {KEY.verifier.text} {URL}\nquorum here".encode()
    )
    here, nobody = asking(witness), answering(away)
    told: list[str] = []
    witnesses = Witnesses(
        policy,
        lambda url, body: (nobody if "away" in url else here)(url, body),
        clock=lambda: now[0],
        told=lambda one, fault: told.append(f"{one.name}: {fault}"),
    )
    for second in range(10):
        now[0] = float(second)
        cosigned, quorum = witnesses.cosigned(head(ledger, 300), leading(ledger, 300))
        assert (policy.satisfied(policy.open(cosigned)[1]), quorum) == (NOON, NOON)
    assert asked[0] == 3
    assert told == ["comhar/away/witness: comhar/away/witness cannot be reached: ConnectTimeout"] * 3


def test_all_witnesses_are_asked_at_once(witness: Witness, ledger: Tiles) -> None:
    """The slowest is waited for, not one after the other: these two answer only when both are asked."""
    both = threading.Barrier(2, timeout=10.0)
    second = Witness(Signer.make("comhar/south/witness", WITNESS), [LEDGER.verifier], Memory(), now=lambda: NOON)

    def meeting(one: Witness) -> Post:
        def handle(sent: httpx.Request) -> httpx.Response:
            both.wait()
            answer = one.add_checkpoint(sent.content)
            return httpx.Response(answer.status, content=answer.body)

        return answering(handle)

    policy = Policy.parse(
        f"log {LEDGER.verifier.text}\nwitness east {KEY.verifier.text} https://east.example\n"
        f"witness south {second.key.text} https://south.example\ngroup both all east south\nquorum both".encode()
    )
    east, south = meeting(witness), meeting(second)
    witnesses = Witnesses(policy, lambda url, body: (east if "east" in url else south)(url, body), clock=lambda: 0.0)
    assert witnesses.cosigned(head(ledger, 300), leading(ledger, 300))[1] == NOON


def test_what_is_wrong_here_is_not_taken_for_a_witness_that_is_away(witness: Witness, ledger: Tiles) -> None:
    policy = Policy.parse(f"log {LEDGER.verifier.text}\nwitness here {KEY.verifier.text} {URL}\nquorum here".encode())
    witnesses = Witnesses(policy, asking(witness), clock=lambda: 0.0)
    witnesses.cosigned(head(ledger, 200), leading(ledger, 200))

    def lost(_: int) -> list[bytes]:
        raise TilesWrong("tile/0/000 is missing")

    with pytest.raises(TilesWrong):
        witnesses.cosigned(head(ledger, 300), lost)


def test_who_has_signed_is_not_asked_again(witness: Witness, ledger: Tiles) -> None:
    policy = Policy.parse(f"log {LEDGER.verifier.text}\nwitness here {KEY.verifier.text} {URL}\nquorum here".encode())
    cosigned, quorum = Witnesses(policy, asking(witness), clock=lambda: 0.0).cosigned(head(ledger, 300), leading(ledger, 300))
    silent = Witnesses(policy, answering(lambda _: httpx.Response(500)), clock=lambda: 0.0)
    assert silent.cosigned(cosigned, leading(ledger, 300)) == (cosigned, quorum)
    assert silent.asked[0].failures == 0


def test_without_a_quorum_a_checkpoint_is_given_back_unwitnessed(ledger: Tiles) -> None:
    policy = Policy.parse(f"log {LEDGER.verifier.text}\nwitness here {KEY.verifier.text} {URL}\nquorum here".encode())
    away = Witnesses(policy, answering(lambda _: httpx.Response(500)), clock=lambda: 0.0)
    assert away.cosigned(head(ledger, 300), leading(ledger, 300)) == (head(ledger, 300), None)


def test_a_witness_without_an_address_is_not_asked() -> None:
    policy = Policy.parse(f"witness w {KEY.verifier.text}\nquorum w".encode())
    assert Witnesses(policy, answering(lambda _: httpx.Response(500)), clock=lambda: 0.0).asked == []
