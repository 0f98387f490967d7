"""Every rule: its worked examples hold, its words are sound, its page is current; and how conditions join."""

from __future__ import annotations

import math
import re
import runpy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from midstance.coaching import rules
from midstance.coaching.bands import references
from midstance.coaching.findings import gather
from midstance.coaching.rules import RULES
from midstance.coaching.rules.base import Case, Rule
from midstance.coaching.rules.checks import case_faults, facts_of
from midstance.coaching.rules.examples import in_order, view_from
from midstance.coaching.rules.explained import asks
from midstance.coaching.rules.facts import Reading, all_of, any_of, at_least, capped, isnt, provided, trend, unknown
from midstance.coaching.rules.folder import all_cues
from midstance.coaching.rules.seen import (
    SEEN,
    aim_sentence,
    fill,
    measure_sentence,
    sentence,
    sentence_and_range,
    shown_value,
)
from midstance.errors import UsageError
from midstance.model import Band, Evidence, Measure, MeasureSide, Sample, Target

ROOT = Path(__file__).parents[2]
CASES = [(rule, case) for rule in RULES for case in (*rule.fires, *rule.silent)]
LONGEST_SENTENCE = 17
NOUNS = {
    "as_data",
    "programs",
    "base",
    "checks",
    "examples",
    "explained",
    "facts",
    "folder",
    "seen",
    "verdicts",
    "words",
    "__init__",
}


@pytest.mark.parametrize(("rule", "case"), CASES, ids=lambda x: getattr(x, "name", None) or x.id)
def test_worked_example(rule: Rule, case: Case) -> None:
    assert case_faults(rule, case, references()) == []


def test_nothing_is_wrong_with_the_built_in_rules() -> None:
    assert rules.check() == []


def test_every_file_of_a_problem_is_listed() -> None:
    files = {p.stem for p in (ROOT / "src/midstance/coaching/rules").glob("*.py")} - NOUNS
    assert files == {rule.id for rule in RULES}


AT_MOST_WATCHED = {"asymmetry"}
"""From one side the far leg is hidden in every stride."""


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_examples_cover_the_line_the_gap_and_the_view(rule: Rule) -> None:
    assert {c.grade for c in rule.fires} == ({"watch"} if rule.id in AT_MOST_WATCHED else {"flag", "watch"})
    assert any(set(c.plane.split()) - set(rule.planes) for c in rule.silent), "a view that cannot show it"
    assert any(c.without or not (c.measures or c.drift) for c in rule.silent), "a measure that is missing"
    names = {c.name for c in (*rule.fires, *rule.silent)}
    assert any("just over" in n for n in names)
    assert any("just under" in n for n in names)


def sentences(rule: Rule) -> Iterator[str]:
    yield from (rule.title, rule.says, rule.means, rule.film, *rule.expect, *rule.guard)
    for cause in rule.causes:
        yield from (cause.title, cause.yes, cause.no, cause.film)
    yield from (cue.says for cue in all_cues(rule))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_sentence_is_short_enough_to_say_aloud(rule: Rule) -> None:
    facts = facts_of(Case(name="", plane=rule.planes[0]), references())
    said = {fill(text, facts, rule.sign(facts), instead="") for text in sentences(rule)}
    for cause in rule.causes:
        said |= {fill(text, facts, cause.test(facts), instead="") for text in (cause.yes, cause.no)}
    for each in (one for text in said for one in re.split(r"(?<=[.!?]) ", text)):
        assert len(each.split()) <= LONGEST_SENTENCE, each


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_measure_of_a_rule_has_its_sentence(rule: Rule) -> None:
    assert set(asks(rule)) - {"pelvis_tilt"} <= SEEN.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_voice(rule: Rule) -> None:
    """Plain words, no medical claims; cues short and in the second person."""
    for text in sentences(rule):
        assert text
        assert text == text.strip()
        lower = re.sub(r"\{.*?\}", "", text.lower())
        for word in ("injur", "prevent", "heal ", "cure", "diagnos", "tibia", "sagittal", "kinematic", "dorsiflex"):
            assert word not in lower, text
    for cue in all_cues(rule):
        assert len(cue.says.split()) <= 18, cue.says
        assert cue.says.endswith("."), cue.says


