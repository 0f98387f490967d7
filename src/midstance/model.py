"""Every noun of midstance, frozen and without logic: what one stage hands to the next.

Conventions (docs/conventions.md): times in seconds from the first frame, angles in degrees, x forward (the way the
runner runs), y up, lengths in leg lengths until a scale is known. NaN means unseen; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midstance.reasons import Reason

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

Side = Literal["left", "right"]
MeasureSide = Literal["left", "right", "both"]
Plane = Literal["side", "front", "rear"]
Setting = Literal["treadmill", "over_ground", "in_place"]
ScaleSource = Literal["height", "belt_speed", "known_length", "gravity", "none"]
Grade = Literal["flag", "watch"]
Verdict = Literal["supported", "not_supported", "cannot_tell"]
WhyOpen = Literal["too_close", "other_view", "not_measured"]

OnProgress = Callable[[int, int], None]
"""Called as long work goes on, with how much is done and how much there is: frames, or bytes."""


# -- see ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A film (or a folder of pictures) that can be opened, and when each of its frames was shown.

    width, height   pixels of the upright picture
    time_s          (frame,) seconds from the first frame, as the file stamps them, before any slow-motion factor
    rate_hz         one over the median step between frames
    rotation_deg    how far the stored picture had to be turned, clockwise, to stand upright: 0, 90, 180 or 270
    slow_motion_factor  how many times slower than life the film plays (1: real time)
    notes           what a reader should know about the file, such as that its end is missing
    """

    path: Path
    sha256: str
    width: int
    height: int
    time_s: Floats
    rate_hz: float
    variable_rate: bool
    rotation_deg: int
    transfer: Literal["sdr", "hlg", "pq"] = "sdr"
    slow_motion_factor: float = 1.0
    notes: tuple[Reason, ...] = ()

    @property
    def frames(self) -> int:
        """How many frames."""
        return len(self.time_s)

    @property
    def duration_s(self) -> float:
        """From the first frame to the last, as the file plays."""
        return float(self.time_s[-1] - self.time_s[0]) if len(self.time_s) else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseModel:
    """Which pose model looked: enough to say that two analyses are comparable."""

    backend: str
    model: str
    weights_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person followed from frame to frame, as the pose model drew them; labels not yet trusted.

    xy          (frame, keypoint, 2) pixels of the upright picture, over all frames of the clip; NaN = not seen
    confidence  (frame, keypoint) 0..1
    peaks       (frame, leg joint, peak, 3) x px, y px, probability of the strongest heatmap peaks of hip, knee, ankle,
                heel and toe (skeleton.LEG), left and right pooled; NaN where there are fewer; None if it has none
    depth       (frame, keypoint) pixels by which a point is farther away than the hips; None if it has none
    """

    xy: Floats
    confidence: Floats
    peaks: Floats | None = None
    depth: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMotion:
    """How the background moves through the picture.

    to_first    (frame, 2, 3) similarity that takes pixels of this frame to pixels of the first frame of its scene
    quality     (frame,) share of background points that agree, 0..1
    cut         (frame,) True where a new scene begins
    """

    to_first: Floats
    quality: Floats
    cut: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poses:
    """Everyone found in a clip, the largest and longest seen first, and what the camera did meanwhile."""

    model: PoseModel
    time_s: Floats
    width: int
    height: int
    people: tuple[Person, ...]
    camera: CameraMotion


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One runner with two true legs.

    first_frame   index in the clip of the first row here: frames that are not running have been cut away
    time_s        (frame,) seconds from the first frame of the clip, true time (slow motion already divided out)
    xy_px         (frame, keypoint, 2) pixels of the upright picture, repaired and smoothed; NaN = unseen
    xy            (frame, keypoint, 2) leg lengths, x forward, y up, camera motion removed; the origin is fixed to the
                  ground over ground and to the room on a treadmill
    seen          (frame, keypoint) 1 = observed where expected, near 0 = filled in from the other strides
    confidence    (frame, keypoint) of the pose model
    leg_px        (frame,) pixels per leg length (hip to knee to ankle, as drawn by the pose model)
    phase_rad     (frame,) stride phase of the near leg, 2 pi a stride, unwrapped; NaN if not periodic
    plane         side, front or rear, as the body is turned
    near_side     the side towards the camera; None in a front or rear view
    direction     +1 runs to the right of the picture, -1 to the left, 0 towards or away from the camera
    stride_hz     strides a second
    explained     share of leg points within one gate of the periodic model, 0..1
    swapped       (frame,) True where the model had left and right the wrong way round
    label_vote    share of frames whose labels agree with near_side, 0..1; near 0.5 the sides are unsure
    person        index in Poses.people
    people        how many people were candidates
    bias_removed  whether the pose-dependent offset table was applied
    depth         (frame, keypoint) leg lengths by which a point is farther away than the hips, by the guess of the pose
                  model; in a front or rear view only, None if it has none
    """

    first_frame: int
    time_s: Floats
    xy_px: Floats
    xy: Floats
    seen: Floats
    confidence: Floats
    leg_px: Floats
    phase_rad: Floats
    plane: Plane
    near_side: Side | None
    direction: int
    stride_hz: float
    explained: float
    swapped: NDArray[np.bool_]
    label_vote: float
    person: int
    people: int
    bias_removed: bool
    notes: tuple[Reason, ...] = ()
    depth: Floats | None = None

    @property
    def rate_hz(self) -> float:
        """Frames a second of life."""
        return float(1 / np.median(np.diff(self.time_s)))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the clip shows and can support.

    scale_m_per_leg  metres in one length unit of Track.xy; NaN if no scale is known
    tilt_deg         how far level ground climbs to the right of the picture; NaN if unknown
    yaw_deg          how far ahead of the runner's side the camera is (+, sees the chest) or behind it (-); NaN: unknown
    look_down_deg    angle below the horizontal at which the camera sees the feet on the ground; NaN if unknown
    *_uncertainty_deg  half width of the 95 % interval of each of these; what is surely not 0 is removed from Track.xy
    speed_mps        running speed, measured or given; NaN if unknown
    acceleration_mps2  how fast that speed rises (+) or falls; NaN if unknown, as on a treadmill
    posture_acceleration_mps2  the same by the posture: how far the body is ahead of the foot on the ground
    """

    plane: Plane
    near_side: Side | None
    direction: int
    setting: Setting
    camera: Literal["fixed", "panning"]
    scale_m_per_leg: float = float("nan")
    scale_uncertainty: float = float("nan")  # half width of the 95 % interval, as a share of the scale
    scale_m_per_px: float = float("nan")
    scale_source: ScaleSource = "none"
    speed_mps: float = float("nan")
    speed_uncertainty_mps: float = float("nan")
    speed_source: str = "none"
    acceleration_mps2: float = float("nan")
    posture_acceleration_mps2: float = float("nan")
    tilt_deg: float = float("nan")
    tilt_uncertainty_deg: float = float("nan")
    yaw_deg: float = float("nan")
    yaw_uncertainty_deg: float = float("nan")
    look_down_deg: float = float("nan")
    look_down_uncertainty_deg: float = float("nan")
    notes: tuple[Reason, ...] = ()


# -- gait --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One foot on the ground: strike to toe-off, between frames.

    uncertainty_s   half width of the 95 % interval of either event
    *_frame         nearest frame of the clip
    """

    side: Side
    strike_s: float
    toe_off_s: float
    uncertainty_s: float
    strike_frame: int
    toe_off_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """From one strike of a foot to its next."""

    contact: Contact
    next_strike_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The range of a measure that is ordinary for runners at this speed.

    edge_error  half width of the 95 % interval of either edge: few people were measured, and of few kinds
    n           how many people were measured; None where nobody was counted
    percentile  share of them beyond each edge, per cent; None where nobody was counted
    population  who they were
    """

    low: float
    high: float
    at_speed_mps: float | None
    source: str
    edge_error: float = 0.0
    n: int | None = None
    percentile: float | None = None
    population: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One stride's value of a measure, and the moment that shows it."""

    time_s: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number about the run.

    value         mean over n steps or strides
    sd            spread over strides, NaN if n < 2
    uncertainty   half width of the 95 % interval of value: spread, frame rate, keypoint noise and bias, scale
    samples       the strides behind it, in time order; empty if the measure is one fit over the clip
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAssessed:
    """A measure, problem or cause that this clip cannot show, and why (and how to film it).

    topic   what a problem is called inside a sentence, as its rule has it; empty for a measure
    """

    id: str
    reason: Reason
    topic: str = ""


