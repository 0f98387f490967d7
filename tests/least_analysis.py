"""The least analysis.json that is one."""

from __future__ import annotations

from typing import Any


def analysis(version: str = "1.0", *, shank: float = 9.0) -> dict[str, Any]:
    """The least analysis.json that is one; with another shank angle it is of another film."""
    number = {"side": "both", "sd": 1.0, "n": 8, "band": None}
    measures = [
        {"id": "shank_angle_at_strike_deg", "value": shank, "uncertainty": 1.0, "unit": "deg", **number},
        {"id": "speed_mps", "value": 3.0, "uncertainty": 0.1, "unit": "mps", **number},
    ]
    target = {"measure": "shank_angle_at_strike_deg", "side": "both", "from": shank, "to": 5.0}
    plan = {"focus": "reaching", "cue": "Put the foot down sooner.", "why": "", "practice": "", "film_again": ""}
    return {
        "schema": 1,
        "version": version,
        "clip": {
            "path": "a.mp4", "sha256": f"{round(10 * shank):064x}", "width": 640, "height": 360, "frames": 90,
            "duration_s": 3.0, "rate_hz": 30.0, "variable_rate": False, "rotation_deg": 0, "slow_motion_factor": 1.0,
        },
        "pose": {"backend": "blazepose", "model": "full", "weights_sha256": "0" * 64},
        "view": {
            "plane": "side", "near_side": "right", "direction": "right", "setting": "treadmill", "camera": "fixed",
            "scale_m_per_px": None, "scale_source": "none", "notes": [],
        },
        "contacts": [], "measures": measures, "not_assessed": [], "findings": [], "warnings": [],
        "plan": {
            **plan, "target": {**target, "minimal_change": 1.4, "unit": "deg"}, "expect": [], "guard": [], "later": [],
        },
    }  # fmt: skip
