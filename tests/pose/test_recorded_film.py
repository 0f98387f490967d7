"""Points that are given with their film: the motion of its camera is found as exactly as with poses of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import midstance as ms
from midstance.formats import pose_json
from midstance.model import Clip, Floats, Recording
from midstance.pose.recorded import open_recording, recorded_poses
from midstance.tracking.scene_lines import LevelPictures, levels_of
from midstance.video.camera_motion import CameraWatcher
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from midstance.video.stills import Developer
from tests.fixtures.clips import DEMO
from tests.fixtures.recorded import pixels
from tests.video.test_camera_motion import WALL

RATE_HZ, SECONDS = 60.0, 3.2
WIDTH, HEIGHT = 960, 540


def filmed(folder: Path, x: Floats) -> tuple[Clip, Recording]:
    """A camera that looks at a wall, x px along it, and the jogger in front of the wall."""
    points = pixels(rate_hz=RATE_HZ, seconds=SECONDS)
    whole = WALL.repeat(2, 0).repeat(2, 1)
    film = folder / "film.mp4"
    with FilmWriter(film, width=WIDTH, height=HEIGHT, rate_hz=RATE_HZ) as writer:
        for left in np.rint(x).astype(int):
            writer.write(np.ascontiguousarray(whole[400 : 400 + HEIGHT, 400 + left : 400 + left + WIDTH]))
    moved = points.points - np.stack([np.rint(x), np.zeros_like(x)], axis=-1)[:, None]
    path = folder / "points.json"
    pose_json.write(replace(points, points=moved, size_px=(WIDTH, HEIGHT)), path)
    return open_recording(path, film=open_clip(film)), points


def times() -> Floats:
    return np.arange(round(RATE_HZ * SECONDS)) / RATE_HZ


@pytest.mark.parametrize("begins_s", [0.0, 1.0, 1.55])
def test_a_pan_is_found_exactly(tmp_path: Path, begins_s: float) -> None:
    """What it finds is where the camera was; and to the bit what whole pictures show, once the camera moves."""
    x = 240 * np.maximum(0, times() - begins_s)
    clip, _ = filmed(tmp_path, x)
    camera = recorded_poses(clip).camera
    assert np.abs(camera.to_first[:, 0, 2] - np.rint(x)).max() < 1.0
    assert np.abs(camera.to_first[:, 1, 2]).max() < 0.5
    assert not camera.cut.any()
    watcher = CameraWatcher(clip.rate_hz)
    boxes = [(*p.min(axis=0), *p.max(axis=0)) for p in recorded_poses(clip).people[0].xy]
    for picture, box in zip(frames(clip), boxes, strict=True):
        watcher.step(picture, [box])
    whole = watcher.finish()
    assert np.abs(camera.to_first - whole.to_first).max() < 0.1
    if begins_s == 0:
        np.testing.assert_array_equal(camera.to_first, whole.to_first)


def test_a_camera_that_stands_has_few_pictures_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip, _ = filmed(tmp_path, 0 * times())
    made, picture = [], Developer.picture
    monkeypatch.setattr(Developer, "picture", lambda self, frame: made.append(frame.pts) or picture(self, frame))
    kept = LevelPictures(clip)
    camera = recorded_poses(clip, on_frame=kept).camera
    np.testing.assert_array_equal(camera.to_first, np.tile(np.eye(2, 3), (clip.frames, 1, 1)))
    assert camera.quality.min() > 0.9
    assert len(kept.kept) == 3
    assert len(made) == 4  # the first, to which all are compared, and those in which lines are searched


def test_the_tilt_of_its_lines_is_that_of_the_film_alone(tmp_path: Path) -> None:
    """The pictures that are kept while the camera is watched are those that are read for the search of lines."""
    clip = open_clip(DEMO)
    given = pose_json.write(pixels(seconds=4.0), tmp_path / "points.json")
    found = ms.find_poses(given, film=DEMO)
    assert found.levels
    assert found.levels == levels_of(clip, found.poses)
    assert ms.find_poses(given).levels == ()
