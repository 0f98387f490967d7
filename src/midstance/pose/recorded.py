"""Take people's points from a file in place of a pose model: laid out as a picture, stand-ins for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from midstance.errors import InputError
from midstance.formats.points import in_skeleton, with_hips
from midstance.formats.recordings import read_recording
from midstance.model import Absent, CameraMotion, Clip, Floats, OnProgress, Person, PoseModel, Poses, Recording
from midstance.reasons import Reason
from midstance.skeleton import INDEX, SIDES
from midstance.video.camera_motion import CameraWatcher
from midstance.video.frames import undeveloped
from midstance.video.opening import hash_of
from midstance.video.small_picture import Box
from midstance.video.stills import opencv_on_one_thread
from midstance.video.time_gaps import cut_at_gaps
from midstance.video.undeveloped import OnFrame

PX_PER_M = 250.0
MARGIN_PX = 300.0
"""Around points in metres; wide enough that nothing of the body is at the rim of the picture."""
NEEDED = ("hip", "knee", "ankle")
OVER_HIPS = 0.55
"""Height of the shoulders over the hips in leg lengths, for points without shoulders; only their rise and fall is read.
0.48 m in runners with legs of 0.88 m (validation/force_plate.py)."""
HEEL, TOE = (-0.05, -0.07), (0.22, -0.07)
"""Of a foot square to its shank, in leg lengths from the ankle along the foot and along the shank (gait_phase.py)."""
MORE_FRAMES = 2
"""How many frames more than its film a file of points may have: programs count the last one differently."""
OURS = "midstance"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Everyone as in a picture: (person, frame, keypoint, 2) px and (person, frame, keypoint), and what that means."""

    xy: Floats
    confidence: Floats
    width: int
    height: int
    square: bool
    px_per_m: float
    absent: frozenset[Absent]


# -- open ----------------------------------------------------------------------------------------------------------


def open_recording(
    path: Path, *, rate_hz: float | None = None, film: Clip | None = None, slow_motion: float | None = None
) -> Clip:
    """Open a file of points as a clip: with the pictures and times of its film, or else with empty pictures.

    rate_hz      frames a second, for files that do not say
    slow_motion  how many times slower than life the film played

    Raises InputError for what cannot be read, or belongs to no runner or to another film.
    """
    found = read_recording(path, rate_hz or (film.rate_hz if film else None))
    layout = _laid_out(found, film)
    if film:
        return replace(film, points=path, notes=(*film.notes, *found.notes))
    files = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    steps = np.diff(found.time_s)
    return Clip(
        path=path,
        sha256=hash_of(files),
        width=layout.width,
        height=layout.height,
        time_s=found.time_s,
        rate_hz=float(1 / np.median(steps)),
        variable_rate=bool(np.ptp(steps) > 0.1 * np.median(steps)),
        rotation_deg=0,
        slow_motion_factor=slow_motion or 1.0,
        notes=found.notes,
        points=path,
    )


def recorded_poses(clip: Clip, on_progress: OnProgress | None = None, *, on_frame: OnFrame | None = None) -> Poses:
    """Return everyone in the file of points of a clip. Raises InputError.

    on_frame  called with every frame of its film: what else is to be seen in it is seen as it is decoded
    """
    assert clip.points is not None
    found = read_recording(clip.points, clip.rate_hz)
    layout = _laid_out(found, clip if clip.has_pictures else None)
    seen = np.isfinite(layout.xy).all(axis=-1)
    people = [
        Person(xy=_length(xy, clip.frames, np.nan), confidence=_length(trust, clip.frames, 0.0))
        for xy, trust in zip(layout.xy, np.where(seen, layout.confidence, 0.0), strict=True)
    ]
    people.sort(key=lambda person: float(np.isfinite(person.xy[:, INDEX["left_hip"], 0]).sum()), reverse=True)
    moved = _watched(clip, people, on_progress, on_frame) if clip.has_pictures else _still(clip.frames, found, layout)
    moved = cut_at_gaps(moved, clip.time_s)
    return Poses(
        model=PoseModel(backend=found.made_by, model="points", weights_sha256=""),
        time_s=clip.time_s / clip.slow_motion_factor,
        width=clip.width,
        height=clip.height,
        people=tuple(people),
        camera=moved,
        seen_by=found.seen_by,
        joint_centres=found.seen_by != "camera" or found.made_by.startswith(OURS),
        square=layout.square,
        px_per_m=layout.px_per_m,
        absent=layout.absent,
    )


def _length(values: Floats, frames: int, missing: float) -> Floats:
    """Return values over so many frames: cut, or missing at the end."""
    kept = values[:frames]
    rest = np.full((frames - len(kept), *values.shape[1:]), missing)
    return np.concatenate([kept, rest])


def _still(frames: int, found: Recording, layout: _Layout) -> CameraMotion:
    """Return a camera that stands still; of pixels without their film nobody knows whether it does (quality 0)."""
    known = layout.square or found.unit == "m"
    return CameraMotion(
        to_first=np.tile(np.eye(2, 3), (frames, 1, 1)),
        quality=np.full(frames, 1.0 if known else 0.0),
        cut=np.zeros(frames, bool),
    )


