"""The film shows every frame of the clip in its turn, holds the evidence, and knows which frame it shows."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import av
import numpy as np
import pytest

from midstance.comparison.clean import clean_stride
from midstance.model import Analysis, Contacts
from midstance.render import canvas
from midstance.render.film import Film, _Scene, film_frames, make_film, prefetch
from midstance.render.moments import PHASES, sharpness
from midstance.render.stills import evidence_pictures
from midstance.render.viewport import follow_view
from midstance.skeleton import INDEX
from midstance.text.report import shots
from midstance.video.stills import open_picture
from tests.fixtures.acted import grey, without_plan


@pytest.fixture(scope="module")
def film(run: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Film:
    return make_film(run.clip, run, tmp_path_factory.mktemp("out") / "annotated.mp4")


def shown(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_any_browser_and_phone_can_play_it(film: Film) -> None:
    with av.open(str(film.path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (film.width, film.height)
        assert stream.frames == len(film.shows)
        assert float(stream.average_rate) == pytest.approx(film.rate_hz)
    start = film.path.read_bytes()[:4096]
    assert start.index(b"moov") < start.index(b"mdat") if b"mdat" in start else b"moov" in start


def test_without_contacts_there_is_no_band_for_them(run: Analysis, film: Film, tmp_path: Path) -> None:
    """From the front no contact is seen: an empty band would look as if no foot came down."""
    front = make_film(run.clip, replace(run, contacts=Contacts()), tmp_path / "front.mp4")
    assert film.height > film.top + film.view.height
    assert front.height == front.top + front.view.height
    assert shown(front.path)[40].shape[:2] == (front.height, front.width)


def test_half_speed_and_half_a_second_of_evidence(run: Analysis, film: Film) -> None:
    (shot,) = shots(run)
    assert film.speed == 0.5
    assert film.rate_hz == pytest.approx(30)
    frames, times = np.unique(film.shows, return_counts=True)
    assert frames.tolist() == list(range(run.clip.frames))
    assert times[shot.frame] == 16
    assert (np.delete(times, shot.frame) == 1).all()


def test_each_frame_of_the_film_shows_the_frame_of_the_clip_it_says(film: Film) -> None:
    for number, picture in enumerate(shown(film.path)):
        background = picture[film.height // 4, 6].mean()
        assert background == pytest.approx(grey(int(film.shows[number])), abs=4)


def test_joints_are_drawn_where_they_are(run: Analysis, film: Film) -> None:
    view = follow_view(run.clip, run.track)
    top = _Scene(run.clip, run, view, {}, last_line="").top
    for number in (5, 33, 90):
        picture = shown(film.path)[number].astype(int)
        points = view.place(run.track.xy_px[film.shows[number]], int(film.shows[number]))
        for name in ("right_knee", "right_ankle"):
            x, y = np.rint(points[INDEX[name]]).astype(int)
            around = picture[top + y - 9 : top + y + 10, x - 7 : x + 8].reshape(-1, 3)
            assert (np.abs(around - canvas.NEAR).sum(axis=1) < 130).any(), (number, name)


def test_without_a_focus_nothing_is_held(run: Analysis) -> None:
    frames, speed, _ = film_frames(without_plan(run), freezes={})
    assert len(frames) == run.clip.frames
    assert speed == 0.5


def test_fast_cameras_make_slow_films(run: Analysis) -> None:
    fast = replace(run, clip=replace(run.clip, rate_hz=240.0, time_s=run.clip.time_s / 4))
    fast = replace(fast, track=replace(run.track, time_s=run.track.time_s / 4))
    _, speed, rate_hz = film_frames(fast, freezes={})
    assert speed == pytest.approx(1 / 8)
    assert rate_hz == pytest.approx(30)


def test_uneven_times_of_the_clip_are_made_even(run: Analysis) -> None:
    """Half of the frames are missing in the second half: each of those is shown twice."""
    kept = np.r_[0:72, 72:144:2]
    time_s = run.clip.time_s[kept]
    uneven = replace(run, clip=replace(run.clip, time_s=time_s), track=replace(run.track, time_s=time_s))
    frames, _, _ = film_frames(uneven, freezes={})
    assert np.diff(time_s[frames]).max() < 0.034
    assert np.abs(time_s[frames] - np.arange(len(frames)) / 60).max() < 0.0168


def test_threads_hand_on_faults_and_end() -> None:
    def failing() -> Iterator[np.ndarray]:
        yield np.zeros(1, np.uint8)
        raise ValueError("broken frame")

    with pytest.raises(ValueError, match="broken frame"):
        list(prefetch(failing()))
    endless = prefetch(np.zeros(1, np.uint8) for _ in iter(int, 1))
    next(endless)
    assert isinstance(endless, Generator)
    endless.close()
    assert threading.active_count() == 1 or not any(t.name.startswith("ahead") for t in threading.enumerate())


def test_progress_is_told_to_the_end(run: Analysis, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    film = make_film(run.clip, run, tmp_path / "a.mp4", height=240, progress=lambda *step: told.append(step))
    assert told[-1] == (len(film.shows), len(film.shows))
    assert film.height < 400


# -- key frames ----------------------------------------------------------------------------------------------------


def test_pictures_of_every_statement_and_phase(run: Analysis, tmp_path: Path) -> None:
    pictures = evidence_pictures(run.clip, run, tmp_path / "frames")
    assert set(pictures.shots) == {shot.key for shot in shots(run)}
    assert [(phase.side, phase.name) for phase, _ in pictures.phases] == list(product(("right", "left"), PHASES))
    assert len({path for _, path in pictures.phases}) == 2 * len(PHASES)
    sizes = {open_picture(path).shape for _, path in pictures.phases}
    assert len(sizes) == 1
    assert pictures.sheet is not None
    assert pictures.sheet.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_a_clean_stride_is_the_last_row_turned_the_same_way(run: Analysis, tmp_path: Path) -> None:
    leftwards = replace(run, track=replace(run.track, direction=-1))
    with clean_stride(3.2) as clean:
        pictures = evidence_pictures(run.clip, leftwards, tmp_path / "left", clean=clean)
        other = evidence_pictures(run.clip, run, tmp_path / "right", clean=clean)
    assert [phase.row for phase, _ in pictures.phases] == [row for row in ("near", "far", "clean") for _ in PHASES]
    assert pictures.clean_mps == 3.3
    left, right = (open_picture(each.phases[-1][1]).astype(float) for each in (pictures, other))
    assert np.abs(left - right[:, ::-1]).mean() < 2 < np.abs(left - right).mean()


def test_phases_are_found_at_their_moments(run: Analysis, tmp_path: Path) -> None:
    """The acted thigh is foremost at landing and rearmost half a stride later."""
    pictures = evidence_pictures(run.clip, run, tmp_path / "frames")
    at_s = {phase.name: run.clip.time_s[phase.frame] for phase, _ in pictures.phases if phase.side == "right"}
    strikes = [c.strike_s for c in run.contacts if c.side == "right"]
    assert min(abs(at_s["touchdown"] - t) for t in strikes) < 0.01
    assert min(abs(at_s["greatest extension"] - t - 0.36) for t in strikes) < 0.01
    assert min(abs(at_s["opposite touchdown"] - t - 0.36) for t in strikes) < 0.01
    captions = {phase.name: phase.caption for phase, _ in pictures.phases if phase.side == "right"}
    assert captions["greatest extension"] == "thigh 22° behind the hip"


def test_a_front_view_has_no_phases(run: Analysis, tmp_path: Path) -> None:
    front = replace(run, track=replace(run.track, plane="front", near_side=None))
    pictures = evidence_pictures(run.clip, front, tmp_path / "frames")
    assert pictures.phases == ()
    assert pictures.sheet is None


def test_a_blurred_picture_is_less_sharp() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (60, 60, 3), np.uint8)
    assert sharpness(noise) > 3 * sharpness(noise // 4)
