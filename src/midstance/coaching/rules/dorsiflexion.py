"""Toes pulled up: the ankle is bent upward on purpose before landing."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, isnt, low, provided
from midstance.coaching.rules.reaching import sign as reaches
from midstance.model import Experiment

ANKLE = "ankle_dorsiflexion_late_swing_deg"


def sign(facts: Facts) -> Reading:
    """Find an ankle bent up in late swing beyond what clears the ground (docs/evidence.md#dorsiflexion)."""
    return facts.high(ANKLE)


def held_actively(facts: Facts) -> Reading:
    """Find toes pulled up although the leg swings high enough and does not reach."""
    return provided(all_of(isnt(facts.low("peak_thigh_flexion_deg")), isnt(reaches(facts))), facts.high(ANKLE))


RULE = Rule(
    id="dorsiflexion",
    title="Toes held up before landing",
    headline="You hold your toes up",
    topic="toes held up",
    says="{seen}",
    or_says="You hold your toes up before landing.",
    means=(
        "Your ankle finds its own angle before landing. If you hold the toes up, you invite a landing on the heel. "
        "Your shin works for nothing."
    ),
    planes=("side",),
    film="Film from the side with your feet large and sharp in the picture.",
    sign=sign,
    causes=(
        CauseTest(
            id="held_actively",
            title="Holding the ankle up",
            test=held_actively,
            yes="Nothing in your swing asks for it. You hold the ankle up yourself.",
            no="{seen} Something else in your stride lifts the toes.",
            film="Film from the side with your feet large and sharp in the picture.",
            experiment=Experiment(
                do="Run 20 seconds with loose ankles: leave them alone.",
                then="your toes hang {by} degrees lower before landing",
                measure=ANKLE,
                way=-1,
            ),
            cues=(Words(id="leave_ankle", says="Leave the ankle alone and let it hang in neutral."),),
        ),
        CauseTest(
            id="reaching_out",
            title="Reaching out with the lower leg",
            test=reaches,
            yes="{seen} Your reaching foot has to lift its toes.",
            no="{seen}",
            film="Film from the side with both feet in view at landing.",
            experiment=Experiment(
                do="Run 20 seconds and put each foot down sooner, under you.",
                then="your toes hang {by} degrees lower before landing",
                measure=ANKLE,
                way=-1,
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
            id="low_swing",
            title="A low swing of the thigh",
            test=low("peak_thigh_flexion_deg"),
            yes="{seen} Your toes come up so as not to scrape.",
            no="{seen}",
            film="Film from the side, the whole runner in view.",
            experiment=Experiment(
                do="Run 20 seconds and let the knee swing a little higher.",
                then="your toes hang {by} degrees lower before landing",
                measure=ANKLE,
                way=-1,
                done="peak_thigh_flexion_deg",
                done_way=1,
            ),
            root="swing_angle",
            cues=(Words(id="crank", says="Use the hip like a crank: start it and let it go."),),
        ),
    ),
    cues=(Words(id="leave_ankle", says="Leave the ankle alone and let it hang in neutral."),),
    goals=(ANKLE,),
    expect=("Your foot lands flatter. At first your calf may notice.",),
    guard=("Don't point the toes down instead: neutral means doing nothing.",),
    sources=(
        Source(
            says=(
                "Injured runners landed with a more bent-up ankle, 72 against 36 (Bramah and others 2018); a "
                "link, not a cause."
            ),
            grade="weak",
        ),
        Source(
            says="Feet are the least certain points of a phone film: 6 degrees at best (Van Hooren and others 2023).",
            grade="moderate",
        ),
        Source(
            says="Some coaches teach toes up. The article this coach follows says the ankle is along for the ride.",
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="held up actively",
            grade="flag",
            measures={ANKLE: 24},
            causes={"held_actively": "supported", "reaching_out": "not_supported", "low_swing": "not_supported"},
        ),
        Case(
            name="held up by reaching",
            grade="flag",
            measures={ANKLE: 24, "shank_angle_at_strike_deg": 16, "foot_ahead_of_hip_at_strike_leg": 0.36},
            causes={"reaching_out": "supported", "held_actively": "not_supported"},
        ),
        Case(
            name="held up to clear the ground",
            grade="flag",
            measures={ANKLE: 24, "peak_thigh_flexion_deg": 18},
            causes={"low_swing": "supported", "held_actively": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={ANKLE: 18}),
    ),
    silent=(
        Case(name="just under the line", measures={ANKLE: 16.8}),
        Case(name="toes a little up at a slow jog", speed_mps=2.3, measures={ANKLE: 16}),
        Case(name="farther up than any ankle bends: the foot was not seen right", measures={ANKLE: 60}),
        Case(name="foot not seen", measures={ANKLE: 24}, without=(ANKLE,)),
        Case(name="filmed from the front", plane="front", measures={ANKLE: 24}),
    ),
    weight=0.7,
)
