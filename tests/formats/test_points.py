"""Every format of points: the same when read again, files of other programs are read, broken ones are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import midstance as ms
from midstance.errors import InputError, UsageError
from midstance.formats import (
    c3d,
    csv_points,
    deeplabcut,
    movement,
    openpose,
    parquet,
    pose_json,
    sleap,
    text_file,
    trc,
)
from midstance.formats.points import order_of, side_and_name
from midstance.formats.recordings import read_recording
from midstance.model import Recording
from midstance.pose.recorded import open_recording, recorded_poses
from midstance.skeleton import INDEX, KEYPOINTS
from midstance.text.what_was_seen import how_it_was_measured
from tests.fixtures.clips import DEMO
from tests.fixtures.recorded import CADENCE_SPM, CONTACT_MS, markers, pixels

Write = Callable[[Recording, Path], Path]
IN_PIXELS: dict[str, Write] = {
    "openpose": openpose.write,
    "a.json": pose_json.write,
    "a.csv": csv_points.write,
    "dlc.csv": deeplabcut.write,
    "sleap.csv": sleap.write,
    "a.nc": movement.write,
    "a.parquet": parquet.write,
    "a.trc": trc.write,
}
IN_METRES: dict[str, Write] = {
    "a.trc": trc.write,
    "a.c3d": c3d.write,
    "a.csv": csv_points.write,
    "a.nc": movement.write,
}


def with_a_gap(found: Recording) -> Recording:
    """The same with one point unseen in some frames."""
    points = found.points.copy()
    points[0, 20:30, 5] = np.nan
    return replace(found, points=points, confidence=np.where(np.isfinite(points[..., 0]), found.confidence, 0.0))


def by_name(found: Recording) -> dict[str, np.ndarray]:
    return {name: found.points[0, :, k] for k, name in enumerate(found.names)}


@pytest.mark.parametrize("name", IN_PIXELS)
def test_pixels_are_the_same_after_a_file(name: str, tmp_path: Path) -> None:
    found = with_a_gap(pixels())
    again = read_recording(IN_PIXELS[name](found, tmp_path / name), rate_hz=60)
    assert again.unit == "px"
    assert again.points.shape[:2] == found.points.shape[:2]
    theirs = by_name(again)
    for point, xy in by_name(found).items():
        np.testing.assert_allclose(theirs[point], xy, atol=0.01)
    np.testing.assert_allclose(again.time_s, found.time_s, atol=1e-6)


@pytest.mark.parametrize("name", IN_METRES)
def test_metres_are_the_same_after_a_file(name: str, tmp_path: Path) -> None:
    found = with_a_gap(markers())
    again = read_recording(IN_METRES[name](found, tmp_path / name))
    assert again.unit == "m"
    assert again.points.shape[-1] == 3
    for point, xyz in by_name(found).items():
        np.testing.assert_allclose(by_name(again)[point], xyz, atol=1e-5)
    np.testing.assert_allclose(again.time_s, found.time_s, atol=1e-5)


def test_two_people_who_are_numbered_anew_are_kept_apart(tmp_path: Path) -> None:
    one = pixels()
    both = np.concatenate([one.points, one.points + np.array([500.0, 0.0])])
    two = replace(one, points=both, confidence=np.concatenate([one.confidence, one.confidence]))
    folder = openpose.write(two, tmp_path / "two")
    for file in sorted(folder.iterdir())[::2]:
        content = json.loads(file.read_text())
        content["people"].reverse()
        file.write_text(json.dumps(content))
    again = read_recording(folder, 60)
    nose = again.points[:, :, again.names.index("nose"), 0]
    assert len(again.points) == 2
    assert np.ptp(nose, axis=1).max() < 100


# -- the coach without pixels --------------------------------------------------------------------------------------


def test_markers_are_coached_whatever_the_axes_of_the_laboratory(tmp_path: Path) -> None:
    """The second file has z up and runs along minus y, as many C3D files."""
    found = markers()
    x, y, z = np.moveaxis(found.points, -1, 0)
    turned = replace(found, points=np.stack([z, -x, y], -1) * [-1, 1, 1])
    one, two = ms.analyze(trc.write(found, tmp_path / "a.trc")), ms.analyze(c3d.write(turned, tmp_path / "a.c3d"))
    assert one.view.near_side == "right"
    assert one.view.setting == "treadmill"
    assert one.view.scale_source == "file"
    assert one.measures["cadence_spm"].value == pytest.approx(CADENCE_SPM, abs=1)
    assert one.measures["contact_time_ms"].right.value == pytest.approx(CONTACT_MS, abs=15)
    assert one.measures["speed_mps"].value == pytest.approx(3.0, abs=0.1)
    assert "pelvic_drop_deg" in {gap.id for gap in one.not_assessed}
    assert any(
        "from the side alone. For the rest film from the front or from behind" in said
        for said in how_it_was_measured(one)
    )
    for this, same in zip(one.measures, two.measures, strict=True):
        assert this.value == pytest.approx(same.value, rel=0.01, abs=0.1), this.id


def test_without_feet_nothing_is_said_of_landing(tmp_path: Path) -> None:
    found = pixels()
    kept = [k for k, name in enumerate(found.names) if name.split("_")[-1] not in {"heel", "toe"}]
    coco = replace(
        found,
        names=tuple(found.names[k] for k in kept),
        points=found.points[:, :, kept],
        confidence=found.confidence[:, :, kept],
    )
    read = ms.analyze(pose_json.write(coco, tmp_path / "a.json"))
    assert read.measures["cadence_spm"].value == pytest.approx(CADENCE_SPM, abs=2)
    missing = {each.id: ms.say(each.reason) for each in read.not_assessed}
    assert missing["foot_strike_angle_deg"] == "needs heels and toes, and the file of points has none"
    assert not {m.id for m in read.measures} & {"contact_time_ms", "shank_angle_at_strike_deg", "flight_time_ms"}


def test_the_track_of_an_analysis_is_coached_alike(tmp_path: Path) -> None:
    from midstance.formats.track_csv import track_csv

    first = ms.analyze(pose_json.write(pixels(), tmp_path / "a.json"), height_m=1.75)
    (tmp_path / "track.csv").write_text(track_csv(first.track, first.clip))
    again = ms.analyze(tmp_path / "track.csv", height_m=1.75)
    before, after = ({m.id: m for m in each.measures} for each in (first, again))
    for name in ("cadence_spm", "trunk_lean_deg"):
        assert after[name].value == pytest.approx(before[name].value, abs=before[name].uncertainty)


# -- files of other programs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "side", "part"),
    [
        ("RBigToe", "right", "bigtoe"),
        ("LHip", "left", "hip"),
        ("left_shoulder", "left", "shoulder"),
        ("Left Big Toe", "left", "bigtoe"),
        ("Runner:LASI", "left", "asi"),
        ("R.Heel", "right", "heel"),
        ("knee_l", "left", "knee"),
        ("r_ankle_study", "right", "anklestudy"),
        ("nose", None, "nose"),
        ("Hip", None, "hip"),
        ("Neck", None, "neck"),
    ],
)
def test_names_of_other_programs(name: str, side: str | None, part: str) -> None:
    assert side_and_name(name) == (side, part)


@pytest.mark.parametrize(
    ("layout", "count"), [("coco_17", 17), ("body_25", 25), ("halpe_26", 26), ("mediapipe_33", 33)]
)
def test_layouts_have_their_points(layout: str, count: int) -> None:
    assert len(order_of(layout)) == count
    named = {name for name in order_of(layout) if name != "-"}
    assert named <= set(KEYPOINTS)
    assert len(named) == (13 if layout == "coco_17" else 19) + (layout == "coco_17") * 2


def frames_of(layout: str) -> list[np.ndarray]:
    """The jogger frame by frame in the order of a layout, (point, x y confidence); a point of no use is 0."""
    found, order = pixels(), order_of(layout)
    rows = np.zeros((len(found.time_s), len(order), 3))
    for k, name in enumerate(order):
        if name in found.names:
            at = found.names.index(name)
            rows[:, k, :2], rows[:, k, 2] = found.points[0, :, at], 0.8
    return list(rows)


def test_jsons_of_other_programs(tmp_path: Path) -> None:
    """AlphaPose's rows, MMPose's list, a dump of MediaPipe by name and by number, and arrays of a pose database."""
    halpe, pipe = frames_of("halpe_26"), frames_of("mediapipe_33")
    shares = [rows / [1280, 720, 1] for rows in pipe]
    texts = {
        "alphapose": [
            {"image_id": f"{k}.jpg", "category_id": 1, "keypoints": rows.ravel().tolist(), "score": 2.5, "idx": 1}
            for k, rows in enumerate(halpe)
        ],
        "mmpose": [
            {
                "frame_id": k,
                "instances": [{"keypoints": rows[:, :2].tolist(), "keypoint_scores": rows[:, 2].tolist()}],
            }
            for k, rows in enumerate(halpe)
        ],
        "mediapipe": {
            "width": 1280,
            "height": 720,
            "frames": [
                {"landmarks": [{"x": x, "y": y, "z": 0.0, "visibility": v} for x, y, v in rows]} for rows in shares
            ],
        },
        "named": {
            "fps": 60,
            "frames": [
                {name: {"x": x, "y": y, "visibility": v} for name, (x, y, v) in zip(KEYPOINTS, rows, strict=True)}
                for rows in np.concatenate([pixels().points[0], np.ones((len(pipe), 19, 1))], axis=-1)
            ],
        },
    }
    for name, content in texts.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content))
        found = open_recording(path, rate_hz=60)
        xy = recorded_poses(found).people[0].xy
        heel = xy[:, INDEX["left_heel"]]
        np.testing.assert_allclose(heel, pixels().points[0, :, KEYPOINTS.index("left_heel")], atol=1e-6, err_msg=name)


# -- wrong input -----------------------------------------------------------------------------------------------------


def refused(path: Path, **known: object) -> str:
    """The one line that is said of a file, with the name of its folder taken out."""
    with pytest.raises((InputError, UsageError)) as fault:
        ms.analyze(path, **known)
    said = str(fault.value)
    assert "\n" not in said
    return said.replace(f"{path.parent}/", "")


def test_wrong_files_give_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trc.write(markers(), tmp_path / "whole.trc").read_text()

    def changed(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    assert "gives its lengths in ells" in refused(changed("a.trc", whole.replace("\tm\t", "\tells\t", 1)))
    assert refused(changed("b.trc", "nonsense")).startswith("b.trc has no head of a TRC file")
    head = "\n".join(whole.split("\n")[:6])
    assert refused(changed("c.trc", head)) == "c.trc holds no frames. Export the points of the whole run."
    assert "line 7: hello is no number" in refused(changed("d.trc", f"{head}\n1\t0.0\thello"))
    rows = [f"{k}\t{k / 100}" + "\tnan" * 57 for k in range(1, 50)]
    assert refused(changed("e.trc", "\n".join([head, *rows]))).startswith("e.trc has no point that is a number")
    assert refused(changed("f.json", "{}")).startswith("f.json holds no list of frames")
    assert refused(changed("g.json", "[[]]")).startswith("g.json holds no person")
    assert refused(changed("h.csv", "a,b\n1,2\n3,4")).startswith("h.csv has no columns of points")
    assert refused(tmp_path / "nobody.trc").startswith("nobody.trc cannot be read")
    csv_points.write(pixels(), tmp_path / "i.csv")
    text = (tmp_path / "i.csv").read_text().replace("time_s", "clock", 1)
    assert "Give the frames a second with pictures_hz" in refused(changed("i.csv", text))
    monkeypatch.setattr(text_file, "LARGEST_BYTES", 1000)
    assert refused(changed("j.csv", text)).startswith("j.csv is 0.0 GB")


def test_names_that_are_swapped_are_found_in_space(tmp_path: Path) -> None:
    found = markers()
    names = tuple(name.replace("left", "x").replace("right", "left").replace("x", "right") for name in found.names)
    said = refused(trc.write(replace(found, names=names), tmp_path / "a.trc"))
    assert said.startswith("a.trc: the toes point backwards")


def test_infinite_points_count_as_unseen(tmp_path: Path) -> None:
    found = markers()
    points = found.points.copy()
    points[0, 50:53] = np.inf
    points[0, 60] = 1e30
    read = ms.analyze(csv_points.write(replace(found, points=points), tmp_path / "a.csv"))
    assert read.measures["cadence_spm"].value == pytest.approx(CADENCE_SPM, abs=2)


def test_a_film_that_is_not_theirs_is_named(tmp_path: Path) -> None:
    pose_json.write(pixels(seconds=30), tmp_path / "long.json")
    assert "has 1800 frames and the film" in refused(tmp_path / "long.json", film=DEMO)
    trc.write(markers(), tmp_path / "m.trc")
    assert "is in metres" in refused(tmp_path / "m.trc", film=DEMO)
