"""Left and right that do not do the same."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, any_of, capped, outside, unknown

CONTACT = "asymmetry_contact_time_pct"
STEP = "asymmetry_step_time_pct"
EXTENSION = "asymmetry_peak_thigh_extension_deg"
SHANK = "asymmetry_shank_angle_at_strike_deg"


BOTH_TAKES = "One side can't settle it: film from the other side too, at the same speed."
FROM_ONE_SIDE = 0.9
"""From one side a difference is at most to be watched: the far leg is partly hidden in every stride."""
BEYOND_ANY_RUNNER = 30.0
"""No one runs with a difference of 30 percent or degrees: then one leg was not seen right."""


def sign(facts: Facts) -> Reading:
    """Find a difference between left and right outside its band (docs/evidence.md#asymmetry)."""
    seen = (name for name in (CONTACT, STEP, EXTENSION, SHANK) if abs(facts.value(name)) < BEYOND_ANY_RUNNER)
    readings = [facts.outside_on_a_side(name) for name in seen]
    return capped(any_of(*readings), FROM_ONE_SIDE) if readings else unknown(CONTACT, EXTENSION)


RULE = Rule(
    id="asymmetry",
    title="Left and right differ",
    headline="Your left and right legs move differently",
    topic="differences between left and right",
    says="{seen} " + BOTH_TAKES,
    or_says="Your left and right legs move differently. " + BOTH_TAKES,
    means=(
        "You are not quite even, like everyone, and a small difference is no fault. A camera at one side sees the far "
        "leg less well. From one side alone a difference is a hint and no fault. Film from the other side too, at "
        "the same speed, and compare near leg with near leg."
    ),
    planes=("side",),
    film="Film from both sides, ten steps or more each, at 60 frames a second.",
    sign=sign,
    causes=(
        CauseTest(
            id="stays_longer",
            title="One foot staying on the ground longer",
            test=outside(CONTACT),
            yes="{seen}",
            no="{seen}",
            film="Film from both sides at 60 frames a second or more.",
            cues=(Words(id="same_sound", says="Listen to your steps and make both sound the same."),),
        ),
        CauseTest(
            id="extends_less",
            title="One hip extending less",
            test=outside(EXTENSION),
            yes="{seen}",
            no="{seen}",
            film="Film from both sides.",
            cues=(Words(id="same_crank", says="Let both hips finish: start the slower one and let it go."),),
        ),
        CauseTest(
            id="reaches_more",
            title="One leg reaching farther",
            test=outside(SHANK),
            yes="{seen}",
            no="{seen}",
            film="Film from both sides.",
            cues=(Words(id="drop_that_foot", says="Drop the reaching foot as soon as its knee stops coming forward."),),
        ),
    ),
    cues=(Words(id="same_sound", says="Listen to your steps and make both sound the same."),),
    goals=(
        CONTACT,
        EXTENSION,
        SHANK,
        STEP,
    ),
    expect=("Evenness comes slowly. If one side hurts, let someone look at it before you train it.",),
    guard=("Don't limp to be even: your better side should stay as it is.",),
    sources=(
        Source(
            says="8 degrees of difference is our proposal; one side camera cannot vouch for less than about 6.",
            grade="opinion",
        ),
    ),
    fires=(
        Case(
            name="one foot stays longer",
            grade="watch",
            measures={CONTACT: 14, STEP: 3, EXTENSION: 1, SHANK: 0},
            causes={"stays_longer": "supported", "extends_less": "not_supported"},
        ),
        Case(
            name="one hip extends less",
            grade="watch",
            measures={CONTACT: 1, STEP: 1, EXTENSION: -14, SHANK: 0},
            causes={"extends_less": "supported", "stays_longer": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={CONTACT: 8.5, STEP: 0, EXTENSION: 0, SHANK: 0}),
    ),
    silent=(
        Case(name="just under the line", measures={CONTACT: 4.5, STEP: 2, EXTENSION: 3, SHANK: 1}),
        Case(name="a difference no runner has: one leg was not seen right", measures={CONTACT: 45}),
        Case(name="one leg never seen", measures={}),
        Case(name="filmed from the front", plane="front", measures={CONTACT: 14}),
    ),
    weight=1.0,
    try_it=False,
)
