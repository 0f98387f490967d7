"""Reaching out with the lower leg: the shank slants forward at landing, ahead of a knee that is nearly straight."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, low, provided
from midstance.coaching.rules.late_arms import LAG
from midstance.coaching.rules.late_arms import sign as lags
from midstance.coaching.rules.shoulder_rotation import sign as shoulders_turn
from midstance.data import table
from midstance.model import Experiment


def sign(facts: Facts) -> Reading:
    """Find a foot too far ahead of the hip, under a shank that leans that way too (docs/evidence.md#shank-angle).

    The foot ahead of the hip leads. Heel strike and a straight knee go together in ordinary heel strikers (19 of 26
    runners, docs/decisions/bands.md), so they are not two further signs; a long landing on a bent knee under an
    upright shank is no reaching.
    """
    foot, shank = "foot_ahead_of_hip_at_strike_leg", "shank_angle_at_strike_deg"
    return any_of(
        provided(facts.high(foot), facts.above(shank, facts.usual(shank))),
        provided(facts.high(shank), facts.rather_high(foot)),
    )


def slow_back_kick(facts: Facts) -> Reading:
    """Find a fold that comes late under a heel on the high side, or a high heel whose fold does not come early.

    The chain is one of time: the heel is late, so the knee is late, so the foot lands in front. A heel that kicks high
    and comes round early costs no time.
    """
    heel, fold = "heel_recovery_leg", "peak_knee_flexion_swing_time_pct"
    return any_of(
        provided(facts.high(fold), facts.above(heel, facts.usual(heel))),
        provided(facts.high(heel), facts.above(fold, facts.usual(fold))),
        all_of(facts.rather_high(fold), facts.rather_high(heel)),
    )


def late_arm(facts: Facts) -> Reading:
    """Find an arm that is late (from the side) or across the body (from the front).

    An arm that keeps time from the side is not late, whichever way it swings. One that is late at all is judged by how
    far it is from arms that keep time (data/causes.toml), not by how far beyond the edge of what is ordinary.
    """
    late = provided(facts.above(LAG, table("causes")["late_arm"]["behind_the_leg_pct"]), lags(facts))
    return late if late.known else facts.outside_on_a_side("wrist_crossing")


RULE = Rule(
    id="reaching",
    title="Reaching with the lower leg",
    headline="You reach forward with the lower leg",
    topic="reaching with the lower leg",
    says="{signs}",
    or_says="Your foot reaches out in front of you.",
    means=(
        "Your lower leg swings out ahead of the knee and lands there. Your foot then waits for the body to pass over "
        "it. Landing on the heel is no problem in itself; landing far in front is."
    ),
    planes=("side",),
    film="Film from the side, square to the runner, with both feet in the picture.",
    sign=sign,
    causes=(
        CauseTest(
            id="slow_back_kick",
            title="A slow or high back kick",
            test=slow_back_kick,
            yes=(
                "{seen_peak_knee_flexion_swing_time_pct} {seen_heel_recovery_leg} "
                "Your heel takes a long way round, so the leg comes late and reaches."
            ),
            no="{seen}",
            film="Film from the side, with the whole swing of the leg in view.",
            experiment=Experiment(
                do="Run 20 seconds and leave the lower leg alone: let it fold and unfold early.",
                then="your foot lands {by} leg lengths closer",
                measure="foot_ahead_of_hip_at_strike_leg",
                way=-1,
                done="heel_recovery_leg",
                done_way=-1,
            ),
            root="back_kick",
            cues=(Words(id="let_it_fold", says="Leave the lower leg alone: let it fold and unfold by itself."),),
        ),
        CauseTest(
            id="leaning_back",
            title="Leaning back",
            test=low("trunk_lean_deg"),
            yes="{seen} Your body stays behind its feet, so they land in front.",
            no="{seen}",
            film="Film from the side with the camera level.",
            experiment=Experiment(
                do="Run 20 seconds with your chest over the landing foot.",
                then="your foot lands {by} leg lengths closer",
                measure="foot_ahead_of_hip_at_strike_leg",
                way=-1,
                done="trunk_lean_deg",
                done_way=1,
            ),
            root="leaning_back",
            cues=(Words(id="tall_over_the_foot", says="Run tall, and bring your chest over the landing foot."),),
        ),
        CauseTest(
            id="late_arm",
            title="A late opposite arm",
            test=late_arm,
            yes="{seen} Your leg reaches while it waits for the arm.",
            no="{seen}",
            film="Film from the front too.",
            experiment=Experiment(
                do="Run 20 seconds with your hands quiet at your chest.",
                then="your foot lands {by} leg lengths closer",
                measure="foot_ahead_of_hip_at_strike_leg",
                way=-1,
                done="upper_arm_range_deg",
                done_way=-1,
            ),
            root="late_arms",
            cues=(
                Words(id="arms_straight_back", says="Swing the elbows straight back and let them come forward alone."),
            ),
        ),
        CauseTest(
            id="shoulder_rotation",
            title="Turning the shoulders too much",
            test=shoulders_turn,
            yes="{seen} Your opposite leg swings out to balance them.",
            no="{seen}",
            film="Film from the front too.",
            experiment=Experiment(
                do="Run 20 seconds holding a towel around your neck with both hands, so your shoulders stay quiet.",
                then="your foot lands {by} leg lengths closer",
                measure="foot_ahead_of_hip_at_strike_leg",
                way=-1,
                done="shoulder_rotation_deg",
                done_way=-1,
            ),
            root="shoulder_rotation",
            cues=(Words(id="quiet_shoulders", says="Keep the shoulders quiet and let the arms do the swinging."),),
        ),
    ),
    cues=(
        Words(id="drop_the_foot", says="As soon as your knee stops coming forward, drop the foot to the ground."),
        Words(id="land_behind_you", says="Put the foot down sooner: feel as if it lands behind you."),
    ),
    goals=(
        "shank_angle_at_strike_deg",
        "foot_ahead_of_hip_at_strike_leg",
    ),
    expect=(
        "Your steps get shorter and quicker at first. That is how it should be, not a failure.",
        "It may feel choppy. Length comes back later, from the push of the hip and not from reaching.",
    ),
    guard=("Your hips should stay as high as they are: land sooner without sitting down.",),
    sources=(
        Source(
            says="High-performance runners land with the foot closer to the body (Preece and others 2019).",
            grade="moderate",
        ),
        Source(
            says=(
                "Recreational runners land at 6.8, collegiate ones at 2.1 degrees of shin angle "
                "(Evans and others 2023). Our edge follows 26 runners: 10.7 degrees at 3 m/s."
            ),
            grade="moderate",
        ),
        Source(says="The farther ahead the foot, the more braking (Lieberman and others 2015).", grade="moderate"),
        Source(
            says=(
                "Against it: elite marathon runners who strike heel first land 2 to 4 cm farther ahead and are "
                "not slower (Hanley and others 2020)."
            ),
            grade="moderate",
        ),
    ),
    fires=(
        Case(
            name="reaches far on a straight leg",
            grade="flag",
            measures={
                "shank_angle_at_strike_deg": 16,
                "foot_ahead_of_hip_at_strike_leg": 0.36,
                "knee_flexion_at_strike_deg": 8,
                "foot_strike_angle_deg": 24,
            },
            causes={
                "slow_back_kick": "not_supported",
                "leaning_back": "not_supported",
                "late_arm": "not_supported",
                "shoulder_rotation": "cannot_tell",
            },
        ),
        Case(
            name="reaches because the body leans back",
            grade="flag",
            measures={"shank_angle_at_strike_deg": 16, "foot_ahead_of_hip_at_strike_leg": 0.36, "trunk_lean_deg": -3},
            causes={"leaning_back": "supported", "slow_back_kick": "not_supported"},
        ),
        Case(
            name="reaches because the heel comes round late",
            grade="flag",
            measures={
                "shank_angle_at_strike_deg": 16,
                "foot_ahead_of_hip_at_strike_leg": 0.36,
                "heel_recovery_leg": 0.74,
                "peak_knee_flexion_swing_time_pct": 58,
            },
            causes={"slow_back_kick": "supported", "leaning_back": "not_supported"},
        ),
        Case(
            name="reaches because the opposite arm is late",
            grade="flag",
            measures={"shank_angle_at_strike_deg": 16, "foot_ahead_of_hip_at_strike_leg": 0.36, "arm_leg_lag_pct": 14},
            causes={"late_arm": "supported"},
        ),
        Case(
            name="an arm just late enough is far from one that keeps time",
            grade="flag",
            measures={"shank_angle_at_strike_deg": 16, "foot_ahead_of_hip_at_strike_leg": 0.36, "arm_leg_lag_pct": 8.5},
            causes={"late_arm": "supported"},
        ),
        Case(
            name="just over the line",
            grade="watch",
            measures={"shank_angle_at_strike_deg": 9.0, "foot_ahead_of_hip_at_strike_leg": 0.29},
        ),
    ),
    silent=(
        Case(
            name="just under the line",
            measures={"shank_angle_at_strike_deg": 9.0, "foot_ahead_of_hip_at_strike_leg": 0.278},
        ),
        Case(name="lands heel first under the knee", measures={"foot_strike_angle_deg": 26}),
        Case(
            name="heel first on a straight knee, shin upright",
            measures={"foot_strike_angle_deg": 26, "knee_flexion_at_strike_deg": 6, "shank_angle_at_strike_deg": 5},
        ),
        Case(
            name="shin and feet not seen",
            measures={"shank_angle_at_strike_deg": 16},
            without=("shank_angle_at_strike_deg", "foot_ahead_of_hip_at_strike_leg"),
        ),
        Case(name="filmed from the front", plane="front", measures={"shank_angle_at_strike_deg": 16}),
    ),
    weight=1.6,
)
