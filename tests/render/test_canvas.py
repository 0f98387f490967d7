"""Lines lie where they should, words keep to their place, and the view knows where it put the runner."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from midstance.measures import REGISTRY
from midstance.model import Analysis, Clip
from midstance.render import canvas
from midstance.render.overlays import draw_measure, posture
from midstance.render.viewport import Viewport, follow_view
from midstance.skeleton import INDEX
from tests.fixtures.acted import acted, figure, track


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return acted(tmp_path_factory.mktemp("draw"), seconds=1.5)


def blank(width: int = 200, height: int = 100) -> canvas.Image:
    return np.full((height, width, 3), 128, np.uint8)


def coloured(image: canvas.Image, colour: canvas.Colour) -> np.ndarray:
    """(n, 2) x, y of the pixels of a colour."""
    return np.argwhere((np.abs(image.astype(int) - colour) < 12).all(axis=2))[:, ::-1]


def test_a_line_has_its_colour_and_a_dark_edge() -> None:
    image = canvas.line(blank(), np.array([20.0, 50.0]), np.array([180.0, 50.0]), canvas.NEAR, width=4)
    assert tuple(image[50, 100]) == canvas.NEAR
    assert image[[47, 53], 100].max() < 90
    assert (image[40, 100] == 128).all()


def test_lines_between_pixels_are_drawn_between_them() -> None:
    image = canvas.line(blank(), np.array([20.0, 50.5]), np.array([180.0, 50.5]), (255, 255, 255), width=3)
    bright = image[:, 100, 0].astype(float) * (image[:, 100, 0] > 128)
    assert np.average(np.arange(100), weights=bright) == pytest.approx(50.5, abs=0.3)


def test_what_was_not_seen_is_not_drawn() -> None:
    unseen = np.array([np.nan, 10.0])
    image = blank()
    canvas.line(image, unseen, np.array([50.0, 50.0]), canvas.NEAR, width=3)
    canvas.dot(image, unseen, canvas.NEAR, radius=4)
    canvas.polyline(image, np.array([unseen, [50.0, 50.0]]), canvas.NEAR, width=3)
    assert (image == 128).all()


def test_a_dashed_line_has_gaps() -> None:
    whole, dashed = (
        coloured(
            canvas.line(blank(), np.array([10.0, 50]), np.array([190.0, 50]), canvas.NEAR, width=4, dashed=d),
            canvas.NEAR,
        )
        for d in (False, True)
    )
    assert 0.3 < len(dashed) / len(whole) < 0.85


def test_an_arc_runs_the_short_way_round() -> None:
    image = canvas.arc(blank(), np.array([100.0, 50.0]), 90, 60, radius=30)
    at = coloured(image, canvas.MARK)
    assert np.hypot(*(at - [100, 50]).T) == pytest.approx(30, abs=3)
    assert (at[:, 0] >= 98).all()
    assert (at[:, 1] > 70).all()


def test_far_side_first_and_what_was_filled_in_dashed(run: Analysis) -> None:
    points, seen = run.track.xy_px[20], np.ones(len(INDEX))
    image = canvas.skeleton(np.full((360, 480, 3), 128, np.uint8), points, seen, near="right")
    middle = (points[INDEX["right_knee"]] + points[INDEX["right_ankle"]]) / 2
    assert tuple(image[round(middle[1]), round(middle[0])]) == canvas.NEAR
    seen[INDEX["right_ankle"]] = 0.1
    again = canvas.skeleton(np.full((360, 480, 3), 128, np.uint8), points, seen, near="right")
    assert len(coloured(again, canvas.NEAR)) < len(coloured(image, canvas.NEAR))


def test_orange_and_blue_differ_for_every_kind_of_eye() -> None:
    """Brightness apart, or blue against yellow apart: the contrast that colour blindness leaves."""
    near, far = np.array(canvas.NEAR, float), np.array(canvas.FAR, float)
    assert abs((near[:2].mean() - near[2]) - (far[:2].mean() - far[2])) > 200


def test_words_stop_at_the_edge_and_lines_wrap() -> None:
    image = canvas.text(blank(60, 30), (50, 15), "midstance", size=18)
    assert image[:, :49].max() == 128
    assert image[:, 50:].max() > 200
    lines = canvas.wrap("put the foot down sooner as soon as the knee stops", 18, 150)
    assert len(lines) > 2
    assert all(canvas.text_width(line, 18) <= 150 for line in lines)


def test_every_sign_has_its_letter() -> None:
    """Also those of other languages; a sign without a letter would be a box."""
    signs = "°±“”½éüäößñçłšЖΩ→"
    boxes = canvas.text(blank(40, 30), (5, 15), "\u4e00", size=20)
    for sign in signs:
        assert (canvas.text(blank(40, 30), (5, 15), sign, size=20) != boxes).any(), sign


@pytest.mark.parametrize("name", [d.id for d in REGISTRY if d.drawn])
def test_every_mark_draws_on_the_body(run: Analysis, name: str) -> None:
    view = follow_view(run.clip, run.track)
    image = canvas.sheet(view.width, view.height)
    draw_measure(image, posture(view, run.track, 30), name, "right", near="right")
    assert len(coloured(image, canvas.MARK)) > 5


def test_measures_of_time_draw_nothing(run: Analysis) -> None:
    view = follow_view(run.clip, run.track)
    image = canvas.sheet(view.width, view.height)
    draw_measure(image, posture(view, run.track, 30), "contact_time_ms", "right", near="right")
    assert (image == canvas.sheet(view.width, view.height)).all()


# -- the view -----------------------------------------------------------------------------------------------------


def viewed(width: int, height: int, *, scale: float = 1.0, speed_px: float = 0.0) -> tuple[Clip, np.ndarray, Viewport]:
    time_s = np.arange(90) / 60
    xy = figure(time_s, speed_px=speed_px / scale, start=(60, 170) if speed_px else (240, 170)) * scale
    clip = Clip(
        path=None,  # type: ignore[arg-type]
        sha256="",
        width=width,
        height=height,
        time_s=time_s,
        rate_hz=60.0,
        variable_rate=False,
        rotation_deg=0,
    )
    return clip, xy, follow_view(clip, track(xy, time_s))


@pytest.mark.parametrize(
    ("width", "height", "scale", "speed_px"),
    [
        (480, 360, 1.0, 0.0),
        (480, 360, 1.0, 220.0),
        (1920, 1080, 2.5, 0.0),
        (3840, 2160, 5.0, 1500.0),
        (1080, 1920, 2.2, 0.0),
        (1280, 720, 0.5, 300.0),
    ],
)
def test_the_stage_knows_where_it_put_the_runner(width: int, height: int, scale: float, speed_px: float) -> None:
    _, xy, view = viewed(width, height, scale=scale, speed_px=speed_px)
    assert view.width % 2 == view.height % 2 == 0
    assert view.height <= 720
    for frame in (0, 40, 89):
        knee = np.rint(xy[frame, INDEX["right_knee"]])
        whole = np.zeros((height, width, 3), np.uint8)
        cv2.circle(whole, tuple(knee.astype(int).tolist()), round(6 * scale), (255, 255, 255), -1)
        decoded = cv2.resize(whole, (round(width * view.decode / height), view.decode), interpolation=cv2.INTER_AREA)
        picture = view.picture(decoded, frame)
        assert picture.shape == (view.height, view.width, 3)
        rows, columns = np.nonzero(picture[..., 0] > 128)
        assert np.array([columns.mean(), rows.mean()]) == pytest.approx(view.place(knee, frame), abs=1.2)
        placed = view.place(xy[frame], frame)
        assert (placed > 0).all()
        assert (placed < [view.width, view.height]).all()


def test_a_runner_on_the_spot_is_filmed_by_a_camera_that_stands_still() -> None:
    _, _, view = viewed(1920, 1080, scale=2.5)
    assert (np.ptp(view.corner, axis=0) == 0).all()


def test_a_runner_who_passes_is_kept_in_the_middle_until_the_edge_of_the_clip() -> None:
    _, xy, view = viewed(480, 360, speed_px=220)
    left, right = view.corner[:, 0], view.corner[:, 0] + view.window[0]
    inside = [frame for frame in range(len(xy)) if left[frame] > 0 and right[frame] < 480]
    hips = [view.place(xy[frame, INDEX["right_hip"]], frame)[0] / view.width for frame in inside]
    assert len(inside) > 20
    assert np.ptp(hips) < 0.1
    assert left.min() == 0
    assert right.max() == 480


def test_a_runner_who_was_not_followed_throughout_still_has_a_stage(run: Analysis) -> None:
    part = replace(
        run.track,
        first_frame=20,
        **{name: getattr(run.track, name)[20:60] for name in ("time_s", "xy_px", "xy", "seen", "confidence")},
    )
    assert len(follow_view(run.clip, part).corner) == run.clip.frames


def test_quotation_marks_take_no_more_room_than_letters() -> None:
    assert canvas.text_width("\N{LEFT DOUBLE QUOTATION MARK}", 76) < canvas.text_width("m", 76)
    assert canvas.text_width("\N{RIGHT DOUBLE QUOTATION MARK}", 76) < canvas.text_width("m", 76)
