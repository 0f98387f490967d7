"""`midstance serve`: midstance in the browser, on this machine or for a club."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli.options import Rules
from midstance.cli.terminal import can_ask, out, plain_app

if TYPE_CHECKING:
    from midstance.web.server import Server

app = plain_app()

Port = Annotated[int | None, typer.Option("--port", metavar="N", help="Port; 8460 or a free one if not given.")]
Phone = Annotated[bool, typer.Option("--phone", help="Show a QR code that opens it on a phone in the same network.")]
NoBrowser = Annotated[bool, typer.Option("--no-open", help="Print the link and open no browser.")]
TeamMode = Annotated[
    bool, typer.Option("--team", help="For a club: coaches and athletes sign in, each with an account.")
]
Listen = Annotated[
    str, typer.Option("--listen", metavar="IP", help="With --team: where to listen, 0.0.0.0 everywhere.")
]
Address = Annotated[str, typer.Option("--address", metavar="URL", help="With --team: the address that people type.")]
CoachLink = Annotated[bool, typer.Option("--coach-link", help="With --team: print a link for one more coach.")]
Workers = Annotated[int, typer.Option("--workers", metavar="N", min=1, max=64, help="Films analysed at the same time.")]
KeepDays = Annotated[
    float | None,
    typer.Option("--keep-days", metavar="N", min=0, help="Delete films so many days after their analysis."),
]
Quota = Annotated[
    float, typer.Option("--quota", metavar="GB", min=0, help="Room for each runner's films; 0: no limit.")
]
PrivateHooks = Annotated[
    bool, typer.Option("--private-webhooks", help="Let webhooks call this machine and its network too.")
]


@app.command()
def serve(  # noqa: PLR0913  (options of a command)
    *,
    port: Port = None,
    phone: Phone = False,
    no_open: NoBrowser = False,
    team: TeamMode = False,
    listen: Listen = "127.0.0.1",
    address: Address = "",
    coach_link: CoachLink = False,
    workers: Workers = 1,
    keep_days: KeepDays = None,
    quota: Quota = 0.0,
    private_webhooks: PrivateHooks = False,
    rules: Rules = None,
) -> None:
    """Open midstance in the browser: upload films, see reports, compare takes. Nothing leaves this machine."""
    import sys

    from midstance.errors import UsageError

    if not team and (listen != "127.0.0.1" or address or coach_link):
        raise UsageError("--listen, --address and --coach-link need --team: without it only this machine is let in.")
    if team and phone:
        raise UsageError("--phone is for one person. With --team everybody signs in, on a phone too.")
    try:
        from midstance.web.server import Running, Server, Team
    except ImportError as fault:
        raise UsageError(
            f'The app needs some more packages ({fault.name}): install "midstance[web]", or in its folder ".[web]".'
        ) from None
    running = Running(workers=workers, keep_days=keep_days, quota_gb=quota, private_hooks=private_webhooks, rules=rules)
    served = Team(listen=listen, address=address) if team else None
    with Server(port=port, phone=phone, team=served, running=running) as server:
        link = _say_where(server, team=team, coach_link=coach_link)
        sys.stdout.flush()  # whoever reads the link from a pipe gets it now
        if can_ask() and not no_open:
            typer.launch(link)
        server.run()


def _say_where(server: Server, *, team: bool, coach_link: bool) -> str:
    """Print how to get in; return the link to open."""
    if not team:
        link = server.link()
        out.print(f"{link}   opens midstance, once, in the next minutes. Ctrl+C ends it.")
        for line in server.phone_lines():
            out.print(line)
        return link
    out.print(f"{server.address}   is where the club signs in. Ctrl+C ends it.")
    invited = server.coach_link(another=coach_link)
    if invited:
        out.print(f"{invited}   makes {'one more' if coach_link else 'the first'} coach, once, within a week.")
    if server.address.startswith("http://") and "//127.0.0.1:" not in server.address:
        out.print("Passwords cross the network unprotected: put HTTPS before it (docs/operators.md).")
    return invited or server.address
