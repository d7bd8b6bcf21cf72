"""The region's history, as an auditor asks for it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.vocabulary import SystemRole
from deploy.cli.terminal import (
    BROKEN,
    Json,
    clock,
    err,
    fail,
    known,
    out,
    own_house,
    partnership_id,
    print_json,
    progress_of,
    running_region,
    settings_given,
    show,
    troubles,
    words,
)

if TYPE_CHECKING:
    from services.audit.application.stores import Stores

commands = typer.Typer(no_args_is_help=True, help="The region's history.")


@commands.command("completeness")
def audit_completeness(as_json: Json = False) -> None:
    """Whether every fact of every service is in the history; exits with 3 when not."""
    with running_region(SystemRole.governance_auditor) as region:
        answer = region.get("/v1/audit/completeness")
    if as_json:
        print_json(answer)
    else:
        title = f"{answer['entries']} entries, {'whole' if answer['whole'] else 'NOT WHOLE'}"
        show(title, ("Service", "Store", "After", "Last", "Facts", "Missing", "Not yet here"), map(_source, answer["sources"]))
        for source in answer["unread"]:
            out.print(f"{source}: nothing of it is here, it does not answer, or its store is not the one that was followed")
        out.print(f"root {answer['root']}")
        out.print(_checkpoint(answer["checkpoint"]))
    if not answer["whole"]:
        raise typer.Exit(BROKEN)


@commands.command("accesses")
def audit_accesses(
    partnership: Annotated[str | None, typer.Option(help="Only looks at this partnership: its id, or its name.")] = None,
    member: Annotated[str | None, typer.Option(help="Only looks at this member, by id.")] = None,
    as_json: Json = False,
) -> None:
    """Who looked at what, and why; this look is recorded too."""
    with running_region(SystemRole.governance_auditor) as region:
        about = {"partnership": partnership and partnership_id(region, partnership), "member": member}
        looks = list(region.every("/v1/audit/accesses", **about))
    if as_json:
        print_json(looks)
        return
    columns = ("Looked", "Actor", "Role", "At what", "Reason", "Partnership", "Member", "About")
    show(f"{len(looks)} looks", columns, map(_look, looks))


@commands.command("reconcile")
def audit_reconcile(as_json: Json = False) -> None:
    """Compare every fact of every store with its entry in the history, byte for byte; exits with 3 when one differs."""
    with own_house() as house, progress_of("facts") as progress:
        house.calls.start()
        stores: Stores = house.part("audit").stores
        compared = 0

        def told(done: int, total: int) -> None:
            nonlocal compared
            compared = done
            progress(done, total)

        found = stores.reconcile(told)
    if as_json:
        print_json({"compared": compared, "differences": [asdict(one) for one in found]})
    else:
        out.print(f"{compared:,} facts compared, {'all equal' if not found else f'{len(found)} or more differ'}")
        for one in found:
            out.print(f"  {one.source} {one.position}: {one.what}")
    if found:
        raise typer.Exit(BROKEN)


@commands.command("accept-store")
def audit_accept_store(
    source: Annotated[str, typer.Argument(help="Whose store was restored, or replaced.")],
    reason: Annotated[str, typer.Option(help="Why the history goes on with it: a code, such as restored_after_fire.")],
) -> None:
    """Decide that the history goes on with another store, after the last position where both agree; the decision is part of it."""
    if not reason.replace("_", "").replace("-", "").isalnum():
        fail("a reason is a code, such as restored_after_fire")
    with own_house() as house:
        house.calls.start()
        stores: Stores = house.part("audit").stores
        decided = stores.accept_store(source=known(source), reason=reason, actor="administrator")
    out.print(f"recorded; the history goes on with store {decided.store} of {source} after position {decided.after}")


@commands.command("rotate-key")
def audit_rotate_key(
    finish: Annotated[bool, typer.Option("--finish", help="Put the next key in the place of the first one.")] = False,
) -> None:
    """Change the key that signs the history: first make the next one; when everybody who verifies knows it, finish."""
    from deploy.ledger_keys import ledger_origin  # noqa: PLC0415
    from services.audit.publishing import own_key  # noqa: PLC0415

    settings = settings_given()
    with troubles():
        if finish:
            own_key(settings.ledger_next_key, ledger_origin(settings), create=False)
            # If we die here, both keys sign on; if we die after it, the next one signs alone. Nothing is lost either way.
            settings.ledger_next_key.replace(settings.ledger_key)
            out.print("the next key is the key; start the audit service again, and it signs alone")
            return
        key = own_key(settings.ledger_next_key, ledger_origin(settings), create=True)
        out.print(key.verifier.text, soft_wrap=True)
    err.print("start the audit service again, and both keys sign; give the line above to those who verify, then --finish")


@commands.command("keys")
def audit_keys(
    make: Annotated[bool, typer.Option("--make", help="Make the keys that are missing, before anything was signed.")] = False,
    as_json: Json = False,
) -> None:
    """The public keys others need: of this region's history, for who verifies or witnesses it, and of this region as a witness."""
    from deploy.ledger_keys import ledger_signer, witness_key  # noqa: PLC0415

    settings = settings_given()
    with troubles():
        signer = ledger_signer(settings, create=make)
        found = {"ledger": [key.text for key in signer.verifiers]}
        if (settings.embedded or settings.witness_key_file) and (make or settings.witness_key.exists()):
            found["witness"] = [witness_key(settings, create=make).verifier.text]
    if as_json:
        print_json(found)
        return
    for what, keys in found.items():
        for key in keys:
            out.print(what, key, soft_wrap=True, highlight=False)


@commands.command("prove")
def audit_prove(
    entry: Annotated[int, typer.Argument(help="An entry of the region's history, counted from 1.")],
    to: Annotated[Path | None, typer.Option(help="The file to write; <entry>.tlog-proof here, if not given.")] = None,
) -> None:
    """A file that proves one entry of the history to whoever has the public keys (C2SP tlog-proof)."""
    with running_region(SystemRole.governance_auditor) as region:
        content = region.read(f"/v1/audit/entries/{entry}/proof")
    path = to or Path(f"{entry}.tlog-proof")
    with troubles():
        path.write_bytes(content)
    out.print(f"written to {path}", soft_wrap=True, highlight=False)


def _source(one: dict[str, Any]) -> tuple[str, ...]:
    missing = ", ".join(f"{first}-{last}" for first, last in one["holes"]) or "none"
    return one["source"], one["store"], *(str(one[what]) for what in ("after", "last", "facts")), missing, str(one["lag"])


def _look(one: dict[str, Any]) -> tuple[str, ...]:
    at = words(one["operation"].partition(".")[2])
    about = (one[part] or "" for part in ("partnership", "member", "about"))
    return clock(one["looked"]), _short(one["actor"]), words(one["role"]), at, words(one["reason"]), *about


def _short(actor: str) -> str:
    """A token as `token list` shows it, by how it begins."""
    kind, _, id_ = actor.partition(":")
    return f"{kind}:{id_[:8]}" if id_ else actor


def _checkpoint(last: dict[str, Any] | None) -> str:
    if last is None:
        return "no checkpoint yet"
    witnessed = f"witnessed {last['witnessed']}" if last["witnessed"] else "unwitnessed"
    return f"last checkpoint: {last['size']} entries, signed {last['signed']}, {witnessed}"
