"""`midstance serve`: midstance in the browser, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from midstance.cli.terminal import can_ask, out, plain_app

app = plain_app()

Port = Annotated[int | None, typer.Option("--port", metavar="N", help="Port; 8460 or a free one if not given.")]
Phone = Annotated[bool, typer.Option("--phone", help="Show a QR code that opens it on a phone in the same network.")]
NoBrowser = Annotated[bool, typer.Option("--no-open", help="Print the link and open no browser.")]
Team = Annotated[bool, typer.Option("--team", help="For a club, with accounts: not yet there.")]


@app.command()
def serve(*, port: Port = None, phone: Phone = False, no_open: NoBrowser = False, team: Team = False) -> None:
    """Open midstance in the browser: upload films, see reports, compare takes. Nothing leaves this machine."""
    import sys

    from midstance.errors import UsageError

    if team:
        raise UsageError("--team does not exist yet. Use midstance serve on your own machine, or add --phone.")
    try:
        from midstance.web.server import Server
    except ImportError as fault:
        raise UsageError(f"The app needs some more packages ({fault.name}): pip install 'midstance[web]'") from None
    with Server(port=port, phone=phone) as server:
        out.print(f"{server.link()}   opens midstance, once, in the next minutes. Ctrl+C ends it.")
        for line in server.phone_lines():
            out.print(line)
        sys.stdout.flush()  # whoever reads the link from a pipe gets it now
        if can_ask() and not no_open:
            typer.launch(server.link())
        server.run()
