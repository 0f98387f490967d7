"""A rule of our own: feet that stay on the ground for long. How a rule is written: CONTRIBUTING, Add a rule."""

from __future__ import annotations

from midstance.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.rules.facts import Facts, Reading, high, low

CONTACT = "contact_time_ms"
LONGEST = 280.0
"""Where our limit lies at 3 m/s, the speed of the examples: half way between 300 and 260 ms (references.toml)."""


def sign(facts: Facts) -> Reading:
    """Compare the time on the ground with its band."""
    return facts.high(CONTACT)


RULE = Rule(
    id="long_contact",
    title="Long time on the ground",
    headline="Your foot stays on the ground for long",
    topic="a long time on the ground",
    says="Your foot stays on the ground for {contact_time_ms:.0f} ms; about {usual_contact_time_ms:.0f} is usual.",
    or_says="Your foot stays on the ground for long.",
    means="The foot stays on the ground longer than this speed needs.",
    planes=("side",),
    film="Film from the side at 60 frames a second or more.",
    sign=sign,
    causes=(
        CauseTest(
            id="sinks_deep",
            title="The knee gives a lot",
            test=high("peak_knee_flexion_stance_deg"),
            yes="Your knee bends far, and that takes time.",
            no="Your knee does not bend far, so that is not why.",
            film="Film from the side.",
        ),
        CauseTest(
            id="flat_take_off",
            title="Take-off angle too low",
            test=low("take_off_angle_deg"),
            yes="You take off low.",
            no="Your take-off angle is ordinary.",
            film="Film from the side.",
        ),
    ),
    cues=(Words(id="off_the_ground", says="Be off the ground a little sooner."),),
    goals=(CONTACT,),
    expect=("Your steps come a little quicker.",),
    guard=("Do not turn it into a bounce.",),
    sources=(Source(says="Our coaches.", grade="opinion"),),
    fires=(
        Case(
            name="stays and sinks",
            grade="flag",
            measures={CONTACT: LONGEST + 60, "peak_knee_flexion_stance_deg": 70},
            causes={"sinks_deep": "supported", "flat_take_off": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={CONTACT: LONGEST + 3}),
    ),
    silent=(
        Case(name="just under the line", measures={CONTACT: LONGEST - 3}),
        Case(name="contacts not seen", without=(CONTACT,)),
        Case(name="filmed from the front", plane="front", measures={CONTACT: LONGEST + 60}),
    ),
)
