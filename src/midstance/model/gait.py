"""Contacts of the feet, and the numbers about a run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from statistics import NormalDist
from typing import Any, Literal, NoReturn, Self, SupportsIndex, overload

from midstance.dataframes import Library, data_frame
from midstance.reasons import Reason, say
from midstance.skeleton import Side

MeasureSide = Literal["left", "right", "both"]

SAME_SPEED_MPS = 0.05
"""Speeds that differ by less are one speed."""


# -- on the ground -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One foot on the ground: strike to toe-off, between frames.

    Attributes
    ----------
    side
        The foot.
    strike_s, toe_off_s
        Seconds from the first frame, in the time of life.
    uncertainty_s
        Half width of the 95 % interval of either event (docs/evidence.md#contacts).
    strike_frame, toe_off_frame
        Nearest frame of the clip.
    """

    side: Side
    strike_s: float
    toe_off_s: float
    uncertainty_s: float
    strike_frame: int
    toe_off_frame: int


class Contacts(tuple[Contact, ...]):
    """The contacts of a run, in the order of their strikes: a tuple, and a data frame when asked for."""

    __slots__ = ()

    def to_frame(self, library: Library | None = None) -> Any:
        """Return the contacts as a data frame, one row a contact.

        Parameters
        ----------
        library
            "pandas" or "polars"; None takes the one that is installed, pandas if both are.

        Returns
        -------
        pandas.DataFrame or polars.DataFrame
            The fields of Contact: side, strike_s, toe_off_s, uncertainty_s, strike_frame, toe_off_frame.

        Raises
        ------
        UsageError
            If the library is not installed.

        Examples
        --------
        >>> import midstance as ms
        >>> frame = ms.analyze("run.mov", height_m=1.66).contacts.to_frame("polars")
        >>> sorted(frame["side"].unique())
        ['left', 'right']
        """
        names = ("side", "strike_s", "toe_off_s", "uncertainty_s", "strike_frame", "toe_off_frame")
        return data_frame({name: [getattr(contact, name) for contact in self] for name in names}, library)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """From one strike of a foot to its next."""

    contact: Contact
    next_strike_s: float


