"""`midstance live`: watch a runner while they run."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from midstance.cli.options import gathered, with_clip_options
from midstance.cli.terminal import check_outputs, err, note, out, plain_app

if TYPE_CHECKING:
    from midstance.live.focus import Focus
    from midstance.live.outcome import Session, Wanted
    from midstance.live.reading import Reading
    from midstance.live.source import Source
    from midstance.live.stopping import Stop
    from midstance.model import Measure
    from midstance.options import Options

app = plain_app()

SourceName = Annotated[
    str, typer.Argument(metavar="SOURCE", help="The number of a camera, 0 for the first, or a film.", show_default="0")
]
Watched = Annotated[
    str | None, typer.Option("--focus", metavar="MEASURE", help="The number to watch; that of the plan if not given.")
]
Whose = Annotated[
    str | None,
    typer.Option("--athlete", metavar="NAME", help="Watch this runner's focus, and keep the session as a take."),
]
Beat = Annotated[
    float | None,
    typer.Option("--beat", metavar="PERCENT", help="Click for every step, so much faster than now: 5."),
]
NoSound = Annotated[bool, typer.Option("--no-sound", help="Play no tone when the cue is met.")]
NoWindow = Annotated[bool, typer.Option("--no-window", help="Open no window and play no sound; print the numbers.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILM", help="Write what is shown as a film.")]
Save = Annotated[Path | None, typer.Option("--save", metavar="FILM", help="Write what the camera sees as a film.")]
Seconds = Annotated[float | None, typer.Option("--seconds", metavar="N", help="Stop after so many seconds.")]

OF_A_SESSION = {
    "beat_pct": (Beat, None),
    "drawn_to": (Out, None),
    "saved_to": (Save, None),
    "seconds": (Seconds, None),
}

MOST_BEAT_PCT = 20.0


def _session(
    *, beat_pct: float | None, drawn_to: Path | None, saved_to: Path | None, seconds: float | None
) -> dict[str, Any]:
    """Return what was typed of a session, as Wanted takes it. Raises UsageError, InputError."""
    from midstance.errors import UsageError
    from midstance.reasons import Reason

    if beat_pct is not None and not 0 <= beat_pct <= MOST_BEAT_PCT:
        raise UsageError(Reason("live_beat_out_of_range", said=f"{beat_pct:g}", most=MOST_BEAT_PCT))
    if seconds is not None and not seconds > 0:
        raise UsageError(Reason("live_seconds", said=f"{seconds:g}"))
    check_outputs(drawn_to, saved_to)
    beat_more = None if beat_pct is None else beat_pct / 100
    return {"beat_more": beat_more, "drawn_to": drawn_to, "saved_to": saved_to, "seconds": seconds}


@app.command()
@with_clip_options(("height_m", "mass_kg", "speed_mps", "model", "rules", "threads"))
@gathered("session", OF_A_SESSION, _session)
def live(
    source: SourceName = "0",
    *,
    options: Options,
    session: dict[str, Any],
    measure: Watched = None,
    athlete: Whose = None,
    no_sound: NoSound = False,
    no_window: NoWindow = False,
) -> None:
    """Watch a runner live: legs, cadence, contact, the number to change; a tone when the cue is met, or a beat."""
    from midstance.cli.runs import bring_models
    from midstance.formats.files import temporary_folder
    from midstance.live.outcome import Wanted
    from midstance.live.source import open_source
    from midstance.live.stopping import stopped_by_hand

    focus, known = _known(athlete, measure, options)
    opened = open_source(source)
    bring_models(options.model)
    with temporary_folder() as folder:
        if athlete and not session["saved_to"]:
            session["saved_to"] = Path(folder) / _called()
        wanted = Wanted(options=known, focus=focus, **session)
        with stopped_by_hand() as stop:  # until everything is kept
            lost = _watch(opened, wanted, stop, silent=no_sound, blind=no_window).lost
            for film, shows in ((wanted.drawn_to, "what was shown"), (wanted.saved_to, "what the camera saw")):
                if film and film.parent != Path(folder):
                    out.print(f"{film}   {shows}")
            take = _keep(athlete, wanted.saved_to, options) if athlete and wanted.saved_to else None
    if lost:
        err.print(f"midstance: {lost.say('cli')}")
    if take:
        _judge(take, options)
    if lost:
        raise typer.Exit(lost.exit_code)


def _known(athlete: str | None, measure: str | None, options: Options) -> tuple[Focus | None, Options]:
    """Return what is watched and what is known of the runner. Raises UsageError."""
    from midstance.live.focus import focus_of_plan, focus_of_word

    focus = focus_of_word(measure) if measure else None
    if athlete is None:
        return focus, options
    from midstance.cli.athletes import opened_store
    from midstance.comparison.model import TakeNotes
    from midstance.store.ingest import options_of

    with opened_store() as store:
        runner = store.athlete(athlete)
        judged = [take for take in store.takes(runner) if store.plans(take)]
        plan = store.read(judged[-1]).plan if judged and focus is None else None
        return focus or focus_of_plan(plan), options_of(runner, TakeNotes(), options)


def _called() -> str:
    """Return the name of a session that is kept as a take."""
    from datetime import datetime

    return f"live-{datetime.now().astimezone():%Y-%m-%d-%H%M}.mp4"


def _watch(source: Source, wanted: Wanted, stop: Stop, *, silent: bool, blind: bool) -> Session:
    """Watch in a window, or without one; print the numbers as they come, and how fast it went."""
    from midstance.errors import UsageError
    from midstance.live.panel import Panel
    from midstance.live.session import watch
    from midstance.live.window import Sound, Window
    from midstance.text.live import session_lines

    with ExitStack() as stack:
        screen = player = None
        if not blind:
            screen = Window(f"midstance: {source.name}", Panel(*source.size).size)
            stack.callback(screen.close)
        if not (blind or silent):
            try:
                player = Sound()
                stack.callback(player.close)
            except UsageError as fault:
                note(fault.say("cli"))
        err.print("Ctrl-C stops." if blind else "Escape or q stops.")
        session = watch(source, wanted, screen=screen, player=player, on_reading=_print_reading, stop=stop)
    for line in session_lines(session.pace, unsaved=session.unsaved if wanted.saved_to else 0):
        out.print(line)
    return session


def _print_reading(session: Session, reading: Reading, watched: Measure | None) -> None:
    """Print what the last strides showed."""
    from midstance.reasons import say
    from midstance.text.live import reading_line

    if reading.why_not:
        out.print(f"{reading.seconds[1]:6.1f} s  {say(reading.why_not, 'cli')}")
        return
    pace = session.pace
    out.print(
        reading_line(reading.seconds[1], reading.measures, watched, pace, met=session.met, strides=session.strides)
    )


def _keep(athlete: str, film: Path, options: Options) -> int:
    """Keep the session as a take; return its number."""
    from datetime import datetime

    from midstance.cli.athletes import opened_store
    from midstance.cli.takes import kept_take
    from midstance.comparison.model import TakeNotes

    known = TakeNotes(taken_at=datetime.now().astimezone(), speed_mps=options.speed_mps)
    with opened_store() as store:
        return kept_take(store, store.athlete(athlete), film, known).id


def _judge(take: int, options: Options) -> None:
    """Judge the take as any other film; who stops that keeps the take."""
    from midstance.cli.athletes import opened_store
    from midstance.cli.takes import judge_take

    try:
        with opened_store() as store:
            judge_take(store, store.take(take), options)
    except KeyboardInterrupt:
        err.print(f"Take {take} is kept, not judged yet. Judge it: midstance takes analyze {take}")
        raise
