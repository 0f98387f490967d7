"""Two takes: the size of every correction, doubt and threshold, computed on paper."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from midstance.comparison import compare
from midstance.comparison.comparability import cameras_apart_deg, obstacles, relative_speed_change
from midstance.comparison.differences import mark_surely_changed
from midstance.comparison.focus import aim_of
from midstance.comparison.model import Difference, Standpoint, Take
from midstance.comparison.thresholds import expected_sign, fading_sign, watch_error
from midstance.model import Cue, Evidence, Finding, Measure, MeasureSide, Target
from tests.fixtures.takes import SHANK, found, number, plan, take

CADENCE, STEP = "cadence_spm", "step_length_m"
USUAL_RISES = 3.39 / 166.35
"""The usual cadence is 166.35 at 3.0 and 169.74 at 3.3 m/s."""


def on(side: MeasureSide, measure: Measure) -> Measure:
    return replace(measure, side=side)


def one(before: Take, after: Take, name: str) -> Difference:
    (difference,) = (d for d in compare(before, after).differences if d.measure == name)
    return difference


# -- speed ---------------------------------------------------------------------------------------------------------


def test_what_is_no_angle_is_corrected_by_the_ratio_of_its_line() -> None:
    told = one(take("a", number(CADENCE, 180.0, 1.0)), take("b", number(CADENCE, 190.0, 2.0), speed=3.3), CADENCE)
    part = 180.0 * USUAL_RISES
    assert told.speed_part == pytest.approx(part)
    assert told.change == pytest.approx(10.0 - part)
    assert told.minimal_change == pytest.approx(math.hypot(1.0, 2.0, part / 2))
    assert (told.before, told.after, told.unit, told.side) == (180.0, 190.0, "spm", "both")


def test_an_angle_is_corrected_by_the_difference_of_its_line() -> None:
    """The usual shin leans 5.5 at 2.5 and 8.2 at 3.5 m/s: 0.81 more at 3.3 than at 3.0, whatever this runner's is."""
    for lean in (-4.0, 20.0):
        told = one(take("a", number(SHANK, lean, 0.3)), take("b", number(SHANK, lean, 0.4), speed=3.3), SHANK)
        assert told.speed_part == pytest.approx(0.81)
        assert told.minimal_change == pytest.approx(math.hypot(0.5, 0.405))


def test_a_step_in_metres_follows_the_line_in_leg_lengths() -> None:
    """1.105 at 2.5 and 1.435 at 3.5 m/s: 1.27 at 3.0, 1.369 at 3.3."""
    told = one(take("a", number(STEP, 1.0, 0.1)), take("b", number(STEP, 1.2, 0.1), speed=3.3), STEP)
    assert told.speed_part == pytest.approx(1.369 / 1.27 - 1)


def test_the_slower_take_is_corrected_the_other_way() -> None:
    told = one(take("a", number(CADENCE, 180.0, 1.0), speed=3.3), take("b", number(CADENCE, 180.0, 1.0)), CADENCE)
    assert told.speed_part == pytest.approx(-180.0 * 3.39 / 169.74)


def test_speed_itself_is_never_corrected_for_speed() -> None:
    fast = take("b", number("speed_mps", 3.3, 0.05), speed=3.3)
    told = one(take("a", number("speed_mps", 3.0, 0.05)), fast, "speed_mps")
    assert (told.speed_part, told.change, told.verdict) == (0.0, pytest.approx(0.3), "changed")


@pytest.mark.parametrize(
    ("speed", "spoils"), [(3.08, []), (3.1, ["speed"]), (2.9, ["speed"]), (3.59, ["speed"]), (3.61, ["speed_far"])]
)
def test_speeds_are_equal_within_3_and_comparable_within_20_percent(speed: float, spoils: list[str]) -> None:
    found_here = obstacles(take("a"), take("b", speed=speed))
    assert [o.id for o in found_here] == spoils
    assert [o.amount for o in found_here] == pytest.approx([abs(speed / 3 - 1)] * len(spoils))


