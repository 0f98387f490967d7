"""Toes held up: the ankle is bent upward on purpose before landing."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, isnt, low, unknown
from midstance.coaching.rules.reaching import sign as reaches

ANKLE = "ankle_dorsiflexion_late_swing_deg"
BEYOND_ANY_ANKLE_DEG = 35
"""No ankle bends farther upward: a larger value means that the points of the foot are wrong."""


def sign(facts: Facts) -> Reading:
    """The ankle bent upward in late swing beyond what clears the ground at this speed (EVIDENCE P11)."""
    return facts.high(ANKLE) if facts.value(ANKLE) < BEYOND_ANY_ANKLE_DEG else unknown(ANKLE)


def held_actively(facts: Facts) -> Reading:
    """Held up although the leg swings high enough and does not reach."""
    return all_of(facts.high(ANKLE), isnt(facts.low("peak_thigh_flexion_deg")), isnt(reaches(facts)))


RULE = Rule(
    id="dorsiflexion",
    title="Toes held up before landing",
    headline="You hold your toes up",
    topic="toes held up",
    says=(
        "You hold your toes up: before landing your ankle is bent {ankle_dorsiflexion_late_swing_deg:.0f} degrees "
        "upward; about {usual_ankle_dorsiflexion_late_swing_deg:.0f} is usual."
    ),
    or_says="You hold your toes up before landing.",
    means=(
        "The ankle finds its own angle before landing. Holding the toes up invites a landing on the heel and keeps the "
        "shin working for nothing."
    ),
    planes=("side",),
    film="Film from the side with the feet large and sharp in the picture.",
    sign=sign,
    causes=(
        CauseTest(
            id="held_actively",
            title="The ankle is held actively",
            test=held_actively,
            yes="Nothing in the swing asks for it, so you hold the ankle up yourself.",
            no="Something else in the stride asks for the raised toes.",
            film="Film from the side with the feet large and sharp in the picture.",
            cues=(Words(id="leave_ankle", says="Leave the ankle alone and let it hang in neutral."),),
        ),
        CauseTest(
            id="reaching_out",
            title="Reaching out with the lower leg",
            test=reaches,
            yes="You reach out in front, and a reaching foot has to lift its toes.",
            no="You do not reach in front, so that is not why.",
            film="Film from the side with both feet in view at landing.",
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
            title="A low swing makes the foot clear the ground",
            test=low("peak_thigh_flexion_deg"),
            yes="Your thigh swings low, and the toes have to come up so as not to scrape.",
            no="Your thigh swings high enough for the foot to clear the ground.",
            film="Film from the side, the whole runner in view.",
            root="swing_angle",
            cues=(Words(id="crank", says="Use the hip like a crank: start it and let it go."),),
        ),
    ),
    cues=(Words(id="leave_ankle", says="Leave the ankle alone and let it hang in neutral."),),
    goals=(ANKLE,),
    expect=("Your foot lands flatter. At first the calf may notice.",),
    guard=("Do not point the toes down instead: neutral means doing nothing.",),
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
            says="Some coaches teach toes up. The article here holds that the ankle is along for the ride.",
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
        Case(name="just over the line", grade="watch", measures={ANKLE: 14.5}),
    ),
    silent=(
        Case(name="just under the line", measures={ANKLE: 12.0}),
        Case(name="toes a little up at a slow jog", speed_mps=2.3, measures={ANKLE: 16}),
        Case(name="farther up than any ankle bends: the foot was not seen right", measures={ANKLE: 60}),
        Case(name="foot not seen", measures={ANKLE: 24}, without=(ANKLE,)),
        Case(name="filmed from the front", plane="front", measures={ANKLE: 24}),
    ),
    weight=0.7,
)
