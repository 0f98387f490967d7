"""Read one person's keypoints and heatmap peaks in a square of a picture: BlazePose on LiteRT.

Bazarevsky et al. 2020 (arXiv 2006.10204). The chain is detector, turned region of interest, landmark network, heatmap
refinement, and the region for the next picture from two helper points of the landmark network.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from midstance import skeleton
from midstance.model import Floats, Ints, PoseModel
from midstance.pose.backends import PEAKS, PEAKS_SHAPE, Box, Picture, Region, Sighting
from midstance.pose.backends.detector import PersonDetector, sigmoid
from midstance.pose.backends.litert import Network
from midstance.pose.region_filter import region_of

INPUT = 256
CELLS = 64
LANDMARKS = 39  # 33 of the body, two that give the region, four unused
HIP_CENTRE, RIM = 33, 34
POINTS, PRESENCE, HEAT = 0, 1, 3  # outputs of the landmark network
LEAST_PRESENCE = 0.5
SHARES = np.arange(256, dtype=np.float32) / 255
"""What the network takes for each of the 256 values of a colour."""

ONE_SIDE = {"shoulder": 11, "elbow": 13, "wrist": 15, "hip": 23, "knee": 25, "ankle": 27, "heel": 29, "toe": 31}
"""BlazePose's number of each left point; the right one follows it."""
NUMBER = {"nose": 0, "left_ear": 7, "right_ear": 8} | {
    f"{side}_{point}": number + k for point, number in ONE_SIDE.items() for k, side in enumerate(skeleton.SIDES)
}
TAKEN = [NUMBER[name] for name in skeleton.KEYPOINTS]
LEFT_LEG = [ONE_SIDE[point] for point in skeleton.LEG]
RIGHT_LEG = [number + 1 for number in LEFT_LEG]

REFINE_WINDOW = 9
REFINE_LEAST = 0.5
PEAK_WINDOW = 5
PEAK_LEAST_LOGIT = -3.0
NOTHING = -60.0  # logit of a cell outside the heatmap


class BlazePose:
    """BlazePose with one of its three landmark networks."""

    square_only = True

    def __init__(self, model: PoseModel, detector: Path, landmarks: Path, *, threads: int = 1) -> None:
        self.model = model
        self._detect = PersonDetector(detector, threads=threads)
        self._network = Network(landmarks, outputs=(POINTS, PRESENCE, HEAT), threads=threads)

    def find(self, rgb: Picture, *, tile: int = 0, hide: Sequence[Box] = ()) -> list[Region]:
        """Find everyone in the picture, or in one of its tiles (tile > 0), except in hidden boxes."""
        return [region_of(found.hips, found.rim) for found in self._detect(rgb, tile=tile, hide=hide)]

    def look(self, rgb: Picture, region: Region) -> Sighting | None:
        """Read the person in that square; None if there is none."""
        to_picture = from_crop(region)
        crop = cv2.warpAffine(rgb, to_picture, (INPUT, INPUT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        raw, presence, heat = self._network(np.asarray(cv2.LUT(crop, SHARES), np.float32))
        if presence[0] < LEAST_PRESENCE:
            return None
        points = raw.reshape(LANDMARKS, 5)
        xy = map_points(to_picture, refine(points[:, :2], heat))
        peaks = leg_peaks(heat)
        peaks[..., :2] = map_points(to_picture, peaks[..., :2])
        return Sighting(
            xy=xy[TAKEN],
            confidence=sigmoid(points[TAKEN, 3]),
            region=region_of(xy[HIP_CENTRE], xy[RIM]),
            peaks=peaks,
            depth=points[TAKEN, 2] * region.size_px / INPUT,
        )


def from_crop(region: Region) -> Floats:
    """Return the (2, 3) matrix from the network's input to the picture, corner to corner: no shift by half a pixel."""
    scale = region.size_px / INPUT
    cos, sin = scale * math.cos(region.angle_rad), scale * math.sin(region.angle_rad)
    half = INPUT / 2
    return np.array(
        [
            [cos, -sin, region.x_px - (cos - sin) * half],
            [sin, cos, region.y_px - (sin + cos) * half],
        ]
    )


def map_points(matrix: Floats, xy: Floats) -> Floats:
    """Move points (..., 2) by a (2, 3) matrix."""
    mapped: Floats = xy @ matrix[:, :2].T + matrix[:, 2]
    return mapped


def refine(xy: Floats, heat: Floats) -> Floats:
    """Move landmarks to the centre of mass of their heatmap near them, where it is sure of itself.

    xy (landmark, 2) in the network's input; heat (cell, cell, landmark) logits.
    """
    cell = np.floor(xy * (CELLS / INPUT)).astype(int)
    inside = ((cell >= 0) & (cell < CELLS)).all(axis=1)
    chance, centre = window_mass(heat, cell.clip(0, CELLS - 1), np.arange(len(xy)), REFINE_WINDOW)
    sure = inside & (chance >= REFINE_LEAST)
    return np.where(sure[:, None], centre, xy)


def window_mass(heat: Floats, cell: Ints, channel: Ints, window: int) -> tuple[Floats, Floats]:
    """Return the highest probability in a window around each cell (x, y), and the centre of mass there."""
    half = window // 2
    padded = np.pad(heat, ((half, half), (half, half), (0, 0)), constant_values=NOTHING)
    step = np.arange(window)
    rows = cell[:, 1, None, None] + step[:, None]
    columns = cell[:, 0, None, None] + step
    chance = sigmoid(padded[rows, columns, channel[:, None, None]]).astype(np.float64)
    total = chance.sum(axis=(1, 2)) + 1e-12
    x = (chance.sum(axis=1) * (cell[:, 0, None] + step - half)).sum(axis=1) / total
    y = (chance.sum(axis=2) * (cell[:, 1, None] + step - half)).sum(axis=1) / total
    return chance.max(axis=(1, 2)), np.stack([x, y], axis=1) * (INPUT / CELLS)


def leg_peaks(heat: Floats) -> Floats:
    """Return the strongest heatmap peaks: (leg joint, PEAKS, 3) x, y in the network's input, and probability.

    Left and right are pooled: the network is often unsure which leg it sees, seldom that there is one. NaN: no peak.
    """
    pooled = np.ascontiguousarray(np.maximum(heat[..., LEFT_LEG], heat[..., RIGHT_LEG]))
    top = cv2.dilate(pooled, np.ones((PEAK_WINDOW, PEAK_WINDOW), np.uint8))
    y, x, joint = np.nonzero((pooled == top) & (pooled > PEAK_LEAST_LOGIT))
    chance, centre = window_mass(pooled, np.stack([x, y], axis=1), joint, PEAK_WINDOW)
    peaks = np.full(PEAKS_SHAPE, np.nan)
    order = np.lexsort((-chance, joint))
    rank = np.arange(len(order)) - np.searchsorted(joint[order], joint[order])
    kept = rank < PEAKS
    order, rank = order[kept], rank[kept]
    peaks[joint[order], rank] = np.column_stack([centre[order], chance[order]])
    return peaks
