"""Sitting: the hips ride low and behind over a deeply bent knee."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, at_least, high, unknown
from midstance.coaching.rules.reaching import sign as reaches
from midstance.model import Experiment

KNEE = "peak_knee_flexion_stance_deg"
HIP = "hip_height_midstance_leg"


def sign(facts: Facts) -> Reading:
    """Find two of a deep knee, low hips and little extension; one of the first two must be among them.

    See docs/evidence.md#sitting.
    """
    deep, sunk = facts.high(KNEE), facts.low(HIP)
    return all_of(any_of(deep, sunk), at_least(2, deep, sunk, facts.low("peak_thigh_extension_deg")))


def pelvis_tilted(_facts: Facts) -> Reading:
    """Leave the tilt open: the pose has no points on the pelvis but the hips, so no single camera shows it."""
    return unknown("pelvis_tilt")


RULE = Rule(
    id="sitting",
    title="Sitting",
    headline="You run as if sitting",
    topic="sitting",
    says="{signs}",
    or_says="Your hips ride low.",
    means=(
        "From a sitting position your thigh can't go far back. Your legs carry a bent load on every step. "
        "Tall hips give the extension room."
    ),
    planes=("side",),
    film="Film from the side, the whole runner in view.",
    sign=sign,
    causes=(
        CauseTest(
            id="bent_at_waist",
            title="Bending at the waist",
            test=high("trunk_lean_deg"),
            yes="{seen} Your hips go back to balance it.",
            no="{seen}",
            film="Film from the side with the camera level.",
            experiment=Experiment(
                do="Run 20 seconds with your chest up and your hips forward.",
                then="your hips ride {by} of your leg's length higher",
                measure=HIP,
                way=1,
                done="trunk_lean_deg",
                done_way=-1,
            ),
            root="leaning_forward",
            cues=(Words(id="hips_under_chest", says="Bring the hips forward, under your chest."),),
        ),
        CauseTest(
            id="landing_ahead",
            title="Landing far ahead",
            test=reaches,
            yes="{seen} Your body sinks on its way over the foot.",
            no="{seen}",
            film="Film from the side with both feet in view at landing.",
            experiment=Experiment(
                do="Run 20 seconds and put each foot down sooner, under you.",
                then="your hips ride {by} of your leg's length higher",
                measure=HIP,
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
        CauseTest(
            id="pelvis_tilted",
            title="A pelvis tilted back",
            test=pelvis_tilted,
            yes="Your pelvis is tilted back.",
            no="Your pelvis is not tilted back.",
            film="No single camera shows it. Run with the hips a little forward and film again.",
            experiment=Experiment(
                do="Run 20 seconds as if a belt pulled your hips forward.",
                then="your hips ride {by} of your leg's length higher",
                measure=HIP,
                way=1,
            ),
            cues=(
                Words(id="hips_tall", says="Run tall, with your hips under you, and let the leg go back from there."),
            ),
        ),
    ),
    cues=(Words(id="hips_tall", says="Run tall, with your hips under you, and let the leg go back from there."),),
    goals=(HIP, KNEE),
    expect=("You feel taller, and your thigh goes farther back by itself.",),
    guard=("Don't hollow your back to get tall.", "Don't bounce more than now."),
    sources=(
        Source(
            says="Stance knees of force-plate runners bend 46 to 55 degrees; about 45 is expected (Souza 2016).",
            grade="weak",
        ),
        Source(
            says="The tilt of the pelvis is the least trustworthy number even of several cameras.", grade="moderate"
        ),
    ),
    fires=(
        Case(
            name="low hips over a deep knee, bent at the waist",
            grade="flag",
            measures={KNEE: 64, HIP: 0.82, "peak_thigh_extension_deg": 12, "trunk_lean_deg": 17},
            causes={"bent_at_waist": "supported", "landing_ahead": "not_supported", "pelvis_tilted": "cannot_tell"},
        ),
        Case(
            name="sinks over a foot far ahead",
            grade="flag",
            measures={KNEE: 64, HIP: 0.82, "shank_angle_at_strike_deg": 16, "foot_ahead_of_hip_at_strike_leg": 0.36},
            causes={"landing_ahead": "supported", "bent_at_waist": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={KNEE: 53.2, HIP: 0.892}),
    ),
    silent=(
        Case(name="just under the line", measures={KNEE: 53.2, HIP: 0.90}),
        Case(name="a soft knee with tall hips", measures={KNEE: 64}),
        Case(name="knee and hips not seen", measures={"peak_thigh_extension_deg": 12}, without=(KNEE, HIP)),
        Case(name="filmed from the front", plane="front", measures={KNEE: 64, HIP: 0.82}),
    ),
    weight=1.3,
)
