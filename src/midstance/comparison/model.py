"""The nouns of takes and their comparison, frozen and without logic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from midstance.model import Finding, Measure, MeasureSide, Plan, Plane, PoseModel, Remark, Setting, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """Where the camera stood and how large the runner is in the picture; NaN where the film does not show it.

    leg_px          pixels of a leg length
    yaw_deg         how far the camera is ahead of the square (+) or behind it (-), and half its 95 % interval
    look_down_deg   angle below the horizontal at which the camera sees the standing feet, and half its 95 % interval
    """

    leg_px: float = math.nan
    yaw_deg: float = math.nan
    yaw_uncertainty_deg: float = math.nan
    look_down_deg: float = math.nan
    look_down_uncertainty_deg: float = math.nan


UNTOLD = Standpoint()


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One film of one runner, with what a comparison needs; made from an Analysis or from analysis.json.

    Attributes
    ----------
    label
        What the reader calls it.
    version, pose
        The version of midstance and the pose model that measured it.
    plane, near_side, setting, standpoint
        How the camera sees the runner, and from where.
    rate_hz
        Frames a second of life.
    speed_mps
        Running speed; None if unknown.
    measures, findings, plan, remarks
        As in the Analysis.
    taken_on
        The day; None if unknown.
    trying
        The cue the runner was thinking of, empty if none is known.
    film_sha256
        Hash of the film itself, empty if unknown.
    """

    label: str
    version: str
    pose: PoseModel
    plane: Plane
    near_side: Side | None
    setting: Setting
    rate_hz: float
    speed_mps: float | None
    measures: tuple[Measure, ...]
    findings: tuple[Finding, ...] = ()
    plan: Plan | None = None
    remarks: tuple[Remark, ...] = ()
    taken_on: date | None = None
    trying: str = ""
    standpoint: Standpoint = UNTOLD
    film_sha256: str = ""


ChangeVerdict = Literal["better", "worse", "changed", "no_clear_change", "cannot_tell"]
"""changed: clearly different, and neither good nor bad in itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Something that spoils a comparison: all of it, some measures, or only a little of its certainty.

    amount  how large it is, in the unit of its sentence; 0 where there is nothing to count
    """

    id: str
    spoils: Literal["all", "some", "certainty"]
    amount: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure in two takes.

    change          after minus before, less what the difference in speed alone would have done
    speed_part      what the difference in speed alone would have done, 0 at equal speed
    minimal_change  half width of the 95 % interval of change = the minimal detectable change; None if unknown
    surely          clear even though many measures were compared at once
    expected        the kind of change that the cue brings at first: not a failure
    why_not         id of the obstacle, when the verdict is cannot_tell
    """

    measure: str
    side: MeasureSide
    unit: str
    before: float
    after: float
    change: float
    minimal_change: float | None
    verdict: ChangeVerdict
    speed_part: float = 0.0
    surely: bool = False
    expected: bool = False
    why_not: str = ""

    @property
    def low(self) -> float | None:
        """Return the lower end of the 95 % interval of the change."""
        return None if self.minimal_change is None else self.change - self.minimal_change

    @property
    def high(self) -> float | None:
        """Return the upper end of the 95 % interval of the change."""
        return None if self.minimal_change is None else self.change + self.minimal_change


@dataclass(frozen=True, slots=True, kw_only=True)
class FocusChange:
    """Whether the one thing that was worked on changed, and what to do now.

    still_seen   the problem is still found in the later take
    do           stay: keep the cue; next: take the next focus; another_cue: same focus, other cue; film_again
    next_focus   the problem, and next_cue its cue, when do is next (empty: nothing is left to change);
                 other words for the same thing when do is another_cue (empty: there are none)
    """

    problem: str
    cue: str
    measure: str
    side: MeasureSide
    verdict: ChangeVerdict
    still_seen: bool
    do: Literal["stay", "next", "another_cue", "film_again"]
    next_focus: str = ""
    next_cue: str = ""
    title: str = ""
    next_title: str = ""


ExperimentVerdict = Literal["confirmed", "excluded", "open", "not_done", "not_measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentResult:
    """What an experiment said of one cause.

    gain     how far the number moved the way it moves if the cause is right, and by how much at least it had to (by)
    verdict  open: between; not_done: the runner ran as before; not_measured: a take does not show the number
    cue      what to think of if it is the cause; empty where the cause has no cue of its own
    next     the test of the next cause that is open; empty if none is
    """

    problem: str
    cause: str
    title: str
    measure: str
    side: MeasureSide
    unit: str
    gain: float
    by: float
    verdict: ExperimentVerdict
    cue: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """A step that became longer or shorter, and by what: time in the air, reach of the lower leg, or both."""

    direction: Literal["longer", "shorter"]
    by: tuple[Literal["flight", "reach"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two takes of one runner: what changed by more than the error of the camera.

    speed_change  relative change of running speed, None if unknown
    faded         clear changes as in tiring, between an early and a late take of one day with nothing new tried
    experiment    what the later take said of the cause that it was filmed to test; None if it was no experiment
    """

    before: str
    after: str
    speed_change: float | None
    obstacles: tuple[Obstacle, ...]
    differences: tuple[Difference, ...]
    focus: FocusChange | None
    step: StepChange | None = None
    faded: tuple[Difference, ...] = ()
    experiment: ExperimentResult | None = None


