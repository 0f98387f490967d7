"""Arms that come late for the opposite leg."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, any_of, high, low, unknown
from midstance.model import Experiment

LAG = "arm_leg_lag_pct"
BEYOND_ANY_ARM_PCT = 25
"""An arm a quarter of a stride late would belong to the other leg: then the arms were mixed up."""


def sign(facts: Facts) -> Reading:
    """Find an arm that lags the opposite thigh by more than a little (docs/evidence.md#arm-timing)."""
    return facts.high(LAG) if facts.value(LAG) < BEYOND_ANY_ARM_PCT else unknown(LAG)


def crosses_or_swings_out(facts: Facts) -> Reading:
    """Find a hand at the midline or an elbow far out: only a view from the front shows either."""
    return any_of(facts.outside_on_a_side("wrist_crossing"), facts.outside_on_a_side("elbow_out"))


RULE = Rule(
    id="late_arms",
    title="Arms late for the opposite leg",
    headline="Your arms come late",
    topic="late arms",
    says="{seen}",
    or_says="Your arms come late for the opposite leg.",
    means=(
        "Your arm and the opposite leg belong together. A late arm makes the leg wait, and a waiting leg reaches out."
    ),
    planes=("side",),
    film="Film from the side with the near arm in view all the time.",
    sign=sign,
    causes=(
        CauseTest(
            id="arm_crosses",
            title="An arm that crosses or swings out",
            test=crosses_or_swings_out,
            yes="{seen} The way round takes time.",
            no="{seen}",
            film="Film from the front too.",
            experiment=Experiment(
                do="Run 20 seconds with each hand on its own side.",
                then="your arm comes {by}% of a stride earlier",
                measure=LAG,
                way=-1,
                done="wrist_crossing",
                done_way=1,
            ),
            root="arm_crossing",
            cues=(Words(id="elbows_back", says="Drive the elbows straight back and let the hands follow."),),
        ),
        CauseTest(
            id="long_arm",
            title="A long arm",
            test=high("elbow_angle_deg"),
            yes="{seen} A long arm swings slowly.",
            no="{seen}",
            film="Film from the side with the near arm in view.",
            experiment=Experiment(
                do="Run 20 seconds with your elbows bent more.",
                then="your arm comes {by}% of a stride earlier",
                measure=LAG,
                way=-1,
                done="elbow_angle_deg",
                done_way=-1,
            ),
            cues=(Words(id="fold_the_arm", says="Fold the elbow a little more; a short arm is a quick arm."),),
        ),
        CauseTest(
            id="arms_idle",
            title="Arms that hardly swing",
            test=low("upper_arm_range_deg"),
            yes="{seen} Your arm can't keep the beat.",
            no="{seen}",
            film="Film from the side with the near arm in view.",
            experiment=Experiment(
                do="Run 20 seconds with a loose, larger swing of the arms.",
                then="your arm comes {by}% of a stride earlier",
                measure=LAG,
                way=-1,
                done="upper_arm_range_deg",
                done_way=1,
            ),
            cues=(Words(id="let_arms_swing", says="Let the arms swing from the shoulder joint, elbows back."),),
        ),
    ),
    cues=(Words(id="arm_with_leg", says="Take the elbow back as the opposite knee goes back, on the same beat."),),
    goals=(LAG,),
    expect=("Your feet may land a little sooner.",),
    guard=("Don't hurry the legs to catch the arms.",),
    sources=(
        Source(says="No published line was found for the timing of the arms; ours is a proposal.", grade="opinion"),
        Source(
            says="Straight and bent arms cost the same oxygen in running, so this is about timing, not about cost.",
            grade="moderate",
        ),
    ),
    fires=(
        Case(
            name="late with a long arm",
            grade="flag",
            measures={LAG: 14, "elbow_angle_deg": 150},
            causes={"long_arm": "supported", "arms_idle": "not_supported", "arm_crosses": "cannot_tell"},
        ),
        Case(
            name="late with idle arms",
            grade="flag",
            measures={LAG: 14, "upper_arm_range_deg": 12},
            causes={"arms_idle": "supported", "long_arm": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={LAG: 9}),
    ),
    silent=(
        Case(name="just under the line", measures={LAG: 7}),
        Case(name="arms a little early", measures={LAG: -7}),
        Case(name="so late that it must be the other arm", measures={LAG: 45}),
        Case(name="arms not seen", measures={LAG: 14}, without=(LAG,)),
        Case(name="filmed from the front", plane="front", measures={LAG: 14}),
    ),
    weight=0.9,
)
