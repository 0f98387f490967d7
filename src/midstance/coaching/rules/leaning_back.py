"""Leaning back: the trunk is behind the vertical, or nearly so."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, high, isnt
from midstance.model import Experiment

LEAN = "trunk_lean_deg"
FOOT = "foot_ahead_of_hip_at_strike_leg"


def sign(facts: Facts) -> Reading:
    """Find a trunk that leans forward less than any running asks for (docs/evidence.md#trunk-lean)."""
    return facts.low(LEAN)


def chest_held_back(facts: Facts) -> Reading:
    """Find no lean although the feet land where they should."""
    return all_of(facts.low(LEAN), isnt(facts.high(FOOT)))


RULE = Rule(
    id="leaning_back",
    title="Leaning back",
    headline="You lean back",
    topic="leaning back",
    says="{seen}",
    or_says="Your trunk stays behind you.",
    means=(
        "If your body stays behind its feet, they have to land in front. A few degrees forward, from the ankles, let "
        "your foot land under you."
    ),
    planes=("side",),
    film="Film from the side with the camera level.",
    sign=sign,
    causes=(
        CauseTest(
            id="chest_held_back",
            title="Holding the chest back",
            test=chest_held_back,
            yes="{seen_foot_ahead_of_hip_at_strike_leg} Your feet land where they should, so you hold the chest back.",
            no="{seen}",
            film="Film from the side, the whole runner in view.",
            experiment=Experiment(
                do="Run 20 seconds with your chest a hand's width farther forward.",
                then="your trunk comes forward by {by} degrees",
                measure=LEAN,
                way=1,
            ),
            cues=(Words(id="tall_over_the_foot", says="Run tall, and bring your chest over the landing foot."),),
        ),
        CauseTest(
            id="feet_ahead",
            title="Feet running ahead of the body",
            test=high(FOOT),
            yes="{seen} Your body stays behind your feet.",
            no="{seen}",
            film="Film from the side with both feet in view at landing.",
            experiment=Experiment(
                do="Run 20 seconds and put each foot down sooner, under you.",
                then="your trunk comes forward by {by} degrees",
                measure=LEAN,
                way=1,
                done="foot_ahead_of_hip_at_strike_leg",
                done_way=-1,
            ),
            cues=(Words(id="tall_over_the_foot", says="Run tall, and bring your chest over the landing foot."),),
        ),
    ),
    cues=(Words(id="tall_over_the_foot", says="Run tall, and bring your chest over the landing foot."),),
    goals=(LEAN,),
    expect=("Your foot lands a little closer, and your steps may get quicker.",),
    guard=("Don't bend at the waist: your hips come along.",),
    sources=(
        Source(
            says="Runners who lean little still lean 3.6 degrees forward on average (Teng and Powers 2015).",
            grade="moderate",
        ),
        Source(says="That leaning back makes the foot reach is a coach's observation.", grade="opinion"),
    ),
    fires=(
        Case(
            name="chest held back",
            grade="flag",
            measures={LEAN: -4},
            causes={"chest_held_back": "supported", "feet_ahead": "not_supported"},
        ),
        Case(
            name="feet run ahead",
            grade="flag",
            measures={LEAN: -4, FOOT: 0.34},
            causes={"feet_ahead": "supported", "chest_held_back": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={LEAN: 0.0}),
    ),
    silent=(
        Case(name="just under the line", measures={LEAN: 2.0}),
        Case(name="trunk not seen", measures={LEAN: -4}, without=(LEAN,)),
        Case(name="filmed from behind", plane="rear", measures={LEAN: -4}),
    ),
    weight=1.2,
)
