"""Measures from the front and from behind, of points put where their values are known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.measures import measure
from midstance.measures.frontal import DRAWN, Line, lines
from midstance.measures.run import Run
from midstance.model import Floats, Measure, Plane, Side, Track
from midstance.reasons import say
from midstance.skeleton import INDEX, MIRROR, SIDES, other
from tests.fixtures.jogger import side_view
from tests.gait.test_frontal_steps import LEFT_LOWEST_S, STRIDE_S, seen_from_the_front

WIDTH, TRUNK = 0.4, 0.6
OUTWARD = {"left": 1.0, "right": -1.0}


def turned(plane: Plane = "front", **moved: Floats) -> Track:
    """A runner who stands square: shoulders 0.4 apart, hips 0.2, hands 0.3 from the middle; then what is moved.

    moved   (frame,) to the side, leg lengths, by name of the point
    """
    track = seen_from_the_front(noise=0)
    facing = 1.0 if plane == "front" else -1.0
    xy = track.xy.copy()
    for side in SIDES:
        for name, out in (("shoulder", WIDTH / 2), ("wrist", 0.3), ("hip", 0.1), ("ankle", 0.1)):
            xy[:, INDEX[f"{side}_{name}"], 0] = facing * OUTWARD[side] * out
        xy[:, INDEX[f"{side}_hip"], 1] = xy[:, INDEX[f"{side}_shoulder"], 1] - TRUNK
    for name, away in moved.items():
        xy[:, INDEX[name], 0] += away
    return replace(track, xy=xy, plane=plane, depth=np.zeros(xy.shape[:2]))


def wave(track: Track, size: float) -> Floats:
    """(frame,) once a stride, largest when the body is lowest over the left foot."""
    return size * np.cos(2 * np.pi * (track.time_s - LEFT_LOWEST_S) / STRIDE_S)


def run(track: Track) -> Run:
    return Run(track=track, contacts=(), view=replace(side_view(), plane=track.plane, near_side=None))


def drawn(name: str, track: Track, side: Side = "left") -> float:
    values = [sample.value for sample in DRAWN[name](run(track), side)]
    assert len(values) >= 3
    return float(np.mean(values))


def told(track: Track) -> dict[str, Measure]:
    return {m.id: m for m in measure(track, (), run(track).view).measures}


def with_depth(track: Track, left_back: Floats) -> Track:
    """Shoulders turned: the left one so far behind the right one, leg lengths."""
    depth = np.zeros(track.xy.shape[:2])
    away = left_back if track.plane == "front" else -left_back
    for side in SIDES:
        depth[:, INDEX[f"{side}_shoulder"]] = OUTWARD[side] * away / 2
    return replace(track, depth=depth)


@pytest.mark.parametrize("plane", ["front", "rear"])
@pytest.mark.parametrize("side", SIDES)
def test_shoulders_that_turn_by_ten_degrees_each_way(plane: Plane, side: Side) -> None:
    track = turned(plane)
    track = with_depth(track, WIDTH * np.tan(np.radians(wave(track, 10))))
    assert drawn("shoulder_rotation_deg", track, side) == pytest.approx(20, abs=0.5)


def test_depth_that_moves_a_quarter_of_a_stride_later_is_the_arms() -> None:
    track = turned()
    late = WIDTH * 0.4 * np.sin(2 * np.pi * (track.time_s - LEFT_LOWEST_S) / STRIDE_S)
    assert drawn("shoulder_rotation_deg", with_depth(track, late)) == pytest.approx(0, abs=1.5)


def test_no_depth_no_shoulders_and_the_reason() -> None:
    track = replace(turned(), depth=None)
    missing = {n.id: say(n.reason) for n in measure(track, (), run(track).view).not_assessed}
    assert "depth" in missing["shoulder_rotation_deg"]


@pytest.mark.parametrize(("inward", "expected"), [(0.0, 0.75), (0.2, 0.25), (0.4, -0.25)])
def test_hands_that_come_inward(inward: float, expected: float) -> None:
    reach = turned()
    share = 0.5 + wave(reach, 0.5)
    track = turned(left_wrist=-inward * share)
    assert drawn("wrist_crossing", track) == pytest.approx(expected, abs=0.02)
    assert drawn("wrist_crossing", track, "right") == pytest.approx(0.75, abs=0.001)


def test_a_trunk_that_sways_five_degrees_each_way() -> None:
    still = turned()
    away = TRUNK * np.tan(np.radians(wave(still, 5)))
    track = turned(left_shoulder=away, right_shoulder=away)
    assert drawn("trunk_sway_deg", track) == pytest.approx(10, abs=0.2)


@pytest.mark.parametrize("side", SIDES)
def test_a_hip_that_drops_six_degrees(side: Side) -> None:
    track = turned()
    xy = track.xy.copy()
    sign = 1 if side == "left" else -1
    xy[:, INDEX[f"{other(side)}_hip"], 1] += 0.2 * np.tan(np.radians(sign * wave(track, 6)))
    found = {m.side: m.value for m in measure(replace(track, xy=xy), (), run(track).view).measures if "pelvic" in m.id}
    assert found[side] == pytest.approx(6, abs=0.3)


def test_what_the_view_hides_is_not_told() -> None:
    assert {"wrist_crossing", "shoulder_rotation_deg"} <= told(turned("front")).keys()
    assert not {"wrist_crossing", "shoulder_rotation_deg"} & told(turned("rear")).keys()
    assert "heel_whip_deg" not in told(turned("front"))


def test_values_are_told_on_the_line_that_was_fitted() -> None:
    offset, slope = lines()["wrist_crossing", "front"]
    assert told(turned())["wrist_crossing"].value == pytest.approx(offset + 0.75 * slope, abs=0.001)
    assert all(line.slope > 0 for line in lines().values())
    assert Line() == (0, 1)


def test_the_mirror_swaps_left_and_right_and_changes_nothing_else() -> None:
    track = with_depth(turned(left_wrist=np.full(90, -0.1)), wave(turned(), 0.1))
    assert track.depth is not None
    flipped = replace(track, xy=track.xy[:, MIRROR] * [-1, 1], depth=track.depth[:, MIRROR])
    before, after = measure(track, (), run(track).view).measures, measure(flipped, (), run(track).view).measures
    swap = {"left": "right", "right": "left", "both": "both"}
    values = {(m.id, m.side): m.value for m in after}
    for m in before:
        if not m.id.startswith("asymmetry"):
            assert values[m.id, swap[m.side]] == pytest.approx(m.value, abs=1e-6), m.id