def _watched(
    clip: Clip, people: Sequence[Person], on_progress: OnProgress | None, on_frame: OnFrame | None
) -> CameraMotion:
    """Watch the background of the film that the points belong to."""
    watcher, boxes = CameraWatcher(clip.rate_hz), _boxes(people, clip.frames)
    with opencv_on_one_thread():
        for frame, picture in enumerate(undeveloped(clip)):
            watcher.step(picture, boxes[frame])
            if on_frame:
                on_frame(frame, picture)
            if on_progress:
                on_progress(frame + 1, clip.frames)
        return watcher.finish()


def _boxes(people: Sequence[Person], frames: int) -> list[list[Box]]:
    """Return where everyone is in every frame."""
    boxes: list[list[Box]] = [[] for _ in range(frames)]
    for person in people:
        seen = np.isfinite(person.xy[..., 0])
        low = np.min(person.xy, axis=1, where=seen[..., None], initial=np.inf)
        high = np.max(person.xy, axis=1, where=seen[..., None], initial=-np.inf)
        for frame in np.flatnonzero(seen.any(axis=1)).tolist():
            (x0, y0), (x1, y1) = low[frame].tolist(), high[frame].tolist()
            boxes[frame].append((x0, y0, x1, y1))
    return boxes


# -- as a picture --------------------------------------------------------------------------------------------------


def _laid_out(found: Recording, film: Clip | None) -> _Layout:
    """Lay points out as a picture. Raises InputError for points without legs, or of another film."""
    if film:
        _check_film(found, film)
    xyz, trust = in_skeleton(found.names, found.points, found.confidence)
    square = xyz.shape[-1] == 3
    if square:
        up, sign = _upright(xyz)
        xyz = with_hips(found.names, found.points, xyz, up=up, sign=sign)
        trust = np.where(np.isfinite(xyz[..., 0]), np.maximum(trust, 1.0 * (trust == 0)), 0.0)
        _check_legs(found, xyz)
        xy = _from_the_side(found, xyz, up, sign)
    else:
        _check_legs(found, xyz)
        xy = xyz
    xy, size, px_per_m = _in_pixels(found, xy, film)
    xy, absent = filled_in(xy)
    return _Layout(
        xy=xy,
        confidence=trust,
        width=size[0],
        height=size[1],
        square=square,
        px_per_m=px_per_m,
        absent=absent,
    )


def _check_film(found: Recording, film: Clip) -> None:
    frames = found.points.shape[1]
    if found.unit == "m":
        raise InputError(Reason("points_metres_no_film", path=found.path))
    if frames > film.frames + MORE_FRAMES:
        raise InputError(Reason("points_other_film", path=found.path, points=frames, film=film.frames))


def _check_legs(found: Recording, xyz: Floats) -> None:
    """Raise InputError for points without hips, knees or ankles, with what the file calls its points."""
    missing = [
        f"{side} {part}"
        for part in NEEDED
        for side in SIDES
        if not np.isfinite(xyz[..., INDEX[f"{side}_{part}"], 0]).any()
    ]
    if missing:
        listed = ", ".join(name for name in found.names if name != "-")
        raise InputError(Reason("points_no_legs", path=found.path, missing=", ".join(missing), names=listed[:200]))


def _upright(xyz: Floats) -> tuple[int, float]:
    """Return which axis is up and its sign: along it hips are above ankles."""
    legs = np.stack([xyz[..., INDEX[f"{s}_hip"], :] - xyz[..., INDEX[f"{s}_ankle"], :] for s in SIDES]).reshape(-1, 3)
    mean = np.nanmean(legs, axis=0) if np.isfinite(legs[:, 0]).any() else np.array([0.0, 1.0, 0.0])
    up = int(np.argmax(np.abs(mean)))
    return up, float(np.sign(mean[up]) or 1.0)


def _from_the_side(found: Recording, xyz: Floats, up: int, sign: float) -> Floats:
    """Look at points in space from the runner's right, square to the run: (..., keypoint, 2) forward and up, metres.

    The run goes where the ankles swing, and right of it is the right hip. Raises InputError if the toes then point
    backwards.
    """
    level = [axis for axis in range(3) if axis != up]
    swings = []
    for side in SIDES:
        swing = (xyz[..., INDEX[f"{side}_ankle"], :] - xyz[..., INDEX[f"{side}_hip"], :])[..., level].reshape(-1, 2)
        swing = swing[np.isfinite(swing).all(axis=1)]
        swings.append(swing - swing.mean(axis=0))
    along = np.linalg.svd(np.concatenate(swings), full_matrices=False)[2][0]
    upward, forward = np.zeros(3), np.zeros(3)
    upward[up], forward[level] = sign, along
    across = np.nanmean((xyz[..., INDEX["right_hip"], :] - xyz[..., INDEX["left_hip"], :]).reshape(-1, 3), axis=0)
    if np.dot(np.cross(upward, across), forward) < 0:
        forward = -forward
    feet = [xyz[..., INDEX[f"{s}_toe"], :] - xyz[..., INDEX[f"{s}_heel"], :] for s in SIDES]
    pointing = np.concatenate([foot.reshape(-1, 3) @ forward for foot in feet])
    pointing = pointing[np.isfinite(pointing)]
    if len(pointing) and np.median(pointing) < 0:
        raise InputError(Reason("points_sides_swapped", path=found.path))
    return np.stack([xyz @ forward, xyz @ upward], axis=-1)


