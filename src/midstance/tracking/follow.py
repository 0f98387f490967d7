"""Follow one runner with two true legs: choose, cut to what runs, repair, smooth, turn to x forward and y up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midstance.errors import Refused
from midstance.kinematics.curves import fill_gaps
from midstance.kinematics.smoothing import gaussian_mean, running_median, smooth_keeping_bounce
from midstance.model import Floats, Poses, Side, Track
from midstance.reasons import Reason
from midstance.skeleton import INDEX, KEYPOINTS, MIRROR, SIDES, arm_indices, leg_indices, other
from midstance.tracking.candidates import Candidate, candidates, choose, longest_run, people_seen, visible
from midstance.tracking.gait_phase import ANKLE, EXPLAINED_COST, KNEE
from midstance.tracking.joint_centres import WHICH, arm_to_joint_centres, has_table, to_joint_centres
from midstance.tracking.leg_identity import Body, Legs, level_hips, place_body, repair_legs
from midstance.tracking.orientation import near_side_of, turned_away_rad

Looks = tuple[Candidate, ...]

__all__ = ["candidates", "follow_runner"]

LONGEST_GAP_S = 0.25
"""Seconds in which the runner is not seen that are filled, from the other strides; longer gaps stay NaN."""
FEWEST_STEPS = 2.9
EXPLAINED_AT_LEAST, SWING_AT_LEAST = 0.62, 0.5
"""Share of the leg points that a stride must explain, and how far an ankle must travel, leg lengths. Running film gives
0.67 to 1.00 and 0.8 to 1.2; somebody who turns round 0.58, shuffled frames 0.28, somebody who stands 0.1 to 0.4."""
STANDING_PCT, FOOT_SEEN_AT_LEAST = 30, 0.78
"""Share of frames in which a foot is surely on the ground, and how far it must be seen in them against the knee, within
the error of a mean of so few frames: 0.72 behind a rail, 0.73 to 0.85 for sprinters at 30 frames a second, else 0.9 and
more."""
LEG_HIDDEN, EXPLAINED_IF_HIDDEN = 0.25, 0.7
"""By how much less one leg is seen than the other if it is hidden: 0.3 and 0.6 where it was painted over. A stride must
then explain more."""
SEEN_AT_LEAST = 0.5
"""Share of the frames of a stretch, or of the clip, in which the whole body must be in the picture."""
SMALLEST_TRUNK_PX = 20.0
"""Runners of 70 pixels have a trunk of 23: intervals still cover 165 of 168 values; at 50 pixels 74 of 84."""
MOST_TURNED_DEG = 50.0
"""Lean of a body beyond which the picture itself is turned: sprinters lean by 45 degrees out of the blocks."""
EXPLAINED_HERE = 0.5
"""Share of leg points explained around a frame below which the stretch ends."""
CALM_STRIDES = 0.028
"""Smoothing of head, shoulders and arms: 20 ms for most runners."""
TYPICAL_STRIDE_S = 0.7
UNSURE = 0.4
"""Labels and arms together, 0 to 2, below which left and right are called unsure; 0.6 and more on film."""

_IS_LEG = np.isin(np.arange(len(KEYPOINTS)), leg_indices("left") + leg_indices("right"))


def follow_runner(poses: Poses, *, person: int | None = None, remove_bias: bool = True) -> Track:
    """Follow one runner through the longest part of the clip that runs.

    person       index in Poses.people; default: the largest who runs
    remove_bias  move leg points from where the pose model draws them to the joint centres (data/offsets.toml); leg_px
                 stays the leg length as drawn

    Raises Refused with what was measured and what is needed, UsageError if that person is not in the clip.
    """
    runner, looks = choose(poses, person)
    xy = visible(poses, runner.person)
    if runner.does != "runs":
        raise _why_not(runner)
    if runner.trunk_px < SMALLEST_TRUNK_PX:
        small = Reason("runner_too_small", trunk_px=runner.trunk_px, needed_px=SMALLEST_TRUNK_PX)
        raise Refused("view_not_supported", small)
    if runner.plane != "side":
        return _turned_track(poses, runner, xy, looks)
    rows, legs = _running_legs(poses, runner, xy)
    return _side_track(poses, runner, rows, legs, xy=xy, looks=looks, remove_bias=remove_bias)


def _why_not(runner: Candidate) -> Refused:
    if abs(runner.turned_deg) > MOST_TURNED_DEG:
        quarters = round(-runner.turned_deg / 90) % 4 * 90
        return Refused("view_not_supported", Reason("not_upright", turn_deg=quarters))
    if runner.seen_s < SEEN_AT_LEAST * runner.there_s:
        return _not_in_view(runner.seen_s / runner.there_s)
    return Refused("not_running", Reason("nobody_runs", seen_s=runner.seen_s))


def _not_in_view(seen: float) -> Refused:
    return Refused("body_not_in_view", Reason("part_out_of_view", seen=seen, needed=SEEN_AT_LEAST))


# -- the stretch that runs -------------------------------------------------------------------------------------------


def _running_legs(poses: Poses, runner: Candidate, xy: Floats) -> tuple[slice, Legs]:
    """Find the longest stretch that runs, and its legs. Raises Refused if the legs do not fit or it is too short."""
    assert runner.rhythm is not None
    seen = np.isfinite(xy[:, INDEX["left_hip"], 0])
    rows = slice(*runner.frames)
    start, stop = longest_run(runner.rhythm.cost < EXPLAINED_COST, seen[rows], poses.time_s[rows])
    rows = slice(rows.start + start, rows.start + stop)
    for last in (False, False, False, True):
        legs = _legs(poses, runner, xy, rows)
        start, stop = _explained_stretch(legs, seen[rows], poses.time_s[rows])
        if last or stop - start in (0, rows.stop - rows.start):
            break
        _check_length(legs.phase_rad[start:stop])
        rows = slice(rows.start + start, rows.start + stop)
    if seen[rows].mean() < SEEN_AT_LEAST:
        raise _not_in_view(float(seen[rows].mean()))
    _check(legs)
    return rows, legs


def _explained_stretch(legs: Legs, seen: NDArray[np.bool_], time_s: Floats) -> tuple[int, int]:
    """Find the longest stretch in which the periodic model explains the legs: first index and last + 1."""
    around = gaussian_mean(legs.explained[seen], time_s[seen], 0.25 / legs.stride_hz)
    return longest_run(np.interp(time_s, time_s[seen], around) > EXPLAINED_HERE, seen, time_s)


def _legs(poses: Poses, runner: Candidate, xy: Floats, rows: slice) -> Legs:
    person, whole = poses.people[runner.person], runner.rhythm
    assert whole is not None
    here = slice(rows.start - runner.frames[0], rows.stop - runner.frames[0])
    rhythm = replace(whole, phase_rad=whole.phase_rad[here], cost=whole.cost[here])
    peaks = None if person.peaks is None else person.peaks[rows]
    return repair_legs(xy[rows], peaks, poses.time_s[rows], direction=runner.direction, rhythm=rhythm)


def _check(legs: Legs) -> None:
    """Raise Refused for legs that do not run, take too few steps, or cannot be followed, in this order."""
    near, far = (float(seen[:, KNEE:].mean()) for seen in legs.seen)
    hidden, explained = abs(near - far) > LEG_HIDDEN, float(np.nanmean(legs.explained))
    if legs.swing_range < SWING_AT_LEAST:
        if hidden:
            raise _one_leg(near, far)
        raise Refused("not_running", Reason("ankles_stay", swing=legs.swing_range, needed=SWING_AT_LEAST))
    _check_length(legs.phase_rad)
    needed = EXPLAINED_IF_HIDDEN if hidden else EXPLAINED_AT_LEAST
    if explained < needed:
        if hidden:
            raise _one_leg(near, far)
        raise Refused("not_running", Reason("legs_not_running", explained=explained, needed=needed))
    foot, error = _seen_standing(legs)
    if foot + error < FOOT_SEEN_AT_LEAST:
        raise Refused("body_not_in_view", Reason("feet_hidden", seen=foot, needed=FOOT_SEEN_AT_LEAST))


def _one_leg(near: float, far: float) -> Refused:
    return Refused("body_not_in_view", Reason("one_leg_hidden", less=abs(near - far), most=LEG_HIDDEN))


def _check_length(phase_rad: Floats) -> None:
    """Raise Refused for a stretch, given by its stride phase, of too few steps."""
    steps = float(np.ptp(phase_rad)) / np.pi
    if steps < FEWEST_STEPS:
        raise Refused("too_few_steps", Reason("few_steps", steps=steps, needed=FEWEST_STEPS))


def _seen_standing(legs: Legs) -> tuple[float, float]:
    """Measure how far ankle, heel and toe of the near leg are seen while they move back fastest, and the error of it.

    Against its knee; the error is that of the mean of these frames.
    """
    forward = np.gradient(legs.xy[0, :, ANKLE, 0])
    seen = legs.seen[0, forward < np.percentile(forward, STANDING_PCT)]
    against_knee = seen[:, ANKLE:].mean(axis=1) / seen[:, KNEE].mean()
    return float(against_knee.mean()), float(against_knee.std() / np.sqrt(len(seen)))


# -- the track -------------------------------------------------------------------------------------------------------


def _side_track(
    poses: Poses, runner: Candidate, rows: slice, legs: Legs, *, xy: Floats, looks: Looks, remove_bias: bool
) -> Track:
    person, time_s = poses.people[runner.person], poses.time_s[rows]
    near = near_side_of(runner.direction)
    points = _steady(xy[rows], time_s, CALM_STRIDES / legs.stride_hz)
    seen = np.where(np.isfinite(xy[rows, :, 0]), person.confidence[rows], 0.0)
    confidence = person.confidence[rows].copy()
    confidence[legs.swapped] = np.where(_IS_LEG, confidence[legs.swapped][:, MIRROR], confidence[legs.swapped])
    moved = remove_bias and not poses.joint_centres and has_table(poses.model.model)
    both = _at_joint_centres(points, legs, poses.model.model, near) if moved else legs.xy
    smoothed_away = np.zeros(points.shape)
    for side, leg, leg_seen, away in zip((near, other(near)), both, legs.seen, legs.smoothed_away, strict=True):
        points[:, leg_indices(side)] = legs.body.to_picture(leg)
        seen[:, leg_indices(side)] = leg_seen
        smoothed_away[:, leg_indices(side)] = away
    points[_long_gaps(xy[rows], time_s)] = np.nan
    return Track(
        first_frame=rows.start,
        time_s=time_s,
        xy_px=points,
        xy=_upright(points, legs.body, poses, rows),
        seen=seen,
        confidence=confidence,
        leg_px=legs.body.leg_px,
        phase_rad=legs.phase_rad,
        plane="side",
        near_side=near,
        direction=runner.direction,
        stride_hz=legs.stride_hz,
        explained=float(np.nanmean(legs.explained)),
        swapped=legs.swapped,
        label_vote=float(1 - legs.swapped.mean()),
        person=runner.person,
        people=len(looks),
        bias_removed=moved or poses.joint_centres,
        smoothed_away=smoothed_away,
        seen_by=poses.seen_by,
        absent=poses.absent,
        px_per_m=poses.px_per_m,
        notes=(*_notes(poses, rows, sure=legs.sureness > UNSURE), *_others(runner, looks)),
    )


def _at_joint_centres(points: Floats, legs: Legs, model: str, near: Side) -> Floats:
    """Return the legs with the bias of a pose model removed, and remove it from the arms in points."""
    centres = [
        to_joint_centres(leg, model, which, phase_rad=legs.phase_rad + np.pi * i)
        for i, (leg, which) in enumerate(zip(legs.xy, WHICH, strict=True))
    ]
    for side, which in zip((near, other(near)), WHICH, strict=True):
        arm = legs.body.to_body(points[:, arm_indices(side)])
        points[:, arm_indices(side)] = legs.body.to_picture(arm_to_joint_centres(arm, model, which))
    return level_hips(np.array(centres))


def _turned_track(poses: Poses, runner: Candidate, xy: Floats, looks: Looks) -> Track:
    """Make the track of a front or rear view: no leg model, points as drawn, smoothed; x right in the picture, y up."""
    rows = slice(*runner.frames)
    time_s, confidence = poses.time_s[rows], poses.people[runner.person].confidence[rows]
    body = place_body(xy[rows], time_s, direction=1, stride_s=TYPICAL_STRIDE_S)
    points = _steady(xy[rows], time_s, CALM_STRIDES * TYPICAL_STRIDE_S)
    unknown, depth = np.full(len(time_s), np.nan), poses.people[runner.person].depth
    return Track(
        first_frame=rows.start,
        time_s=time_s,
        xy_px=points,
        xy=_upright(points, body, poses, rows),
        seen=np.where(np.isfinite(xy[rows, :, 0]), confidence, 0.0),
        confidence=confidence,
        leg_px=body.leg_px,
        phase_rad=unknown,
        plane=runner.plane,
        near_side=None,
        direction=0,
        stride_hz=runner.stride_hz,
        explained=float("nan"),
        swapped=np.zeros(len(time_s), bool),
        label_vote=1.0,
        person=runner.person,
        people=len(looks),
        bias_removed=False,
        notes=(*_notes(poses, rows, sure=True), *_others(runner, looks)),
        depth=None if depth is None else depth[rows] / body.leg_px[:, None],
        seen_by=poses.seen_by,
        absent=poses.absent,
        px_per_m=poses.px_per_m,
    )


def _steady(xy: Floats, time_s: Floats, width_s: float) -> Floats:
    """Smooth (frame, keypoint, 2) without lag; gaps up to LONGEST_GAP_S are filled, longer ones stay NaN."""
    whole, known = np.empty((len(xy), xy[0].size)), np.empty((len(xy), xy[0].size), bool)
    frames = np.arange(len(xy))
    for k, column in enumerate(xy.reshape(len(xy), -1).T):
        filled = fill_gaps(time_s, column, longest_s=LONGEST_GAP_S)
        here = known[:, k] = np.isfinite(filled)
        whole[:, k] = np.interp(frames, frames[here], filled[here]) if here.any() else filled
    smooth = smooth_keeping_bounce(running_median(whole, 3), time_s, width_s)
    smooth[~known] = np.nan
    return smooth.reshape(xy.shape)


def _long_gaps(xy: Floats, time_s: Floats) -> NDArray[np.bool_]:
    """Mark the frames in which the runner is not seen for longer than LONGEST_GAP_S, (frame,)."""
    return np.asarray(np.isnan(fill_gaps(time_s, xy[:, INDEX["left_hip"], 0], longest_s=LONGEST_GAP_S)))


def _upright(points_px: Floats, body: Body, poses: Poses, rows: slice) -> Floats:
    """Convert pixels to leg lengths, x forward, y up from the ground; origin on the background, under the first hip.

    Where the camera turns after the runner it looks along the path at the ends: lengths forward are restored.
    """
    to_first = poses.camera.to_first[rows]
    turn, shift = to_first[:, :, :2], to_first[:, :, 2]
    in_first = np.einsum("nij,nj->ni", turn, body.hip_px) + shift
    carried = np.linalg.solve(turn[:-1], (in_first[1:] - shift[:-1])[..., None])[..., 0]
    between = 0.5 * (body.leg_px[1:] + body.leg_px[:-1])
    steps = (carried - body.hip_px[:-1]) / between[:, None] * body.flip

    stretch = 1 / np.cos(turned_away_rad(body.leg_px, in_first[:, 0], width_px=poses.width))
    forward = np.stack([stretch, np.ones(len(stretch))], 1)
    path = np.concatenate([np.zeros((1, 2)), np.cumsum(steps * forward[1:], 0)])
    around = body.to_body(points_px) * forward[:, None] + path[:, None]
    soles = around[:, [INDEX[f"{side}_{part}"] for side in SIDES for part in ("heel", "toe")], 1].min(1)
    return np.asarray(around - [0.0, float(np.nanpercentile(soles, 5))])


def _notes(poses: Poses, rows: slice, *, sure: bool) -> tuple[Reason, ...]:
    notes = []
    cut = len(poses.time_s) - (rows.stop - rows.start)
    if cut:
        start_s, stop_s = float(poses.time_s[rows.start]), float(poses.time_s[rows.stop - 1])
        notes.append(Reason("part_of_clip", start_s=start_s, stop_s=stop_s))
    if not sure:
        notes.append(Reason("sides_unsure"))
    return tuple(notes)


def _others(runner: Candidate, looks: Looks) -> tuple[Reason, ...]:
    """Name everyone else who could have been measured; something small that keeps still may be no person."""
    named = tuple(look for look in looks if look is runner or not _is_beside_it(look, runner))
    if len(named) < 2:
        return ()
    return (Reason("one_of_many", number=runner.person + 1, people=people_seen(named)),)


def _is_beside_it(look: Candidate, runner: Candidate) -> bool:
    """Return whether somebody keeps still and is at most half as large as the runner, or seen half as long."""
    little = look.trunk_px <= 0.5 * runner.trunk_px or look.seen_s <= 0.5 * runner.seen_s
    return look.does == "stands" and little
