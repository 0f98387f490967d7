"""Write an analysis as analysis.json and track.csv, and read it back: the contract with everyone outside, schema 1."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from midstance import model as nouns
from midstance.errors import InputError, Refused
from midstance.reasons import Reason, say
from midstance.skeleton import KEYPOINTS


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _is_first(film: int) -> bool:
    return film == 0


def _is_none(value: object) -> bool:
    return value is None


def _is_empty(films: list[Any]) -> bool:
    return not films


class ClipJson(_Plain):
    """The film, as it was found."""

    path: str
    sha256: str
    width: int
    height: int
    frames: int
    duration_s: float
    rate_hz: float
    variable_rate: bool
    rotation_deg: int
    slow_motion_factor: float


class PoseJson(_Plain):
    """The pose model that looked."""

    backend: str
    model: str
    weights_sha256: str


class ViewJson(_Plain):
    """What the clip shows; the scale is null when none is known."""

    plane: nouns.Plane
    near_side: nouns.Side | None
    direction: Literal["left", "right", "towards", "away"]
    setting: nouns.Setting
    camera: Literal["fixed", "panning"]
    scale_m_per_px: float | None
    scale_source: nouns.ScaleSource
    acceleration_mps2: float | None = None
    leg_px: float | None = None
    tilt_deg: float | None = None
    tilt_uncertainty_deg: float | None = None
    yaw_deg: float | None = None
    yaw_uncertainty_deg: float | None = None
    look_down_deg: float | None = None
    look_down_uncertainty_deg: float | None = None
    notes: list[str]
    contradiction: str | None = None


class ContactJson(_Plain):
    """One foot on the ground; a frame is the nearest of the clip."""

    side: nouns.Side
    strike_s: float
    toe_off_s: float
    uncertainty_s: float
    strike_frame: int
    toe_off_frame: int


class BandJson(_Plain):
    """What is ordinary at this speed; an end that is open is null."""

    low: float | None
    high: float | None
    at_speed_mps: float | None
    source: str
    edge_error: float = 0.0
    n: int | None = None
    percentile: float | None = None
    population: str = ""
    usual: float | None = None
    people: str = ""
    measured_mps: tuple[float, float] | None = None


class MeasureJson(_Plain):
    """One number; uncertainty is half the width of its 95 % interval, sd is null for a single step.

    higher_than_pct is the share of the people measured at this speed who read less, null where nobody was.
    film is left out where it is 0, the film of this file; 1 is the first of other_films.
    """

    id: str
    side: nouns.MeasureSide
    value: float
    sd: float | None
    n: int
    uncertainty: float | None
    unit: str
    band: BandJson | None
    higher_than_pct: float | None = None
    film: int = Field(0, ge=0, exclude_if=_is_first)


class NotAssessedJson(_Plain):
    """What this clip cannot show, and why."""

    id: str
    reason: str
    topic: str | None = None


class EvidenceJson(_Plain):
    """The number behind a statement and the moment that shows it; film as in MeasureJson."""

    measure: str
    side: nouns.MeasureSide
    value: float
    time_s: float | None
    film: int = Field(0, ge=0, exclude_if=_is_first)


class ExperimentJson(_Plain):
    """What to try, and by how much (by) which number then moves: way 1 up, -1 down, 0 towards zero; done shows it."""

    do: str
    then: str
    measure: str
    way: Literal[-1, 0, 1]
    by: float
    done: str = ""
    done_way: Literal[-1, 0, 1] = 0


class CauseJson(_Plain):
    """A possible cause after its test in the same clip."""

    cause: str
    verdict: nouns.Verdict
    says: str
    evidence: list[EvidenceJson]
    title: str | None = None
    root: str | None = None
    why_open: nouns.WhyOpen | None = None
    settle: str | None = None
    experiment: ExperimentJson | None = Field(None, exclude_if=_is_none)


class CueJson(_Plain):
    """What to think of, and the cause it mends."""

    cue: str
    says: str
    mends: str


class FindingJson(_Plain):
    """A problem, its causes ranked, its cues; explained_by names the problem that is its root."""

    problem: str
    grade: nouns.Grade
    confidence: float = Field(ge=0, le=1)
    says: str
    evidence: list[EvidenceJson]
    causes: list[CauseJson]
    cues: list[CueJson]
    explained_by: str | None = None
    title: str | None = None
    topic: str | None = None


class RemarkJson(_Plain):
    """What is good, or what lies at an edge of what is ordinary; nothing to change."""

    kind: Literal["good", "edge"]
    title: str
    says: str
    ordinary: str = ""
    evidence: EvidenceJson | None


class TargetJson(BaseModel):
    """The number that should move, from where to where, and the least change this camera can see."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    measure: str
    side: nouns.MeasureSide
    start: float = Field(alias="from")
    goal: float = Field(alias="to")
    minimal_change: float
    unit: str