def test_a_cue_says_the_same_everywhere() -> None:
    said: dict[str, set[str]] = {}
    for rule in RULES:
        for cue in all_cues(rule):
            said.setdefault(cue.id, set()).add(cue.says)
    assert {k: v for k, v in said.items() if len(v) > 1} == {}


@pytest.mark.parametrize("word", rules.explained_words())
def test_every_word_is_explained(word: str) -> None:
    text = rules.explain(word)
    assert text
    assert "nan" not in text
    assert "{" not in text


def test_explaining_is_forgiving_about_spelling_and_silent_about_the_unknown() -> None:
    assert rules.explain("Leaning back") == rules.explain("leaning_back")
    assert rules.explain("flux capacitor") is None


def test_a_rule_tells_what_it_looks_at() -> None:
    reaching = next(r for r in RULES if r.id == "reaching")
    assert asks(reaching)[0] == "foot_ahead_of_hip_at_strike_leg"
    assert "shoulder_rotation_deg" in asks(reaching)


def test_the_page_of_rules_is_current() -> None:
    page = runpy.run_path(str(ROOT / "docs/write_rules.py"))["page"]
    assert (ROOT / "docs/rules.md").read_text() == page(), "run: python docs/write_rules.py"


# -- how conditions join -----------------------------------------------------------------------------------------


def clear(clearance: float) -> Reading:
    return Reading(clearance=clearance, excess=clearance)


GAP = unknown("something")


def test_all_any_and_counting() -> None:
    assert all_of(clear(2), clear(0.5)).clearance == 0.5
    assert any_of(clear(-2), clear(0.5)).clearance == 0.5
    assert at_least(2, clear(3), clear(-1), clear(1)).clearance == 1


def test_a_gap_silences_only_where_it_could_decide() -> None:
    assert all_of(clear(-1), GAP).clearance == -1
    assert not all_of(clear(1), GAP).known
    assert any_of(clear(1), GAP).clearance == 1
    assert not any_of(clear(-1), GAP).known
    assert at_least(2, clear(1), clear(-2), GAP).missing == ("something",)
    assert at_least(2, clear(-1), clear(-2), GAP).clearance == -1


def test_isnt_capped_provided() -> None:
    assert isnt(clear(2)).clearance == -2
    assert capped(clear(2), 0.9).clearance == 0.9
    assert not capped(GAP, 0.9).known
    assert provided(clear(2), clear(0.1)).clearance == 2
    assert provided(clear(2), clear(-0.1)).clearance == -0.1
    assert not provided(clear(2), GAP).known


def test_trend_of_a_line_and_of_chance() -> None:
    line = tuple(Sample(time_s=float(t), value=10 - 0.1 * t) for t in range(40))
    start, end, half = trend(line)
    assert (start, end) == pytest.approx((10, 6.1))
    assert half == pytest.approx(0, abs=1e-6)
    zigzag = tuple(Sample(time_s=float(t), value=(-1) ** t) for t in range(40))
    start, end, half = trend(zigzag)
    assert abs(end - start) < half
    slow_wave = tuple(Sample(time_s=float(t), value=math.sin(t / 6)) for t in range(40))
    assert trend(slow_wave)[2] > 1.5 * half, "strides that resemble their neighbours count for less"


# -- numbers in sentences ----------------------------------------------------------------------------------------


def lean(value: float, *, low: float = 1, high: float = 11, speed: float | None = 3.0) -> str:
    piece = Evidence(measure="trunk_lean_deg", side="both", value=value, time_s=None)
    band = Band(low=low, high=high, at_speed_mps=speed, source="")
    return sentence(piece, band, references()["trunk_lean_deg"])


def test_a_number_is_said_with_what_is_ordinary() -> None:
    assert lean(16) == "Your trunk leans 16 degrees forward; ordinary at this speed is 1 to 11."
    assert lean(-4) == "Your trunk leans 4 degrees back; ordinary at this speed is 1 to 11 forward."
    assert lean(16, low=-math.inf) == "Your trunk leans 16 degrees forward; ordinary at this speed is up to 11."
    assert lean(-4, low=-math.inf) == "Your trunk leans 4 degrees back; ordinary at this speed is up to 11 forward."
    assert lean(16, high=math.inf) == "Your trunk leans 16 degrees forward; ordinary at this speed is 1 or more."
    assert lean(16, speed=None) == "Your trunk leans 16 degrees forward; ordinary is 1 to 11."
    assert lean(math.nan) == ""