# -- numbers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The range of a measure that is ordinary for runners at this speed (docs/evidence.md#norms).

    Attributes
    ----------
    low, high
        Its ends, in the unit of the measure; infinite where it is open.
    at_speed_mps
        The running speed it holds for; None if it does not depend on speed.
    source
        The paper, or what shows a proposal.
    edge_error
        Half width of the 95 % interval of either edge: few people were measured, and of few kinds.
    n
        How many people were measured; None where nobody was counted.
    percentile
        Share of them beyond each edge, per cent; None where nobody was counted.
    population
        Who they were.
    usual
        The middle; None where nobody was counted, or where people fall into two groups.
    people
        Whom midstance counted, in a few words; empty where nobody was counted.
    measured_mps
        The speeds at which they ran; None where nobody was counted.
    """

    low: float
    high: float
    at_speed_mps: float | None
    source: str
    edge_error: float = 0.0
    n: int | None = None
    percentile: float | None = None
    population: str = ""
    usual: float | None = None
    people: str = ""
    measured_mps: tuple[float, float] | None = None

    @property
    def measured_here(self) -> bool:
        """Whether somebody was measured at this speed."""
        if self.measured_mps is None or self.at_speed_mps is None:
            return False
        slowest, fastest = self.measured_mps
        return slowest - SAME_SPEED_MPS <= self.at_speed_mps <= fastest + SAME_SPEED_MPS

    def share_below(self, value: float) -> float | None:
        """Return the share of the people measured who read less, 0 to 1; None where that is not known.

        Half a normal curve on each side of the middle, so that `percentile` per cent lie beyond each edge.
        """
        if self.usual is None or not self.percentile or not self.measured_here:
            return None
        edge = self.high if value > self.usual else self.low
        half = abs(edge - self.usual) if math.isfinite(edge) else min(self.high - self.usual, self.usual - self.low)
        at_the_edge = NormalDist().inv_cdf(1 - self.percentile / 100)
        return NormalDist().cdf(at_the_edge * (value - self.usual) / half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One stride's value of a measure, and the moment that shows it."""

    time_s: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number about the run, on one side or of both.

    Attributes
    ----------
    id
        Its name, as in docs/measures.md, with the unit at the end.
    side
        Left, right, or both where a side makes no sense.
    value
        Mean over n steps or strides.
    sd
        Spread over strides, NaN if n < 2.
    n
        How many steps or strides.
    uncertainty
        Half width of the 95 % interval of value: spread, frame rate, keypoint noise and bias, scale.
    unit
        Of value, sd, uncertainty and band.
    band
        What is ordinary; None if there is no such range.
    samples
        The strides behind it, in time order; empty if the measure is one fit over the clip.
    film
        Which film it was read from: its place in `Analysis.films`.
    """

    id: str
    side: MeasureSide
    value: float
    sd: float
    n: int
    uncertainty: float
    unit: str
    band: Band | None = None
    samples: tuple[Sample, ...] = ()
    film: int = 0

    @property
    def higher_than_pct(self) -> float | None:
        """Per cent of the people measured at this speed who read less; None where that is not known."""
        share = self.band.share_below(self.value) if self.band else None
        return None if share is None else 100 * share


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAssessed:
    """A measure, problem or cause that this clip cannot show, and why (and how to film it).

    Attributes
    ----------
    id
        Of the measure, problem or cause.
    reason
        Why; `say` gives its sentence.
    topic
        What a problem is called inside a sentence, as its rule has it; empty for a measure.
    """

    id: str
    reason: Reason
    topic: str = ""


class SideMeasures:
    """One measure on every side it was measured on.

    Examples
    --------
    >>> import midstance as ms
    >>> a = ms.analyze("run.mov", height_m=1.66)
    >>> contact = a.measures["contact_time_ms"]
    >>> [measure.side for measure in contact]
    ['left', 'right']
    >>> abs(contact.left.value - contact.right.value) < 20
    True
    """

    __slots__ = ("_sides", "id")

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._sides = {measure.side: measure for measure in measures}
        self.id = next(iter(self._sides.values())).id

    def __iter__(self) -> Iterator[Measure]:
        return iter(self._sides.values())

    def __repr__(self) -> str:
        values = ", ".join(f"{side} {m.value:.4g} ± {m.uncertainty:.2g} {m.unit}" for side, m in self._sides.items())
        return f"<{self.id}: {values}>"

    @property
    def left(self) -> Measure:
        """The measure of the left side. Raises AttributeError if there is none."""
        return self._on("left")

    @property
    def right(self) -> Measure:
        """The measure of the right side. Raises AttributeError if there is none."""
        return self._on("right")

    @property
    def both(self) -> Measure:
        """The measure of both sides together. Raises AttributeError if there is none."""
        return self._on("both")

    @property
    def value(self) -> float:
        """The one value there is. Raises AttributeError if left and right have their own."""
        if len(self._sides) > 1:
            self._missing()
        return next(iter(self)).value

    @property
    def unit(self) -> str:
        """The unit of every value."""
        return next(iter(self)).unit

    def _on(self, side: MeasureSide) -> Measure:
        return self._sides[side] if side in self._sides else self._missing()

    def _missing(self) -> NoReturn:
        raise AttributeError(
            f"{self.id} was measured {' and '.join(self._sides)}: ask for .{' or .'.join(self._sides)}"
        )


class Measures(tuple[Measure, ...]):  # noqa: SLOT001  (it carries the reasons for what is missing)
    """The measures of a run in their order: a tuple, which also finds one by its id.

    Examples
    --------
    >>> import midstance as ms
    >>> a = ms.analyze("run.mov", height_m=1.66)
    >>> a.measures["cadence_spm"].unit
    'spm'
    >>> "pelvic_drop_deg" in a.measures
    False
    >>> a.measures["pelvic_drop_deg"]
    Traceback (most recent call last):
    KeyError: "pelvic_drop_deg was not assessed: can't be seen from the side; film from the front or rear too"
    """

    _not_assessed: dict[str, Reason]

    def __new__(cls, measures: Iterable[Measure] = (), not_assessed: Iterable[NotAssessed] = ()) -> Self:
        """Make the collection; `not_assessed` gives the reasons for what is missing."""
        made = super().__new__(cls, measures)
        made._not_assessed = {one.id: one.reason for one in not_assessed}
        return made

    @overload
    def __getitem__(self, key: str, /) -> SideMeasures: ...
    @overload
    def __getitem__(self, key: SupportsIndex, /) -> Measure: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Measure, ...]: ...
    def __getitem__(self, key: str | SupportsIndex | slice, /) -> SideMeasures | Measure | tuple[Measure, ...]:
        """Return one measure by its id (both sides of it), or by its place. Raises KeyError with the reason."""
        if not isinstance(key, str):
            return super().__getitem__(key)
        if found := self.get(key):
            return found
        raise KeyError(self._why_not(key))

    def __contains__(self, key: object, /) -> bool:
        """Return whether there is a measure of this id, or this very measure."""
        return any(measure.id == key for measure in self) if isinstance(key, str) else super().__contains__(key)

    def get(self, key: str) -> SideMeasures | None:
        """Return one measure by its id; None if this run has none."""
        found = [measure for measure in self if measure.id == key]
        return SideMeasures(found) if found else None

    def _why_not(self, key: str) -> str:
        if key in self._not_assessed:
            return f"{key} was not assessed: {say(self._not_assessed[key])}"
        near = get_close_matches(key, [*(measure.id for measure in self), *self._not_assessed], n=1)
        return f"there is no measure called {key}" + (f"; did you mean {near[0]}?" if near else "")

    def to_frame(self, library: Library | None = None) -> Any:
        """Return the measures as a data frame, one row a measure and side.

        Parameters
        ----------
        library
            "pandas" or "polars"; None takes the one that is installed, pandas if both are.

        Returns
        -------
        pandas.DataFrame or polars.DataFrame
            id, side, value, low and high (95 % interval), sd, n, unit, band_low and band_high (NaN without a band).

        Raises
        ------
        UsageError
            If the library is not installed.

        Examples
        --------
        >>> import midstance as ms
        >>> frame = ms.analyze("run.mov", height_m=1.66).measures.to_frame("pandas")
        >>> frame.loc[frame["id"] == "contact_time_ms", ["side", "unit"]].to_numpy().tolist()
        [['left', 'ms'], ['right', 'ms']]
        """
        bands = [measure.band for measure in self]
        columns = {
            "id": [measure.id for measure in self],
            "side": [measure.side for measure in self],
            "value": [measure.value for measure in self],
            "low": [measure.value - measure.uncertainty for measure in self],
            "high": [measure.value + measure.uncertainty for measure in self],
            "sd": [measure.sd for measure in self],
            "n": [measure.n for measure in self],
            "unit": [measure.unit for measure in self],
            "band_low": [band.low if band else math.nan for band in bands],
            "band_high": [band.high if band else math.nan for band in bands],
        }
        return data_frame(columns, library)
