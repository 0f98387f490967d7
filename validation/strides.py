"""The article's three strides as runners of the digital runner: one thing changed at a time, at one speed.

The article gives no numbers but one: between landing on the heel and under the body, contact is .03 to .04 s shorter.
So stride 1 reaches ahead by 4 between-runner SDs of people and is flat (55 ms of flight at 3.2 m/s;
docs/evidence.md#time: about 105); stride 2 lands where people do, contact 41 ms shorter, still flat, and at the same
speed that makes steps 12 % shorter and quicker; stride 3 keeps the landing and brings the length back with the flight
of an ordinary runner, 120 ms. The magnitudes were set by the true measures, before any of the films was looked at.

A second runner does the same from a higher camera farther away, a third from the other side at half the frame rate.
"""

from __future__ import annotations

from typing import Any

STRIDES: dict[str, dict[str, Any]] = {
    "flat and reaching": {"faults": [["overstride", "4sd"]], "overrides": {"contact": 0.285, "cadence": 176.5}},
    "foot down sooner": {"faults": [], "overrides": {"contact": 0.244, "cadence": 200.7}},
    "longer by flight": {"faults": [], "overrides": {"contact": 0.239, "cadence": 167.2}},
}
"""What the digital runner does in each of the article's strides: faults, and gait parameters in its units."""

RUNNERS: dict[str, dict[str, Any]] = {
    "ben": {"body": "ben", "outfit": "red_tee", "speed": 3.2, "view": "right", "scene": "gym", "fps": 60,
            "duration": 3.6, "person": None, "seed": 10},
    "carl": {"body": "carl", "outfit": "blue_singlet", "speed": 3.1, "view": "right", "scene": "overcast", "fps": 60,
             "duration": 3.6, "person": None, "seed": 50, "cam_height": 1.3, "distance": 6.0},
    "erik": {"body": "erik", "outfit": "green_tights", "speed": 3.3, "view": "left", "scene": "road", "fps": 30,
             "duration": 4.4, "person": None, "seed": 90},
}  # fmt: skip
"""All are the median of people: a person's own landing would be part of the story."""


def name_of(runner: str, stride: int) -> str:
    """What the film of a stride, 1 to 3, is called."""
    return f"stride_{runner}_{stride}"


def strides() -> dict[str, dict[str, Any]]:
    """The specs of all films, for validation.render."""
    base = {"ss": 1.0, "mode": "treadmill", "size": [640, 360]}
    return {
        name_of(runner, i): {**base, **who, **stride, "seed": who["seed"] + i}
        for runner, who in RUNNERS.items()
        for i, stride in enumerate(STRIDES.values(), start=1)
    }
