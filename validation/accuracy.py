"""Rendered clips and their truth in; every measure beside its truth, its interval and whether it held, out.

    python -m validation.accuracy [FOLDER ...] [--only START] [--clips] [--held-out] [--write]

Without folders: the shared clips and those of validation/render.py. The truth of a measure is read from the true
keypoints and contacts by the same registry, so the definitions are the same; but the bounce is that of the true centre
of mass, shoulders turn in space, and steps seen from the front or behind are timed by their true strikes.

--held-out  intervals of each runner from errors fitted without any clip of that body
--write     data/accuracy.toml from all of these clips, and from real runners on force plates (left_out.py)
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.gait.frontal_steps import spans_of_steps
from midstance.gait.scale import measure_scale
from midstance.measures import BY_ID, as_seen, camera_doubts
from midstance.measures.frontal import DRAWN
from midstance.measures.intervals import carried, leg_of, widening
from midstance.measures.run import Run
from midstance.measures.sides import ASYMMETRIES, unit_of_difference
from midstance.model import Contact, Floats, Measure, MeasureSide, Plane, Side, Track, View
from midstance.skeleton import HEAD, INDEX, KEYPOINTS, ONE_SIDE, SIDES
from midstance.uncertainty import Error, combined
from validation import left_out
from validation.calibrate import Compared, Strides, as_toml, calibrated, held_out
from validation.cases import Case, cases, rendered
from validation.force_plate import make_track
from validation.pairs import contacts_of, paired, with_true_times

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "accuracy.toml"
LETTER = dict(zip(SIDES, "LR", strict=True))
MADE_FROM = {definition.id: definition.made_from[0] for definition in ASYMMETRIES}
Told = dict[tuple[str, MeasureSide], float]
"""Values by id and side."""
ORDINARY_STRIDE_MS = 720.0
LEG_TOLD = {"near": "near", "far": "far", "turned": "front or rear"}


def compare(case: Case) -> list[Compared]:
    """Every measure found in a clip whose truth is known; the runner's height is given, the speed is not."""
    truth, track = truth_with_contacts_as_read(case), case.track
    subject = truth["people"][0]
    contacts = find_contacts(track, case.view)
    view = measure_scale(case.view, track, contacts, height_m=subject["height_m"])
    run = Run(track=track, contacts=contacts, view=view)
    measured = as_seen(run).measures
    doubts = camera_doubts(run, measured)
    wider = [replace(m, uncertainty=combined(m.uncertainty, doubts[m.id, m.side])) for m in measured]
    found = {(m.id, m.side): m for m in wider}
    true = true_measures(truth, contacts, view) | true_rhythm(subject, view, found.values())
    rows = []
    for (name, side), told in found.items():
        here: Side = run.near if side == "both" else side
        definition = BY_ID[name]
        if (name, side) in true:
            row = Compared(
                clip=case.name,
                body=subject["body"],
                leg=leg_of(run, here),
                rate_hz=track.rate_hz,
                found=told,
                true=true[name, side],
                strides=strides_behind(told, found),
                carried=combined(carried(definition, view, told.value) if definition.read else 0.0, doubts[name, side]),
                widened=widening(run, here) if definition.read else 1.0,
            )
            rows.append(row)
    return rows


def contacts_late_s(case: Case) -> tuple[float, float]:
    """How much later than stated the rule of contacts reads strike and toe-off on the exact points: film medians.

    0 where the stated moments are right, and from the front or behind, where no contact is read.
    """
    if case.stated_strike_is_right or case.truth["view"] in {"front", "rear"}:
        return 0.0, 0.0
    stated = case.truth["people"][0]["contact_intervals_s"]
    late = [
        (contact.strike_s - strike, contact.toe_off_s - toe_off)
        for contact in find_contacts(true_track(case.truth), case.view)
        for strike, toe_off in stated[LETTER[contact.side]]
        if strike < (contact.strike_s + contact.toe_off_s) / 2 < toe_off
    ]
    strike_s, toe_off_s = np.median(late, axis=0) if late else (0.0, 0.0)
    return float(strike_s), float(toe_off_s)


def truth_with_contacts_as_read(case: Case) -> dict[str, Any]:
    """Return the truth with its contacts moved to where the rule reads them on the exact points."""
    truth = copy.deepcopy(case.truth)
    late_s = contacts_late_s(case)
    for pairs in truth["people"][0]["contact_intervals_s"].values():
        pairs[:] = [[moment + late for moment, late in zip(pair, late_s, strict=True)] for pair in pairs]
    return truth


def strides_behind(told: Measure, found: Mapping[tuple[str, MeasureSide], Measure]) -> tuple[Strides, ...]:
    """The values that were averaged; those of both sides for a difference."""
    if told.id not in MADE_FROM:
        return (Strides(told.id, _values(told)),) if told.samples else ()
    left, right = found[MADE_FROM[told.id], "left"], found[MADE_FROM[told.id], "right"]
    return tuple(Strides(m.id, _values(m), unit_of_difference(left, right)) for m in (left, right))


