"""Single frames of rendered clips taken as photographs: phase, near leg and angles against the truth."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from midstance.model import Floats
from midstance.photo import Figure, Phase, read_photo
from midstance.pose.backends import Backend
from midstance.pose.estimate import open_backend
from midstance.skeleton import INDEX
from midstance.text.photo import SURE_FROM
from midstance.video.frames import pick_frames
from validation.cases import Case, cases

FRAMES = 12
"""Photographs taken from each clip, at random; evenly spaced ones would show the same moment of every stride."""
EDGE = 0.25
"""Landing is this first share of a contact, toe-off this last."""
NEAR_S = 1 / 60
"""Nearer than this to where a phase ends, a frame is on the border: half the time between frames of a phone."""
SAME_HIP = 0.25  # leg lengths between drawn and true mid-hip
COLUMNS = (
    *("clip", "measured", "people found + others", "phase right %", "off a border %", "thigh", "knee", "shank", "foot"),
    *("between thighs", "extension", "flexion", "near leg told", "within 5 %"),
)
ANGLES = ("thigh", "knee_flexion", "shank", "foot")


class Taken(NamedTuple):
    """One photograph: who was found at each of the true people in the picture (None: nobody)."""

    case: Case
    frame: int
    figures: tuple[Figure, ...]
    found: tuple[Figure | None, ...]


def photographs(case: Case, backend: Backend, count: int = FRAMES, *, seed: int = 0) -> Iterator[Taken]:
    """Frames of a clip, each read by itself; the same ones for the same seed."""
    dice = np.random.default_rng([zlib.crc32(case.name.encode()), seed])
    wanted = dice.choice(case.clip.frames, min(count, case.clip.frames), replace=False)
    for frame, rgb in pick_frames(case.clip, wanted.tolist()).items():
        figures = read_photo(rgb, backend=backend)
        found = tuple(_who_is(person, frame, figures) for person in case.truth["people"])
        yield Taken(case, frame, figures, found)


def _who_is(person: dict[str, Any], frame: int, figures: tuple[Figure, ...]) -> Figure | None:
    at = np.mean([true_point(person, frame, f"hip{side}") for side in "LR"], axis=0)
    leg = np.linalg.norm(true_point(person, frame, "hipL") - true_point(person, frame, "kneeL")) * 2
    for figure in figures:
        hips = figure.xy[[INDEX["left_hip"], INDEX["right_hip"]]].mean(axis=0)
        if np.linalg.norm(hips - at) < SAME_HIP * leg:
            return figure
    return None


def true_point(person: dict[str, Any], frame: int, name: str) -> Floats:
    """(2,) pixels."""
    return np.array(person["keypoints_px"][frame][person["keypoint_names"].index(name)])


def true_phase(case: Case, frame: int) -> tuple[Phase, float]:
    """The phase of the subject, and how long it is to the nearest border of a phase, seconds."""
    time_s = case.truth["frame_times_s"][frame]
    phase: Phase = "flight"
    borders = []
    for strike_s, toe_off_s in [c for side in "LR" for c in case.truth["people"][0]["contact_intervals_s"][side]]:
        share = (time_s - strike_s) / (toe_off_s - strike_s)
        if 0 <= share < 1:
            phase = "landing" if share < EDGE else "toe_off" if share >= 1 - EDGE else "midstance"
        borders += [strike_s + part * (toe_off_s - strike_s) for part in (0, EDGE, 1 - EDGE, 1)]
    return phase, float(np.min(np.abs(np.array(borders) - time_s)))


def errors_deg(taken: Taken) -> Floats | None:
    """(7,) angles of the near leg less their truth, then between the thighs, extension, flexion; None: not measured.

    The near leg is NaN where it is not told from the far one.
    """
    figure = taken.found[0]
    if figure is None or figure.stance is None:
        return None
    stance, angles = figure.stance, taken.case.truth["people"][0]["angles"]
    side = taken.case.truth["visible_side"]
    true = [angles[f"{name}_{side}"][taken.frame] for name in ANGLES]
    thighs = sorted(angles[f"thigh_{leg}"][taken.frame] for leg in "LR")
    near = stance.near
    told = stance.near_sure >= SURE_FROM
    said = [near.thigh_deg, near.knee_flexion_deg, near.shank_deg, near.foot_pitch_deg]
    said += [stance.between_thighs_deg, stance.thigh_extension_deg, stance.thigh_flexion_deg]
    wanted = [*true, thighs[1] - thighs[0], -thighs[0], thighs[1]]
    error = (np.array(said) - wanted + 180) % 360 - 180
    return np.asarray(np.where(np.arange(len(error)) < len(ANGLES), error if told else np.nan, error))


def table(chosen: list[Case], *, count: int = FRAMES) -> list[str]:
    """One row a clip, and all together."""
    rows = [
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
    ]
    backend = open_backend("full", threads=1)
    everything: list[Taken] = []
    for case in chosen:
        if case.truth["view"] in ("left", "right"):
            taken = list(photographs(case, backend, count))
            everything += taken
            rows.append(_row(case.name, taken))
    return [*rows, _row("all", everything)] if everything else rows


def _row(name: str, taken: list[Taken]) -> str:
    right = np.array(
        [
            (each.found[0].stance.phase == phase, border >= NEAR_S)
            for each in taken
            if each.found[0] and each.found[0].stance
            for phase, border in [true_phase(each.case, each.frame)]
        ]
    ).reshape(-1, 2)
    errors = np.array([e for each in taken if (e := errors_deg(each)) is not None]).reshape(-1, 7)
    people = sum(len(each.found) for each in taken)
    found = sum(figure is not None for each in taken for figure in each.found)
    more = sum(len(each.figures) for each in taken) - found
    clear = right[right[:, 1], 0]
    shares = [100 * each.mean() if len(each) else np.nan for each in (right[:, 0], clear)]
    told = errors[np.isfinite(errors[:, 0]), :3]
    within = 100 * np.mean(np.abs(told) <= 5) if len(told) else np.nan
    means = " | ".join(f"{value:.1f}" for value in np.nanmean(np.abs(errors), axis=0)) if len(errors) else " |" * 6
    seen = f"{len(right)} of {len(taken)} | {found} of {people} + {more}"
    return f"| {name} | {seen} | {shares[0]:.0f} | {shares[1]:.0f} | {means} | {len(told)} | {within:.0f} |"


def main() -> None:
    """Print the table, of the shared digital clips and of any folders named."""
    print("\n".join(table(cases(*map(Path, sys.argv[1:])))))


if __name__ == "__main__":
    main()