Course = Literal["level", "steps", "gradual", "unclear"]
"""How a measure went over the takes. level: no two differ beyond their errors; unclear: some do, to no clear end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A change from one take to the next, judged on all takes of the level before it and of the level after it.

    take    the first take of the new level
    error   half width of the 95 % interval of the change
    back    the new level is that before the last shift again
    newest  only the newest take shows it, so whether it stays is not known
    """

    take: str
    change: float
    error: float
    back: bool = False
    newest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A measure over three or more takes: a straight line through them, weighted by their errors, and how it changed.

    per      what slope counts in: takes, or weeks when every take has its day
    low, high  95 % interval of the slope
    verdict    of the line alone; course says whether a line describes it
    shifts     when the changes came, if it changed in steps
    at_first_speed  some values were corrected to the speed of the first take
    """

    measure: str
    side: MeasureSide
    unit: str
    values: tuple[float, ...]
    uncertainties: tuple[float, ...]
    slope: float
    low: float
    high: float
    per: Literal["take", "week"]
    verdict: Literal["rising", "falling", "level"]
    course: Course = "unclear"
    shifts: tuple[Shift, ...] = ()
    at_first_speed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """An improvement of an earlier step, and whether the last take still has it.

    since   the take that showed it first
    kept    the last take still has all of it
    partly  some of it is lost, but the last take is still clearly better than before
    """

    problem: str
    measure: str
    side: MeasureSide
    since: str
    kept: bool
    partly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesComparison:
    """Two or more takes in order: step by step, the first against the last, and the trends from three takes on.

    steps    each take against the next
    overall  the first against the last
    gains    what earlier steps improved, and whether it was kept
    """

    takes: tuple[str, ...]
    steps: tuple[Comparison, ...]
    overall: Comparison
    trends: tuple[Trend, ...] = ()
    gains: tuple[Gain, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Athlete:
    """A runner in the store. `uid` is the same on every machine, `id` only here."""

    id: int
    uid: str
    name: str
    height_m: float | None = None
    mass_kg: float | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNotes:
    """What is known of a take besides its film.

    taken_at   when it was filmed, with its time zone
    trying     the cue the runner was thinking of
    speed_mps  if known, as on a treadmill's display
    """

    taken_at: datetime | None = None
    trying: str = ""
    surface: str = ""
    shoes: str = ""
    speed_mps: float | None = None
    slow_motion: float = 1.0
    notes: str = ""


FileKind = Literal["clip", "film", "thumbnail", "report", "poses"]
"""What a file of a take can be: the film as it was given, or what was made from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of a take: its key in the store of films (content-addressed), and what the user called it."""

    kind: FileKind
    key: str
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTake:
    """One take in the store; analyses counts how often it was analysed, by any version."""

    id: int
    uid: str
    athlete_id: int
    known: TakeNotes
    files: tuple[StoredFile, ...]
    analyses: int

    def file(self, kind: FileKind) -> StoredFile | None:
        """Return the file of a kind; None if there is none."""
        return next((file for file in self.files if file.kind == kind), None)

    @property
    def clip(self) -> StoredFile:
        """Return the film as it was given."""
        return next(file for file in self.files if file.kind == "clip")

    @property
    def film_deleted(self) -> bool:
        """Return whether the film as it was given was deleted on purpose; its row stays, for its name."""
        return bool(self.clip.key) and self.clip.size == 0

    @property
    def has_report(self) -> bool:
        """Return whether the folder of results is kept with it."""
        return self.file("report") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchComparison:
    """One measure in the film and on the watch; error = half width of the 95 % interval of their difference."""

    measure: str
    unit: str
    film: float
    watch: float
    error: float

    @property
    def agree(self) -> bool:
        """Return whether both errors together explain the difference."""
        return abs(self.film - self.watch) <= self.error
