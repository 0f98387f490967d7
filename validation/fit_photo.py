"""Makes src/midstance/data/photo.toml: the weights of a photograph's phase, fitted on frames of rendered clips.

Run: python -m validation.fit_photo FOLDER... The frames are other draws than those of validation/photo.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from midstance.model import Floats, Ints
from midstance.photo import PHASES, Posture, forward, posture
from midstance.pose.estimate import open_backend
from validation.cases import Case, cases
from validation.photo import photographs, true_phase

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "photo.toml"
FRAMES = 12
RIDGE = 1e-4

HEAD = """# What a single picture is judged by (photo.py); phases fitted on rendered runners by validation/fit_photo.py.

[near]
# The near leg: tanh(knee lead / reach) against tanh(elbow lead / reach), leg lengths, and a trust in the labels.
# Fitted on 500 frames of rendered runners: right in 94 of 100, the labels alone in 74.
label = 1.4
against = 13.0
arms_level = -0.04
reach = 0.2

[phase]
# Weight of each trait of the posture for landing, midstance, toe-off, flight.
"""


def main() -> None:
    """Fit on the clips of the folders named, or the shared digital ones, and write the file."""
    traits, phases = _collect(cases(*map(Path, sys.argv[1:])))
    weights = fit(traits, phases)
    right = np.mean((traits @ weights).argmax(axis=1) == phases)
    lines = [
        f"{name} = [{', '.join(f'{w:.3f}' for w in row)}]" for name, row in zip(Posture._fields, weights, strict=True)
    ]
    OUT.write_text(HEAD + "\n".join(lines) + "\n")
    print(f"{len(phases)} frames, {100 * right:.1f} % right in the fit itself")


def _collect(chosen: list[Case]) -> tuple[Floats, Ints]:
    backend = open_backend("full", threads=1)
    traits, phases = [], []
    for case in chosen:
        if case.truth["view"] not in ("left", "right"):
            continue
        facing = 1 if case.truth["people"][0]["running_direction_image"] == "+x" else -1
        for taken in photographs(case, backend, FRAMES, seed=1):
            if taken.found[0]:
                traits.append(posture(forward(taken.found[0].xy, facing)))
                phases.append(PHASES.index(true_phase(case, taken.frame)[0]))
    return np.array(traits), np.array(phases)


def fit(traits: Floats, phases: Ints) -> Floats:
    """(trait, phase) weights of greatest likelihood, with a light pull to zero (softmax regression)."""
    shape = traits.shape[1], len(PHASES)
    wanted = np.eye(len(PHASES))[phases]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        score = traits @ weights
        score -= score.max(axis=1, keepdims=True)
        chances = np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)
        value = -np.mean(np.log(chances[np.arange(len(phases)), phases] + 1e-12)) + RIDGE * np.sum(weights**2)
        slope = traits.T @ (chances - wanted) / len(phases) + 2 * RIDGE * weights
        return float(value), slope.ravel()

    return np.asarray(minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B").x).reshape(shape)


if __name__ == "__main__":
    main()
