"""More extension than the speed needs: the leg is forced back instead of let go."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, capped
from midstance.coaching.rules.flat_stride import toeing_off
from midstance.model import Experiment

ALONE = 0.9
"""A long push with an ordinary thigh is at most to be watched."""


def sign(facts: Facts) -> Reading:
    """Find the thigh farther back than this speed needs, or all signs of a long push together.

    See docs/evidence.md#thigh-extension and docs/evidence.md#toe-off.
    """
    long_push = all_of(
        facts.rather_high("peak_thigh_extension_deg"),
        facts.rather_low("knee_flexion_at_toe_off_deg"),
        facts.rather_high("leg_angle_at_toe_off_deg"),
    )
    return any_of(facts.high("peak_thigh_extension_deg"), capped(long_push, ALONE))


def pushing_long(facts: Facts) -> Reading:
    """Find a foot that stays down until the leg is straight."""
    return any_of(
        facts.low("knee_flexion_at_toe_off_deg"), facts.high("leg_angle_at_toe_off_deg"), facts.high("contact_time_ms")
    )


RULE = Rule(
    id="forced_extension",
    title="More hip extension than the speed needs",
    headline="You force the leg back farther than this speed needs",
    topic="forced hip extension",
    says="{signs}",
    or_says="Your thigh goes farther back than it needs to.",
    means=(
        "You extend the hip enough when it is as much as the speed needs. After too little, most runners go too far. "
        "They force the leg back on every stride, whatever the pace."
    ),
    planes=("side",),
    film="Film from the side, square to the runner.",
    sign=sign,
    causes=(
        CauseTest(
            id="pushing_long",
            title="Pushing until the leg is straight",
            test=pushing_long,
            yes="{seen} Your foot stays down until the leg is nearly straight behind you.",
            no="{seen}",
            film="Film from the side with the whole leg in view at toe-off.",
            experiment=Experiment(
                do="Run 20 seconds and let each foot go a little earlier.",
                then="your thigh goes {by} degrees less far back",
                measure="peak_thigh_extension_deg",
                way=-1,
                done="knee_flexion_at_toe_off_deg",
                done_way=1,
            ),
            cues=(
                Words(id="start_it_only", says="Only start the extension; let the leg do the rest."),
                Words(id="off_sooner", says="Be off the ground sooner: don't push longer than you must."),
            ),
        ),
        CauseTest(
            id="toeing_off",
            title="Toeing off",
            test=toeing_off,
            yes="{seen_heel_rise_time_pct} {seen_ankle_arc_deg} You finish each step with a push of the toes.",
            no="{seen}",
            film="Film from the side with your feet large and sharp in the picture.",
            experiment=Experiment(
                do="Run 20 seconds with quiet ankles: leave your toes alone as you push off.",
                then="your thigh goes {by} degrees less far back",
                measure="peak_thigh_extension_deg",
                way=-1,
            ),
            cues=(Words(id="leave_foot", says="Leave the foot alone: the push comes from the hip."),),
        ),
    ),
    cues=(Words(id="start_it_only", says="Only start the extension; let the leg do the rest."),),
    goals=("peak_thigh_extension_deg",),
    expect=("Your stride feels smaller and easier at the same speed.",),
    guard=("Don't fall back to too little: your speed still needs some extension.",),
    sources=(
        Source(
            says="Force-plate runners: about 4 degrees and 5.5 more for each metre a second, from 2 to 4 m/s.",
            grade="weak",
        ),
        Source(says="Less leg extension at toe-off is listed as economical (Moore 2016).", grade="moderate"),
        Source(says="That forcing is the usual second mistake is a coach's experience.", grade="opinion"),
    ),
    fires=(
        Case(
            name="pushes until the leg is straight",
            grade="flag",
            measures={"peak_thigh_extension_deg": 34, "knee_flexion_at_toe_off_deg": 4},
            causes={"pushing_long": "supported", "toeing_off": "not_supported"},
        ),
        Case(
            name="pushes with the toes",
            grade="flag",
            measures={"peak_thigh_extension_deg": 34, "ankle_arc_deg": 60, "heel_rise_time_pct": 56},
            causes={"toeing_off": "supported", "pushing_long": "not_supported"},
        ),
        Case(
            name="a little of everything: far back, knee straight, leg slanted",
            grade="watch",
            measures={
                "peak_thigh_extension_deg": 26.5,
                "knee_flexion_at_toe_off_deg": 11,
                "leg_angle_at_toe_off_deg": 27,
            },
        ),
        Case(name="just over the line", grade="watch", measures={"peak_thigh_extension_deg": 28.6}),
    ),
    silent=(
        Case(name="just under the line", measures={"peak_thigh_extension_deg": 27}),
        Case(name="the same angle at speed is needed", speed_mps=6.0, measures={"peak_thigh_extension_deg": 32}),
        Case(name="thigh not seen", measures={"peak_thigh_extension_deg": 34}, without=("peak_thigh_extension_deg",)),
        Case(name="filmed from behind", plane="rear", measures={"peak_thigh_extension_deg": 34}),
    ),
    weight=1.2,
)
