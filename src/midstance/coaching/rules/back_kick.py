"""Excessive back kick: the heel travels farther up behind than the swing of the thigh carries it."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, capped, high, isnt, provided
from midstance.model import Experiment

ALONE = 0.9
"""A high heel with no second sign is at most to be watched: high heel recovery alone is never a fault."""


def sign(facts: Facts) -> Reading:
    """Find a high heel with a lean, a late fold or a pulled fold, or one that the swing of the thigh does not explain.

    A big swing of the thigh folds the knee by itself and carries the heel high: that is no back kick
    (docs/evidence.md#back-kick). But no swing folds a knee far beyond what is ordinary.
    """
    heel = facts.high("heel_recovery_leg")
    second = any_of(
        facts.high("trunk_lean_deg"),
        facts.high("peak_knee_flexion_swing_time_pct"),
        facts.high("knee_flexion_before_rearmost_thigh_deg"),
    )
    own_doing = any_of(isnt(facts.high("peak_thigh_flexion_deg")), facts.far_above("peak_knee_flexion_swing_deg"))
    return any_of(all_of(heel, second), capped(provided(heel, own_doing), ALONE))


RULE = Rule(
    id="back_kick",
    title="Excessive back kick",
    headline="Your heel kicks up high behind you",
    topic="back kick",
    says="{seen_heel_recovery_leg} The swing of your thigh does not carry it that high.",
    or_says="Your heel kicks up high behind you.",
    means=(
        "Your lower leg folds by itself when the thigh swings forward quickly. Here it kicks higher than that "
        "explains. The time it takes is missing at the front. A high heel alone is no fault: fast runners have one."
    ),
    planes=("side",),
    film="Film from the side, the whole runner in view.",
    sign=sign,
    causes=(
        CauseTest(
            id="leaning_forward",
            title="Leaning forward too much",
            test=high("trunk_lean_deg"),
            yes="{seen} Your leg stays behind and kicks up at the back.",
            no="{seen}",
            film="Film from the side with the camera level.",
            experiment=Experiment(
                do="Run 20 seconds as tall as you can, eyes on the horizon.",
                then="your heel stays {by} of your leg's length lower",
                measure="heel_recovery_leg",
                way=-1,
                done="trunk_lean_deg",
                done_way=-1,
            ),
            root="leaning_forward",
            cues=(Words(id="tall_chest", says="Run tall: chest up, eyes on the horizon."),),
        ),
        CauseTest(
            id="heel_pulled_up",
            title="Pulling the heel up",
            test=high("knee_flexion_before_rearmost_thigh_deg"),
            yes="{seen} You pull the heel up yourself.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more.",
            experiment=Experiment(
                do="Run 20 seconds and leave your heels alone: they come up by themselves.",
                then="your heel stays {by} of your leg's length lower",
                measure="heel_recovery_leg",
                way=-1,
            ),
            cues=(Words(id="leave_lower_leg", says="Leave the lower leg alone: let it fold by itself."),),
        ),
    ),
    cues=(Words(id="leave_lower_leg", says="Leave the lower leg alone: let it fold by itself."),),
    goals=("heel_recovery_leg",),
    expect=(
        "Your foot comes back under you sooner, and your steps may get quicker.",
        "Your hamstrings have less to do. That is the idea.",
    ),
    guard=("Your knee should come as far forward as now. Don't swap the kick for a shuffle.",),
    sources=(
        Source(
            says="Force-plate runners: the heel rises with speed, from .40 of the leg at 2 m/s to .97 at 9.5.",
            grade="weak",
        ),
        Source(
            says="Against it: a more folded knee is counted among economical traits (Anderson 1996).",
            grade="moderate",
        ),
        Source(says="That a pulled heel slows the leg is a coach's observation; no study was found.", grade="opinion"),
    ),
    fires=(
        Case(
            name="high heel under a forward lean",
            grade="flag",
            measures={"heel_recovery_leg": 0.80, "trunk_lean_deg": 17},
            causes={"leaning_forward": "supported", "heel_pulled_up": "not_supported"},
        ),
        Case(
            name="high heel, pulled up",
            grade="flag",
            measures={"heel_recovery_leg": 0.80, "knee_flexion_before_rearmost_thigh_deg": 34},
            causes={"heel_pulled_up": "supported", "leaning_forward": "not_supported"},
        ),
        Case(name="very high heel alone: watched, never flagged", grade="watch", measures={"heel_recovery_leg": 0.80}),
        Case(
            name="a knee folded far beyond what its big swing explains: watched",
            grade="watch",
            measures={"heel_recovery_leg": 0.95, "peak_thigh_flexion_deg": 47, "peak_knee_flexion_swing_deg": 158},
        ),
        Case(
            name="just over the line with a lean",
            grade="watch",
            measures={"heel_recovery_leg": 0.71, "trunk_lean_deg": 17},
        ),
    ),
    silent=(
        Case(name="just under the line with a lean", measures={"heel_recovery_leg": 0.69, "trunk_lean_deg": 17}),
        Case(
            name="high heel carried by a big swing of the thigh",
            measures={"heel_recovery_leg": 0.80, "peak_thigh_flexion_deg": 47, "peak_knee_flexion_swing_deg": 125},
        ),
        Case(name="a fast runner's high heel", speed_mps=6.0, measures={"heel_recovery_leg": 0.80}),
        Case(name="heel not seen", measures={"trunk_lean_deg": 17}, without=("heel_recovery_leg",)),
        Case(name="filmed from behind", plane="rear", measures={"heel_recovery_leg": 0.80}),
    ),
    weight=0.9,
)
