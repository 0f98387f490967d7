"""Read what a person says of a height, a body mass, a speed or a slow film: 1.66, 166cm, 5'5", 10km/h, 6:00/km, 4x.

A number is in the unit of the function's name. A text may name its unit; without one it is read only where a single
reading is possible, and otherwise raises Ambiguous with the readings to choose from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from midstance.errors import UsageError
from midstance.reasons import Reason

Said = float | str
"""A number, or what a person typed."""

HEIGHT_M = (0.8, 2.5)
MASS_KG = (20.0, 250.0)
SPEED_MPS = (0.5, 13.0)
TIMES_SLOWER = (0.05, 100.0)
"""How many times slower than life a film may play; below 1 it is a time lapse."""

RUNNING_MPS = (2.0, 10.0)
"""From the speed at which people begin to run to that of fast sprinters: only so can a number without a unit be in km/h
or mph."""
SLOWEST_MPS = 1.3
"""Nobody states a slower pace as that of a run."""
POUNDS = 120.0
"""From here on a body mass without a unit may be in pounds."""


class Reading(NamedTuple):
    """One way to understand what was typed: what to type instead, and its value."""

    text: str
    value: float


class Ambiguous(UsageError):  # noqa: N818  (nobody has erred: it asks for the unit)
    """What was typed can be understood in several ways; `readings` lists them."""

    def __init__(self, why: Reason, readings: tuple[Reading, ...]) -> None:
        super().__init__(why)
        self.args = (why, readings)
        self.readings = readings


# -- what a person says ------------------------------------------------------------------------------------------


def height_m(said: Said) -> float:
    """Return a body height in metres. Raises UsageError."""
    value = _length_m(_tidy(said)) if isinstance(said, str) else said
    if value is None:
        raise UsageError(Reason("height_not_understood", said=said))
    if not _within(value, HEIGHT_M):
        guess = value / 100 if _within(value / 100, HEIGHT_M) else 1.66
        raise UsageError(Reason("height_out_of_range", said=_shown(said), example=f"{guess:.2f}"))
    return float(value)


def mass_kg(said: Said) -> float:
    """Return a body mass in kilograms. Raises UsageError, or Ambiguous for "150", which may be pounds."""
    value = _measured(_tidy(said), _KILOGRAMS, "kg") if isinstance(said, str) else said
    if value is None:
        raise UsageError(Reason("mass_not_understood", said=said))
    if _is_bare(said) and POUNDS <= value <= MASS_KG[1]:
        readings = (Reading(f"{value:g}kg", value), Reading(f"{value:g}lb", value * _KILOGRAMS["lb"]))
        raise Ambiguous(Reason("mass_ambiguous", said=said, **_choices(readings)), readings)
    if not _within(value, MASS_KG):
        raise UsageError(Reason("mass_out_of_range", said=_shown(said)))
    return float(value)


def speed_mps(said: Said) -> float:
    """Return a running speed in metres a second. Raises UsageError, or Ambiguous for "10" and for "5:30"."""
    readings = _speeds(_tidy(said)) if isinstance(said, str) else (Reading("", said),)
    if not readings:
        raise UsageError(Reason("speed_not_understood", said=said))
    if len(readings) > 1:
        raise Ambiguous(Reason("speed_ambiguous", said=said, **_choices(readings)), readings)
    if not _within(readings[0].value, SPEED_MPS):
        raise UsageError(Reason("speed_out_of_range", said=_shown(said)))
    return float(readings[0].value)


def times_slower(said: Said) -> float:
    """Return how many times slower than life a film plays: 4, "4", "4x". Raises UsageError."""
    value = (
        _measured(_tidy(said).removesuffix("slower"), {"x": 1.0, "times": 1.0}, "x") if isinstance(said, str) else said
    )
    if value is None or not _within(value, TIMES_SLOWER):
        raise UsageError(Reason("slow_motion_out_of_range", said=_shown(said)))
    return float(value)


def steps_a_minute(said: Said) -> float:
    """Return a cadence, both feet counted: 168, "168bpm", "168 steps/min". Raises UsageError."""
    value = _measured(_tidy(said), _STEPS_A_MINUTE, "spm") if isinstance(said, str) else said
    if value is None:
        raise UsageError(Reason("cadence_not_understood", said=said))
    return float(value)


# -- how it is written -------------------------------------------------------------------------------------------

_NUMBER = r"([+-]?\d+(?:[.,]\d+)?|[+-]?[.,]\d+)"

_METRES: Mapping[str, float] = MappingProxyType(
    {"m": 1.0, "metres": 1.0, "meters": 1.0, "metre": 1.0, "meter": 1.0, "cm": 0.01, "mm": 0.001}
    | dict.fromkeys(("in", "inch", "inches", '"', "''"), 0.0254)
    | dict.fromkeys(("'", "ft", "feet", "foot"), 0.3048)
)
_KILOGRAMS: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("kg", "kgs", "kilo", "kilos", "kilograms"), 1.0)
    | dict.fromkeys(("lb", "lbs", "pound", "pounds"), 0.45359237)
    | dict.fromkeys(("st", "stone"), 6.35029318)
)
_METRES_A_SECOND: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("m/s", "mps", "ms-1"), 1.0)
    | dict.fromkeys(("km/h", "kmh", "kph", "kmph", "km/hr"), 1 / 3.6)
    | dict.fromkeys(("mph", "mi/h", "miles/h", "mile/h"), 0.44704)
)
_STEPS_A_MINUTE: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("spm", "bpm", "/min", "steps", "steps/min", "steps/minute", "stepsaminute", "beats/min"), 1.0)
)
_PACE_METRES: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("km", "k"), 1000.0) | dict.fromkeys(("mile", "mi", "miles", "m"), 1609.344)
)

_FEET_AND_INCHES = re.compile(rf"(\d+)(?:'|ft|feet|foot)(?:{_NUMBER}(?:\"|''|in|inch|inches)?)?")
_METRES_AND_CENTIMETRES = re.compile(r"(\d)m(\d\d)")
_PACE = re.compile(r"(\d+)[:'](\d\d(?:[.,]\d+)?)(?:\"|'')?(?:min)?(?:(?:/|per)([a-z]+))?")
_PACE_IN_MINUTES = re.compile(rf"{_NUMBER}min(?:/|per)([a-z]+)")


def _tidy(said: str) -> str:
    """Return a text in small letters, without spaces, with straight quotation marks."""
    return re.sub(r"\s+", "", said.lower()).translate(str.maketrans("’′‘´”″“×", "''''\"\"\"x"))  # noqa: RUF001


def _length_m(text: str) -> float | None:
    """Return a length in metres; None if the text is none."""
    if found := _FEET_AND_INCHES.fullmatch(text):
        feet, inches = found.groups()
        return round(0.3048 * float(feet) + 0.0254 * _number(inches or "0"), 9)
    if found := _METRES_AND_CENTIMETRES.fullmatch(text):
        return float(f"{found[1]}.{found[2]}")
    return _measured(text, _METRES, "m")


def _speeds(text: str) -> tuple[Reading, ...]:
    """Return every speed in metres a second that a text may mean; none if it is no speed."""
    if found := _PACE.fullmatch(text):
        minutes, seconds, per = found.groups()
        return _paces(f"{minutes}:{seconds}", float(minutes) + _number(seconds) / 60, per)
    if found := _PACE_IN_MINUTES.fullmatch(text):
        return _paces(found[1], _number(found[1]), found[2])
    value = _measured(text, _METRES_A_SECOND, "m/s")
    if value is None:
        return ()
    if not _is_bare(text):
        return (Reading(text, value),)
    readings = tuple(Reading(f"{value:g}{unit}", value * _METRES_A_SECOND[unit]) for unit in ("m/s", "km/h", "mph"))
    running = _running(readings, RUNNING_MPS[0]) or readings[:1]
    return running if len(running) == 1 else _running(readings, SLOWEST_MPS)


def _paces(shown: str, minutes: float, per: str | None) -> tuple[Reading, ...]:
    """Return the speeds of a pace in minutes for each kilometre or mile; both if it does not say which."""
    if minutes <= 0 or (per is not None and per not in _PACE_METRES):
        return ()
    units = ("km", "mile") if per is None else (per,)
    readings = tuple(Reading(f"{shown}/{unit}", _PACE_METRES[unit] / (60 * minutes)) for unit in units)
    return (_running(readings, SLOWEST_MPS) or readings[:1]) if per is None else readings


def _running(readings: Iterable[Reading], slowest_mps: float) -> tuple[Reading, ...]:
    return tuple(reading for reading in readings if _within(reading.value, (slowest_mps, RUNNING_MPS[1])))


def _measured(text: str, units: Mapping[str, float], usual: str) -> float | None:
    """Return a number with its unit, or without one in the usual unit; None if it is neither."""
    found = re.fullmatch(rf"{_NUMBER}(\D*)", text)
    if found is None or (found[2] or usual) not in units:
        return None
    return round(_number(found[1]) * units[found[2] or usual], 9)  # 166 x 0.01 is 1.66, not a hair more


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _is_bare(said: Said) -> bool:
    """Return whether a text is a number without a unit."""
    return isinstance(said, str) and re.fullmatch(_NUMBER, _tidy(said)) is not None


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _shown(said: object) -> str:
    return f"{said:g}" if isinstance(said, float) else str(said)


def _choices(readings: tuple[Reading, ...]) -> dict[str, str]:
    """Return the readings as a sentence lists them, and the second of them as an example."""
    texts = [reading.text for reading in readings]
    return {"readings": f"{', '.join(texts[:-1])} or {texts[-1]}", "example": texts[1]}


FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Of a film."""


def moment(text: str) -> datetime:
    """Read a day or a moment, in this machine's time zone unless it names one. Raises UsageError."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(Reason("date_unreadable", said=text)) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise UsageError(Reason("date_no_films", said=text, year=at.year))
    return at.astimezone()