def test_a_range_that_no_speed_moves_is_not_told_by_speed() -> None:
    piece = Evidence(measure="arm_leg_lag_pct", side="both", value=-12, time_s=None)
    band = Band(low=-8, high=8, at_speed_mps=3.0, source="")
    said = sentence(piece, band, references()["arm_leg_lag_pct"])
    assert said == "Your arm comes 12% of a stride early; ordinary is up to 8 either way."


def test_a_number_without_a_band_or_without_words_says_what_it_can() -> None:
    piece = Evidence(measure="trunk_lean_deg", side="both", value=16, time_s=None)
    assert sentence(piece, None, None) == "Your trunk leans 16 degrees forward."
    assert sentence(replace(piece, measure="mood"), None, None) == ""


def test_a_whole_sentence_is_left_out_where_its_number_is_missing() -> None:
    facts = facts_of(Case(name="", without=("trunk_lean_deg",)), references())
    lean_test = facts.high("trunk_lean_deg")
    assert fill("{seen} Your leg kicks.", facts, lean_test, instead="x") == "Your leg kicks."
    assert fill("{seen}", facts, lean_test, instead="Leaning.") == "Leaning."
    assert fill("{trunk_lean_deg:.0f} degrees", facts, lean_test, instead="Leaning.") == "Leaning."
    assert fill("{cadence_spm:.0f} and {usual_cadence_spm:.0f}", facts, lean_test, instead="x") == "166 and 166"


# -- a coach's own folder ----------------------------------------------------------------------------------------

OWN_RULE = """
from dataclasses import replace
from midstance.coaching.rules import bounce
from midstance.coaching.rules.base import Case

RULE = replace(bounce.RULE, id="hopping", title="Hopping", {change})
"""


def test_words_of_a_coach(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text(
        '[reaching]\ntitle = "Overstriding"\n[reaching.cues]\ndrop_the_foot = "Foot down!"\n'
        '[reaching.causes.leaning_back]\nyes = "You lean back."\n'
    )
    assert rules.check(tmp_path) == []
    rule = next(r for r in rules.load(tmp_path).rules if r.id == "reaching")
    assert rule.title == "Overstriding"
    assert rule.cues[0].says == "Foot down!"
    assert next(c.yes for c in rule.causes if c.id == "leaning_back") == "You lean back."


def test_a_rule_of_a_coach_is_added_and_checked(tmp_path: Path) -> None:
    (tmp_path / "hopping.py").write_text(OWN_RULE.format(change="weight=2.0"))
    assert "hopping" in {r.id for r in rules.load(tmp_path).rules}
    assert rules.check(tmp_path) == []
    wrong = 'fires=(Case(name="in order", grade="flag"),)'
    (tmp_path / "hopping.py").write_text(OWN_RULE.format(change=wrong))
    (failure,) = rules.check(tmp_path)
    assert "hopping, 'in order': expected flag, got silence" in failure


def test_bands_of_a_coach_change_what_examples_say(tmp_path: Path) -> None:
    (tmp_path / "references.toml").write_text(
        "[trunk_lean_deg]\nlow = -30\nusual = 5\nhigh = 60\nmatters = 3\n"
        'population = "mine"\nsource = "me"\ngrade = "opinion"\n'
    )
    assert any(f.startswith("leaning_forward") for f in rules.check(tmp_path))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("words.toml", "[reachin]\ntitle = 'x'\n", "no rule 'reachin'"),
        ("words.toml", "[reaching]\ncolour = 'x'\n", "unknown key 'colour'"),
        ("words.toml", "[reaching.causes.moon]\nyes = 'x'\n", "no cause 'moon'"),
        ("words.toml", "[reaching.cues]\nmoon = 'x'\n", "no cue 'moon'"),
        ("words.toml", "[reaching", "not valid TOML"),
        ("mine.py", "1 / 0\n", "ZeroDivisionError"),
        ("mine.py", "RULE = 3\n", "has no RULE"),
    ],
)
def test_a_folder_that_makes_no_sense_is_told_so(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=says):
        rules.load(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        rules.load(tmp_path / "nowhere")


# -- what is said of a number ----------------------------------------------------------------------------------------


def test_a_number_that_reads_like_its_edge_is_not_called_ordinary() -> None:
    """25.3 degrees beyond an edge of 25.2 would read "25 degrees; ordinary is 15 to 25"."""
    band = Band(low=15.2, high=25.2, at_speed_mps=3.0, source="")
    assert sentence_and_range("peak_thigh_extension_deg", 25.3, band) == (
        "Your thigh goes 25 degrees behind you.",
        "a little less",
    )
    assert sentence_and_range("peak_thigh_extension_deg", 15.1, band)[1] == "a little more"
    assert sentence_and_range("peak_thigh_extension_deg", 25.1, band)[1] == "15 to 25"
    assert sentence_and_range("trunk_lean_deg", 1.2, None)[0] == "Your trunk leans 1 degree forward."
    assert sentence_and_range("trunk_lean_deg", 11.2, None)[0] == "Your trunk leans 11 degrees forward."
    assert sentence_and_range("take_off_angle_deg", 9.1, None)[0] == "You take off at 9.1 degrees."


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        (("heel_recovery_leg", "both", 0.9, 0.72), "Your heel rises to 90% of your leg's length; aim for 72%."),
        (("trunk_lean_deg", "both", -8.0, 1.2), "Your trunk leans 8 degrees back; aim for 1 forward."),
        (("take_off_angle_deg", "both", 3.2, 6.5), "You take off at 3.2 degrees; aim for 6.5."),
        (
            ("peak_thigh_extension_deg", "right", 12.0, 19.0),
            "Your thigh goes 12 degrees behind you (right side); aim for 19.",
        ),
        (
            ("wrist_crossing", "left", -0.1, 0.04),
            "Your left hand crosses the middle by 10% of a shoulder width; aim for 4% on its own side.",
        ),
        (("speed_mps", "both", 3.0, 4.0), ""),
    ],
)
def test_the_aim_is_in_the_words_of_the_why(aim: tuple[str, MeasureSide, float, float], said: str) -> None:
    measure, side, start, goal = aim
    target = Target(measure=measure, side=side, start=start, goal=goal, minimal_change=1.0, unit="")
    assert aim_sentence(target) == said


