"""A refused clip leaves a page that shows why: what was seen, what is needed, what to do, and who is in the film."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from midstance.errors import RefusalReason, Refused
from midstance.formats import analysis_json
from midstance.formats.files import disk_errors
from midstance.model import CameraMotion, Clip, ClipPoses, Person, PoseModel, Poses
from midstance.output.refusal import write_people, write_refusal
from midstance.reasons import Reason
from midstance.text.refusal import HEADLINES, describe_refusal
from midstance.tracking.people import everyone, people_named
from tests.fixtures.acted import SIZE, figure, film


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return film(tmp_path_factory.mktemp("refused") / "run.mp4", figure(np.arange(30) / 60))


def found(clip: Clip, *people: np.ndarray) -> ClipPoses:
    n = clip.frames
    still = CameraMotion(to_first=np.tile(np.eye(2, 3), (n, 1, 1)), quality=np.ones(n), cut=np.zeros(n, bool))
    drawn = tuple(Person(xy=xy, confidence=np.ones(xy.shape[:2])) for xy in people)
    model = PoseModel(backend="acted", model="full", weights_sha256="")
    poses = Poses(model=model, time_s=clip.time_s, width=SIZE[0], height=SIZE[1], people=drawn, camera=still)
    return ClipPoses(clip=clip, poses=poses)


def refused(reason: RefusalReason, why: Reason, looked_at: ClipPoses | None = None) -> Refused:
    fault = Refused(reason, why)
    fault.found = looked_at
    return fault


CUT = Reason("part_out_of_view", seen=0.4, needed=0.8)


def test_the_page_says_what_was_seen_what_is_needed_and_what_to_do(clip: Clip, tmp_path: Path) -> None:
    time_s = np.arange(30) / 60
    near_the_edge = figure(time_s, start=(470, 170))
    fault = refused("body_not_in_view", CUT, found(clip, near_the_edge, figure(time_s, start=(100, 170))))
    page = write_refusal(analysis_json.plain_refusal("0", clip, fault), clip, fault, tmp_path / "out")
    assert page == tmp_path / "out" / "report.html"
    text = page.read_text(encoding="utf-8")
    for words in (HEADLINES["body_not_in_view"], "40% of the time", "80% of the time", "Film it from head to feet"):
        assert words in text
    assert "<script" not in text
    assert "script-src &#39;none&#39;" in text
    assert len(list((tmp_path / "out" / "frames").glob("refused_*.jpg"))) == 4
    assert (tmp_path / "out" / "people.jpg").exists()
    assert json.loads((tmp_path / "out" / "analysis.json").read_text())["refused"]["reason"] == "body_not_in_view"


def test_without_anybody_the_frames_are_shown_as_they_are(clip: Clip, tmp_path: Path) -> None:
    fault = refused("no_person", Reason("nobody_found"), found(clip))
    page = write_refusal(analysis_json.plain_refusal("0", clip, fault), clip, fault, tmp_path / "out")
    assert page is not None
    assert page.read_text(encoding="utf-8").count("data:image/jpeg") == 4
    assert write_people(fault.found, tmp_path) is None


def test_a_clip_that_was_not_looked_at_leaves_only_its_reason(clip: Clip, tmp_path: Path) -> None:
    fault = refused("no_person", Reason("nobody_found"))
    with disk_errors(tmp_path):
        assert write_refusal(analysis_json.plain_refusal("0", clip, fault), clip, fault, tmp_path / "out") is None
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["analysis.json"]


@pytest.mark.parametrize("reason", HEADLINES)
def test_every_kind_of_refusal_has_a_headline_and_something_to_do(reason: RefusalReason) -> None:
    told = describe_refusal(Refused(reason, "I saw this. Do that."))
    assert (told.headline, told.why, told.remedy) == (HEADLINES[reason], "I saw this.", "Do that.")


def test_people_are_shown_in_as_few_frames_as_can_be(clip: Clip) -> None:
    left, right, late = (figure(np.arange(30) / 60, start=(x, 170)) for x in (120, 240, 380))
    late[:20], left[20:] = np.nan, np.nan
    here = everyone(found(clip, left, right, late).poses)
    assert [each.number for each in sorted(here, key=lambda each: each.number)] == [1, 2, 3]
    assert len({each.frame for each in here}) == 2
    box = next(each.box_px for each in here if each.number == 3)
    assert box[0] < 380 < box[2]
    note = Reason("one_of_many", number=1, people=(Reason("someone_runs", number=2, seen_s=1.0),))
    assert [each.number for each in people_named([CUT, note], found(clip, left, right).poses)] == [2]
    assert people_named([CUT], found(clip, left).poses) == ()
