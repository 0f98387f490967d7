"""Runners that no fit may see, for the final figures: other bodies, clothes, distances and speeds than all the others.

Films `new_*` of `python -m validation.render`.
"""

from __future__ import annotations

import json
from typing import Any

NEW_BODIES: dict[str, dict[str, Any]] = {
    "small_soft": {"sex": "female", "eth": "asian", "muscle": 0.45, "weight": 0.60, "height": 1.55, "mass": 62,
                   "skin": [0.70, 0.50, 0.38], "hair": [0.05, 0.04, 0.04], "hairstyle": "ponytail"},
    "tall_thin": {"sex": "male", "eth": "caucasian", "muscle": 0.50, "weight": 0.20, "height": 1.87, "mass": 70,
                  "skin": [0.86, 0.66, 0.56], "hair": [0.35, 0.20, 0.10], "hairstyle": "short"},
    "tall_strong": {"sex": "female", "eth": "caucasian", "muscle": 0.80, "weight": 0.38, "height": 1.79, "mass": 70,
                    "skin": [0.74, 0.53, 0.42], "hair": [0.45, 0.32, 0.15], "hairstyle": "ponytail"},
    "short_strong": {"sex": "male", "eth": "african", "muscle": 0.85, "weight": 0.48, "height": 1.68, "mass": 76,
                     "skin": [0.25, 0.15, 0.10], "hair": [0.04, 0.03, 0.03], "hairstyle": "short"},
}  # fmt: skip
NEW_OUTFITS: dict[str, dict[str, Any]] = {
    "grey_capri": {"shirt": [0.45, 0.47, 0.50], "shirt2": [0.85, 0.30, 0.20], "shorts": [0.25, 0.26, 0.30],
                   "shorts2": [0.85, 0.30, 0.20], "sleeve": 0.50, "legs": 1.35, "shoe": [0.95, 0.95, 0.95],
                   "shoe2": [0.20, 0.40, 0.80], "sock": [0.95, 0.95, 0.95], "sock_h": 0.05},
    "all_black": {"shirt": [0.06, 0.06, 0.07], "shirt2": [0.20, 0.20, 0.22], "shorts": [0.05, 0.05, 0.06],
                  "shorts2": [0.20, 0.20, 0.22], "sleeve": 1.85, "legs": 1.86, "shoe": [0.10, 0.10, 0.11],
                  "shoe2": [0.70, 0.70, 0.70], "sock": [0.08, 0.08, 0.08], "sock_h": 0.06},
    "pink_singlet": {"shirt": [0.90, 0.45, 0.60], "shirt2": [0.20, 0.20, 0.40], "shorts": [0.15, 0.30, 0.35],
                     "shorts2": [0.90, 0.45, 0.60], "sleeve": -0.02, "legs": 0.42, "shoe": [0.55, 0.90, 0.15],
                     "shoe2": [0.10, 0.10, 0.10], "sock": [0.20, 0.20, 0.20], "sock_h": 0.13},
}  # fmt: skip
"""Runners whose body and clothes are in no fit (fields of the digital runner's body.py)."""

NEW: tuple[dict[str, Any], ...] = (
    {"body": "small_soft", "outfit": "grey_capri", "speed": 2.6, "view": "right", "scene": "road", "distance": 4.0},
    {"body": "tall_thin", "outfit": "pink_singlet", "speed": 3.4, "view": "left", "scene": "gym", "distance": 7.0},
    {"body": "tall_strong", "outfit": "all_black", "speed": 3.0, "view": "right", "scene": "evening"},
    {"body": "short_strong", "outfit": "grey_capri", "speed": 4.4, "view": "left", "scene": "overcast",
     "distance": 9.0},
    {"body": "small_soft", "outfit": "pink_singlet", "speed": 3.1, "view": "left", "scene": "gym",
     "faults": [["overstride", "middle"]]},
    {"body": "tall_thin", "outfit": "all_black", "speed": 2.8, "view": "right", "scene": "overcast",
     "faults": [["bounce", "middle"]]},
    {"body": "tall_strong", "outfit": "pink_singlet", "speed": 3.7, "view": "left", "scene": "road",
     "faults": [["back_kick", "middle"]]},
    {"body": "short_strong", "outfit": "all_black", "speed": 2.9, "view": "right", "scene": "gym", "cam_height": 0.7,
     "faults": [["limited_hip_extension", "middle"]]},
    {"body": "small_soft", "outfit": "all_black", "speed": 2.4, "view": "right", "scene": "evening",
     "faults": [["short_stride", "mild"]]},
    {"body": "tall_thin", "outfit": "grey_capri", "speed": 4.0, "view": "left", "scene": "road",
     "faults": [["forefoot_strike", "mild"]]},
    {"body": "tall_strong", "outfit": "grey_capri", "speed": 3.2, "view": "right", "scene": "overcast",
     "cam_height": 1.4, "faults": [["forward_lean", "middle"]]},
    {"body": "short_strong", "outfit": "pink_singlet", "speed": 3.3, "view": "left", "scene": "evening",
     "faults": [["low_knee_drive", "middle"]]},
    {"body": "anna", "outfit": "grey_capri", "speed": 3.6, "view": "left", "scene": "road", "distance": 8.0},
    {"body": "tall_thin", "outfit": "grey_capri", "speed": 4.8, "view": "right", "scene": "road", "fps": 60},
)  # fmt: skip
"""Held back from every fit: the runners of the final figures."""


WITH_NEW_RUNNERS = f"""
import json, sets
from digital_runner import body
body.BODIES.update(json.loads({json.dumps(NEW_BODIES)!r}))
body.OUTFITS.update(json.loads({json.dumps(NEW_OUTFITS)!r}))
sets.main()
"""
"""Run beside the renderer: its own command, once it knows the new bodies and clothes."""


def new_runners() -> dict[str, dict[str, Any]]:
    """Specs of the films by name."""
    small = {"fps": 30, "duration": 2.5, "size": [640, 360]}
    sharp = {"fps": 60, "duration": 2.0, "size": [640, 360]}
    common = {"mode": "treadmill", "ss": 1.0}
    return {
        f"new_{i:02d}_{spec['body']}": {**common, "seed": 700 + i, **(sharp if "fps" in spec else small), **spec}
        for i, spec in enumerate(NEW)
    }
