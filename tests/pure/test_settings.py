"""Settings are read once, checked, and a wrong one is named."""

from pathlib import Path

import pytest

from shared.settings import Settings, WrongSetting, changed, in_schema, read_settings

PRODUCTION = {
    "COMHAR_PROFILE": "production",
    "COMHAR_BROKER": "amqp://broker/comhar",
    "COMHAR_DATABASE": "postgresql://sessions:secret@database/comhar",
    "COMHAR_MASTER_KEY_FILE": "/run/secrets/master_key",
}


def test_without_settings_a_region_is_embedded() -> None:
    settings = read_settings({"PATH": "/bin"})
    assert (settings.embedded, settings.broker_uri) == (True, "memory:///ABH")
    assert settings.store_url("sessions").startswith("sqlite:////")


def test_each_service_has_a_place_for_facts_views_and_keys() -> None:
    settings = read_settings(PRODUCTION)
    urls = [settings.store_url("sessions"), settings.views_url("sessions"), settings.keys_url("sessions")]
    assert [url.partition("?")[2] for url in urls] == ["schema=sessions", "schema=sessions_views", "schema=sessions_keys"]
    apart = changed(settings, keys_database="postgresql://elsewhere/keys?sslmode=require")
    assert apart.keys_url("sessions") == "postgresql://elsewhere/keys?sslmode=require&schema=sessions_keys"


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "broker").write_text("amqp://from/file\n")
    without = {name: value for name, value in PRODUCTION.items() if name != "COMHAR_BROKER"}
    assert read_settings({**without, "COMHAR_BROKER_FILE": str(tmp_path / "broker")}).broker_uri == "amqp://from/file"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"COMHAR_PORT": "1"}, "COMHAR_PORT is not a setting"),
        ({"COMHAR_HTTP_PORT": "0"}, "COMHAR_HTTP_PORT: "),
        ({"COMHAR_HTTP_PORT": "many"}, "COMHAR_HTTP_PORT: "),
        ({"COMHAR_COUNTRY": "Ireland"}, "COMHAR_COUNTRY: not an ISO 3166 country"),
        ({"COMHAR_LOG_LEVEL": "loud"}, "COMHAR_LOG_LEVEL: "),
        ({"COMHAR_PROFILE": "test"}, "COMHAR_PROFILE: "),
        ({**PRODUCTION, "COMHAR_BROKER": "memory:///x"}, "COMHAR_BROKER must be set in production"),
        ({**PRODUCTION, "COMHAR_DATABASE": "sqlite:///x"}, "COMHAR_DATABASE must be set in production"),
        ({**PRODUCTION, "COMHAR_BROKER_FILE": "/x"}, "both set"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], says: str) -> None:
    with pytest.raises(WrongSetting, match=says):
        read_settings(environment)


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xd0\xff")
    with pytest.raises(WrongSetting, match=r"COMHAR_DATABASE_FILE: .*binary does not hold text"):
        read_settings({"COMHAR_DATABASE_FILE": str(tmp_path / "binary")})
    with pytest.raises(WrongSetting, match="COMHAR_DATABASE_FILE: /nowhere cannot be read"):
        read_settings({"COMHAR_DATABASE_FILE": "/nowhere"})


def test_a_change_is_checked_like_any_setting() -> None:
    with pytest.raises(WrongSetting, match="COMHAR_HTTP_PORT"):
        changed(Settings(), http_port=99_999)
    with pytest.raises(WrongSetting, match="COMHAR_BROKER must be set"):
        changed(Settings(), profile="production")


def test_an_address_keeps_its_own_options() -> None:
    assert in_schema("postgresql://host/db", "a") == "postgresql://host/db?schema=a"
    assert in_schema("postgresql://host/db?sslmode=require", "a") == "postgresql://host/db?sslmode=require&schema=a"