def test_a_change_of_speed_is_sure_beyond_both_its_errors() -> None:
    """0.09 of 3.0 is 3 %, 0.132 of 3.3 is 4 %: together 5 %, less than the 10 % between them; 0.3 and 0.33 are 14 %."""

    def spoils(error: float, other: float) -> list[str]:
        a, b = number("speed_mps", 3.0, error), number("speed_mps", 3.3, other)
        return [o.id for o in obstacles(take("a", a), take("b", b, speed=3.3))]

    assert spoils(0.09, 0.132) == ["speed"]
    assert spoils(0.0, 0.32) == ["speed"]
    assert spoils(0.0, 0.34) == ["speed_unsure"]
    assert spoils(0.31, 0.0) == ["speed_unsure"]
    assert spoils(0.3 * 0.72, 3.3 * 0.072) == ["speed_unsure"]


def in_legs(label: str, cadence: Measure, *lengths: Measure) -> Take:
    return take(label, *lengths, cadence, speed=None)


def test_speed_in_leg_lengths_is_step_times_cadence_with_both_their_errors() -> None:
    """A step of 1.2 ± 0.06 is known to 5 %, of two sides to 5 / sqrt 2 %; a cadence of 160 ± 8 to 5 %.

    One step and the cadence: 7.07 % a take, 10 % for two. 9 % faster is not sure, 11 % is.
    """
    legs, cadence = "step_length_leg", number(CADENCE, 160.0, 8.0)
    before = in_legs("a", cadence, number(legs, 1.2, 0.06))
    for faster, sure in ((1.09, False), (1.11, True)):
        after = in_legs("b", cadence, number(legs, 1.2 * faster, 0.06 * faster))
        assert relative_speed_change(before, after) == pytest.approx(faster - 1)
        assert [o.id for o in obstacles(before, after)] == ["speed" if sure else "speed_unsure"]
    sides: tuple[MeasureSide, ...] = ("left", "right")
    exact = number(CADENCE, 160.0, 0.0)
    two = in_legs("a", exact, *(on(side, number(legs, 1.2, 0.06)) for side in sides))
    for faster, sure in ((1.045, False), (1.055, True)):  # 5 / sqrt 2 % twice is 5 %
        after = in_legs("b", exact, *(on(side, number(legs, 1.2 * faster, 0.06 * faster)) for side in sides))
        assert [o.id for o in obstacles(two, after)] == ["speed" if sure else "speed_unsure"]
    uneven = in_legs("b", exact, on("left", number(legs, 1.2, 0.01)), on("right", number(legs, 1.44, 0.01)))
    assert relative_speed_change(two, uneven) == pytest.approx(0.1)
    quicker = in_legs("b", number(CADENCE, 176.0, 0.0), *two.measures[:2])
    assert relative_speed_change(two, quicker) == pytest.approx(0.1)


@pytest.mark.parametrize("rows", [[], [number(CADENCE, 160.0, 1.0)], [number("step_length_leg", 1.2, 0.1)]])
def test_a_speed_that_lacks_a_part_is_unknown(rows: list[Measure]) -> None:
    full = in_legs("b", number(CADENCE, 160.0, 1.0), number("step_length_leg", 1.2, 0.1))
    assert relative_speed_change(take("a", *rows, speed=None), full) is None
    assert relative_speed_change(full, take("a", *rows, speed=None)) is None


def test_a_measure_with_a_line_needs_the_speed_in_metres() -> None:
    """In leg lengths 10 % faster: the lines of the references are over metres a second, which are unknown."""
    legs, cadence = "step_length_leg", number(CADENCE, 160.0, 0.5)
    before = in_legs("a", cadence, number(legs, 1.2, 0.01), number(SHANK, 4.0, 1.0))
    after = in_legs("b", cadence, number(legs, 1.32, 0.01), number(SHANK, 9.0, 1.0))
    told = one(before, after, SHANK)
    assert (told.verdict, told.why_not, told.speed_part) == ("cannot_tell", "speed", 0.0)
    assert told.minimal_change == pytest.approx(math.sqrt(2))


# -- camera and film -----------------------------------------------------------------------------------------------


