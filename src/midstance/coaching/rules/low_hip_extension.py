"""Very little hip extension: the thigh does not travel as far back as this speed needs."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, isnt, provided
from midstance.model import Experiment


def sign(facts: Facts) -> Reading:
    """Find less extension than the speed needs: the line rises with speed (docs/evidence.md#thigh-extension)."""
    return facts.low("peak_thigh_extension_deg")


def quick_feet(facts: Facts) -> Reading:
    """Find quick steps, or a foot pulled up early in steps on the quick side.

    Pulled up: the knee still bent at toe-off, though not because the hips are low, or folding before the thigh is
    rearmost.
    """
    contact, steps = "contact_time_ms", "cadence_spm"
    pulled = any_of(
        all_of(facts.high("knee_flexion_at_toe_off_deg"), isnt(sitting(facts))),
        facts.high("knee_flexion_before_rearmost_thigh_deg"),
    )
    quick = any_of(
        facts.below(contact, 0.95 * facts.usual(contact)),
        facts.above(steps, 1.03 * facts.usual(steps)),
    )
    return any_of(facts.high(steps), provided(pulled, quick))


def late_start(facts: Facts) -> Reading:
    """Find the thigh still far in front at landing, or still coming forward fast."""
    return any_of(facts.high("thigh_angle_at_strike_deg"), facts.low("hip_extension_velocity_at_strike_dps"))


def sitting(facts: Facts) -> Reading:
    """Find low hips, or a knee bent deep, or bent to the end, under hips on the low side.

    A foot pulled up early leaves the knee bent as well, but under tall hips.
    """
    height, knee = "hip_height_midstance_leg", "peak_knee_flexion_stance_deg"
    lowish = facts.below(height, facts.usual(height))
    crouched = all_of(facts.rather_low(height), facts.rather_high(knee))
    return any_of(
        provided(facts.high(knee), lowish),
        provided(facts.high("knee_flexion_at_toe_off_deg"), crouched),
        facts.low(height),
    )


RULE = Rule(
    id="low_hip_extension",
    title="Very little hip extension",
    headline="Your thigh hardly goes back behind you",
    topic="little hip extension",
    says="{seen}",
    or_says="Your thigh does not go far enough back behind you.",
    means=(
        "Your hip works like a crank: the faster you run, the farther your thigh goes back. "
        "Here it stops early, so the speed has to come from somewhere else."
    ),
    planes=("side",),
    film="Film from the side, square to the runner.",
    sign=sign,
    causes=(
        CauseTest(
            id="quick_feet",
            title="Quick feet, pulled up early",
            test=quick_feet,
            yes="{seen} You hurry the foot up before the hip has finished.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more.",
            experiment=Experiment(
                do="Run 20 seconds with fewer, longer steps at the same speed: let each leg finish.",
                then="your thigh goes {by} degrees farther back",
                measure="peak_thigh_extension_deg",
                way=1,
                done="cadence_spm",
                done_way=-1,
            ),
            cues=(
                Words(id="crank", says="Use the hip like a crank: start it and let it go."),
                Words(id="let_it_extend", says="Let the hip extend; don't hurry the foot off the ground."),
            ),
        ),
        CauseTest(
            id="sitting",
            title="Sitting low",
            test=sitting,
            yes="{seen} From a sitting position your thigh can't go far back.",
            no="{seen}",
            film="Film from the side with the whole runner in view.",
            experiment=Experiment(
                do="Run 20 seconds as tall as if a string pulled your hips up.",
                then="your thigh goes {by} degrees farther back",
                measure="peak_thigh_extension_deg",
                way=1,
                done="hip_height_midstance_leg",
                done_way=1,
            ),
            root="sitting",
            cues=(
                Words(id="hips_tall", says="Run tall, with your hips under you, and let the leg go back from there."),
            ),
        ),
        CauseTest(
            id="late_start",
            title="Starting the hip back only after landing",
            test=late_start,
            yes="{seen} Your hip starts back too late.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more.",
            experiment=Experiment(
                do="Run 20 seconds and start each thigh back before its foot lands.",
                then="your thigh goes {by} degrees farther back",
                measure="peak_thigh_extension_deg",
                way=1,
                done="hip_extension_velocity_at_strike_dps",
                done_way=1,
            ),
            cues=(Words(id="start_in_the_air", says="Start the hip back while the foot is still in the air."),),
        ),
    ),
    cues=(
        Words(id="let_it_extend", says="Let the hip extend; don't hurry the foot off the ground."),
        Words(id="crank", says="Use the hip like a crank: start it and let it go."),
    ),
    goals=("peak_thigh_extension_deg",),
    expect=(
        "Your steps get a little longer and slower at the same speed.",
        "You may overdo it first and push the leg back. Only start it: it finishes alone.",
    ),
    guard=(
        "Your foot should not land farther ahead than now.",
        "Don't hollow your lower back to make room, and don't force the leg back.",
    ),
    sources=(
        Source(
            says="Force-plate runners: about 4 degrees and 5.5 more for each metre a second, from 2 to 4 m/s.",
            grade="weak",
        ),
        Source(
            says="Hip extension falls by about a quarter in the course of a marathon (Chan-Roper and others 2012).",
            grade="moderate",
        ),
        Source(
            says=(
                "No published cut-off: little extension may suit a slow, compact runner who does not reach "
                "(Souza 2016)."
            ),
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="feet pulled up early",
            grade="flag",
            measures={"peak_thigh_extension_deg": 8, "knee_flexion_at_toe_off_deg": 33, "contact_time_ms": 195},
            causes={"quick_feet": "supported", "sitting": "not_supported"},
        ),
        Case(
            name="sitting",
            grade="flag",
            measures={
                "peak_thigh_extension_deg": 8,
                "hip_height_midstance_leg": 0.82,
                "peak_knee_flexion_stance_deg": 62,
            },
            causes={"sitting": "supported", "quick_feet": "not_supported"},
        ),
        Case(
            name="sitting, so that the knee is still bent at toe-off in a short contact",
            grade="flag",
            measures={
                "peak_thigh_extension_deg": 8,
                "hip_height_midstance_leg": 0.80,
                "peak_knee_flexion_stance_deg": 64,
                "knee_flexion_at_toe_off_deg": 38,
                "contact_time_ms": 195,
            },
            causes={"sitting": "supported", "quick_feet": "not_supported"},
        ),
        Case(
            name="quick steps",
            grade="flag",
            measures={"peak_thigh_extension_deg": 8, "cadence_spm": 205},
            causes={"quick_feet": "supported", "sitting": "not_supported"},
        ),
        Case(
            name="extension starts after landing",
            grade="flag",
            measures={"peak_thigh_extension_deg": 8, "thigh_angle_at_strike_deg": 36},
            causes={"late_start": "supported", "quick_feet": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={"peak_thigh_extension_deg": 18}),
        Case(
            name="ordinary for a jog, too little at speed",
            grade="flag",
            speed_mps=4.5,
            measures={"peak_thigh_extension_deg": 15},
        ),
    ),
    silent=(
        Case(name="just under the line", measures={"peak_thigh_extension_deg": 19.6}),
        Case(name="the same angle at a slow jog is enough", speed_mps=2.3, measures={"peak_thigh_extension_deg": 16.5}),
        Case(name="thigh not seen", measures={"peak_thigh_extension_deg": 8}, without=("peak_thigh_extension_deg",)),
        Case(name="filmed from behind", plane="rear", measures={"peak_thigh_extension_deg": 8}),
    ),
    weight=1.5,
)
