"""The truth of the demo clip, so that its measures can be tested without ../shared: tests/data/demo_truth.json.

    python -m validation.demo_truth

The demo is the rendered clip dev2_overstride_anna, ours and free (CC0). Contacts are those of its truth file that lie
wholly inside the clip; measures are read from its true joints over these contacts (validation/accuracy.py).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from midstance.measures import measure
from midstance.model import Contact, View
from midstance.skeleton import SIDES
from validation.accuracy import LETTER, true_measures, true_track
from validation.cases import SHARED, Case

OUT = Path(__file__).parent.parent / "tests" / "data" / "demo_truth.json"
DEMO = Case("dev2_overstride_anna", SHARED / "clips" / "digital" / "dev2_overstride_anna.mp4")
EXACT = View(plane="side", near_side="right", direction=1, setting="treadmill", camera="fixed")
STIFFNESS = ("vertical_stiffness_kn_m", "leg_stiffness_kn_m")


def contacts(truth: dict[str, Any]) -> tuple[Contact, ...]:
    """Every true contact that lies wholly inside the clip."""
    first_s, last_s = truth["frame_times_s"][0], truth["frame_times_s"][-1]
    found = [
        Contact(side=side, strike_s=on, toe_off_s=off, uncertainty_s=0.0, strike_frame=0, toe_off_frame=0)
        for side in SIDES
        for on, off in truth["people"][0]["contact_intervals_s"][LETTER[side]]
        if first_s < on and off < last_s
    ]
    return tuple(sorted(found, key=lambda contact: contact.strike_s))


def stiffness(truth: dict[str, Any], steps: tuple[Contact, ...]) -> dict[tuple[str, str], float]:
    """The sine model over the true times, speed and leg."""
    subject = truth["people"][0]
    view = replace(
        EXACT, scale_m_per_leg=subject["leg_length_m"], speed_mps=subject["speed_mps"], scale_uncertainty=0.0
    )
    view = replace(view, speed_uncertainty_mps=0.0, speed_source="given")
    found = measure(true_track(truth), steps, view, mass_kg=subject["mass_kg"]).measures
    return {(m.id, m.side): m.value for m in found if m.id in STIFFNESS}


def main() -> None:
    truth = DEMO.truth
    subject, steps = truth["people"][0], contacts(truth)
    told = true_measures(truth, steps, EXACT) | stiffness(truth, steps)
    content = {
        "clip": DEMO.name,
        "licence": "CC0",
        "height_m": subject["height_m"],
        "mass_kg": subject["mass_kg"],
        "contacts": [{"side": c.side, "strike_s": c.strike_s, "toe_off_s": c.toe_off_s} for c in steps],
        "measures": [
            {"id": name, "side": side, "value": float(f"{value:.5g}")}
            for (name, side), value in sorted(told.items())
            if np.isfinite(value)
        ],
    }
    OUT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
