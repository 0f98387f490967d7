"""What is read at the strike keeps its corner: a leg that turns suddenly as it lands, through the whole repair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.kinematics.curves import Corners, Curve
from midstance.measures.landing import Landing, with_corners
from midstance.measures.registry import at_strike
from midstance.measures.run import Run
from midstance.model import Contact, Floats, Side, Track, View
from midstance.skeleton import INDEX, SIDES
from midstance.tracking.follow import follow_runner
from tests.fixtures.drawn_runner import Drawn, as_poses, draw_runner


def strikes_of(drawn: Drawn, side: Side) -> Floats:
    """Moments at which a leg is a quarter turn into its cycle; no frame lies there."""
    phase = drawn.phase_rad + (np.pi if side == "left" else 0.0)
    turns = np.arange(np.ceil((phase[0] - 1.2) / (2 * np.pi)) + 1, (phase[-1] - 1.2) / (2 * np.pi) - 0.3)
    return np.interp(1.2 + 2 * np.pi * turns, phase, drawn.time_s)


def landed(jump_dps: float, rate_hz: float, seed: int = 3) -> tuple[Track, Drawn, dict[Side, Floats]]:
    """The track of a runner whose lower legs turn suddenly at every strike, the drawing, and (frame,) true shanks."""
    plain = draw_runner(rate_hz=rate_hz, swaps=0.0, collapses=0.0, noise_px=0.5, seconds=3.5, seed=seed)
    xy, shanks = plain.poses.people[0].xy.copy(), {}
    for side in SIDES:
        turn = Corners(strikes_of(plain, side), 0.030, jump_dps).at(plain.time_s)
        shanks[side] = true_shank_deg(plain.true_px, side)
        about = plain.true_px[:, [INDEX[f"{side}_knee"]]]
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        forward_up = np.stack([np.stack([c, s], -1), np.stack([-s, c], -1)], 1)
        lower = [INDEX[f"{side}_{name}"] for name in ("ankle", "heel", "toe")]
        xy[:, lower] = about + np.einsum("nij,nkj->nki", forward_up, xy[:, lower] - about)
    person = replace(plain.poses.people[0], xy=xy)
    return follow_runner(as_poses(plain.time_s, person)), plain, shanks


def true_shank_deg(px: Floats, side: Side) -> Floats:
    """Shank of a runner to the right before the corner, degrees, plus with the ankle ahead."""
    down = px[:, INDEX[f"{side}_ankle"]] - px[:, INDEX[f"{side}_knee"]]
    return np.degrees(np.arctan2(down[:, 0], down[:, 1]))


def error_deg(track: Track, drawn: Drawn, shanks: dict[Side, Floats], jump_dps: float) -> float:
    """Mean error of the shank at strike over both legs."""
    contacts = tuple(
        Contact(side=side, strike_s=t, toe_off_s=t + 0.25, uncertainty_s=0.01, strike_frame=0, toe_off_frame=0)
        for side in SIDES
        for t in strikes_of(drawn, side)
    )
    view = View(plane="side", near_side="right", direction=1, setting="treadmill", camera="fixed")
    run = Run(track=track, contacts=contacts, view=view)
    errors = []
    for side in SIDES:
        moments = strikes_of(drawn, side)
        true = Curve(drawn.time_s, shanks[side]).at(moments) + Corners(moments, 0.030, jump_dps).at(moments)
        errors.append(np.mean([sample.value for sample in at_strike("shank")(run, side)]) - np.mean(true))
    return float(np.mean(errors))


@pytest.mark.parametrize(("rate_hz", "jump_dps"), [(60.0, -400.0), (120.0, -400.0), (120.0, -600.0)])
def test_a_sudden_turn_at_strike_is_read_within_a_degree(rate_hz: float, jump_dps: float) -> None:
    track, drawn, shanks = landed(jump_dps, rate_hz)
    rounded = error_deg(replace(track, smoothed_away=None), drawn, shanks, jump_dps)
    assert rounded < -1.2
    assert abs(error_deg(track, drawn, shanks, jump_dps)) < 1


def test_the_few_frames_of_a_phone_give_back_a_part() -> None:
    track, drawn, shanks = landed(-400.0, 30.0)
    rounded = error_deg(replace(track, smoothed_away=None), drawn, shanks, -400.0)
    assert rounded + 0.7 < error_deg(track, drawn, shanks, -400.0) < 0.5


def test_where_nothing_turns_suddenly_nothing_changes() -> None:
    track, drawn, shanks = landed(0.0, 60.0)
    with_corners = error_deg(track, drawn, shanks, 0.0)
    assert abs(with_corners - error_deg(replace(track, smoothed_away=None), drawn, shanks, 0.0)) < 0.3
    assert abs(with_corners) < 1


def test_legs_that_were_not_seen_keep_their_smooth_curves() -> None:
    track, drawn, _ = landed(-600.0, 60.0)
    smooth = {side: Curve(track.time_s, track.xy[:, INDEX[f"{side}_ankle"], 0]) for side in SIDES}
    nothing = {side: np.full(len(track.time_s), np.nan) for side in SIDES}
    landings = {side: Landing(track, side, list(strikes_of(drawn, side))) for side in SIDES}
    assert with_corners(smooth, nothing, landings) is smooth
    never = {side: Landing(track, side, []) for side in SIDES}
    assert with_corners(smooth, {side: curve.values + 1 for side, curve in smooth.items()}, never) is smooth


def test_a_corner_changes_the_rate_and_fades() -> None:
    corners = Corners(np.array([1.0]), 0.05, 200.0)
    before, after = corners.at(np.array([1 - 1e-6, 1 + 1e-6]), 1)
    assert after - before == pytest.approx(200.0, rel=1e-3)
    assert corners.at(np.array([1.0]))[0] == pytest.approx(-5.0)
    assert abs(corners.at(np.array([1.5]))[0]) < 0.001
    moments = np.linspace(0.9, 0.99, 200)
    assert np.allclose(np.gradient(corners.at(moments), moments)[1:-1], corners.at(moments, 1)[1:-1], rtol=1e-3)


def test_a_leg_that_is_never_seen_is_no_error() -> None:
    """Every point of one kind unseen: no warning of an empty mean, which these tests would take for an error."""
    track, drawn, _ = landed(-600.0, 60.0)
    unseen = {side: Curve(track.time_s, np.full(len(track.time_s), np.nan)) for side in SIDES}
    landings = {side: Landing(track, side, list(strikes_of(drawn, side))) for side in SIDES}
    assert with_corners(unseen, {side: curve.values for side, curve in unseen.items()}, landings) is unseen


def test_the_corners_of_a_long_run_cost_no_more_each_than_those_of_a_short_one() -> None:
    """Only the corner before and the one after a moment are looked at: the rest has faded."""
    corners = Corners(np.arange(1.0, 400.0, 0.7), 0.05, 200.0)
    moments = np.linspace(0.0, 400.0, 1001)
    assert corners.late_s(moments).shape == (1001, 2)
    each = [Corners(np.array([moment]), 0.05, 200.0).at(moments) for moment in corners.moments_s]
    assert np.allclose(corners.at(moments), np.sum(each, axis=0), atol=1e-4)
