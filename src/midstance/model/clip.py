"""Clips, and everyone found in them."""

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

SeenBy = Literal["camera", "cameras", "markers"]
"""What saw the points: one camera, several cameras put together, or markers on the body."""
Absent = Literal["feet", "shoulder"]
"""Parts of the body that a file of points may lack."""

OnProgress = Callable[[int, int], None]
"""Called as long work goes on, with how much is done and how much there is: frames, or bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A film (or a folder of pictures) that can be opened, and when each of its frames was shown.

    Attributes
    ----------
    path, sha256
        The file, or the folder of pictures, and the hash of what is in it.
    width, height
        Pixels of the upright picture.
    time_s
        (frame,) seconds from the first frame, as the file stamps them, before any slow-motion factor.
    rate_hz
        One over the median step between frames.
    variable_rate
        Whether that step varies by more than the rounding of the time stamps.
    rotation_deg
        How far the stored picture had to be turned, clockwise, to stand upright: 0, 90, 180 or 270.
    turned_deg
        How much of that the file does not say: the film lay on its side, and was turned by its runner.
    faces
        (frame, person, 3) x, y and radius in pixels of the heads that are blurred in every picture; None: none is.
    transfer
        How brightness is coded: standard range, or one of two high ranges.
    slow_motion_factor
        How many times slower than life the film plays (1: in real time).
    notes
        What a reader should know about the file, such as that its end is missing.
    called
        What the runner calls the film; empty if that is the name of the file.
    points
        The file of points that another program wrote, read in place of looking at pictures; None: a pose model looks.
        Where it is `path` itself there is no film, and the pictures are empty.
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
    turned_deg: int = 0
    notes: tuple[Reason, ...] = ()
    called: str = ""

    @property
    def name(self) -> str:
        """What the film is called to a reader."""
        return self.called or self.path.name

    points: Path | None = None
    faces: Floats | None = None

    @property
    def has_pictures(self) -> bool:
        """Whether there is a film to look at, not points alone."""
        return self.points is None or self.points != self.path

    @property
    def frames(self) -> int:
        """How many frames."""
        return len(self.time_s)

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame to the last, as the file plays."""
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

    Attributes
    ----------
    xy
        (frame, keypoint, 2) pixels of the upright picture, over all frames of the clip; NaN = not seen.
    confidence
        (frame, keypoint) 0 to 1.
    peaks
        (frame, leg joint, peak, 3) x px, y px, probability of the strongest heatmap peaks of hip, knee, ankle, heel and
        toe (skeleton.LEG), left and right pooled; NaN where there are fewer; None if the model has none.
    depth
        (frame, keypoint) pixels by which a point is farther away than the hips; None if the model does not guess it.
    """

    xy: Floats
    confidence: Floats
    peaks: Floats | None = None
    depth: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMotion:
    """How the background moves through the picture.

    Attributes
    ----------
    to_first
        (frame, 2, 3) similarity that takes pixels of this frame to pixels of the first frame of its scene.
    quality
        (frame,) share of background points that agree, 0 to 1.
    cut
        (frame,) True where a new scene begins.
    """

    to_first: Floats
    quality: Floats
    cut: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poses:
    """Everyone found in a clip, the largest and longest seen first, and what the camera did meanwhile.

    Attributes
    ----------
    model
        What drew the points.
    time_s
        (frame,) seconds from the first frame, in the time of life.
    width, height
        Pixels of the upright picture.
    people
        Everyone.
    camera
        How the background moves.
    seen_by
        What saw the points: a camera, several, or markers on the body.
    joint_centres
        Whether the points are joint centres already, so that nothing is moved.
    square
        Whether the picture is made from points in space, level and square to the run.
    px_per_m
        Pixels in a metre, for points that come in metres; NaN for others.
    absent
        Parts of the body that nobody marked ("feet", "shoulder"); their points are only about where they must be.
    """

    model: PoseModel
    time_s: Floats
    width: int
    height: int
    people: tuple[Person, ...]
    camera: CameraMotion
    seen_by: SeenBy = "camera"
    joint_centres: bool = False
    square: bool = False
    px_per_m: float = float("nan")
    absent: frozenset[Absent] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How far the picture of one frame is turned, by the straight lines of the scene.

    Attributes
    ----------
    frame
        Index of the frame.
    deg
        Degrees by which level ground climbs to the right in the picture.
    sd_deg
        Standard deviation of its error.
    """

    frame: int
    deg: float
    sd_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPoses:
    """A clip and everyone found in it, kept so that other options need not look at the film again.

    Attributes
    ----------
    clip
        The film.
    poses
        Everyone found in it.
    levels
        How far the picture is turned, in some frames; empty where no lines of the scene show it.
    """

    clip: Clip
    poses: Poses
    levels: tuple[Level, ...] = ()
