"""Say a measure and what is ordinary for it in one sentence: the same words wherever that number counts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from midstance.coaching.bands import Reference
from midstance.coaching.rules.facts import Facts, Reading
from midstance.coaching.rules.words import SEEN_PREFIX, USUAL, is_sentence, numbers_in
from midstance.measures import BY_ID
from midstance.model import Band, Evidence, MeasureSide, Target


@dataclass(frozen=True, slots=True)
class Seen:
    """How a measure is said to the runner, without the full stop.

    above   from 0 upward; {value:...} is the number without its sign, {side} "left " or "right " where it has one
    below   below 0, where that reads otherwise; empty = as above
    way     added to the ordinary range where the value is below 0 and the range is not: "1 to 11 forward"
    shown   format of the ordinary range
    """

    above: str
    below: str = ""
    way: str = ""
    shown: str = ".0f"


SEEN = {
    "cadence_spm": Seen("You take {value:.0f} steps a minute"),
    "contact_time_ms": Seen("Your foot stays on the ground for {value:.0f} ms"),
    "flight_time_ms": Seen("You spend {value:.0f} ms in the air between steps"),
    "duty_factor": Seen("Each foot is down for {value:.0%} of your stride", shown=".0%"),
    "step_length_leg": Seen("Your step is {value:.2f} leg lengths long", shown=".2f"),
    "vertical_oscillation_leg": Seen("Your body bounces by {value:.0%} of your leg's length", shown=".0%"),
    "vertical_oscillation_cm": Seen("Your body bounces {value:.0f} cm at each step"),
    "vertical_ratio_pct": Seen("You bounce {value:.0f} cm for each metre forward"),
    "shank_angle_at_strike_deg": Seen(
        "Your shin slants {value:.0f} degrees forward at landing",
        "Your shin slants {value:.0f} degrees back at landing",
        "forward",
    ),
    "foot_ahead_of_hip_at_strike_leg": Seen("Your foot lands {value:.2f} leg lengths ahead of you", shown=".2f"),
    "foot_strike_angle_deg": Seen(
        "Your toes are {value:.0f} degrees up at landing", "Your toes are {value:.0f} degrees down at landing", "up"
    ),
    "knee_flexion_at_strike_deg": Seen(
        "Your knee is bent {value:.0f} degrees at landing",
        "Your knee is straight at landing, {value:.0f} degrees past it",
    ),
    "thigh_angle_at_strike_deg": Seen("Your thigh is {value:.0f} degrees ahead of you at landing"),
    "foot_forward_speed_at_strike_ratio": Seen("Your foot lands with {value:.0%} of your forward speed", shown=".0%"),
    "shank_sweep_before_strike_deg": Seen("Your lower leg sweeps back {value:.0f} degrees before landing"),
    "knee_bending_before_strike_dps": Seen(
        "Your knee bends {value:.0f} degrees a second at landing",
        "Your knee straightens {value:.0f} degrees a second",
        "bending",
    ),
    "hip_extension_velocity_at_strike_dps": Seen(
        "Your thigh goes back at {value:.0f} degrees a second",
        "Your thigh comes forward at {value:.0f} degrees a second",
        "back",
    ),
    "thigh_separation_at_strike_deg": Seen("Your thighs are {value:.0f} degrees apart at landing"),
    "peak_knee_flexion_stance_deg": Seen("Your knee bends {value:.0f} degrees under your weight"),
    "hip_height_midstance_leg": Seen("Your hip rides at {value:.0%} of your leg's length", shown=".0%"),
    "leg_lean_stance_deg": Seen(
        "Your leg leans {value:.0f} degrees forward over the foot",
        "Your leg leans {value:.0f} degrees back over the foot",
        "forward",
    ),
    "heel_rise_time_pct": Seen("Your heel rises after {value:.0f}% of the contact", shown=".0f"),
    "trunk_lean_deg": Seen(
        "Your trunk leans {value:.0f} degrees forward", "Your trunk leans {value:.0f} degrees back", "forward"
    ),
    "peak_thigh_extension_deg": Seen("Your thigh goes {value:.0f} degrees behind you"),
    "knee_flexion_at_toe_off_deg": Seen("Your knee is still bent {value:.0f} degrees at toe-off"),
    "leg_angle_at_toe_off_deg": Seen("Your leg slants {value:.0f} degrees back at toe-off"),
    "take_off_angle_deg": Seen("You take off at {value:.1f} degrees", shown=".1f"),
    "ankle_arc_deg": Seen("Your ankle opens {value:.0f} degrees on the ground"),
    "peak_knee_flexion_swing_deg": Seen("Your knee folds to {value:.0f} degrees in the air"),
    "heel_recovery_leg": Seen("Your heel rises to {value:.0%} of your leg's length", shown=".0%"),
    "peak_knee_flexion_swing_time_pct": Seen("Your knee folds most at {value:.0f}% of the swing", shown=".0f"),
    "knee_flexion_before_rearmost_thigh_deg": Seen("Your knee folds {value:.0f} degrees before the thigh turns"),
    "peak_thigh_flexion_deg": Seen("Your thigh swings {value:.0f} degrees forward"),
    "peak_thigh_separation_deg": Seen("Your thighs open {value:.0f} degrees"),
    "ankle_dorsiflexion_late_swing_deg": Seen(
        "Your ankle is bent {value:.0f} degrees up before landing",
        "Your ankle is bent {value:.0f} degrees down before landing",
        "up",
    ),
    "foot_pitch_before_strike_deg": Seen(
        "Your toes are {value:.0f} degrees up before landing", "Your toes are {value:.0f} degrees down before landing"
    ),
    "elbow_angle_deg": Seen("Your elbow is open to {value:.0f} degrees"),
    "upper_arm_range_deg": Seen("Your upper arm swings through {value:.0f} degrees"),
    "arm_leg_lag_pct": Seen(
        "Your arm comes {value:.0f}% of a stride late", "Your arm comes {value:.0f}% of a stride early"
    ),
    "wrist_crossing": Seen(
        "Your {side}hand stays {value:.0%} of a shoulder width from the middle",
        "Your {side}hand crosses the middle by {value:.0%} of a shoulder width",
        "on its own side",
        ".0%",
    ),
    "elbow_out": Seen("Your {side}elbow swings {value:.0%} of a shoulder width from the middle", shown=".0%"),
    "shoulder_rotation_deg": Seen("Your shoulders turn {value:.0f} degrees from side to side"),
    "pelvic_drop_deg": Seen("Your free hip drops {value:.0f} degrees"),
    "heel_whip_deg": Seen(
        "Your {side}heel turns {value:.0f} degrees inward", "Your {side}heel turns {value:.0f} degrees outward"
    ),
    "asymmetry_contact_time_pct": Seen(
        "Your left foot stays on the ground {value:.0f}% longer than the right",
        "Your right foot stays on the ground {value:.0f}% longer than the left",
    ),
    "asymmetry_step_time_pct": Seen(
        "Your left step takes {value:.0f}% longer than the right",
        "Your right step takes {value:.0f}% longer than the left",
    ),
    "asymmetry_peak_thigh_extension_deg": Seen(
        "Your left thigh goes {value:.0f} degrees farther back than the right",
        "Your right thigh goes {value:.0f} degrees farther back than the left",
    ),
    "asymmetry_shank_angle_at_strike_deg": Seen(
        "Your left shin reaches {value:.0f} degrees farther than the right",
        "Your right shin reaches {value:.0f} degrees farther than the left",
    ),
}
"""Every measure that a built-in rule looks at."""

BETWEEN_SIDES = "asymmetry_"
LEAST_DIFFERENCE = 0.5
ALIKE = {unit: f"Left and right differ by less than 1{unit}." for unit in ("%", " degree")}
"""What is said of a difference that rounds to nothing, by its unit."""

A_LITTLE = {"more": "a little more", "less": "a little less"}
"""What is ordinary, for a number beyond the edge that reads the same as the edge."""

AT_THIS_SPEED = " at this speed"

ONE_DEGREE = re.compile(r"(?<![\d.])1 degrees")

MOST_SIGNS = 2
"""Numbers given for one problem; the rest are in the table."""


def sentence(piece: Evidence, band: Band | None, entry: Reference | None) -> str:
    """Return the sentence of one number; empty for a measure that has none here."""
    said, usual = sentence_and_range(piece.measure, piece.value, band, side=piece.side)
    if not usual:
        return said
    said = said.removesuffix(".")
    at_this_speed = AT_THIS_SPEED if band and band.at_speed_mps and depends_on_speed(entry) else ""
    return f"{said}; ordinary{at_this_speed} is {usual}."


def sentence_and_range(measure: str, value: float, band: Band | None, *, side: MeasureSide = "both") -> tuple[str, str]:
    """Return the sentence of one number, and its ordinary range; both empty for a measure that has none here."""
    seen = SEEN.get(measure)
    if seen is None or not math.isfinite(value):
        return "", ""
    if measure.startswith(BETWEEN_SIDES) and abs(value) < LEAST_DIFFERENCE:
        return ALIKE["%" if measure.endswith("_pct") else " degree"], ordinary(value, band, seen)
    words = seen.below if value < 0 and seen.below else seen.above
    shown = abs(value) if seen.below else value
    said = ONE_DEGREE.sub("1 degree", words.format(value=shown, side="" if side == "both" else f"{side} "))
    return f"{said}.", ordinary(value, band, seen)


SHARE_OF = {"leg": " of your leg", "shoulder widths": " of a shoulder width"}
"""What a share is of, by its unit."""
ACROSS = " across"
"""Of a share below 0: beyond the middle of the body."""


def is_share(measure: str) -> bool:
    """Return whether a measure is said as a share, in per cent."""
    return measure in SEEN and SEEN[measure].shown.endswith("%")


def share_text(measure: str, value: float) -> str:
    """Return a share as a label beside a drawing, in the words of its sentence: "12% of a shoulder width across"."""
    unit = BY_ID[measure].unit
    return f"{abs(value):.0%}{SHARE_OF.get(unit, '')}{ACROSS if value < 0 else ''}"


def aim_sentence(target: Target) -> str:
    """Return the aim in the words and the unit of the Why: "Your heel rises to 90% of ...; aim for 72%."; or empty."""
    said, _usual = sentence_and_range(target.measure, target.start, None, side=target.side)
    if not said:
        return ""
    seen = SEEN[target.measure]
    goal = abs(target.goal) if seen.below else target.goal
    way = f" {seen.way}" if seen.way and target.start < 0 <= target.goal else ""
    where = "" if target.side == "both" or "{side}" in seen.above else f" ({target.side} side)"
    return f"{said.removesuffix('.')}{where}; aim for {format(goal, seen.shown)}{way}."


def ordinary(value: float, band: Band | None, seen: Seen) -> str:
    """Return the ordinary range as it stands after "ordinary is": both ends, or the one that counts."""
    if band is None or not (math.isfinite(band.low) or math.isfinite(band.high)):
        return ""
    low, high, shown = (format(end, seen.shown) for end in (band.low, band.high, value))
    if shown in (low, high) and not band.low <= value <= band.high:
        return A_LITTLE["more" if value < band.low else "less"]
    way = f" {seen.way}" if seen.way and value < 0 else ""
    if band.low == -band.high:
        return f"up to {high} either way"
    if not math.isfinite(band.high):
        return f"{low} or more{way}"
    if math.isfinite(band.low) and (band.low >= 0 or (value < 0 and not seen.below)):
        return f"{low} to {high}{way}"
    return f"up to {low.removeprefix('-')}" if value < 0 and -math.inf < band.low < 0 else f"up to {high}{way}"


def depends_on_speed(entry: Reference | None) -> bool:
    """Return whether the ordinary range moves with running speed."""
    lines = [line for line in (entry.low, entry.high) if line] if entry else []
    return any(len(set(line.values)) > 1 for line in lines)


# -- the sentences of a rule ---------------------------------------------------------------------------------------


def fill(text: str, facts: Facts, reading: Reading, *, instead: str) -> str:
    """Fill a sentence of a rule with its numbers (words.py); `instead` without a bare number, or with nothing left."""
    names = numbers_in(text)
    said = {name: _whole_sentence(name, facts, reading) for name in names if is_sentence(name)}
    said = dict.fromkeys(said, "") | {name: said[name] for name in _to_say(said, facts)}
    numbers = {name: _number(name, facts) for name in names - said.keys()}
    if any(math.isnan(value) for value in numbers.values()):
        return instead
    return " ".join(text.format(**said, **numbers).split()) or instead


def _to_say(names: Iterable[str], facts: Facts) -> list[str]:
    """Return the numbers to give: of several that a sentence names, only those outside what is ordinary, if any is."""
    outside = [name for name in names if _outside(name.removeprefix(SEEN_PREFIX), facts)]
    return outside or list(names)


def _outside(measure: str, facts: Facts) -> bool:
    band, value = facts.band(measure), facts.value(measure)
    return band is not None and not band.low <= value <= band.high


def _whole_sentence(name: str, facts: Facts, reading: Reading) -> str:
    """Return the sentence of the number that decided, of a measure, or of the signs; empty if not measured."""
    if name == "signs":
        return " ".join(_signs(facts, reading)[:MOST_SIGNS])
    if name != "seen":
        return measure_sentence(name.removeprefix(SEEN_PREFIX), facts)
    piece = next(iter(reading.deciding), None)
    if piece and piece.side == "both":
        return measure_sentence(piece.measure, facts)
    return sentence(piece, facts.band(piece.measure), facts.reference(piece.measure)) if piece else ""


def measure_sentence(measure: str, facts: Facts) -> str:
    """Return the sentence of a measure with what is ordinary; empty if it was not measured or has none."""
    if facts.measure(measure) is None:
        return ""
    piece = Evidence(measure=measure, side="both", value=shown_value(measure, facts), time_s=None)
    return sentence(piece, facts.band(measure), facts.reference(measure))


def measures_said(measures: Iterable[str], facts: Facts, text: str) -> list[str]:
    """Return those of some measures whose number a text gives."""
    return [name for name in measures if (says := measure_sentence(name, facts)) and says in text]


def shown_value(measure: str, facts: Facts) -> float:
    """Return the number to say: of the near side, as in the pictures, or the mean if only that is so far out."""
    mean, near = facts.value(measure), facts.best_seen(measure)
    if near is None or _where(near.value, measure, facts) != _where(mean, measure, facts):
        return mean
    return near.value


def _where(value: float, measure: str, facts: Facts) -> int:
    """Return whether a value is below what is ordinary (-1), inside (0) or above (1)."""
    band = facts.band(measure)
    return 0 if band is None else (value > band.high) - (value < band.low)


def _signs(facts: Facts, reading: Reading) -> list[str]:
    """Return the sentences of the numbers behind a reading that lie outside their ordinary range, clearest first."""
    measures = dict.fromkeys(piece.measure for piece in reading.evidence)
    found = [measure_sentence(measure, facts) for measure in measures if _outside(measure, facts)]
    return [said for said in found if said]


def _number(name: str, facts: Facts) -> float:
    """Return the value of a measure, or the middle of its band where the name begins with usual_."""
    return facts.usual(name.removeprefix(USUAL)) if name.startswith(USUAL) else facts.value(name)
