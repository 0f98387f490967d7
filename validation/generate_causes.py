"""Measure generated runners whose cause is known, on their exact points, and keep the table: validation/causes.csv.

    python -m validation.generate_causes SHARED/digital_runner POINTS

Takes the chains of the digital runner (specs/chains_dev*.json and their expectations) and the runners listed here. No
pixels: the registry reads the true points. Strikes are those that our rule reads there, because the generator states
them 13 ms early for its own movement. The generator is never part of the project. POINTS is a folder in which the
points are kept for the next time.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from midstance.coaching.rules.examples import view_from
from midstance.gait.events import find_contacts
from midstance.model import Plane
from midstance.skeleton import SIDES
from validation.accuracy import true_measures, true_track
from validation.causes import FROM_THE_FRONT, HEAD, SAYS, TABLE

EVERY_MS = 8
"""The true points are taken at 125 Hz."""
SECONDS, AROUND_S = 0.3, 0.1
KINDS = {"fit": ("anna", "ben", "carl"), "report": ("dai", "erik", "fay")}
"""Our runners: thresholds may look at the first three bodies only; the figures count on the others."""
SPEEDS_MPS = {"fit": (2.7, 3.2, 3.9), "report": (2.9, 3.4, 4.1)}
CLEAN, FRONT_EVERY = 25, 5
"""Runners without fault that are reported; every fifth is seen from the front."""

Fault = tuple[str, float | str]


def recipe(name: str, levels: tuple[float | str, float | str, float | str], *also: Fault) -> tuple[list[Fault], ...]:
    """Return three sets of faults: one fault or cause at three levels, with what is put in beside it."""
    return tuple([(name, level), *also] for level in levels)


RECIPES = (
    recipe("lean_whole_body", ("2.6sd", "3.4sd", "4sd")),
    recipe("lean_at_waist", ("3.2sd", "3.8sd", "4.4sd")),
    recipe("forward_lean", ("2.8sd", "3.4sd", "4sd")),
    recipe("lean_whole_body", ("2.6sd", "3.2sd", "3.8sd"), ("back_kick", "3.2sd")),
    recipe("lean_at_waist", ("3.2sd", "3.6sd", "4.2sd"), ("back_kick", "3.2sd")),
    recipe("heel_pull", ("2.7sd", "3.3sd", "4sd")),
    recipe("back_kick", ("2.8sd", "3.2sd", "3.8sd")),
    recipe("leg_long", ("2.3sd", "2.6sd", "2.9sd")),
    recipe("toe_push", ("2.3sd", "2.7sd", "3.1sd")),
    recipe("low_take_off", ("2.3sd", "2.6sd", "2.9sd")),
    recipe("reach_to_cover", ("2.6sd", "3.2sd", "3.8sd"), ("low_take_off", "1.6sd")),
    recipe("quick_feet", ("2.6sd", "3.2sd", "3.8sd")),
    recipe("sit", ("2.6sd", "3.2sd", "3.8sd")),
    recipe("short_push", ("2.6sd", "3.2sd", "3.8sd")),
    recipe("slow_kick", ("1.8sd", "2.3sd", "2.8sd"), ("overstride", "3.2sd")),
    recipe("lean_back", ("2.6sd", "3.2sd", "3.8sd"), ("overstride", "2.6sd")),
    recipe("arm_late_cross", (0.14, 0.17, 0.21), ("overstride", "3.2sd")),
    recipe("arm_late_out", (0.14, 0.17, 0.21), ("overstride", "3.2sd")),
    recipe("arm_late_only", (0.14, 0.17, 0.21), ("overstride", "3.2sd")),
    recipe("shoulder_turn", (13, 16, 19), ("overstride", "3.2sd")),
    recipe("overstride", ("2.8sd", "3.4sd", "4sd")),
    recipe("push_far", ("1.8sd", "2.1sd", "2.4sd"), ("low_knee_drive", "2.8sd")),
    recipe("short_push", ("2.4sd", "2.8sd", "3.4sd"), ("excessive_knee_drive", "2.8sd")),
    recipe("excessive_knee_drive", ("2.8sd", "3.3sd", "4sd")),
    recipe("bounce", ("2.7sd", "3.3sd", "4sd")),
    recipe("deep_dip", ("2.7sd", "3.3sd", "4sd"), ("bounce", "2sd")),
    recipe("paw_lower_leg", ("2.6sd", "2.9sd", "3.2sd")),
    recipe("paw_thigh", ("2.6sd", "2.9sd", "3.2sd")),
    recipe("swing_dorsiflexion", ("2.7sd", "3.3sd", "4sd")),
)
"""What is put in. A sign without its cause is there to see that no cause is made up for it."""


@dataclass(frozen=True)
class Runner:
    """One runner to generate."""

    name: str
    kind: str
    expects: str
    spec: dict[str, Any] = field(hash=False)


def own_runners() -> Iterator[Runner]:
    """Make the runners of this file: each recipe once to look at, and at a lesser and a greater magnitude to report."""
    for kind, bodies in KINDS.items():
        first, clean = (8000, 8) if kind == "fit" else (9000, CLEAN)
        for i in range(clean):
            view = "front" if i % FRONT_EVERY == FRONT_EVERY - 1 else "right"
            spec = {"body": bodies[i % 3], "speed": 2.5 + 1.9 * i / (clean - 1), "faults": []}
            yield Runner(f"clean_{kind}{i}", kind, "", {**spec, "person": first + i, "seed": first + i, "view": view})
        for j, made in enumerate(RECIPES):
            for i in (1,) if kind == "fit" else (0, 2):
                number = first + 100 + 10 * j + i
                spec = {
                    "body": bodies[(i + j) % 3],
                    "speed": SPEEDS_MPS[kind][(i + 2 * j) % 3],
                    "faults": [list(fault) for fault in made[i]],
                    "person": number,
                    "seed": number,
                }
                names = " ".join(name for name, _level in made[i])
                name = f"{names.replace(' ', '_')}_{kind}{number}"
                yield Runner(name, kind, SAYS[names], {**spec, "view": "right"})
                if names in FROM_THE_FRONT:
                    yield Runner(f"{name}f", kind, FROM_THE_FRONT[names], {**spec, "view": "front"})


def chains(runner: Path) -> Iterator[Runner]:
    """Read the chains that lie beside the digital runner."""
    for kind in ("chains_dev", "chains_dev_v2"):
        specs = json.loads((runner / "specs" / f"{kind}.json").read_text())
        expected = json.loads((runner / "specs" / f"{kind}_expect.json").read_text())
        for name, spec in specs.items():
            norms = 2 if "person" in spec else 1
            yield Runner(name, kind, _expects(expected[name]), {"norms": norms, **spec})


def _expects(expected: dict[str, Any]) -> str:
    """Write the expectation of one chain as a recipe does."""
    parts = []
    for block in ({"view": expected["view"], **part} for part in (expected, *expected.get("also", ()))):
        unseen = block["view"] in block.get("cannot_tell_ok", ())
        causes = [("?" if unseen else "+") + cause for cause in block["cause_supported"]]
        causes += ["-" + cause for cause in block["cause_not_supported"]]
        parts.append(f"{block['problem']}:{','.join(causes)}")
    return ";".join(parts)


class Generator:
    """The digital runner, loaded once; points that were made before are read from a folder."""

    def __init__(self, runner: Path, folder: Path) -> None:
        sys.path.insert(0, str(runner))
        from digital_runner import motion, truth  # type: ignore[import-not-found]
        from digital_runner.body import Body, load_assets  # type: ignore[import-not-found]

        self.gait, self.truth, self.body = motion.Gait, truth, Body
        self.assets = load_assets(str(runner / "assets" / "assets.npz"))
        self.bodies: dict[str, Any] = {}
        self.folder = folder

    def points(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Return the moments (s), the points (metres) and the length of a leg of one runner without jitter."""
        who = json.dumps({k: spec.get(k) for k in ("body", "speed", "faults", "person", "norms", "seed")})
        kept = self.folder / f"{hashlib.sha256(who.encode()).hexdigest()[:16]}.npz"
        if not kept.exists():
            np.savez(kept, **self._made(spec))
        with np.load(kept) as stored:
            return dict(stored)

    def _made(self, spec: dict[str, Any]) -> dict[str, Any]:
        name, faults = spec["body"], [tuple(fault) for fault in spec["faults"]]
        body = self.bodies.setdefault(name, self.body(self.assets, name, "red_tee"))
        gait = self.gait(
            self.assets, body, spec["speed"], SECONDS, faults, spec["seed"], 0.0, fs=200.0, start_phase=0.0,
            person=spec.get("person"), norms=spec.get("norms", 2),
        )  # fmt: skip
        strikes = [step["ic"] for step in gait.steps]
        start, stop = strikes[1] - AROUND_S, strikes[-2] + AROUND_S
        moments, _, _, points, com, _, _, summary = self.truth.clip_truth(gait, start, stop - start, True)
        every = np.stack([*points.values(), com], axis=1)[::EVERY_MS]
        return {
            "names": [*points, "com"],
            "points": every,
            "moments": moments[::EVERY_MS] - start,
            "leg": body.leg,
            "cadence": summary["cadence_spm"],
            "step": summary["step_time"],
        }


