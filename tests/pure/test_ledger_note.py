"""Signed notes, checkpoints and cosignatures against published keys and signatures."""

import re
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.ledger.checkpoint import Checkpoint, open_checkpoint
from services.audit.ledger.note import LOG, WITNESS, Note, NoteWrong, Signature, Signer, Verifier, open_note, sign

# golang.org/x/mod, sumdb/note: note.go (the example) and note_test.go.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

# A real checkpoint: the staging certificate log Arche 2025h1, cosigned by public witnesses on 23 May 2026; keys of log and witness
# from the same place (a public test suite for checkpoints; the witness's key also in transparency-dev/formats,
# note/note_cosigv1_test.go). The log's note key signed the second line: the first is a signature of another kind.
ARCHE = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
REAL = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501 the lines are as they were published

# C2SP, tlog-checkpoint.md and tlog-cosignature.md: the example.
SOFA = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_published_note_opens_with_the_published_key() -> None:
    note = open_note(f"{TEXT}\n{BY_PETER}".encode(), [Verifier.parse(PETER)])
    assert (note.text, [one.line for one in note.good], note.unknown) == (TEXT, [BY_PETER], ())


def test_the_published_secret_key_makes_the_published_signature() -> None:
    signer = Signer.parse(PETERS_SECRET)
    assert signer.verifier.text == PETER
    assert signer.text == PETERS_SECRET
    assert sign(TEXT, signer) == f"{TEXT}\n{BY_PETER}".encode()


def test_a_signature_of_an_unknown_key_is_passed_over() -> None:
    note = open_note(f"{TEXT}\n{BY_ENOCH}{BY_PETER}".encode(), [Verifier.parse(PETER)])
    assert [one.name for one in note.good] == ["PeterNeumann"]
    assert [one.line for one in note.unknown] == [BY_ENOCH]
    assert [one.name for one in open_note(note.to_bytes(), [Verifier.parse(PETER), Verifier.parse(ENOCH)]).good] == [
        "PeterNeumann",
        "EnochRoot",
    ]


def test_a_known_keys_broken_signature_sinks_the_note_beside_a_good_one() -> None:
    broken = BY_ENOCH.replace("5n2tiOHp", "5n2tiOHq")
    keys = [Verifier.parse(PETER), Verifier.parse(ENOCH)]
    for lines in (BY_PETER + broken, broken + BY_PETER, BY_PETER + BY_ENOCH + broken):
        with pytest.raises(NoteWrong, match="EnochRoot is broken"):
            open_note(f"{TEXT}\n{lines}".encode(), keys)
    assert open_note(f"{TEXT}\n{BY_PETER}{broken}".encode(), keys[:1]).good


def test_a_known_name_with_another_id_is_another_key() -> None:
    other = "— PeterNeumann " + BY_PETER.rsplit(maxsplit=1)[-1].replace("x08g", "xxxx") + "\n"
    note = open_note(f"{TEXT}\n{other}{BY_PETER}".encode(), [Verifier.parse(PETER)])
    assert [one.line for one in note.unknown] == [other]
    misnamed = BY_PETER.replace("PeterNeumann", "CarmenSandiego")
    with pytest.raises(NoteWrong, match="no known key"):
        open_note(f"{TEXT}\n{misnamed}".encode(), [Verifier.parse(PETER)])


def test_a_note_nobody_known_signed_is_refused() -> None:
    with pytest.raises(NoteWrong, match="no known key"):
        open_note(f"{TEXT}\n{BY_PETER}".encode(), [])


def test_a_signature_said_twice_counts_once() -> None:
    assert len(open_note(f"{TEXT}\n{BY_PETER}{BY_PETER}".encode(), [Verifier.parse(PETER)]).good) == 1


@pytest.mark.parametrize(
    "content",
    [
        # The malformed notes of note_test.go, and their kin.
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{BY_PETER[:-1]}",
        f"\x01{TEXT}\n{BY_PETER}",
        f"{TEXT}\n" + BY_PETER.replace("PeterNeumann", "Bad Name"),
        f"{TEXT}\n{BY_PETER}Unexpected line.\n",
        f"{TEXT}\n{BY_PETER * 101}",
        f"{TEXT}\n" + BY_PETER.replace("—", "-"),
        f"{TEXT}\n" + BY_PETER.replace("PeterNeumann", "Peter+Neumann"),
        f"{TEXT}\r\n{BY_PETER}",
        f"{TEXT}{BY_PETER}",
        f"{TEXT}\n— PeterNeumann x08gow==\n",
        f"{TEXT}\n" + BY_PETER.replace("JnAM=", "JnAN="),
        f"{TEXT}\n" + BY_PETER.replace("JnAM=", "JnAM"),
        "",
        "\n\n",
    ],
)
def test_what_is_no_note_is_refused(content: str) -> None:
    with pytest.raises(NoteWrong):
        open_note(content.encode(), [Verifier.parse(PETER)])


