"""Make a Take from an Analysis, an analysis.json or a folder of results; write a SeriesComparison as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from midstance.comparison.model import SeriesComparison, Standpoint, Take
from midstance.errors import InputError
from midstance.formats import analysis_json, analysis_schema
from midstance.formats.text_file import checked_size
from midstance.model import (
    Analysis,
    Band,
    Cause,
    Cue,
    Drill,
    Evidence,
    Experiment,
    Finding,
    Measure,
    Plan,
    PoseModel,
    Remark,
    Target,
    Training,
)
from midstance.reasons import Reason

SERIES_SCHEMA = 1


def take_from_analysis(analysis: Analysis, *, label: str = "", taken_on: date | None = None, trying: str = "") -> Take:
    """Make the take of an analysis in memory; the label is the name of the film if none is given."""
    view = analysis.view
    return Take(
        label=label or analysis.clip.name,
        version=analysis.version,
        pose=analysis.pose,
        plane=view.plane,
        near_side=view.near_side,
        setting=view.setting,
        rate_hz=analysis.clip.rate_hz * analysis.clip.slow_motion_factor,
        speed_mps=view.speed_mps if math.isfinite(view.speed_mps) else None,
        measures=analysis.measures,
        findings=analysis.findings,
        plan=analysis.plan,
        remarks=analysis.remarks,
        taken_on=taken_on,
        trying=trying,
        film_sha256=analysis.clip.sha256,
        standpoint=Standpoint(
            leg_px=float(np.nanmedian(analysis.track.leg_px)),
            yaw_deg=view.yaw_deg,
            yaw_uncertainty_deg=view.yaw_uncertainty_deg,
            look_down_deg=view.look_down_deg,
            look_down_uncertainty_deg=view.look_down_uncertainty_deg,
        ),
    )


def takes_of_scenes(analysis: Analysis) -> list[Take]:
    """Make a take of every scene of a film that could be measured, in the order of the film."""
    scenes = {analysis.scene: analysis}
    scenes |= {outcome.number: outcome.analysis for outcome in analysis.other_scenes if outcome.analysis}
    name, film = analysis.clip.path.name, analysis.clip.sha256
    return [
        replace(take_from_analysis(scenes[number], label=f"{name}, scene {number}"), film_sha256=f"{film}, {number}")
        for number in sorted(scenes)
    ]


def read_take(path: Path, *, label: str = "", taken_on: date | None = None) -> Take:
    """Read the take of a folder of results or of an analysis.json.

    Raises InputError if it cannot be read, or if the clip was refused.
    """
    file = path / "analysis.json" if path.is_dir() else path
    try:
        text = checked_size(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(Reason("take_unreadable", file=str(file), fault=str(fault))) from None
    return take_from_text(text, str(file), label=label or _label(path), taken_on=taken_on)


def take_from_text(text: str, name: str, *, label: str, taken_on: date | None = None, trying: str = "") -> Take:
    """Make a take from the text of an analysis.json; `name` is for the error. Raises InputError."""
    content = analysis_json.read(text, name)
    if isinstance(content, analysis_schema.RefusalJson):
        raise InputError(Reason("take_not_judged", label=label, why=content.refused.says))
    speeds = [m.value for m in content.measures if m.id == "speed_mps"]
    return Take(
        label=label,
        version=content.version,
        pose=PoseModel(**content.pose.model_dump()),
        plane=content.view.plane,
        near_side=content.view.near_side,
        setting=content.view.setting,
        rate_hz=content.clip.rate_hz * content.clip.slow_motion_factor,
        speed_mps=sum(speeds) / len(speeds) if speeds else None,
        measures=tuple(map(_measure, content.measures)),
        findings=tuple(map(_finding, content.findings)),
        plan=_plan(content.plan) if content.plan else None,
        remarks=tuple(map(_remark, content.remarks)),
        taken_on=taken_on,
        trying=trying,
        film_sha256=content.clip.sha256,
        standpoint=_standpoint(content.view),
    )


def series_json(series: SeriesComparison, says: Sequence[str] = ()) -> dict[str, Any]:
    """Return the content of compare.json: the comparison, and the sentences that describe it (`says`)."""
    content: dict[str, Any] = TypeAdapter(SeriesComparison).dump_python(series, mode="json")
    gains = content.pop("gains")  # called "held" in schema 1
    held = [{("held" if key == "kept" else key): value for key, value in gain.items()} for gain in gains]
    return {"schema": SERIES_SCHEMA, "says": list(says), **content, "held": held}


def _label(path: Path) -> str:
    name = path.parent.name if path.name == "analysis.json" else path.name
    return name.removesuffix(".midstance")


def _standpoint(view: analysis_schema.ViewJson) -> Standpoint:
    known = {field.name: getattr(view, field.name) for field in fields(Standpoint)}
    return Standpoint(**{name: value for name, value in known.items() if value is not None})


def _measure(content: analysis_schema.MeasureJson) -> Measure:
    known = content.model_dump(exclude={"band", "higher_than_pct"})
    gaps = {name: math.nan for name in ("sd", "uncertainty") if known[name] is None}
    return Measure(**{**known, **gaps}, band=_band(content.band) if content.band else None)


def _band(content: analysis_schema.BandJson) -> Band:
    """Make a band; an open end is null in the file."""
    known = content.model_dump()
    low, high = known.pop("low"), known.pop("high")
    return Band(low=-math.inf if low is None else low, high=math.inf if high is None else high, **known)


def _finding(content: analysis_schema.FindingJson) -> Finding:
    return Finding(
        problem=content.problem,
        grade=content.grade,
        confidence=content.confidence,
        says=content.says,
        evidence=tuple(map(_evidence, content.evidence)),
        causes=tuple(
            Cause(
                cause=c.cause,
                verdict=c.verdict,
                says=c.says,
                evidence=tuple(map(_evidence, c.evidence)),
                title=c.title or "",
                root=c.root,
                why_open=c.why_open,
                settle=c.settle or "",
                experiment=Experiment(**c.experiment.model_dump()) if c.experiment else None,
            )
            for c in content.causes
        ),
        cues=tuple(Cue(id=cue.cue, says=cue.says, mends=cue.mends) for cue in content.cues),
        explained_by=content.explained_by,
        title=content.title or "",
        topic=content.topic or "",
    )


def _evidence(content: analysis_schema.EvidenceJson) -> Evidence:
    return Evidence(**content.model_dump())


def _remark(content: analysis_schema.RemarkJson) -> Remark:
    evidence = _evidence(content.evidence) if content.evidence else None
    return Remark(
        kind=content.kind, title=content.title, says=content.says, ordinary=content.ordinary, evidence=evidence
    )


def _plan(content: analysis_schema.PlanJson) -> Plan:
    target = Target(**content.target.model_dump()) if content.target else None
    known = content.model_dump(exclude={"target", "training"})
    lists = {name: tuple(known[name] or ()) for name in ("expect", "guard", "later", "notice", "comes_from")}
    training = _training(content.training) if content.training else None
    return Plan(**{**known, **lists, "title": content.title or ""}, target=target, training=training)


def _training(content: analysis_schema.TrainingJson) -> Training:
    drill = Drill(id=content.drill.id, title=content.drill.title, how=tuple(content.drill.how))
    known = content.model_dump(exclude={"drill", "steps", "next_cues"})
    return Training(**known, drill=drill, steps=tuple(content.steps), next_cues=tuple(content.next_cues))