def test_of_two_numbers_only_the_one_that_is_out_of_order_is_said() -> None:
    steep = in_order(references(), 3.0, but={"vertical_oscillation_cm": 8.0, "take_off_angle_deg": 16.5})
    facts = gather(steep, (), view_from("side", 3.0), bands=references())
    bounce = next(rule for rule in RULES if rule.id == "bounce")
    said = fill(bounce.says, facts, bounce.sign(facts), instead="")
    assert said == "You take off at 16.5 degrees; ordinary at this speed is 6.5 to 12.9."


def test_the_number_is_that_of_the_side_in_the_pictures() -> None:
    """The mean of .33 and .36 is judged; the runner reads .36, as in the picture of the near side and in the aim."""
    foot = "foot_ahead_of_hip_at_strike_leg"
    both = [
        Measure(id=foot, side=side, value=value, sd=0.0, n=6, uncertainty=0.01, unit="leg")
        for side, value in (("left", 0.33), ("right", 0.36))
    ]
    facts = gather(both, (), view_from("side", 3.0), bands=references())
    assert measure_sentence(foot, facts).startswith("Your foot lands 0.36 leg lengths")
    near_is_in_order = gather(
        [replace(both[0], value=0.4), replace(both[1], value=0.25)], (), view_from("side", 3.0), bands=references()
    )
    assert shown_value(foot, near_is_in_order) == pytest.approx(0.325)


@pytest.mark.parametrize(
    ("measure", "value", "band", "said"),
    [
        ("asymmetry_step_time_pct", 0.3, (-8, 8), ("Left and right differ by less than 1%.", "up to 8 either way")),
        (
            "asymmetry_peak_thigh_extension_deg",
            -0.2,
            (-8, 8),
            ("Left and right differ by less than 1 degree.", "up to 8 either way"),
        ),
        ("heel_whip_deg", -5.0, (-14.7, 15.5), ("Your heel turns 5 degrees outward.", "up to 15")),
        (
            "knee_flexion_at_strike_deg",
            -2.0,
            (6, 26),
            ("Your knee is straight at landing, 2 degrees past it.", "6 to 26"),
        ),
    ],
)
def test_no_number_needs_a_minus(measure: str, value: float, band: tuple[float, float], said: tuple[str, str]) -> None:
    ordinary = Band(low=band[0], high=band[1], at_speed_mps=3.0, source="")
    assert sentence_and_range(measure, value, ordinary) == said