def test_cameras_are_apart_by_the_larger_of_two_angles_beyond_their_errors() -> None:
    def at(yaw: float, down: float) -> Take:
        angles = {"yaw_deg": yaw, "look_down_deg": down}
        return take("a", standpoint=Standpoint(**angles, yaw_uncertainty_deg=3.0, look_down_uncertainty_deg=6.0))

    assert cameras_apart_deg(at(0, 0), at(4.2, 8.4)) == 0  # 3 and 3 are 4.24, 6 and 6 are 8.49
    assert cameras_apart_deg(at(0, 0), at(4.3, 0)) == pytest.approx(4.3)
    assert cameras_apart_deg(at(4.3, 0), at(0, 0)) == pytest.approx(4.3)
    assert cameras_apart_deg(at(0, 0), at(0, -8.6)) == pytest.approx(8.6)
    assert cameras_apart_deg(at(-2, -5), at(8, 4)) == pytest.approx(10)
    assert cameras_apart_deg(at(-2, -5), at(8, 6)) == pytest.approx(11)


@pytest.mark.parametrize(
    ("changes", "spoils"),
    [
        ({"rate_hz": 90.0}, []),
        ({"rate_hz": 91.0}, ["rate"]),
        ({"rate_hz": 39.0}, ["rate"]),
        ({"standpoint": Standpoint(leg_px=400.0)}, []),
        ({"standpoint": Standpoint(leg_px=401.0)}, ["size"]),
        ({"standpoint": Standpoint(leg_px=99.0)}, ["size"]),
        ({"setting": "unknown"}, []),
        ({"setting": "over_ground"}, ["setting"]),
        ({"near_side": "left"}, ["other_side"]),
        ({"plane": "rear", "near_side": None}, ["plane"]),
        ({"version": "2"}, ["version"]),
    ],
)
def test_what_differs_between_the_films_is_named_alone(changes: dict[str, object], spoils: list[str]) -> None:
    before = take("a", standpoint=Standpoint(leg_px=200.0))
    after = replace(before, **changes)  # type: ignore[arg-type]
    for pair in ((before, after), (after, before)):
        assert [o.id for o in obstacles(*pair)] == spoils


def test_obstacles_say_what_they_spoil_and_how_large_they_are() -> None:
    before = take("a", standpoint=Standpoint(leg_px=200.0, yaw_deg=0.0, yaw_uncertainty_deg=3.0))
    after = replace(before, rate_hz=240.0, standpoint=replace(before.standpoint, leg_px=80.0, yaw_deg=21.0))
    told = {o.id: (o.spoils, o.amount) for o in obstacles(before, after)}
    assert told == {"camera_far": ("some", 21.0), "size": ("certainty", 2.5), "rate": ("certainty", 4.0)}
    nearer = replace(before, standpoint=replace(before.standpoint, yaw_deg=19.0))
    assert [(o.id, o.spoils, o.amount) for o in obstacles(before, nearer)] == [("camera", "certainty", 19.0)]
    assert [(o.id, o.spoils) for o in obstacles(before, replace(before, plane="front"))] == [("plane", "some")]
    assert [(o.id, o.spoils) for o in obstacles(before, take("b", speed=None))] == [("speed_unknown", "certainty")]
    assert [(o.id, o.spoils) for o in obstacles(before, take("b", speed=4.0))] == [("speed_far", "all")]
    films = [replace(before, film_sha256=name) for name in ("1", "2")]
    assert obstacles(*films) == ()
    assert [(o.id, o.spoils) for o in obstacles(films[0], films[0])] == [("same_film", "all")]


