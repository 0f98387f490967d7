"""`midstance doctor`: what works on this machine."""

from __future__ import annotations

import typer

from midstance.cli.terminal import out, plain_app

app = plain_app()


@app.command()
def doctor() -> None:
    """Say what works on this machine and what to do about the rest."""
    from midstance.cli.checks import examine

    ill = False
    for check in examine():
        mark = "ok " if check.well else ("NO " if check.needed else "-- ")
        out.print(f"{mark} {check.name:28} {check.says}")
        if check.do:
            out.print(f"    {check.do}")
        ill = ill or (check.needed and not check.well)
    raise typer.Exit(1 if ill else 0)
