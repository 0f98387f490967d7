"""`midstance athletes`, `midstance takes`, `midstance compare`: words into calls of the store, and back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

import typer

from midstance.cli.runs import analyze_clip, ask_on_terminal, bring_models
from midstance.cli.terminal import bar, is_take, out
from midstance.comparison import compare_series
from midstance.comparison.model import Athlete, SeriesComparison, StoredTake, Take, TakeNotes
from midstance.comparison.take import read_take, series_json, take_from_analysis
from midstance.comparison.watch import compare_with_watch, watch_measures
from midstance.errors import InputError, Refused, UsageError
from midstance.formats.watch import read_watch
from midstance.options import Options, checked_model
from midstance.output.results import write_json
from midstance.reasons import Reason
from midstance.store import Store, export_athlete, import_athlete, open_store
from midstance.text.changes import change_rows, describe_series, describe_watch
from midstance.text.names import count, join, problem_title
from midstance.video.clip import open_clip

app = typer.Typer()
athletes = typer.Typer(
    help="The runners you film: add, list, show, edit, delete, export, import.", no_args_is_help=True
)
takes = typer.Typer(help="Their films: add, list, show, edit, analyze, watch, delete.", no_args_is_help=True)
app.add_typer(athletes, name="athletes")
app.add_typer(takes, name="takes")

Name = Annotated[str, typer.Argument(help="The athlete's name.", show_default=False)]
Number = Annotated[int, typer.Argument(help="The number of the take, as `takes list` shows it.", show_default=False)]
Height = Annotated[float | None, typer.Option("--height", help="Body height in metres.", min=0.8, max=2.5)]
Mass = Annotated[float | None, typer.Option("--mass", help="Body mass in kilograms.", min=20, max=250)]
Notes = Annotated[str | None, typer.Option("--notes", help="Anything worth keeping.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask again.")]
Date = Annotated[str | None, typer.Option("--date", help="When it was filmed, as 2026-05-01 or 2026-05-01T07:30.")]
Trying = Annotated[str | None, typer.Option("--trying", help="What the runner was thinking of.")]
Surface = Annotated[str | None, typer.Option("--surface", help="Track, road, treadmill ...")]
Shoes = Annotated[str | None, typer.Option("--shoes", help="Which shoes.")]
Speed = Annotated[float | None, typer.Option("--speed", help="Running speed in metres a second.", min=0.5, max=13)]
SlowMotion = Annotated[float | None, typer.Option("--slow-motion", help="How many times slower than life.", min=1)]
Model = Annotated[str, typer.Option("--model", help="Pose model: lite, full, heavy or rtmpose-m.")]
Json = Annotated[str | None, typer.Option("--json", help="Also write the comparison here; - prints only that.")]
Table = Annotated[bool, typer.Option("--table", help="Print every measure.")]
What = Annotated[
    list[str], typer.Argument(help="Clips, folders of results or numbers of takes, in order.", show_default=False)
]

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Of a film."""


@contextmanager
def _store() -> Iterator[Store]:
    store = open_store()
    try:
        yield store
    finally:
        store.close()


# -- athletes ------------------------------------------------------------------------------------------------------


@athletes.command("add")
def add_athlete(name: Name, height: Height = None, mass: Mass = None, notes: Notes = None) -> None:
    """Add a runner. With the height, lengths come out in metres."""
    with _store() as store:
        athlete = store.add_athlete(name, height_m=height, mass_kg=mass, notes=notes or "")
        out.print(f"{athlete.name} is here. Add a film: midstance takes add {shlex.quote(athlete.name)} CLIP")


@athletes.command("list")
def list_athletes() -> None:
    """List all runners."""
    with _store() as store:
        for athlete in store.athletes():
            out.print(f"{athlete.name:24} {count(len(store.takes(athlete)), 'take'):>8}  {_height(athlete)}")


@athletes.command("show")
def show_athlete(
    name: Name,
    page: Annotated[Path, typer.Option("--page", help="Where to write the page.")] = Path("athlete.html"),
) -> None:
    """Write the runner's page: every take, what changed since, and the course of each focus."""
    from midstance.output.athlete_page import write_athlete_page  # noqa: PLC0415  (brings Jinja along)

    with _store() as store:
        out.print(f"{write_athlete_page(store, store.athlete(name), page)}   opens in any browser")


@athletes.command("edit")
def edit_athlete(
    name: Name,
    *,
    new_name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    height: Height = None,
    mass: Mass = None,
    notes: Notes = None,
) -> None:
    """Change what is known of a runner."""
    given: dict[str, Any] = {"name": new_name, "height_m": height, "mass_kg": mass, "notes": notes}
    with _store() as store:
        store.edit_athlete(replace(store.athlete(name), **{key: v for key, v in given.items() if v is not None}))


@athletes.command("delete")
def delete_athlete(name: Name, yes: Yes = False) -> None:
    """Delete a runner with every take, result and film."""
    with _store() as store:
        athlete = store.athlete(name)
        _sure(f"Delete {name} with {count(len(store.takes(athlete)), 'take')}, results and films?", yes=yes)
        store.delete_athlete(athlete)
        store.tidy()


