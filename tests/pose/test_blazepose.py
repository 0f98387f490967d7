from __future__ import annotations

from dataclasses import astuple
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from midstance import skeleton
from midstance.model import Floats
from midstance.pose import weights
from midstance.pose.backends import Region
from midstance.pose.backends.blazepose import BlazePose, from_crop, leg_peaks, map_points, refine
from midstance.pose.backends.detector import anchors, cut_tile, join_overlapping
from midstance.pose.backends.litert import Network
from midstance.pose.estimate import open_backend
from midstance.pose.region_filter import SteadyRegion, hips_and_rim, region_of
from tests.fixtures.clips import DEMO
from tests.fixtures.models import bring

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "demo_mediapipe.npz")
GOLDEN_XY = GOLDEN["xy_tenth_px"][:, [list(GOLDEN["names"]).index(name) for name in skeleton.KEYPOINTS]] / 10
FEET = [skeleton.INDEX[f"{side}_{point}"] for side in skeleton.SIDES for point in ("heel", "toe")]
MEDIAPIPE_STEP_S = 1 / 30  # mediapipe's own clock, whatever the film's
FRAMES = 120


def model_or_skip() -> BlazePose:
    bring("detector", "full")
    backend = open_backend("full", threads=1)
    assert isinstance(backend, BlazePose)
    return backend


@cache
def demo(frames: int) -> list[Floats]:
    with av.open(str(DEMO)) as film:
        return [frame.to_ndarray(format="rgb24") for _, frame in zip(range(frames), film.decode(video=0), strict=False)]


def test_agrees_with_mediapipe() -> None:
    """One stream, frame after frame, against mediapipe 0.10.21's own output on the demo clip (golden file)."""
    backend = model_or_skip()
    (region,) = backend.find(demo(1)[0])
    steady, seen = None, []
    for rgb in demo(FRAMES):
        sighting = backend.look(rgb, region)
        assert sighting is not None
        steady = steady or SteadyRegion(sighting.region)
        region = steady(sighting.region, step_s=MEDIAPIPE_STEP_S)
        seen.append(sighting.xy)
    person_px = np.median(np.ptp(GOLDEN_XY[:FRAMES, :, 1], axis=1))
    off = np.linalg.norm(np.array(seen) - GOLDEN_XY[:FRAMES], axis=2) * 400 / person_px
    assert np.median(off, axis=1).max() <= 1.5  # px on a person of 400 px, in every frame
    assert np.median(off) <= 0.5
    assert np.median(off[:, FEET], axis=0).max() <= 3


def test_finds_the_runner_but_not_when_he_is_hidden() -> None:
    backend = model_or_skip()
    rgb, golden = demo(1)[0], GOLDEN_XY[0]
    (region,) = backend.find(rgb)
    hips = golden[[skeleton.INDEX["left_hip"], skeleton.INDEX["right_hip"]]].mean(axis=0)
    assert np.hypot(region.x_px - hips[0], region.y_px - hips[1]) < 30
    (x0, y0), (x1, y1) = golden.min(axis=0), golden.max(axis=0)
    assert backend.find(rgb, hide=[(x0, y0, x1, y1)]) == []


def test_sees_nobody_in_an_empty_picture() -> None:
    backend = model_or_skip()
    rgb = np.full((360, 640, 3), 90, np.uint8)
    assert backend.find(rgb) == []
    assert backend.look(rgb, Region(x_px=320, y_px=180, size_px=300)) is None


def test_cut_down_network_gives_the_same_bits() -> None:
    model_or_skip()
    path, picture = weights.find("full"), np.random.default_rng(1).random((256, 256, 3), np.float32)
    whole, part = Network(path, outputs=range(5)), Network(path, outputs=(0, 1, 3))
    everything = whole(picture)
    for wanted, got in zip((everything[0], everything[1], everything[3]), part(picture), strict=True):
        np.testing.assert_array_equal(wanted, got)


# -- the parts, on made arrays -----------------------------------------------------------------------------------


def heat_with(*bumps: tuple[int, float, float, float]) -> Floats:
    """Heatmaps of 39 landmarks, empty but for bumps: landmark, x and y in cells, logit at the top."""
    heat = np.full((64, 64, 39), -20.0)
    y, x = np.mgrid[0:64, 0:64]
    for landmark, x0, y0, top in bumps:
        bump = top - ((x - x0) ** 2 + (y - y0) ** 2)
        heat[..., landmark] = np.maximum(heat[..., landmark], bump)
    return heat.astype(np.float32)


