"""Legs of rendered clips against their truth: lost legs and angle errors of the near and the far leg, clip by clip."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.errors import Refused
from midstance.model import Floats, Side, Track
from midstance.skeleton import LEG, leg_indices, other
from midstance.tracking.follow import follow_runner
from validation.cases import Case, cases

ANGLES = ("thigh", "knee_flexion", "shank", "foot")
LOST = 0.12
"""Leg lengths between drawn and true ankle beyond which a leg is lost."""


class Score(NamedTuple):
    """One leg of one clip: share of frames lost; mean distance of its five points from the true ones, % of leg length;
    mean absolute error in degrees of ANGLES (foot: less its constant)."""

    lost_pct: float
    off_pct: float
    errors_deg: Floats


def true_px(case: Case, track: Track, side: Side, joints: Sequence[str]) -> Floats:
    """(frame, joint, 2) true points of one side in the frames of the track."""
    subject, rows = case.truth["people"][0], slice(track.first_frame, track.first_frame + len(track.time_s))
    names = [f"{joint}{side[0].upper()}" for joint in joints]
    return np.array(subject["keypoints_px"])[rows][:, [subject["keypoint_names"].index(name) for name in names]]


def true_angles_deg(case: Case, track: Track, side: Side) -> Floats:
    """(frame, 4) of ANGLES."""
    angles, rows = case.truth["people"][0]["angles"], slice(track.first_frame, track.first_frame + len(track.time_s))
    return np.array([angles[f"{name}_{side[0].upper()}"][rows] for name in ANGLES], float).T


def angles_deg(leg: Floats) -> Floats:
    """(frame, 4) thigh, knee, shank, foot of a leg with x forward and y up."""
    hip, knee, ankle, heel, toe = leg.transpose(1, 0, 2)
    thigh, shank = (np.degrees(np.arctan2(d[:, 0], -d[:, 1])) for d in (knee - hip, ankle - knee))
    foot = np.degrees(np.arctan2(*(toe - heel).T[::-1]))
    return np.stack([thigh, thigh - shank, shank, foot], 1)


def score(case: Case, track: Track, side: Side) -> Score:
    """How far one leg of a track is from the truth."""
    drawn, true = track.xy_px[:, leg_indices(side)], true_px(case, track, side, LEG)
    length = np.median(np.linalg.norm(np.diff(true[:, :3], axis=1), axis=2).sum(1))
    lost = ~(np.linalg.norm(drawn[:, 2] - true[:, 2], axis=1) < LOST * length)
    error = (angles_deg(track.xy[:, leg_indices(side)]) - true_angles_deg(case, track, side) + 180) % 360 - 180
    error[:, 3] -= np.nanmedian(error[:, 3])
    off = np.nanmean(np.linalg.norm(drawn - true, axis=2)) / length
    return Score(100 * float(lost.mean()), 100 * float(off), np.nanmean(np.abs(error), axis=0))


def table(chosen: Sequence[Case], *, remove_bias: bool = True) -> list[str]:
    """One row a clip, near leg then far leg, and the mean and the worst of all."""
    angles = "thigh | knee | shank | foot"
    rows = [
        f"| clip | fps | m/s | near lost % | points % | {angles} | far lost % | points % | {angles} |",
        "|---" * 15 + "|",
    ]
    found = []
    for case in chosen:
        if case.truth["view"] not in ("left", "right"):
            continue
        label = f"{case.name} | {case.truth['fps']} | {case.truth['people'][0]['speed_mps']:.1f}"
        try:
            track = follow_runner(case.poses, remove_bias=remove_bias)
        except Refused as refused:
            rows.append(f"| {label} | refused: {refused.reason} |" + " |" * 11)
            continue
        assert track.near_side is not None
        both = [score(case, track, side) for side in (track.near_side, other(track.near_side))]
        found.append([value for leg in both for value in (leg.lost_pct, leg.off_pct, *leg.errors_deg)])
        rows.append(_row(label, found[-1]))
    if found:
        rows += [_row("mean | | ", np.mean(found, axis=0)), _row("worst | | ", np.max(found, axis=0))]
    return rows


def _row(label: str, values: list[float] | Floats) -> str:
    return f"| {label} | " + " | ".join(f"{value:.1f}" for value in values) + " |"


def main() -> None:
    """Print the table, of the shared digital clips and of any folders named."""
    print("\n".join(table(cases(*map(Path, sys.argv[1:])))))


if __name__ == "__main__":
    main()