class DrillJson(_Plain):
    """Something to try standing or jogging that shows what the cue means; drawn on the page by its id."""

    id: str
    title: str
    how: list[str]


class TrainingJson(_Plain):
    """How to practise the focus: steps in order, the drill of its cause, other words for the same aim."""

    steps: list[str]
    drill: DrillJson
    feels: str
    mistake: str
    load: str
    without_cue: str
    check: str
    next_cues: list[str] = []
    beat_spm: float | None = None


class PlanJson(_Plain):
    """One thing at a time."""

    focus: str
    cue: str
    why: str
    target: TargetJson | None
    practice: str
    expect: list[str]
    guard: list[str]
    film_again: str
    later: list[str]
    title: str | None = None
    notice: list[str] | None = None
    comes_from: list[str] | None = None
    grade: nouns.Grade = "flag"
    training: TrainingJson | None = Field(None, exclude_if=_is_none)


class SceneJson(_Plain):
    """What came of another scene of the film (`--scene` measures it); why_not is null where it can be measured."""

    number: int
    start_s: float
    stop_s: float
    plane: nouns.Plane | None
    cadence_spm: float | None
    focus: str | None
    title: str | None
    why_not: str | None


class AnalysisJson(_Plain):
    """analysis.json, schema 1.

    other_films is there only where several films of one run were judged together: each as it was judged alone.
    """

    schema_: Literal[1] = Field(1, alias="schema")
    version: str
    clip: ClipJson
    pose: PoseJson
    view: ViewJson
    contacts: list[ContactJson]
    measures: list[MeasureJson]
    not_assessed: list[NotAssessedJson]
    findings: list[FindingJson]
    plan: PlanJson | None
    remarks: list[RemarkJson] = []
    warnings: list[str]
    scene: int = 1
    other_scenes: list[SceneJson] = []
    other_films: list[AnalysisJson] = Field([], exclude_if=_is_empty)


class RefusedJson(_Plain):
    """Why a clip was not judged."""

    reason: Literal["no_person", "not_running", "too_few_steps", "body_not_in_view", "view_not_supported"]
    says: str


class RefusalJson(_Plain):
    """analysis.json of a clip that was read but must not be measured."""

    schema_: Literal[1] = Field(1, alias="schema")
    version: str
    clip: ClipJson
    refused: RefusedJson


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of analysis.json: an analysis or a refusal."""
    from pydantic import TypeAdapter  # noqa: PLC0415

    either: TypeAdapter[AnalysisJson | RefusalJson] = TypeAdapter(AnalysisJson | RefusalJson)
    return {"title": "midstance analysis.json, schema 1", **either.json_schema(by_alias=True)}


# -- out ---------------------------------------------------------------------------------------------------------


def plain(analysis: nouns.Analysis) -> dict[str, Any]:
    """Return an analysis as the dictionary that analysis.json holds; NaN becomes null."""
    view, clip = analysis.view, analysis.clip
    content = {
        "schema": 1,
        "version": analysis.version,
        "clip": _clip(clip),
        "pose": asdict(analysis.pose),
        "view": {
            "plane": view.plane,
            "near_side": view.near_side,
            "direction": _direction(view),
            "setting": view.setting,
            "camera": view.camera,
            "scale_m_per_px": view.scale_m_per_px,
            "scale_source": view.scale_source,
            "acceleration_mps2": view.acceleration_mps2,
            "leg_px": float(np.nanmedian(analysis.track.leg_px)),
            "tilt_deg": view.tilt_deg,
            "tilt_uncertainty_deg": view.tilt_uncertainty_deg,
            "yaw_deg": view.yaw_deg,
            "yaw_uncertainty_deg": view.yaw_uncertainty_deg,
            "look_down_deg": view.look_down_deg,
            "look_down_uncertainty_deg": view.look_down_uncertainty_deg,
            "notes": [say(note, "page") for note in view.notes],
            "contradiction": say(view.contradiction, "page") if view.contradiction else None,
        },
        "contacts": [asdict(contact) for contact in analysis.contacts],
        "measures": [
            _without(asdict(measure), "samples") | {"higher_than_pct": measure.higher_than_pct}
            for measure in analysis.measures
        ],
        "not_assessed": [
            {"id": gap.id, "reason": say(gap.reason, "page"), "topic": gap.topic or None}
            for gap in analysis.not_assessed
        ],
        "findings": [_finding(finding) for finding in analysis.findings],
        "plan": _plan(analysis.plan) if analysis.plan else None,
        "remarks": [asdict(remark) for remark in analysis.remarks],
        "warnings": [say(warning, "page") for warning in analysis.warnings],
        "scene": analysis.scene,
        "other_scenes": [_scene(outcome) for outcome in analysis.other_scenes],
        "other_films": [plain(film) for film in analysis.others],
    }
    return AnalysisJson.model_validate(_tidy(content)).model_dump(mode="json", by_alias=True)


def plain_refusal(version: str, clip: nouns.Clip, refused: Refused) -> dict[str, Any]:
    """Return a refusal as the dictionary that analysis.json holds."""
    content = {
        "schema": 1,
        "version": version,
        "clip": _clip(clip),
        "refused": {"reason": refused.reason, "says": refused.say("page")},
    }
    return RefusalJson.model_validate(_tidy(content)).model_dump(mode="json", by_alias=True)


def track_csv(track: nouns.Track, clip: nouns.Clip) -> str:
    """Return track.csv: a row per frame of the clip, pixels of the upright picture after repair; empty = unseen."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    parts = ("x_px", "y_px", "confidence")
    rows.writerow(["frame", "time_s", *(f"{name}_{part}" for name in KEYPOINTS for part in parts)])
    for frame, shown_s in enumerate(clip.time_s / clip.slow_motion_factor):
        row = frame - track.first_frame
        inside = 0 <= row < len(track.time_s)
        points = _points(track, row) if inside else [""] * (3 * len(KEYPOINTS))
        rows.writerow([frame, f"{shown_s:.5f}", *points])
    return table.getvalue()


