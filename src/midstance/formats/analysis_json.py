"""Write an analysis as analysis.json, and read it back."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from midstance import model as nouns
from midstance.errors import InputError, Refused
from midstance.formats.analysis_schema import AnalysisJson, PlanJson, RefusalJson
from midstance.reasons import Reason, say

UNJUDGED = frozenset({"scales_unsure", "speed_changes"})
"""Reasons for which no range and no rule fits what is seen (coaching/unjudged.py)."""


def plain(analysis: nouns.Analysis) -> dict[str, Any]:
    """Return an analysis as the dictionary that analysis.json holds; NaN becomes null."""
    content = {
        "schema": 1,
        "version": analysis.version,
        "clip": _clip(analysis.clip),
        "pose": asdict(analysis.pose),
        "view": _view(analysis),
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
        "unjudged": _unjudged(analysis),
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


def _unjudged(analysis: nouns.Analysis) -> str | None:
    """Return why no rule was asked of a run that was measured; None if they were."""
    reasons = (gap.reason for gap in analysis.not_assessed)
    return next((say(reason, "page") for reason in reasons if reason.id in UNJUDGED), None)


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


def _view(analysis: nouns.Analysis) -> dict[str, Any]:
    view = analysis.view
    return {
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


def is_sound(content: object) -> bool:
    """Return whether plain data is an analysis.json, or that of a refusal."""
    kind = RefusalJson if isinstance(content, dict) and "refused" in content else AnalysisJson
    try:
        kind.model_validate(content)
    except ValidationError:
        return False
    return True


def is_sound_plan(content: object) -> bool:
    """Return whether plain data is the plan of an analysis.json."""
    try:
        PlanJson.model_validate(content)
    except ValidationError:
        return False
    return True


def unreadable(version: object) -> dict[str, Any]:
    """Return a refusal in place of an analysis that cannot be read any more; it says what to do."""
    nothing = nouns.Clip(
        path=Path("film"), sha256="", width=0, height=0, time_s=np.empty(0), rate_hz=0.0, variable_rate=False,
        rotation_deg=0,
    )  # fmt: skip
    return plain_refusal(str(version), nothing, Refused("no_person", Reason("analysis_damaged")))


def read(text: str, name: str) -> AnalysisJson | RefusalJson:
    """Read an analysis.json back and check it. Raises InputError, which says `name` and the first faults."""
    kind = RefusalJson if '"refused"' in text else AnalysisJson
    try:
        return kind.model_validate_json(text)
    except ValidationError as fault:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in fault.errors()[:4])
        raise InputError(Reason("not_analysis_json", name=name, faults=places)) from None
