"""`midstance athletes`: the runners that are filmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from midstance.cli.options import Athlete, Height, Mass, Notes, Yes, read_height, read_mass
from midstance.cli.terminal import check_outputs, make_sure, out, plain_app

if TYPE_CHECKING:
    from midstance.store import Store

app = plain_app("The runners you film: add, list, show, edit, delete, export, import.")

Page = Annotated[Path, typer.Option("--page", metavar="FILE", help="Where to write the page.")]
Board = Annotated[Path | None, typer.Option("--page", metavar="FILE", help="Also write the list as a page.")]
NewName = Annotated[str | None, typer.Option("--name", metavar="NAME", help="A new name.")]
ImportName = Annotated[str | None, typer.Option("--name", metavar="NAME", help="Take the runner in under this name.")]
Another = Annotated[
    bool, typer.Option("--another", help="This is somebody else than the one whose name differs in capitals alone.")
]
Zip = Annotated[Path, typer.Argument(help="The zip to write.", show_default=False)]
Exported = Annotated[Path, typer.Argument(help="A zip that export wrote.", show_default=False)]


@contextmanager
def opened_store() -> Iterator[Store]:
    """Open the store of this machine for as long as the block runs."""
    from midstance.store import open_store

    store = open_store()
    try:
        store.tidy_now_and_then()
        yield store
    finally:
        store.close()


@app.command("add")
def add_athlete(
    name: Athlete, *, height: Height = None, mass: Mass = None, notes: Notes = None, another: Another = False
) -> None:
    """Add a runner. With the height, lengths come out in metres."""
    import shlex

    height_m, mass_kg = read_height(height), read_mass(mass)
    with opened_store() as store:
        athlete = store.add_athlete(name, height_m=height_m, mass_kg=mass_kg, notes=notes or "", another=another)
        out.print(f"{athlete.name} is here. Add a film: midstance takes add {shlex.quote(athlete.name)} CLIP")


@app.callback(invoke_without_command=True)
def athletes(context: typer.Context) -> None:
    """List the runners you film, if no command follows."""
    if context.invoked_subcommand is None:
        list_athletes()


@app.command("list")
def list_athletes(page: Board = None) -> None:
    """List all runners: what each works on, the cue, the last film, and when to film again."""
    from datetime import UTC, datetime

    from midstance.output.board import board, board_lines, write_board

    check_outputs(page)
    today = datetime.now(UTC).astimezone().date()
    with opened_store() as store:
        rows = board(store)
    for line in board_lines(rows, today=today):
        out.print(line)
    if not rows:
        out.print("No runner is here yet. Add one: midstance athletes add NAME")
    if page:
        out.print(f"{write_board(rows, page, today=today)}   opens in any browser")


@app.command("show")
def show_athlete(name: Athlete, page: Page = Path("athlete.html")) -> None:
    """Write the runner's page: every take, what changed since, and the course of each focus."""
    from midstance.output.athlete_page import write_athlete_page

    check_outputs(page)
    with opened_store() as store:
        out.print(f"{write_athlete_page(store, store.athlete(name), page)}   opens in any browser")


@app.command("edit")
def edit_athlete(
    name: Athlete, *, new_name: NewName = None, height: Height = None, mass: Mass = None, notes: Notes = None
) -> None:
    """Change what is known of a runner; earlier takes keep their numbers until they are analysed again."""
    from midstance.text.names import count

    given: dict[str, Any] = {
        "name": new_name,
        "height_m": read_height(height),
        "mass_kg": read_mass(mass),
        "notes": notes,
    }
    with opened_store() as store:
        before = store.athlete(name)
        after = replace(before, **{key: value for key, value in given.items() if value is not None})
        store.edit_athlete(after)
        kept = [take.id for take in store.takes(after) if take.analyses and not take.film_deleted]
        if kept and (after.height_m, after.mass_kg) != (before.height_m, before.mass_kg):
            of = count(len(kept), "earlier take")
            out.print(f"The numbers of {of} stay as they are. To measure one again: midstance takes analyze {kept[-1]}")


@app.command("delete")
def delete_athlete(name: Athlete, yes: Yes = False) -> None:
    """Delete a runner with every take, result and film."""
    from midstance.text.names import count

    with opened_store() as store:
        athlete = store.athlete(name)
        make_sure(f"Delete {name} with {count(len(store.takes(athlete)), 'take')}, results and films?", yes=yes)
        store.delete_athlete(athlete)
        store.tidy()


@app.command("export")
def export(name: Athlete, path: Zip) -> None:
    """Write everything about a runner into one zip: JSON, CSV, films."""
    from midstance.store import export_athlete

    check_outputs(path)
    with opened_store() as store:
        export_athlete(store, store.athlete(name), path)
        out.print(f"{path}   {path.stat().st_size / 1e6:.1f} MB")


@app.command("import")
def import_(path: Exported, name: ImportName = None) -> None:
    """Take in a runner from a zip that was exported elsewhere."""
    from midstance.store import import_athlete
    from midstance.text.names import count

    with opened_store() as store:
        athlete = import_athlete(store, path, name=name)
        out.print(f"{athlete.name} is here with {count(len(store.takes(athlete)), 'take')}.")
