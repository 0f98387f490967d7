"""Pawing back: the foot is pulled back on purpose just before it lands."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, high, isnt, provided
from midstance.model import Experiment

SWEEP = "shank_sweep_before_strike_deg"
SPEED = "foot_forward_speed_at_strike_ratio"
KNEE = "knee_bending_before_strike_dps"
THIGH = "hip_extension_velocity_at_strike_dps"


def sign(facts: Facts) -> Reading:
    """Find a foot slowed, and a shank swept back, more than usual before landing (docs/evidence.md#pawback)."""
    return provided(facts.low(SPEED), facts.rather_high(SWEEP))


def pulled_by_knee(facts: Facts) -> Reading:
    """Find a knee that bends faster than is ordinary before landing, under a thigh no quicker than usual.

    A quick thigh takes the foot back just as well, and then the knee has no part in it. How clear it is goes by the
    usual knee: most knees still straighten.
    """
    bends = provided(facts.above(KNEE, facts.usual(KNEE)), facts.high(KNEE))
    return provided(bends, isnt(facts.above(THIGH, facts.usual(THIGH))))


def from_an_ordinary_height(facts: Facts) -> Reading:
    """Find a pawing foot under a thigh that did not swing too high."""
    return all_of(facts.low(SPEED), isnt(facts.high("peak_thigh_flexion_deg")))


def lower_leg_driven(facts: Facts) -> Reading:
    """Find pawing by the knee, and not by a thigh that is quick or comes down from too high."""
    return provided(pulled_by_knee(facts), from_an_ordinary_height(facts))


def thigh_driven(facts: Facts) -> Reading:
    """Find pawing by a thigh that goes back quicker than usual, and does not come down from too high."""
    return provided(facts.above(THIGH, facts.usual(THIGH)), from_an_ordinary_height(facts))


RULE = Rule(
    id="pawback",
    title="Pawing back",
    headline="You paw back at the ground",
    topic="pawing back",
    says="{seen_foot_forward_speed_at_strike_ratio} {seen_shank_sweep_before_strike_deg}",
    or_says="You pull your lower leg back just before the foot lands.",
    means=(
        "Your foot still moves forward as it lands, like everyone's. Faster runners don't cancel more of that. "
        "Pulling the lower leg back on purpose costs effort and hurries the landing."
    ),
    planes=("side",),
    film="Film from the side at 60 frames a second or more, with sharp feet.",
    sign=sign,
    causes=(
        CauseTest(
            id="lower_leg_driven",
            title="Driving the lower leg back",
            test=lower_leg_driven,
            yes="{seen_knee_bending_before_strike_dps} Your thigh does not hurry, so you pull the lower leg back.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more.",
            experiment=Experiment(
                do="Run 20 seconds and leave the lower leg alone before it lands.",
                then="your foot lands with {by} more of your speed",
                measure=SPEED,
                way=1,
                done=KNEE,
                done_way=-1,
            ),
            cues=(Words(id="be_patient", says="Be patient: the lower leg is just along for the ride."),),
        ),
        CauseTest(
            id="thigh_driven",
            title="Pulling the whole leg back",
            test=thigh_driven,
            yes="{seen_hip_extension_velocity_at_strike_dps} Your knee does not do it, so the whole leg pulls back.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more.",
            experiment=Experiment(
                do="Run 20 seconds and let the leg fall: don't pull it back.",
                then="your foot lands with {by} more of your speed",
                measure=SPEED,
                way=1,
                done="hip_extension_velocity_at_strike_dps",
                done_way=-1,
            ),
            cues=(Words(id="not_quick", says="Don't try to get quick at the landing."),),
        ),
        CauseTest(
            id="high_thigh",
            title="Bringing the thigh down from too high",
            test=high("peak_thigh_flexion_deg"),
            yes="{seen} Your foot comes down from there with a sweep.",
            no="{seen}",
            film="Film from the side, the whole runner in view.",
            experiment=Experiment(
                do="Run 20 seconds with a lower knee in front.",
                then="your foot lands with {by} more of your speed",
                measure=SPEED,
                way=1,
                done="peak_thigh_flexion_deg",
                done_way=-1,
            ),
            root="swing_angle",
            cues=(Words(id="thigh_passive", says="Don't lift the knee: let it come through by itself."),),
        ),
    ),
    cues=(
        Words(id="be_patient", says="Be patient: the lower leg is just along for the ride."),
        Words(id="not_quick", says="Don't try to get quick at the landing."),
    ),
    goals=(SPEED, SWEEP),
    expect=("Your landing feels later and softer at first.",),
    guard=("Being patient is not waiting in front: your foot should not land farther ahead than now.",),
    sources=(
        Source(
            says="Faster runners do not match their feet better to the ground (Clark and others 2023).",
            grade="moderate",
        ),
        Source(
            says="The line itself is our proposal; force-plate runners land at .4 to 1.15 of their speed.",
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="drives the lower leg back",
            grade="flag",
            measures={SPEED: 0.20, SWEEP: 11.5, KNEE: 180, THIGH: 30},
            causes={"lower_leg_driven": "supported", "thigh_driven": "not_supported", "high_thigh": "not_supported"},
        ),
        Case(
            name="pulls the whole leg back",
            grade="flag",
            measures={SPEED: 0.20, SWEEP: 11.5, KNEE: -100, THIGH: 150},
            causes={"thigh_driven": "supported", "lower_leg_driven": "not_supported", "high_thigh": "not_supported"},
        ),
        Case(
            name="comes down from a high thigh",
            grade="flag",
            measures={SPEED: 0.20, SWEEP: 11.5, "peak_thigh_flexion_deg": 50},
            causes={"high_thigh": "supported", "lower_leg_driven": "not_supported"},
        ),
        Case(
            name="a knee that bends no faster than is ordinary",
            grade="flag",
            measures={SPEED: 0.20, SWEEP: 11.5, KNEE: 60, THIGH: 30},
            causes={"lower_leg_driven": "cannot_tell"},
        ),
        Case(name="just over the line", grade="watch", measures={SPEED: 0.62, SWEEP: 9.0}),
    ),
    silent=(
        Case(name="just under the line", measures={SPEED: 0.66, SWEEP: 9.0}),
        Case(name="a large sweep at high speed is usual", speed_mps=6.0, measures={SWEEP: 17}),
        Case(name="a quick thigh before landing is wanted", measures={"hip_extension_velocity_at_strike_dps": 160}),
        Case(name="feet not seen", measures={SWEEP: 11.5}, without=(SPEED,)),
        Case(name="filmed from the front", plane="front", measures={SPEED: 0.20, SWEEP: 11.5}),
    ),
    weight=0.9,
)
