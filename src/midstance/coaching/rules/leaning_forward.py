"""Too much forward lean of the trunk."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, isnt

LEAN = "trunk_lean_deg"


def sign(facts: Facts) -> Reading:
    """Find a trunk that leans forward more than the speed asks for (docs/evidence.md#trunk-lean)."""
    return facts.high(LEAN)


def hips_left_behind(facts: Facts) -> Reading:
    """Find low hips, or little extension."""
    return any_of(facts.low("hip_height_midstance_leg"), facts.low("peak_thigh_extension_deg"))


def bent_at_waist(facts: Facts) -> Reading:
    """Find a lean with the hips left behind."""
    return all_of(facts.high(LEAN), hips_left_behind(facts))


def whole_body(facts: Facts) -> Reading:
    """Find a lean with the hips where they should be."""
    return all_of(facts.high(LEAN), isnt(hips_left_behind(facts)))


RULE = Rule(
    id="leaning_forward",
    title="Leaning forward too much",
    headline="You lean forward a lot",
    topic="leaning forward",
    says="{seen}",
    or_says="Your trunk leans far forward.",
    means=(
        "You should lean forward a little, and more as you speed up. Leaning much more leaves your legs behind and "
        "costs energy, though it spares the knees."
    ),
    planes=("side",),
    film="Film from the side with the camera level, at a steady speed.",
    sign=sign,
    causes=(
        CauseTest(
            id="bent_at_waist",
            title="Bending at the waist",
            test=bent_at_waist,
            yes="{seen} Your hips stay behind.",
            no="{seen}",
            film="Film from the side, the whole runner in view.",
            cues=(Words(id="hips_under_chest", says="Bring the hips forward, under your chest."),),
        ),
        CauseTest(
            id="whole_body",
            title="Leaning with the whole body",
            test=whole_body,
            yes="{seen}",
            no="{seen}",
            film="Film from the side, the whole runner in view.",
            cues=(Words(id="tall_chest", says="Run tall: chest up, eyes on the horizon."),),
        ),
    ),
    cues=(Words(id="tall_chest", says="Run tall: chest up, eyes on the horizon."),),
    goals=(LEAN,),
    expect=("It feels as if you lean back. The film will show that you don't.",),
    guard=("Don't go past upright: leaning back makes the foot reach.",),
    sources=(
        Source(
            says="Leaning as far as they could cost 16 runners 8 percent more energy (Carson and others 2024).",
            grade="moderate",
        ),
        Source(
            says="Runners who lean little do so 3.6, those who lean much 10.8 degrees (Teng and Powers 2015).",
            grade="moderate",
        ),
        Source(
            says="Against it: the runners who lean more ask less of their knees (Teng and Powers 2015).",
            grade="moderate",
        ),
    ),
    fires=(
        Case(
            name="bent at the waist",
            grade="flag",
            measures={LEAN: 18, "peak_thigh_extension_deg": 10},
            causes={"bent_at_waist": "supported", "whole_body": "not_supported"},
        ),
        Case(
            name="chest too far forward",
            grade="flag",
            measures={LEAN: 18},
            causes={"whole_body": "supported", "bent_at_waist": "not_supported"},
        ),
        Case(name="just over the line", grade="watch", measures={LEAN: 11.5}),
    ),
    silent=(
        Case(name="just under the line", measures={LEAN: 10.0}),
        Case(name="the same lean at speed", speed_mps=6.0, measures={LEAN: 12.5}),
        Case(name="trunk not seen", measures={LEAN: 18}, without=(LEAN,)),
        Case(name="filmed from the front", plane="front", measures={LEAN: 18}),
    ),
    weight=1.1,
)
