"""Rendered runners whose truth is exact: joints are drawn where they are, films are held together by the true stride.

The clips lie beside the project; the poses of each are looked for once and kept (validation/cases.py).
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from validation.cases import SHARED, Case
from validation.contacts import errors_of
from validation.legs import true_px

from midstance import __version__
from midstance.gait.events import find_contacts
from midstance.model import Analysis, Floats, Ints
from midstance.render.side_by_side import lock_phases
from midstance.skeleton import LEG, SIDES, leg_indices, other
from tests.fixtures.models import bring

CLIPS = SHARED / "clips" / "digital"
ALL = ("dev1_clean_ben", "dev2_overstride_anna", "dev3_clean_carl", "dev4_lean_backkick_erik")
ALL += ("dev5_bounce_dai", "dev6_limitedhip_short_ben")
CHOSEN = ALL if os.environ.get("MIDSTANCE_ALL_CLIPS") else (ALL[0], ALL[2])
"""Every clip takes a minute at first; `make test` looks at two, MIDSTANCE_ALL_CLIPS=1 at all."""

pytestmark = pytest.mark.skipif(not CLIPS.is_dir(), reason="the rendered clips lie beside the project (shared/clips)")

TYPICAL, WORST_JOINT, WORST_FRAME = 2.6, 4.5, 6.0
"""Per cent of leg length between drawn and true joint. Aimed at: 2 everywhere. Reached on six clips: either leg 1.9 in
the mean of joints and clips, 2.4 in the worst clip; the hip, which no camera sees, up to 4.2 at a moment of a clip and
5.5 in a frame."""
CONTACT_MS = 9.0
"""Strike and toe-off of one foot in a clip, root mean square: 1 to 7 on the six clips."""


def case(name: str) -> Case:
    bring("detector", "full")
    return Case(name, CLIPS / f"{name}.mp4")


def moments(clip: Case) -> dict[str, Ints]:
    """Rows of the track at the near foot's true strikes and toe-offs, and where the true knees pass each other."""
    track, subject = clip.track, clip.truth["people"][0]
    assert track.near_side is not None
    contacts = np.array(subject["contact_intervals_s"][track.near_side[0].upper()])
    knees = [true_px(clip, track, side, LEG)[:, 1, 0] for side in (track.near_side, other(track.near_side))]
    rows = {name: rows_at(clip, contacts[:, i]) for i, name in enumerate(("strike", "toe-off"))}
    return rows | {"crossing": np.flatnonzero(np.diff(np.sign(knees[0] - knees[1])))}


def rows_at(clip: Case, times_s: Floats) -> Ints:
    of_track = clip.track.time_s
    inside = times_s[(times_s > of_track[0]) & (times_s < of_track[-1])]
    return np.abs(of_track - inside[:, None]).argmin(axis=1)


@pytest.mark.parametrize("name", CHOSEN)
def test_drawn_joints_agree_with_the_truth(name: str) -> None:
    clip = case(name)
    track = clip.track
    assert track.near_side is not None
    rows = moments(clip)
    assert min(map(len, rows.values())) >= 4
    for side in (track.near_side, other(track.near_side)):
        true = true_px(clip, track, side, LEG)
        length = np.median(np.linalg.norm(np.diff(true[:, :3], axis=1), axis=2).sum(axis=1))
        off = 100 * np.linalg.norm(track.xy_px[:, leg_indices(side)] - true, axis=2) / length
        at_moments = np.array([off[chosen].mean(axis=0) for chosen in rows.values()])
        assert at_moments.mean() < TYPICAL, (side, at_moments.round(1))
        assert at_moments.max() < WORST_JOINT, (side, at_moments.round(1))
        assert max(off[chosen].max() for chosen in rows.values()) < WORST_FRAME, side


@pytest.mark.parametrize("name", CHOSEN)
def test_contacts_agree_with_the_truth(name: str) -> None:
    for side in SIDES:
        errors = errors_of(case(name), side)
        assert errors.missed == 0
        assert len(errors.strike) >= 4
        for error in (errors.strike, errors.toe_off):
            assert 1000 * np.sqrt(np.mean(error**2)) < CONTACT_MS, side


def analysed(clip: Case) -> Analysis:
    """As much of an analysis as two films need to be held together."""
    return Analysis(
        version=__version__,
        clip=clip.clip,
        pose=clip.poses.model,
        view=clip.view,
        track=clip.track,
        contacts=find_contacts(clip.track, clip.view),
        measures=(),
        not_assessed=(),
        findings=(),
        plan=None,
    )


def true_phase(clip: Case, times_s: Floats) -> Floats:
    """Strides counted from a true landing of the near foot: whole there, half at one of the other foot."""
    near = clip.track.near_side
    assert near is not None
    contacts = clip.truth["people"][0]["contact_intervals_s"]
    landings = [[start for start, _ in contacts[side[0].upper()]] for side in (near, other(near))]
    marks = np.sort(np.concatenate(landings))
    first = 0.0 if np.isin(marks[0], landings[0]) else 0.5
    return np.interp(times_s, marks, first + 0.5 * np.arange(len(marks)))


def test_films_of_two_speeds_are_held_landing_against_landing() -> None:
    """Through the whole film the second runner is at the phase of the first: within a frame of his clip, and what the
    landings of both are off.
    """
    one, two = case("dev1_clean_ben"), case("dev3_clean_carl")
    shows, _ = lock_phases([analysed(one), analysed(two)])
    assert len(shows) > one.clip.rate_hz
    phases = [true_phase(clip, clip.clip.time_s[shows[:, i]]) for i, clip in enumerate((one, two))]
    apart = (phases[1] - phases[0] + 0.5) % 1 - 0.5
    frame = two.track.stride_hz / two.clip.rate_hz
    assert np.abs(apart).max() <= 1.25 * frame, f"{np.abs(apart).max() / frame:.2f} frames"
