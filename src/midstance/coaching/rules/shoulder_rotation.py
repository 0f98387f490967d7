"""Shoulders that turn too much, in place of the arms."""

from __future__ import annotations

from midstance.coaching.rules.base import LIKELY, Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, capped, low, outside
from midstance.coaching.rules.late_arms import LAG
from midstance.model import Experiment

TURN = "shoulder_rotation_deg"
OPEN = 0.9 * LIKELY
"""How clear a turn may be that late arms may have drawn: too close to call."""


def sign(facts: Facts) -> Reading:
    """Find shoulders that turn beyond what running speed brings (docs/evidence.md#shoulder-rotation).

    Arms that come late take the drawn shoulders along, so a turn seen with them stays open (docs/decisions/causes.md).
    """
    turn = facts.high(TURN)
    return capped(turn, OPEN) if facts.high(LAG).holds else turn


RULE = Rule(
    id="shoulder_rotation",
    title="Shoulders turning too much",
    headline="Your shoulders turn a lot",
    topic="turning shoulders",
    says="{seen}",
    or_says="Your shoulders turn a lot.",
    means=(
        "Something has to balance your legs. Your arms do it best, with a little turn of the shoulders. "
        "When the shoulders take over, they throw other things off."
    ),
    planes=("front", "rear"),
    film="Film from the front, the camera at chest height and in line with the run.",
    sign=sign,
    causes=(
        CauseTest(
            id="arms_idle",
            title="Arms that hardly swing",
            test=low("upper_arm_range_deg"),
            yes="{seen} Your shoulders do their work.",
            no="{seen}",
            film="Film from the side too.",
            experiment=Experiment(
                do="Run 20 seconds with a loose, larger swing of the arms.",
                then="your shoulders turn {by} degrees less",
                measure=TURN,
                way=-1,
                done="upper_arm_range_deg",
                done_way=1,
            ),
            cues=(Words(id="let_arms_swing", says="Let the arms swing from the shoulder joint, elbows back."),),
        ),
        CauseTest(
            id="arms_cross",
            title="Arms that cross",
            test=outside("wrist_crossing"),
            yes="{seen} Your hands pull the shoulders round.",
            no="{seen}",
            film="Film from the front with both hands in view.",
            experiment=Experiment(
                do="Run 20 seconds with each hand on its own side.",
                then="your shoulders turn {by} degrees less",
                measure=TURN,
                way=-1,
                done="wrist_crossing",
                done_way=1,
            ),
            cues=(Words(id="elbows_back", says="Drive the elbows straight back and let the hands follow."),),
        ),
    ),
    cues=(Words(id="quiet_shoulders", says="Keep the shoulders quiet and let the arms do the swinging."),),
    goals=(TURN,),
    expect=("Your arms swing more than before. They are doing their work again.",),
    guard=("Don't hold the shoulders stiff: a slight turn belongs to running.",),
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
