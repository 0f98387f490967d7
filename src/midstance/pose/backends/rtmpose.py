"""Read one person's keypoints in a square of a picture: RTMPose with feet (HALPE-26) on ONNX Runtime.

Jiang et al. 2023 (arXiv 2303.07399). People are found by BlazePose's detector; a crop three wide and four high goes in,
and for each point come two rows of numbers, one along each axis, whose highest place is the answer (SimCC).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from midstance import skeleton
from midstance.model import Floats, PoseModel
from midstance.pose.backends import Box, Picture, Region, Sighting
from midstance.pose.backends.detector import PersonDetector
from midstance.pose.backends.onnx_session import open_network
from midstance.pose.region_filter import region_of

MEAN_RGB, SPREAD_RGB = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # as the published models were trained
MARGIN = 1.25
LEAST_CONFIDENCE = 0.3  # mean over the keypoints, below which there is nobody

ONE_SIDE = {"shoulder": 5, "elbow": 7, "wrist": 9, "hip": 11, "knee": 13, "ankle": 15, "toe": 20, "heel": 24}
"""HALPE-26's number of each left point; the right one follows it."""
NUMBER = {"nose": 0, "left_ear": 3, "right_ear": 4} | {
    f"{side}_{point}": number + k for point, number in ONE_SIDE.items() for k, side in enumerate(skeleton.SIDES)
}
TAKEN = [NUMBER[name] for name in skeleton.KEYPOINTS]


class RTMPose:
    """One of the published RTMPose networks with feet; its input size is read from the file."""

    square_only = True

    def __init__(self, model: PoseModel, detector: Path, network: Path, *, threads: int = 1) -> None:
        self.model = model
        self._detect = PersonDetector(detector, threads=threads)
        self._network = open_network(network, threads)

    def find(self, rgb: Picture, *, tile: int = 0, hide: Sequence[Box] = ()) -> list[Region]:
        """Find everyone in the picture, or in one of its overlapping tiles (tile > 0), except in hidden boxes."""
        return [region_of(found.hips, found.rim) for found in self._detect(rgb, tile=tile, hide=hide)]

    def look(self, rgb: Picture, region: Region) -> Sighting | None:
        """Read the person in the upright crop as high as that square; None if there is none."""
        height, width = self._network.crop_size
        scale = region.size_px / height
        corner = np.array([region.x_px, region.y_px]) - scale * np.array([width, height]) / 2
        to_picture = np.column_stack([np.eye(2) * scale, corner])
        crop = cv2.warpAffine(rgb, to_picture, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        tensor = ((crop - np.array(MEAN_RGB)) / np.array(SPREAD_RGB)).transpose(2, 0, 1).astype(np.float32)
        along_x, along_y = self._network(tensor)
        place, confidence = highest(along_x, along_y)
        size = np.array([along_x.shape[1] / width, along_y.shape[1] / height])
        xy, confidence = (place / size * scale + corner)[TAKEN], confidence[TAKEN]
        if confidence.mean() < LEAST_CONFIDENCE:
            return None
        return Sighting(xy=xy, confidence=confidence, region=around(xy, width / height))


def highest(along_x: Floats, along_y: Floats) -> tuple[Floats, Floats]:
    """Return (point, 2) where each point's two rows (point, place) are highest, and the lower height, 0..1."""
    place = np.column_stack([along_x.argmax(axis=1), along_y.argmax(axis=1)])
    return place, np.minimum(along_x.max(axis=1), along_y.max(axis=1)).clip(0, 1)


def around(xy: Floats, width_over_height: float) -> Region:
    """Return the upright region whose crop has all keypoints in it, with a margin."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    x, y = (low + high) / 2
    width, height = high - low
    return Region(x_px=float(x), y_px=float(y), size_px=float(MARGIN * max(height, width / width_over_height)))
