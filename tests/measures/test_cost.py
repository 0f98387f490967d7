"""What measuring costs grows with the length of a clip, not with its square: counted in work done, not in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.kinematics import curves
from midstance.kinematics.curves import Curve
from midstance.kinematics.spline import Spline
from midstance.measures import measure
from midstance.model import Contact, Track
from tests.fixtures.jogger import Jogger, side_view

SHORT_S, TIMES_LONGER = 6.0, 4
MORE = 1.1
"""How much more than its share a longer clip may cost: the strides at its ends weigh less."""


class Counted(np.ndarray):
    """An array that counts the values which arithmetic on it, and on what is made of it, goes through."""

    total = 0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [as_plain(value) for value in inputs]
        options = {name: as_plain(value) for name, value in options.items()}
        made = getattr(ufunc, method)(*plain, **options)
        Counted.total += max(np.size(value) for value in plain)
        return tuple(map(as_counted, made)) if isinstance(made, tuple) else as_counted(made)


def as_plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(as_plain(part) for part in value)
    return value.view(np.ndarray) if isinstance(value, Counted) else value


def as_counted(value: Any) -> Any:
    return value.view(Counted) if isinstance(value, np.ndarray) else value


def counted(track: Track) -> Track:
    time_s, xy, seen = (as_counted(values) for values in (track.time_s, track.xy, track.seen))
    return replace(track, time_s=time_s, xy=xy, seen=seen)


def from_the_side(track: Track, contacts: tuple[Contact, ...]) -> None:
    view = replace(measure_scale(side_view(), track, contacts, height_m=1.7), speed_mps=3.0)
    assert len(measure(track, contacts, view, mass_kg=70).measures) > 80


def from_behind(track: Track, _: tuple[Contact, ...]) -> None:
    view = replace(side_view(), plane="rear", near_side=None)
    assert len(measure(replace(track, plane="rear", near_side=None), (), view).measures) > 10


def contacts_found(track: Track, contacts: tuple[Contact, ...]) -> None:
    assert len(find_contacts(track, side_view())) > len(contacts) - 4


Stage = Callable[[Track, tuple[Contact, ...]], None]


def work(stage: Stage, seconds: float) -> int:
    """Return how many values a stage goes through for a runner filmed for so long."""
    track = Jogger().track(rate_hz=60, seconds=seconds)
    contacts = Jogger().contacts(track)
    Counted.total = 0
    stage(counted(track), contacts)
    return Counted.total


@pytest.mark.parametrize("stage", [from_the_side, from_behind, contacts_found])
def test_the_work_grows_with_the_length_of_the_clip(stage: Stage) -> None:
    short, long = (work(stage, seconds) for seconds in (SHORT_S, TIMES_LONGER * SHORT_S))
    assert long > 2 * short
    assert long < MORE * TIMES_LONGER * short


def test_a_longer_clip_needs_no_more_splines(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(curves, "Spline", lambda at, *rest: made.append(len(at)) or Spline(at, *rest))
    splines = []
    for seconds in (SHORT_S, TIMES_LONGER * SHORT_S):
        made.clear()
        work(from_the_side, seconds)
        splines.append(len(made))
    assert splines[0] == splines[1] > 10


def test_the_count_notices_work_on_the_whole_clip_at_every_step() -> None:
    def wasteful(track: Track, contacts: tuple[Contact, ...]) -> None:
        for contact in contacts:
            Curve(track.time_s, -track.xy[:, 0, 1]).at(contact.strike_s)

    short, long = (work(wasteful, seconds) for seconds in (SHORT_S, TIMES_LONGER * SHORT_S))
    assert long > 2 * MORE * TIMES_LONGER * short