def test_a_quicker_rhythm_leaves_part_of_its_doubt() -> None:
    """2 % quicker of the 5 % from which it is whole: ln 1.02 / 0.05 of 23 ms. Flight is the mean of both legs."""

    def runner(cadence: float) -> Take:
        legs = [on("left", number("flight_time_ms", 90.0, 0.0)), on("right", number("flight_time_ms", 110.0, 0.0))]
        rest = [
            number("contact_time_ms", 250.0, 0.0),
            number("duty_factor", 0.36, 0.0),
            number("flight_distance_m", -0.3, 0.0),
            number("take_off_angle_deg", 9.0, 0.0),
        ]
        return take("a", number(CADENCE, cadence, 0.0), *legs, *rest)

    share = math.log(1.02) / 0.05
    for before, after in ((170.0, 173.4), (173.4, 170.0)):
        told = {d.measure: d.minimal_change for d in compare(runner(before), runner(after)).differences}
        assert told["contact_time_ms"] == told["flight_time_ms"] == pytest.approx(23.0 * share)
        assert told["duty_factor"] == pytest.approx(23.0 * share * before / 120_000)
        assert told["flight_distance_m"] == pytest.approx(0.3 * 23.0 * share / 100)
        assert told["take_off_angle_deg"] == pytest.approx(9.0 * 23.0 * share / 100)
    unknown = take("b", number("contact_time_ms", 250.0, 1.0))
    assert one(unknown, runner(170.0), "contact_time_ms").minimal_change == 1.0
    grounded = take(
        "b", number(CADENCE, 170.0, 0.0), number("contact_time_ms", 250.0, 0.0), number("flight_time_ms", 0.0, 1.0)
    )
    assert one(grounded, runner(180.0), "contact_time_ms").minimal_change == pytest.approx(23.0)
    no_flight = take("b", number(CADENCE, 170.0, 0.0), number("flight_distance_m", 0.3, 0.1))
    assert one(no_flight, runner(180.0), "flight_distance_m").minimal_change == pytest.approx(0.1)


# -- the verdict ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict"),
    [
        ("pelvis_drop_deg", 4.0, 9.0, "changed"),  # no band, and no side is better
        ("asymmetry_contact_time_pct", 4.0, 9.0, "worse"),
        ("asymmetry_contact_time_pct", -9.0, 4.0, "better"),
        ("asymmetry_contact_time_pct", -4.0, 4.0, "changed"),  # as far from even as before
        ("wholly_new_deg", 4.0, 9.0, "changed"),
    ],
)
def test_without_a_band_only_what_is_best_at_nothing_is_better_or_worse(
    name: str, before: float, after: float, verdict: str
) -> None:
    assert one(take("a", number(name, before, 1.0)), take("b", number(name, after, 1.0)), name).verdict == verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (-8.0, -4.0, "better"),  # 5 and 1 below the band
        (-4.0, -8.0, "worse"),
        (-5.0, 9.0, "changed"),  # 2 below, 2 above
        (-5.0, 8.0, "better"),
        (-5.0, 10.0, "worse"),
        (-2.0, 6.0, "changed"),  # inside
    ],
)
def test_a_value_below_its_band_counts_as_one_above(before: float, after: float, verdict: str) -> None:
    was, now = (take(n, number(SHANK, v, 1.0, band=(-3, 7))) for n, v in (("a", before), ("b", after)))
    assert one(was, now, SHANK).verdict == verdict


def test_a_target_judges_its_own_side_only() -> None:
    """From 5 to 1 leaves the band: worse, unless the plan asked for it."""
    sides: tuple[MeasureSide, ...] = ("left", "right")
    aim = plan("sitting", SHANK, 5.0, 0.0)
    assert aim.target is not None
    aim = replace(aim, target=replace(aim.target, side="left"))
    before = take("a", *(on(side, number(SHANK, 5.0, 1.0, band=(3, 7))) for side in sides), plan=aim)
    after = take("b", *(on(side, number(SHANK, 1.0, 1.0, band=(3, 7))) for side in sides))
    assert {d.side: d.verdict for d in compare(before, after).differences} == {"left": "better", "right": "worse"}
    other = take("a", number(CADENCE, 160.0, 1.0, band=(155, 190)), plan=aim)
    assert one(other, take("b", number(CADENCE, 150.0, 1.0, band=(155, 190))), CADENCE).verdict == "worse"


def test_what_the_cue_brings_is_no_failure_and_the_rest_is() -> None:
    """Putting the foot down sooner makes steps shorter and quicker; a longer one, or a slower one, is not its doing."""

    def change(name: str, old: float, new: float, band: tuple[float, float]) -> tuple[str, bool]:
        before = take("a", number(name, old, 0.001, band=band), plan=plan("reaching", SHANK, 12.0, 7.0))
        told = one(before, take("b", number(name, new, 0.001, band=band)), name)
        return told.verdict, told.expected

    assert change(STEP, 1.2, 1.0, (1.1, 1.5)) == ("changed", True)
    assert change(STEP, 1.4, 1.7, (1.1, 1.5)) == ("worse", False)
    assert change(STEP, 1.7, 1.4, (1.1, 1.5)) == ("better", False)
    assert change(STEP, 1.4, 1.3, (1.1, 1.5)) == ("changed", True)
    assert change("trunk_lean_deg", 5.0, 12.0, (1.0, 9.0)) == ("worse", False)
    before = take("a", number(STEP, 1.2, 0.001, band=(1.1, 1.5)))
    told = one(before, take("b", number(STEP, 1.0, 0.001, band=(1.1, 1.5))), STEP)
    assert (told.verdict, told.expected) == ("worse", False)


