"""Shoulders that turn too much, in place of the arms."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, low, outside

TURN = "shoulder_rotation_deg"


def sign(facts: Facts) -> Reading:
    """The shoulders turn beyond what running speed brings (EVIDENCE P16)."""
    return facts.high(TURN)


RULE = Rule(
    id="shoulder_rotation",
    title="Shoulders turning too much",
    headline="Your shoulders turn a lot",
    topic="turning shoulders",
    says=(
        "Your shoulders turn {shoulder_rotation_deg:.0f} degrees from one side to the other; "
        "about {usual_shoulder_rotation_deg:.0f} is usual."
    ),
    or_says="Your shoulders turn a lot.",
    means=(
        "Something has to balance the legs. It is best done by the arms, with a little turn of the shoulders. When the "
        "shoulders take over, they throw other things off."
    ),
    planes=("front", "rear"),
    film="Film from the front, the camera at chest height and in line with the run.",
    sign=sign,
    causes=(
        CauseTest(
            id="arms_idle",
            title="The shoulders take over for idle arms",
            test=low("upper_arm_range_deg"),
            yes="Your arms hardly swing, so the shoulders do their work.",
            no="Your arms swing enough, so the shoulders do not have to stand in for them.",
            film="Film from the side as well: only there can the swing of the arms be measured.",
            cues=(Words(id="let_arms_swing", says="Let the arms swing from the shoulder joint, elbows back."),),
        ),
        CauseTest(
            id="arms_cross",
            title="The arms cross and pull the shoulders round",
            test=outside("wrist_crossing"),
            yes="Your hands cross the middle of your body and pull the shoulders round.",
            no="Your hands stay on their own sides, so that is not why.",
            film="Film from the front with both hands in view.",
            cues=(Words(id="elbows_back", says="Drive the elbows straight back and let the hands follow."),),
        ),
    ),
    cues=(Words(id="quiet_shoulders", says="Keep the shoulders quiet and let the arms do the swinging."),),
    goals=(TURN,),
    expect=("The arms swing more than before. That is them doing their work again.",),
    guard=("Do not hold the shoulders stiff: a slight turn belongs to running.",),
    sources=(
        Source(says="Force-plate runners turn their shoulders 22 to 40 degrees from side to side.", grade="weak"),
        Source(
            says="Against it: an older review links more shoulder and hip turn to better economy (Anderson 1996).",
            grade="weak",
        ),
        Source(
            says="Shoulders and pelvis turn more when the arms cannot swing (Arellano and Kram 2014).",
            grade="moderate",
        ),
    ),
    fires=(
        Case(
            name="shoulders turn",
            plane="front",
            grade="flag",
            measures={TURN: 52},
            causes={"arms_idle": "cannot_tell", "arms_cross": "not_supported"},
        ),
        Case(
            name="crossing arms pull them round",
            plane="front",
            grade="flag",
            measures={TURN: 52, "wrist_crossing": -0.12},
            causes={"arms_cross": "supported"},
        ),
        Case(name="just over the line", plane="front", grade="watch", measures={TURN: 39}),
    ),
    silent=(
        Case(name="just under the line", plane="front", measures={TURN: 36}),
        Case(name="shoulders not seen", plane="front", without=(TURN,)),
        Case(name="filmed from the side", measures={TURN: 52}),
    ),
    weight=1.0,
)
