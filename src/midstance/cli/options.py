"""Declare every option that several commands share, once: its name, its meaning, and how what was typed is read.

Quantities are typed as a person says them (midstance.quantities); a number that may mean two things is asked about.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from midstance.cli import completion
from midstance.cli.terminal import agreed, can_ask, read_said

if TYPE_CHECKING:
    from midstance.options import Options

Height = Annotated[
    str | None,
    typer.Option("--height", metavar="HEIGHT", help="Body height, for lengths in metres: 1.66, 166cm or 5'5\"."),
]
Mass = Annotated[
    str | None, typer.Option("--mass", metavar="MASS", help="Body mass, for the stiffness of the leg: 68kg or 150lb.")
]
Speed = Annotated[
    str | None,
    typer.Option(
        "--speed", metavar="SPEED", help="Running speed, if you know it: 10km/h, 6:00/km, 9:40/mile or 2.78m/s."
    ),
]
KnownLength = Annotated[
    tuple[float, float] | None,
    typer.Option(
        "--known-length", metavar="METRES PIXELS", help="A length seen at the runner's distance, for lengths in metres."
    ),
]
SlowMotion = Annotated[
    str | None,
    typer.Option("--slow-motion", metavar="TIMES", help="How many times slower than life the film plays: 4 or 4x."),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--rate", "--fps", metavar="HZ", help="Frames a second, for a folder of pictures or a file of points."
    ),
]
Film = Annotated[
    Path | None, typer.Option("--video", metavar="FILM", help="The film in which a file of points was found.")
]
Person = Annotated[
    int | None, typer.Option("--person", metavar="N", help="Which person to measure, 1 for the first listed.")
]
Scene = Annotated[
    int | None,
    typer.Option("--scene", metavar="N", help="Which scene to measure, 1 for the first, of a film with cuts."),
]
Model = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Pose model: lite, full, heavy, rtmpose-m, or one that another package adds.",
        autocompletion=completion.models,
    ),
]


def rules_folder(said: str) -> Path:
    """Return the folder of one's own rules, or of installed ones. Raises UsageError."""
    from midstance import plugins

    folder = plugins.rules_folder(said)
    return allow_rules(folder) if Path(said).is_dir() else folder  # what was installed was allowed then


Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FOLDER",
        help="A folder with rules, bands and questions of your own, or the name of installed ones; "
        "its Python files are run, TOML files are read.",
        parser=rules_folder,
    ),
]
Threads = Annotated[
    int | None, typer.Option("--threads", metavar="N", help="Processor cores to use; all if not given.")
]
BlurFaces = Annotated[bool, typer.Option("--blur-faces", help="Blur the faces in every film and picture that is made.")]
Try = Annotated[bool, typer.Option("--try", help="Ask what you could try, when nothing must change.")]

Athlete = Annotated[
    str, typer.Argument(help="The athlete's name.", show_default=False, autocompletion=completion.athletes)
]
TakeNumber = Annotated[
    int,
    typer.Argument(
        help="The number of the take, as `takes list` shows it.", show_default=False, autocompletion=completion.takes
    ),
]
Notes = Annotated[str | None, typer.Option("--notes", metavar="WORDS", help="Anything else to remember.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask again.")]


def allow_rules(folder: Path, *, yes: bool = False) -> Path:
    """Return a coach's folder; before its Python files run for the first time, ask. Raises UsageError, typer.Abort."""
    from midstance.coaching.rules.programs import allowed_now, is_allowed, programs_in
    from midstance.errors import UsageError
    from midstance.formats.files import make_private, write_text
    from midstance.reasons import Reason
    from midstance.store.locations import data_folder

    known = data_folder() / "rules-allowed.txt"
    if is_allowed(folder, known):
        return folder
    names = ", ".join(path.name for path in programs_in(folder))
    if not yes and not can_ask():
        raise UsageError(Reason("rules_run_code", folder=folder, names=names))
    if not yes and not agreed(f"{folder} holds programs ({names}). They run with all your rights. Run them?"):
        raise typer.Abort
    make_private(data_folder(), folder=True)
    write_text(allowed_now(folder, known), known)
    return folder


def read_height(said: str | None) -> float | None:
    """Return a height in metres. Raises UsageError."""
    from midstance.quantities import height_m

    return read_said(height_m, said)


def read_mass(said: str | None) -> float | None:
    """Return a body mass in kilograms. Raises UsageError."""
    from midstance.quantities import mass_kg

    return read_said(mass_kg, said)


def read_speed(said: str | None) -> float | None:
    """Return a running speed in metres a second. Raises UsageError."""
    from midstance.quantities import speed_mps

    return read_said(speed_mps, said)


def read_slow_motion(said: str | None) -> float | None:
    """Return how many times slower than life a film plays. Raises UsageError."""
    from midstance.quantities import times_slower

    return read_said(times_slower, said)


CLIP: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        "height_m": (Height, None),
        "mass_kg": (Mass, None),
        "speed_mps": (Speed, None),
        "known_length": (KnownLength, None),
        "slow_motion": (SlowMotion, None),
        "pictures_hz": (Rate, None),
        "film": (Film, None),
        "person": (Person, None),
        "scene": (Scene, None),
        "model": (Model, "full"),
        "rules": (Rules, None),
        "what_could_i_try": (Try, False),
        "blur_faces": (BlurFaces, False),
        "threads": (Threads, None),
    }
)
"""Everything that may be said of a clip, by its name in Options, with what holds if nothing is said."""

OF_A_RUNNER = ("height_m", "mass_kg", "speed_mps", "slow_motion", "person", "model", "rules")
"""What may be said wherever a film is looked at."""


def with_clip_options(names: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these options of a clip; what was typed comes to it as its argument `options`."""
    return gathered("options", {name: CLIP[name] for name in names}, clip_options)


def gathered(
    into: str, declared: Mapping[str, tuple[Any, Any]], read: Callable[..., Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command more options, behind its arguments; what `read` makes of them comes to it as its argument `into`.

    declared  by name: how typer declares it, and what holds if nothing is typed
    """

    def give(command: Callable[..., None]) -> Callable[..., None]:
        own = dict(inspect.signature(command, eval_str=True, locals={"Options": Any}).parameters)
        del own[into]
        more = {
            name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=option, default=default)
            for name, (option, default) in declared.items()
        }
        arguments = {name: each for name, each in own.items() if each.default is inspect.Parameter.empty}
        every = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (arguments | more | own).values()]

        @wraps(command)
        def asked(**typed: Any) -> None:
            command(**{into: read(**{name: typed.pop(name) for name in declared})}, **typed)

        described: Any = asked
        described.__signature__ = inspect.Signature(every)
        described.__annotations__ = {each.name: each.annotation for each in every}
        return asked

    return give


def clip_options(
    *,
    height_m: str | None = None,
    mass_kg: str | None = None,
    speed_mps: str | None = None,
    slow_motion: str | None = None,
    person: int | None = None,
    **others: Any,
) -> Options:
    """Return what was typed of a clip as Options; people are counted from 1 here, from 0 there. Raises UsageError."""
    from midstance.options import Options

    return Options(
        height_m=read_height(height_m),
        mass_kg=read_mass(mass_kg),
        speed_mps=read_speed(speed_mps),
        slow_motion=read_slow_motion(slow_motion),
        person=None if person is None else person - 1,
        **others,
    )
