"""Short or flat stride: little time in the air, or short quick steps that hardly rise."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, at_least, provided
from midstance.coaching.rules.reaching import sign as reaches
from midstance.data import table
from midstance.model import Experiment


def sign(facts: Facts) -> Reading:
    """Find a flat stride (little flight, a long share on the ground) or a short one (short, quick, low steps).

    See docs/evidence.md#step-length.
    """
    flat = all_of(any_of(facts.low("flight_time_ms"), facts.low("take_off_angle_deg")), facts.high("duty_factor"))
    short = at_least(
        2,
        any_of(facts.low("step_length_leg"), facts.high("cadence_spm")),
        any_of(facts.low("vertical_oscillation_leg"), facts.low("take_off_angle_deg")),
        facts.low("peak_thigh_flexion_deg"),
    )
    return any_of(flat, short)


def leg_extended_long(facts: Facts) -> Reading:
    """Find the whole leg stretched far out behind at toe-off: a leg with a bent knee is not stretched."""
    knee = "knee_flexion_at_toe_off_deg"
    far = any_of(facts.high("peak_thigh_extension_deg"), facts.high("leg_angle_at_toe_off_deg"))
    return any_of(facts.low(knee), provided(far, facts.below(knee, facts.usual(knee))))


def low_take_off(facts: Facts) -> Reading:
    """Find a take-off on the low side; that the stride is flat is found already."""
    return facts.rather_low("take_off_angle_deg")


def toeing_off(facts: Facts) -> Reading:
    """Find a heel that leaves the ground early, and an ankle that then opens more than usual.

    A leg left long on the ground opens the ankle as well, but its heel rises when it should.
    """
    heel, arc = "heel_rise_time_pct", "ankle_arc_deg"
    early = facts.usual(heel) - table("causes")["toeing_off"]["heel_rises_before_usual_pct"]
    return provided(facts.below(heel, early), facts.above(arc, facts.usual(arc)))


RULE = Rule(
    id="flat_stride",
    title="Short or flat stride",
    headline="Your stride is short or flat",
    topic="a flat stride",
    says="{seen_flight_time_ms} {seen_cadence_spm}",
    or_says="Your stride is short or flat.",
    means=(
        "You gain length in the air. Here you push along the ground, or leave the foot there too long. "
        "Your steps then stay short however hard you push."
    ),
    planes=("side",),
    film="Film from the side at 60 frames a second or more, and give your speed.",
    sign=sign,
    causes=(
        CauseTest(
            id="leg_extended_long",
            title="Extending the whole leg too long",
            test=leg_extended_long,
            yes="{seen} Your foot stays down until the leg is stretched out behind you.",
            no="{seen}",
            film="Film from the side with the whole leg in view at toe-off.",
            experiment=Experiment(
                do="Run 20 seconds and let each foot go early, before the leg is straight.",
                then="you stay {by} ms longer in the air",
                measure="flight_time_ms",
                way=1,
                done="knee_flexion_at_toe_off_deg",
                done_way=1,
            ),
            root="forced_extension",
            cues=(Words(id="off_sooner", says="Be off the ground sooner: don't push longer than you must."),),
        ),
        CauseTest(
            id="toeing_off",
            title="Toeing off",
            test=toeing_off,
            yes="{seen_heel_rise_time_pct} {seen_ankle_arc_deg} You finish each step with a push of the toes.",
            no="{seen}",
            film="Film from the side with your feet large and sharp in the picture.",
            experiment=Experiment(
                do="Run 20 seconds with quiet ankles: leave your toes alone as you push off.",
                then="you stay {by} ms longer in the air",
                measure="flight_time_ms",
                way=1,
            ),
            cues=(Words(id="leave_foot", says="Leave the foot alone: the push comes from the hip."),),
        ),
        CauseTest(
            id="low_take_off",
            title="Taking off too low",
            test=low_take_off,
            yes="{seen} Your push goes along the ground.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more, and give your speed.",
            experiment=Experiment(
                do="Run 20 seconds with a little more bounce: let the horizon move.",
                then="your step grows by {by} leg lengths",
                measure="step_length_leg",
                way=1,
                done="take_off_angle_deg",
                done_way=1,
            ),
            cues=(
                Words(id="more_up", says="Think a little more up: let the horizon bob slightly."),
                Words(id="off_sooner", says="Be off the ground sooner: don't push longer than you must."),
            ),
        ),
        CauseTest(
            id="reaching_out",
            title="Reaching out with the lower leg",
            test=reaches,
            yes="{seen} You cover ground by reaching instead of flying.",
            no="{seen}",
            film="Film from the side with both feet in view at landing.",
            experiment=Experiment(
                do="Run 20 seconds and put each foot down sooner, under you.",
                then="you stay {by} ms longer in the air",
                measure="flight_time_ms",
                way=1,
                done="foot_ahead_of_hip_at_strike_leg",
                done_way=-1,
            ),
            root="reaching",
            cues=(
                Words(
                    id="drop_the_foot",
                    says="As soon as your knee stops coming forward, drop the foot to the ground.",
                ),
            ),
        ),
    ),
    cues=(
        Words(id="more_up", says="Think a little more up: let the horizon bob slightly."),
        Words(id="off_sooner", says="Be off the ground sooner: don't push longer than you must."),
    ),
    goals=(
        "flight_time_ms",
        "take_off_angle_deg",
        "step_length_leg",
    ),
    expect=(
        "You spend more time in the air. Your steps get longer and fewer at the same speed.",
        "It may feel like hopping. A little of that is right.",
    ),
    guard=(
        "Your foot should not land farther ahead than now.",
        "Don't turn it into a bounce: a little goes a long way.",
    ),
    sources=(
        Source(
            says="High performers make their length with a flight 11 percent longer (Preece and others 2019).",
            grade="moderate",
        ),
        Source(says="Less leg extension at toe-off is listed as economical (Moore 2016).", grade="moderate"),
        Source(
            says=(
                "Against it: at 10 to 14 km/h, runners who stay long on the ground spend no more energy "
                "(Lussiana and others 2019). It is a matter of style at easy speeds."
            ),
            grade="moderate",
        ),
    ),
    fires=(
        Case(
            name="flat because the take-off is low",
            grade="flag",
            measures={"flight_time_ms": 40, "duty_factor": 0.43, "take_off_angle_deg": 1.8},
            causes={"low_take_off": "supported", "leg_extended_long": "not_supported", "reaching_out": "not_supported"},
        ),
        Case(
            name="flat because the leg pushes too long",
            grade="flag",
            measures={
                "flight_time_ms": 42,
                "duty_factor": 0.43,
                "peak_thigh_extension_deg": 31,
                "knee_flexion_at_toe_off_deg": 4,
            },
            causes={"leg_extended_long": "supported", "reaching_out": "not_supported"},
        ),
        Case(
            name="flat because the toes push",
            grade="flag",
            measures={"flight_time_ms": 42, "duty_factor": 0.43, "ankle_arc_deg": 60, "heel_rise_time_pct": 56},
            causes={"toeing_off": "supported", "leg_extended_long": "not_supported"},
        ),
        Case(
            name="flat because it reaches",
            grade="flag",
            measures={
                "flight_time_ms": 42,
                "duty_factor": 0.43,
                "shank_angle_at_strike_deg": 16,
                "foot_ahead_of_hip_at_strike_leg": 0.36,
                "knee_flexion_at_strike_deg": 6,
            },
            causes={"reaching_out": "supported", "toeing_off": "not_supported"},
        ),
        Case(
            name="short, quick and low",
            grade="flag",
            measures={
                "step_length_leg": 1.0,
                "cadence_spm": 205,
                "vertical_oscillation_leg": 0.045,
                "peak_thigh_flexion_deg": 20,
            },
        ),
        Case(name="just over the line", grade="watch", measures={"flight_time_ms": 58, "duty_factor": 0.405}),
    ),
    silent=(
        Case(name="just under the line", measures={"flight_time_ms": 72, "duty_factor": 0.405}),
        Case(
            name="quick steps alone: there is no universal cadence",
            measures={"cadence_spm": 196, "step_length_leg": 1.05},
        ),
        Case(
            name="the same flight time at a slow jog",
            speed_mps=2.2,
            measures={"flight_time_ms": 50, "duty_factor": 0.44},
        ),
        Case(
            name="flight not measured", measures={"duty_factor": 0.43}, without=("flight_time_ms", "take_off_angle_deg")
        ),
        Case(name="filmed from the front", plane="front", measures={"flight_time_ms": 40, "duty_factor": 0.43}),
    ),
    weight=1.2,
)
