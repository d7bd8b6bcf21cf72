"""Running a region, and looking after its processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.services import SERVICES
from contracts.vocabulary import SystemRole
from deploy.cli.data import DEMO, load_year
from deploy.cli.terminal import UNREACHABLE, Json, address_of, err, fail, issue, known, out, print_json, settings_given, troubles
from shared.settings import in_schema

if TYPE_CHECKING:
    from deploy.client import Region
    from deploy.wiring import House

_UP_TOKEN = timedelta(hours=12)
_DEMO_TOKEN = timedelta(minutes=10)

commands = typer.Typer()


@commands.command()
def up(
    port: Annotated[int | None, typer.Option(help="Port of the address; COMHAR_HTTP_PORT otherwise.")] = None,
    with_demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Load the demo year into an empty region.")] = True,
) -> None:
    """Run a whole region in this process until Ctrl-C."""
    from deploy import running  # noqa: PLC0415  each command imports what it needs, so that --help is quick

    quiet = {} if "COMHAR_LOG_LEVEL" in os.environ else {"log_level": "WARNING"}
    settings = settings_given(profile="embedded", **quiet, **({"http_port": port} if port else {}))
    _must_be_free(settings.http_host, settings.http_port)

    def ready(house: House) -> None:
        from deploy.client import Region  # noqa: PLC0415

        address = address_of(settings)
        text = issue(house, "up", SystemRole.regional_operator, _UP_TOKEN)
        if with_demo:
            region = Region(address, text)
            _load_once(
                region, lambda: Region(address, issue(house, "demo", SystemRole.finance_officer, _DEMO_TOKEN)), settings.data / "demo"
            )
            region.close()
        err.print(f"\nThe region [bold]{settings.region}[/] runs at [bold]{address}[/]")
        err.print(f"Sign in there with this token (regional operator, 12 hours):\n\n    [bold]{text}[/]\n", soft_wrap=True)
        err.print("Other roles and longer: comhar token create. Ctrl-C ends.")

    with troubles(), running.alone(settings.data):
        running.serve(settings, SERVICES, ready)


@commands.command()
def serve(service: Annotated[str, typer.Argument(help="partnerships, sessions, feedback, reporting, audit or gateway")]) -> None:
    """Run one service of a production region."""
    from deploy import running  # noqa: PLC0415

    known(service)
    with troubles():
        running.serve(settings_given(profile="production"), [service], lambda _: err.print(f"{service} runs"))


@commands.command("setup")
def set_up() -> None:
    """Create stores, tables and rights in PostgreSQL, as the owner of the database."""
    from deploy import running  # noqa: PLC0415

    with troubles():
        running.set_up_database(settings_given(profile="production"), SERVICES)
    err.print("the database is set up")


@commands.command("renew-store")
def renew_store(service: str) -> None:
    """Give a restored or copied store an identity of its own, while nothing runs, so that readers of the old one notice."""
    from shared import store  # noqa: PLC0415

    settings = settings_given()
    with troubles():
        store.renew_store(settings.store_url(known(service)) if settings.embedded else in_schema(settings.owner_database, service))
    err.print(f"{service} has a new identity; its readers will stop and say so")


@commands.command()
def health(
    service: Annotated[str, typer.Argument(help="Says which service is meant, where several run on one machine.")] = "",
    as_json: Json = False,
) -> None:
    """Whether the process with these settings is ready; exits with 4 when it is not."""
    import httpx  # noqa: PLC0415

    settings = settings_given()
    host = "127.0.0.1" if settings.metrics_host == "0.0.0.0" else settings.metrics_host  # noqa: S104  asked from within the same host
    try:
        answer = httpx.get(f"http://{host}:{settings.metrics_port}/health/ready", timeout=5.0)
    except httpx.TransportError as fault:
        fail(f"{service or 'the region'} does not answer ({type(fault).__name__})", UNREACHABLE)
    print_json(answer.json()) if as_json else out.print("ready" if answer.is_success else answer.text, markup=False)
    if not answer.is_success:
        raise typer.Exit(UNREACHABLE)


def _must_be_free(host: str, port: int) -> None:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            fail(f"port {port} of {host} cannot be used ({fault.strerror}); choose another with --port")


def _load_once(region: Region, of_finance: Callable[[], Region], mark: Path) -> None:
    """Load the demo year into an empty region; one that was cut off while it loaded is loaded to the end."""
    state = mark.read_text() if mark.exists() else ""
    if state == "loading" or (not state and not region.get("/v1/partnerships")["items"]):
        mark.write_text("loading")  # if we die before the next mark, the year is told again: what was stored is known
        finance = of_finance()
        load_year(DEMO, region, finance)
        finance.close()
        mark.write_text("loaded")
