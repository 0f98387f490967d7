"""Form that changes in the course of the clip."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, any_of


def extension_fades(facts: Facts) -> Reading:
    """Find a thigh that goes less and less far back."""
    return facts.drifts("peak_thigh_extension_deg", -1)


def contact_grows(facts: Facts) -> Reading:
    """Find feet that stay on the ground longer and longer."""
    return facts.drifts("contact_time_ms", +1)


def hips_sink(facts: Facts) -> Reading:
    """Find a stance knee that bends deeper, or hips that ride lower."""
    return any_of(facts.drifts("peak_knee_flexion_stance_deg", +1), facts.drifts("hip_height_midstance_leg", -1))


def lean_changes(facts: Facts) -> Reading:
    """Find a trunk that leans more and more, or less and less."""
    return any_of(facts.drifts("trunk_lean_deg", +1), facts.drifts("trunk_lean_deg", -1))


def arms_go(facts: Facts) -> Reading:
    """Find arms that swing wider, or later."""
    return any_of(facts.drifts("upper_arm_range_deg", +1), facts.drifts("arm_leg_lag_pct", +1))


def sign(facts: Facts) -> Reading:
    """Find one of them drifting over the clip by more than matters and more than chance (docs/evidence.md#fatigue)."""
    return any_of(extension_fades(facts), contact_grows(facts), hips_sink(facts), lean_changes(facts), arms_go(facts))


RULE = Rule(
    id="fading",
    title="Form changes as you go",
    headline="Your form fades during the clip",
    topic="fading form",
    says="Your form changes in the course of this clip.",
    means=(
        "Tired runners extend the hip less and stay longer on the ground. What goes first is what to think of when it "
        "gets hard."
    ),
    planes=("side",),
    film="Film half a minute or more in one take. Or compare one take early in the run with one late.",
    sign=sign,
    causes=(
        CauseTest(
            id="extension_fades",
            title="Extending the hip less and less",
            test=extension_fades,
            yes="Your thigh goes less and less far back.",
            no="Your thigh goes back as far as at the start.",
            film="Film half a minute or more from the side.",
            cues=(Words(id="crank_when_tired", says="When it gets hard, think of the hip: start it and let it go."),),
        ),
        CauseTest(
            id="hips_sink",
            title="Sinking at the hips",
            test=hips_sink,
            yes="Your hips sink lower over the knee.",
            no="Your hips stay as high as they were.",
            film="Film half a minute or more from the side.",
            cues=(Words(id="tall_when_tired", says="When it gets hard, run tall."),),
        ),
        CauseTest(
            id="contact_grows",
            title="Staying on the ground longer",
            test=contact_grows,
            yes="Your feet stay on the ground longer and longer.",
            no="Your feet leave the ground as soon as at the start.",
            film="Film half a minute or more at 60 frames a second.",
            cues=(Words(id="off_when_tired", says="When it gets hard, get off the ground a little sooner."),),
        ),
        CauseTest(
            id="lean_changes",
            title="Changing the lean",
            test=lean_changes,
            yes="Your trunk does not keep its lean.",
            no="Your trunk keeps its lean.",
            film="Film half a minute or more with a camera that stands still.",
            cues=(Words(id="tall_when_tired", says="When it gets hard, run tall."),),
        ),
        CauseTest(
            id="arms_go",
            title="Losing the swing of the arms",
            test=arms_go,
            yes="Your arms begin to swing wide or late.",
            no="Your arms keep their swing.",
            film="Film half a minute or more with the near arm in view.",
            cues=(Words(id="arms_when_tired", says="When it gets hard, take the elbows straight back."),),
        ),
    ),
    cues=(Words(id="crank_when_tired", says="When it gets hard, think of the hip: start it and let it go."),),
    goals=(),
    practice=(
        "Try it in the last ten minutes of a steady run, one minute at a time, twice a week. Run your easy runs as "
        "before."
    ),
    expect=("It holds for a minute first, then for longer.",),
    guard=("Don't force what tires: slow down a little instead.",),
    sources=(
        Source(
            says=(
                "Between km 8 and 40 of a marathon peak hip extension fell by 28 percent, 179 runners "
                "(Chan-Roper and others 2012)."
            ),
            grade="moderate",
        ),
        Source(
            says="Against sinking: their knees bent 3 percent less on the ground. That hips sink is a coach's view.",
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="the hip extends less and less",
            grade="flag",
            drift={"peak_thigh_extension_deg": -9},
            causes={"extension_fades": "supported", "hips_sink": "not_supported", "arms_go": "not_supported"},
        ),
        Case(
            name="the hips sink",
            grade="flag",
            drift={"peak_knee_flexion_stance_deg": 9, "hip_height_midstance_leg": -0.05},
            causes={"hips_sink": "supported", "extension_fades": "not_supported"},
        ),
        Case(
            name="the feet stay longer",
            grade="flag",
            drift={"contact_time_ms": 40},
            causes={"contact_grows": "supported"},
        ),
        Case(
            name="the trunk falls forward",
            grade="flag",
            drift={"trunk_lean_deg": 8},
            causes={"lean_changes": "supported"},
        ),
        Case(name="the arms go wild", grade="flag", drift={"upper_arm_range_deg": 30}, causes={"arms_go": "supported"}),
        Case(name="just over the line", grade="watch", drift={"peak_thigh_extension_deg": -4.5}),
    ),
    silent=(
        Case(name="just under the line", drift={"peak_thigh_extension_deg": -3.5}),
        Case(name="it gets better", drift={"peak_thigh_extension_deg": 9}),
        Case(name="too short a clip to tell", measures={}),
        Case(name="filmed from the front", plane="front", drift={"peak_thigh_extension_deg": -9}),
    ),
    weight=0.8,
)
