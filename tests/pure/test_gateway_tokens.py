from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from contracts.gateway import RevokeToken, TokenCreated, TokenRevoked
from contracts.vocabulary import SystemRole
from services.gateway import application
from services.gateway.application import Tokens
from services.gateway.domain import Principal, Token
from services.gateway.service import entrance
from tests.gateway_fixture import issue, tokens
from tests.given import NOW, STREAM, context, fact, given, refused, stamp, then
from tests.servers_fixture import wait_until

DIGEST = "d1" * 32
CREATED = fact(TokenCreated, label="up", granted_role=SystemRole.responder, region="ABH", secret=DIGEST, expires=NOW + timedelta(hours=1))


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Tokens]:
    made = tokens(tmp_path)
    yield made
    made.close()


def revoke(tokens: Tokens, token: str) -> None:
    tokens.revoke_token(command=RevokeToken(token=token), context=context())


def id_of(token: str) -> str:
    return token.split("_")[1]


def test_a_token_admits_whoever_holds_its_secret_in_its_role_and_region() -> None:
    assert given(Token, CREATED).admits(DIGEST, NOW) == Principal(STREAM, SystemRole.responder, "ABH")


def test_a_token_does_not_admit_with_another_secret() -> None:
    assert given(Token, CREATED).admits("d2" * 32, NOW) is None


def test_a_token_does_not_admit_from_the_moment_it_expires() -> None:
    token = given(Token, CREATED)
    assert token.admits(DIGEST, NOW + timedelta(hours=1, microseconds=-1))
    assert token.admits(DIGEST, NOW + timedelta(hours=1)) is None


def test_a_revoked_token_does_not_admit() -> None:
    assert given(Token, CREATED, fact(TokenRevoked)).admits(DIGEST, NOW) is None


def test_a_token_is_revoked_once() -> None:
    token = given(Token, CREATED)
    token.revoke(stamp())
    token.revoke(stamp())
    then(token, fact(TokenRevoked))


def test_a_token_that_has_expired_is_not_made() -> None:
    with refused("expired_already"):
        Token.create(uuid4(), stamp(), label="up", role=SystemRole.member, region="ABH", secret=DIGEST, expires=NOW)


def test_whoever_is_given_a_token_comes_in_with_it(ours: Tokens) -> None:
    token = issue(ours, SystemRole.governance_auditor)
    assert ours.principal(token) == Principal(UUID(id_of(token)), SystemRole.governance_auditor, "ABH")


def test_the_secret_of_a_token_is_kept_nowhere(ours: Tokens, tmp_path: Path) -> None:
    secret = issue(ours).split("_", 2)[2].encode()
    ours.close()
    kept = [file for file in tmp_path.iterdir() if file.is_file()]
    assert kept
    assert not [file for file in kept if secret in file.read_bytes()]


def test_every_token_has_a_secret_of_its_own(ours: Tokens) -> None:
    assert len({issue(ours).split("_", 2)[2] for _ in range(5)}) == 5


@pytest.mark.parametrize("text", ["", "cmh_", "cmh_x_y", "cmh_" + "0" * 32, "cmh_" + "g" * 32 + "_" + "a" * 43, "\0", "ü" * 80])
def test_what_is_no_token_admits_nobody(ours: Tokens, text: str) -> None:
    assert ours.principal(text) is None


def test_a_token_that_was_never_given_admits_nobody(ours: Tokens) -> None:
    assert ours.principal(f"cmh_{uuid4().hex}_{'a' * 43}") is None


def test_a_secret_belongs_to_one_token(ours: Tokens) -> None:
    one, other = issue(ours), issue(ours)
    assert ours.principal(f"cmh_{id_of(one)}_{other.split('_', 2)[2]}") is None


def test_a_revoked_token_stops_admitting_within_moments(ours: Tokens) -> None:
    token = issue(ours)
    assert ours.principal(token)
    revoke(ours, id_of(token))
    wait_until(lambda: ours.principal(token) is None, "the token is refused")


def test_another_gateway_sees_that_a_token_was_revoked(ours: Tokens, tmp_path: Path) -> None:
    token = issue(ours)
    revoke(ours, id_of(token))
    other = tokens(tmp_path)
    assert other.principal(token) is None
    other.close()


@pytest.mark.parametrize("id_", ["nonsense", uuid4().hex])
def test_a_token_that_is_not_there_cannot_be_revoked(ours: Tokens, id_: str) -> None:
    with refused("not_found"):
        revoke(ours, id_)


def test_the_command_that_made_a_token_cannot_be_sent_again_for_its_secret(ours: Tokens) -> None:
    command = uuid4()
    issue(ours, command=command)
    with refused("idempotency_key_reused"):
        issue(ours, command=command)


def test_tokens_are_listed_without_their_secrets(ours: Tokens) -> None:
    kept, gone = issue(ours, SystemRole.responder), issue(ours)
    revoke(ours, id_of(gone))
    listed = ours.list_tokens()
    assert [(one.id, one.role, one.revoked is None) for one in listed] == [
        (id_of(kept), SystemRole.responder, True),
        (id_of(gone), SystemRole.regional_operator, False),
    ]
    assert "secret" not in listed[0].model_dump_json()


def test_no_more_tokens_are_remembered_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_MOST_REMEMBERED", 2)
    ours = tokens(tmp_path)
    given_ = [issue(ours) for _ in range(3)]
    assert all(ours.principal(token) for token in [*given_, *given_])
    assert len(ours._remembered) == 2
    ours.close()


def test_no_more_addresses_are_remembered_than_there_is_room_for(ours: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "_MOST_ADDRESSES", 2)
    door = entrance.Entrance(ours, "ABH", clock=lambda: 0.0)
    for number in range(5):
        with refused("unauthenticated"):
            door.admit("nonsense", f"10.0.0.{number}")
    assert len(door._failures) == 2