@athletes.command("export")
def export(name: Name, path: Annotated[Path, typer.Argument(help="The zip to write.")]) -> None:
    """Write everything about a runner into one zip: JSON, CSV, films."""
    with _store() as store:
        export_athlete(store, store.athlete(name), path)
        out.print(f"{path}   {path.stat().st_size / 1e6:.1f} MB")


@athletes.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A zip that export wrote.")],
    name: Annotated[str | None, typer.Option("--name", help="Take the runner in under this name.")] = None,
) -> None:
    """Take in a runner from a zip that was exported elsewhere."""
    with _store() as store:
        athlete = import_athlete(store, path, name=name)
        out.print(f"{athlete.name} is here with {count(len(store.takes(athlete)), 'take')}.")


# -- takes ---------------------------------------------------------------------------------------------------------


@takes.command("add")
def add_take(  # noqa: PLR0913  (one for each word of the command line)
    name: Name,
    clip: Annotated[Path, typer.Argument(help="The film; it is copied and stays as it is.")],
    *,
    date: Date = None,
    trying: Trying = None,
    surface: Surface = None,
    shoes: Shoes = None,
    speed: Speed = None,
    slow_motion: SlowMotion = None,
    notes: Notes = None,
    model: Model = "full",
) -> None:
    """Keep a film, analyse it, and say what changed since the last one."""
    from midstance.store.ingest import filmed_at  # noqa: PLC0415  (slow to import)

    checked_model(model)
    known = TakeNotes(taken_at=filmed_at(clip))
    known = _edited(
        known, date, trying, surface=surface, shoes=shoes, speed_mps=speed, slow_motion=slow_motion, notes=notes
    )
    open_clip(clip)  # what is no film is not kept
    with _store() as store:
        athlete = store.athlete(name)
        take = store.add_take(athlete, clip, known)
        out.print(f"take {take.id}: {clip.name}")
        _analyze(store, take, model)
        if before := _one_before(store, athlete, take):
            _print_changes(compare_series([before, store.read(take)]))


@takes.command("list")
def list_takes(name: Name) -> None:
    """List the takes of a runner in the order of filming."""
    with _store() as store:
        for take in store.takes(store.athlete(name)):
            out.print(_line(store, take))


@takes.command("show")
def show_take(number: Number) -> None:
    """Show what is known of a take, its plans and the versions that analysed it."""
    with _store() as store:
        take = store.take(number)
        out.print(_line(store, take))
        for label in ("surface", "shoes", "speed_mps", "notes"):
            if value := getattr(take.known, label):
                out.print(f"  {label}: {value}")
        for analysis in store.analyses(take):
            refused = analysis.get("refused")
            out.print(f"  midstance {analysis['version']}: {refused['says'] if refused else 'analysed'}")
        for plan in store.plans(take):
            out.print(f"  plan: {_title(plan)}. “{plan['cue']}”")


@takes.command("edit")
def edit_take(
    number: Number,
    *,
    date: Date = None,
    trying: Trying = None,
    surface: Surface = None,
    shoes: Shoes = None,
    speed: Speed = None,
    slow_motion: SlowMotion = None,
    notes: Notes = None,
) -> None:
    """Change what is known of a take; after a new speed or slow motion, analyze it again."""
    given = {"surface": surface, "shoes": shoes, "speed_mps": speed, "slow_motion": slow_motion, "notes": notes}
    with _store() as store:
        take = store.take(number)
        store.edit_take(take, _edited(take.known, date, trying, **given))


@takes.command("analyze")
def analyze_take(number: Number, model: Model = "full") -> None:
    """Analyse a take again; the older analyses stay."""
    checked_model(model)
    with _store() as store:
        take = store.take(number)
        _analyze(store, take, model)


@takes.command("watch")
def watch_take(number: Number, recording: Annotated[Path, typer.Argument(help="FIT or CSV of the watch.")]) -> None:
    """Put what the watch read beside what the film shows."""
    with _store() as store:
        take = store.take(number)
        if take.known.taken_at is None:
            raise UsageError(f"When was take {number} filmed? Say so: midstance takes edit {number} --date ...")
        content = store.analyses(take)
        duration_s = content[-1]["clip"]["duration_s"] if content else 0.0
        read = watch_measures(read_watch(recording), take.known.taken_at, duration_s)
        if not read:
            raise UsageError(f"{recording} holds nothing that the watch read in these seconds.")
        store.set_watch(take, [asdict(measure) for measure in read])
        for line in describe_watch(compare_with_watch(store.read(take).measures, read)):
            out.print(line)


@takes.command("delete")
def delete_take(number: Number, yes: Yes = False) -> None:
    """Delete a take, its results and its film."""
    with _store() as store:
        take = store.take(number)
        _sure(f"Delete take {number} ({take.clip.name}) and its film?", yes=yes)
        store.delete_take(take)
        store.tidy()


# -- compare -------------------------------------------------------------------------------------------------------


