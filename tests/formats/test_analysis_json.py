"""analysis.json and track.csv: what is written is what the schema promises, and reads back the same."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from midstance.errors import InputError, Refused
from midstance.formats import analysis_json, analysis_schema
from midstance.formats.track_csv import track_csv
from midstance.model import Analysis, Measure
from midstance.skeleton import INDEX, KEYPOINTS
from tests.fixtures.acted import acted


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return acted(tmp_path_factory.mktemp("acted"))


def test_an_analysis_fits_the_printed_schema(analysis: Analysis) -> None:
    content = analysis_json.plain(analysis)
    jsonschema.validate(content, analysis_schema.json_schema())
    assert content["schema"] == 1
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_the_schema_refuses_an_unknown_key_and_a_missing_one(analysis: Analysis) -> None:
    content = analysis_json.plain(analysis)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**content, "mood": "good"}, analysis_schema.json_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({k: v for k, v in content.items() if k != "contacts"}, analysis_schema.json_schema())


def test_what_is_missing_is_null_and_never_a_number(analysis: Analysis) -> None:
    once = Measure(id="speed_mps", side="both", value=3.0, sd=math.nan, n=1, uncertainty=math.nan, unit="m/s")
    told = analysis_json.plain(replace(analysis, measures=(once,)))["measures"][0]
    assert (told["sd"], told["uncertainty"], told["value"]) == (None, None, 3.0)


def test_a_plan_says_from_where_to_where(analysis: Analysis) -> None:
    assert analysis.plan is not None
    assert analysis.plan.target is not None
    target = analysis_json.plain(analysis)["plan"]["target"]
    assert (target["from"], target["to"]) == (analysis.plan.target.start, analysis.plan.target.goal)


def test_it_reads_back_what_it_wrote(analysis: Analysis) -> None:
    content = analysis_json.plain(analysis)
    back = analysis_json.read(json.dumps(content), "analysis.json")
    assert back.model_dump(mode="json", by_alias=True) == content


def test_a_refusal_is_an_analysis_json_too(analysis: Analysis) -> None:
    content = analysis_json.plain_refusal("0", analysis.clip, Refused("not_running", "This is a walk."))
    jsonschema.validate(content, analysis_schema.json_schema())
    back = analysis_json.read(json.dumps(content), "analysis.json")
    assert isinstance(back, analysis_schema.RefusalJson)
    assert back.refused.reason == "not_running"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": 2}', '{"schema": 1, "refused": 3}'])
def test_a_broken_file_is_one_line_that_names_it(text: str) -> None:
    with pytest.raises(InputError, match=r"mine\.json is no analysis\.json") as caught:
        analysis_json.read(text, "mine.json")
    assert "\n" not in str(caught.value)


def test_track_csv_has_a_row_a_frame_and_leaves_the_unseen_empty(analysis: Analysis) -> None:
    xy_px = analysis.track.xy_px.copy()
    xy_px[3, INDEX["left_toe"]] = np.nan
    rows = list(csv.DictReader(io.StringIO(track_csv(replace(analysis.track, xy_px=xy_px), analysis.clip))))
    assert len(rows) == analysis.clip.frames
    assert set(rows[0]) == {"frame", "time_s"} | {f"{k}_{p}" for k in KEYPOINTS for p in ("x_px", "y_px", "confidence")}
    row = rows[analysis.track.first_frame + 3]
    assert row["left_toe_x_px"] == row["left_toe_confidence"] == ""
    assert float(row["left_knee_x_px"]) == pytest.approx(xy_px[3, INDEX["left_knee"], 0], abs=0.01)


def test_frames_outside_the_track_have_a_row_without_points(analysis: Analysis) -> None:
    short = replace(analysis.track, first_frame=2, time_s=analysis.track.time_s[:5], xy_px=analysis.track.xy_px[:5])
    rows = list(csv.DictReader(io.StringIO(track_csv(short, analysis.clip))))
    assert [bool(row["nose_x_px"]) for row in rows[:8]] == [False, False, True, True, True, True, True, False]


def test_every_golden_word_of_the_contract_is_there(analysis: Analysis) -> None:
    said = (
        "schema version clip pose view contacts measures not_assessed findings plan remarks warnings scene other_scenes"
    )
    clip = "path sha256 width height frames duration_s rate_hz variable_rate rotation_deg slow_motion_factor"
    assert list(analysis_json.plain(analysis)) == said.split()
    assert list(analysis_json.plain(analysis)["clip"]) == clip.split()
