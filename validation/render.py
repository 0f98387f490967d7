"""Render the runners of the validation with the digital runner beside shared (slow: three hours on two cores).

Cameras, turned runners, new runners and strides are persons of the digital runner's population (norms 2). Of its first
runner (norms 1) remain what contacts and the strike are judged on, since its stated contact is right for the legs'
movement (STRIKING, LANDING), and OBLIQUE, where only the geometry of the camera is judged.

    python -m validation.render [--only NAME,NAME]

The films and their truth lie in .cache/rendered afterwards, where `make validate` finds them. The renderer needs
moderngl and a software OpenGL; its README in ../shared/digital_runner says how.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from validation.cases import RENDERED, SHARED
from validation.new_runners import WITH_NEW_RUNNERS, new_runners
from validation.population import persons
from validation.strides import strides

OUTFITS = ("red_tee", "blue_singlet", "green_tights", "white_long", "black_tee", "yellow_singlet")
SCENES = ("gym", "road", "overcast", "evening")

SMALL, TALL = [640, 360], [360, 640]
CAMERAS: dict[str, dict[str, Any]] = {
    "val01_fay_slow_left": {"body": "fay", "outfit": "blue_singlet", "speed": 2.5, "view": "left", "scene": "road"},
    "val02_carl_6ms_pan": {"body": "carl", "outfit": "red_tee", "speed": 6.0, "duration": 2.2, "fps": 60, "mode": "pan",
                           "scene": "track", "distance": 12.0, "blur": 2, "shutter": 0.3},
    "val03_dai_overground": {"body": "dai", "outfit": "white_long", "speed": 3.8, "duration": 2.2, "fps": 60,
                             "scene": "road", "mode": "overground", "distance": 11.0, "fov_scale": 0.8},
    "val04_anna_yaw15": {"body": "anna", "outfit": "black_tee", "speed": 3.4, "view": "left", "scene": "overcast",
                         "yaw_deg": 15},
    "val05_erik_second": {"body": "erik", "outfit": "yellow_singlet", "speed": 3.1, "second":
                          {"body": "anna", "outfit": "green_tights", "offset": [-0.6, 1.6, 0], "speed": 2.8}},
    "val06_fay_fast_pan30": {"body": "fay", "outfit": "green_tights", "speed": 5.2, "view": "left",
                             "mode": "pan", "scene": "evening", "distance": 10.0, "blur": 2, "shutter": 0.3},
    "val07_ben_120": {"body": "ben", "outfit": "blue_singlet", "speed": 3.6, "duration": 1.6, "fps": 120,
                      "view": "left"},
    "val08_dai_forefoot": {"body": "dai", "outfit": "red_tee", "speed": 4.2, "view": "left", "fps": 60,
                           "faults": [["forefoot_strike", "mild"]]},
    "val11_erik_low_tall": {"body": "erik", "outfit": "white_long", "speed": 3.3, "scene": "overcast",
                            "cam_height": 0.4, "size": TALL, "fov_scale": 0.5},
    "val12_anna_slow": {"body": "anna", "outfit": "yellow_singlet", "speed": 2.8, "scene": "evening"},
}  # fmt: skip
"""Cameras as they are: panning, passing by, oblique, low, tall, slow and fast."""

FAST = {"fps": 60, "duration": 2.2}
FROM_AFAR = {"mode": "overground", "scene": "road", "distance": 14.0, "fov_scale": 0.65, "duration": 2.5}
TURNED: dict[str, dict[str, Any]] = {
    "fr_anna_front": {"speed": 3.0, "outfit": "red_tee"},
    "fr_ben_front": {"speed": 3.4, "outfit": "blue_singlet", "faults": [["shoulder_rotation", "mild"]]},
    "fr_carl_front": {"speed": 4.0, "outfit": "green_tights", "faults": [["shoulder_rotation", "middle"]], **FAST},
    "fr_erik_front": {"speed": 2.8, "outfit": "black_tee", "faults": [["shoulder_rotation", "middle"]]},
    "fr_anna_front_tall": {"speed": 4.2, "outfit": "green_tights", "faults": [["shoulder_rotation", "strong"]],
                           "size": TALL, "fov_scale": 0.6},
    "fr_ben_front_cross": {"speed": 3.0, "outfit": "white_long", "faults": [["arm_cross", "middle"]]},
    "fr_dai_front_oblique": {"speed": 4.5, "outfit": "red_tee", "yaw_deg": 8},
    "fr_fay_front_towards": {"speed": 3.2, "outfit": "blue_singlet", "faults": [["shoulder_rotation", "middle"]],
                             **FROM_AFAR},
    "fr_erik_front_cross": {"speed": 3.6, "outfit": "red_tee", "faults": [["arm_cross", "strong"]]},
    "fr_fay_front": {"speed": 2.5, "outfit": "white_long"},
    "fr_anna_rear": {"speed": 3.1, "outfit": "black_tee", "faults": [["shoulder_rotation", "middle"]],
                     "overrides": {"toe_out": 0.0}},
    "fr_ben_rear": {"speed": 2.5, "outfit": "red_tee", "overrides": {"toe_out": 12.0}},
    "fr_carl_rear": {"speed": 2.8, "outfit": "white_long", "faults": [["shoulder_rotation", "mild"]], "yaw_deg": 8},
    "fr_dai_rear": {"speed": 3.6, "outfit": "blue_singlet", "faults": [["shoulder_rotation", "strong"]],
                    "overrides": {"toe_out": -5.0}, **FAST},
    "fr_erik_rear": {"speed": 3.2, "outfit": "green_tights"},
    "fr_fay_rear": {"speed": 4.4, "outfit": "red_tee", "faults": [["shoulder_rotation", "middle"]],
                    "overrides": {"toe_out": 16.0}},
}  # fmt: skip
"""Seen from the front and from behind. Erik and Fay are in no fit."""

STRIKING: dict[str, dict[str, Any]] = {
    "ct_carl_sprint": {"body": "carl", "speed": 9.0, "duration": 1.6, "outfit": "blue_singlet"},
    "ct_dai_fore": {"body": "dai", "speed": 4.6, "outfit": "black_tee", "faults": [["forefoot_strike", 14]]},
    "ct_erik_heel": {"body": "erik", "speed": 3.2, "outfit": "red_tee", "overrides": {"pitch_ic": 24.0}},
    "ct_anna_7ms": {"body": "anna", "speed": 7.0, "duration": 1.8, "outfit": "white_long"},
    "ct_ben_8ms": {"body": "ben", "speed": 8.0, "duration": 1.8, "outfit": "green_tights", "fps": 120},
    "ct_erik_95ms": {"body": "erik", "speed": 9.5, "duration": 1.6, "outfit": "red_tee"},
}  # fmt: skip
"""Fast, landing on the ball of the foot, and far on the heel. In no fit of the contacts."""

LANDING: tuple[tuple[str, str, float, str, int, str, float], ...] = (
    ("anna", "green_tights", 2.7, "right", 30, "", 0), ("ben", "red_tee", 3.4, "left", 30, "", 0),
    ("carl", "blue_singlet", 4.2, "right", 60, "", 0), ("dai", "white_long", 3.0, "left", 30, "overstride", 0.10),
    ("anna", "red_tee", 3.8, "left", 60, "forefoot_strike", 10),
    ("ben", "yellow_singlet", 2.5, "right", 30, "limited_hip_extension", 0.09),
    ("carl", "black_tee", 5.0, "left", 30, "", 0), ("dai", "red_tee", 3.5, "right", 60, "overstride", 0.06),
    ("erik", "red_tee", 2.6, "left", 30, "", 0), ("fay", "red_tee", 3.3, "right", 30, "", 0),
    ("erik", "white_long", 4.0, "right", 60, "", 0), ("fay", "black_tee", 2.9, "left", 30, "overstride", 0.12),
    ("erik", "blue_singlet", 3.6, "right", 30, "forefoot_strike", 12),
    ("fay", "green_tights", 4.6, "left", 60, "", 0), ("erik", "yellow_singlet", 3.1, "left", 30, "bounce", 0.03),
    ("fay", "white_long", 3.7, "right", 60, "overstride", 0.07),
)  # fmt: skip
"""Read at the strike: body, clothes, speed, side, frames a second, fault and how much of it. All of norms 1, whose
stated contact is right for the legs' movement (docs/decisions/strike.md). Nothing was chosen on Erik and Fay."""
LANDING_SCENES = ("gym", "road", "track", "gym", "overcast", "gym", "road", "gym", "road", "gym", "track", "gym",
                  "overcast", "road", "gym", "gym")  # fmt: skip