def apart(z: float, least: float | None = 1.96) -> Difference:
    """A difference of so many standard errors."""
    verdict = "changed" if abs(z) > 1.96 else "no_clear_change"
    return Difference(
        measure="m", side="both", unit="", before=0.0, after=z, change=z, minimal_change=least, verdict=verdict
    )  # fmt: skip


@pytest.mark.parametrize(
    ("zs", "surely"),
    [
        ((2.2,), (True,)),  # two in hundred runs: 0.0278
        ((2.2, 0.0, 0.0), (False, False, False)),  # the first of three has to be below 0.0167: z 2.394
        ((2.38, 0.0, 0.0), (False, False, False)),
        ((2.41, 0.0, 0.0), (True, False, False)),
        ((2.2, -2.2, 0.0), (True, True, False)),  # the second below 0.0333: z 2.128
        ((2.1, 0.0, 2.3), (False, False, False)),
        ((2.14, 0.0, 2.3), (True, False, True)),
        ((1.97, 2.0, -1.98), (True, True, True)),  # the third below 0.05
    ],
)
def test_of_many_changes_the_sure_ones_are_few_by_chance(zs: tuple[float, ...], surely: tuple[bool, ...]) -> None:
    assert tuple(d.surely for d in mark_surely_changed([apart(z) for z in zs])) == surely


def test_what_has_no_known_error_is_not_counted_among_the_changes() -> None:
    rows = [apart(2.2), apart(9.0, None), apart(9.0, None)]
    assert [d.surely for d in mark_surely_changed(rows)] == [True, False, False]
    assert mark_surely_changed([]) == ()


def test_signs_of_working_and_of_tiring() -> None:
    assert (expected_sign("bounce", CADENCE), expected_sign("bounce", STEP), expected_sign("bounce", SHANK)) == (
        1,
        -1,
        0,
    )
    assert fading_sign("contact_time_ms") == 1
    assert fading_sign("peak_thigh_extension_deg") == -1
    assert fading_sign(SHANK) == 0


def test_a_watch_errs_by_a_share_or_in_its_own_unit() -> None:
    assert watch_error("contact_time_ms", 250.0) == pytest.approx(30.0)
    assert watch_error("contact_time_ms", -250.0) == pytest.approx(30.0)
    assert watch_error("asymmetry_contact_time_pct", -8.0) == 2.0


# -- a longer or shorter step --------------------------------------------------------------------------------------


def stepped(label: str, *more: Measure, step: float = 1.0) -> Take:
    return take(label, number(STEP, step, 0.02), *more)


def test_a_leg_that_cannot_be_compared_does_not_speak_against_the_other() -> None:
    flight = number("flight_time_ms", 90.0, 5.0)
    before = stepped("a", on("left", flight), on("right", replace(flight, uncertainty=math.nan)))
    after = stepped("b", on("left", replace(flight, value=120.0)), on("right", replace(flight, value=70.0)), step=1.2)
    step = compare(before, after).step
    assert step is not None
    assert (step.direction, step.by) == ("longer", ("flight",))


def test_two_legs_that_disagree_make_no_longer_step() -> None:
    before = take("a", on("left", number(STEP, 1.0, 0.02)), on("right", number(STEP, 1.0, 0.02)))
    for right, direction in ((0.8, None), (1.2, "longer"), (1.01, "longer")):
        after = take("b", on("left", number(STEP, 1.2, 0.02)), on("right", number(STEP, right, 0.02)))
        step = compare(before, after).step
        assert (step.direction if step else None) == direction


