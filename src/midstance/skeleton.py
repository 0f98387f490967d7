"""Name the keypoints, their order in every array, the segments, and which point mirrors which."""

from __future__ import annotations

from typing import Literal

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

HEAD = ("nose", "left_ear", "right_ear")
ONE_SIDE = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")
"""Points of one side of the body; toe is the tip of the big toe, heel the back of the shoe."""

KEYPOINTS: tuple[str, ...] = HEAD + tuple(f"{side}_{point}" for point in ONE_SIDE for side in SIDES)
"""Second axis of every keypoint array: nose, ears, then left and right of each point."""

INDEX: dict[str, int] = {name: i for i, name in enumerate(KEYPOINTS)}

BOUNCING = (*HEAD, "left_shoulder", "right_shoulder")
"""What goes up and down with the body; the hips are drawn with less of it, and under moving clothes."""

LEG = ("hip", "knee", "ankle", "heel", "toe")
ARM = ("shoulder", "elbow", "wrist")

SEGMENTS_ONE_SIDE = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
    ("heel", "toe"),
    ("ankle", "toe"),
    ("shoulder", "hip"),
)


def other(side: Side) -> Side:
    """Return the other side."""
    return "right" if side == "left" else "left"


def mirrored(name: str) -> str:
    """Return the name of the same point on the other side of the body; points of the midline stay."""
    if name.startswith("left_"):
        return "right_" + name.removeprefix("left_")
    if name.startswith("right_"):
        return "left_" + name.removeprefix("right_")
    return name


def leg_indices(side: Side) -> list[int]:
    """Return the indices of hip, knee, ankle, heel and toe of one leg."""
    return [INDEX[f"{side}_{point}"] for point in LEG]


def arm_indices(side: Side) -> list[int]:
    """Return the indices of shoulder, elbow and wrist of one arm."""
    return [INDEX[f"{side}_{point}"] for point in ARM]


MIRROR: list[int] = [INDEX[mirrored(name)] for name in KEYPOINTS]
"""Permutation that swaps left and right along the keypoint axis."""
