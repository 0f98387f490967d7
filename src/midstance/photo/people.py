"""Find everyone in a photograph, each looked at four times.

Nothing before or after a single picture helps, so the middle of four looks is taken (two sizes, each also mirrored):
it halves the worst errors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from midstance.model import Floats
from midstance.photo.phase import LEAST_CONFIDENCE
from midstance.pose.backends import Backend, Box, Picture, Region, Sighting
from midstance.pose.people import same_body
from midstance.skeleton import HEAD, INDEX, MIRROR, SEGMENTS_ONE_SIDE, SIDES, leg_indices, other

SIZES = (1.0, 1.08)
"""Regions looked at, as multiples of the one that fits the person."""
PART_OF_BODY = 0.55  # of the size of the body it lies on: no second person but a hand or a knee
REACH = 0.08  # of the size: hands and feet reach so far beyond the keypoints
MOST_SCATTER = 0.015
"""Of the region: how far the looks at a body may lie apart, the median point. Real people 0.003 to 0.010, large or
small; a lamp or a treadmill console taken for somebody 0.022 to 0.052, and drawn with full confidence."""
ON_BODY = 0.05  # of its size: half of the points as near as this to the bones of another are his
BONES = [[INDEX[f"{side}_{end}"] for end in bone] for side in SIDES for bone in SEGMENTS_ONE_SIDE]


def everyone(rgb: Picture, backend: Backend) -> list[Sighting]:
    """Return all people that the model is sure of, each looked at four times."""
    seen: list[Sighting] = []
    for x, y, width, height in _windows(rgb.shape[1], rgb.shape[0]):
        window = np.ascontiguousarray(rgb[y : y + height, x : x + width])
        hidden = [box for sighting in seen for box in _covers(sighting.xy - (x, y))]
        for region in backend.find(window, hide=hidden):
            found = backend.look(rgb, replace(region, x_px=region.x_px + x, y_px=region.y_px + y))
            sighting = _looked_at(rgb, backend, found.region) if found else None
            if sighting and _is_somebody(sighting, rgb) and not any(_is_same(sighting, each) for each in seen):
                seen.append(sighting)
    return seen


def _covers(xy: Floats) -> Iterator[Box]:
    """Yield boxes that hide a body bone by bone, so that who stands behind a leg is not hidden too."""
    trunk = [INDEX[f"{side}_{part}"] for side in SIDES for part in ("shoulder", "hip")]
    for points in ([INDEX[name] for name in HEAD], trunk, *BONES):
        (x0, y0), (x1, y1) = xy[points].min(axis=0), xy[points].max(axis=0)
        yield float(x0), float(y0), float(x1), float(y1)


def _windows(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the whole picture, then overlapping squares as high as it, and half as high: for somebody small."""
    yield 0, 0, width, height
    for side in (min(width, height), min(width, height) // 2):
        steps = [range(max(1, math.ceil(2 * (length - side) / side)) + 1) for length in (width, height)]
        places = [
            [round((length - side) * i / max(1, len(step) - 1)) for i in step] if length > side else [0]
            for length, step in zip((width, height), steps, strict=True)
        ]
        for y, x in product(places[1], places[0]):
            yield x, y, side, side


def _looked_at(rgb: Picture, backend: Backend, region: Region) -> Sighting | None:
    """Return the middle of four looks at one person; None if the model does not see one every time, at one place."""
    mirror, looks = np.ascontiguousarray(rgb[:, ::-1]), list[Sighting]()
    for size in SIZES:
        scaled = replace(region, size_px=size * region.size_px)
        turned = replace(scaled, x_px=rgb.shape[1] - scaled.x_px, angle_rad=-scaled.angle_rad)
        straight, mirrored = backend.look(rgb, scaled), backend.look(mirror, turned)
        if straight is None or mirrored is None:
            return None
        looks += [straight, _turned_back(mirrored, rgb.shape[1])]
    xy = np.array([_legs_as_in(looks[0].xy, look.xy) for look in looks])
    confidence = np.array([look.confidence for look in looks])
    scatter = np.linalg.norm(xy - np.median(xy, axis=0), axis=2).mean(axis=0)
    if np.median(scatter) > MOST_SCATTER * region.size_px:
        return None
    return replace(looks[0], xy=np.median(xy, axis=0), confidence=np.median(confidence, axis=0))


def _turned_back(sighting: Sighting, width: int) -> Sighting:
    return replace(
        sighting, xy=(sighting.xy * [-1, 1] + [width, 0])[MIRROR], confidence=sighting.confidence[MIRROR], peaks=None
    )


def _legs_as_in(first: Floats, xy: Floats) -> Floats:
    """Return points (keypoint, 2), their legs changed over if that brings them nearer to those of the first look."""
    swapped = xy.copy()
    for side in SIDES:
        swapped[leg_indices(side)] = xy[leg_indices(other(side))]
    return min((xy, swapped), key=lambda points: float(np.linalg.norm(points - first, axis=1).sum()))


def _is_somebody(sighting: Sighting, rgb: Picture) -> bool:
    """Return whether the model was sure of the body, or of its upper half, as far as that lies in the picture."""
    inside = ((sighting.xy >= 0) & (sighting.xy < rgb.shape[1::-1])).all(axis=1)
    upper = inside & (np.arange(len(sighting.xy)) < INDEX["left_hip"])
    return any(part.any() and np.median(sighting.confidence[part]) >= LEAST_CONFIDENCE for part in (inside, upper))


def _is_same(new: Sighting, known: Sighting) -> bool:
    """Return whether a sighting is of a body already known: the same trunk, or parts of it taken for somebody."""
    if same_body(new, known):
        return True
    x0, y0, x1, y1 = known.box
    reach = REACH * known.region.size_px
    within = x0 - reach < new.region.x_px < x1 + reach and y0 - reach < new.region.y_px < y1 + reach
    small = within and new.region.size_px < PART_OF_BODY * known.region.size_px
    return small or bool(np.mean(_off_bones(new.xy, known.xy) < ON_BODY * known.region.size_px) > 0.5)


def _off_bones(points: Floats, body: Floats) -> Floats:
    """Return the distance (point,) of points (point, 2) from the nearest bone of a body (keypoint, 2), pixels."""
    starts, ends = (np.array([body[bone[i]] for bone in BONES]) for i in (0, 1))
    along = ends - starts
    share = np.einsum("pbi,bi->pb", points[:, None] - starts, along) / ((along**2).sum(axis=1) + 1e-9)
    nearest = starts + np.clip(share, 0, 1)[..., None] * along
    return np.asarray(np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1))