def _values(told: Measure) -> Floats:
    return np.array([sample.value for sample in told.samples])


def compared(chosen: Iterable[Case]) -> list[Compared]:
    """The same for many clips; those that are refused are left out."""
    rows = []
    for case in chosen:
        try:
            rows += compare(case)
        except Refused:
            continue
    return rows


def true_measures(truth: dict[str, Any], found: tuple[Contact, ...], view: View) -> Told:
    """Truth by id and side, over the contacts that were found."""
    subject = truth["people"][0]
    track = true_track(truth)
    contacts = true_contacts(subject, found)
    exact = replace(
        view,
        scale_m_per_leg=subject["leg_length_m"],
        scale_uncertainty=0.0,
        speed_mps=subject["speed_mps"],
        speed_uncertainty_mps=0.0,
    )
    run = Run(track=track, contacts=contacts, view=exact)
    told: Told = {(m.id, m.side): m.value for m in as_seen(run).measures}
    if view.plane != "side":
        told |= true_frontal(run)
        told["shoulder_rotation_deg", "both"] = true_shoulder_turn_deg(truth, track)
    elif len(contacts) > 1:
        rise = true_bounce_m(truth, contacts)
        told["vertical_oscillation_cm", "both"] = 100 * rise
        told["vertical_oscillation_leg", "both"] = rise / subject["leg_length_m"]
        step_m = subject["speed_mps"] * subject["summary"]["step_time"]
        told["vertical_ratio_pct", "both"] = 100 * rise / step_m
        told["speed_mps", "both"] = subject["speed_mps"]
        told["cadence_spm", "both"] = subject["summary"]["cadence_spm"]
    return told


def true_frontal(run: Run) -> Told:
    """What is set right where a pose model draws it, read as it is from true points."""
    told: Told = {}
    for name in ("wrist_crossing", "elbow_out", "trunk_sway_deg"):
        by_side = {side: [sample.value for sample in DRAWN[name](run, side)] for side in SIDES}
        told |= {(name, side): float(np.mean(values)) for side, values in by_side.items() if values}
        told[name, "both"] = float(np.mean([value for values in by_side.values() for value in values]))
    return told


def true_shoulder_turn_deg(truth: dict[str, Any], track: Track) -> float:
    """Largest minus smallest turn of the line of the shoulders about the vertical, mean over strides."""
    subject = truth["people"][0]
    left, right = (
        np.array(subject["keypoints_m"])[:, subject["keypoint_names"].index(f"shoulder{letter}")] for letter in "LR"
    )
    turn = np.degrees(np.arctan2((left - right)[:, 0], (left - right)[:, 1]))
    strides = [(start, stop) for _, start, stop in spans_of_steps(track, count=2)]
    return float(np.mean([np.ptp(turn[(track.time_s >= a) & (track.time_s < b)]) for a, b in strides]))


def true_rhythm(subject: dict[str, Any], view: View, found: Iterable[Measure]) -> Told:
    """Front or rear view: times between the true strikes of the steps that were found, and the cadence."""
    if view.plane == "side":
        return {}
    strikes = sorted((strike, letter) for letter in "LR" for strike, _ in subject["contact_intervals_s"][letter])
    middles = np.sort([np.mean(pair) for letter in "LR" for pair in subject["contact_intervals_s"][letter]])
    told: Told = {}
    for m in found:
        count = {"step_time_ms": 1, "stride_time_ms": 2, "cadence_spm": 2}.get(m.id)
        if count:
            first = [int(np.abs(middles - sample.time_s).argmin()) for sample in m.samples]
            times = np.array([strikes[k + count][0] - strikes[k][0] for k in first if k + count < len(strikes)])
            told[m.id, m.side] = float(np.mean(120 / times if m.id == "cadence_spm" else 1000 * times))
    left, right = told.get(("step_time_ms", "left"), np.nan), told.get(("step_time_ms", "right"), np.nan)
    told["asymmetry_step_time_pct", "both"] = 200 * (left - right) / (left + right)
    return told


def true_track(truth: dict[str, Any]) -> Track:
    """The true keypoints as a Track, in true leg lengths: sagittal plane, or across for a front or rear view."""
    subject = truth["people"][0]
    points = np.array(subject["keypoints_m"])
    across = truth["view"] in {"front", "rear"}
    forward = points[..., 1] if across else points[..., 0]
    xy = np.full((len(points), len(KEYPOINTS), 2), np.nan)
    for name, index in truth_names(subject["keypoint_names"]).items():
        xy[:, INDEX[name]] = np.stack([forward[:, index], points[:, index, 2]], axis=-1)
    near = "right" if truth["visible_side"] == "R" else "left"
    track = make_track(np.array(truth["frame_times_s"]), xy, side=near)
    stride_hz = subject["summary"]["cadence_spm"] / 120
    plane: Plane = truth["view"] if across else "side"
    return replace(track, xy=xy / subject["leg_length_m"], stride_hz=stride_hz, plane=plane)


