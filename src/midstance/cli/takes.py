"""`midstance takes`: the films of each runner."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from midstance.cli.athletes import opened_store
from midstance.cli.options import (
    OF_A_RUNNER,
    Notes,
    SlowMotion,
    Speed,
    TakeNumber,
    Yes,
    clip_options,
    gathered,
    read_slow_motion,
    read_speed,
    with_clip_options,
)
from midstance.cli.options import Athlete as AthleteName
from midstance.cli.terminal import ask_about, bar, check_outputs, make_sure, out, plain_app

if TYPE_CHECKING:
    from midstance.comparison.model import Athlete, StoredTake, Take, TakeNotes
    from midstance.options import Options
    from midstance.store import Store

app = plain_app("Their films: add, list, show, report, edit, analyze, join, watch, delete, tidy.", no_args_is_help=True)

Clip = Annotated[Path, typer.Argument(help="The film; it is copied and stays as it is.", show_default=False)]
Recording = Annotated[Path, typer.Argument(help="FIT or CSV of the watch.", show_default=False)]
Date = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help="When it was filmed, as 2026-05-01 or 2026-05-01T07:30.")
]
Trying = Annotated[str | None, typer.Option("--trying", metavar="WORDS", help="What the runner was thinking of.")]
Tested = Annotated[
    str | None,
    typer.Option("--experiment", metavar="CAUSE", help="The film tests this cause of the take before, as late_arm."),
]
Surface = Annotated[str | None, typer.Option("--surface", metavar="WORDS", help="Track, road, treadmill ...")]
Shoes = Annotated[str | None, typer.Option("--shoes", metavar="WORDS", help="Which shoes.")]

TakeNumbers = Annotated[list[int], typer.Argument(help="Takes of one run, each from another side.", show_default=False)]
Again = Annotated[bool, typer.Option("--again", help="Add the film although a take has it already.")]
Folder = Annotated[
    Path | None, typer.Option("--out", metavar="FOLDER", help="Where to write the results; take-N if not given.")
]
Handout = Annotated[bool, typer.Option("--pdf", help="Open the page to print and hand out instead.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Write the report and do not open it.")]


NOTES = {
    "date": (Date, None),
    "trying": (Trying, None),
    "surface": (Surface, None),
    "shoes": (Shoes, None),
    "notes": (Notes, None),
}
"""What may be said of a take."""

with_notes = gathered("said", NOTES, dict)


@app.command("add")
@with_clip_options((*OF_A_RUNNER, "what_could_i_try", "blur_faces"))
@with_notes
def add_take(
    name: AthleteName,
    clip: Clip,
    *,
    said: dict[str, Any],
    options: Options,
    experiment: Tested = None,
    again: Again = False,
) -> None:
    """Keep a film, analyse it, and say what changed since the last one."""
    from midstance.comparison.experiment import note_of
    from midstance.comparison.model import TakeNotes
    from midstance.store.ingest import filmed_at
    from midstance.video.opening import open_clip

    if experiment:
        said["trying"] = note_of(experiment)
    given = {"speed_mps": options.speed_mps, "slow_motion": options.slow_motion}
    known = _edited(TakeNotes(taken_at=filmed_at(clip)), **said | given)
    sha256 = open_clip(clip).sha256  # what is no film is not kept
    with opened_store() as store:
        athlete = store.athlete(name)
        if not again:
            _is_new(store, sha256)
        _learn(store, athlete, options)
        keep_take(store, athlete, clip, known=known, options=options)


@app.command("list")
def list_takes(name: AthleteName) -> None:
    """List the takes of a runner in the order of filming."""
    with opened_store() as store:
        athlete = store.athlete(name)
        takes = store.takes(athlete)
        for take in takes:
            out.print(_line(store, take))
        if not takes:
            out.print(f"{athlete.name} has no take yet. Add one: midstance takes add {shlex.quote(athlete.name)} CLIP")


@app.command("show")
def show_take(number: TakeNumber) -> None:
    """Show what is known of a take, its plans and the versions that analysed it."""
    from midstance.text.outcome import outcome_lines, plan_title

    with opened_store() as store:
        take = store.take(number)
        out.print(_line(store, take))
        for label in ("surface", "shoes", "speed_mps", "notes"):
            if value := getattr(take.known, label):
                out.print(f"  {label}: {value}")
        for analysis in store.analyses(take):
            refused = analysis.get("refused")
            out.print(f"  midstance {analysis['version']}: {refused['says'] if refused else 'analysed'}")
        for analysis in store.analyses(take)[-1:]:
            for line in [] if "refused" in analysis or analysis["plan"] else outcome_lines(analysis):
                out.print(f"  {line}")
        for plan in store.plans(take):
            out.print(f"  plan: {plan_title(plan)}. “{plan['cue']}”")


@app.command("report")
def report_take(
    number: TakeNumber, folder: Folder = None, *, handout: Handout = False, no_open: NoOpen = False
) -> None:
    """Write the results of a take, and open its report in the browser, or the page to hand out."""
    from midstance.cli.terminal import can_ask
    from midstance.errors import UsageError
    from midstance.output.results import unpack_report
    from midstance.reasons import Reason

    folder = folder or Path(f"take-{number}")
    check_outputs(folder=folder)
    with opened_store() as store:
        take = store.take(number)
        if not take.has_report:
            _analyze(store, take, clip_options())
            take = store.take(number)
        page = unpack_report(store, take, folder)
        refused = "refused" in store.analyses(take)[-1]
    paper = folder / "handout.pdf"
    out.print(f"{page}   {'the frames that show why' if refused else 'the report, opens in any browser'}")
    if paper.exists():  # results that an older version kept have none
        out.print(f"{paper}   the page to print and hand out")
    elif handout:
        raise UsageError(Reason("refused_no_handout" if refused else "no_handout", take=number))
    if can_ask() and not no_open:
        typer.launch(str(paper if handout else page))


@app.command("edit")
@with_notes
def edit_take(number: TakeNumber, *, said: dict[str, Any], speed: Speed = None, slow_motion: SlowMotion = None) -> None:
    """Change what is known of a take; after a new speed or slow motion, analyze it again."""
    said |= {"speed_mps": read_speed(speed), "slow_motion": read_slow_motion(slow_motion)}
    with opened_store() as store:
        take = store.take(number)
        store.edit_take(take, _edited(take.known, **said))


@app.command("analyze")
@with_clip_options((*OF_A_RUNNER, "what_could_i_try", "blur_faces"))
def analyze_take(number: TakeNumber, *, options: Options) -> None:
    """Analyse a take again; the older analyses stay."""
    with opened_store() as store:
        take = store.take(number)
        _learn(store, store.owner(take), options)
        _analyze(store, take, options)


@app.command("join")
@with_clip_options(("model", "rules", "what_could_i_try", "blur_faces"))
def join_several(numbers: TakeNumbers, *, options: Options) -> None:
    """Analyse takes of one run from several sides together; the take from the side keeps the report."""
    from midstance.cli.runs import bring_models
    from midstance.errors import UsageError
    from midstance.output.results import zip_results
    from midstance.reasons import Reason
    from midstance.store.ingest import join_takes
    from midstance.text.outcome import outcome_lines

    if len(set(numbers)) < 2:
        raise UsageError(Reason("one_film_together"))
    with opened_store() as store:
        takes = [store.take(number) for number in dict.fromkeys(numbers)]
        bring_models(options.model)
        with bar("looking for the runner") as on_progress:
            lead, content = join_takes(
                store, takes, options, on_progress=on_progress, ask=ask_about, write_report=zip_results
            )
    for line in outcome_lines(content):
        out.print(line)
    out.print(f"The report: midstance takes report {lead.id}")


@app.command("watch")
def watch_take(number: TakeNumber, recording: Recording) -> None:
    """Put what the watch read beside what the film shows."""
    from dataclasses import asdict

    from midstance.comparison.watch import compare_with_watch, watch_measures
    from midstance.errors import UsageError
    from midstance.formats.watch import read_watch
    from midstance.text.changes import describe_watch

    with opened_store() as store:
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


@app.command("delete")
def delete_take(number: TakeNumber, yes: Yes = False) -> None:
    """Delete a take, its results and its film."""
    with opened_store() as store:
        take = store.take(number)
        make_sure(f"Delete take {number} ({take.clip.name}) and its film?", yes=yes)
        store.delete_take(take)
        store.tidy()


@app.command("tidy")
def tidy_takes() -> None:
    """Delete films that no take has, left by a delete or an import that was cut short; and temporary folders."""
    from midstance.text.names import count

    with opened_store() as store:
        out.print(f"{count(store.tidy(), 'file')} that nothing refers to deleted; what is younger than an hour stays.")


# -- one take ------------------------------------------------------------------------------------------------------


def keep_take(store: Store, athlete: Athlete, clip: Path, *, known: TakeNotes, options: Options) -> None:
    """Keep a film as a take, analyse it, and say what changed since the last one."""
    judge_take(store, kept_take(store, athlete, clip, known), options)


def kept_take(store: Store, athlete: Athlete, clip: Path, known: TakeNotes) -> StoredTake:
    """Keep a film as a take, not judged yet."""
    take = store.add_take(athlete, clip, known)
    out.print(f"take {take.id}: {clip.name}")
    return take


def judge_take(store: Store, take: StoredTake, options: Options) -> None:
    """Analyse a take, and say what changed since the last one."""
    _analyze(store, take, options)
    out.print(f"The report: midstance takes report {take.id}")
    _print_since(store, take)


def _analyze(store: Store, take: StoredTake, options: Options) -> None:
    """Analyse a take and say its focus. Raises typer.Exit if it could not be judged."""
    from functools import partial

    from midstance.cli.runs import bring_models
    from midstance.errors import Refused
    from midstance.output.results import zip_results
    from midstance.store.ingest import analyze_take
    from midstance.text.outcome import outcome_lines

    bring_models(options.model)
    write = partial(zip_results, who=store.owner(take).name)
    with bar("looking for the runner") as on_progress:
        content = analyze_take(store, take, options, on_progress=on_progress, ask=ask_about, write_report=write)
    if "refused" in content:
        out.print(f"It is kept, but could not be judged: {content['refused']['says']}")
        if store.take(take.id).has_report:
            out.print(f"The frames that show why: midstance takes report {take.id}")
        raise typer.Exit(Refused.exit_code)
    for line in outcome_lines(content):
        out.print(line)


def _learn(store: Store, athlete: Athlete, options: Options) -> None:
    """Keep a height or a mass that was not known of a runner yet."""
    sizes: dict[str, Any] = {"height_m": options.height_m, "mass_kg": options.mass_kg}
    new = {name: size for name, size in sizes.items() if size and getattr(athlete, name) is None}
    if new:
        store.edit_athlete(replace(athlete, **new))


def _is_new(store: Store, sha256: str) -> None:
    """Ask before a film is added that a take has already. Raises typer.Abort, or UsageError where nobody can answer."""
    from midstance.cli.terminal import agreed, can_ask
    from midstance.errors import UsageError
    from midstance.reasons import Reason

    same = store.takes_of_film(sha256)
    if not same:
        return
    owner = store.owner(same[0]).name
    if not can_ask():
        raise UsageError(Reason("film_is_here", take=same[0].id, athlete=owner))
    if not agreed(f"This film is take {same[0].id} of {owner} already. Add it once more?"):
        raise typer.Abort


def _print_since(store: Store, take: StoredTake) -> None:
    """Say what changed since the take before; of one from another side, how the two are joined."""
    from midstance.cli.compare import print_changes
    from midstance.store.next_take import another_side, compare_next

    if not (before := _one_before(store, take)):
        return
    stored, earlier = before
    if another_side(earlier, store.read(take)):
        out.print(f"Of one run, from another side? midstance takes join {stored.id} {take.id}")
    else:
        print_changes(compare_next(store, stored, take))


def _one_before(store: Store, take: StoredTake) -> tuple[StoredTake, Take] | None:
    """Return the last take that was filmed before this one and could be judged, from the same side if there is one.

    An experiment is none to start from.
    """
    from contextlib import suppress
    from itertools import takewhile

    from midstance.comparison.experiment import is_experiment
    from midstance.errors import InputError, UsageError

    plane, found = store.read(take).plane, None
    earlier = takewhile(lambda other: other.id != take.id, store.takes(store.owner(take)))
    for other in (other for other in earlier if not is_experiment(other.known.trying)):
        with suppress(UsageError, InputError):
            earlier_take = store.read(other)
            if found is None or earlier_take.plane == plane or found[1].plane != plane:
                found = other, earlier_take
    return found


def _line(store: Store, take: StoredTake) -> str:
    at = f"{take.known.taken_at:%Y-%m-%d %H:%M}" if take.known.taken_at else "no date"
    trying = f"  thinking of “{take.known.trying}”" if take.known.trying else ""
    return f"{take.id:4}  {at:16}  {take.clip.name:24}  {_state(store, take)}{trying}"


def _state(store: Store, take: StoredTake) -> str:
    """Return what the newest analysis of a take came to."""
    from midstance.text.outcome import outcome

    if not take.analyses:
        return "not analysed yet"
    newest = store.analyses(take)[-1]
    if "refused" in newest:
        return "could not be judged"
    return outcome(newest)


def _edited(known: TakeNotes, *, date: str | None, **given: Any) -> TakeNotes:
    """Lay the words of the command line over what is known; None leaves a thing as it was."""
    from midstance.quantities import moment

    given["taken_at"] = moment(date) if date else None
    return replace(known, **{name: value for name, value in given.items() if value is not None})
