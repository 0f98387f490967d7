"""Contacts of a runner made of formulas; what must not move them; and the rule's file."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from validation.force_plate import as_track as trial_track
from validation.force_plate import score, shared_folder, trials

from midstance.gait.events import FASTER_THAN_OTHER, SIGNALS, Foot, find_contacts, rules, uncertainty_s
from midstance.model import Contact, Track
from midstance.skeleton import INDEX, MIRROR, SIDES
from tests.fixtures.jogger import Jogger, side_view

TRUTH = shared_folder() / "truth"


def worst_ms(jogger: Jogger, contacts: tuple[Contact, ...]) -> float:
    """Largest error of any strike or toe-off."""
    errors = []
    for contact in contacts:
        strikes = jogger.strikes_s(contact.side, 6)
        true = strikes[np.argmin(np.abs(strikes - contact.strike_s))]
        errors += [contact.strike_s - true, contact.toe_off_s - true - jogger.contact_s]
    return 1000 * float(np.max(np.abs(errors)))


@pytest.mark.parametrize("rate_hz", [30, 60, 120, 240])
@pytest.mark.parametrize("treadmill", [False, True])
def test_contacts_of_a_jogger(rate_hz: float, *, treadmill: bool) -> None:
    jogger = Jogger()
    found = find_contacts(jogger.track(rate_hz=rate_hz, treadmill=treadmill), side_view(treadmill=treadmill))
    assert len(found) in {7, 8, 9}
    assert worst_ms(jogger, found) < 12


def test_feet_alternate_and_every_toe_off_follows_its_strike() -> None:
    found = find_contacts(Jogger().track(), side_view())
    assert all(c.strike_s < c.toe_off_s for c in found)
    assert all(a.side != b.side for a, b in pairwise(found))


def near(found: tuple[Contact, ...], expected: tuple[Contact, ...], within_s: float) -> None:
    assert [c.side for c in found] == [c.side for c in expected]
    for a, b in zip(found, expected, strict=True):
        assert a.strike_s == pytest.approx(b.strike_s, abs=within_s)
        assert a.toe_off_s == pytest.approx(b.toe_off_s, abs=within_s)


@settings(max_examples=8, deadline=None)
@given(shift=st.floats(-20, 20), later=st.floats(0, 5))
def test_place_and_start_of_the_clock_change_nothing(shift: float, later: float) -> None:
    track = Jogger().track(rate_hz=60)
    moved = replace(track, xy=track.xy + shift, time_s=track.time_s + later)
    expected = find_contacts(track, side_view())
    found = find_contacts(moved, side_view())
    near(tuple(replace(c, strike_s=c.strike_s - later, toe_off_s=c.toe_off_s - later) for c in found), expected, 1e-4)


def mirror(track: Track) -> Track:
    return replace(track, xy=track.xy[:, MIRROR], seen=track.seen[:, MIRROR], near_side="left")


def test_swapping_left_and_right_swaps_the_sides_and_nothing_else() -> None:
    track = Jogger().track(rate_hz=60)
    expected = find_contacts(track, side_view())
    found = find_contacts(mirror(track), side_view())
    assert [c.side for c in found] == ["right" if c.side == "left" else "left" for c in expected]
    assert [c.strike_s for c in found] == pytest.approx([c.strike_s for c in expected])


def test_hidden_frames_may_cost_contacts_but_move_no_other() -> None:
    track = Jogger().track(rate_hz=60)
    hidden = track.xy.copy()
    hidden[80:110] = np.nan
    expected = {round(c.strike_s, 2) for c in find_contacts(track, side_view())}
    found = {round(c.strike_s, 2) for c in find_contacts(replace(track, xy=hidden), side_view())}
    assert found < expected


def test_slow_motion_has_contacts_too() -> None:
    jogger = Jogger()
    track = jogger.track(rate_hz=240)
    slow = replace(track, time_s=track.time_s * 8, stride_hz=track.stride_hz / 8)
    found = [replace(c, strike_s=c.strike_s / 8, toe_off_s=c.toe_off_s / 8) for c in find_contacts(slow, side_view())]
    assert len(found) in {7, 8, 9}
    assert worst_ms(jogger, tuple(found)) < 12


def test_no_contacts_from_the_front() -> None:
    assert find_contacts(Jogger().track(), replace(side_view(), plane="front")) == ()


def test_the_rules_have_one_number_for_every_signal() -> None:
    for rule in rules().values():
        signals = SIGNALS * len(rule.offsets_s)
        assert rule.mean.shape == rule.linear.shape == (signals,)
        assert rule.mixtures.shape[1] == signals
        assert len(rule.quadratic) == len(rule.mixtures) * (len(rule.mixtures) + 1) // 2


def test_a_foot_that_seems_too_fast_is_read_at_the_speed_of_the_other() -> None:
    track = Jogger().track(rate_hz=60)
    hip = INDEX["left_hip"]
    stretched = track.xy.copy()
    for name in ("left_heel", "left_toe"):
        stretched[:, INDEX[name], 0] = track.xy[:, hip, 0] + 1.5 * (track.xy[:, INDEX[name], 0] - track.xy[:, hip, 0])
    fast, right = (Foot(replace(track, xy=stretched), side) for side in SIDES)
    assert fast.speed == pytest.approx(FASTER_THAN_OTHER * right.speed)
    assert right.speed == pytest.approx(Foot(track, "right").speed)


def test_uncertainty_grows_with_the_frames_and_for_the_far_foot() -> None:
    sure = uncertainty_s(near=True, rate_hz=240)
    assert sure < uncertainty_s(near=True, rate_hz=30)
    assert sure < uncertainty_s(near=False, rate_hz=240)


@pytest.mark.skipif(not TRUTH.is_dir(), reason="the force-plate trials lie beside the project (shared/truth)")
@pytest.mark.parametrize(("rate_hz", "limit_ms"), [(120, 10), (60, 10), (30, 11)])
def test_force_plate_trials_with_their_clocks_set(rate_hz: float, limit_ms: float) -> None:
    errors = []
    for trial in trials(TRUTH):
        for seed in range(3):
            track = trial_track(trial, rate_hz, np.random.default_rng(seed), noise_m=0.01)
            found = score(find_contacts(track, side_view()), trial.contacts, track.time_s[0], track.time_s[-1])
            errors.append(found.sooner(trial.clock_s))
    for name in ("strike", "toe_off"):
        ms = 1000 * np.concatenate([getattr(e, name) for e in errors])
        assert len(ms) >= 36
        assert np.sqrt(np.mean(ms**2)) < limit_ms, name
