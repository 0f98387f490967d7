"""Put together what the player draws over the film: points, contacts, angles and the numbers of a take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from midstance.kinematics.angles import angle_deg
from midstance.model import Analysis, ClipPoses, Floats
from midstance.render.plots import curves, stride_spans
from midstance.render.typical_legs import typical_legs
from midstance.render.viewport import whole_picture
from midstance.skeleton import KEYPOINTS, SEGMENTS_ONE_SIDE, SIDES
from midstance.store.corrections import ContactStep, Step
from midstance.text.report import describe

ANGLES = {"knee_flexion": "knee", "trunk_lean": "lean"}
"""Angles that are written beside the body, and what they are called there."""


def player_data(analysis: Analysis, found: ClipPoses, done: Sequence[Step]) -> dict[str, Any]:
    """Return everything the player needs, as plain data; all seconds are those of the film as it plays."""
    clip, track = analysis.clip, analysis.track
    slower = clip.slow_motion_factor
    report = describe(analysis)
    return {
        "width": clip.width,
        "height": clip.height,
        "turned": clip.turned_deg != 0,
        "time_s": _plain(clip.time_s - clip.time_s[0], 5),
        "slower": slower,
        "first": track.first_frame,
        "names": KEYPOINTS,
        "segments": SEGMENTS_ONE_SIDE,
        "near": analysis.near_leg,
        "sides": {"near": "Near side", "far": "Far side"}
        if track.near_side
        else {"near": "Left side", "far": "Right side"},
        "points": [_plain(row.ravel(), 1) for row in track.xy_px],
        "angles": {
            word: {side: _plain(angle_deg(track, name, side), 0) for side in SIDES} for name, word in ANGLES.items()
        }
        if track.plane == "side"
        else {},
        "typical": _typical(analysis),
        "m_per_px": _known(analysis.view.scale_m_per_px),
        "contacts": _contacts(analysis, done),
        "strides": [[start * slower, end * slower] for start, end in stride_spans(analysis, analysis.near_leg)],
        "person": track.person,
        "people": _people(found),
        "headline": report.headline,
        "cue": report.focus.cue if report.focus else "",
        "tiles": [{"name": tile.name, "number": tile.number, "unit": tile.unit} for tile in report.tiles],
        "rows": [{"name": row.name, "values": [_value(value) for value in row.values]} for row in report.rows],
        "warnings": report.warnings,
        "curves": [{"title": plot.title, "svg": plot.svg, "says": plot.says} for plot in curves(analysis)],
        "steps": [step.model_dump(mode="json") for step in done],
    }


def _typical(analysis: Analysis) -> list[list[list[float | None]]] | None:
    """Return the legs of a typical runner in every row, near then far, in pixels of the film; None where none fit."""
    legs = typical_legs(analysis, whole_picture(analysis.clip))
    return [[_plain(row.ravel(), 1) for row in leg] for leg in legs.values()] if legs else None


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _value(value: Any) -> dict[str, str]:
    return {"side": value.side, "text": value.text}


def _contacts(analysis: Analysis, done: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the contacts, and of each whether a person put it where it is."""
    slower = analysis.clip.slow_motion_factor
    ends = [
        end
        for step in done
        if isinstance(step, ContactStep)
        for end in (step.strike_s, step.toe_off_s)
        if end is not None
    ]
    found = []
    for contact in analysis.contacts:
        own = [contact.strike_s * slower, contact.toe_off_s * slower]
        by_hand = any(abs(end - mine) < 1e-3 for end in ends for mine in own)
        frames = {"strike_frame": contact.strike_frame, "toe_off_frame": contact.toe_off_frame}
        seconds = {"strike_s": round(own[0], 5), "toe_off_s": round(own[1], 5)}
        found.append({"side": contact.side, **seconds, **frames, "by_hand": by_hand})
    return found


def _people(found: ClipPoses) -> list[dict[str, Any]]:
    """Return everyone in the film: where they are in each frame, as edges of a box."""
    people = []
    for number, person in enumerate(found.poses.people):
        there = np.isfinite(person.xy[:, :, 0]).sum(axis=1) > 0
        low, high = np.full((len(there), 2), np.nan), np.full((len(there), 2), np.nan)
        low[there], high[there] = np.nanmin(person.xy[there], axis=1), np.nanmax(person.xy[there], axis=1)
        boxes = np.concatenate([low, high], axis=1)
        people.append({"number": number, "boxes": [_plain(box, 0) if np.isfinite(box[0]) else None for box in boxes]})
    return people


def _plain(values: Floats, digits: int) -> list[float | None]:
    """Return numbers with so many digits behind the point; None for what is unseen."""
    rounded = np.round(np.asarray(values, float), digits).tolist()
    return [None if value != value else value for value in rounded]  # noqa: PLR0124  (NaN is not itself)