def _points(track: nouns.Track, row: int) -> Iterable[str]:
    for (x, y), confidence in zip(track.xy_px[row], track.confidence[row], strict=True):
        if np.isfinite(x):
            yield from (f"{x:.2f}", f"{y:.2f}", f"{confidence:.3f}")
        else:
            yield from ("", "", "")


def _scene(outcome: nouns.SceneOutcome) -> dict[str, Any]:
    judged = outcome.analysis
    plan = judged.plan if judged else None
    return {
        "number": outcome.number,
        "start_s": outcome.start_s,
        "stop_s": outcome.stop_s,
        "plane": judged.view.plane if judged else None,
        "cadence_spm": 120 * judged.track.stride_hz if judged else None,
        "focus": plan.focus if plan else None,
        "title": plan.title if plan else None,
        "why_not": say(outcome.why_not, "page") if outcome.why_not else None,
    }


def _clip(clip: nouns.Clip) -> dict[str, Any]:
    return {
        "path": clip.called or str(clip.path),
        "sha256": clip.sha256,
        "width": clip.width,
        "height": clip.height,
        "frames": clip.frames,
        "duration_s": clip.duration_s,
        "rate_hz": clip.rate_hz,
        "variable_rate": clip.variable_rate,
        "rotation_deg": clip.rotation_deg,
        "slow_motion_factor": clip.slow_motion_factor,
    }


def _direction(view: nouns.View) -> str:
    if view.plane == "side":
        return "right" if view.direction > 0 else "left"
    return "towards" if view.plane == "front" else "away"


def _finding(finding: nouns.Finding) -> dict[str, Any]:
    content = _without(asdict(finding), "severity", "causes", "cues")
    content["causes"] = [_without(asdict(cause), "support") for cause in finding.causes]
    content["cues"] = [{"cue": cue.id, "says": cue.says, "mends": cue.mends} for cue in finding.cues]
    return content


def _plan(plan: nouns.Plan) -> dict[str, Any]:
    content = asdict(plan)
    if plan.target:
        target = asdict(plan.target)
        content["target"] = {"from": target.pop("start"), "to": target.pop("goal"), **target}
    if plan.training:
        content["training"]["drill"] = _without(asdict(plan.training.drill), "poses")
    return content


def _without(content: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in names}


def _tidy(value: Any) -> Any:
    """Return plain data: at most six digits behind the point, NaN as None, tuples as lists."""
    if isinstance(value, dict):
        return {str(key): _tidy(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_tidy(inner) for inner in value]
    if isinstance(value, float | np.floating):
        return round(float(value), 6) if math.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value


# -- back --------------------------------------------------------------------------------------------------------


def read(text: str, name: str) -> AnalysisJson | RefusalJson:
    """Read an analysis.json back and check it. Raises InputError, which says `name` and the first faults."""
    kind = RefusalJson if '"refused"' in text else AnalysisJson
    try:
        return kind.model_validate_json(text)
    except ValidationError as fault:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in fault.errors()[:4])
        raise InputError(Reason("not_analysis_json", name=name, faults=places)) from None
