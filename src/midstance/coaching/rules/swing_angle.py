"""Angle of the swing leg too large or too small: the thigh comes too far, or not far enough, forward and up."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, isnt

SWING = "peak_thigh_flexion_deg"
EXTENSION = "peak_thigh_extension_deg"


def sign(facts: Facts) -> Reading:
    """The thigh's greatest angle in front, outside its band for the speed (EVIDENCE P6)."""
    return any_of(facts.high(SWING), facts.low(SWING))


def extension_small(facts: Facts) -> Reading:
    """A large swing over too little extension."""
    return all_of(facts.high(SWING), facts.low(EXTENSION))


def extension_great(facts: Facts) -> Reading:
    """A small swing after too much extension."""
    return all_of(facts.low(SWING), facts.high(EXTENSION))


def knee_lifted(facts: Facts) -> Reading:
    """A large swing although the extension behind it is what the speed needs."""
    return all_of(facts.high(SWING), isnt(facts.low(EXTENSION)))


def short_steps(facts: Facts) -> Reading:
    """A small swing in short or quick steps."""
    return all_of(facts.low(SWING), any_of(facts.high("cadence_spm"), facts.low("step_length_leg")))


RULE = Rule(
    id="swing_angle",
    title="Angle of the swing leg too large or too small",
    headline="Your thigh's swing does not fit this speed",
    topic="the angle of the swinging leg",
    says=(
        "Your thigh swings {peak_thigh_flexion_deg:.0f} degrees forward; "
        "about {usual_peak_thigh_flexion_deg:.0f} is usual."
    ),
    or_says="The swing of your thigh does not fit your speed.",
    means=(
        "The thigh that swings forward answers the thigh that goes back. When the extension is right, the swing comes "
        "out right by itself, so it is the extension that is worth changing."
    ),
    planes=("side",),
    film="Film from the side, the whole runner in view.",
    sign=sign,
    causes=(
        CauseTest(
            id="extension_small",
            title="Hip extension too small (for a swing that is too large)",
            test=extension_small,
            yes=(
                "Your thigh goes only {peak_thigh_extension_deg:.0f} degrees back, and the swing in front "
                "makes up for it."
            ),
            no="Too little hip extension under too large a swing: that is not what we see.",
            film="Film from the side with the thigh in view at toe-off.",
            root="low_hip_extension",
            cues=(Words(id="crank", says="Use the hip like a crank: start it and let it go."),),
        ),
        CauseTest(
            id="extension_great",
            title="Hip extension too great (for a swing that is too small)",
            test=extension_great,
            yes="Your thigh is pushed {peak_thigh_extension_deg:.0f} degrees back, so it comes forward late and low.",
            no="Too much hip extension before too small a swing: that is not what we see.",
            film="Film from the side with the thigh in view at toe-off.",
            root="forced_extension",
            cues=(Words(id="start_it_only", says="Only start the extension; let the leg do the rest."),),
        ),
        CauseTest(
            id="knee_lifted",
            title="The knee is lifted on purpose",
            test=knee_lifted,
            yes="Your thigh comes up farther than its swing from behind explains: you lift it.",
            no="You do not lift the knee on purpose, so that is not why.",
            film="Film from the side, the whole runner in view.",
            cues=(Words(id="thigh_passive", says="Do not lift the knee: let it come through by itself."),),
        ),
        CauseTest(
            id="short_steps",
            title="Short, quick steps leave the swing no time",
            test=short_steps,
            yes="Your steps are short and quick, and the thigh has no time to swing through.",
            no="Your steps are not too short or quick, so that is not why.",
            film="Film ten steps or more from the side.",
            root="flat_stride",
            cues=(Words(id="more_up", says="Think a little more up: let the horizon bob slightly."),),
        ),
    ),
    cues=(Words(id="extension_not_swing", says="Change the push behind you, not the swing in front."),),
    goals=(SWING,),
    expect=("The swing changes by itself, a little after the extension does.",),
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
            measures={SWING: 50, EXTENSION: 21},
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
