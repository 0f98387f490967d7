"""Films of generated persons: a hundred without fault, and every fault at 3 and 4.5 standard deviations, twice.

Films `person_*` of `python -m validation.render` (digital runner, norms 2): other persons, bodies, clothes, cameras and
speeds each time, half at 30 and half at 60 frames/s. On one half of them, by name, offsets and own errors are
fitted; the other is in no fit. The stated instant of contact of norms 2 lies some 13 ms early for its kinematics, so
contacts and what is read at strike are judged on other films.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

from validation.faults import BODIES, RIGHT

OUTFITS = ("red_tee", "blue_singlet", "green_tights", "white_long", "black_tee", "yellow_singlet")
SCENES = ("gym", "road", "overcast", "evening")
LEVELS = ("middle", "strong")
HALF = 50


def persons() -> dict[str, dict[str, Any]]:
    """Specs of all films by name, in an order of which any beginning is a fair sample."""
    rounds = ((_clean(range(HALF)), _faulty(0)), (_clean(range(HALF, 2 * HALF)), _faulty(1)))
    return {name: spec for both in rounds for part in both for name, spec in part}


def in_fitted_half(name: str) -> bool:
    """Whether a film of a person is one that may be fitted on."""
    return crc32(name.encode()) % 2 == 0


def _clean(numbers: range) -> Iterator[tuple[str, dict[str, Any]]]:
    for i in numbers:
        speed = 2.5 + 2.0 * ((i * 37) % 100) / 99
        yield f"person_clean_{i:02d}", _film(i) | {"speed": round(speed, 2), "person": 5000 + i}


def _faulty(again: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for j, fault in enumerate(RIGHT):
        for k, level in enumerate(LEVELS):
            number = 1000 + 100 * again + 2 * j + k
            speed = (2.7, 3.0, 3.4, 3.9)[(j + k + again) % 4]
            film = _film(number) | {"speed": speed, "person": 8000 + number, "faults": [[fault, level]]}
            yield f"person_{fault}_{level}_{again}", film


def _film(i: int) -> dict[str, Any]:
    """Return the camera, the body and the clothes of film number i."""
    pace = {"fps": 60, "duration": 2.4} if i % 2 else {"fps": 30, "duration": 2.8}
    return {
        **pace, "size": [640, 360], "ss": 1.0, "mode": "treadmill", "seed": 9000 + i,
        "body": BODIES[(i // 2) % 6], "outfit": OUTFITS[(i * 5 + i // 6) % 6], "scene": SCENES[(i // 3) % 4],
        "view": ("right", "left")[(i // 2 + i // 7) % 2], "distance": (4.0, 5.0, 6.5)[i % 3],
        "cam_height": (0.8, 1.0, 1.3)[(i // 5) % 3],
    }  # fmt: skip