def test_bytes_that_are_no_text_are_no_note() -> None:
    with pytest.raises(NoteWrong):
        open_note(b"\xff" + f"{TEXT}\n{BY_PETER}".encode(), [Verifier.parse(PETER)])
    with pytest.raises(NoteWrong):
        open_note(f"{TEXT * 20_000}\n{BY_PETER}".encode(), [Verifier.parse(PETER)])


def test_every_mangling_of_a_public_key_is_refused() -> None:
    for start in range(len(PETER)):
        for end in range(start, len(PETER) + 1):
            if end - start < len(PETER):
                with pytest.raises(NoteWrong):
                    Verifier.parse(PETER[start:end])
    for at, character in enumerate(PETER):
        with pytest.raises(NoteWrong):
            Verifier.parse(PETER[:at] + chr(ord(character) + 1) + PETER[at + 1 :])


@pytest.mark.parametrize(
    "key",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # wrong length, with its right id
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # unknown kind, with its right id
        "",
        "++",
        "a+b+",
    ],
)
def test_a_key_of_another_kind_or_length_is_refused(key: str) -> None:
    with pytest.raises(NoteWrong):
        Verifier.parse(key)


def test_every_mangling_of_a_secret_key_is_refused() -> None:
    for end in range(len(PETERS_SECRET)):
        with pytest.raises(NoteWrong):
            Signer.parse(PETERS_SECRET[:end])
    for at, character in enumerate(PETERS_SECRET):
        with pytest.raises(NoteWrong):
            Signer.parse(PETERS_SECRET[:at] + chr(ord(character) + 1) + PETERS_SECRET[at + 1 :])


def test_a_new_key_is_read_from_its_file_again() -> None:
    for kind in (LOG, WITNESS):
        signer = Signer.make("region.example/ledger", kind)
        again = Signer.parse(f"{signer.text}\n")
        assert again.verifier == signer.verifier == Verifier.parse(signer.verifier.text)
    with pytest.raises(NoteWrong):
        Signer.make("two words", LOG)


def test_a_real_checkpoint_opens_with_the_keys_of_its_log_and_its_witness() -> None:
    log, witness = Verifier.parse(ARCHE), Verifier.parse(REMORA)
    checkpoint, note = open_checkpoint(REAL.encode(), log, [witness])
    assert (checkpoint.origin, checkpoint.size) == ("arche2025h1.staging.ct.transparency.dev", 1_432_088_532)
    assert checkpoint.root == b64decode("U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=")
    assert [one.name for one in note.good] == ["arche2025h1.staging.ct.transparency.dev", "remora.n621.de"]
    cosignature = note.signed_by(witness)
    assert cosignature
    assert cosignature.time == datetime.fromtimestamp(0x6A122120, UTC)


def test_the_logs_own_signature_may_stand_anywhere() -> None:
    text, lines = REAL.split("\n\n")
    for order in (lines.splitlines(keepends=True), lines.splitlines(keepends=True)[::-1]):
        checkpoint, _ = open_checkpoint(f"{text}\n\n{''.join(order)}".encode(), Verifier.parse(ARCHE))
        assert checkpoint.size == 1_432_088_532


def test_a_real_checkpoint_edited_anywhere_sinks() -> None:
    for part, other in (("1432088532", "1432088533"), ("U7WM", "U7WN"), ("arche2025h1.staging.ct.transparency.dev\n", "arche2025h2\n")):
        with pytest.raises(NoteWrong):
            open_checkpoint(REAL.replace(part, other, 1).encode(), Verifier.parse(ARCHE))


def test_a_cosignature_covers_its_time() -> None:
    later = REAL.replace("2net5wAAAABqEiEg", "2net5wAAAABqEiEh")
    assert open_checkpoint(later.encode(), Verifier.parse(ARCHE))
    with pytest.raises(NoteWrong, match=re.escape("remora.n621.de is broken")):
        open_checkpoint(later.encode(), Verifier.parse(ARCHE), [Verifier.parse(REMORA)])


def test_a_checkpoint_without_its_logs_signature_is_refused() -> None:
    with pytest.raises(NoteWrong, match="not signed by its log"):
        open_checkpoint(
            "\n".join(line for line in REAL.split("\n") if " ui8GwC" not in line).encode(), Verifier.parse(ARCHE), [Verifier.parse(REMORA)]
        )


