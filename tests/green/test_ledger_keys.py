"""Whose keys sign the ledger and other ledgers: made once, never made again once something was signed, and named when they are wrong."""

from pathlib import Path

import pytest

from deploy.ledger_keys import ledger_signer, ledger_witnesses, witness_key
from deploy.wiring import House, set_up
from services.audit.ledger.note import LOG, WITNESS, Signer
from services.audit.ledger.witness import Head
from services.audit.publishing import DamagedLedger
from services.audit.witnessing import WitnessedHeads
from shared.settings import Settings, WrongSetting, changed

OTHER = Signer.make("comhar/WST", LOG).verifier
WITNESSING = Signer.make("comhar/WST/witness", WITNESS).verifier


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def named(settings: Settings, setting: str, text: str) -> Settings:
    path = settings.data / setting
    path.write_text(text, encoding="utf-8")
    return changed(settings, **{setting: path})


def test_a_key_is_made_once_and_for_its_owner_alone(settings: Settings) -> None:
    ledger, witness = ledger_signer(settings, create=True), witness_key(settings, create=True)
    assert ledger_signer(settings, create=True).verifiers == ledger.verifiers == ledger_signer(settings, create=False).verifiers
    assert witness_key(settings, create=True).text == witness.text
    assert [ledger.verifiers[0].name, witness.name] == ["comhar/ABH", "comhar/ABH/witness"]
    assert [ledger.verifiers[0].kind, witness.verifier.kind] == [LOG, WITNESS]
    assert [path.stat().st_mode & 0o777 for path in (settings.ledger_key, settings.witness_key)] == [0o600, 0o600]


def test_a_key_that_is_lost_after_it_signed_is_not_made_again(settings: Settings) -> None:
    signer = ledger_signer(settings, create=True)
    signer.sign(1, bytes(32), ())
    settings.ledger_key.unlink()
    with pytest.raises(DamagedLedger, match=r"its key .* is missing"):
        ledger_signer(settings, create=True)


def test_the_key_of_another_region_is_refused(settings: Settings) -> None:
    settings.ledger_key.write_text(Signer.make("comhar/WST", LOG).text)
    with pytest.raises(ValueError, match="not one of comhar/ABH"):
        ledger_signer(settings, create=False)
    for wrong in ("no key", Signer.make("comhar/ABH/witness", LOG).text):
        settings.witness_key.write_text(wrong)
        with pytest.raises(WrongSetting, match="the key of the witness"):
            witness_key(settings, create=False)


def test_a_policy_without_logs_is_about_our_own(settings: Settings) -> None:
    keys = ledger_signer(settings, create=True).verifiers
    assert ledger_witnesses(settings, keys) is None
    policy = f"witness west {WITNESSING.text} https://west.example/witness\nquorum west\n"
    witnesses = ledger_witnesses(named(settings, "ledger_policy_file", policy), keys)
    assert witnesses is not None
    assert [(one.key, one.url) for one in witnesses.asked] == [(WITNESSING, "https://west.example/witness")]


@pytest.mark.parametrize("policy", ["", "quorum west\n", f"log {OTHER.text}\nquorum none\n", f"witness w {OTHER.text}\nquorum w\n"])
def test_a_policy_that_cannot_be_used_stops_the_start(settings: Settings, policy: str) -> None:
    keys = ledger_signer(settings, create=True).verifiers
    with pytest.raises(WrongSetting, match="COMHAR_LEDGER_POLICY_FILE"):
        ledger_witnesses(named(settings, "ledger_policy_file", policy), keys)
    with pytest.raises(WrongSetting, match="COMHAR_LEDGER_POLICY_FILE"):
        ledger_witnesses(changed(settings, ledger_policy_file=settings.data / "nowhere"), keys)


def witness_of(settings: Settings) -> Signer | None:
    """The key of the witness that a process with these settings has, if it has one."""
    set_up(settings, ["audit"])
    house = House(settings, ["audit"])
    try:
        return witness_key(settings, create=False) if house.witness() else None
    finally:
        house.close()


def test_a_region_is_a_witness_when_it_is_told_for_whom(settings: Settings) -> None:
    assert witness_of(settings) is None
    assert not settings.witness_key.exists()
    told = named(settings, "witness_logs_file", f"# the west\n{OTHER.text}\n")
    first = witness_of(told)
    assert first
    again = witness_of(told)
    assert again
    assert first.text == again.text


def test_a_witness_that_lost_its_key_does_not_go_on_under_another(settings: Settings) -> None:
    told = named(settings, "witness_logs_file", OTHER.text)
    witness_of(told)
    house = House(told, ["audit"])
    WitnessedHeads(house.database("audit")).advance(OTHER.name, None, Head(1, bytes(32)))
    house.close()
    told.witness_key.unlink()
    with pytest.raises(WrongSetting, match="the key of the witness"):
        witness_of(told)


def test_a_list_of_ledgers_that_cannot_be_used_stops_the_start(settings: Settings) -> None:
    for text in ("no key", WITNESSING.text):
        with pytest.raises(WrongSetting, match="COMHAR_WITNESS_LOGS_FILE"):
            witness_of(named(settings, "witness_logs_file", text))