def _in_pixels(found: Recording, xy: Floats, film: Clip | None) -> tuple[Floats, tuple[int, int], float]:
    """Return points in pixels, the size of the picture, and the pixels in a metre. Raises InputError."""
    size = (film.width, film.height) if film else found.size_px
    if found.unit == "share":
        if size is None:
            raise InputError(Reason("points_shares", path=found.path))
        return xy * size, size, float("nan")
    if found.unit == "px":
        xy = _from_the_corner(found, xy, film) if found.own_origin else xy
        high = np.nanmax(xy.reshape(-1, 2), axis=0)
        room = _trunk_or_shank(xy)
        return xy, size or (int(high[0] + room), int(high[1] + room)), float("nan")
    px = xy * PX_PER_M * [1, -_upward(xy)]
    px = px - np.nanmin(px.reshape(-1, 2), axis=0) + MARGIN_PX
    high = np.nanmax(px.reshape(-1, 2), axis=0) + MARGIN_PX
    return px, (int(high[0]), int(high[1])), PX_PER_M


def _from_the_corner(found: Recording, xy: Floats, film: Clip | None) -> Floats:
    """Return pixels that counted from another origin as right and down from a corner. Raises InputError for a film."""
    if film:
        raise InputError(Reason("points_own_origin", path=found.path, program=found.made_by))
    xy = xy * [1, -_upward(xy)]
    return np.asarray(xy - np.nanmin(xy.reshape(-1, 2), axis=0) + _trunk_or_shank(xy))


def _upward(xy: Floats) -> float:
    """Return +1 where the second axis counts upwards, -1 where it counts downwards."""
    shank = xy[..., INDEX["left_knee"], 1] - xy[..., INDEX["left_ankle"], 1]
    return 1.0 if np.nanmedian(shank) >= 0 else -1.0


def _trunk_or_shank(xy: Floats) -> float:
    shank = xy[..., INDEX["left_knee"], :] - xy[..., INDEX["left_ankle"], :]
    return 2.0 * float(np.nanmedian(np.linalg.norm(shank, axis=-1)))


# -- what nobody marked --------------------------------------------------------------------------------------------


def filled_in(xy: Floats) -> tuple[Floats, frozenset[Absent]]:
    """Put stand-ins where nobody has heels, toes or shoulders, and name those parts.

    xy  (person, frame, keypoint, 2) px
    """
    xy, absent = xy.copy(), set[Absent]()
    if _lacks(xy, "shoulder"):
        absent.add("shoulder")
        leg = _leg_px(xy)[..., None]
        for side in SIDES:
            xy[..., INDEX[f"{side}_shoulder"], :] = xy[..., INDEX[f"{side}_hip"], :] - leg * [0.0, OVER_HIPS]
    if _lacks(xy, "heel") or _lacks(xy, "toe"):
        absent.add("feet")
        ahead = _ahead(xy)
        for side in SIDES:
            knee, ankle = (xy[..., INDEX[f"{side}_{part}"], :] for part in ("knee", "ankle"))
            down = (ankle - knee) / np.linalg.norm(ankle - knee, axis=-1, keepdims=True)
            along = np.stack([down[..., 1], -down[..., 0]], axis=-1) * ahead
            leg = _leg_px(xy)[..., None]
            for part, (forward, upward) in (("heel", HEEL), ("toe", TOE)):
                if _lacks(xy, part) or part == "toe":
                    xy[..., INDEX[f"{side}_{part}"], :] = ankle + leg * (forward * along - upward * down)
    return xy, frozenset(absent)


def _lacks(xy: Floats, part: str) -> bool:
    return any(not np.isfinite(xy[..., INDEX[f"{side}_{part}"], 0]).any() for side in SIDES)


def _leg_px(xy: Floats) -> Floats:
    """Return the median length of hip to knee to ankle, (person, 1)."""
    legs = []
    for side in SIDES:
        hip, knee, ankle = (xy[..., INDEX[f"{side}_{part}"], :] for part in NEEDED)
        legs.append(np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1))
    return cast("Floats", np.nanmedian(np.concatenate(legs, axis=-1), axis=-1, keepdims=True))


def _ahead(xy: Floats) -> float:
    """Return +1 for who faces the right of the picture, -1 for the left: a knee bends forward."""
    bends = []
    for side in SIDES:
        hip, knee, ankle = (xy[..., INDEX[f"{side}_{part}"], :] for part in NEEDED)
        thigh, shank = knee - hip, ankle - knee
        bends.append(thigh[..., 1] * shank[..., 0] - thigh[..., 0] * shank[..., 1])
    return -1.0 if np.nanmean(bends) > 0 else 1.0