PASS = {"mode": "overground", "size": [960, 540], "fov_scale": 0.6}
OBLIQUE: tuple[tuple[str, str, str, int, dict[str, Any]], ...] = (
    ("yaw", "anna", "left", -15, {}), ("yaw", "anna", "right", 20, {}), ("yaw", "anna", "right", -10, {}),
    ("yaw", "anna", "left", 25, {}), ("yaw", "ben", "right", 15, {}), ("yaw", "ben", "left", -20, {}),
    ("yaw", "ben", "left", 10, {}), ("yaw", "ben", "right", -25, {}), ("yaw", "carl", "left", 20, {}),
    ("yaw", "carl", "right", -5, {}), ("yaw", "carl", "right", -15, {}), ("yaw", "carl", "left", -25, {}),
    ("yaw", "dai", "right", 25, {}), ("yaw", "dai", "left", 5, {}), ("yaw", "dai", "left", -10, {}),
    ("yaw", "dai", "right", -20, {}), ("yaw", "erik", "right", 10, {}), ("yaw", "erik", "left", -15, {}),
    ("yaw", "erik", "left", 20, {}), ("yaw", "erik", "right", -25, {}), ("yaw", "fay", "left", 15, {}),
    ("yaw", "fay", "right", -10, {}), ("yaw", "fay", "right", 25, {}), ("yaw", "fay", "left", -20, {}),
    ("yaw", "ben", "left", 35, {}), ("yaw", "fay", "right", -35, {}),
    ("pass", "carl", "left", 0, {**PASS, "distance": 7.0}), ("pass", "erik", "right", 12, {**PASS, "distance": 9.0}),
    ("pass", "dai", "right", -12, {**PASS, "distance": 8.0}), ("pass", "fay", "left", 0, {**PASS, "distance": 12.0}),
    ("pan", "anna", "right", 0, {"mode": "pan", "distance": 7.0}),
    ("pan", "fay", "left", 10, {"mode": "pan", "distance": 9.0}),
)  # fmt: skip
"""Oblique cameras from 0.5 to 1.8 m high and 3.5 to 7 m away: how far ahead of the square (+) they stand, degrees.
Erik and Fay are in no fit of data/cameras.toml."""


