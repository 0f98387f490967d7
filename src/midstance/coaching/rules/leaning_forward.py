"""Too much forward lean of the trunk."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, isnt, provided
from midstance.data import table
from midstance.model import Experiment

LEAN = "trunk_lean_deg"
LEG = "leg_lean_stance_deg"


def sign(facts: Facts) -> Reading:
    """Find a trunk that leans forward more than the speed asks for (docs/evidence.md#trunk-lean)."""
    return facts.high(LEAN)


def leg_goes_along(facts: Facts) -> Reading:
    """Find a leg that leans forward over the foot as the trunk does (data/causes.toml)."""
    return facts.above(LEG, facts.usual(LEG) + table("causes")["whole_body"]["leg_lean_beyond_usual_deg"])


def bent_at_waist(facts: Facts) -> Reading:
    """Find a lean of the trunk that the leg on the ground does not follow: the bend is at the hip."""
    return provided(isnt(leg_goes_along(facts)), facts.high(LEAN))


def whole_body(facts: Facts) -> Reading:
    """Find a lean of trunk and leg together, from the ankle."""
    return provided(leg_goes_along(facts), facts.high(LEAN))


RULE = Rule(
    id="leaning_forward",
    title="Leaning forward too much",
    headline="You lean forward a lot",
    topic="leaning forward",
    says="{seen}",
    or_says="Your trunk leans far forward.",
    means=(
        "You should lean forward a little, and more as you speed up. Leaning much more leaves your legs behind and "
        "costs energy, though it spares the knees."
    ),
    planes=("side",),
    film="Film from the side with the camera level, at a steady speed.",
    sign=sign,
    causes=(
        CauseTest(
            id="bent_at_waist",
            title="Bending at the waist",
            test=bent_at_waist,
            yes="{seen_leg_lean_stance_deg} Your trunk leans and your leg does not: you bend at the hips.",
            no="{seen_leg_lean_stance_deg} Your leg leans along with your trunk.",
            film="Film from the side, the whole runner in view.",
            experiment=Experiment(
                do="Run 20 seconds with your hips pushed forward under your chest.",
                then="your trunk comes up by {by} degrees",
                measure=LEAN,
                way=-1,
            ),
            cues=(Words(id="hips_under_chest", says="Bring the hips forward, under your chest."),),
        ),
        CauseTest(
            id="whole_body",
            title="Leaning with the whole body",
            test=whole_body,
            yes="{seen_leg_lean_stance_deg} Your leg leans along with your trunk.",
            no="{seen_leg_lean_stance_deg} Your leg does not lean along with your trunk.",
            film="Film from the side, the whole runner in view.",
            cues=(Words(id="tall_chest", says="Run tall: chest up, eyes on the horizon."),),
        ),
    ),
    cues=(Words(id="tall_chest", says="Run tall: chest up, eyes on the horizon."),),
    goals=(LEAN,),
    expect=("It feels as if you lean back. The film will show that you don't.",),
    guard=("Don't go past upright: leaning back makes the foot reach.",),
    sources=(
        Source(
            says="Leaning as far as they could cost 16 runners 8 percent more energy (Carson and others 2024).",
            grade="moderate",
        ),
        Source(
            says="Runners who lean little do so 3.6, those who lean much 10.8 degrees (Teng and Powers 2015).",
            grade="moderate",
        ),
        Source(
            says="Against it: the runners who lean more ask less of their knees (Teng and Powers 2015).",
            grade="moderate",
        ),
    ),
    fires=(
        Case(
            name="bent at the waist",
            grade="flag",
            measures={LEAN: 18, LEG: 4},
            causes={"bent_at_waist": "supported", "whole_body": "not_supported"},
        ),
        Case(
            name="leg and trunk lean together",
            grade="flag",
            measures={LEAN: 18, LEG: 14},
            causes={"whole_body": "supported", "bent_at_waist": "not_supported"},
        ),
        Case(
            name="the leg not seen",
            grade="flag",
            measures={LEAN: 18},
            without=(LEG,),
            causes={"bent_at_waist": "cannot_tell", "whole_body": "cannot_tell"},
        ),
        Case(name="just over the line", grade="watch", measures={LEAN: 11.5}),
    ),
    silent=(
        Case(name="just under the line", measures={LEAN: 10.0}),
        Case(name="the same lean at speed", speed_mps=6.0, measures={LEAN: 12.5}),
        Case(name="trunk not seen", measures={LEAN: 18}, without=(LEAN,)),
        Case(name="filmed from the front", plane="front", measures={LEAN: 18}),
    ),
    weight=1.1,
)
