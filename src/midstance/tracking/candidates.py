"""Look at everyone in the clip: what each person does, and which of them is the runner."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from midstance.errors import Refused, UsageError
from midstance.kinematics.angles import height_of_bounce, middle_of
from midstance.kinematics.curves import wave_share
from midstance.model import CameraMotion, Floats, Person, Plane, Poses
from midstance.reasons import Reason
from midstance.skeleton import INDEX, SIDES
from midstance.tracking.gait_phase import EXPLAINED_COST, Rhythm
from midstance.tracking.leg_identity import find_leg_rhythm
from midstance.tracking.orientation import direction_votes, plane_of, trunk_px, turned_deg

Does = Literal["runs", "moves", "stands"]

SHORTEST_LOOK_S = 0.5
"""A person seen for less is not looked at: three steps of a sprinter take 0.65 s."""
FEWEST_FRAMES = 12
"""Nor one with fewer frames: the rhythm of three steps needs four a step."""
BRIDGED_S, UNSEEN_S = 0.25, 1.0
"""What may lie inside a stretch that runs: seconds that do not look like running, seconds in which nobody is seen."""
TRUNK_MARGIN, HEAD_MARGIN = 0.3, 0.5
"""Trunk lengths between hips or shoulders and the side of the picture, and between shoulders and its top. Nearer, the
picture cuts trunk or head, and the pose model squeezes the body into what it sees."""
FEET_BELOW = 0.05
"""Trunk lengths by which a foot may be drawn below the picture: no more than the error of drawing it."""
SHORTEST_SCENE_S = 0.8
"""A scene that lasts less shows hardly two steps, and nobody is followed in it (pose/people.py)."""
CLEAR_RHYTHM = 0.5
"""Front or rear view: share of the ups and downs of ankles or head that one wave must explain."""
BOUNCES = 0.35
"""And of those of head and shoulders in any case; runners gave 0.51 to 0.98, somebody balancing on a beam 0.18."""
PASSING = 0.1
"""Share of the clip below which something that does not run may be a false alarm of the person detector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Someone in the clip, in the scene in which they run longest.

    person    index in Poses.people
    frames    first and last + 1 frame with shoulders to feet in the picture
    seen_s    seconds of the clip in which they are so seen
    there_s   seconds in which the pose model draws them at all
    trunk_px  how large they are
    turned_deg  how far they are turned against the upright of the picture, + clockwise
    direction +1 to the right of the picture, -1 to the left, 0 in a front or rear view
    stride_hz strides a second, NaN if not known
    rhythm    of the frames, in a side view
    """

    person: int
    frames: tuple[int, int]
    seen_s: float
    there_s: float
    trunk_px: float
    turned_deg: float
    plane: Plane
    direction: int
    does: Does
    stride_hz: float
    rhythm: Rhythm | None = None


def candidates(poses: Poses) -> tuple[Candidate, ...]:
    """Return everyone who is drawn for long enough, in the order of Poses.people."""
    looks = (_look_at(poses, index) for index in range(len(poses.people)))
    return tuple(look for look in looks if look is not None)


def people_seen(looks: tuple[Candidate, ...]) -> tuple[Reason, ...]:
    """Describe everyone to choose from, counted from 1: "1 (runs, 3.0 s)", "2 (stands, 2.7 s)"."""
    return tuple(_described(look) for look in looks)


def _described(look: Candidate) -> Reason:
    values = {"number": look.person + 1, "seen_s": look.seen_s}
    runs, moves = look.does == "runs", look.does == "moves"
    return Reason("someone_runs" if runs else "someone_moves" if moves else "someone_stands", **values)


def choose(poses: Poses, person: int | None) -> tuple[Candidate, tuple[Candidate, ...]]:
    """Choose the runner, and return everyone to choose from: the largest who runs longest, or the one asked for.

    person  index in Poses.people, or None

    Raises UsageError if that person is not in the clip, Refused if nobody is.
    """
    looks = candidates(poses)
    if person is not None:
        asked = [look for look in looks if look.person == person]
        if not asked:
            raise UsageError(_no_such_person(person, looks))
        return asked[0], looks
    if not looks:
        raise _nobody(poses)
    order = ("stands", "moves", "runs")
    return max(looks, key=lambda look: (order.index(look.does), look.trunk_px * look.seen_s)), looks


def _no_such_person(person: int, looks: tuple[Candidate, ...]) -> Reason:
    if not looks:
        return Reason("no_such_person_nor_other", number=person + 1)
    return Reason("no_such_person", number=person + 1, people=people_seen(looks))


def _nobody(poses: Poses) -> Refused:
    longest_s = max(float(poses.time_s[b - 1] - poses.time_s[a]) for a, b in pairwise(scene_bounds(poses)))
    if longest_s < SHORTEST_SCENE_S:
        return Refused("too_few_steps", Reason("scenes_too_short", longest_s=longest_s, needed_s=SHORTEST_SCENE_S))
    return Refused("no_person", Reason("nobody_found"))


def scene_bounds(poses: Poses) -> list[int]:
    """Return the frames at which scenes begin, and the end of the last."""
    return [0, *(np.flatnonzero(poses.camera.cut[1:]) + 1).tolist(), len(poses.time_s)]


def visible(poses: Poses, index: int) -> Floats:
    """Return the points of one person, NaN in frames in which trunk and legs are not wholly inside the picture.

    The toes may leave it to the side, as those of a runner who comes in or goes out, but not below.

    index    in poses.people; returns (frame, keypoint, 2) pixels
    """
    xy, size = poses.people[index].xy, np.array([poses.width, poses.height])
    trunk, legs, feet = (_both(xy, *parts) for parts in (("shoulder", "hip"), ("knee", "ankle"), ("heel", "toe")))
    trunk_length = float(np.nan_to_num(trunk_px(xy)))
    side, top = TRUNK_MARGIN * trunk_length, HEAD_MARGIN * trunk_length
    clear = [
        (legs >= 0) & (legs <= size),
        (trunk >= [side, top]) & (trunk <= size - [side, 0.0]),
        feet[..., 1:] <= poses.height + FEET_BELOW * trunk_length,
    ]
    inside = np.all([part.reshape(len(xy), -1).all(1) for part in clear], axis=0)
    return np.where(inside[:, None, None], xy, np.nan)


def _both(xy: Floats, *parts: str) -> Floats:
    """Return these points of both sides, (frame, point, 2) pixels."""
    return xy[:, [INDEX[f"{side}_{part}"] for side in SIDES for part in parts]]


def hip_path(xy: Floats, camera: CameraMotion) -> Floats:
    """Return the mid-hip, (frame, 2), in the pixels of the first frame of its scene.

    xy  (frame, keypoint, 2) pixels
    """
    hips = middle_of(xy, "hip")
    turned = np.einsum("nij,nj->ni", camera.to_first[:, :, :2], hips)
    return cast("Floats", turned + camera.to_first[:, :, 2])


def longest_run(good: NDArray[np.bool_], seen: NDArray[np.bool_], time_s: Floats) -> tuple[int, int]:
    """Find the longest stretch of good frames: its first index, and its last + 1; 0, 0 if there is none.

    A stretch bridges frames seen and not good up to BRIDGED_S, and frames not seen up to UNSEEN_S.

    good, seen, time_s  (frame,)
    """
    places = np.flatnonzero(good & seen)
    if not len(places):
        return 0, 0
    step_s = float(np.median(np.diff(time_s)))
    bad_s = np.diff(np.cumsum(seen & ~good)[places]) * step_s
    breaks = np.flatnonzero((bad_s > BRIDGED_S) | (np.diff(time_s[places]) > UNSEEN_S)) + 1
    stretches = [(int(part[0]), int(part[-1]) + 1) for part in np.split(places, breaks)]
    return max(stretches, key=lambda stretch: time_s[stretch[1] - 1] - time_s[stretch[0]])


def _look_at(poses: Poses, index: int) -> Candidate | None:
    """Look at the scene in which this person runs longest; None if the pose model hardly ever drew them."""
    step_s = float(np.median(np.diff(poses.time_s)))
    there_s = float(np.isfinite(poses.people[index].xy[:, INDEX["left_hip"], 0]).sum() * step_s)
    if there_s < SHORTEST_LOOK_S:
        return None
    xy = visible(poses, index)
    looks = [_look_in_scene(poses, index, xy, (a, b)) for a, b in pairwise(scene_bounds(poses))]
    best = max(looks, key=lambda look: (look.does == "runs", look.seen_s))
    if best.does != "runs" and there_s < PASSING * len(poses.time_s) * step_s:
        return None
    return best


def _look_in_scene(poses: Poses, index: int, xy: Floats, scene: tuple[int, int]) -> Candidate:
    person, step_s = poses.people[index], float(np.median(np.diff(poses.time_s)))
    there_s = float(np.isfinite(person.xy[slice(*scene), INDEX["left_hip"], 0]).sum() * step_s)
    seen = np.flatnonzero(np.isfinite(xy[slice(*scene), INDEX["left_hip"], 0])) + scene[0]
    seen_s = len(seen) * step_s
    if seen_s < SHORTEST_LOOK_S or len(seen) < FEWEST_FRAMES:
        return Candidate(
            person=index,
            frames=scene,
            seen_s=seen_s,
            there_s=there_s,
            trunk_px=trunk_px(person.xy),
            turned_deg=turned_deg(person.xy),
            plane="side",
            direction=0,
            does="stands",
            stride_hz=float("nan"),
        )
    frames = int(seen[0]), int(seen[-1]) + 1
    rows = slice(*frames)
    time_s, path = poses.time_s[rows], hip_path(xy[rows], _part(poses.camera, rows))
    part = Person(xy=xy[rows], confidence=person.confidence[rows])
    plane, size = plane_of(part.xy), trunk_px(part.xy)
    known = np.isfinite(path[:, 0])
    travels = float(np.ptp(path[known], axis=0).max()) > 1.5 * size
    if plane == "side":
        direction, rhythm = _direction(part, path, time_s)
        runs, stride_hz = bool((rhythm.cost < EXPLAINED_COST).any()), rhythm.hz
    else:
        direction, rhythm, stride_hz = 0, None, alternation_hz(part.xy, time_s)
        runs = bool(np.isfinite(stride_hz))
    return Candidate(
        person=index,
        frames=frames,
        seen_s=seen_s,
        there_s=there_s,
        trunk_px=size,
        turned_deg=turned_deg(part.xy),
        plane=plane,
        direction=direction,
        does="runs" if runs else "moves" if travels else "stands",
        stride_hz=stride_hz,
        rhythm=rhythm,
    )


def _direction(person: Person, path: Floats, time_s: Floats) -> tuple[int, Rhythm]:
    """Decide which way they run, by what the body shows and by the direction in which a stride explains the legs."""
    votes = direction_votes(person, path, time_s)
    rhythms = {d: find_leg_rhythm(person.xy, time_s, direction=d) for d in (1, -1)}
    gain = {d: float(np.clip(2 - rhythms[d].cost, 0, None).mean()) for d in (1, -1)}
    direction = 1 if votes + 3 * (gain[1] - gain[-1]) > 0 else -1
    return direction, rhythms[direction]


def alternation_hz(xy: Floats, time_s: Floats) -> float:
    """Measure the strides a second in a front or rear view; NaN unless the ankles rise in turn as high as in running.

    A walker's ankle hardly rises above the other one: 0.15 of the trunk against 0.5 and more in running. Where the
    ankles are drawn poorly, head and shoulders, which go up and down twice a stride, show the rhythm.

    xy  (frame, keypoint, 2) pixels, NaN = unseen
    """
    lift = (xy[:, INDEX["left_ankle"], 1] - xy[:, INDEX["right_ankle"], 1]) / trunk_px(xy)
    height = height_of_bounce(xy)
    seen = np.isfinite(lift) & np.isfinite(height)
    if seen.sum() < FEWEST_FRAMES:
        return float("nan")
    lift, height, time_s = lift[seen], height[seen], time_s[seen] - time_s[seen][0]
    hz = np.arange(max(0.1, 1.2 / time_s[-1]), 2.6, 0.25 / time_s[-1])
    shares = np.stack([wave_share(time_s, lift, hz), wave_share(time_s, height, 2 * hz)])
    best = int(shares.sum(0).argmax())
    clear = shares[:, best].max() > CLEAR_RHYTHM and shares[1, best] > BOUNCES
    return float(hz[best]) if clear and np.percentile(np.abs(lift - np.median(lift)), 95) > 0.3 else float("nan")


def _part(camera: CameraMotion, rows: slice) -> CameraMotion:
    return CameraMotion(to_first=camera.to_first[rows], quality=camera.quality[rows], cut=camera.cut[rows])
