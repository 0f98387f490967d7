"""Draw stick figures from joint angles, as SVG: the pictures of the drills (data/practice.toml).

One function makes a figure from the angles, in leg lengths from the hip; lines and words take the page's colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians, sin

from midstance.model import DrillPose, LegPose

Point = tuple[float, float]

THIGH, SHANK, FOOT, HEEL = 0.49, 0.47, 0.24, 0.07
TRUNK, NECK, HEAD = 0.60, 0.13, 0.105
UPPER_ARM, FOREARM = 0.33, 0.30
"""Lengths of segments in leg lengths, about those of adults (Winter 2009, as in docs/evidence.md#body-segments)."""

WIDE, SCALE, MARGIN = 190, 96, 12
"""Width of one figure and pixels of one leg length in the picture, and its margin."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Where the joints of a figure are, leg lengths from the hip, x forward and y up; lines by limb."""

    lines: Mapping[str, tuple[Point, ...]]
    head: Point

    @property
    def lowest(self) -> float:
        """Return the height of the lowest point."""
        return min(y for points in self.lines.values() for _, y in points)


def figure(pose: DrillPose) -> Figure:
    """Return the figure whose joints stand at the angles of a pose."""
    neck = _away((0.0, 0.0), 180.0 - pose.trunk, TRUNK)
    return Figure(
        lines={
            "far_arm": _arm(neck, pose.far_arm, pose.elbow),
            "far_leg": _leg(pose.far),
            "trunk": ((0.0, 0.0), neck),
            "near_leg": _leg(pose.near),
            "near_arm": _arm(neck, pose.near_arm, pose.elbow),
        },
        head=_away(neck, 180.0 - pose.trunk, NECK + HEAD),
    )


def _away(start: Point, degrees: float, length: float) -> Point:
    """Return the point a length away; 0 degrees hangs straight down, + swings forward, 180 is straight up."""
    turn = radians(degrees)
    return start[0] + length * sin(turn), start[1] - length * cos(turn)


def _leg(leg: LegPose) -> tuple[Point, ...]:
    """Return hip, knee, ankle, heel and toe."""
    knee = _away((0.0, 0.0), leg.thigh, THIGH)
    ankle = _away(knee, leg.thigh - leg.knee, SHANK)
    sole = _away(ankle, leg.foot, 0.05)
    heel, toe = _away(sole, leg.foot - 90, HEEL), _away(sole, leg.foot + 90, FOOT - HEEL)
    return (0.0, 0.0), knee, ankle, heel, toe


def _arm(shoulder: Point, upper: float, elbow: float) -> tuple[Point, ...]:
    joint = _away(shoulder, upper, UPPER_ARM)
    return shoulder, joint, _away(joint, upper + elbow, FOREARM)


# -- the picture ---------------------------------------------------------------------------------------------------


def drill_picture(poses: Sequence[DrillPose], title: str) -> str:
    """Return the poses of a drill side by side on one ground, as SVG with their words."""
    figures = [figure(pose) for pose in poses]
    tall = max(f.head[1] + HEAD - f.lowest + pose.lift for f, pose in zip(figures, poses, strict=True))
    ground = MARGIN + SCALE * tall
    height, width = ground + 46, WIDE * len(poses)
    parts = [f'<line class="ground" x1="0" x2="{width}" y1="{ground:.1f}" y2="{ground:.1f}"/>']
    for place, (body, pose) in enumerate(zip(figures, poses, strict=True)):
        parts += _drawn(body, (WIDE * (place + 0.47), ground - SCALE * (pose.lift - body.lowest)))
        parts.append(_words(pose.says, WIDE * (place + 0.5), ground + 17))
    says = escape(f"{title}: {'; '.join(pose.says for pose in poses)}", quote=True)
    body_of = "\n".join(parts)
    return f'<svg class="figure" viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{says}">\n{body_of}\n</svg>'


def _drawn(body: Figure, hip: Point) -> list[str]:
    def place(point: Point) -> Point:
        return hip[0] + SCALE * point[0], hip[1] - SCALE * point[1]

    parts = []
    for limb, points in body.lines.items():
        at = "".join(f"{'ML'[i > 0]}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(map(place, points)))
        parts.append(f'<path class="{limb.split("_")[0] if "_" in limb else "near"}" d="{at}"/>')
    x, y = place(body.head)
    return [*parts, f'<circle class="near" cx="{x:.1f}" cy="{y:.1f}" r="{SCALE * HEAD:.1f}"/>']


def _words(says: str, x: float, y: float) -> str:
    """Write a caption in one line, or in two that are about as long."""
    words = says.split()
    if len(says) <= 24:
        rows = [says]
    else:
        cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))))
        rows = [" ".join(words[:cut]), " ".join(words[cut:])]
    return "".join(
        f'<text x="{x:.0f}" y="{y + 16 * row:.0f}" text-anchor="middle">{escape(line)}</text>'
        for row, line in enumerate(rows)
    )
