"""Settings, read once from the environment into one frozen object; a wrong one stops the start and is named.

`COMHAR_X` sets `x`; `COMHAR_X_FILE` names a file that holds it, for secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

import holidays
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

_PREFIX = "COMHAR_"
_NOT_OURS = frozenset({"COMHAR_TOKEN", "COMHAR_FINANCE_TOKEN", "COMHAR_ADDRESS", "COMHAR_CAMPAIGN"})
Port = Annotated[int, Field(ge=1, le=65535)]


class WrongSetting(ValueError):
    """A setting cannot be used; the text names it and says what it takes."""


class Settings(BaseModel):
    """How this process runs. `embedded`: everything in one process, files under `data`. `production`: RabbitMQ and PostgreSQL."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: Literal["embedded", "production"] = "embedded"
    region: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,19}$")] = "ABH"
    country: str = "IE"
    time_zone: str = "Europe/Dublin"
    data: Path = Path(".comhar")
    broker: str = ""
    database: str = ""
    keys_database: str = ""
    keys_backup_days: Annotated[int, Field(ge=0, le=3650)] = 30
    owner_database: str = ""
    role_databases: Path = Path("/run/secrets")
    master_key_file: Path | None = None
    ledger: Path | None = None
    ledger_key_file: Path | None = None
    ledger_next_key_file: Path | None = None
    ledger_policy_file: Path | None = None
    witness_key_file: Path | None = None
    witness_logs_file: Path | None = None
    http_host: str = "127.0.0.1"
    http_port: Port = 8080
    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 9464
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("not an IANA time zone, such as Europe/Dublin")
        return value

    @field_validator("country")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value not in holidays.list_supported_countries():
            raise ValueError("not an ISO 3166 country whose public holidays are known, such as IE or GB")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.profile == "production":
            if not self.broker.startswith(("amqp://", "amqps://")):
                raise ValueError("COMHAR_BROKER must be set in production, to an amqp:// or amqps:// address")
            if not (self.database or self.owner_database).startswith("postgresql://"):
                raise ValueError("COMHAR_DATABASE must be set in production, to a postgresql:// address")
            if self.master_key_file is None:
                raise ValueError("COMHAR_MASTER_KEY_FILE must be set in production, to a file of 32 random bytes")
        return self

    @property
    def embedded(self) -> bool:
        """Whether everything runs in this one process."""
        return self.profile == "embedded"

    @property
    def broker_uri(self) -> str:
        """The broker: RabbitMQ, or one of this process alone."""
        return f"memory:///{self.region}" if self.embedded else self.broker

    @property
    def key_file(self) -> Path:
        """The file that holds the master key."""
        return self.master_key_file or self.data / "master.key"

    @property
    def ledger_folder(self) -> Path:
        """Where the ledger's files are; raises `WrongSetting` in production without one."""
        return self.ledger or self._own("COMHAR_LEDGER", "ledger")

    @property
    def ledger_key(self) -> Path:
        """The file that holds the key of the ledger; its signer's memory lies beside it."""
        return self.ledger_key_file or self._own("COMHAR_LEDGER_KEY_FILE", "ledger.key")

    @property
    def ledger_next_key(self) -> Path:
        """The file that holds, while keys are changed, the key that will follow."""
        return self.ledger_next_key_file or self.ledger_key.with_name(f"{self.ledger_key.name}.next")

    @property
    def witness_key(self) -> Path:
        """The file that holds the key with which this region witnesses other ledgers."""
        return self.witness_key_file or self._own("COMHAR_WITNESS_KEY_FILE", "witness.key")

    def _own(self, setting: str, name: str) -> Path:
        if not self.embedded:
            raise WrongSetting(f"{setting} must be set for the audit service in production")
        return self.data / name

    def store_url(self, service: str) -> str:
        """The store of a service."""
        return self._url(self.database, service, "facts", service)

    def views_url(self, service: str) -> str:
        """The read models of a service: apart from the store, so that neither waits for the other's transactions."""
        return self._url(self.database, service, "views", f"{service}_views")

    def keys_url(self, service: str) -> str:
        """The keys of a service's subjects, apart from what they open, so that back-ups of one need not keep the other."""
        return self._url(self.keys_database or self.database, service, "keys", f"{service}_keys")

    def _url(self, server: str, service: str, file: str, schema: str) -> str:
        if self.embedded:
            return f"sqlite:///{self.data.resolve() / service / file}.db"
        return in_schema(server, schema)


def in_schema(server: str, schema: str) -> str:
    """The address of one schema in the database at `server`."""
    return f"{server}{'&' if '?' in server else '?'}schema={schema}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in `environment`; raises `WrongSetting` naming the first that is unknown, unreadable or wrong."""
    values: dict[str, str] = {}
    for name, value in environment.items():
        if not name.startswith(_PREFIX) or name in _NOT_OURS or name.startswith("COMHAR_TEST_"):
            continue
        setting = name.removeprefix(_PREFIX).lower()
        if setting in Settings.model_fields and f"{name}_FILE" in environment:
            raise WrongSetting(f"{name} and {name}_FILE are both set; one of them is meant")
        if setting in Settings.model_fields:
            values[setting] = value
        elif setting.removesuffix("_file") in Settings.model_fields:
            values[setting.removesuffix("_file")] = _content(name, Path(value))
        else:
            raise WrongSetting(
                f"{name} is not a setting of comhar; known are {', '.join(_PREFIX + known.upper() for known in Settings.model_fields)}"
            )
    return _checked(values)


def changed(settings: Settings, **changes: Any) -> Settings:
    """`settings` with `changes`, checked like any; raises `WrongSetting`."""
    return _checked({**settings.model_dump(), **changes})


def _checked(values: Mapping[str, Any]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        place = f"{_PREFIX}{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise WrongSetting(f"{place}{first['msg'].removeprefix('Value error, ')}") from None


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as fault:
        raise WrongSetting(f"{name}: {path} cannot be read ({fault.strerror})") from None
    except UnicodeDecodeError:
        raise WrongSetting(f"{name}: {path} does not hold text") from None
