"""The rule that finds strike and toe-off, on feet that move in straight lines, where its every input is known."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from midstance.gait.events import (
    FASTER_THAN_OTHER,
    SEARCH_S,
    Foot,
    Rule,
    find_contacts,
    find_event,
    products_of_pairs,
    rules,
    time_factor,
)
from midstance.model import Floats, Side, Track
from midstance.skeleton import INDEX, KEYPOINTS
from tests.fixtures.jogger import Jogger, as_track, side_view

PASS_S, SPEED = 1.0, 3.0
FORWARD = {"heel": -3.0, "toe": -3.0, "ankle": -2.4, "knee": -1.5, "other": 4.5}
UPWARD = {"heel": 0.3, "toe": -0.2, "ankle": 0.5, "knee": 0.1, "other": 0.6, "shoulder": 0.06}
"""Speeds of a left foot, the right ankle and the shoulders, leg lengths a second; the hips stay where they are."""


def straight(*, other_speed: float = -2.8, foot: Side = "left") -> Track:
    """The foot passes under the hip at 1 s; the other foot passes too, at its own speed."""
    time_s = np.arange(0, 2, 1 / 100)
    away = time_s - PASS_S
    xy = np.zeros((len(time_s), len(KEYPOINTS), 2))

    def put(name: str, x: Floats, y: Floats) -> None:
        xy[:, INDEX[name]] = np.stack([x, y], axis=1)

    theirs = "right" if foot == "left" else "left"
    for name, ahead, up in (("heel", -0.1, 0.01), ("toe", 0.1, 0.02), ("ankle", -0.05, 0.1), ("knee", 0.0, 0.5)):
        put(f"{foot}_{name}", 0.3 + ahead + FORWARD[name] * away, up + UPWARD[name] * away)
        put(f"{theirs}_{name}", 0.3 + ahead + other_speed * away, up + 0 * away)
    put(f"{theirs}_ankle", 0.3 + FORWARD["other"] * away, 0.2 + UPWARD["other"] * away)
    for side in ("left", "right"):
        put(f"{side}_hip", 0.3 + 0 * away, 1 + 0 * away)
        put(f"{side}_shoulder", 0.35 + 0 * away, 1.5 + UPWARD["shoulder"] * away)
    return as_track(time_s, xy, 1.4)


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_the_rule_looks_at(side: Side) -> None:
    foot = Foot(straight(foot=side), side)
    assert foot.passes_s == pytest.approx([PASS_S])
    assert foot.speed == pytest.approx(SPEED)
    found = foot.signals(np.array([[0.85], [1.2]]), PASS_S)
    for moment_s, row in zip((0.85, 1.2), found, strict=True):
        flat_s = PASS_S - 0.010  # the middle of 40 ms before to 20 ms after
        heights = [UPWARD[name] * (moment_s - flat_s) for name in ("heel", "toe", "ankle")]
        forward = [FORWARD[name] / SPEED + 1 for name in FORWARD]
        upward = [UPWARD[name] / SPEED for name in UPWARD]
        assert row == pytest.approx([*heights, *forward, *upward], abs=1e-6)


@pytest.mark.parametrize(("other_speed", "speed"), [(-2.8, 3.0), (-2.0, 2.0 * FASTER_THAN_OTHER), (2.0, 3.0)])
def test_the_running_speed_is_that_of_the_foot_unless_it_seems_much_faster_than_the_other(
    other_speed: float, speed: float
) -> None:
    assert Foot(straight(other_speed=other_speed), "left").speed == pytest.approx(speed)


def test_a_film_played_slower_is_read_in_the_seconds_of_the_runner() -> None:
    foot = Foot(straight(), "left", time_factor=0.5)
    assert foot.passes_s == pytest.approx([0.5 * PASS_S])
    assert foot.speed == pytest.approx(2 * SPEED)
    assert time_factor(replace(straight(), stride_hz=0.35)) == pytest.approx(0.25)
    assert [time_factor(replace(straight(), stride_hz=hz)) for hz in (1.0, 2.6)] == [1, 1]
    assert time_factor(replace(straight(), stride_hz=2.8)) == pytest.approx(2)


def test_a_second_pass_within_half_a_stride_is_none() -> None:
    track = straight()
    for stride_hz, passes in ((1.4, 1), (5.0, 2)):
        xy = track.xy.copy()
        later = track.time_s > PASS_S + 0.15
        for name in ("heel", "toe"):
            xy[later, INDEX[f"left_{name}"], 0] += 3 * 0.3
        assert len(Foot(replace(track, xy=xy, stride_hz=stride_hz), "left").passes_s) == passes


def test_gaps_are_bridged_only_when_short() -> None:
    track = straight()
    for frames, seen in ((8, True), (14, False)):
        xy = track.xy.copy()
        xy[100 : 100 + frames, INDEX["left_ankle"]] = np.nan
        found = Foot(replace(track, xy=xy), "left").signals(np.array([1.04]), PASS_S)
        assert np.isfinite(found[2]) == seen


# -- the rule --------------------------------------------------------------------------------------------------------


def test_the_correction_by_hand() -> None:
    rule = Rule(
        offsets_s=np.zeros(1),
        mean=np.array([1.0, 2.0]),
        linear=np.array([0.1, 0.2]),
        mixtures=np.array([[1.0, 0.0], [1.0, 1.0]]),
        quadratic=np.array([0.01, 0.02, 0.03]),
        constant=0.5,
        largest=10.0,
    )
    # less the mean 2 and 3; mixtures 2 and 5; their products 4, 10 and 25, the last held to 10
    assert rule.correction_s(np.array([[3.0, 5.0]])) == pytest.approx([0.5 + 0.2 + 0.6 + 0.04 + 0.2 + 0.3])
    assert products_of_pairs(np.array([2.0, -5.0]), 9.0) == pytest.approx([4, -9, 9])
    assert {*rules()} == {"strike", "toe_off"}


def height_rule(corrections: Any, offset_s: float = 0.0) -> Any:
    """A rule that knows the moment it is asked about, from the height of the ankle that rises evenly."""

    def correction_s(signals: Floats) -> Floats:
        moments_s = PASS_S - 0.010 + signals[..., 2] / UPWARD["ankle"] - offset_s
        return np.asarray(corrections(moments_s))

    return SimpleNamespace(offsets_s=np.array([offset_s]), correction_s=correction_s)


@pytest.mark.parametrize("offset_s", [0.0, 0.02])
def test_the_event_is_where_the_rule_says_now(offset_s: float) -> None:
    foot = Foot(straight(), "left")
    for event, moment_s in (("strike", 0.8512), ("toe_off", 1.1734)):
        rule = height_rule(lambda t, moment_s=moment_s: moment_s - t, offset_s)
        assert find_event(foot, PASS_S, event, rule) == pytest.approx(moment_s, abs=1e-6)
        never = height_rule(lambda t: 0 * t + 0.01)
        assert np.isnan(find_event(foot, PASS_S, event, never))
        wrong_way = height_rule(lambda t, moment_s=moment_s: t - moment_s)
        assert np.isnan(find_event(foot, PASS_S, event, wrong_way))


def test_of_several_moments_the_one_whose_neighbours_agree() -> None:
    foot, believed, steep = Foot(straight(), "left"), 0.81, 0.91

    def corrections(t: Floats) -> Floats:
        return np.where(t < 0.86, believed - t, 3 * (steep - t))

    assert find_event(foot, PASS_S, "strike", height_rule(corrections)) == pytest.approx(believed, abs=1e-6)
    assert find_event(
        foot, PASS_S, "strike", height_rule(lambda t: np.where(t < 0.86, 3 * (believed - t), steep - t))
    ) == (pytest.approx(steep, abs=1e-6))


def test_where_the_rule_is_asked() -> None:
    """From 300 to 20 ms before the foot passes under the hip, from 20 to 300 ms after it, every 5 ms."""
    asked: list[Floats] = []
    foot = Foot(straight(), "left")
    for event in ("strike", "toe_off"):
        find_event(foot, PASS_S, event, height_rule(lambda t: asked.append(t) or 0 * t))
    assert asked[0] == pytest.approx(PASS_S + SEARCH_S["strike"])
    assert [asked[0][0], asked[0][-1]] == pytest.approx([0.7, 0.98])
    assert [asked[1][0], asked[1][-1]] == pytest.approx([1.02, 1.3])


# -- contacts --------------------------------------------------------------------------------------------------------


def test_every_fact_of_a_contact() -> None:
    jogger = Jogger()
    track = replace(jogger.track(rate_hz=60), first_frame=7)
    found = find_contacts(track, side_view())
    assert [c.strike_s for c in found] == sorted(c.strike_s for c in found)
    for contact in found:
        assert contact.strike_frame == 7 + round(contact.strike_s * 60)
        assert contact.toe_off_frame == 7 + round(contact.toe_off_s * 60)
        width = {"right": 0.013, "left": 0.014}[contact.side]
        assert contact.uncertainty_s == pytest.approx(np.hypot(width, 0.25 / 60))


def test_contacts_of_a_slow_film_are_in_its_own_seconds() -> None:
    track = Jogger().track(rate_hz=240)
    slow = replace(track, time_s=track.time_s * 8, stride_hz=track.stride_hz / 8)
    for real, film in zip(find_contacts(track, side_view()), find_contacts(slow, side_view()), strict=True):
        ratio = 1.4 * 0.72  # the slow film is read at an ordinary 1.4 strides a second, 1.4 x 0.72 times the true ones
        assert film.strike_s == pytest.approx(8 * real.strike_s, abs=8 * 0.012 * ratio)
        assert film.toe_off_s == pytest.approx(8 * real.toe_off_s, abs=8 * 0.012 * ratio)