def test_a_step_that_reaches_is_longer_by_reach_and_a_shorter_one_is_not() -> None:
    for shank, step, told in (
        (9.0, 1.2, ("longer", ("reach",))),
        (9.0, 0.8, ("shorter", ())),
        (-1.0, 0.8, ("shorter", ("reach",))),
    ):
        got = compare(stepped("a", number(SHANK, 4.0, 1.0)), stepped("b", number(SHANK, shank, 1.0), step=step)).step
        assert got is not None
        assert (got.direction, got.by) == told


def rhythm(cadence: float, cadence_error: float, speed: float, speed_error: float) -> Take:
    rows = (number(CADENCE, cadence, cadence_error), number("speed_mps", speed, speed_error))
    return take("a", *rows, speed=speed)


@pytest.mark.parametrize(
    ("cadence", "direction"), [(169.0, None), (172.0, "shorter"), (152.0, None), (149.0, "longer")]
)
def test_a_step_at_one_speed_follows_the_cadence_beyond_four_errors(cadence: float, direction: str | None) -> None:
    """Each cadence to 3 %, each speed to 4 %: 5 % a take, 7.07 % for two, as the logarithm rises from 160 to 171.7."""
    step = compare(rhythm(160.0, 4.8, 3.0, 0.12), rhythm(cadence, 0.03 * cadence, 3.0, 0.12)).step
    assert (step.direction if step else None) == direction


def test_a_little_faster_counts_against_a_quicker_cadence() -> None:
    """Cadence 6 % up by logarithm, speed 2 %: the step is 4 % shorter, beyond 3 and not beyond 5 %."""
    quick = 160.0 * math.exp(0.06)
    for error, direction in ((0.03, "shorter"), (0.05, None)):
        before, after = rhythm(160.0, 0.0, 3.0, 3.0 * error), rhythm(quick, 0.0, 3.0 * math.exp(0.02), 0.0)
        step = compare(before, after).step
        assert (step.direction if step else None) == direction
    faster = rhythm(quick, 0.0, 3.0 * math.exp(0.031), 0.0)
    assert compare(rhythm(160.0, 0.0, 3.0, 0.0), faster).step is None


def test_a_rhythm_that_is_not_surely_known_says_nothing_of_steps() -> None:
    sure, quick = rhythm(160.0, 1.0, 3.0, 0.01), rhythm(180.0, 1.0, 3.0, 0.01)
    assert compare(sure, quick).step is not None
    cadence, speed = quick.measures
    for rows in (
        (cadence,),
        (speed,),
        (replace(cadence, uncertainty=math.nan), speed),
        (cadence, replace(speed, uncertainty=math.nan)),
        (on("left", cadence), on("right", cadence), speed),
        (replace(cadence, value=0.0), speed),
    ):
        assert compare(sure, replace(quick, measures=rows)).step is None
        assert compare(replace(quick, measures=rows), sure).step is None


# -- the focus -----------------------------------------------------------------------------------------------------


def seen(problem: str, **more: object) -> Finding:
    evidence = (Evidence(measure=f"{problem}_deg", side="left", value=1.0, time_s=None),)
    cues = (Cue(id="one", says=f"one for {problem}", mends=""), Cue(id="two", says="another", mends=""))
    whole = replace(found(problem), evidence=evidence, cues=cues, title=f"Title of {problem}")
    return replace(whole, **more)  # type: ignore[arg-type]


def test_the_aim_without_a_plan_is_the_first_finding_that_stands_alone() -> None:
    explained, bare = seen("bounce", explained_by="reaching"), seen("sitting", evidence=())
    aim = aim_of(take("a", findings=(explained, bare, seen("reaching"), seen("pawback"))))
    assert aim is not None
    assert (aim.problem, aim.title, aim.cue) == ("reaching", "Title of reaching", "one for reaching")
    assert (aim.measure, aim.side, aim.target, aim.planned) == ("reaching_deg", "left", None, False)
    assert aim_of(take("a", findings=(explained, bare))) is None
    mute = aim_of(take("a", findings=(seen("reaching", cues=()),)))
    assert mute is not None
    assert mute.cue == ""


