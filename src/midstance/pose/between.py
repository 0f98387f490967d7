"""Look at some frames of a film of many frames a second, and fill in what lies between them.

Strikes and toe-offs of runners rendered at 240 frames a second are found as well from 60 looks a second as from all
frames (docs/decisions/speed.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midstance.model import CameraMotion, Clip, Floats, Ints, Person, Poses

LOOKS_HZ = 60.0
"""Looks a second of life that are enough."""
_NEAR_ENOUGH = 0.02
"""A film of 119.88 frames a second counts as one of 120."""


def every_nth(clip: Clip) -> int:
    """Return of how many frames one is looked at."""
    return max(1, int(clip.rate_hz * clip.slow_motion_factor / LOOKS_HZ + _NEAR_ENOUGH))


def looks_at(clip: Clip) -> Ints:
    """Return the frames that are looked at: every n-th, and the last, so that nothing lies beyond them."""
    return np.unique([*range(0, clip.frames, every_nth(clip)), clip.frames - 1])


def looked_at(clip: Clip) -> Clip:
    """Return the clip with the frames alone that are looked at."""
    return replace(clip, time_s=clip.time_s[looks_at(clip)], rate_hz=clip.rate_hz / every_nth(clip))


def filled_between(poses: Poses, clip: Clip) -> Poses:
    """Return poses over all frames of a clip, from those of the frames that were looked at.

    What lies between two looks at a person is on a smooth curve through them. A peak of the heatmap goes straight to
    the nearest one of the next look, if it is the nearest of that one too.
    """
    frames = looks_at(clip)
    time_s = clip.time_s / clip.slow_motion_factor
    people = tuple(_filled(person, frames, time_s) for person in poses.people)
    return replace(poses, time_s=time_s, people=people, camera=_camera(poses.camera, frames, time_s))


def _filled(person: Person, frames: Ints, time_s: Floats) -> Person:
    from scipy.interpolate import make_interp_spline  # noqa: PLC0415 (0.1 s of every start; few films need it)

    runs = list(_runs(np.asarray(np.isfinite(person.xy).all(axis=(1, 2)))))

    def curved(values: Floats, degree: int) -> Floats:
        """Lay a curve through every run of looks at which the person was seen."""
        laid_out = np.full((len(time_s), *values.shape[1:]), np.nan, values.dtype)
        for start, stop in runs:
            seen, between = frames[start:stop], slice(frames[start], frames[stop - 1] + 1)
            least = min(degree, stop - start - 1)
            curve = make_interp_spline(time_s[seen], values[start:stop], k=least) if least else None
            laid_out[between] = values[start] if curve is None else curve(time_s[between])
        return laid_out

    return Person(
        xy=curved(person.xy, 3),
        confidence=np.nan_to_num(curved(person.confidence, 1)),
        peaks=None if person.peaks is None else _peaks(person.peaks, frames, time_s),
        depth=None if person.depth is None else curved(person.depth, 1),
    )


def _peaks(seen: Floats, frames: Ints, time_s: Floats) -> Floats:
    """Let peaks (look, joint, peak, 3) go from look to look."""
    apart = np.linalg.norm(seen[:-1, :, :, None, :2] - seen[1:, :, None, :, :2], axis=-1)
    apart = np.where(np.isfinite(apart), apart, np.inf)
    there, back = apart.argmin(axis=3), apart.argmin(axis=2)
    mutual = np.take_along_axis(back, there, axis=2) == np.arange(seen.shape[2])
    mutual &= np.isfinite(apart.min(axis=3))
    goal = np.where(mutual[..., None], np.take_along_axis(seen[1:], there[..., None], axis=2), np.nan)
    last = np.minimum(np.searchsorted(frames, np.arange(len(time_s)), side="right") - 1, len(frames) - 2)
    start_s, span_s = time_s[frames[last]], time_s[frames[last + 1]] - time_s[frames[last]]
    share = ((time_s - start_s) / span_s)[:, None, None, None]
    filled: Floats = (seen[last] + share * (goal[last] - seen[last])).astype(seen.dtype)
    filled[frames] = seen
    return filled


def _runs(seen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the first look of every run of looks, and the one after its last."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]]).astype(int)))
    yield from ((int(start), int(stop)) for start, stop in ends.reshape(-1, 2))


def _camera(seen: CameraMotion, frames: Ints, time_s: Floats) -> CameraMotion:
    """Let the camera move evenly between looks, and stay where it was until a scene begins."""
    last = np.searchsorted(frames, np.arange(len(time_s)), side="right") - 1
    coming = np.minimum(last + 1, len(frames) - 1)
    span_s = time_s[frames[coming]] - time_s[frames[last]]
    share = np.where(span_s > 0, (time_s - time_s[frames[last]]) / np.where(span_s > 0, span_s, 1), 0)
    share[seen.cut[coming]] = 0
    to_first = seen.to_first[last] + share[:, None, None] * (seen.to_first[coming] - seen.to_first[last])
    cut = np.zeros(len(time_s), bool)
    cut[frames] = seen.cut
    return CameraMotion(to_first=to_first, quality=seen.quality[last], cut=cut)
