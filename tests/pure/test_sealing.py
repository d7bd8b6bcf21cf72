import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap

from contracts.model import SealedPart
from contracts.partnerships import AddMember
from contracts.vocabulary import ParticipantRole, Perspective
from shared.database import Database
from shared.sealing import BrokenSeal, Keys, Sealed, Sealer, read_master_key
from shared.store import SealedBox
from tests.given import MASTER, STREAM, Region, context
from tests.given import sealer as sealer_in
from tests.pure.test_application import PROPOSE

WORDS = "Fionnuala said: the ward's name must not be on the envelope. 🌧"
SUBJECT = UUID("90000000-0000-4000-8000-000000000001")


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    return sealer_in(tmp_path, "feedback")


def seal(sealer: Sealer, words: str = WORDS) -> tuple[SealedPart, SealedBox]:
    return sealer.seal(words, subject=SUBJECT, stream=STREAM, field="text")


def test_what_is_sealed_opens_in_its_place(sealer: Sealer) -> None:
    part, box = seal(sealer)
    assert sealer.open(part, box, stream=STREAM, field="text") == WORDS


def test_neither_fact_nor_box_tells_the_words_and_the_same_words_never_look_the_same(sealer: Sealer) -> None:
    (part, box), (again, other) = seal(sealer), seal(sealer)
    assert b"Fionnuala" not in box.ciphertext + part.model_dump_json().encode()
    assert (part.handle, part.digest, part.commitment) != (again.handle, again.digest, again.commitment)
    assert box.ciphertext[32:] != other.ciphertext[32:]
    assert box.subject == part.subject == SUBJECT


@pytest.mark.parametrize("place", [{"stream": uuid4(), "field": "text"}, {"stream": STREAM, "field": "response"}])
def test_what_was_sealed_for_one_place_does_not_open_in_another(sealer: Sealer, place: dict[str, object]) -> None:
    part, box = seal(sealer)
    with pytest.raises(BrokenSeal):
        sealer.open(part, box, **place)  # type: ignore[arg-type]


def test_what_one_service_sealed_another_does_not_open_even_with_its_keys(sealer: Sealer) -> None:
    part, box = seal(sealer)
    with pytest.raises(BrokenSeal):
        Sealer("sessions", sealer.keys).open(part, box, stream=STREAM, field="text")


def test_the_box_of_another_part_is_a_broken_seal(sealer: Sealer) -> None:
    (part, box), (_, other) = seal(sealer), seal(sealer, "something else")
    with pytest.raises(BrokenSeal):
        sealer.open(part, replace(box, ciphertext=other.ciphertext), stream=STREAM, field="text")


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_one_changed_bit_is_a_broken_seal(sealer: Sealer, place: int) -> None:
    part, box = seal(sealer)
    touched = bytearray(box.ciphertext)
    touched[place] ^= 1
    with pytest.raises(BrokenSeal):
        sealer.open(part, replace(box, ciphertext=bytes(touched)), stream=STREAM, field="text")


def test_a_broken_seal_names_the_part_and_no_words(sealer: Sealer) -> None:
    part, box = seal(sealer)
    with pytest.raises(BrokenSeal, match=str(part.handle)) as broken:
        sealer.open(part, replace(box, ciphertext=b"\0" * 64), stream=STREAM, field="text")
    assert "Fionnuala" not in str(broken.value)


def test_without_the_box_the_words_are_forgotten(sealer: Sealer) -> None:
    part, _ = seal(sealer)
    assert sealer.open(part, None, stream=STREAM, field="text") is None


def test_without_the_key_the_words_are_forgotten_and_asking_makes_no_new_key(sealer: Sealer, tmp_path: Path) -> None:
    part, box = seal(sealer)
    with Database.open(f"sqlite:///{tmp_path}/feedback-keys.db").transaction() as tx:
        tx.execute("DELETE FROM subject_key")
    assert sealer.open(part, box, stream=STREAM, field="text") is None
    assert sealer.keys.existing([SUBJECT]) == {}


def test_keys_are_made_once_and_kept_wrapped(sealer: Sealer, tmp_path: Path) -> None:
    other = uuid4()
    keys = sealer.keys.of([SUBJECT, other, SUBJECT])
    assert sealer.keys.of([other, SUBJECT]) == keys
    assert keys[SUBJECT] != keys[other]
    at_rest = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(key in at_rest for key in (*keys.values(), MASTER))


