"""One runner followed through a clip, and how the camera sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from midstance.dataframes import Library, data_frame
from midstance.model.clip import Absent, Floats, SeenBy
from midstance.reasons import Reason
from midstance.skeleton import KEYPOINTS, Side

Plane = Literal["side", "front", "rear"]
Setting = Literal["treadmill", "over_ground", "in_place", "unknown"]
ScaleSource = Literal["height", "belt_speed", "known_length", "file", "gravity", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One runner with two true legs.

    Lengths are leg lengths, x forward, y up (docs/conventions.md).

    Attributes
    ----------
    first_frame
        Index in the clip of the first row here: frames that are not running have been cut away.
    time_s
        (frame,) seconds from the first frame of the clip, true time (slow motion already divided out).
    xy_px
        (frame, keypoint, 2) pixels of the upright picture, repaired and smoothed; NaN = unseen.
    xy
        (frame, keypoint, 2) leg lengths, x forward, y up, camera motion removed; the origin is fixed to the ground over
        ground and to the room on a treadmill.
    seen
        (frame, keypoint) 1 = observed where expected, near 0 = filled in from the other strides.
    confidence
        (frame, keypoint) of the pose model, 0 to 1.
    leg_px
        (frame,) pixels per leg length (hip to knee to ankle, as drawn by the pose model).
    phase_rad
        (frame,) stride phase of the near leg, 2 pi a stride, unwrapped; NaN if not periodic.
    plane
        Side, front or rear, as the body is turned.
    near_side
        The side towards the camera; None in a front or rear view.
    direction
        +1 runs to the right of the picture, -1 to the left, 0 towards or away from the camera.
    stride_hz
        Strides a second.
    explained
        Share of leg points within one gate of the periodic model, 0 to 1.
    swapped
        (frame,) True where the model had left and right the wrong way round.
    label_vote
        Share of frames whose labels agree with near_side, 0 to 1; near 0.5 the sides are unsure.
    person
        Index in Poses.people.
    people
        How many people were candidates.
    bias_removed
        Whether the pose-dependent offset table was applied.
    notes
        What a reader should know about how the runner was followed.
    depth
        (frame, keypoint) leg lengths by which a point is farther away than the hips, as the pose model guesses; in a
        front or rear view only, None if it does not guess.
    smoothed_away
        (frame, keypoint, 2) leg lengths, x forward, y up: what smoothing took from the points of the legs; add it to xy
        for the points as drawn. NaN where none was seen, 0 for all other points. None in a front or rear view.
    seen_by
        What saw the points: a camera, several, or markers on the body.
    absent
        Parts of the body that a file of points lacks; what reads them is not assessed.
    px_per_m
        Pixels in a metre, for points that come in metres; NaN for others.
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
    smoothed_away: Floats | None = None
    seen_by: SeenBy = "camera"
    absent: frozenset[Absent] = frozenset()
    px_per_m: float = float("nan")

    @property
    def rate_hz(self) -> float:
        """Frames a second of life."""
        return float(1 / np.median(np.diff(self.time_s)))

    def to_frame(self, library: Library | None = None) -> Any:
        """Return the track as a data frame, one row a frame.

        Parameters
        ----------
        library
            "pandas" or "polars"; None takes the one that is installed, pandas if both are.

        Returns
        -------
        pandas.DataFrame or polars.DataFrame
            frame, time_s, phase_rad, and of every keypoint `<name>_x_px`, `<name>_y_px` (as in track.csv),
            `<name>_x_leg`, `<name>_y_leg` (leg lengths, x forward, y up), `<name>_seen` and `<name>_confidence`.

        Raises
        ------
        UsageError
            If the library is not installed.

        Examples
        --------
        >>> import midstance as ms
        >>> frame = ms.analyze("run.mov", height_m=1.66).track.to_frame("pandas")
        >>> list(frame.columns[:3])
        ['frame', 'time_s', 'phase_rad']
        >>> len(frame) == len(frame["left_knee_x_leg"].dropna())
        True
        """
        columns = {
            "frame": self.first_frame + np.arange(len(self.time_s)),
            "time_s": self.time_s,
            "phase_rad": self.phase_rad,
        }
        for i, name in enumerate(KEYPOINTS):
            columns |= {
                f"{name}_x_px": self.xy_px[:, i, 0],
                f"{name}_y_px": self.xy_px[:, i, 1],
                f"{name}_x_leg": self.xy[:, i, 0],
                f"{name}_y_leg": self.xy[:, i, 1],
                f"{name}_seen": self.seen[:, i],
                f"{name}_confidence": self.confidence[:, i],
            }
        return data_frame(columns, library)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the clip shows and can support.

    Attributes
    ----------
    plane, near_side, direction
        As in the Track.
    setting
        On a treadmill, over ground, or running in place.
    camera
        Whether the camera is fixed or turned.
    scale_m_per_leg
        Metres in one length unit of Track.xy; NaN if no scale is known.
    scale_uncertainty
        Half width of the 95 % interval, as a share of the scale.
    scale_m_per_px
        Metres in a pixel at the runner; NaN if no scale is known.
    scale_source
        Where the scale comes from.
    speed_mps, speed_uncertainty_mps, speed_source
        Running speed, measured or given, half the width of its 95 % interval, and where it comes from; NaN if unknown.
    acceleration_mps2
        How fast that speed rises (+) or falls (-); NaN if unknown, as on a treadmill.
    posture_acceleration_mps2
        The same by the posture: how far the body is ahead of the foot on the ground.
    tilt_deg, tilt_uncertainty_deg
        How far level ground climbs to the right of the picture; NaN if unknown.
    yaw_deg, yaw_uncertainty_deg
        How far ahead of the runner's side the camera is (+, it sees the chest) or behind it (-); NaN if unknown.
    look_down_deg, look_down_uncertainty_deg
        Angle below the horizontal at which the camera sees the feet on the ground; NaN if unknown.
    notes
        What a reader should know about the view.
    also_from
        From where other films show the same run (`analyze_together`); empty if there are none.
    contradiction
        Which two ways to metres contradict each other, and which to check; then nothing is judged. None: they agree.

    Notes
    -----
    Every uncertainty is half the width of a 95 % interval. What is surely not 0 is removed from Track.xy.
    """

    plane: Plane
    near_side: Side | None
    direction: int
    setting: Setting
    camera: Literal["fixed", "panning"]
    scale_m_per_leg: float = float("nan")
    scale_uncertainty: float = float("nan")
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
    also_from: tuple[Plane, ...] = ()
    contradiction: Reason | None = None

    @property
    def planes(self) -> tuple[Plane, ...]:
        """From where the run was filmed: by this camera, and by those of the other films."""
        return (self.plane, *self.also_from)
