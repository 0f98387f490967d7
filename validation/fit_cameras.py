"""Fit data/cameras.toml: what near and far points, standing toes and obliquely seen legs say of the camera.

    python -m validation.fit_cameras [--write]

Fitted on the rendered runners anna, ben, carl and dai in their clips from the side; erik and fay are left out. Prints
the errors on each body left out of its fit, and on erik and fay. Needs `python -m validation.render`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import Refused
from midstance.model import Floats, Track
from midstance.skeleton import other
from midstance.tracking.camera_pose import separation, slope_of_path, slopes_in_stance
from midstance.tracking.follow import follow_runner
from midstance.tracking.joint_centres import WHICH, picture_terms
from midstance.tracking.rectify import without_yaw
from validation.cameras import TrueCamera, true_camera, true_leg
from validation.cases import Case, cases, rendered

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "cameras.toml"
STARTS = ("dev", "val", "coach_", "cam_")
FITTED_ON = ("anna", "ben", "carl", "dai")
AXIS = {"yaw": 0, "look_down": 1}
PARTS = {"yaw": ("shoulder", "hip", "knee", "ankle"), "look_down": ("knee", "ankle", "heel", "toe")}
RIDGE = {"yaw": 3e-5, "look_down": 1e-4}
OBLIQUE_RIDGE = (1.0, 0.2)
"""Of what is drawn wrong anyway, and of what yaw adds to it."""
LEVEL_COUNTS = 0.3
"""Weight of a clip seen square, which says nothing of what yaw adds."""


REAL_PASSES = {"yaw": (-16.7, 11.7), "look_down": (15.0,)}
"""Misses on two films of real runners who pass, a start from the blocks among them; by the lines of the ground."""


@dataclass(frozen=True)
class Seen:
    """One clip: its track before anything is put square, and its true camera."""

    case: Case
    track: Track
    camera: TrueCamera

    @property
    def body(self) -> str:
        return str(self.case.truth["people"][0]["body"])

    @property
    def on_belt(self) -> bool:
        return bool(self.case.truth["mode"] == "treadmill")


def look(chosen: list[Case]) -> list[Seen]:
    """The clips that show the runner from the side and are not refused."""
    found = []
    for case in chosen:
        if case.name.startswith(STARTS) and case.truth["view"] in ("left", "right"):
            try:
                track = follow_runner(case.poses)
            except Refused as refused:
                print(f"{case.name}: {refused.reason}")
                continue
            found.append(Seen(case, track, true_camera(case.truth, track)))
    return found


# -- yaw and look-down -----------------------------------------------------------------------------------------------


def fit_line(clips: list[Seen], name: str) -> Floats:
    """Degrees at zero, then degrees per leg length of each part; many clips of one angle count as one."""
    x, y = _apart(clips, name), np.array([getattr(seen.camera, f"{name}_deg") for seen in clips])
    _, which, many = np.unique(np.round(y / 2.5), return_inverse=True, return_counts=True)
    weight = 1 / np.sqrt(many[which])
    penalty = RIDGE[name] * weight.sum() * np.diag([0.0] + [1.0] * (x.shape[1] - 1))
    return np.asarray(np.linalg.solve((x.T * weight) @ x + penalty, (x.T * weight) @ y))


def misses(clips: list[Seen], line: Floats, name: str) -> Floats:
    return np.asarray(_apart(clips, name) @ line - [getattr(seen.camera, f"{name}_deg") for seen in clips])


def _apart(clips: list[Seen], name: str) -> Floats:
    return np.array([[1.0, *(separation(seen.track, part)[AXIS[name]] for part in PARTS[name])] for seen in clips])


# -- tilt ------------------------------------------------------------------------------------------------------------


def fit_belt(clips: list[Seen]) -> tuple[Floats, Floats]:
    """Slope of near and far toes on a level belt seen square, and the share of each that misses least."""
    slopes = _slopes(clips)
    share = np.linalg.solve(np.cov(slopes.T), np.ones(2))
    return slopes.mean(axis=0), share / share.sum()


def _slopes(clips: list[Seen]) -> Floats:
    """(clip, 2) of those seen square on a belt; what is seen obliquely from above is levelled by its true camera."""
    drop = [np.degrees(np.radians(s.camera.look_down_deg) * np.sin(np.radians(s.camera.yaw_deg))) for s in clips]
    slopes = np.array([slopes_in_stance(seen.track) for seen in clips]) + np.array(drop)[:, None]
    return np.asarray(slopes[np.isfinite(slopes).all(axis=1)])


# -- oblique legs ----------------------------------------------------------------------------------------------------


def fit_oblique(clips: list[Seen], leg_index: int) -> Floats:
    """(7, 10) what one sine of yaw moves a leg by, beside what is drawn wrong at any yaw."""
    squares: Any = 0
    products: Any = 0
    for seen in clips:
        assert seen.track.near_side is not None
        side = (seen.track.near_side, other(seen.track.near_side))[leg_index]
        camera = seen.camera
        flat = without_yaw(seen.track, camera.yaw_deg, look_down_deg=camera.look_down_deg, redraw=False)
        drawn, true = true_leg(seen.case.truth, flat, side)
        terms = picture_terms(drawn)
        both = np.column_stack([terms, np.sin(np.radians(camera.yaw_deg)) * terms])
        weight = (1.0 if abs(camera.yaw_deg) > 2 else LEVEL_COUNTS) / len(drawn)
        squares = squares + weight * both.T @ both
        products = products + weight * both.T @ (true - drawn).reshape(len(drawn), -1)
    always, oblique = OBLIQUE_RIDGE
    penalty = len(clips) * 1e-3 * np.diag([always] * 7 + [oblique] * 7)
    return np.asarray(np.linalg.solve(squares + penalty, products)[7:])


# -- all -------------------------------------------------------------------------------------------------------------


def fit(clips: list[Seen]) -> dict[str, Any]:
    """The content of cameras.toml, without its errors."""
    belt = [seen for seen in clips if seen.on_belt]
    level, share = fit_belt(belt)
    return {
        "tilt": (level, share),
        **{name: fit_line(belt, name) for name in AXIS},
        "oblique": {which: fit_oblique(belt, index) for index, which in enumerate(WHICH)},
    }


def errors(fitted: list[Seen], left_out: list[Seen]) -> dict[str, Floats]:
    """Errors of yaw, look-down and belt slope: of each body by a fit without it, and of those left out of all."""
    bodies = sorted({seen.body for seen in fitted})
    splits = [
        ([s for s in fitted if s.body != body and s.on_belt], [s for s in fitted if s.body == body and s.on_belt])
        for body in bodies
    ] + [([s for s in fitted if s.on_belt], [s for s in left_out if s.on_belt])]
    found: dict[str, list[Floats]] = {"yaw": [], "look_down": [], "tilt": []}
    for inside, outside in splits:
        for name in AXIS:
            found[name].append(misses(outside, fit_line(inside, name), name))
        level, share = fit_belt(inside)
        found["tilt"].append((_slopes(outside) - level) @ share)
    for name, groups in found.items():
        told = "; ".join(
            f"{who} {np.sqrt(np.mean(e**2)):.2f} ({len(e)}, worst {np.abs(e).max():.1f})"
            for who, e in zip([*bodies, "left out of all"], groups, strict=True)
        )
        print(f"{name}, RMSE in degrees: {told}")
    return {name: np.concatenate(groups) for name, groups in found.items()}


def errors_over_ground(clips: list[Seen], content: dict[str, Any]) -> dict[str, float]:
    """RMSE of yaw and look-down where the runner passes, with REAL_PASSES; no fit has seen these."""
    found = {}
    for name in AXIS:
        off = misses(clips, content[name], name)
        found[name] = float(np.sqrt(np.mean(np.square([*off, *REAL_PASSES[name]]))))
        told = ", ".join(f"{seen.case.name} {miss:+.1f}" for seen, miss in zip(clips, off, strict=True))
        print(f"{name} over ground: RMSE {found[name]:.2f} ({told})")
    return found


def written(content: dict[str, Any], rms: dict[str, float], over_ground: dict[str, float]) -> str:
    """cameras.toml."""
    level, share = content["tilt"]
    lines = [HEAD, "[tilt]", f"toe_slope_deg = {_row(level, 2)}", f"share = {_row(share, 2)}"]
    lines += [f"belt_error_deg = {rms['tilt']:.2f}", *GROUND, ""]
    for name, axis in AXIS.items():
        zero, *slopes = content[name]
        parts = ", ".join(f"{part} = {slope:.1f}" for part, slope in zip(PARTS[name], slopes, strict=True))
        lines += [f"[{name}]", f"deg_at_zero = {zero:.2f}", f"deg_per_leg = {{ {parts} }}"]
        lines += [f"axis = {axis}", f"error_deg = {rms[name]:.1f}", f"path_error_deg = {over_ground[name]:.1f}", ""]
    lines += ["[oblique]"]
    for which in WHICH:
        lines += [f"{which} = [", *(f"    {_row(row, 4)}," for row in content["oblique"][which]), "]"]
    return "\n".join(lines) + "\n"


def _row(values: Floats, digits: int) -> str:
    return "[" + ", ".join(f"{value:.{digits}f}" for value in values) + "]"


HEAD = """# What near and far points, standing toes and obliquely seen legs say of the camera. Made by
# validation/fit_cameras.py on the rendered runners anna, ben, carl and dai; the errors are those on
# bodies left out (docs/decisions/cameras.md).
# tilt: slope of the way of near and far toes over a level belt, and the share of each; degrees.
# yaw, look_down: degrees at zero, and degrees per leg length by which near points are ahead of (axis 0) or above
# (axis 1) the far ones over whole strides.
# oblique: what one sine of yaw moves a leg by; rows and columns as in offsets.toml (picture).
"""
GROUND = (
    "path_error_deg = 0.3  # way of hips and shoulders on rendered passes and pans",
    "ground_error_deg = 0.6  # a belt or a road may climb by one per cent",
)


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--write", action="store_true")
    clips = look(cases() + rendered())
    fitted = [seen for seen in clips if seen.body in FITTED_ON]
    found = errors(fitted, [seen for seen in clips if seen.body not in FITTED_ON])
    passes, content = [seen for seen in clips if not seen.on_belt], fit(fitted)
    print("paths climb " + ", ".join(f"{seen.case.name} {slope_of_path(seen.track):+.2f}" for seen in passes))
    rms = {name: float(np.sqrt(np.mean(e**2))) for name, e in found.items()}
    text = written(content, rms, errors_over_ground(passes, content))
    if read.parse_args().write:
        OUT.write_text(text)
    else:
        print(text)


if __name__ == "__main__":
    main()
