"""Lines drawn by hand at known angles: what stands upright and lies level tells the tilt; clutter tells nothing."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from midstance.model import Clip, Level
from midstance.tracking.scene_lines import BOTH_SD_DEG, ONE_SD_DEG, level_of, levels_of, tilt_of
from midstance.video.stills import Image
from tests.fixtures.drawn_runner import HEIGHT, WIDTH, as_poses


def picture(*, climbs_deg: float, posts: int = 0, rails: int = 0, rails_deg: float | None = None) -> Image:
    """A wall with posts and rails, the camera turned so that level ground climbs to the right by some degrees."""
    drawn = np.full((540, 960, 3), 90, np.uint8)
    up, along = np.radians(90 + climbs_deg), np.radians(climbs_deg if rails_deg is None else rails_deg)
    for k in range(posts):
        _line(drawn, (120 + 720 * k / max(posts - 1, 1), 200.0), up, 260)
    for k in range(rails):
        _line(drawn, (480.0, 260 + 240 * k / max(rails - 1, 1)), along, 700)
    return drawn


def _line(drawn: Image, middle: tuple[float, float], angle_rad: float, length: float) -> None:
    half = np.array([np.cos(angle_rad), -np.sin(angle_rad)]) * length / 2
    ends = [tuple(np.rint(np.array(middle) + sign * half).astype(int).tolist()) for sign in (-1, 1)]
    cv2.line(drawn, ends[0], ends[1], (235, 235, 235), 7, cv2.LINE_AA)


@pytest.mark.parametrize("climbs_deg", [-8.0, -3.0, 0.0, 2.0, 6.0])
def test_posts_and_rails_tell_the_tilt(climbs_deg: float) -> None:
    deg, sd_deg = level_of(picture(climbs_deg=climbs_deg, posts=5, rails=4))
    assert deg == pytest.approx(climbs_deg, abs=0.4)
    assert sd_deg == BOTH_SD_DEG


@pytest.mark.parametrize(("posts", "rails"), [(5, 0), (0, 5)])
def test_one_kind_alone_is_less_sure(posts: int, rails: int) -> None:
    deg, sd_deg = level_of(picture(climbs_deg=4.0, posts=posts, rails=rails))
    assert deg == pytest.approx(4.0, abs=0.4)
    assert sd_deg == ONE_SD_DEG


def test_posts_and_rails_that_disagree_tell_nothing() -> None:
    assert np.isnan(level_of(picture(climbs_deg=0.0, posts=5, rails=5, rails_deg=6.0))[0])


def test_an_empty_picture_and_clutter_tell_nothing() -> None:
    assert np.isnan(level_of(np.full((540, 960, 3), 90, np.uint8))[0])
    chance, clutter = np.random.default_rng(2), np.full((540, 960, 3), 90, np.uint8)
    for _ in range(60):
        _line(clutter, tuple(chance.uniform(100, 440, 2)), chance.uniform(0, np.pi), 150)
    assert np.isnan(level_of(clutter)[0])


def test_one_still_camera_has_one_tilt_as_unsure_as_its_frames_differ() -> None:
    levels = [Level(frame=frame, deg=deg, sd_deg=0.7) for frame, deg in enumerate((2.0, 2.2, 4.0))]
    deg, sd_deg = tilt_of(levels)
    assert deg == pytest.approx(2.2)
    assert sd_deg == pytest.approx(np.hypot(0.7, 1.0))
    assert np.isnan(tilt_of([])).all()


def test_frames_of_a_folder_are_looked_at_and_a_lost_film_is_no_error(tmp_path: Path) -> None:
    for k in range(6):
        cv2.imwrite(str(tmp_path / f"{k:02d}.png"), picture(climbs_deg=3.0, posts=5, rails=4)[..., ::-1])
    time_s = np.arange(6) / 30
    clip = Clip(
        path=tmp_path,
        sha256="",
        width=960,
        height=540,
        time_s=time_s,
        rate_hz=30.0,
        variable_rate=False,
        rotation_deg=0,
    )
    levels = levels_of(clip, as_poses(time_s))
    assert [level.deg for level in levels] == pytest.approx([3.0] * len(levels), abs=0.4)
    assert len(levels) == 3
    lost = Clip(
        path=tmp_path / "gone.mp4", sha256="", width=WIDTH, height=HEIGHT, time_s=time_s, rate_hz=30.0,
        variable_rate=False, rotation_deg=0,
    )  # fmt: skip
    assert levels_of(lost, as_poses(time_s)) == ()
