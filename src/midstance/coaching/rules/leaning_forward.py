"""Too much forward lean of the trunk."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, all_of, any_of, isnt

LEAN = "trunk_lean_deg"


def sign(facts: Facts) -> Reading:
    """The trunk leans forward more than the speed asks for (EVIDENCE P12)."""
    return facts.high(LEAN)


def hips_left_behind(facts: Facts) -> Reading:
    """Low hips, or little extension."""
    return any_of(facts.low("hip_height_midstance_leg"), facts.low("peak_thigh_extension_deg"))


def bent_at_waist(facts: Facts) -> Reading:
    """The lean with the hips left behind."""
    return all_of(facts.high(LEAN), hips_left_behind(facts))


def whole_body(facts: Facts) -> Reading:
    """The lean with the hips where they should be."""
    return all_of(facts.high(LEAN), isnt(hips_left_behind(facts)))


RULE = Rule(
    id="leaning_forward",
    title="Leaning forward too much",
    headline="You lean forward a lot",
    topic="leaning forward",
    says="Your trunk leans {trunk_lean_deg:.0f} degrees forward; about {usual_trunk_lean_deg:.0f} is usual.",
    or_says="Your trunk leans far forward.",
    means=(
        "A little forward lean is right, and it grows with speed. Much more leaves the legs behind and is "
        "paid for with "
        "energy. Speeding up is another matter: there the lean belongs."
    ),
    planes=("side",),
    film="Film from the side with the camera level, at a steady speed.",
    sign=sign,
    causes=(
        CauseTest(
            id="bent_at_waist",
            title="Bent at the waist, the hips left behind",
            test=bent_at_waist,
            yes="You bend at the waist, and your hips stay behind.",
            no="Your hips are not left behind, so you do not bend at the waist.",
            film="Film from the side, the whole runner in view.",
            cues=(Words(id="hips_under_chest", says="Bring the hips forward, under your chest."),),
        ),
        CauseTest(
            id="whole_body",
            title="The chest is carried too far forward",
            test=whole_body,
            yes="Your hips are where they should be; it is the chest that you carry too far forward.",
            no="It is not the chest alone.",
            film="Film from the side, the whole runner in view.",
            cues=(Words(id="tall_chest", says="Run tall: chest up, eyes on the horizon."),),
        ),
    ),
    cues=(Words(id="tall_chest", says="Run tall: chest up, eyes on the horizon."),),
    goals=(LEAN,),
    expect=("It feels as if you lean back. The film will show that you do not.",),
    guard=("Do not go past upright: leaning back makes the foot reach.",),
    sources=(
        Source(
            says="8 degrees more lean cost 8 percent more energy at 3.6 m/s, 16 runners (Carson and others 2024).",
            grade="moderate",
        ),
        Source(
            says="Runners who lean little do so 3.6, those who lean much 10.8 degrees (Teng and Powers 2015).",
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
