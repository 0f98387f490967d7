"""Leaning back: the trunk is behind the vertical, or nearly so."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, high, isnt

LEAN = "trunk_lean_deg"
FOOT = "foot_ahead_of_hip_at_strike_leg"


def sign(facts: Facts) -> Reading:
    """The trunk leans less than any running asks for (EVIDENCE P12)."""
    return facts.low(LEAN)


def chest_held_back(facts: Facts) -> Reading:
    """No lean although the feet land where they should."""
    return all_of(facts.low(LEAN), isnt(facts.high(FOOT)))


RULE = Rule(
    id="leaning_back",
    title="Leaning back",
    headline="You lean back",
    topic="leaning back",
    says=(
        "Your trunk is held back: its lean is {trunk_lean_deg:+.0f} degrees, where above 0 is forward and about "
        "{usual_trunk_lean_deg:.0f} is usual."
    ),
    or_says="Your trunk is held back.",
    means=(
        "A body held behind its feet has to put them down in front. A few degrees forward, from the ankles, let the "
        "foot land under you."
    ),
    planes=("side",),
    film="Film from the side with the camera level.",
    sign=sign,
    causes=(
        CauseTest(
            id="chest_held_back",
            title="The chest is held back",
            test=chest_held_back,
            yes="Your feet land where they should; it is the chest that you hold back.",
            no="It is not the chest alone.",
            film="Film from the side, the whole runner in view.",
            cues=(Words(id="tall_over_the_foot", says="Run tall, and bring your chest over the landing foot."),),
        ),
        CauseTest(
            id="feet_ahead",
            title="The feet run ahead of the body",
            test=high(FOOT),
            yes="Your feet land far ahead, and the body stays behind them.",
            no="Your feet do not land far ahead, so that is not why.",
            film="Film from the side with both feet in view at landing.",
            cues=(Words(id="tall_over_the_foot", says="Run tall, and bring your chest over the landing foot."),),
        ),
    ),
    cues=(Words(id="tall_over_the_foot", says="Run tall, and bring your chest over the landing foot."),),
    goals=(LEAN,),
    expect=("The foot lands a little closer, and the steps may get quicker.",),
    guard=("Do not bend at the waist: the hips come along.",),
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
