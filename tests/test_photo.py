"""Photographs: a figure of known angles is read back, labels or no labels; who cannot be measured is told why."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from midstance.cli import photo as cli_photo
from midstance.cli import runs
from midstance.model import Floats, PoseModel
from midstance.output.photo import draw_photo, photo_json
from midstance.photo import PHASES, Figure, forward, near_legs_sure, posture, read_photo
from midstance.photo.phase import phase_chances
from midstance.pose import estimate
from midstance.pose.backends import Picture, Region, Sighting
from midstance.reasons import say
from midstance.skeleton import INDEX, KEYPOINTS, MIRROR, leg_indices
from midstance.text.photo import photo_lines, photo_table, what_next

SIZE = (640, 480)
HIP, LEG, LEAN = (300.0, 240.0), 150.0, 6.0

LANDING = {"near": (28.0, 22.0, 3.0), "far": (-4.0, -75.0, -80.0)}
TOE_OFF = {"near": (-20.0, -40.0, -50.0), "far": (35.0, -30.0, -20.0)}
"""Thigh, shank and foot in degrees; typical of those moments at 3 m/s."""


def figure(
    pose: dict[str, tuple[float, float, float]], *, at: tuple[float, float] = HIP, width: float = 0.05
) -> Floats:
    """(keypoint, 2) pixels of somebody who runs to the right of the picture, arms against the legs."""
    xy = np.full((len(KEYPOINTS), 2), np.nan)
    up = np.array([math.sin(math.radians(LEAN)), -math.cos(math.radians(LEAN))])
    hip = np.array(at)
    shoulder = hip + 0.6 * LEG * up
    ear = shoulder + 0.3 * LEG * up
    xy[INDEX["nose"]] = ear + np.array([0.1 * LEG, 0])
    for side, which in (("right", "near"), ("left", "far")):
        off = np.array([(-1 if side == "right" else 1) * width * LEG / 2, 0])
        thigh, shank, foot = pose[which]
        knee = hip + 0.5 * LEG * hanging(thigh)
        ankle = knee + 0.5 * LEG * hanging(shank)
        heel = ankle + LEG * np.array([-0.05, 0.06])
        toe = heel + 0.25 * LEG * np.array([math.cos(math.radians(foot)), -math.sin(math.radians(foot))])
        other = pose["far" if which == "near" else "near"][0]
        elbow = shoulder + 0.3 * LEG * hanging(other - 10)
        points = {
            "shoulder": shoulder + off,
            "elbow": elbow,
            "wrist": elbow + np.array([0.25 * LEG, 0]),
            "hip": hip + off,
        }
        points |= {"knee": knee, "ankle": ankle, "heel": heel, "toe": toe}
        for name, place in points.items():
            xy[INDEX[f"{side}_{name}"]] = place
        xy[INDEX[f"{side}_ear"]] = ear
    return xy


def hanging(angle: float) -> Floats:
    return np.array([math.sin(math.radians(angle)), math.cos(math.radians(angle))])


class Eyes:
    """A pose model that knows where everyone is; asked for the mirrored picture it answers in mirror image."""

    def __init__(self, *people: Floats, confidence: float = 0.95) -> None:
        self.model = PoseModel(backend="none", model="none", weights_sha256="")
        self.people, self.confidence = people, confidence

    def find(self, rgb: Picture, **_where: object) -> list[Region]:
        if rgb.shape[1] < SIZE[0]:
            return []
        return [self.region(xy) for xy in self.people]

    def look(self, rgb: Picture, region: Region) -> Sighting | None:
        mirrored = rgb[0, 0, 0] == 0
        for xy in self.people:
            seen = (xy * [-1, 1] + [SIZE[0], 0])[MIRROR] if mirrored else xy
            if abs(self.region(seen).x_px - region.x_px) < 5:
                return Sighting(xy=seen, confidence=np.full(len(seen), self.confidence), region=self.region(seen))
        return None

    def region(self, xy: Floats) -> Region:
        x, y = xy[[INDEX["left_hip"], INDEX["right_hip"]]].mean(axis=0)
        return Region(x_px=float(x), y_px=float(y), size_px=2.6 * float(np.ptp(xy[:, 1])) / 2)


def picture() -> Picture:
    """Grey, with a dark right edge, so that its mirror image is told from it."""
    rgb = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    rgb[:, -1] = 0
    return rgb


def swapped(xy: Floats) -> Floats:
    """The same drawing with the legs labelled the wrong way round."""
    changed = xy.copy()
    changed[leg_indices("left")], changed[leg_indices("right")] = xy[leg_indices("right")], xy[leg_indices("left")]
    return changed


def said(figure: Figure) -> str:
    assert figure.why_not
    return say(figure.why_not)


def only(*people: Floats, confidence: float = 0.95) -> Figure:
    figures = read_photo(picture(), backend=Eyes(*people, confidence=confidence))
    assert len(figures) == len(people)
    return figures[0]


@pytest.mark.parametrize("labels", [lambda xy: xy, swapped], ids=["right labels", "swapped labels"])
@pytest.mark.parametrize("pose", [LANDING, TOE_OFF], ids=["landing", "toe-off"])
def test_angles_of_a_known_figure(pose: dict[str, tuple[float, float, float]], labels: object) -> None:
    assert callable(labels)
    stance = only(labels(figure(pose))).stance
    assert stance is not None
    assert (stance.direction, stance.near_side) == (1, "right")
    # the drawn hip points lie 0.025 leg lengths to either side of the joint: up to 3 degrees of a thigh
    assert stance.near.thigh_deg == pytest.approx(pose["near"][0], abs=3.5)
    assert stance.near.shank_deg == pytest.approx(pose["near"][1], abs=0.01)
    assert stance.far.shank_deg == pytest.approx(pose["far"][1], abs=0.01)
    assert stance.near.foot_pitch_deg == pytest.approx(pose["near"][2], abs=0.01)
    assert stance.trunk_lean_deg == pytest.approx(6, abs=0.01)
    front, rear = max(leg[0] for leg in pose.values()), min(leg[0] for leg in pose.values())
    assert stance.thigh_flexion_deg == pytest.approx(front, abs=3.5)
    assert stance.thigh_extension_deg == pytest.approx(-rear, abs=3.5)
    assert stance.between_thighs_deg == pytest.approx(stance.thigh_flexion_deg + stance.thigh_extension_deg)
    assert stance.near_leads == (pose["near"][0] > pose["far"][0])


def test_a_mirrored_picture_reads_the_same() -> None:
    ahead = only(figure(LANDING)).stance
    back = only((figure(LANDING) * [-1, 1] + [SIZE[0], 0])[MIRROR]).stance
    assert ahead is not None
    assert back is not None
    assert (back.direction, back.near_side, back.phase, back.bearing) == (-1, "left", ahead.phase, ahead.bearing)
    assert back.near.thigh_deg == pytest.approx(ahead.near.thigh_deg)
    assert back.phase_confidence == pytest.approx(ahead.phase_confidence)


def test_arms_tell_which_leg_is_near() -> None:
    right, wrong = figure(TOE_OFF), swapped(figure(TOE_OFF))
    assert near_legs_sure(right, "right") > 0.95
    assert near_legs_sure(wrong, "right") < 0.2


def test_the_phase_does_not_mind_the_labels() -> None:
    kept, changed = only(figure(TOE_OFF)).stance, only(swapped(figure(TOE_OFF))).stance
    assert kept is not None
    assert changed is not None
    assert kept.phase == changed.phase
    assert kept.phase in PHASES


# -- who is not measured -------------------------------------------------------------------------------------------


def test_reasons() -> None:
    assert "cut off" in said(only(figure(LANDING, at=(300, 390))))
    assert "towards the camera" in said(only(figure(LANDING, width=-0.5))) or "away" in said(
        only(figure(LANDING, width=-0.5))
    )
    small = 300 + 0.2 * (figure(LANDING) - 300)
    assert "too small: a leg is 30 pixels long" in said(only(small))
    bent = figure(LANDING)
    bent[: INDEX["left_hip"]] = HIP + (bent[: INDEX["left_hip"]] - HIP) @ np.array([[0.5, 0.87], [-0.87, 0.5]])
    assert "crouches" in said(only(bent))
    standing = {"near": (2.0, 0.0, 0.0), "far": (-2.0, -1.0, 0.0)}
    assert "stands on both legs" in said(only(figure(standing)))


def test_two_legs_drawn_on_one_give_no_phase() -> None:
    """As where the standing leg hides the other, or it is not found: the model draws it there twice."""
    on_one = {"near": (5.0, -30.0, 0.0), "far": (1.0, -32.0, -4.0)}
    assert "both legs are drawn on one" in said(only(figure(on_one)))
    apart = {"near": (5.0, -30.0, 0.0), "far": (1.0, -95.0, -90.0)}
    stance = only(figure(apart)).stance
    assert stance is not None
    assert stance.between_thighs_deg < 12
    assert stance.phase != "toe_off"


def test_nobody_leaves_the_ground_with_thighs_side_by_side() -> None:
    far_apart = posture(forward(figure(TOE_OFF), 1))
    side_by_side = far_apart._replace(front_thigh=far_apart.rear_thigh + 10 / 30)
    toe_off = PHASES.index("toe_off")
    assert phase_chances(far_apart)[toe_off] > 0.5
    assert phase_chances(side_by_side)[toe_off] == 0
    assert phase_chances(side_by_side).sum() == pytest.approx(1)


@pytest.mark.parametrize(("scatter", "people"), [(0.005, 1), (0.03, 0)])
def test_what_is_seen_elsewhere_at_every_look_is_nobody(scatter: float, people: int) -> None:
    """A lamp or a console that is taken for a body: drawn with confidence, but every time somewhere else."""

    class Unsteady(Eyes):
        looks = 0

        def look(self, rgb: Picture, region: Region) -> Sighting | None:
            seen = super().look(rgb, region)
            if seen is None:
                return None
            self.looks += 1
            off = scatter * region.size_px * np.array([math.cos(2.4 * self.looks), math.sin(2.4 * self.looks)])
            return replace(seen, xy=seen.xy + off)

    assert len(read_photo(picture(), backend=Unsteady(figure(LANDING)))) == people


def test_hidden_legs_are_told() -> None:
    class Half(Eyes):
        def look(self, rgb: Picture, region: Region) -> Sighting | None:
            seen = super().look(rgb, region)
            if seen is not None:
                seen.confidence[[*leg_indices("left"), *leg_indices("right")]] = 0.2
                seen.confidence[: INDEX["left_hip"]] = 1.0
            return seen

    figures = read_photo(picture(), backend=Half(figure(LANDING)))
    assert [said(each) for each in figures] == ["the legs are hidden"]


def test_two_runners_from_left_to_right() -> None:
    first, second = figure(TOE_OFF, at=(150, 240)), figure(LANDING, at=(450, 240))
    figures = read_photo(picture(), backend=Eyes(second, first))
    assert [each.stance.near_leads for each in figures if each.stance] == [False, True]


def test_a_hand_taken_for_somebody_small_is_nobody() -> None:
    whole = figure(LANDING)
    hand = whole[INDEX["right_wrist"]] + 0.25 * (whole - HIP)
    assert len(read_photo(picture(), backend=Eyes(whole, hand))) == 1


# -- what is told --------------------------------------------------------------------------------------------------


def test_words_and_data_and_picture() -> None:
    figures = read_photo(picture(), backend=Eyes(figure(TOE_OFF), figure(LANDING, at=(450, 390))))
    told = "\n".join(photo_lines(figures))
    assert "runs to the right" in told
    assert "not measured: a leg is cut off by the edge of the picture" in told
    content = photo_json("a.jpg", "0", picture(), figures)
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert {person["measured"] for person in content["people"]} == {True, False}
    image = draw_photo(picture(), figures)
    assert image.shape[1] == SIZE[0]
    assert image.shape[0] > SIZE[1]
    assert (image[: SIZE[1]] != picture()).any()


def test_the_table_has_a_row_for_each_and_says_what_next() -> None:
    figures = read_photo(picture(), backend=Eyes(figure(TOE_OFF), figure(LANDING, at=(450, 390))))
    table = photo_table(figures)
    assert [line.split()[:2] for line in table[1:]] == [["1", "right"], ["2", "not"]]
    measured = figures[0].stance
    assert measured is not None
    assert f"{measured.between_thighs_deg:.0f}°" in table[1]
    assert max(map(len, table)) <= 120
    assert what_next(figures).startswith("Film ten steps")
    assert what_next(figures[1:]) == what_next(()) != what_next(figures)


def test_nobody() -> None:
    assert photo_table(()) == ["Nobody was found in this picture."]
    assert photo_lines(()) == ["Nobody was found in this picture."]


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "open_backend", lambda *_args, **_options: Eyes(figure(TOE_OFF)))
    monkeypatch.setattr(runs, "bring_models", lambda *_args, **_options: None)
    source = tmp_path / "race.png"
    cv2.imwrite(str(source), picture())
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    ran = CliRunner().invoke(
        cli_photo.app, [str(source), str(broken), "--out", str(tmp_path / "out"), "--json", str(tmp_path / "all.json")]
    )
    assert ran.exit_code == 3, ran.output
    assert (tmp_path / "out" / "race.png.midstance.jpg").is_file()
    photos = json.loads((tmp_path / "all.json").read_text())["photos"]
    assert [photo["picture"] for photo in photos] == ["race.png"]
    piped = CliRunner().invoke(cli_photo.app, [str(source), "--json", "-"])
    assert json.loads(piped.stdout)["photos"][0]["people"][0]["measured"]