def test_the_aim_of_a_plan_is_its_focus_with_the_measure_of_its_target() -> None:
    said = replace(plan("reaching", SHANK, 12.0, 7.0), title="Land closer")
    aim = aim_of(take("a", plan=said, findings=(seen("bounce"), seen("reaching"))))
    assert aim is not None
    assert (aim.problem, aim.title, aim.cue) == ("reaching", "Land closer", "cue for reaching")
    assert (aim.measure, aim.side, aim.target, aim.planned) == (SHANK, "both", said.target, True)


def test_a_plan_without_a_target_is_judged_by_what_its_finding_showed() -> None:
    bare = replace(plan("reaching", SHANK, 12.0, 7.0), target=None)
    aim = aim_of(take("a", plan=bare, findings=(seen("bounce"), seen("reaching"))))
    assert aim is not None
    assert (aim.measure, aim.side, aim.target) == ("reaching_deg", "left", None)
    alone = aim_of(take("a", plan=bare))
    assert alone is not None
    assert (alone.problem, alone.measure, alone.side) == ("reaching", "", "both")


def test_what_became_of_the_focus_names_what_comes_next() -> None:
    said = replace(plan("reaching", SHANK, 12.0, 7.0), title="Land closer")
    coming = replace(plan("bounce", CADENCE, 160.0, 170.0), title="Run quicker")
    before = take("a", number(SHANK, 12.0, 1.0), plan=said)
    told = compare(before, take("b", number(SHANK, 6.0, 1.0), plan=coming)).focus
    assert told is not None
    assert (told.problem, told.title, told.cue, told.measure, told.side) == (
        "reaching", "Land closer", "cue for reaching", SHANK, "both",
    )  # fmt: skip
    assert (told.do, told.next_focus, told.next_title, told.next_cue) == (
        "next", "bounce", "Run quicker", "cue for bounce",
    )  # fmt: skip
    assert not told.still_seen
    own = compare(replace(before, trying="my own words"), take("b", number(SHANK, 11.9, 1.0), plan=coming)).focus
    assert own is not None
    assert (own.cue, own.do, own.next_focus, own.next_title, own.next_cue) == ("my own words", "stay", "", "", "")


@pytest.mark.parametrize(
    ("left", "right", "verdict", "do"),
    [
        (6.0, 6.0, "better", "next"),
        (6.0, 8.5, "better", "stay"),  # one leg has not reached the goal of 7, and the problem is still seen
        (7.0, 7.0, "better", "next"),
        (6.0, 16.0, "worse", "another_cue"),
        (6.0, 12.0, "better", "stay"),
        (12.0, 12.0, "no_clear_change", "stay"),
    ],
)
def test_a_focus_of_both_sides_is_as_good_as_the_worse_leg(left: float, right: float, verdict: str, do: str) -> None:
    def run(label: str, legs: tuple[float, float]) -> Take:
        sides: tuple[MeasureSide, ...] = ("left", "right")
        return take(label, *(on(s, number(SHANK, v, 1.0)) for s, v in zip(sides, legs, strict=True)))

    before = replace(run("a", (12.0, 12.0)), plan=plan("reaching", SHANK, 12.0, 7.0))
    told = compare(before, replace(run("b", (left, right)), findings=(found("reaching"),))).focus
    assert told is not None
    assert (told.verdict, told.do, told.still_seen) == (verdict, do, True)


def test_a_focus_of_one_side_is_judged_by_that_side_or_by_a_number_of_both() -> None:
    aim = plan("reaching", SHANK, 12.0, 7.0)
    target = Target(measure=SHANK, side="left", start=12.0, goal=7.0, minimal_change=2.0, unit="deg")

    def verdict(rows: list[tuple[MeasureSide, float]]) -> str:
        before = take("a", *(on(s, number(SHANK, 12.0, 1.0)) for s, _ in rows), plan=replace(aim, target=target))
        told = compare(before, take("b", *(on(s, number(SHANK, v, 1.0)) for s, v in rows))).focus
        assert told is not None
        return told.verdict

    assert verdict([("left", 6.0), ("right", 16.0)]) == "better"
    assert verdict([("both", 6.0), ("right", 16.0)]) == "changed"  # its target is of the left leg alone
    assert verdict([("right", 6.0)]) == "cannot_tell"
