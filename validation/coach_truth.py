"""Generated runners in, their true measures out: the digital runner's motion without its pictures.

    python validation/coach_truth.py SHARED/digital_runner OUT.json [--quick]

The digital runner lies beside the project (shared/digital_runner) and is never part of it; where it is absent this says
so and stops. Each runner becomes {"name", "faults", "speed", "view", "measures": {id: {side: [[time_s, value], ...]}}}
by the formulas of docs/evidence.md, read from the continuous motion, nothing estimated from pixels.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

G = 9.81
BODIES = ("anna", "ben", "carl", "dai", "erik", "fay")
MAGNITUDES = {
    "overstride": (0.07, 0.10, 0.14),
    "limited_hip_extension": (0.08, 0.11, 0.14),
    "bounce": (0.03, 0.04, 0.055),
    "back_kick": (18, 25, 32),
    "forward_lean": (8, 11, 14),
    "backward_lean": (7, 9, 12),
    "short_stride": (1.10, 1.15, 1.20),
    "swing_dorsiflexion": (10, 15, 20),
    "pawback": (1.0, 1.5, 2.2),
    "long_contact": (1.10, 1.15, 1.22),
    "low_knee_drive": (9, 12, 16),
    "excessive_knee_drive": (10, 15, 20),
    "asymmetry": (0.07, 0.10, 0.14),
    "shoulder_rotation": (8, 12, 16),
    "arm_cross": (25, 35, 45),
    "forefoot_strike": (8, 12, 14),
}
FRONT = {"shoulder_rotation", "arm_cross"}
Samples = dict[str, list[list[float]]]


def runners(*, quick: bool, fresh: bool = False) -> list[dict[str, Any]]:
    """What to generate: every fault at three magnitudes and three speeds, and fault-free runners of every body.

    fresh: other speeds, bodies and strides than those the bands were tuned on.
    """
    specs = []
    speeds = (2.5, 3.0, 3.5, 4.2, 5.0, 6.0)
    for i, body in enumerate(BODIES):
        for j, speed in enumerate(speeds):
            specs.append({"body": body, "speed": speed, "faults": [], "view": "side", "seed": 1000 + 10 * i + j})
    for i, (fault, magnitudes) in enumerate(MAGNITUDES.items()):
        for j, magnitude in enumerate(magnitudes):
            for k, speed in enumerate((2.7, 3.3, 4.0)):
                body = BODIES[(i + j + 2 * k) % len(BODIES)]
                view = "front" if fault in FRONT else "side"
                seed = 2000 + 100 * i + 10 * j + k
                specs.append({"body": body, "speed": speed, "faults": [[fault, magnitude]], "view": view, "seed": seed})
    for i, body in enumerate(BODIES):
        specs.append({"body": body, "speed": 2.8 + 0.3 * i, "faults": [], "view": "front", "seed": 3000 + i})
    if fresh:
        specs = [made_fresh(spec) for spec in specs]
    return specs[::7] if quick else specs


def made_fresh(spec: dict[str, Any]) -> dict[str, Any]:
    """The same fault on another body at another speed with other strides."""
    body = BODIES[(BODIES.index(spec["body"]) + 3) % len(BODIES)]
    return {**spec, "body": body, "speed": round(spec["speed"] + 0.25, 2), "seed": spec["seed"] + 50_000}


@dataclass
class Truth:
    """The motion of one runner on a 1000 Hz clock, with the angles and points the formulas need.

    steps   the contacts of the generator: side, ic and to (s), tc and tf (s)
    """

    t: Any
    p: dict[str, Any]
    com: Any
    a: dict[str, Any]
    steps: list[dict[str, Any]]
    speed: float
    found: dict[str, Samples] = field(default_factory=dict)

    @cached_property
    def leg(self) -> float:
        thigh = np.linalg.norm(self.p["hipL"] - self.p["kneeL"], axis=1)
        shank = np.linalg.norm(self.p["kneeL"] - self.p["ankleL"], axis=1)
        return float(np.median(thigh + shank))

    def at(self, time_s: float) -> int:
        return int(np.clip(round((time_s - self.t[0]) * 1000), 0, len(self.t) - 1))

    def add(self, name: str, side: str, time_s: float, value: float) -> None:
        self.found.setdefault(name, {}).setdefault(side, []).append([round(float(time_s), 4), round(float(value), 4)])


SIDES = {"L": "left", "R": "right"}


def time_and_space(q: dict[str, Any], m: Truth) -> None:
    """Times and lengths of one step."""
    side, step_s = SIDES[q["side"]], q["tc"] + q["tf"]
    for name, value in {
        "contact_time_ms": 1000 * q["tc"],
        "flight_time_ms": 1000 * q["tf"],
        "step_time_ms": 1000 * step_s,
        "duty_factor": q["tc"] / (2 * step_s),
        "flight_distance_m": m.speed * q["tf"],
        "step_length_m": m.speed * step_s,
        "step_length_leg": m.speed * step_s / m.leg,
        "take_off_angle_deg": np.degrees(np.arctan(G * q["tf"] / (2 * m.speed))),
    }.items():
        m.add(name, side, q["ic"], value)


def flat_foot(q: dict[str, Any], m: Truth) -> float:
    """Foot pitch with the sole on the ground: median over 25 to 45 % of stance."""
    middle = slice(m.at(q["ic"] + 0.25 * q["tc"]), m.at(q["ic"] + 0.45 * q["tc"]))
    return float(np.median(m.a["foot_" + q["side"]][middle]))


def at_strike(q: dict[str, Any], m: Truth) -> None:
    """The moment of strike, and the last moments before it."""
    s, o = q["side"], "R" if q["side"] == "L" else "L"
    a, p, i, flat = m.a, m.p, m.at(q["ic"]), flat_foot(q, m)
    found = {
        "shank_angle_at_strike_deg": a["shank_" + s][i],
        "knee_flexion_at_strike_deg": a["knee_flexion_" + s][i],
        "thigh_angle_at_strike_deg": a["thigh_" + s][i],
        "foot_strike_angle_deg": a["foot_" + s][i] - flat,
        "foot_ahead_of_hip_at_strike_leg": (p["ankle" + s][i, 0] - p["hip" + s][i, 0]) / m.leg,
        "heel_ahead_of_com_at_strike_m": p["heel" + s][i, 0] - m.com[i, 0],
        "trunk_lean_at_strike_deg": a["trunk_lean"][i],
        "thigh_separation_at_strike_deg": a["thigh_" + s][i] - a["thigh_" + o][i],
    }
    early, late = m.at(q["ic"] - 0.030), m.at(q["ic"] - 0.010)
    if early > 0:
        speed = (p["ankle" + s][late, 0] - p["ankle" + s][early, 0]) / (m.t[late] - m.t[early])
        sweep = a["shank_" + s][m.at(q["ic"] - 0.060) : i + 1]
        found |= {
            "foot_forward_speed_at_strike_ratio": speed / m.speed,
            "shank_sweep_before_strike_deg": sweep.max() - sweep[-1],
            "knee_bending_before_strike_dps": (
                a["knee_flexion_" + s][late] - a["knee_flexion_" + s][m.at(q["ic"] - 0.040)]
            )
            / 0.030,
            "foot_pitch_before_strike_deg": a["foot_" + s][m.at(q["ic"] - 0.040)] - flat,
            "hip_extension_velocity_at_strike_dps": -(
                a["thigh_" + s][m.at(q["ic"] - 0.020)] - a["thigh_" + s][m.at(q["ic"] - 0.060)]
            )
            / 0.040,
        }
    for name, value in found.items():
        m.add(name, SIDES[s], q["ic"], value)


def stance_and_toe_off(q: dict[str, Any], m: Truth) -> None:
    """The knee and hip in stance, and the leg at toe-off."""
    s, a, p, i, j = q["side"], m.a, m.p, m.at(q["ic"]), m.at(q["to"])
    over = i + int(np.argmin(np.abs(p["hip" + s][i : j + 1, 0] - p["ankle" + s][i : j + 1, 0])))
    line = p["hip" + s][j] - p["toe" + s][j]
    ankle = a["ankle_dorsiflexion_" + s]
    leg = (p["hip" + s] - p["ankle" + s])[i : j + 1]
    quarter = m.at(q["ic"] + 0.25 * q["tc"])
    down = np.flatnonzero(a["foot_" + s][quarter : j + 1] > flat_foot(q, m) - 10)
    for name, at, value in (
        ("peak_knee_flexion_stance_deg", over, a["knee_flexion_" + s][i : j + 1].max()),
        ("hip_height_midstance_leg", over, (p["hip" + s][over, 2] - p["ankle" + s][over, 2]) / m.leg),
        ("leg_lean_stance_deg", over, np.degrees(np.arctan2(leg[:, 0], leg[:, 2])).mean()),
        ("heel_rise_time_pct", quarter + down[-1], 100 * (quarter + down[-1] - i) / (j - i)),
        ("ankle_arc_deg", j, ankle[over : j + 1].max() - ankle[j]),
        ("thigh_extension_at_toe_off_deg", j, -a["thigh_" + s][j]),
        ("knee_flexion_at_toe_off_deg", j, a["knee_flexion_" + s][j]),
        ("leg_angle_at_toe_off_deg", j, np.degrees(np.arctan2(line[0], line[2]))),
    ):
        m.add(name, SIDES[s], m.t[at], value)


def whole_body(q: dict[str, Any], next_ic: float, m: Truth) -> None:
    """Bounce, cadence and lean over one step."""
    i, k = m.at(q["ic"]), m.at(next_ic)
    rise = float(np.ptp(m.com[i : k + 1, 2]))
    for name, value in {
        "vertical_oscillation_cm": 100 * rise,
        "vertical_oscillation_leg": rise / m.leg,
        "vertical_ratio_pct": 100 * rise / (m.speed * (q["tc"] + q["tf"])),
        "cadence_spm": 60 / (next_ic - q["ic"]),
        "trunk_lean_deg": float(m.a["trunk_lean"][i:k].mean()),
    }.items():
        m.add(name, "both", q["ic"], value)


def swing_measures(q: dict[str, Any], next_ic: float, m: Truth) -> None:
    """The swing of one leg, from its toe-off to its next strike."""
    s = q["side"]
    side = SIDES[s]
    o = "R" if s == "L" else "L"
    i, j, k = m.at(q["ic"]), m.at(q["to"]), m.at(next_ic)
    a, p = m.a, m.p
    knee, thigh = a["knee_flexion_" + s], a["thigh_" + s]
    peak = j + int(np.argmax(knee[j:k]))
    rearmost = m.at(q["to"] - 0.05) + int(np.argmin(thigh[m.at(q["to"] - 0.05) : j + 120]))
    start = (i + j) // 2
    m.add("peak_knee_flexion_swing_deg", side, m.t[peak], knee[peak])
    m.add("peak_knee_flexion_swing_time_pct", side, m.t[peak], 100 * (peak - j) / (k - j))
    lift = p["hip" + s][j:k, 2] - p["heel" + s][j:k, 2]
    m.add("heel_recovery_leg", side, m.t[j + int(np.argmin(lift))], 1 - lift.min() / m.leg)
    rise = knee[rearmost] - knee[start : rearmost + 1].min()
    m.add("knee_flexion_before_rearmost_thigh_deg", side, m.t[rearmost], rise)
    m.add("peak_thigh_extension_deg", side, m.t[rearmost], -thigh[rearmost])
    m.add("peak_thigh_flexion_deg", side, m.t[j + int(np.argmax(thigh[j:k]))], thigh[j:k].max())
    apart = np.abs(thigh[i:k] - a["thigh_" + o][i:k])
    m.add("peak_thigh_separation_deg", "both", m.t[i + int(np.argmax(apart))], apart.max())
    late = slice(j + int(0.6 * (k - j)), k)
    m.add("ankle_dorsiflexion_late_swing_deg", side, next_ic, a["ankle_dorsiflexion_" + s][late].max())
    m.add("upper_arm_range_deg", side, q["ic"], float(np.ptp(a["upper_arm_" + s][i:k])))
    m.add("elbow_angle_deg", side, q["ic"], 180 - float(a["elbow_flexion_" + s][i:k].mean()))
    m.add("stride_time_ms", side, q["ic"], 1000 * (next_ic - q["ic"]))
    arm, leg = a["upper_arm_" + s][i:k], a["thigh_" + o][i:k]
    turn = np.exp(-2j * np.pi * np.arange(k - i) / (k - i))
    lag = np.angle(np.sum((leg - leg.mean()) * turn) / np.sum((arm - arm.mean()) * turn)) / (2 * np.pi)
    m.add("arm_leg_lag_pct", side, q["ic"], 100 * lag)
    shoulders = p["shoulderL"][i:k] - p["shoulderR"][i:k]
    yaw = np.degrees(np.arctan2(shoulders[:, 0], shoulders[:, 1]))
    m.add("shoulder_rotation_deg", "both", q["ic"], float(np.ptp(yaw)))
    middle = 0.5 * (p["shoulderL"][i:k, 1] + p["shoulderR"][i:k, 1])
    width = float(np.linalg.norm(shoulders, axis=1).mean())
    sign = 1 if s == "L" else -1
    m.add("elbow_out", side, q["ic"], float(((p["elbow" + s][i:k, 1] - middle) * sign).max()) / width)
    m.add("wrist_crossing", side, q["ic"], float(((p["wrist" + s][i:k, 1] - middle) * sign).min()) / width)


def true_measures(m: Truth) -> dict[str, Samples]:
    """Every measure of one runner, stride by stride."""
    end = m.t[-1]
    for q, one, two in zip(m.steps, m.steps[1:], m.steps[2:], strict=False):
        if q["ic"] < m.t[0] or q["to"] > end:
            continue
        time_and_space(q, m)
        at_strike(q, m)
        stance_and_toe_off(q, m)
        if one["ic"] <= end:
            whole_body(q, one["ic"], m)
        if two["ic"] <= end:
            swing_measures(q, two["ic"], m)
    return m.found


def generate(digital_runner: Path, out: Path, specs: list[dict[str, Any]]) -> None:
    sys.path.insert(0, str(digital_runner))
    from digital_runner import truth  # type: ignore[import-not-found]
    from digital_runner.body import Body, load_assets  # type: ignore[import-not-found]
    from digital_runner.motion import Gait  # type: ignore[import-not-found]

    assets = load_assets(str(digital_runner / "assets" / "assets.npz"))
    bodies = {name: Body(assets, name, "red_tee") for name in BODIES}
    made = []
    for n, spec in enumerate(specs):
        faults = [tuple(f) for f in spec["faults"]]
        gait = Gait(assets, bodies[spec["body"]], spec["speed"], 3.4, faults, spec["seed"], fs=500.0)
        ts, _, _, points, com, angles, _, _ = truth.clip_truth(gait, 0.0, 2.6, True)
        found = true_measures(Truth(ts, points, com, angles, gait.steps, spec["speed"]))
        name = "_".join(str(x) for f in spec["faults"] or [["none"]] for x in f)
        made.append({"name": f"{name}_{spec['body']}_{spec['speed']}", **spec, "measures": found})
        print(f"{n + 1}/{len(specs)} {made[-1]['name']}", flush=True)
        out.write_text(json.dumps(made))


def main() -> int:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("digital_runner", type=Path)
    read.add_argument("out", type=Path)
    read.add_argument("--quick", action="store_true", help="every seventh runner only")
    read.add_argument("--fresh", action="store_true", help="other bodies, speeds and strides than the bands saw")
    said = read.parse_args()
    if not (said.digital_runner / "digital_runner" / "motion.py").exists():
        print(f"No digital runner in {said.digital_runner}: nothing generated.")
        return 0
    generate(said.digital_runner, said.out, runners(quick=said.quick, fresh=said.fresh))
    return 0


if __name__ == "__main__":
    sys.exit(main())
