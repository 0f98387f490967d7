"""Heels that whip in or out after leaving the ground."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, high
from midstance.coaching.rules.shoulder_rotation import sign as shoulders_turn
from midstance.model import Experiment

WHIP = "heel_whip_deg"


def sign(facts: Facts) -> Reading:
    """Find a heel that turns more than 19 of 20 ordinary ones, left or right (docs/evidence.md#heel-whip)."""
    return facts.outside_on_a_side(WHIP)


RULE = Rule(
    id="heel_whip",
    title="Heels turning in or out behind",
    headline="Your heel turns as it leaves the ground",
    topic="the turn of the heel",
    says="{seen}",
    or_says="Your heel turns to the side after leaving the ground.",
    means=(
        "Half of all feet turn 5 degrees or more, and about a quarter more than 10. It describes your run first. "
        "It may show that you force the leg farther than it wants to go."
    ),
    planes=("rear",),
    film="Film from straight behind, the camera at knee height, with both feet large in the picture.",
    sign=sign,
    causes=(
        CauseTest(
            id="extension_forced",
            title="Forcing the leg back",
            test=high("peak_thigh_extension_deg"),
            yes="{seen} At the end of its way your thigh turns out.",
            no="{seen}",
            film="Film from the side too.",
            experiment=Experiment(
                do="Run 20 seconds and only start the leg back: let it do the rest.",
                then="your heel turns {by} degrees less",
                measure=WHIP,
                way=0,
                done="peak_thigh_extension_deg",
                done_way=-1,
            ),
            cues=(Words(id="start_it_only", says="Only start the extension; let the leg do the rest."),),
        ),
        CauseTest(
            id="shoulders_turn",
            title="Turning the whole body",
            test=shoulders_turn,
            yes="{seen} Your leg turns with them.",
            no="{seen}",
            film="Film from behind with both shoulders in view.",
            experiment=Experiment(
                do="Run 20 seconds with quiet shoulders, as if a tray lay on them.",
                then="your heel turns {by} degrees less",
                measure=WHIP,
                way=0,
                done="shoulder_rotation_deg",
                done_way=-1,
            ),
            cues=(Words(id="quiet_shoulders", says="Keep the shoulders quiet and let the arms do the swinging."),),
        ),
        CauseTest(
            id="pelvis_drops",
            title="Dropping the free hip",
            test=high("pelvic_drop_deg"),
            yes="{seen} Your foot swings round.",
            no="{seen}",
            film="Film from behind with the hips in view and a shirt that shows them.",
            experiment=Experiment(
                do="Run 20 seconds with level hips, as if carrying a bowl of water.",
                then="your heel turns {by} degrees less",
                measure=WHIP,
                way=0,
                done="pelvic_drop_deg",
                done_way=-1,
            ),
            cues=(Words(id="level_hips", says="Keep the hips level, as if carrying a bowl of water."),),
        ),
    ),
    cues=(Words(id="let_it_go_straight", says="Let the leg go straight back and leave it alone after that."),),
    goals=(WHIP,),
    expect=("It changes slowly, and it may not have to. Watch it rather than fight it.",),
    guard=("Don't twist the foot to hide it.",),
    sources=(
        Source(
            says="0.4 degrees on average, spread 9.2; half of 512 feet turn 5 degrees or more (Souza and others 2015).",
            grade="moderate",
        ),
        Source(
            says="No link to injury was shown, and the coaches have no cue for it. Ours are a guess.",
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="heel turns far in",
            plane="rear",
            grade="flag",
            measures={WHIP: 20},
            causes={"extension_forced": "cannot_tell", "shoulders_turn": "not_supported"},
        ),
        Case(
            name="heel turns with the body",
            plane="rear",
            grade="flag",
            measures={WHIP: -20, "shoulder_rotation_deg": 50},
            causes={"shoulders_turn": "supported", "pelvis_drops": "not_supported"},
        ),
        Case(
            name="heel turns as the pelvis drops",
            plane="rear",
            grade="flag",
            measures={WHIP: 20, "pelvic_drop_deg": 13},
            causes={"pelvis_drops": "supported"},
        ),
        Case(name="just over the line", plane="rear", grade="watch", measures={WHIP: 16}),
    ),
    silent=(
        Case(name="just under the line", plane="rear", measures={WHIP: 14}),
        Case(name="heels not seen", plane="rear", without=(WHIP,)),
        Case(name="filmed from the front", plane="front", measures={WHIP: 20}),
        Case(name="filmed from the side", measures={WHIP: 20}),
    ),
    weight=0.5,
)
