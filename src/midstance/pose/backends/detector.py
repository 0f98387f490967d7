"""Find the people in a picture: BlazePose's person detector (a single-shot network on a square of 224 pixels)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from midstance.model import Floats
from midstance.pose.backends import Box, Picture
from midstance.pose.backends.litert import Network

INPUT = 224
LAYERS = ((8, 2), (16, 2), (32, 6))
"""Stride in pixels and anchors per cell of each layer of the network."""
LEAST_SCORE = 0.5
SAME_PERSON_IOU = 0.3
GREY = (128, 128, 128)
HIDDEN_MARGIN = np.array([[-3, -6], [3, 3]])  # hair and shoes reach beyond the keypoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One person found: score 0..1; box (x0, y0, x1, y1) of the face and trunk; hips and rim (x, y), all in pixels.

    The rim is the point on the circle around the hips that holds the whole body, above the head.
    """

    score: float
    box: Floats
    hips: Floats
    rim: Floats


def anchors() -> Floats:
    """Return (2254, 2) centres of the anchors as shares of the input, in the order of the network's outputs."""
    centres = []
    for stride, count in LAYERS:
        cells = INPUT // stride
        y, x = np.mgrid[0:cells, 0:cells]
        centres.append(np.repeat((np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / cells, count, axis=0))
    return np.concatenate(centres).astype(np.float32)


class PersonDetector:
    """Find people whatever their number, from about a sixth of the picture's height."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._network = Network(path, outputs=(0, 1), threads=threads)
        self._anchors = anchors()

    def __call__(self, rgb: Picture, *, tile: int = 0, hide: Sequence[Box] = ()) -> list[Detection]:
        """Find everyone in the picture (tile 0) or in one of the three squares along its longer side, surest first.

        hide  boxes painted over first: somebody large keeps the network from seeing somebody small beside them
        """
        part, corner = cut_tile(rgb, tile)
        side = max(part.shape[:2])
        small, margin = fit_square(part)
        for box in hide:
            (x0, y0), (x1, y1) = (np.reshape(box, (2, 2)) - corner) * (INPUT / side) + margin + HIDDEN_MARGIN
            cv2.rectangle(small, (round(x0), round(y0)), (round(x1), round(y1)), GREY, cv2.FILLED)
        boxes, logits = self._network(small.astype(np.float32) / 127.5 - 1)
        score = sigmoid(logits[:, 0])
        kept = np.flatnonzero(score >= LEAST_SCORE)
        if not len(kept):
            return []
        points = (boxes[kept].reshape(-1, 6, 2) / INPUT).astype(np.float64)
        points[:, [0, 2, 3, 4, 5]] += self._anchors[kept][:, None]
        half = points[:, 1] / 2
        points[:, 1], points[:, 0] = points[:, 0] + half, points[:, 0] - half
        points = (points - margin / INPUT) * side + corner
        return [as_detection(found, top) for found, top in join_overlapping(points, score[kept])]


def cut_tile(rgb: Picture, tile: int) -> tuple[Picture, Floats]:
    """Return the whole picture (0) or its first, middle or last square (1, 2, 3), and its corner (x, y) in pixels."""
    height, width = rgb.shape[:2]
    if tile == 0:
        return rgb, np.zeros(2)
    side = min(height, width)
    start = (max(height, width) - side) * (tile - 1) // 2
    if width >= height:
        return rgb[:, start : start + side], np.array([start, 0.0])
    return rgb[start : start + side], np.array([0.0, start])


def fit_square(rgb: Picture) -> tuple[Picture, Floats]:
    """Shrink the picture into the middle of the network's square, black around; return its margin (x, y), px, too."""
    height, width = rgb.shape[:2]
    scale = INPUT / max(height, width)
    margin = np.array([INPUT - width * scale, INPUT - height * scale]) / 2
    matrix = np.array([[scale, 0, margin[0]], [0, scale, margin[1]]])
    small = cv2.warpAffine(rgb, matrix, (INPUT, INPUT), flags=cv2.INTER_LINEAR)
    return small.astype(np.uint8, copy=False), margin


def join_overlapping(points: Floats, score: Floats) -> list[tuple[Floats, float]]:
    """Join the boxes of one person into their mean weighted by score. points (box, 6, 2): corners, then keypoints."""
    joined = []
    order = np.argsort(-score)
    while len(order):
        same = overlap(points[order[0], :2], points[order, :2]) > SAME_PERSON_IOU
        same[0] = True
        group = order[same]
        joined.append((np.average(points[group], axis=0, weights=score[group]), float(score[order[0]])))
        order = order[~same]
    return joined


def overlap(box: Floats, boxes: Floats) -> Floats:
    """Return the intersection over union of a box with each of many; boxes (..., corner, 2)."""
    sides = np.minimum(boxes[..., 1, :], box[1]) - np.maximum(boxes[..., 0, :], box[0])
    shared = np.prod(np.clip(sides, 0, None), axis=-1)
    areas = np.prod(boxes[..., 1, :] - boxes[..., 0, :], axis=-1) + np.prod(box[1] - box[0])
    union: Floats = shared / (areas - shared + 1e-9)
    return union


def as_detection(points: Floats, score: float) -> Detection:
    """Return the joined points as a detection."""
    return Detection(score=score, box=points[:2].ravel(), hips=points[2], rim=points[3])


def sigmoid(logit: Floats) -> Floats:
    """Return the probability of a logit."""
    return 1 / (1 + np.exp(-np.clip(logit, -60, 60)))
