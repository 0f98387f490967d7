"""Find the points of midstance among those that another program wrote, by their names or by their order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from midstance.data import table
from midstance.model import Floats
from midstance.skeleton import INDEX, KEYPOINTS, SIDES, Side

SKIPPED = "-"
"""In place of a point that midstance does not use."""
HIP_BELOW_PELVIS_M = 0.08
"""Height of the middle of the four pelvis markers over the hip joint: 0.07 to 0.09 m in 26 runners."""
_WHOLE_WORDS: tuple[tuple[str, Side], ...] = (("left", "left"), ("right", "right"))
_LETTERS: Mapping[str, Side] = {"l": "left", "r": "right"}


@cache
def order_of(layout: str) -> tuple[str, ...]:
    """Return the names of the points of a layout of data/keypoints.toml, in its order."""
    return tuple(str(table("keypoints")["orders"][layout]).split())


@cache
def layout_with(count: int) -> str | None:
    """Return the layout that has so many points; None if there is none."""
    by_count = {len(order_of(name)): name for name in table("keypoints")["orders"] if name != "wholebody_133"}
    return "wholebody_133" if count == 133 else by_count.get(count)


def side_and_name(name: str) -> tuple[Side | None, str]:
    """Split the name of a point into its side and the rest, in small letters without spaces and signs.

    "LBigToe", "l_big_toe", "Left Big Toe", "big_toe.L" and "R.Heel" are all understood.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rsplit(":", maxsplit=1)[-1].strip())
    parts = [part.lower() for part in re.split(r"[^A-Za-z0-9]+", words) if part]
    for word, side in _WHOLE_WORDS:
        joined = "".join(parts)
        if joined.startswith(word) or joined.endswith(word):
            return side, joined.replace(word, "", 1)
    for place in (0, -1):
        if len(parts) > 1 and parts[place] in _LETTERS:
            side = _LETTERS[parts[place]]
            del parts[place]
            return side, "".join(parts)
    joined = "".join(parts)
    if joined[:1] in _LETTERS and joined[1:] in _known():
        return _LETTERS[joined[0]], joined[1:]
    return None, joined


@cache
def _known() -> frozenset[str]:
    names = table("keypoints")["names"].values()
    return frozenset(name for ways in names for way in ways for name in way)


def in_skeleton(names: Sequence[str], points: Floats, confidence: Floats) -> tuple[Floats, Floats]:
    """Return the points of midstance among those of a file, (..., keypoint, axis) and (..., keypoint).

    names        of the points, as the file calls them; SKIPPED ones are passed over
    points       (..., point, axis)
    confidence   (..., point)

    What the file lacks is NaN, with a confidence of 0.
    """
    places: dict[tuple[Side | None, str], int] = {}
    for place, name in enumerate(names):
        if name != SKIPPED:
            places.setdefault(side_and_name(name), place)
    xyz = np.full((*points.shape[:-2], len(KEYPOINTS), points.shape[-1]), np.nan)
    trust = np.zeros((*points.shape[:-2], len(KEYPOINTS)))
    for name in KEYPOINTS:
        side, _, part = name.partition("_")
        own: Side | None = "left" if side == "left" else "right" if side == "right" else None
        chosen = _chosen(places, own, part if own else name)
        if chosen:
            xyz[..., INDEX[name], :] = points[..., chosen, :].mean(axis=-2)
            trust[..., INDEX[name]] = confidence[..., chosen].min(axis=-1)
    return xyz, np.where(np.isfinite(xyz[..., 0]), trust, 0.0)


def _chosen(places: Mapping[tuple[Side | None, str], int], side: Side | None, part: str) -> list[int]:
    """Return the places of the points that are averaged into one; empty if the file has none."""
    for way in table("keypoints")["names"][part]:
        if all((side, name) in places for name in way):
            return [places[side, name] for name in way]
    return []


def with_hips(names: Sequence[str], points: Floats, xyz: Floats, *, up: int, sign: float) -> Floats:
    """Return the points with hips under the pelvis markers, where a file in metres has no hips.

    points  (..., point, 3) metres, as in the file
    xyz     (..., keypoint, 3) metres, from `in_skeleton`
    up      which axis is up, and its sign
    """
    places = {side_and_name(name): place for place, name in reversed(list(enumerate(names)))}
    xyz = xyz.copy()
    for side in SIDES:
        front, back = _chosen(places, side, "asis"), _chosen(places, side, "psis")
        if front and back and not np.isfinite(xyz[..., INDEX[f"{side}_hip"], 0]).any():
            middle = points[..., [front[0], back[0]], :].mean(axis=-2)
            middle[..., up] -= sign * HIP_BELOW_PELVIS_M
            xyz[..., INDEX[f"{side}_hip"], :] = middle
    return xyz
