"""The coach's voice: exact, kind, without jargon; every statement points at its frame."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from midstance.coaching.rules import RULES
from midstance.coaching.rules.seen import sentence, share_text
from midstance.measures import BY_ID
from midstance.model import Analysis, Band, Evidence, NotAssessed
from midstance.reasons import as_written
from midstance.text.diagnosis import film_shots
from midstance.text.names import bare, entry, join, measure_name, number, topic, with_error
from midstance.text.report import describe, shots
from midstance.text.report_lines import report_lines
from midstance.text.shots import frame_at, shots_of
from midstance.text.table import place, rows, usual
from tests.fixtures.acted import measure, without_plan


def test_the_dozen_lines(run: Analysis) -> None:
    lines = report_lines(describe(run))
    assert lines[0] == "acted.mp4: 2.4 s of running on a treadmill, seen from your right side, 6 landings."
    assert lines[1] == (
        "Speed 3.20 ± 0.10 m/s (5:12 min/km), cadence 166.7 ± 0.9 steps a minute and contact time 260 ± 7 ms."
    )
    assert lines[3] == "The one thing to change: You reach forward with the lower leg."
    assert "  Cue      “Put the foot down sooner.”" in lines
    assert (
        "  Aim      Your shin slants 12 degrees forward at landing (right side); aim for 4. "
        "Changes under 3° are within this camera's error."
    ) in lines
    assert "  Drop of the hip and turn of the heel: can't be seen from the side; film from the rear too" in lines
    assert len(lines) <= 18


def test_no_identifier_reaches_the_reader(run: Analysis) -> None:
    told = "\n".join(report_lines(describe(run), whole=True)).replace(run.clip.path.name, "")
    assert not re.search(r"[a-z]_[a-z]", told), told
    assert "nan" not in told.lower().split()


def test_whole_report_carries_every_measure_with_its_error(run: Analysis) -> None:
    told = "\n".join(report_lines(describe(run), whole=True))
    assert re.search(r"greatest hip extension +right 22 ± 2° +left 23 ± 2° +\(usual at 3.2 m/s: 15 to 26°\)", told)
    assert "  - Likely: a slow back kick. Your heel takes a long way." in told
    assert "  - Ruled out: leaning back. Your trunk leans 6 degrees." in told


def test_a_problem_stands_for_its_measure_when_both_are_missing(run: Analysis) -> None:
    missing = [("heel_whip_deg", "no rear view"), ("leg_stiffness_kn_m", "no mass"), ("heel_whip", "Film from behind.")]
    missing += [("leg_stiffness_kn_m", "no scale")]
    gaps = tuple(NotAssessed(id=i, reason=as_written(why)) for i, why in missing)
    told = describe(replace(run, not_assessed=gaps)).not_judged
    assert {(gap.what, gap.why) for gap in told} == {
        ((topic("leg_stiffness_kn_m"),), "no mass"),
        ((topic("heel_whip"),), "Film from behind."),
    }


def test_nothing_to_change_is_said_plainly(run: Analysis) -> None:
    report = describe(without_plan(run))
    assert report.focus is None
    assert any(line.startswith("Nothing in this clip asks for a change.") for line in report_lines(report))


def test_a_sprint_start_is_not_called_calm(run: Analysis) -> None:
    calm = without_plan(run)
    report = describe(replace(calm, view=replace(calm.view, acceleration_mps2=2.2)))
    assert report.headline == "You speed up by 2 m/s every second, so I judge nothing here"
    assert "steady speed" in report.calm
    unscaled = replace(calm.view, acceleration_mps2=-2.2, scale_source="gravity")
    said = describe(replace(calm, view=unscaled)).headline
    assert said == "You slow down, so I judge nothing here", "no metres without a tape"


def test_unknown_speed_says_how_to_help(run: Analysis) -> None:
    view = replace(run.view, speed_mps=math.nan)
    assert "--speed" in report_lines(describe(replace(run, view=view), door="cli"))[1]


def test_every_evidence_has_its_frame(run: Analysis) -> None:
    (shot,) = shots(run)
    second_landing = [c for c in run.contacts if c.side == "right"][1]
    assert shot.frame == second_landing.strike_frame
    assert shot.caption == "Shin angle at landing, right: 12°"
    assert shot.usual == "usual at 3.2 m/s: -2 to 6°"
    assert [one.frame for one in film_shots(run)] == [shot.frame]


def test_the_label_of_a_picture_says_a_share_as_its_sentence_does(run: Analysis) -> None:
    """Not "-0.12 shoulder widths" beside "12% of a shoulder width"."""
    band = Band(low=0.0, high=math.inf, at_speed_mps=None, source="by hand")
    crossing = replace(run.measures[0], id="wrist_crossing", side="left", unit="shoulder widths", band=band)
    piece = Evidence(measure="wrist_crossing", side="left", value=-0.12, time_s=0.25)
    (shot,) = shots_of([piece], replace(run, measures=(replace(crossing, value=-0.12),)))
    assert shot.number == "12% of a shoulder width across"
    assert shot.usual == "usual: 0% or more on its own side"
    said = "Your left hand crosses the middle by 12% of a shoulder width"
    assert sentence(piece, band, None) == f"{said}; ordinary is 0% or more on its own side."
    assert share_text("heel_recovery_leg", 0.72) == "72% of your leg"
    assert share_text("duty_factor", 0.36) == "36%"


def test_frames_are_found_in_the_time_of_life(run: Analysis) -> None:
    slow = replace(run.clip, slow_motion_factor=4.0)
    assert frame_at(slow, 0.25) == 60
    assert frame_at(run.clip, 0.25) == 15


def test_an_explained_finding_is_told_inside_its_root(run: Analysis) -> None:
    echo = replace(run.findings[0], problem="dorsiflexion", explained_by="reaching", says="Your toes are up.")
    (root,) = describe(replace(run, findings=(*run.findings, echo))).findings
    assert [(sign.problem, sign.says) for sign in root.signs] == [("dorsiflexion", "Your toes are up.")]


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (5.13, 1.24, "5.1 ± 1.2°"),
        (5.13, 3.2, "5 ± 3°"),
        (-0.04, 0.5, "0.0 ± 0.5°"),
        (254.8, 7.3, "255 ± 7°"),
        (254.8, 14.0, "255 ± 14°"),
        (5.13, math.nan, "5.13°"),
        (5.13, 0.0, "5.13°"),
    ],
)
def test_digits_follow_the_error(value: float, error: float, said: str) -> None:
    assert with_error(value, error, "deg") == said


def test_a_number_that_is_missing_says_so() -> None:
    assert number(math.nan, 1.0) == "unknown"
    assert bare(3.0, 1.0, "spm") == "3.0 steps a minute"


@pytest.mark.parametrize(
    ("value", "error", "where"),
    [(4, 1, "inside"), (7, 2, "edge"), (9, 2, "above"), (-5, 2, "below"), (-3, 2, "edge"), (9, math.nan, "above")],
)
def test_place_in_the_band_minds_the_error(value: float, error: float, where: str) -> None:
    assert place(measure("shank_angle_at_strike_deg", value, "deg", error=error, band=(-2, 6))) == where


def test_open_bands_are_told() -> None:
    one = measure("knee_flexion_at_strike_deg", 9.0, "deg", band=(12, math.inf))
    assert usual(one) == "usual at 3.2 m/s: 12° or more"
    assert usual(replace(one, band=Band(low=-math.inf, high=8, at_speed_mps=None, source=""))) == "usual: up to 8°"


def test_left_and_right_share_a_row(run: Analysis) -> None:
    (row,) = (row for row in rows(run.measures) if row.id == "peak_thigh_extension_deg")
    assert [value.side for value in row.values] == ["right", "left"]


def test_every_measure_and_problem_has_a_name() -> None:
    for name in (*BY_ID, *(rule.id for rule in RULES)):
        assert "_" not in topic(name)


def test_differences_between_the_sides_are_named_after_their_measure() -> None:
    assert entry("asymmetry_contact_time_pct").name == "difference in contact time"
    assert measure_name("contact_time_ms", "left") == "contact time, left"


def test_lists_read_like_sentences() -> None:
    assert [join(x) for x in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == ["", "a", "a and b", "a, b and c"]
