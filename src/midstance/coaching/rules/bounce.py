"""Excessively bouncy stride: the body leaves the ground too steeply and rises and falls too much."""

from __future__ import annotations

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Words
from midstance.coaching.rules.facts import Facts, Reading, any_of, high, provided
from midstance.model import Experiment


def sign(facts: Facts) -> Reading:
    """Find a rise or a take-off angle beyond its band, and the other at least above the middle.

    The rise is taken as a share of leg length first: it needs no scale and is fair to tall runners
    (docs/evidence.md#bounce, docs/evidence.md#take-off-angle).
    """
    rise = "vertical_oscillation_leg" if facts.measure("vertical_oscillation_leg") else "vertical_oscillation_cm"
    steep = "take_off_angle_deg"
    return any_of(
        provided(facts.high(rise), facts.above(steep, 1.05 * facts.usual(steep))),
        provided(facts.high(steep), facts.above(rise, 1.15 * facts.usual(rise))),
    )


def pushing_up(facts: Facts) -> Reading:
    """Find a deep dip in stance followed by a long push."""
    return provided(facts.high("peak_knee_flexion_stance_deg"), facts.rather_low("knee_flexion_at_toe_off_deg"))


RULE = Rule(
    id="bounce",
    title="Excessively bouncy stride",
    headline="You bounce",
    topic="bounce",
    says="{seen_vertical_oscillation_cm} {seen_take_off_angle_deg}",
    or_says="Your body goes up and down more than it needs to.",
    means=(
        "You need some rise: it gives your stride its length. Beyond that, height is effort that does not carry you "
        "forward."
    ),
    planes=("side",),
    film="Film from the side with a still camera, the whole runner in view.",
    sign=sign,
    causes=(
        CauseTest(
            id="steep_take_off",
            title="Taking off too steeply",
            test=high("take_off_angle_deg"),
            yes="{seen} Your push goes too much upward.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more, and give your speed.",
            experiment=Experiment(
                do="Run 20 seconds as if under a low ceiling: push forward, not up.",
                then="you bounce {by} of your leg's length less",
                measure="vertical_oscillation_leg",
                way=-1,
                done="take_off_angle_deg",
                done_way=-1,
            ),
            cues=(
                Words(id="along_not_up", says="Think more along than up."),
                Words(id="still_horizon", says="Watch the horizon and hold it still."),
            ),
        ),
        CauseTest(
            id="pushing_up",
            title="Sinking deep and pushing long",
            test=pushing_up,
            yes="{seen_peak_knee_flexion_stance_deg} Then you push until the leg is straight, and that throws you up.",
            no="{seen}",
            film="Film from the side at 60 frames a second or more.",
            experiment=Experiment(
                do="Run 20 seconds on short, quick contacts: off the ground as soon as you land.",
                then="you bounce {by} of your leg's length less",
                measure="vertical_oscillation_leg",
                way=-1,
                done="contact_time_ms",
                done_way=-1,
            ),
            cues=(Words(id="off_when_ready", says="Let the foot leave the ground as soon as it wants to."),),
        ),
    ),
    cues=(
        Words(id="still_horizon", says="Watch the horizon and hold it still."),
        Words(id="along_not_up", says="Think more along than up."),
    ),
    goals=(
        "vertical_oscillation_cm",
        "vertical_oscillation_leg",
        "take_off_angle_deg",
    ),
    expect=(
        "Your steps come a little quicker, and you spend less time in the air.",
        "Keep some bounce: a flat stride is no gain.",
    ),
    guard=("Your stride should not turn flat: your thigh should go back as far as now.",),
    sources=(
        Source(
            says="Less rise goes with better economy, a moderate link in 51 studies (Van Hooren and others 2024).",
            grade="moderate",
        ),
        Source(says="Rise falls when the steps get quicker (Heiderscheit and others 2011).", grade="strong"),
        Source(
            says="Against it: high performers take off with more upward speed than others (Preece and others 2019).",
            grade="moderate",
        ),
    ),
    fires=(
        Case(
            name="bounces high",
            grade="flag",
            measures={
                "vertical_oscillation_leg": 0.16,
                "vertical_oscillation_cm": 14,
                "take_off_angle_deg": 16.5,
                "flight_time_ms": 180,
            },
            causes={"steep_take_off": "supported", "pushing_up": "not_supported"},
        ),
        Case(
            name="sinks deep and pushes long",
            grade="flag",
            measures={
                "vertical_oscillation_leg": 0.16,
                "vertical_oscillation_cm": 14,
                "take_off_angle_deg": 11.0,
                "peak_knee_flexion_stance_deg": 63,
                "knee_flexion_at_toe_off_deg": 4,
            },
            causes={"pushing_up": "supported", "steep_take_off": "not_supported"},
        ),
        Case(
            name="just over the line",
            grade="watch",
            measures={"vertical_oscillation_leg": 0.125, "take_off_angle_deg": 12.0},
        ),
    ),
    silent=(
        Case(name="just under the line", measures={"vertical_oscillation_leg": 0.115, "take_off_angle_deg": 12.5}),
        Case(name="a slow jogger's high ratio", speed_mps=2.1, measures={"vertical_ratio_pct": 11.5}),
        Case(
            name="rise not measured",
            measures={"take_off_angle_deg": 16.5},
            without=("vertical_oscillation_leg", "vertical_oscillation_cm"),
        ),
        Case(
            name="filmed from the front",
            plane="front",
            measures={"vertical_oscillation_leg": 0.16, "take_off_angle_deg": 16.5},
        ),
    ),
    weight=1.1,
)