def test_a_key_that_another_process_makes_first_is_the_one_that_counts(
    sealer: Sealer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = sealer_in(tmp_path, "feedback").keys
    make = sealer.keys._make
    monkeypatch.setattr(sealer.keys, "_make", lambda subjects: (theirs.of(subjects), make(subjects))[1])
    assert sealer.keys.of([SUBJECT]) == theirs.existing([SUBJECT])


def test_words_without_a_subject_get_one_of_their_own_whose_key_was_durable_before(sealer: Sealer, tmp_path: Path) -> None:
    (part, box), (other, _) = (sealer.seal(WORDS, stream=STREAM, field="text") for _ in range(2))
    assert part.subject != other.subject
    assert sealer_in(tmp_path, "feedback").open(part, box, stream=STREAM, field="text") == WORDS


def test_no_two_get_the_same_spare_key_however_many_ask_at_once(sealer: Sealer) -> None:
    with ThreadPoolExecutor(8) as askers:
        spare = list(askers.map(lambda _: sealer.keys.spare(), range(300)))
    assert len({subject for subject, _ in spare}) == len({key for _, key in spare}) == 300
    assert sealer.keys.existing(subject for subject, _ in spare) == dict(spare)


def test_another_master_key_opens_nothing(sealer: Sealer, tmp_path: Path) -> None:
    seal(sealer)
    stranger = Keys(Database.open(f"sqlite:///{tmp_path}/feedback-keys.db"), b"n" * 32)
    with pytest.raises(InvalidUnwrap):
        stranger.existing([SUBJECT])


def test_a_pseudonym_is_the_same_for_the_same_names_and_for_nobody_else(sealer: Sealer, tmp_path: Path) -> None:
    pseudonym = sealer.keys.pseudonym("respondent", "fft", "17")
    assert pseudonym == sealer_in(tmp_path, "feedback").keys.pseudonym("respondent", "fft", "17")
    others = [("respondent", "fft", "1", "7"), ("respondent", "fft17"), ("survey", "fft", "17")]
    assert pseudonym not in {sealer.keys.pseudonym(*names) for names in others}
    assert pseudonym != Keys(Database.open(f"sqlite:///{tmp_path}/other.db"), b"n" * 32).pseudonym("respondent", "fft", "17")


def test_a_master_key_is_made_once_for_its_owner_alone_and_a_short_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "master.key"
    key = read_master_key(path, create=True)
    assert (len(key), read_master_key(path, create=True)) == (32, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(key[:31])
    with pytest.raises(ValueError, match="not 32 bytes"):
        read_master_key(path)


def test_the_words_of_a_command_are_nowhere_on_disk_in_the_clear_and_can_be_read_again(region: Region, tmp_path: Path) -> None:
    canary = "Canary-Fionnuala"
    partnership = region.partnerships.propose_partnership(command=PROPOSE, context=context()).id
    command = AddMember(
        partnership=partnership, name=canary, role=ParticipantRole.carer, perspective=Perspective.lived_experience_family_carer
    )
    region.partnerships.add_member(command=command, context=context())
    region.spread()
    stored = region.stores["partnerships"].read(0, 10)
    assert not any(canary.encode() in row.state for row in stored)
    assert not any(canary.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert PROPOSE.name.encode() in b"".join(path.read_bytes() for path in tmp_path.iterdir())


# Many at once


def test_many_are_opened_as_each_alone(sealer: Sealer) -> None:
    """Those that are there, and those whose box or key is gone."""
    here, boxless, keyless = seal(sealer), seal(sealer), sealer.seal(WORDS, subject=uuid4(), stream=STREAM, field="text")
    sealer.keys.destroy([keyless[0].subject])
    sealed = [Sealed(part, STREAM, "text") for part, _ in (here, boxless, keyless)]
    opened = sealer.open_all(sealed, {here[0].handle: here[1], keyless[0].handle: keyless[1]})
    assert opened == {here[0].handle: WORDS, boxless[0].handle: None, keyless[0].handle: None}


def test_one_broken_seal_among_many_is_not_overlooked(sealer: Sealer) -> None:
    (part, box), (other, foreign) = seal(sealer), seal(sealer)
    sealed = [Sealed(part, STREAM, "text"), Sealed(other, STREAM, "response")]
    with pytest.raises(BrokenSeal):
        sealer.open_all(sealed, {part.handle: box, other.handle: foreign})