def specs() -> dict[str, dict[str, Any]]:
    """Every runner of the validation by name."""
    base = {"duration": 2.4, "fps": 30, "view": "right", "mode": "treadmill", "scene": "gym", "ss": 1.0, "size": SMALL}
    cameras = {name: {**base, "seed": 101 + i, **spec} for i, (name, spec) in enumerate(CAMERAS.items())}
    people = cameras | _turned() | new_runners() | strides()
    drawn = {name: {"norms": 2, "person": 9000 + i, **spec} for i, (name, spec) in enumerate(people.items())}
    old = {name: {"norms": 1, **spec} for name, spec in (_striking() | _oblique() | _landing()).items()}
    return drawn | old | persons()


def _oblique() -> dict[str, dict[str, Any]]:
    base = {"duration": 2.2, "fps": 30, "size": [640, 360], "ss": 1.0, "mode": "treadmill"}
    return {
        f"cam_{kind}_{body}_{view}_{'p' if ahead_deg >= 0 else 'm'}{abs(ahead_deg)}": {
            **base, "body": body, "outfit": OUTFITS[(i * 5 + 2) % 6], "scene": SCENES[i % 4], "view": view,
            "yaw_deg": ahead_deg if view == "right" else -ahead_deg, "speed": (2.8, 3.3, 4.0, 3.0, 3.6)[i % 5],
            "cam_height": (1.0, 0.5, 1.5, 0.8, 1.8, 1.2)[i * 5 % 6], "distance": (5.0, 3.5, 7.0, 4.5)[i * 3 % 4],
            "seed": 700 + i, **extra,
        }
        for i, (kind, body, view, ahead_deg, extra) in enumerate(OBLIQUE)
    }  # fmt: skip


def _landing() -> dict[str, dict[str, Any]]:
    base = {"size": [640, 360], "ss": 1.0, "mode": "treadmill", "norms": 1}
    return {
        f"landing_{i:02d}_{body}": {
            **base, "body": body, "outfit": outfit, "speed": speed, "view": view, "fps": fps, "seed": 1300 + i,
            "duration": 2.5 if fps == 30 else 2.0, "scene": LANDING_SCENES[i],
            "faults": [[fault, amount]] if fault else [],
        }
        for i, (body, outfit, speed, view, fps, fault, amount) in enumerate(LANDING)
    }  # fmt: skip


def _striking() -> dict[str, dict[str, Any]]:
    base = {"size": [640, 360], "ss": 1.0, "mode": "treadmill", "fps": 60, "duration": 1.8}
    return {
        name: {**base, "view": ("left", "right")[i % 2], "scene": SCENES[i % 4], "seed": 700 + i, **spec}
        for i, (name, spec) in enumerate(STRIKING.items())
    }


def _turned() -> dict[str, dict[str, Any]]:
    base = {"duration": 2.4, "fps": 30, "size": [640, 360], "ss": 1.0, "mode": "treadmill"}
    return {
        name: {**base, "body": name.split("_")[1], "view": name.split("_")[2], "scene": SCENES[i % 4], "seed": 600 + i}
        | spec
        for i, (name, spec) in enumerate(TURNED.items())
    }


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--only", default="")
    chosen = read.parse_args().only.split(",")
    renderer = SHARED / "digital_runner"
    if not (renderer / "sets.py").exists():
        raise SystemExit(f"{renderer} is not there: the renderer is not part of the project")
    RENDERED.mkdir(parents=True, exist_ok=True)
    wanted = {
        name: spec
        for name, spec in specs().items()
        if (chosen == [""] or name in chosen) and not (RENDERED / f"{name}.json").exists()
    }
    plan = RENDERED / "specs.txt"
    plan.write_text(json.dumps(wanted))
    wishes = ["file", "--assets", "assets", "--out", str(RENDERED), "--specs", str(plan)]
    subprocess.run([sys.executable, "-c", WITH_NEW_RUNNERS, *wishes], cwd=renderer, check=True)


if __name__ == "__main__":
    main()
