"""Real clips whose outcome is known: who must be refused and why, who must be measured and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from midstance.analyze import analyze
from midstance.errors import Refused
from midstance.model import Analysis


@dataclass(frozen=True, slots=True)
class Expected:
    """What clips/README.md of the shared clips says of one film; None means: not asked."""

    clip: str
    refused: str | None = None
    or_refused: str | None = None
    plane: str | None = None
    direction: int | None = None
    setting: str | None = None
    cadence_spm: tuple[float, float] | None = None


EXPECTED = (
    Expected("zzzhushi_male_side", plane="side", direction=-1, setting="treadmill", cadence_spm=(168.9, 1.5)),
    Expected("sports2d_demo3", or_refused="too_few_steps", plane="side", direction=1, setting="over_ground"),
    Expected("hato_a2", plane="side", direction=-1, setting="over_ground"),
    Expected("hato_b1", plane="side", direction=1, setting="over_ground"),
    Expected("hato_b12", or_refused="too_few_steps", plane="side", direction=1, setting="over_ground"),
    Expected("sinan_runner", plane="rear"),
    Expected("sports2d_demo", refused="not_running"),
    Expected("sports2d_demo4", refused="not_running"),
    Expected("p2s_single_cam01", refused="not_running"),
    Expected("intel_car", refused="no_person"),
)


def table(shared: Path) -> list[str]:
    """One row a clip: what was expected, what came, whether they agree."""
    rows = ["| clip | expected | found | agrees |", "|---|---|---|---|"]
    for expected in EXPECTED:
        path = shared / "clips" / "real" / f"{expected.clip}.mp4"
        if not path.exists():
            continue
        try:
            found, well = _judge(expected, analyze(path))
        except Refused as refused:
            found = f"refused: {refused.reason} ({refused.say()})"
            well = refused.reason in (expected.refused, expected.or_refused)
        rows.append(f"| {expected.clip} | {_wish(expected)} | {found} | {'yes' if well else '**no**'} |")
    return rows


def _judge(expected: Expected, analysis: Analysis) -> tuple[str, bool]:
    view = analysis.view
    cadence = next((m for m in analysis.measures if m.id == "cadence_spm"), None)
    side_only = [m.id for m in analysis.measures if m.id.startswith("thigh_")]
    found = f"{view.plane}, {_way(view.direction)}, {view.setting}"
    found += f", {cadence.value:.1f} ± {cadence.uncertainty:.1f} spm" if cadence else ", no cadence"
    well = (
        expected.refused is None
        and expected.plane in (None, view.plane)
        and expected.direction in (None, view.direction)
        and expected.setting in (None, view.setting)
        and (view.plane == "side" or not side_only)
    )
    if expected.cadence_spm:
        wish, tolerance = expected.cadence_spm
        well = well and cadence is not None and abs(cadence.value - wish) <= tolerance
    return found, well


def _wish(expected: Expected) -> str:
    parts = [f"refused: {expected.refused}"] if expected.refused else []
    parts += [expected.plane] if expected.plane else []
    parts += [_way(expected.direction)] if expected.direction else []
    parts += [expected.setting] if expected.setting else []
    parts += ["{} ± {} spm".format(*expected.cadence_spm)] if expected.cadence_spm else []
    parts += [f"or refused: {expected.or_refused}"] if expected.or_refused else []
    return ", ".join(parts)


def _way(direction: int) -> str:
    return {1: "runs right", -1: "runs left", 0: "to or from the camera"}[direction]
