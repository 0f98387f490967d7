"""Options: what a person says of a clip, checked once for every door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from midstance import plugins, quantities
from midstance.errors import UsageError
from midstance.model import Corrections
from midstance.pose import weights
from midstance.quantities import Said
from midstance.reasons import Reason

if TYPE_CHECKING:
    from typing import Unpack

PICTURES_HZ = (1.0, 5000.0)
"""Pictures a second of a folder of pictures."""

MODELS = tuple(name for name in weights.FILES if name != "detector")
"""The pose models that midstance knows itself, by name."""

Value = TypeVar("Value")


class Known(TypedDict, total=False):
    """The words that Options and analyze take, as a person gives them: a number, or a text such as "166cm"."""

    height_m: Said | None
    mass_kg: Said | None
    speed_mps: Said | None
    known_length: tuple[float, float] | None
    slow_motion: Said | None
    pictures_hz: float | None
    film: str | Path | None
    person: int | None
    scene: int | None
    model: str
    threads: int | None
    rules: str | Path | None
    what_could_i_try: bool
    blur_faces: bool
    tried: Mapping[str, bool] | None
    corrections: Corrections | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    r"""What a person says of a clip; None: find out.

    A number is in the unit of its name. A text may say its own: "166cm", "5'5\"", "10km/h", "6:00/km", "150lb".

    Parameters
    ----------
    height_m
        Body height, 0.8 to 2.5 m. With it, lengths come out in metres.
    mass_kg
        Body mass, 20 to 250 kg, for the stiffness of the leg.
    speed_mps
        Running speed, 0.5 to 13 m/s, as on the display of a treadmill.
    known_length
        Metres and pixels of something at the runner's distance, both above 0.
    slow_motion
        How many times slower than life the film plays, 0.05 to 100 (1: in real time).
    pictures_hz
        Pictures a second of a folder of pictures, or frames a second of a file of points, 1 to 5000; a film has its
        own times.
    film
        The film that a file of points in pixels belongs to: it gives the times, and the pictures of the report.
    person
        Which person to measure, 0 for the first of `Poses.people`.
    scene
        Which scene of a film with cuts to measure, from 1; the one that shows most if not given.
    model
        Name of the pose model: "full", "lite", "heavy", "rtmpose-m", or one that another package adds.
    threads
        Processor cores to use, 1 or more; all if not given. The results do not depend on it.
    rules
        A folder with a coach's own rules and bands, or the name of installed ones.
    what_could_i_try
        When nothing must change, plan something to try.
    blur_faces
        Blur the faces of everyone who is found, in every film and picture that is made. The film itself stays.
    tried
        What experiments said of causes, as {"reaching.late_arm": True}; it decides what the film leaves open.
    corrections
        What a person put right: a cut, left and right swapped, contacts moved or taken away.

    Raises
    ------
    UsageError
        If a value cannot be meant; the sentence names the range.
    Ambiguous
        If a text without a unit has several readings, as a speed of "10". It is a UsageError.

    Examples
    --------
    >>> import midstance as ms
    >>> ms.Options(height_m="5'5\"", speed_mps="6:00/km").height_m
    1.651
    >>> ms.Options(height_m=166)
    Traceback (most recent call last):
    midstance.errors.UsageError: height_m 166: a height is 0.8 to 2.5 metres. Write it as 1.66, 166cm or 5'5".
    """

    height_m: float | None = None
    mass_kg: float | None = None
    speed_mps: float | None = None
    known_length: tuple[float, float] | None = None
    slow_motion: float | None = None
    pictures_hz: float | None = None
    film: Path | None = None
    person: int | None = None
    scene: int | None = None
    model: str = "full"
    threads: int | None = None
    rules: Path | None = None
    what_could_i_try: bool = False
    blur_faces: bool = False
    tried: Mapping[str, bool] | None = None
    corrections: Corrections | None = None

    if TYPE_CHECKING:  # texts are read and paths made in __post_init__

        def __init__(self, **known: Unpack[Known]) -> None: ...

    def __post_init__(self) -> None:
        self._read("height_m", quantities.height_m)
        self._read("mass_kg", quantities.mass_kg)
        self._read("speed_mps", quantities.speed_mps)
        self._read("slow_motion", quantities.times_slower)
        self._read("known_length", _known_length)
        self._read("pictures_hz", _pictures_hz)
        self._read("film", Path)
        self._read("person", _person)
        self._read("scene", _scene)
        self._read("model", checked_model)
        self._read("threads", _threads)
        self._read("rules", plugins.rules_folder)

    def _read(self, name: str, read: Callable[[Any], object]) -> None:
        """Put what a function makes of a value in its place; None stays."""
        if (said := getattr(self, name)) is not None:
            object.__setattr__(self, name, read(said))


def options_with(options: Options | None, known: Known) -> Options:
    """Return options made of these words, or the given ones. Raises UsageError where both are given."""
    if options is not None and known:
        raise UsageError(Reason("options_twice", words=", ".join(known)))
    return options or Options(**known)


def checked_model(name: str) -> str:
    """Return the name of a pose model. Raises UsageError."""
    if name not in models():
        raise UsageError(Reason("model_unknown", said=name, models=", ".join(models())))
    return name


def models() -> tuple[str, ...]:
    """Return the pose models by name, those of other packages last."""
    return (*MODELS, *plugins.added("pose_models"))


def _known_length(length: tuple[float, float]) -> tuple[float, float]:
    if len(length) != 2 or not all(value > 0 for value in length):
        raise UsageError(Reason("known_length_out_of_range"))
    return float(length[0]), float(length[1])


def _pictures_hz(rate_hz: float) -> float:
    if not PICTURES_HZ[0] <= rate_hz <= PICTURES_HZ[1]:
        raise UsageError(Reason("rate_out_of_range", said=f"{rate_hz:g}"))
    return float(rate_hz)


def _person(person: int) -> int:
    if person < 0:
        raise UsageError(Reason("person_out_of_range"))
    return person


def _scene(scene: int) -> int:
    if scene < 1:
        raise UsageError(Reason("scene_out_of_range"))
    return scene


def _threads(threads: int) -> int:
    if threads < 1:
        raise UsageError(Reason("threads_out_of_range", said=threads))
    return threads
