"""Real clips whose outcome is known: who must be refused and why, who must be measured and how.

    python -m validation.refusals

Prints the outcome of every real clip, and then short pieces of real and rendered clips, refused or not: pieces just
above and just below every threshold, judged by what the frames show to the eye.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midstance.analyze import analyze
from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.model import Analysis, Clip, ClipPoses, Poses
from midstance.tracking.follow import FEWEST_STEPS
from midstance.tracking.scene_lines import levels_of
from midstance.tracking.scenes import follow_scenes
from midstance.video.opening import open_clip
from validation.cases import SHARED, cases, poses_of


@dataclass(frozen=True, slots=True)
class Expected:
    """What clips/README.md of the shared clips says of one film; None means: not asked.

    by_eye  what the sheets of `python -m validation.look` show: frames at strike, toe-off and where the legs cross
    """

    clip: str
    refused: str | None = None
    or_refused: str | None = None
    plane: str | None = None
    direction: int | None = None
    setting: str | None = None
    cadence_spm: tuple[float, float] | None = None
    by_eye: str = ""


EXPECTED = (
    Expected(
        "zzzhushi_male_side",
        plane="side",
        direction=-1,
        setting="treadmill",
        cadence_spm=(168.9, 1.5),
        by_eye="Legs right at all 30 moments, contacts within a frame. Still wrong: the far foot at the near strike, "
        "blurred before a dark shadow, is drawn up to a tenth of a leg low (dashed: filled in).",
    ),
    Expected(
        "sports2d_demo3",
        or_refused="too_few_steps",
        plane="side",
        direction=1,
        setting="over_ground",
        by_eye="Legs right at all 7 moments, contacts within a frame. Still wrong: three steps are smoothed too much, "
        "so the front shank lies at the rear edge of the leg and the rear foot ahead of the shoe (0.05 of a leg).",
    ),
    Expected(
        "hato_a2",
        plane="side",
        direction=-1,
        setting="over_ground",
        by_eye="Legs right at all 13 moments, contacts within a frame. Still wrong: none seen.",
    ),
    Expected(
        "hato_b1",
        plane="side",
        direction=1,
        setting="over_ground",
        by_eye="Legs right at all 11 moments, contacts within a frame. Still wrong: none seen.",
    ),
    Expected(
        "hato_b12",
        or_refused="too_few_steps",
        plane="side",
        direction=1,
        setting="over_ground",
        by_eye="Legs right at all 14 moments, contacts within a frame. Still wrong: in the first frames, out of the "
        "blocks, the near foot is drawn into the ground by a twentieth of a leg.",
    ),
    Expected(
        "sinan_runner",
        plane="rear",
        by_eye="Followed through. Still wrong: in the first 0.3 s half of the body is out of the picture and both legs "
        "are drawn on one; later he is too small for the eye to tell his legs apart.",
    ),
    Expected("sports2d_demo", refused="not_running", by_eye="Both people found and drawn right; one walks, one leaps."),
    Expected("sports2d_demo4", refused="not_running", by_eye="Drawn right; walks, turns, walks back."),
    Expected("p2s_single_cam01", refused="not_running", by_eye="Drawn right; balances on a beam."),
    Expected("intel_car", refused="no_person", by_eye="Nobody there."),
)


def table(shared: Path) -> list[str]:
    """One row a clip: what was expected, what came, whether they agree."""
    rows = ["| clip | expected | found | agrees | by eye |", "|---|---|---|---|---|"]
    for expected in EXPECTED:
        path = shared / "clips" / "real" / f"{expected.clip}.mp4"
        if not path.exists():
            continue
        try:
            found, well = _judge(expected, analyze(_looked_at(path)))
        except Refused as refused:
            found = f"refused: {refused.reason} ({refused.say()})"
            well = refused.reason in (expected.refused, expected.or_refused)
        rows.append(
            f"| {expected.clip} | {_wish(expected)} | {found} | {'yes' if well else '**no**'} | {expected.by_eye} |"
        )
    return rows


def _looked_at(path: Path) -> ClipPoses:
    clip = open_clip(path)
    poses = poses_of(clip, "full")
    return ClipPoses(clip=clip, poses=poses, levels=levels_of(clip, poses))


def _judge(expected: Expected, analysis: Analysis) -> tuple[str, bool]:
    view = analysis.view
    cadence = next((m for m in analysis.measures if m.id == "cadence_spm"), None)
    side_only = [m.id for m in analysis.measures if m.id.startswith("thigh_")]
    found = f"{view.plane}, {_way(view.direction)}, {view.setting}"
    found += f", {cadence.value:.1f} ± {cadence.uncertainty:.1f} spm" if cadence else ", no cadence"
    well = (
        expected.refused is None
        and expected.plane in (None, view.plane)
        and expected.direction in (None, view.direction)
        and expected.setting in (None, view.setting)
        and (view.plane == "side" or not side_only)
    )
    if expected.cadence_spm:
        wish, tolerance = expected.cadence_spm
        well = well and cadence is not None and abs(cadence.value - wish) <= tolerance
    return found, well


def _wish(expected: Expected) -> str:
    parts = [f"refused: {expected.refused}"] if expected.refused else []
    parts += [expected.plane] if expected.plane else []
    parts += [_way(expected.direction)] if expected.direction else []
    parts += [expected.setting] if expected.setting else []
    parts += ["{} ± {} spm".format(*expected.cadence_spm)] if expected.cadence_spm else []
    parts += [f"or refused: {expected.or_refused}"] if expected.or_refused else []
    return ", ".join(parts)


def _way(direction: int) -> str:
    return {1: "runs right", -1: "runs left", 0: "to or from the camera"}[direction]


# -- refused or not: short pieces of every clip ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ByEye:
    """What the frames of a film show to the eye.

    runs      seconds in which somebody runs with the whole body in the picture; empty = nobody does at any time
    steps_hz  steps a second of the run
    """

    film: Path
    runs: tuple[float, float] | None
    steps_hz: float = 0.0


REAL_BY_EYE: dict[str, tuple[tuple[float, float] | None, float]] = {
    "zzzhushi_male_side": ((0.0, 12.0), 2.81),
    "hato_a2": ((2.75, 4.05), 4.2),  # crouches and rises in the blocks before
    "hato_b1": ((5.55, 7.1), 4.2),
    "hato_b12": ((0.1, 1.55), 4.5),
    "sports2d_demo3": ((0.0, 1.0), 3.1),
    "sports2d_demo": (None, 0.0),  # one walks, one leaps from a wall
    "sports2d_demo4": (None, 0.0),  # walks, turns round, walks back
    "p2s_single_cam01": (None, 0.0),
    "intel_car": (None, 0.0),
}
LENGTHS_S, MOST_PIECES = (1.0, 1.6, 2.5), 5
TOO_CLOSE_STEPS = 0.4
"""Steps around the fewest within which a piece may be measured or not."""


def pieces_table(shared: Path) -> Iterator[str]:
    """One row a film: its short pieces, those wrongly refused and those wrongly measured."""
    yield "| film | pieces | measured | refused | wrongly refused | wrongly measured | the wrong ones |"
    yield "|---|---|---|---|---|---|---|"
    total = [0, 0, 0, 0, 0]
    for seen in _by_eye(shared):
        counts, wrong = _count(seen)
        total = [a + b for a, b in zip(total, counts, strict=True)]
        yield f"| {seen.film.stem} | {' | '.join(map(str, counts))} | {'; '.join(wrong)} |"
    yield f"| all | {' | '.join(map(str, total))} | |"


def _by_eye(shared: Path) -> Iterator[ByEye]:
    for name, (runs, steps_hz) in REAL_BY_EYE.items():
        film = shared / "clips" / "real" / f"{name}.mp4"
        if film.exists():
            yield ByEye(film, runs, steps_hz)
    for case in cases():
        yield ByEye(
            case.film, (0.0, float(case.clip.time_s[-1])), case.truth["people"][0]["summary"]["cadence_spm"] / 60
        )


def _count(seen: ByEye) -> tuple[list[int], list[str]]:
    """Count pieces, measured, refused, wrongly refused and wrongly measured; name the wrong ones."""
    clip = open_clip(seen.film)
    poses = poses_of(clip, "full")
    counts, wrong = [0] * 5, []
    for start_s, stop_s in _pieces(float(poses.time_s[-1])):
        outcome = _outcome(clip, poses, start_s, stop_s)
        owed, measured = _owed(seen, start_s, stop_s), outcome == "measured"
        falsely = (owed is True and not measured, owed is False and measured)
        for k, more in enumerate((True, measured, not measured, *falsely)):
            counts[k] += more
        if any(falsely):
            wrong.append(f"{start_s:.1f} to {stop_s:.1f} s: {outcome}")
    return counts, wrong


def _pieces(seconds: float) -> Iterator[tuple[float, float]]:
    for length_s in LENGTHS_S:
        last_s = seconds - length_s
        if last_s >= 0:
            for start_s in np.linspace(0, last_s, min(MOST_PIECES, 1 + int(last_s / 0.3))):
                yield float(start_s), float(start_s + length_s)


def _owed(seen: ByEye, start_s: float, stop_s: float) -> bool | None:
    """Return whether a piece should be measured; None where it may be or not."""
    if seen.runs is None:
        return False
    steps = seen.steps_hz * (min(stop_s, seen.runs[1]) - max(start_s, seen.runs[0]))
    if abs(steps - FEWEST_STEPS) < TOO_CLOSE_STEPS:
        return None
    return steps > FEWEST_STEPS


def _outcome(clip: Clip, poses: Poses, start_s: float, stop_s: float) -> str:
    rows = (poses.time_s >= start_s) & (poses.time_s < stop_s)
    try:
        scenes = follow_scenes(replace(clip, time_s=clip.time_s[rows]), _part(poses, rows))
        track, view = scenes[0].followed
        find_contacts(track, view)
    except Refused as refused:
        return f"{refused.reason} ({refused.say()})"
    return "measured"


def _part(poses: Poses, rows: NDArray[np.bool_]) -> Poses:
    people = tuple(
        replace(
            person,
            xy=person.xy[rows],
            confidence=person.confidence[rows],
            peaks=None if person.peaks is None else person.peaks[rows],
            depth=None if person.depth is None else person.depth[rows],
        )
        for person in poses.people
    )
    camera = poses.camera
    seen = replace(camera, to_first=camera.to_first[rows], quality=camera.quality[rows], cut=camera.cut[rows])
    return replace(poses, time_s=poses.time_s[rows] - poses.time_s[rows][0], people=people, camera=seen)


def main() -> None:
    """Print both tables."""
    for line in (*table(SHARED), "", *pieces_table(SHARED)):
        print(line)


if __name__ == "__main__":
    main()
