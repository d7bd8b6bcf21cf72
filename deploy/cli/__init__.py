"""The `comhar` command. Answers go to stdout (`--json` for programs), progress and troubles to stderr.

Exit codes: 0 done; 1 a service of the process has died; 2 the command was used wrongly or refused; 3 the history is not whole; 4 the
region cannot be reached.
"""

from __future__ import annotations

import typer

from deploy.cli import (
    action,
    audit,
    contracts,
    data,
    equality,
    exports,
    feedback,
    guide,
    org_units,
    partnership,
    payment,
    person,
    region,
    replays,
    session,
    tokens,
    views,
)

main = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="comhar: co-production, from session to proof."
)
for module in (region, data, guide):
    main.registered_commands += module.commands.registered_commands
main.add_typer(partnership.commands, name="partnership")
main.add_typer(partnership.members, name="member")
main.add_typer(session.commands, name="session")
main.add_typer(action.commands, name="action")
main.add_typer(payment.commands, name="payment")
main.add_typer(feedback.commands, name="feedback")
main.add_typer(equality.commands, name="equality")
main.add_typer(data.demo, name="demo")
main.add_typer(data.imports, name="import")
for module in (replays, exports):
    audit.commands.registered_commands += module.commands.registered_commands
main.add_typer(guide.frameworks, name="frameworks")
main.add_typer(org_units.commands, name="org-units")
main.add_typer(audit.commands, name="audit")
main.add_typer(person.commands, name="person")
main.add_typer(views.commands, name="views")
main.add_typer(tokens.commands, name="token")
main.add_typer(contracts.commands, name="contracts")
