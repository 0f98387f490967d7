"""A film that lies on its side is read upright, in whole and in small, and looked at once more."""

from __future__ import annotations

import importlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from midstance.errors import Refused
from midstance.model import Clip, ClipPoses
from midstance.reasons import Reason, say
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames, pick_frames, turned
from midstance.video.opening import open_clip

stages = importlib.import_module("midstance.analyze")

SCENE = np.zeros((96, 160, 3), np.uint8)
SCENE[:48, :80], SCENE[48:, :80], SCENE[:, 80:] = (200, 40, 40), (40, 200, 40), (40, 40, 200)
LIES = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


def lying(path: Path, clockwise_deg: int) -> Path:
    """A film that must be turned by so much to stand upright."""
    picture = np.ascontiguousarray(cv2.rotate(SCENE, LIES[clockwise_deg]))
    with FilmWriter(path, width=picture.shape[1], height=picture.shape[0], rate_hz=30) as film:
        for _ in range(4):
            film.write(picture)
    return path


@pytest.mark.parametrize("clockwise_deg", LIES)
def test_it_is_read_upright(clockwise_deg: int, tmp_path: Path) -> None:
    clip = turned(open_clip(lying(tmp_path / "a.mp4", clockwise_deg)), clockwise_deg)
    assert (clip.width, clip.height, clip.rotation_deg) == (160, 96, clockwise_deg)
    whole = [*frames(clip)]
    assert len(whole) == 4
    assert np.abs(whole[0][8:-8, 8:72].astype(int) - SCENE[8:-8, 8:72]).mean() < 12
    small = pick_frames(clip, [2], height=48)[2]
    assert small.shape == (48, 80, 3)
    assert small[12, 20].argmax() == 0
    assert small[36, 20].argmax() == 1
    assert small[24, 60].argmax() == 2
    assert f"{clockwise_deg} degrees" in say(clip.notes[-1])


def test_it_is_looked_at_once_more_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []

    def find(source: Path | Clip, *_: object, **__: object) -> ClipPoses:
        clip = open_clip(source) if isinstance(source, Path) else source
        seen.append((clip.width, clip.height))
        return ClipPoses(clip=clip, poses=None)

    def judge(*_: object, **__: object) -> None:
        raise Refused("view_not_supported", Reason("not_upright", turn_deg=90))

    monkeypatch.setattr(stages, "find_poses", find)
    monkeypatch.setattr(stages, "judge", judge)
    with pytest.raises(Refused):
        stages.analyze(lying(tmp_path / "a.mp4", 90))
    assert seen == [(96, 160), (160, 96)]
