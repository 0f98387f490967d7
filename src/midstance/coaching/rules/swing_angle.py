"""Angle of the swing leg too large or too small: the thigh comes too far, or not far enough, forward and up."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, any_of, isnt, provided
from midstance.model import Experiment

SWING = "peak_thigh_flexion_deg"
EXTENSION = "peak_thigh_extension_deg"


def sign(facts: Facts) -> Reading:
    """Find the thigh's greatest angle in front outside its band for the speed (docs/evidence.md#swing-angle)."""
    return any_of(facts.high(SWING), facts.low(SWING))


def extension_small(facts: Facts) -> Reading:
    """Find a large swing over too little extension."""
    return provided(facts.rather_low(EXTENSION), facts.high(SWING))


def extension_great(facts: Facts) -> Reading:
    """Find a small swing after too much extension."""
    return provided(facts.rather_high(EXTENSION), facts.low(SWING))


def knee_lifted(facts: Facts) -> Reading:
    """Find a large swing although the extension behind it is what the speed needs."""
    return provided(isnt(facts.rather_low(EXTENSION)), facts.high(SWING))


def short_steps(facts: Facts) -> Reading:
    """Find a small swing in short or quick steps."""
    return provided(any_of(facts.high("cadence_spm"), facts.low("step_length_leg")), facts.low(SWING))


RULE = Rule(
    id="swing_angle",
    title="Angle of the swing leg too large or too small",
    headline="Your thigh's swing does not fit this speed",
    topic="the angle of the swinging leg",
    says="{seen}",
    or_says="Your thigh's swing does not fit this speed.",
    means=(
        "The thigh that swings forward answers the thigh that goes back. Get the push behind you right, "
        "and the swing comes right by itself."
    ),
    planes=("side",),
    film="Film from the side, the whole runner in view.",
    sign=sign,
    causes=(
        CauseTest(
            id="extension_small",
            title="Too little hip extension under a large swing",
            test=extension_small,
            yes="{seen_peak_thigh_extension_deg} Your swing in front makes up for it.",
            no="{seen}",
            film="Film from the side with the thigh in view at toe-off.",
            experiment=Experiment(
                do="Run 20 seconds and let each thigh go farther back before it swings.",
                then="your knee swings {by} degrees less far forward",
                measure=SWING,
                way=-1,
                done="peak_thigh_extension_deg",
                done_way=1,
            ),
            root="low_hip_extension",
            cues=(Words(id="crank", says="Use the hip like a crank: start it and let it go."),),
        ),
        CauseTest(
            id="extension_great",
            title="Too much hip extension before a small swing",
            test=extension_great,
            yes="{seen_peak_thigh_extension_deg} Your thigh then comes forward late and low.",
            no="{seen}",
            film="Film from the side with the thigh in view at toe-off.",
            experiment=Experiment(
                do="Run 20 seconds and let each foot go a little earlier behind you.",
                then="your knee swings {by} degrees farther forward",
                measure=SWING,
                way=1,
                done="peak_thigh_extension_deg",
                done_way=-1,
            ),
            root="forced_extension",
            cues=(Words(id="start_it_only", says="Only start the extension; let the leg do the rest."),),
        ),
        CauseTest(
            id="knee_lifted",
            title="Lifting the knee on purpose",
            test=knee_lifted,
            yes="{seen_peak_thigh_extension_deg} That does not explain the swing, so you lift the knee.",
            no="{seen}",
            film="Film from the side, the whole runner in view.",
            experiment=Experiment(
                do="Run 20 seconds without lifting the knees: let them swing.",
                then="your knee swings {by} degrees less far forward",
                measure=SWING,
                way=-1,
            ),
            cues=(Words(id="thigh_passive", says="Don't lift the knee: let it come through by itself."),),
        ),
        CauseTest(
            id="short_steps",
            title="Short, quick steps",
            test=short_steps,
            yes="{seen_cadence_spm} {seen_step_length_leg} Your thigh has no time to swing through.",
            no="{seen}",
            film="Film ten steps or more from the side.",
            experiment=Experiment(
                do="Run 20 seconds with fewer, longer steps at the same speed.",
                then="your knee swings {by} degrees farther forward",
                measure=SWING,
                way=1,
                done="cadence_spm",
                done_way=-1,
            ),
            root="flat_stride",
            cues=(Words(id="more_up", says="Think a little more up: let the horizon bob slightly."),),
        ),
    ),
    cues=(Words(id="extension_not_swing", says="Change the push behind you, not the swing in front."),),
    goals=(SWING,),
    expect=("Your knee finds its own height in front: leave it alone.",),
    guard=("Your foot should not land farther ahead than now.",),
    sources=(
        Source(
            says="Thigh speed goes with running speed in 40 runners from 3 to 10 m/s (Clark 2020).", grade="moderate"
        ),
        Source(
            says="That the swing follows from the extension is the coach's view; no cut-off is published.",
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="large swing over little extension",
            grade="flag",
            measures={SWING: 50, EXTENSION: 8},
            causes={"extension_small": "supported", "knee_lifted": "not_supported"},
        ),
        Case(
            name="small swing after forced extension",
            grade="flag",
            measures={SWING: 20, EXTENSION: 33},
            causes={"extension_great": "supported", "extension_small": "not_supported"},
        ),
        Case(
            name="knee lifted on purpose",
            grade="flag",
            measures={SWING: 50, EXTENSION: 24},
            causes={"knee_lifted": "supported", "extension_small": "not_supported"},
        ),
        Case(
            name="short quick steps",
            grade="flag",
            measures={SWING: 20, "cadence_spm": 200, "step_length_leg": 1.0},
            causes={"short_steps": "supported"},
        ),
        Case(name="just over the line", grade="watch", measures={SWING: 42.5}),
    ),
    silent=(
        Case(name="just under the line", measures={SWING: 40.0}),
        Case(name="a sprinter's swing at a sprinter's speed", speed_mps=9.0, measures={SWING: 66}),
        Case(name="thigh not seen", measures={SWING: 50}, without=(SWING,)),
        Case(name="filmed from behind", plane="rear", measures={SWING: 50}),
    ),
    weight=0.8,
)
