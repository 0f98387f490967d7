"""The article's three strides as runners of the digital runner: one thing changed at a time, at one speed.

The article gives no numbers but one: between landing on the heel and under the body, contact is .03 to .04 s shorter.
So stride 1 reaches 10 cm further and is flat (55 ms of flight at 3.2 m/s; docs/evidence.md#time: about 105);
stride 2 lands beneath, contact 41 ms shorter, still flat, and at the same speed that makes steps 11 % shorter and
quicker; stride 3 keeps the landing and brings the length back with the flight of an ordinary runner, 120 ms. The
magnitudes were set by the true measures, before any of the films was looked at.

A second runner does the same at another speed, from the other side, smaller in the picture. Rules of the comparison
were mended after these two had been looked at; the third was filmed after that and changed nothing.
"""

from __future__ import annotations

from typing import Any

STRIDES: dict[str, dict[str, Any]] = {
    "flat and reaching": {"faults": [["overstride", 0.10]], "overrides": {"contact": 0.285, "cadence": 176.5}},
    "foot down sooner": {
        "faults": [],
        "overrides": {"contact": 0.25, "cadence": 196.7, "d_ic": 0.155, "knee_ic": 19.0, "pitch_ic": 3.0,
                      "thigh_swing": 32.0},
    },
    "longer by flight": {
        "faults": [],
        "overrides": {"contact": 0.24, "cadence": 166.7, "d_ic": 0.165, "knee_ic": 19.0, "pitch_ic": 3.0},
    },
}  # fmt: skip
"""What the digital runner does in each of the article's strides: faults, and gait parameters in its units."""

RUNNERS: dict[str, dict[str, Any]] = {
    "ben": {"body": "ben", "outfit": "red_tee", "speed": 3.2, "view": "right", "scene": "gym", "size": [960, 540],
            "seed": 10},
    "carl": {"body": "carl", "outfit": "blue_singlet", "speed": 3.0, "view": "left", "scene": "overcast",
             "size": [640, 360], "seed": 60},
    "erik": {"body": "erik", "outfit": "green_tights", "speed": 3.3, "view": "right", "scene": "road",
             "size": [640, 360], "seed": 90},
}  # fmt: skip


def name_of(runner: str, stride: int) -> str:
    """What the film of a stride, 1 to 3, is called."""
    return f"stride_{runner}_{stride}"


def strides() -> dict[str, dict[str, Any]]:
    """The specs of all films, for validation.render."""
    base = {"duration": 5.5, "fps": 60, "ss": 1.0, "mode": "treadmill"}
    return {
        name_of(runner, i): {**base, **who, **stride, "seed": who["seed"] + i}
        for runner, who in RUNNERS.items()
        for i, stride in enumerate(STRIDES.values(), start=1)
    }
