"""Arms that cross the midline of the body."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, isnt
from midstance.coaching.rules.shoulder_rotation import sign as shoulders_turn
from midstance.model import Experiment

WRIST = "wrist_crossing"


def sign(facts: Facts) -> Reading:
    """Find a wrist, left or right, that reaches the midline or passes it (docs/evidence.md#arms)."""
    return facts.outside_on_a_side(WRIST)


def forearm_crosses(facts: Facts) -> Reading:
    """Find a wrist at the midline although the shoulders stay quiet."""
    return all_of(facts.outside_on_a_side(WRIST), isnt(shoulders_turn(facts)))


RULE = Rule(
    id="arm_crossing",
    title="Arms crossing the body",
    headline="Your arms cross in front of you",
    topic="arms that cross",
    says="{seen}",
    or_says="Your hands swing across the middle of your body.",
    means=(
        "Your arms balance your legs. When they cross, the balance goes sideways and the arm takes longer. "
        "The opposite leg may then wait and reach."
    ),
    planes=("front", "rear"),
    film="Film from the front, the camera at chest height and in line with the run.",
    sign=sign,
    causes=(
        CauseTest(
            id="shoulder_rotation",
            title="Turning the shoulders",
            test=shoulders_turn,
            yes="{seen} Your hands go along with them.",
            no="{seen}",
            film="Film from the front with both shoulders in view.",
            experiment=Experiment(
                do="Run 20 seconds with quiet shoulders, as if a tray lay on them.",
                then="your hands stay {by} of a shoulder width farther out",
                measure=WRIST,
                way=1,
                done="shoulder_rotation_deg",
                done_way=-1,
            ),
            root="shoulder_rotation",
            cues=(Words(id="quiet_shoulders", says="Keep the shoulders quiet and let the arms do the swinging."),),
        ),
        CauseTest(
            id="forearm_crosses",
            title="Swinging the forearms inward",
            test=forearm_crosses,
            yes="{seen_shoulder_rotation_deg} Your forearms swing inward by themselves.",
            no="{seen}",
            film="Film from the front with both arms in view.",
            experiment=Experiment(
                do="Run 20 seconds and drive your elbows straight back.",
                then="your hands stay {by} of a shoulder width farther out",
                measure=WRIST,
                way=1,
            ),
            cues=(Words(id="elbows_back", says="Drive the elbows straight back and let the hands follow."),),
        ),
    ),
    cues=(Words(id="elbows_back", says="Drive the elbows straight back and let the hands follow."),),
    goals=(WRIST,),
    expect=("Your arms feel short and straight. Your feet may land a little sooner.",),
    guard=("Don't tense your shoulders to keep the hands out.",),
    sources=(
        Source(says="The wrists of force-plate runners stay 12 to 16 cm from the middle.", grade="weak"),
        Source(
            says=(
                "Running without arm swing costs 3 to 13 percent more and turns the shoulders more "
                "(Arellano and Kram 2014); crossing itself was not studied."
            ),
            grade="weak",
        ),
    ),
    fires=(
        Case(
            name="forearms swing inward",
            plane="front",
            grade="flag",
            measures={WRIST: -0.12},
            causes={"forearm_crosses": "supported", "shoulder_rotation": "not_supported"},
        ),
        Case(
            name="shoulders take the hands along",
            plane="front",
            grade="flag",
            measures={WRIST: -0.12, "shoulder_rotation_deg": 50},
            causes={"shoulder_rotation": "supported", "forearm_crosses": "not_supported"},
        ),
        Case(name="just over the line", plane="front", grade="watch", measures={WRIST: 0.01}),
    ),
    silent=(
        Case(name="just under the line", plane="front", measures={WRIST: 0.06}),
        Case(name="hands not seen", plane="front", without=(WRIST,)),
        Case(name="filmed from the side", measures={WRIST: -0.12}),
    ),
    weight=1.1,
)
