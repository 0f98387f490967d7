"""Two takes side by side stay at the same moment of the stride, run the same way and have legs of one length."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from midstance.errors import UsageError
from midstance.model import Analysis, Contact
from midstance.render.canvas import sheet
from midstance.render.side_by_side import (
    PANEL,
    TOP,
    _bands,
    _panels,
    clearest_differences,
    lock_phases,
    side_by_side,
    touchdowns,
)
from midstance.skeleton import INDEX, MIRROR
from midstance.text.captions import CLEAN_BELOW, clean_title
from tests.fixtures.acted import LEG_PX, acted, figure, measure


def faster(analysis: Analysis, factor: float) -> Analysis:
    """The same run with all times divided by a factor."""
    contacts = tuple(
        replace(c, strike_s=c.strike_s / factor, toe_off_s=c.toe_off_s / factor) for c in analysis.contacts
    )
    clip = replace(analysis.clip, time_s=analysis.clip.time_s / factor, rate_hz=analysis.clip.rate_hz * factor)
    track = replace(analysis.track, time_s=analysis.track.time_s / factor, stride_hz=analysis.track.stride_hz * factor)
    return replace(analysis, clip=clip, track=track, contacts=contacts)


def running_left(analysis: Analysis) -> Analysis:
    """The same run seen in a mirror."""
    xy = analysis.track.xy_px[:, MIRROR].copy()
    xy[..., 0] = analysis.clip.width - 1 - xy[..., 0]
    sides = {"left": "right", "right": "left"}
    contacts = tuple(replace(c, side=sides[c.side]) for c in analysis.contacts)
    track = replace(analysis.track, xy_px=xy, direction=-1, near_side="left")
    return replace(analysis, track=track, contacts=contacts)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return acted(tmp_path_factory.mktemp("pair"), seconds=3.2)


def strikes(analysis: Analysis) -> list[Contact]:
    return sorted(analysis.contacts, key=lambda contact: contact.strike_s)


@pytest.mark.parametrize("factor", [1.0, 1.17, 0.8, 2.0])
def test_touchdown_meets_touchdown_within_one_frame_of_the_film(slow: Analysis, factor: float) -> None:
    quick = faster(slow, factor)
    shows, _ = lock_phases([slow, quick])
    compared = 0
    for ours, theirs in zip(strikes(slow), strikes(quick), strict=True):
        if not (shows[0, 0] <= ours.strike_frame <= shows[-1, 0]):
            continue
        ours_at = np.abs(shows[:, 0] - ours.strike_frame).argmin()
        theirs_at = np.abs(quick.clip.time_s[shows[:, 1]] - theirs.strike_s).argmin()
        assert abs(ours_at - theirs_at) <= 1
        compared += 1
    assert compared >= 5


def test_a_take_that_starts_on_the_other_foot_begins_with_the_near_one(slow: Analysis) -> None:
    late = replace(slow, contacts=tuple(strikes(slow)[1:]))
    shows, _ = lock_phases([slow, late])
    assert shows[0, 1] - shows[0, 0] == pytest.approx(0.72 * 60, abs=1)


def test_a_missed_landing_breaks_the_run(slow: Analysis) -> None:
    gap = replace(slow, contacts=tuple(c for i, c in enumerate(strikes(slow)) if i != 2))
    times = touchdowns(gap)
    assert len(times) % 2 == 1
    assert np.diff(times).max() < 0.5


def test_the_strides_of_a_clean_runner_come_again(slow: Analysis) -> None:
    one_stride = replace(slow, contacts=tuple(strikes(slow)[:3]))
    alone, _ = lock_phases([slow, slow])
    shows, _ = lock_phases([slow, one_stride], last_repeats=True)
    assert len(shows) == len(alone)
    again = shows[:, 1]
    assert again.max() <= strikes(slow)[2].strike_frame
    landings = [c.strike_frame for c in strikes(slow) if c.side == strikes(slow)[0].side][1:-1]
    at = [int(np.abs(shows[:, 0] - frame).argmin()) for frame in landings]
    assert [abs(int(again[i]) - strikes(slow)[0].strike_frame) <= 1 or again[i] >= again.max() - 1 for i in at] == [
        True
    ] * len(at)


def test_a_film_may_go_back(slow: Analysis) -> None:
    """The pictures of repeated frames are the same as the first time."""
    panel = _panels([(slow.clip, slow), (slow.clip, slow)], 2)[0]
    pictures = [picture.copy() for picture in panel.pictures(np.array([3, 4, 3, 4, 9]))]
    assert (pictures[0] == pictures[2]).all()
    assert (pictures[1] == pictures[3]).all()
    assert (pictures[0] != pictures[4]).any()


def test_too_little_is_said_so(slow: Analysis, tmp_path: Path) -> None:
    short = replace(slow, contacts=tuple(strikes(slow)[:2]))
    with pytest.raises(UsageError, match="three landings"):
        lock_phases([slow, short])
    with pytest.raises(UsageError, match="Two or three"):
        side_by_side([(slow.clip, slow)], tmp_path / "one.mp4")


def test_legs_have_one_length_and_all_run_the_same_way(slow: Analysis) -> None:
    mirror = running_left(slow)
    first, second = _panels([(slow.clip, slow), (mirror.clip, mirror)], 2)
    assert (first.mirrored, second.mirrored) == (False, True)
    assert first.size == second.size == PANEL[2]
    for frame in (5, 60, 120):
        ours, theirs = first.points(frame), second.points(frame)[MIRROR]
        hips = INDEX["right_hip"]
        assert ours - ours[hips] == pytest.approx(theirs - theirs[hips], abs=1.0)


def test_a_smaller_runner_is_drawn_as_large(slow: Analysis) -> None:
    time_s = slow.clip.time_s
    for scale in (0.6, 0.613, 0.587, 0.43):  # windows of a few pixels more or less are drawn at one size
        small = replace(
            slow,
            track=replace(slow.track, xy_px=scale * figure(time_s), leg_px=np.full(len(time_s), scale * LEG_PX)),
        )
        panels = _panels([(slow.clip, slow), (small.clip, small)], 2)
        assert [panel.size for panel in panels] == [PANEL[2]] * 2
    legs = [float(np.hypot(*(p.points(30)[INDEX["right_hip"]] - p.points(30)[INDEX["right_knee"]]))) for p in panels]
    assert legs[1] == pytest.approx(legs[0], rel=0.01)


@pytest.mark.parametrize("ghost", [False, True])
def test_the_film_plays(slow: Analysis, tmp_path: Path, ghost: bool) -> None:
    short = [replace(a, contacts=tuple(strikes(a)[:3])) for a in (slow, running_left(slow))]
    told: list[tuple[int, int]] = []
    made = side_by_side(
        [(a.clip, a) for a in short],
        tmp_path / "both.mp4",
        names=("before", "after"),
        ghost=ghost,
        progress=lambda *step: told.append(step),
    )
    with av.open(str(made.path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.frames) == (made.width, made.height, len(made.shows))
    assert made.width == (PANEL[1][0] if ghost else 2 * PANEL[2][0])
    assert told[-1] == (len(made.shows), len(made.shows))


@pytest.mark.parametrize("ghost", [False, True])
def test_every_word_is_within_the_film(ghost: bool) -> None:
    """The film of takes over each other is the narrowest, and has the most to say."""
    width = PANEL[1][0] if ghost else 3 * PANEL[3][0]
    blank = _bands(sheet(width, 700), ["take 1", "take 2", clean_title(3.15)], [CLEAN_BELOW], ghost=ghost)
    written = (blank != sheet(width, 700)).any(axis=(0, 2))
    above = (blank[:TOP] != sheet(width, TOP)).any(axis=(0, 2))
    assert not written[-10:].any()
    for i in range(3):
        column = above[i * width // 3 : (i + 1) * width // 3]
        assert column.any()
        assert not column[-5:].any()


def test_only_differences_beyond_the_error_are_called_out() -> None:
    before = [measure("shank_angle_at_strike_deg", 12.0, "deg"), measure("contact_time_ms", 250, "ms", error=8)]
    after = [measure("shank_angle_at_strike_deg", 4.0, "deg"), measure("contact_time_ms", 255, "ms", error=8)]
    assert clearest_differences(before, after) == ["Shin angle at landing, right: 12° and 4°"]
