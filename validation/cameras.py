"""Cameras as they are: runners rendered obliquely, from low, high and tilted cameras, in; what was mended, out.

    python -m validation.cameras

The films are those of `python -m validation.render` whose names begin with cam_. A tilt is made by turning all that
the pose model and the camera's motion gave of a level film.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from midstance.errors import Refused
from midstance.kinematics.angles import angle_deg
from midstance.model import Floats, Level, Poses, Side, Track, View
from midstance.skeleton import INDEX, leg_indices, other
from midstance.tracking.follow import follow_runner
from midstance.tracking.rectify import correction_of
from midstance.tracking.view import describe_view
from validation.accuracy import compare
from validation.calibrate import Compared
from validation.cases import Case, rendered
from validation.legs import angles_deg, true_angles_deg

TRUE_JOINTS = ("hip", "knee", "ankle", "heel", "toe")
STARTS = ("cam_", "val04")
LEFT_OUT = ("erik", "fay")
"""Bodies in no fit of data/cameras.toml."""
LEVEL_FILMS = ("coach_clean_0_4", "coach_clean_1_3", "coach_overstride_1", "coach_forward_lean_1",
               "val03_dai_overground", "val02_carl_6ms_pan")  # fmt: skip
TILTS = (-8.0, -3.0, 0.0, 5.0)


# -- truth -----------------------------------------------------------------------------------------------------------


class TrueCamera(NamedTuple):
    """Means over the frames of a track, degrees, as in View."""

    yaw_deg: float
    look_down_deg: float


def true_camera(truth: dict[str, Any], track: Track) -> TrueCamera:
    """Where the camera really stood, as seen from the runner."""
    rows = slice(track.first_frame, track.first_frame + len(track.time_s))
    subject, outward = truth["people"][0], 1 if truth["view"] == "left" else -1
    hips = [subject["keypoint_names"].index(f"hip{letter}") for letter in "LR"]
    away = np.array(truth["camera"]["eye_m"])[rows] - np.array(subject["keypoints_m"])[rows][:, hips].mean(axis=1)
    eye_high = np.array(truth["camera"]["eye_m"])[rows, 2]
    yaw = np.degrees(np.arctan2(away[:, 0], outward * away[:, 1]))
    look_down = np.degrees(np.arctan2(eye_high, np.hypot(away[:, 0], away[:, 1])))
    return TrueCamera(float(yaw.mean()), float(look_down.mean()))


def true_leg(truth: dict[str, Any], track: Track, side: Side) -> tuple[Floats, Floats]:
    """(frame, leg joint, 2) a leg of the track and the true one, each around its mid-hip, in leg lengths as drawn."""
    rows = slice(track.first_frame, track.first_frame + len(track.time_s))
    subject = truth["people"][0]
    names, points = subject["keypoint_names"], np.array(subject["keypoints_m"])[rows][..., [0, 2]]
    hips = [names.index(f"hip{letter}") for letter in "LR"]
    depth_m = np.array(subject["depth_m"])[rows][:, hips].mean(axis=1)
    scale = truth["camera"]["f_px"] / depth_m / track.leg_px
    true = points[:, [names.index(f"{joint}{side[0].upper()}") for joint in TRUE_JOINTS]]
    true = (true - points[:, hips].mean(axis=1)[:, None]) * scale[:, None, None]
    drawn = track.xy[:, leg_indices(side)] - track.xy[:, [INDEX["left_hip"], INDEX["right_hip"]]].mean(axis=1)[:, None]
    return drawn, true


# -- one clip --------------------------------------------------------------------------------------------------------


class Unsquared(Case):
    """A case whose camera is taken as level and square, as it was before midstance looked for it."""

    @cached_property
    def _squared(self) -> tuple[Track, View]:
        track = follow_runner(self.poses)
        return track, describe_view(self.clip, self.poses, track)


class Tilted(Case):
    """A case of a level film turned by some degrees; ground climbs to the right."""

    tilt_deg: float

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The lines of the film turn with it."""
        return tuple(replace(level, deg=level.deg + self.tilt_deg) for level in Case(self.name, self.film).levels)

    @cached_property
    def poses(self) -> Poses:
        return rolled(Case(self.name, self.film).poses, self.tilt_deg)


class UnsquaredTilted(Unsquared, Tilted):
    """Both."""


def rolled(poses: Poses, deg: float) -> Poses:
    """What a camera turned clockwise by so many degrees would have shown; ground climbs to the right."""
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    turn, middle = np.array([[c, s], [-s, c]]), np.array([poses.width, poses.height]) / 2
    people = tuple(
        replace(
            person,
            xy=(person.xy - middle) @ turn.T + middle,
            peaks=None
            if person.peaks is None
            else np.concatenate([(person.peaks[..., :2] - middle) @ turn.T + middle, person.peaks[..., 2:]], axis=-1),
        )
        for person in poses.people
    )
    motion, shift = poses.camera.to_first[..., :2], poses.camera.to_first[..., 2]
    moved = turn @ (motion @ middle + shift - middle)[..., None]
    turned = turn @ motion @ turn.T
    to_first = np.concatenate([turned, moved + (middle - turned @ middle)[..., None]], axis=-1)
    return replace(poses, people=people, camera=replace(poses.camera, to_first=to_first))


