"""Takes read from analysis.json: every value where it belongs, and what is missing said."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.comparison import sources
from midstance.comparison.model import Standpoint, Take
from midstance.comparison.take import read_take, series_json, take_from_analysis, take_from_text
from midstance.comparison.trends import compare_series
from midstance.errors import InputError, UsageError
from midstance.model import Band, Cause, Cue, Evidence, Finding, Plan, PoseModel, Target
from midstance.options import Options
from tests.fixtures.acted import acted
from tests.fixtures.least_analysis import analysis
from tests.fixtures.takes import SHANK, number, plan, take

PIECE = {"measure": SHANK, "side": "left", "value": 9.0, "time_s": 0.5}
BAND = {
    "low": None, "high": 7.0, "at_speed_mps": 3.0, "source": "who", "edge_error": 0.5, "n": 26, "percentile": 5.0,
    "population": "runners",
}  # fmt: skip
CAUSE = {
    "cause": "overstride", "verdict": "cannot_tell", "says": "Because.", "evidence": [PIECE], "title": "Overstride",
    "root": "bounce", "why_open": "other_view", "settle": "Film the side.",
}  # fmt: skip
FINDING = {
    "problem": "reaching", "grade": "flag", "confidence": 0.75, "says": "You reach.", "evidence": [PIECE],
    "causes": [CAUSE], "cues": [{"cue": "sooner", "says": "Sooner.", "mends": "overstride"}],
    "explained_by": "bounce", "title": "Reaching", "topic": "landing",
}  # fmt: skip
PLAN = {
    "focus": "reaching", "cue": "Sooner.", "why": "So.", "practice": "Twice.", "film_again": "In a week.",
    "target": {"measure": SHANK, "side": "left", "from": 9.0, "to": 5.0, "minimal_change": 1.4, "unit": "deg"},
    "expect": ["a"], "guard": ["b"], "later": ["c"], "title": "Land closer", "notice": ["d"], "comes_from": ["e"],
}  # fmt: skip


def read(content: dict[str, Any]) -> Take:
    return take_from_text(json.dumps(content), "here", label="first")


def full() -> dict[str, Any]:
    content = analysis("1.2")
    content["clip"] |= {"rate_hz": 30.0, "slow_motion_factor": 8.0}
    content["view"] |= {
        "leg_px": 210.0, "yaw_deg": 4.0, "yaw_uncertainty_deg": 3.0, "look_down_deg": -2.0,
        "look_down_uncertainty_deg": 5.0,
    }  # fmt: skip
    content["measures"][0] |= {"band": BAND, "sd": 0.5}
    return content | {"findings": [FINDING], "plan": PLAN}


def test_every_value_of_a_take_is_where_it_belongs() -> None:
    took = take_from_text(json.dumps(full()), "here", label="first", taken_on=date(2026, 5, 1), trying="tall")
    assert (took.label, took.version, took.taken_on, took.trying) == ("first", "1.2", date(2026, 5, 1), "tall")
    assert took.pose == PoseModel(backend="blazepose", model="full", weights_sha256="0" * 64)
    assert (took.plane, took.near_side, took.setting, took.rate_hz) == ("side", "right", "treadmill", 240.0)
    assert (took.speed_mps, took.film_sha256) == (3.0, f"{90:064x}")
    assert took.standpoint == Standpoint(
        leg_px=210.0, yaw_deg=4.0, yaw_uncertainty_deg=3.0, look_down_deg=-2.0, look_down_uncertainty_deg=5.0
    )
    shank, speed = took.measures
    assert (shank.id, shank.side, shank.value, shank.sd, shank.n) == (SHANK, "both", 9.0, 0.5, 8)
    assert (shank.uncertainty, shank.unit, speed.band) == (1.0, "deg", None)
    assert shank.band == Band(
        low=-math.inf, high=7.0, at_speed_mps=3.0, source="who", edge_error=0.5, n=26, percentile=5.0,
        population="runners",
    )  # fmt: skip


def test_every_word_of_a_finding_and_a_plan_is_where_it_belongs() -> None:
    took = read(full())
    evidence = (Evidence(measure=SHANK, side="left", value=9.0, time_s=0.5),)
    cause = Cause(
        cause="overstride", verdict="cannot_tell", says="Because.", evidence=evidence, title="Overstride",
        root="bounce", why_open="other_view", settle="Film the side.",
    )  # fmt: skip
    assert took.findings == (
        Finding(
            problem="reaching", grade="flag", confidence=0.75, says="You reach.", evidence=evidence, causes=(cause,),
            cues=(Cue(id="sooner", says="Sooner.", mends="overstride"),), explained_by="bounce", title="Reaching",
            topic="landing",
        ),
    )  # fmt: skip
    assert took.plan == Plan(
        focus="reaching", cue="Sooner.", why="So.", practice="Twice.", film_again="In a week.",
        target=Target(measure=SHANK, side="left", start=9.0, goal=5.0, minimal_change=1.4, unit="deg"),
        expect=("a",), guard=("b",), later=("c",), title="Land closer", notice=("d",), comes_from=("e",),
    )  # fmt: skip


def test_what_is_missing_is_empty_or_unknown_and_never_a_number() -> None:
    content = full()
    absent = {"title": None, "notice": None, "comes_from": None, "target": None}
    content["plan"] = PLAN | absent
    bare = CAUSE | {"title": None, "settle": None, "root": None, "why_open": None}
    content["findings"] = [FINDING | {"title": None, "topic": None, "explained_by": None, "causes": [bare]}]
    content["measures"][0] |= {"sd": None, "uncertainty": None, "band": BAND | {"low": 1.0, "high": None}}
    content["view"] |= {"leg_px": None, "yaw_deg": None}
    took = read(content)
    assert took.plan is not None
    assert (took.plan.title, took.plan.notice, took.plan.comes_from, took.plan.target) == ("", (), (), None)
    (finding,) = took.findings
    assert (finding.title, finding.topic, finding.explained_by) == ("", "", None)
    assert (finding.causes[0].title, finding.causes[0].settle, finding.causes[0].root) == ("", "", None)
    measure = took.measures[0]
    assert math.isnan(measure.sd)
    assert math.isnan(measure.uncertainty)
    assert measure.band is not None
    assert (measure.band.low, measure.band.high) == (1.0, math.inf)
    assert math.isnan(took.standpoint.leg_px)
    assert math.isnan(took.standpoint.yaw_deg)
    assert took.standpoint.yaw_uncertainty_deg == 3.0
    content["plan"], content["measures"] = None, content["measures"][:1]
    took = read(content)
    assert (took.plan, took.speed_mps, took.taken_on, took.trying) == (None, None, None, "")


def test_speed_of_two_sides_is_their_mean() -> None:
    content = full()
    content["measures"].append(content["measures"][1] | {"value": 4.0, "side": "left"})
    assert read(content).speed_mps == 3.5


@pytest.mark.parametrize(
    ("place", "label"),
    [
        ("monday.midstance", "monday"),
        ("monday", "monday"),
        ("monday.midstance/analysis.json", "monday"),
        ("week.json", "week.json"),
    ],
)
def test_a_take_is_called_as_its_folder_or_file(tmp_path: Path, place: str, label: str) -> None:
    path = tmp_path / place
    file = path if path.suffix == ".json" else path / "analysis.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(full()), encoding="utf-8")
    assert read_take(path).label == label
    named = read_take(path, label="mine", taken_on=date(2026, 5, 1))
    assert (named.label, named.taken_on) == ("mine", date(2026, 5, 1))
    assert sources.is_results(path)
    assert sources.take_from(str(path), Options()).label == label


def test_what_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"analysis\.json"):
        read_take(tmp_path)
    file = tmp_path / "odd.json"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"odd\.json"):
        read_take(file)
    with pytest.raises(InputError, match="somewhere"):
        take_from_text("{}", "somewhere", label="first")


def test_a_clip_that_was_refused_says_why() -> None:
    content = {
        "schema": 1,
        "version": "1",
        "clip": full()["clip"],
        "refused": {"reason": "not_running", "says": "This is a walk."},
    }
    with pytest.raises(InputError, match=r"first.*This is a walk\."):
        read(content)


def test_takes_are_taken_as_they_are_and_only_results_are_read(tmp_path: Path) -> None:
    took = take("a", number(SHANK, 3.0, 1.0))
    assert sources.take_from(took, Options()) is took
    assert not sources.is_results(tmp_path)
    assert not sources.is_results(tmp_path / "run.mov")
    series = sources.compare(took, replace(took, label="b"), took)
    assert (series.takes, len(series.trends)) == (("a", "b", "a"), 1)
    with pytest.raises(UsageError):
        sources.compare(took)


def test_a_series_as_plain_data_calls_what_was_kept_held() -> None:
    aim = plan("reaching", SHANK, 15, 5)
    takes = [take(n, number(SHANK, v, 2.0), plan=aim) for n, v in zip("abc", (15.0, 1.0, 4.0), strict=True)]
    content = series_json(compare_series(takes), ["One.", "Two."])
    assert (content["schema"], content["says"], content["takes"]) == (1, ["One.", "Two."], ["a", "b", "c"])
    assert content["held"] == [
        {"problem": "reaching", "measure": SHANK, "side": "both", "since": "b", "held": False, "partly": True}
    ]
    assert series_json(compare_series(takes))["says"] == []


def test_a_take_of_an_analysis_in_memory_says_what_it_measured(tmp_path: Path) -> None:
    run = acted(tmp_path)
    view = replace(run.view, yaw_deg=4.0, yaw_uncertainty_deg=3.0, look_down_deg=-2.0, look_down_uncertainty_deg=5.0)
    clip = replace(run.clip, rate_hz=30.0, slow_motion_factor=8.0)
    run = replace(run, view=replace(view, speed_mps=3.2), clip=clip)
    took = take_from_analysis(run)
    assert (took.label, took.version, took.pose, took.rate_hz) == (clip.path.name, run.version, run.pose, 240.0)
    assert (took.plane, took.near_side, took.setting) == (view.plane, view.near_side, view.setting)
    assert (took.measures, took.findings, took.plan) == (run.measures, run.findings, run.plan)
    assert (took.speed_mps, took.film_sha256, took.taken_on, took.trying) == (3.2, clip.sha256, None, "")
    assert took.standpoint == Standpoint(
        leg_px=float(np.nanmedian(run.track.leg_px)), yaw_deg=4.0, yaw_uncertainty_deg=3.0, look_down_deg=-2.0,
        look_down_uncertainty_deg=5.0,
    )  # fmt: skip
    named = take_from_analysis(run, label="mine", taken_on=date(2026, 5, 1), trying="tall")
    assert (named.label, named.taken_on, named.trying) == ("mine", date(2026, 5, 1), "tall")
    assert take_from_analysis(replace(run, view=replace(view, speed_mps=math.nan))).speed_mps is None
    assert sources.take_from(run, Options()) == took
