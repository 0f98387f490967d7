"""`midstance doctor` and `midstance schema`: what works on this machine, and the form of analysis.json."""

from __future__ import annotations

import json

import typer

from midstance.cli.terminal import out

app = typer.Typer()


@app.command()
def doctor() -> None:
    """Say what works on this machine and what to do about the rest."""
    from midstance.cli.doctor import examine  # noqa: PLC0415

    ill = False
    for check in examine():
        mark = "ok " if check.well else ("NO " if check.needed else "-- ")
        out.print(f"{mark} {check.name:28} {check.says}")
        if check.do:
            out.print(f"    {check.do}")
        ill = ill or (check.needed and not check.well)
    raise typer.Exit(1 if ill else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of analysis.json."""
    from midstance.formats import analysis_json  # noqa: PLC0415

    print(json.dumps(analysis_json.json_schema(), indent=1))  # noqa: T201  (plain, for a pipe)
