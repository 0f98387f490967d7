"""What was seen of one person is kept whole, in little memory, however it is cut and joined."""

import numpy as np
import pytest

from midstance.pose.backends import PEAKS_SHAPE, Region, Sighting
from midstance.pose.sightings import PACKED_AT_ONCE, Sightings
from midstance.skeleton import KEYPOINTS

MANY = 3 * PACKED_AT_ONCE + 17


def sighting(number: int, *, peaks: bool = True) -> Sighting:
    chance = np.random.default_rng(number)
    return Sighting(
        xy=chance.uniform(0, 4000, (len(KEYPOINTS), 2)),
        confidence=chance.random(len(KEYPOINTS)).astype(np.float32),
        region=Region(x_px=float(number), y_px=2.0 * number, size_px=300.0 + number, angle_rad=0.001 * number),
        peaks=chance.uniform(0, 4000, PEAKS_SHAPE) if peaks else None,
        depth=chance.random(len(KEYPOINTS)).astype(np.float32) if peaks else None,
    )


def kept(numbers: range, *, peaks: bool = True) -> Sightings:
    found = Sightings()
    for number in numbers:
        found.append(sighting(number, peaks=peaks))
    return found


@pytest.mark.parametrize("many", [1, PACKED_AT_ONCE, 2 * PACKED_AT_ONCE, MANY])
def test_every_sighting_comes_back(many: int) -> None:
    found = kept(range(many))
    assert found.regions().shape == (many, 4)
    frames = list(range(5, 5 + many))
    xy, peaks = found.over_all("xy", frames, many + 9), found.over_all("peaks", frames, many + 9)
    assert xy is not None
    assert peaks is not None
    assert np.isnan(xy[:5]).all()
    assert np.isnan(xy[5 + many :]).all()
    for number in {0, many // 2, many - 1}:
        assert np.array_equal(xy[5 + number], sighting(number).xy)
        drawn = sighting(number).peaks
        assert drawn is not None
        assert peaks[5 + number] == pytest.approx(drawn, abs=2e-4)
    assert found.first.region == sighting(0).region
    assert found.last.region == sighting(many - 1).region


def test_a_model_without_peaks_has_none() -> None:
    found = kept(range(MANY), peaks=False)
    assert found.over_all("peaks", list(range(MANY)), MANY) is None
    assert found.last.peaks is None


@pytest.mark.parametrize("newest", [3, PACKED_AT_ONCE + 100, 10 * MANY])
def test_the_newest_regions_are_those_that_came_last(newest: int) -> None:
    x_px = kept(range(MANY)).regions(newest)[:, 0]
    assert x_px.tolist() == list(range(max(0, MANY - newest), MANY))


def test_a_part_is_cut_at_any_place_and_is_a_thing_of_its_own() -> None:
    whole = kept(range(MANY))
    part = whole.part(PACKED_AT_ONCE - 3, MANY - 2)
    assert part.regions()[:, 0].tolist() == list(range(PACKED_AT_ONCE - 3, MANY - 2))
    part.append(sighting(1))
    assert part.last.region == sighting(1).region
    assert whole.regions()[:, 0].tolist() == list(range(MANY))


def test_two_parts_joined_are_the_whole() -> None:
    first, second = kept(range(300)), kept(range(300, MANY))
    first.join(second)
    assert first.regions()[:, 0].tolist() == list(range(MANY))
    assert second.regions()[:, 0].tolist() == list(range(300, MANY))


def test_a_sighting_takes_less_than_a_kilobyte() -> None:
    bytes_each = sum(column.nbytes for block in kept(range(MANY)).blocks() for column in block if column is not None)
    assert bytes_each / MANY < 800