class Scored(NamedTuple):
    """Mean absolute errors in degrees of thigh, knee, shank and foot (less its constant), near then far, and of the
    trunk; errors of bounce (cm) and speed (%); share of the intervals that held."""

    angles_deg: Floats
    bounce_cm: float
    speed_pct: float
    held: float


def scored(case: Case) -> Scored:
    """Everything of one clip; raises Refused."""
    track = case.track
    assert track.near_side is not None
    legs = [_leg_errors(case, side) for side in (track.near_side, other(track.near_side))]
    rows = slice(track.first_frame, track.first_frame + len(track.time_s))
    lean = angle_deg(track, "trunk_lean", "left") - np.array(case.truth["people"][0]["angles"]["trunk_lean"][rows])
    measures = compare(case)
    speed = case.truth["people"][0]["speed_mps"]
    return Scored(
        np.array([*legs[0], *legs[1], np.nanmean(np.abs(lean))]),
        _error(measures, "vertical_oscillation_cm"),
        100 * _error(measures, "speed_mps") / speed,
        float(np.mean([row.held for row in measures])),
    )


def _leg_errors(case: Case, side: Side) -> Floats:
    error = angles_deg(case.track.xy[:, leg_indices(side)]) - true_angles_deg(case, case.track, side)
    error = (error + 180) % 360 - 180
    error[:, 3] -= np.nanmedian(error[:, 3])
    return np.asarray(np.nanmean(np.abs(error), axis=0))


def _error(measures: list[Compared], name: str) -> float:
    return next((row.error for row in measures if row.found.id == name), np.nan)


# -- tables ----------------------------------------------------------------------------------------------------------

ANGLES = "thigh | knee | shank | foot"
HEAD = f"near {ANGLES} | far {ANGLES} | trunk | bounce cm | speed % | held % |"


def oblique_table(chosen: list[Case]) -> Iterator[str]:
    """A row a clip: yaw and look-down, true and told, and every error as the camera saw it and put square."""
    yield f"| clip | yaw | told | down | told | tilt told | {HEAD}"
    yield "|---" * 18 + "|"
    found: dict[bool, list[tuple[Scored, Scored]]] = {False: [], True: []}
    for case in chosen:
        before = Unsquared(case.name, case.film, case.model)
        camera = true_camera(case.truth, before.track)
        try:
            view = case.view
        except Refused as refused:
            yield f"| {case.name} | {camera.yaw_deg:.0f} | refused: {refused.reason} |" + " |" * 15
            continue
        both = scored(before), scored(case)
        found[case.truth["people"][0]["body"] in LEFT_OUT].append(both)
        told = f"{view.yaw_deg:.0f} | {camera.look_down_deg:.0f} | {view.look_down_deg:.0f} | {view.tilt_deg:.1f}"
        yield f"| {case.name} | {camera.yaw_deg:.0f} | {told} | {_cells(both)}"
    for left_out, pairs in found.items():
        if pairs:
            yield f"| mean, bodies {'left out' if left_out else 'in the fit'} | | | | | | {_cells(_mean(pairs))}"


def tilt_table(chosen: list[Case]) -> Iterator[str]:
    """A row a tilt, over the level films: what was told, how often it was taken out, and the errors."""
    yield f"| tilt | clips | told | sd | taken out | {HEAD}"
    yield "|---" * 17 + "|"
    for tilt_deg in TILTS:
        pairs, told, removed = [], [], 0
        for case in chosen:
            before, after = UnsquaredTilted(case.name, case.film), Tilted(case.name, case.film)
            before.__dict__["tilt_deg"] = after.__dict__["tilt_deg"] = tilt_deg
            told.append(after.view.tilt_deg)
            removed += bool(correction_of(after.view).tilt_deg)
            pairs.append((scored(before), scored(after)))
        about = f"{np.mean(told):.1f} | {np.std(told):.1f} | {removed}"
        yield f"| {tilt_deg:.0f} | {len(chosen)} | {about} | {_cells(_mean(pairs))}"


def _cells(both: tuple[Scored, Scored]) -> str:
    before, after = both
    values = [(*s.angles_deg, abs(s.bounce_cm), abs(s.speed_pct)) for s in (before, after)]
    cells = [f"{a:.1f} > {b:.1f}" for a, b in zip(*values, strict=True)]
    return " | ".join(cells) + f" | {100 * before.held:.0f} > {100 * after.held:.0f} |"


def _mean(pairs: list[tuple[Scored, Scored]]) -> tuple[Scored, Scored]:
    means = [
        Scored(
            np.mean([s.angles_deg for s in column], axis=0),
            float(np.nanmean([abs(s.bounce_cm) for s in column])),
            float(np.nanmean([abs(s.speed_pct) for s in column])),
            float(np.mean([s.held for s in column])),
        )
        for column in zip(*pairs, strict=True)
    ]
    return means[0], means[1]


def table(rendered: list[Case]) -> Iterator[str]:
    """Oblique cameras, then tilted ones."""
    yield from oblique_table([case for case in rendered if case.name.startswith(STARTS)])
    yield ""
    yield from tilt_table([case for case in rendered if case.name in LEVEL_FILMS])


def main() -> None:
    """Print the tables."""
    for line in table(rendered()):
        print(line)


if __name__ == "__main__":
    main()
