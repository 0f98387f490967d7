"""Read from straight lines of the scene how far the picture is turned: posts, walls and door frames, edges of a track.

What is built stands upright and lies level. Lines near the upright and near the level vote with their length; where
most of them agree, their middle is the tilt of the camera. How well this does: docs/decisions/cameras.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import cv2
import numpy as np

from midstance.errors import MidstanceError
from midstance.model import Clip, Floats, Level, Poses
from midstance.tracking.candidates import scene_bounds
from midstance.video.frames import pick_frames, scaled
from midstance.video.stills import Image
from midstance.video.undeveloped import Frame, developed

HEIGHT = 540
"""Lines of the picture in which edges are searched; a smaller film is not scaled up."""
LOOKS_PER_SCENE, MOST_SCENES = 3, 8
NEAR_DEG = 12.0
"""How far from upright or level a line may be and still vote: nobody tilts a camera farther by mistake."""
SHORTEST = 0.06
"""Length of a line that votes, as a share of the longer side of the picture."""
KERNEL_DEG, AROUND_DEG = 0.7, 1.5
"""Width of one vote, and how near the middle of most votes a line must be to count."""
FEWEST, SHARE = (3, 6), (0.7, 0.85)
"""How many lines must agree, and which share of all votes they must have: upright, level. Level lines run towards the
camera too, and then climb without any tilt."""
AGREE_DEG = 1.5
BOTH_SD_DEG, ONE_SD_DEG = 0.7, 1.0
"""Standard deviation of the tilt where uprights and levels agree, and where only one of them is there."""


class LevelPictures:
    """Keep, while a film is decoded, the pictures in which lines will be searched if it turns out to be one scene."""

    def __init__(self, clip: Clip) -> None:
        self._height = min(HEIGHT, clip.height)
        self._wanted = frozenset(_spread(0, clip.frames))
        self.kept: dict[int, Image] = {}

    def __call__(self, frame: int, picture: Frame) -> None:
        """Take in the next picture."""
        if frame in self._wanted:
            self.kept[frame] = scaled(developed(picture), self._height)


def levels_of(clip: Clip, poses: Poses, kept: Mapping[int, Image] | None = None) -> tuple[Level, ...]:
    """Return the tilt of some frames of every scene, as far as lines show it; none if the film cannot be read again.

    kept  pictures that need not be read again, as LevelPictures keeps them
    """
    if not clip.has_pictures:
        return ()
    pictures, chosen = dict(kept or {}), set(_frames(poses))
    try:
        pictures |= pick_frames(clip, chosen - pictures.keys(), height=min(HEIGHT, clip.height))
    except (MidstanceError, OSError):
        return ()
    pictures = {frame: pictures[frame] for frame in chosen}
    looked = ((frame, level_of(picture)) for frame, picture in sorted(pictures.items()))
    return tuple(Level(frame=frame, deg=deg, sd_deg=sd_deg) for frame, (deg, sd_deg) in looked if np.isfinite(deg))


def _frames(poses: Poses) -> Iterator[int]:
    """Choose frames evenly inside the longest scenes."""
    scenes = sorted(pairwise(scene_bounds(poses)), key=lambda scene: scene[0] - scene[1])[:MOST_SCENES]
    for start, stop in scenes:
        yield from _spread(start, stop)


def _spread(start: int, stop: int) -> list[int]:
    return [int(frame) for frame in np.linspace(start, stop - 1, LOOKS_PER_SCENE + 2)[1:-1]]


def level_of(rgb: Image) -> tuple[float, float]:
    """Return how far level ground climbs to the right in a picture, and the standard deviation; NaN without lines."""
    found = cv2.createLineSegmentDetector(0).detect(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))[0]
    if found is None:
        return np.nan, np.nan
    across = np.diff(np.asarray(found).reshape(-1, 2, 2), axis=1)[:, 0]
    length = np.linalg.norm(across, axis=1)
    long = length > SHORTEST * max(rgb.shape[:2])
    climbs_deg = -np.degrees(np.arctan2(across[long, 1], across[long, 0]))
    upright, level = (
        _middle(_folded(climbs_deg - first_deg), length[long], few, share)
        for first_deg, few, share in zip((90.0, 0.0), FEWEST, SHARE, strict=True)
    )
    if np.isfinite(upright) and np.isfinite(level):
        if abs(upright - level) <= AGREE_DEG:
            return (upright + level) / 2, BOTH_SD_DEG
        return np.nan, np.nan
    return (upright if np.isfinite(upright) else level), ONE_SD_DEG


def _folded(deg: Floats) -> Floats:
    """Return the angle of a line, which has no direction, within 90 degrees of 0."""
    return np.asarray((deg + 90) % 180 - 90)


def _middle(deg: Floats, length: Floats, few: int, share: float) -> float:
    """Find the middle of most votes; NaN where too few lines agree."""
    near = np.abs(deg) < NEAR_DEG
    deg, votes = deg[near], length[near] ** 1.5
    if len(deg) < few:
        return float("nan")
    grid = np.arange(-NEAR_DEG, NEAR_DEG, 0.1)
    heard = (votes[:, None] * np.exp(-0.5 * ((deg[:, None] - grid) / KERNEL_DEG) ** 2)).sum(0)
    mine = np.abs(deg - grid[heard.argmax()]) < AROUND_DEG
    if mine.sum() < few or votes[mine].sum() < share * votes.sum():
        return float("nan")
    return float(np.average(deg[mine], weights=votes[mine]))


def tilt_of(levels: Sequence[Level]) -> tuple[float, float]:
    """Return one tilt for some frames, and its standard deviation; NaN if no lines show it."""
    if not levels:
        return np.nan, np.nan
    deg = np.array([level.deg for level in levels])
    return float(np.median(deg)), float(np.hypot(min(level.sd_deg for level in levels), np.ptp(deg) / 2))
