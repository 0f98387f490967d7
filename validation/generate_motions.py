"""Generated runners in, their points and exact contacts out: the digital runner's motion without its pictures.

    python validation/generate_motions.py SHARED/digital_runner OUT [--runners 288]

Each runner becomes OUT/g<number>.npz: t (time,), xy (time, keypoint, 2) metres in the sagittal plane on a belt, con
(contact, 3) left foot, strike, toe-off in seconds, v metres a second. Read by validation/fit_contacts.py.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from midstance.skeleton import HEAD, KEYPOINTS, ONE_SIDE, SIDES

BODIES = ("anna", "ben", "carl", "dai", "erik", "fay")
MAGNITUDES = {
    "overstride": (0.03, 0.14),
    "forefoot_strike": (0, 14),
    "limited_hip_extension": (0.03, 0.14),
    "bounce": (0.01, 0.05),
    "short_stride": (1.05, 1.2),
    "long_contact": (1.05, 1.2),
    "pawback": (-1, 2),
    "back_kick": (10, 30),
    "low_knee_drive": (5, 14),
    "swing_dorsiflexion": (5, 20),
    "asymmetry": (0.04, 0.14),
}
SECONDS = 3.0
ORDINARY_MPS, SPRINT_MPS, FREE_MPS = (2.3, 6.6), (6.0, 9.6), (2.4, 4.8)
SPRINTERS, FREE = 120, 168
"""Numbers from which on runners sprint, and from which on rhythm and landing do not go with the speed as usual."""
FREE_SHARES = {
    "contact": (0.85, 1.22),
    "cadence": (0.9, 1.28),
    "d_ic": (0.6, 1.7),
    "knee_ic": (0.6, 1.6),
    "thigh_swing": (0.75, 1.15),
}
"""What their gait parameters are multiplied by, each for itself."""


def theirs(name: str) -> str:
    """The digital runner's name of one of our keypoints."""
    if name in HEAD:
        return {"nose": "nose", "left_ear": "earL", "right_ear": "earR"}[name]
    side, point = name.split("_")
    assert side in SIDES
    assert point in ONE_SIDE
    return point + side[0].upper()


def one_runner(number: int, assets: Any, out: Path) -> str:
    """Any body, speed, strike and up to two faults; the number seeds them."""
    from digital_runner import truth  # type: ignore[import-not-found]
    from digital_runner.body import Body  # type: ignore[import-not-found]
    from digital_runner.motion import NORMS, SPEEDS, Gait  # type: ignore[import-not-found]

    draw = np.random.default_rng(1000 + number)
    speed = float(draw.uniform(*(ORDINARY_MPS if number < SPRINTERS else SPRINT_MPS if number < FREE else FREE_MPS)))
    names = draw.choice(list(MAGNITUDES), draw.integers(0, 3), replace=False)
    faults = [(str(name), float(draw.uniform(*MAGNITUDES[name]))) for name in names]
    changed = {"vx_pre": speed * float(draw.uniform(0.1, 0.7))} if draw.random() < 0.6 else {}
    if draw.random() < 0.3:
        changed["pitch_ic"] = float(draw.uniform(-10, 24))
    if number >= FREE:
        changed |= {name: float(np.interp(speed, SPEEDS, NORMS[name]) * draw.uniform(*shares))
                    for name, shares in FREE_SHARES.items()}  # fmt: skip
    body = Body(assets, BODIES[number % 6], "red_tee")
    gait = Gait(assets, body, speed, SECONDS + 1, faults, number, 1.0, changed or None, 500.0)
    time_s, _, _, points, *_ = truth.clip_truth(gait, 0.0, SECONDS, belt=True)
    xy = np.stack([points[theirs(name)][:, [0, 2]] for name in KEYPOINTS], axis=1)
    contacts = [(q["side"] == "L", q["ic"], q["to"]) for q in gait.steps if q["ic"] > -0.5 and q["to"] < SECONDS + 0.5]
    np.savez_compressed(
        out / f"g{number:03d}.npz", t=time_s, xy=xy.astype("f4"), con=np.array(contacts, float), v=speed
    )
    return f"{body.name} {speed:.2f} m/s {faults} {changed}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("digital_runner", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--runners", type=int, default=288)
    parser.add_argument("--first", type=int, default=0, help="number of the first runner, to go on with a folder")
    options = parser.parse_args()
    if not (options.digital_runner / "digital_runner" / "motion.py").exists():
        raise SystemExit(f"No digital runner in {options.digital_runner}: nothing generated.")
    sys.path.insert(0, str(options.digital_runner))
    from digital_runner.body import load_assets

    assets = load_assets(str(options.digital_runner / "assets" / "assets.npz"))
    options.out.mkdir(parents=True, exist_ok=True)
    for number in range(options.first, options.runners):
        print(number, one_runner(number, assets, options.out), flush=True)


if __name__ == "__main__":
    main()