def true(spec: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return what a truth file says of one runner, as far as the measures need it."""
    subject = {
        "keypoint_names": made["names"].tolist(),
        "keypoints_m": made["points"],
        "leg_length_m": float(made["leg"]),
        "speed_mps": spec["speed"],
        "summary": {"cadence_spm": float(made["cadence"]), "step_time": float(made["step"])},
        "contact_intervals_s": {},
    }
    side = "L" if spec["view"] == "left" else "R"
    return {"people": [subject], "view": spec["view"], "visible_side": side, "frame_times_s": made["moments"]}


def measures(truth: dict[str, Any], speed_mps: float) -> dict[str, float]:
    """Return every measure of one runner, mean of both sides."""
    contacts = find_contacts(true_track({**truth, "view": "right"}), view_from("side", speed_mps))
    truth["people"][0]["contact_intervals_s"] = {
        letter: [[c.strike_s, c.toe_off_s] for c in contacts if c.side == side]
        for letter, side in zip("LR", SIDES, strict=True)
    }
    by_id: dict[str, list[float]] = {}
    plane: Plane = "front" if truth["view"] == "front" else "side"
    for (name, _side), value in true_measures(truth, contacts, view_from(plane, speed_mps)).items():
        by_id.setdefault(name, []).append(value)
    return {name: float(np.mean(values)) for name, values in by_id.items()}


def main() -> None:
    """Write the table anew; some ten minutes of one core, or one with the points at hand."""
    runner, folder = (Path(word) for word in sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    generator = Generator(runner, folder)
    rows = []
    for one in (*chains(runner), *own_runners()):
        found = measures(true(one.spec, generator.points(one.spec)), one.spec["speed"])
        values = {name: f"{value:.4g}" for name, value in found.items() if np.isfinite(value)}
        put_in = " ".join(f"{name}:{level}" for name, level in one.spec["faults"])
        plane = "front" if one.spec["view"] == "front" else "side"
        about = (one.name, one.kind, put_in, one.spec["body"], f"{one.spec['speed']:.3f}", plane, one.expects)
        rows.append({**dict(zip(HEAD, about, strict=True)), **values})
        print(one.name, flush=True)
    names = list(dict.fromkeys(key for row in rows for key in row))
    with TABLE.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("# Measures of generated runners on their exact points; made by validation/generate_causes.py.\n")
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