def truth_names(names: list[str]) -> dict[str, int]:
    """Our keypoint names and their place in the truth."""
    ours = dict(zip(HEAD, ("nose", "earL", "earR"), strict=True))
    ours |= {f"{side}_{point}": f"{point}{LETTER[side]}" for side in SIDES for point in ONE_SIDE}
    return {name: names.index(theirs) for name, theirs in ours.items()}


def true_contacts(subject: dict[str, Any], found: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """The true contacts during which one was found."""
    return with_true_times(paired(found, contacts_of(subject)))


def true_bounce_m(truth: dict[str, Any], contacts: tuple[Contact, ...]) -> float:
    """Mean rise and fall of the true centre of mass from one strike to the next."""
    subject = truth["people"][0]
    height = np.array(subject["keypoints_m"])[:, subject["keypoint_names"].index("com"), 2]
    time_s = np.array(truth["frame_times_s"])
    fine = np.arange(time_s[0], time_s[-1], 0.001)
    curve = np.interp(fine, time_s, height)
    rises = [np.ptp(curve[(fine >= a.strike_s) & (fine <= b.strike_s)]) for a, b in pairwise(contacts)]
    return float(np.median(rises))


def table(rows: Sequence[Compared]) -> Iterator[str]:
    """One line for each measure and leg: n, bias, RMSE, mean half width, share of intervals that held the truth."""
    return _table(rows, [row.found.uncertainty for row in rows])


def table_held_out(rows: Sequence[Compared]) -> Iterator[str]:
    """The same with intervals that no clip of the same body had a part in."""
    found = held_out(rows)
    return _table([row for row, _ in found], [width for _, width in found])


def _table(rows: Sequence[Compared], widths: Sequence[float]) -> Iterator[str]:
    yield "| measure | leg | n | bias | RMSE | half width | held |"
    yield "|---|---|---|---|---|---|---|"
    errors, half = np.array([row.error for row in rows]), np.array(widths)
    held = np.abs(errors) <= half
    kinds = [(row.found.id, row.leg) for row in rows]
    for kind in dict.fromkeys(kinds):
        mine = np.array([other == kind for other in kinds])
        side = next(row.found.side for row in rows if (row.found.id, row.leg) == kind)
        leg = "both" if kind[1] == "near" and side == "both" else LEG_TOLD[kind[1]]
        rmse = np.sqrt(np.mean(errors[mine] ** 2))
        yield (
            f"| {kind[0]} | {leg} | {mine.sum()} | {errors[mine].mean():+.3g} | {rmse:.3g} | "
            f"{np.median(half[mine]):.3g} | {100 * held[mine].mean():.0f} % |"
        )
    yield f"| all | | {len(rows)} | | | | {100 * held.mean():.0f} % |"


def lines(rows: Iterable[Compared]) -> Iterator[str]:
    """One line for every measure of every clip."""
    for row in rows:
        yield (
            f"{row.clip:28s} {row.found.id:40s} {row.found.side:5s} {row.found.value:9.3f} true {row.true:9.3f} "
            f"error {row.error:+8.3f} +- {row.found.uncertainty:7.3f} {'held' if row.held else 'MISSED'}"
        )


def as_real_runners(errors: Mapping[str, Error], contact_sd_ms: float) -> dict[str, Error]:
    """The errors with those of the times on the ground and in the air no smaller than on real runners."""
    real = dict.fromkeys(("contact_time_ms", "flight_time_ms"), contact_sd_ms)
    real["duty_factor"] = contact_sd_ms / ORDINARY_STRIDE_MS
    return dict(errors) | {
        name: replace(errors[name], near=max(errors[name].near, least), far=max(errors[name].far, least))
        for name, least in real.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--only", default="", help="clips whose name starts so")
    parser.add_argument("--clips", action="store_true", help="every measure of every clip")
    parser.add_argument("--held-out", action="store_true", help="intervals without the runner's own clips")
    parser.add_argument("--write", action="store_true", help="write data/accuracy.toml")
    options = parser.parse_args()
    chosen = cases(*options.folders) if options.folders else cases() + rendered()
    rows = compared(case for case in chosen if case.name.startswith(options.only))
    told = (lines(rows) if options.clips else []), (table_held_out if options.held_out else table)(rows)
    for line in chain.from_iterable(told):
        print(line)
    if options.write:
        seen = [row for row in rows if not row.clip.startswith("new_")]  # those are in no fit: new_runners.py
        errors = as_real_runners(calibrated(seen), left_out.contact_sd_ms(left_out.read()))
        OUT.write_text(as_toml(errors), encoding="utf-8")


if __name__ == "__main__":
    main()
