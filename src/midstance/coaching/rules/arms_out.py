"""Arms that swing outward, the elbows away from the body."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, isnt
from midstance.coaching.rules.shoulder_rotation import sign as shoulders_turn
from midstance.model import Experiment

ELBOW = "elbow_out"


def sign(facts: Facts) -> Reading:
    """Find an elbow, left or right, that swings far from the middle of the body (docs/evidence.md#arms)."""
    return facts.outside_on_a_side(ELBOW)


def elbows_away(facts: Facts) -> Reading:
    """Find elbows far out although the shoulders stay quiet."""
    return all_of(facts.outside_on_a_side(ELBOW), isnt(shoulders_turn(facts)))


RULE = Rule(
    id="arms_out",
    title="Arms swinging outward",
    headline="Your elbows swing out",
    topic="arms that swing out",
    says="{seen}",
    or_says="Your elbows swing away from your body.",
    means=(
        "Your arms balance your legs. An arm that swings out takes the long way round and comes late. "
        "The opposite leg may then wait and reach."
    ),
    planes=("front",),
    film="Film from the front, the camera at chest height and in line with the run.",
    sign=sign,
    causes=(
        CauseTest(
            id="elbows_away",
            title="Holding the elbows away from the body",
            test=elbows_away,
            yes="{seen_shoulder_rotation_deg} Your elbows go out by themselves.",
            no="{seen}",
            film="Film from the front with both arms in view.",
            experiment=Experiment(
                do="Run 20 seconds with your elbows brushing your sides.",
                then="your elbows stay {by} of a shoulder width closer",
                measure=ELBOW,
                way=-1,
            ),
            cues=(Words(id="elbows_close", says="Let the elbows brush your sides."),),
        ),
        CauseTest(
            id="shoulder_rotation",
            title="Turning the shoulders",
            test=shoulders_turn,
            yes="{seen} Your elbows go along with them.",
            no="{seen}",
            film="Film from the front with both shoulders in view.",
            experiment=Experiment(
                do="Run 20 seconds with quiet shoulders, as if a tray lay on them.",
                then="your elbows stay {by} of a shoulder width closer",
                measure=ELBOW,
                way=-1,
                done="shoulder_rotation_deg",
                done_way=-1,
            ),
            root="shoulder_rotation",
            cues=(Words(id="quiet_shoulders", says="Keep the shoulders quiet and let the arms do the swinging."),),
        ),
    ),
    cues=(Words(id="elbows_close", says="Let the elbows brush your sides."),),
    goals=(ELBOW,),
    expect=("Your arms feel short and straight. Your feet may land a little sooner.",),
    guard=("Don't press the arms against your body: they should swing freely.",),
    sources=(
        Source(says="That arms swinging outward make the leg late is a coach's observation.", grade="opinion"),
        Source(
            says="No published line was found for the elbows; ours is a proposal from five marker trials.",
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="elbows held out",
            plane="front",
            grade="flag",
            measures={ELBOW: 1.1},
            causes={"elbows_away": "supported", "shoulder_rotation": "not_supported"},
        ),
        Case(
            name="shoulders take the elbows along",
            plane="front",
            grade="flag",
            measures={ELBOW: 1.1, "shoulder_rotation_deg": 50},
            causes={"shoulder_rotation": "supported", "elbows_away": "not_supported"},
        ),
        Case(name="just over the line", plane="front", grade="watch", measures={ELBOW: 0.98}),
    ),
    silent=(
        Case(name="just under the line", plane="front", measures={ELBOW: 0.93}),
        Case(name="arms not seen", plane="front", without=(ELBOW,)),
        Case(name="filmed from the side", measures={ELBOW: 1.1}),
    ),
    weight=0.9,
)