def test_a_checkpoint_of_another_log_is_refused() -> None:
    signer = Signer.make("example.com/log", LOG)
    with pytest.raises(NoteWrong, match="another log"):
        open_checkpoint(sign(SOFA, signer), signer.verifier)


def test_the_cosigned_message_is_that_of_the_specification() -> None:
    """C2SP tlog-cosignature, “Ed25519 signed message”: two lines, then the whole note body."""
    witness = Signer.make("witness.example.com/w1", WITNESS)
    signature = witness.signature(SOFA, datetime.fromtimestamp(1_679_315_147, UTC))
    assert signature.signed[:8] == (1_679_315_147).to_bytes(8, "big")
    Verifier(witness.name, LOG, witness.verifier.public).verify(
        f"cosignature/v1\ntime 1679315147\n{SOFA}", Signature(witness.name, b"", signature.signed[8:])
    )
    witness.verifier.verify(SOFA, signature)


def test_the_cosignature_of_the_specification_says_its_time() -> None:
    # C2SP, tlog-cosignature.md; the time is read from it in Sigsum's client tests too (0x641850cb).
    encoded = "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    content = b64decode(encoded)
    signature = Signature("witness.example.com/w1", content[:4], content[4:])
    assert signature.time == datetime.fromtimestamp(1_679_315_147, UTC)
    assert signature.line == f"— witness.example.com/w1 {encoded}\n"


def test_a_cosignature_says_a_time_that_is_one() -> None:
    witness = Signer.make("witness.example.com/w1", WITNESS)
    good = witness.signature(SOFA, datetime.now(UTC))
    never = Signature(good.name, good.key_id, b"\xff" * 8 + good.signed[8:])
    with pytest.raises(NoteWrong, match="a time that is none"):
        open_note(Note(SOFA, (never,), ()).to_bytes(), [witness.verifier])
    with pytest.raises(ValueError, match="with the time"):
        sign(SOFA, witness)


def test_one_key_as_log_and_as_witness_is_two_keys() -> None:
    seed = b64decode(PETERS_SECRET.split("+", 4)[4])[1:]
    log, witness = Signer("PeterNeumann", LOG, seed), Signer("PeterNeumann", WITNESS, seed)
    assert log.verifier.public == witness.verifier.public
    with pytest.raises(NoteWrong, match="no known key"):
        open_note(sign(SOFA, log), [witness.verifier])


def test_a_note_is_only_made_of_what_may_stand_in_one() -> None:
    for text in ("abc", "a\tb\n", "a\r\n", ""):
        with pytest.raises(NoteWrong):
            sign(text, Signer.parse(PETERS_SECRET))


def test_a_checkpoint_is_written_as_the_specification_says() -> None:
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20_852_163, b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="))
    assert checkpoint.text == SOFA
    assert Checkpoint.parse(SOFA) == checkpoint
    assert Checkpoint.parse(f"{SOFA}an extension\nand another\n") == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        SOFA.replace("20852163", "020852163"),
        SOFA.replace("20852163", "00"),
        SOFA.replace("20852163", "-1"),
        SOFA.replace("20852163", "+1"),
        SOFA.replace("20852163", "2_0"),
        SOFA.replace("20852163", "٢"),
        SOFA.replace("20852163", "9223372036854775808"),
        SOFA.replace("20852163", "bananas"),
        SOFA.replace("q2I=", "q2J="),
        SOFA.replace("q2I=", "q2I"),
        SOFA.replace("CsUY", "CsU"),
        "Log\n123\nYmFuYW5hcw==\n",
        SOFA[:-1],
        f"{SOFA}\n",
        f"{SOFA}\nextension\n",
        "\n" + SOFA.split("\n", 1)[1],
        "Head\n9944\n",
        "",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteWrong):
        Checkpoint.parse(text)


@given(st.integers(0, len(f"{TEXT}\n{BY_PETER}".encode()) * 8 - 1))
def test_no_flipped_bit_of_a_note_goes_unseen(bit: int) -> None:
    content = bytearray(f"{TEXT}\n{BY_PETER}".encode())
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NoteWrong):
        open_note(bytes(content), [Verifier.parse(PETER)])


@given(st.text(st.characters(blacklist_characters="\n\r", blacklist_categories=("Cc", "Cs", "Z")), min_size=1), st.integers(0, 2**63 - 1))
def test_every_checkpoint_is_read_as_it_was_written(origin: str, size: int) -> None:
    checkpoint = Checkpoint(origin, size, bytes(32))
    assert Checkpoint.parse(checkpoint.text) == checkpoint