def test_refining_moves_to_the_middle_of_a_sure_heatmap_only() -> None:
    xy = np.full((39, 2), 100.0)
    xy[2] = (-30, 100)
    heat = heat_with((0, 26.3, 23.8, 3.0), (1, 26.3, 23.8, -1.0), (2, 2.0, 25.0, 3.0))
    moved = refine(xy, heat)
    np.testing.assert_allclose(moved[0], (26.3 * 4, 23.8 * 4), atol=0.2)  # sure: the middle of the bump
    np.testing.assert_array_equal(moved[1], xy[1])  # unsure: left alone
    np.testing.assert_array_equal(moved[2], xy[2])  # outside the input: left alone


def test_peaks_pool_both_legs_strongest_first() -> None:
    left_knee, right_knee, left_toe = 25, 26, 31
    heat = heat_with((left_knee, 10, 20, 0.0), (right_knee, 40, 30, 2.0), (left_toe, 5, 60, -4.0))
    peaks = leg_peaks(heat)
    knee, toe = skeleton.LEG.index("knee"), skeleton.LEG.index("toe")
    np.testing.assert_allclose(peaks[knee, :2, :2], [(160, 120), (40, 80)], atol=1e-6)
    np.testing.assert_allclose(peaks[knee, :2, 2], 1 / (1 + np.exp((-2.0, 0.0))), atol=1e-6)
    assert np.isnan(peaks[knee, 2:]).all()
    assert np.isnan(peaks[toe]).all()  # below the least logit


def test_no_more_than_the_room_for_peaks() -> None:
    heat = heat_with(*((23, 10.0 * k + 5, 30.0, k / 10) for k in range(6)))
    hip = leg_peaks(heat)[skeleton.LEG.index("hip")]
    np.testing.assert_allclose(hip[:, 0], [220, 180, 140, 100], atol=1e-6)


@pytest.mark.parametrize("rim", [(100.0, 50.0), (140.0, 120.0), (60.0, 220.0)])
def test_a_region_has_the_hips_in_the_middle_and_the_head_up(rim: tuple[float, float]) -> None:
    hips = np.array([100.0, 150.0])
    region = region_of(hips, np.array(rim))
    matrix = from_crop(region)
    np.testing.assert_allclose(map_points(matrix, np.array([128.0, 128.0])), hips)
    np.testing.assert_allclose(map_points(matrix, np.array([128.0, 128 - 128 / 1.25])), rim)
    np.testing.assert_allclose(hips_and_rim(region), [hips, rim])


def test_a_steady_region_rests_and_runs() -> None:
    rng = np.random.default_rng(2)
    start = Region(x_px=500.0, y_px=300.0, size_px=400.0)
    steady = SteadyRegion(start)
    rest = [steady(region_of(*(hips_and_rim(start) + rng.normal(0, 1, (2, 2)))), step_s=1 / 60) for _ in range(60)]
    assert np.std([region.x_px for region in rest[20:]]) < 0.5  # half the shaking of 1 px
    run = [Region(x_px=500.0 + 16 * k, y_px=300.0, size_px=400.0) for k in range(40)]  # 5 m/s
    assert abs([steady(region, step_s=1 / 60) for region in run][-1].x_px - run[-1].x_px) < 16
    first = SteadyRegion(start)
    np.testing.assert_allclose(astuple(first(start, step_s=1 / 60)), astuple(start))


def test_anchors_lie_in_cells_layer_after_layer() -> None:
    centres = anchors()
    assert centres.shape == (2254, 2)
    np.testing.assert_allclose(centres[[0, 1, 2]], [(4 / 224, 4 / 224)] * 2 + [(12 / 224, 4 / 224)])
    np.testing.assert_allclose(centres[-1], (208 / 224, 208 / 224))


def test_overlapping_boxes_become_one_person() -> None:
    def box(x: float) -> Floats:
        return np.array([(x, 0.0), (x + 10, 10.0), (x, 5.0), (x, -5.0), (x, 0.0), (x, 0.0)])

    joined = join_overlapping(np.array([box(0), box(1), box(30)]), np.array([0.9, 0.6, 0.8]))
    assert [score for _, score in joined] == [0.9, 0.8]
    assert joined[0][0][0, 0] == pytest.approx(0.4)  # (0 * 0.9 + 1 * 0.6) / 1.5


def test_tiles_are_squares_along_the_longer_side() -> None:
    wide = np.zeros((100, 180, 3), np.uint8)
    assert cut_tile(wide, 0)[0].shape == (100, 180, 3)
    assert [(cut_tile(wide, k)[0].shape, tuple(cut_tile(wide, k)[1])) for k in (1, 2, 3)] == [
        ((100, 100, 3), (0, 0)),
        ((100, 100, 3), (40, 0)),
        ((100, 100, 3), (80, 0)),
    ]
    tall = np.zeros((180, 100, 3), np.uint8)
    assert tuple(cut_tile(tall, 3)[1]) == (0, 80)
