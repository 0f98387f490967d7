"""Say how to practise a focus: steps in order, a drill for its cause, what good feels like (data/practice.toml)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from midstance import data
from midstance.model import Drill, DrillPose, Finding, LegPose, Measure, Training


def training_for(focus: Finding, measures: Iterable[Measure]) -> Training | None:
    """Return how to practise a finding; None for a problem that data/practice.toml does not have, as a coach's own."""
    row = data.table("practice")["problems"].get(focus.problem)
    if row is None:
        return None
    words = tuple(dict.fromkeys(cue.says for cue in focus.cues))
    return Training(
        steps=tuple(row["steps"]),
        drill=drill(_drill_of(focus, row)),
        feels=row["feels"],
        mistake=row["mistake"],
        load=data.table("practice")["load"] if row.get("load") else "",
        without_cue=data.table("practice")["without_cue"],
        check=data.table("practice")["check"],
        next_cues=words[1:],
        beat_spm=_beat_spm(row.get("beat"), measures),
    )


def _drill_of(focus: Finding, row: Mapping[str, Any]) -> str:
    """Return the drill of the best supported cause that has its own, or that of the sign."""
    supported = (cause.cause for cause in focus.causes if cause.verdict == "supported")
    found: str = next((row["causes"][cause] for cause in supported if cause in row["causes"]), row["drill"])
    return found


@cache
def drill(name: str) -> Drill:
    """Return a drill by its id. Raises KeyError."""
    row = data.table("practice")["drills"][name]
    return Drill(id=name, title=row["title"], how=tuple(row["how"]), poses=tuple(map(_pose, row["poses"])))


def _pose(row: Mapping[str, Any]) -> DrillPose:
    return DrillPose(
        says=row["says"],
        trunk=row["trunk"],
        near=LegPose(**row["near"]),
        far=LegPose(**row["far"]),
        near_arm=row["arms"]["near"],
        far_arm=row["arms"]["far"],
        elbow=row["arms"]["elbow"],
        lift=row.get("lift", 0.0),
    )


def _beat_spm(quicker: float | None, measures: Iterable[Measure]) -> float | None:
    """Return the steps a minute to run to; None where they would be more than is ordinary at this speed."""
    cadence = next((m for m in measures if m.id == "cadence_spm"), None)
    if quicker is None or cadence is None or not math.isfinite(cadence.value):
        return None
    steps = float(round(quicker * cadence.value))
    return None if cadence.band and steps > cadence.band.high else steps
