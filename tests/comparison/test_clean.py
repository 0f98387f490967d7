"""The clean stride is a whole one without a fault, small enough to ship, and shown only where it fits."""

from __future__ import annotations

from importlib import resources

import pytest

from midstance.comparison.clean import SPEEDS_MPS, clean_beside, clean_speed_mps, clean_stride
from midstance.model import View


def view(speed_mps: float, plane: str = "side") -> View:
    near = "right" if plane == "side" else None
    return View(plane=plane, near_side=near, direction=1, setting="treadmill", camera="fixed", speed_mps=speed_mps)


@pytest.mark.parametrize("speed_mps", SPEEDS_MPS)
def test_nothing_is_found_in_it(speed_mps: float) -> None:
    with clean_stride(speed_mps) as clean:
        assert clean.findings == ()
        assert clean.track.near_side == "right"
        steps_s = [b.strike_s - a.strike_s for a, b in zip(clean.contacts, clean.contacts[1:], strict=False)]
        assert len(steps_s) >= 3
        assert max(steps_s) - min(steps_s) < 0.01


def test_the_films_are_small() -> None:
    folder = resources.files("midstance") / "data" / "clean"
    sizes = {each.name: len(each.read_bytes()) for each in folder.iterdir() if each.name.endswith((".mp4", ".npz"))}
    assert len(sizes) == 2 * len(SPEEDS_MPS)
    assert max(sizes.values()) < 250_000


def test_the_nearest_speed_is_taken() -> None:
    assert [clean_speed_mps(v) for v in (2.0, 2.9, 3.0, 9.0, float("nan"))] == [2.6, 2.6, 3.3, 4.2, 3.3]


@pytest.mark.parametrize("other", [view(6.0), view(float("nan")), view(3.3, "front")])
def test_it_is_shown_only_where_it_fits(other: View) -> None:
    with clean_beside(other) as clean:
        assert clean is None
    with clean_beside(view(3.0)) as clean:
        assert clean is not None