@app.command()
def compare(
    what: What,
    *,
    height: Height = None,
    speed: Speed = None,
    model: Model = "full",
    table: Table = False,
    json_to: Json = None,
) -> None:
    """Say what changed between two takes or more, beyond the error of the camera, and what to do now."""
    checked_model(model)
    if len(what) < 2:
        raise UsageError(Reason("two_takes_needed"))
    options = Options(height_m=height, speed_mps=speed, model=model)
    with _store() as store:
        stored = [store.take(int(word)) for word in what if is_take(word)]
        if len(names := list(dict.fromkeys(store.owner(take).name for take in stored))) > 1:
            raise UsageError(
                f"These are takes of {join(names)}: only takes of one runner are compared. "
                "midstance film lays runners side by side."
            )
        seen = [store.read(store.take(int(word))) if is_take(word) else _seen(Path(word), options) for word in what]
        series = compare_series(seen)
        content = series_json(series, [line for chapter in describe_series(series) for line in chapter.says])
        if len(stored) == len(what):
            store.add_comparison(stored, content)
    if json_to == "-":
        print(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))  # noqa: T201  (plain, for a pipe)
        return
    if json_to:
        write_json(content, Path(json_to))
    _print_changes(series, table=table)


def _seen(path: Path, options: Options) -> Take:
    """Read a folder of results, or of a clip those beside it if they are of this very film; else analyze it now."""
    if path.suffix == ".json" or (path / "analysis.json").exists():
        return read_take(path)
    clip = open_clip(path)
    beside_it = path.with_name(f"{path.name}.midstance") / "analysis.json"
    if beside_it.exists() and f'"sha256": "{clip.sha256}"' in beside_it.read_text(encoding="utf-8"):
        return read_take(beside_it, label=path.name)
    return take_from_analysis(analyze_clip(clip, options, title=f"looking for the runner in {path.name}"))


# -- said ----------------------------------------------------------------------------------------------------------


def _print_changes(series: SeriesComparison, *, table: bool = False) -> None:
    for chapter in describe_series(series):
        out.print(f"\n{chapter.title}")
        for line in chapter.says:
            out.print(f"  {line}")
    if table:
        out.print()
        for row in change_rows(series.overall):
            out.print(f"{row.name:44} {row.before:>22} {row.after:>22} {row.change:>34}  {row.verdict}")


def _one_before(store: Store, athlete: Athlete, take: StoredTake) -> Take | None:
    """Return the last take that was filmed before this one and could be judged."""
    found = None
    for other in takewhile(lambda other: other.id != take.id, store.takes(athlete)):
        with suppress(UsageError, InputError):
            found = store.read(other)
    return found


def _analyze(store: Store, take: StoredTake, model: str) -> None:
    """Analyse a take and say its focus. Raises typer.Exit if it could not be judged."""
    from midstance.store.ingest import analyze_take  # noqa: PLC0415  (slow to import)

    bring_models(model)
    with bar("looking for the runner") as on_progress:
        content = analyze_take(store, take, model=model, on_progress=on_progress, ask=ask_on_terminal)
    if "refused" in content:
        out.print(f"It is kept, but could not be judged: {content['refused']['says']}")
        raise typer.Exit(Refused.exit_code)
    plan = content["plan"]
    out.print(f"{_title(plan)}. “{plan['cue']}”" if plan else "Nothing asks for a change.")


def _line(store: Store, take: StoredTake) -> str:
    at = f"{take.known.taken_at:%Y-%m-%d %H:%M}" if take.known.taken_at else "no date"
    trying = f"  thinking of “{take.known.trying}”" if take.known.trying else ""
    return f"{take.id:4}  {at:16}  {take.clip.name:24}  {_state(store, take)}{trying}"


def _state(store: Store, take: StoredTake) -> str:
    """Return what the newest analysis of a take came to."""
    if not take.analyses:
        return "not analysed yet"
    newest = store.analyses(take)[-1]
    if "refused" in newest:
        return "could not be judged"
    return _title(newest["plan"]) if newest.get("plan") else "nothing to change"


def _title(plan: Mapping[str, Any]) -> str:
    """Return the headline of a stored plan; one from before plans had titles is called as the built-in rules do."""
    return problem_title(plan["focus"], plan.get("title") or "")


def _height(athlete: Athlete) -> str:
    return f"{athlete.height_m:.2f} m" if athlete.height_m else ""


def _edited(known: TakeNotes, date: str | None, trying: str | None, **given: Any) -> TakeNotes:
    """Lay the words of the command line over what is known; None leaves a thing as it was."""
    given |= {"taken_at": _moment(date) if date else None, "trying": trying}
    return replace(known, **{name: value for name, value in given.items() if value is not None})


def _moment(text: str) -> datetime:
    """Read a day or a moment, in this machine's time zone unless it names one. Raises UsageError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--date {text}: write it as 2026-05-01 or 2026-05-01T07:30") from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise UsageError(f"--date {text}: there were no films in {at.year}")
    return at.astimezone()


def _sure(question: str, *, yes: bool) -> None:
    if not yes:
        typer.confirm(question, abort=True)