# -- coach -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A number behind a statement, and the moment in the clip that shows it."""

    measure: str
    side: MeasureSide
    value: float
    time_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What to think of while running, in the second person, and the cause it mends."""

    id: str
    says: str
    mends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One possible cause of a problem after its own test in the same clip; support ranks the causes, 0..1.

    title      its name, as the rule has it; empty in older files
    root       the problem that is this cause seen by itself, if there is one
    why_open   why the clip decides nothing: too close to the line, only another view shows it, or not measured
    settle     what would settle a cause that is open
    """

    cause: str
    verdict: Verdict
    says: str
    evidence: tuple[Evidence, ...] = ()
    support: float = 0.0
    title: str = ""
    root: str | None = None
    why_open: WhyOpen | None = None
    settle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem seen beyond its uncertainty, its causes ranked, its cues for the supported causes first.

    title, topic  its headline, and its name inside a sentence, as its rule has them; empty in older files
    explained_by  the problem that is the root of this one, where it is told; None if this stands for itself
    """

    problem: str
    grade: Grade
    confidence: float
    says: str
    evidence: tuple[Evidence, ...]
    causes: tuple[Cause, ...]
    cues: tuple[Cue, ...]
    severity: float = 0.0
    explained_by: str | None = None
    title: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The number that should move; minimal_change is the least difference this camera can see."""

    measure: str
    side: MeasureSide
    start: float
    goal: float
    minimal_change: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One thing at a time.

    title      headline of the focus, as its rule has it; empty in older files
    notice     what the runner would notice, a sentence each: the signs that the focus explains, or the focus itself
    comes_from  where it comes from, a sentence each: the cause by name and number, or what is ruled out and open
    why        both in one paragraph
    practice   where, how long, how often
    expect     what should change first, and what may look worse and is not a failure
    guard      what must not get worse
    later      problems kept for after this one, in order
    """

    focus: str
    cue: str
    why: str
    target: Target | None
    practice: str
    expect: tuple[str, ...]
    guard: tuple[str, ...]
    film_again: str
    later: tuple[str, ...] = ()
    title: str = ""
    notice: tuple[str, ...] = ()
    comes_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The whole result for one clip; `formats/analysis_json.py` writes it as analysis.json."""

    version: str
    clip: Clip
    pose: PoseModel
    view: View
    track: Track
    contacts: tuple[Contact, ...]
    measures: tuple[Measure, ...]
    not_assessed: tuple[NotAssessed, ...]
    findings: tuple[Finding, ...]
    plan: Plan | None
    warnings: tuple[Reason, ...] = ()
