"""Find how the camera moved, from the frames one by one and the places of the people in them.

Corners of the background are followed from an anchor frame by optical flow on a small grey picture. While the camera
stays, the anchor stays, so nothing drifts; under a panning camera it moves along. Points of the small picture are
complex numbers, x + iy from its middle, so that a similarity is w = turn * z + shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.model import CameraMotion, Floats
from midstance.video.small_picture import LONG_SIDE_PX, Box, Flags, Still, leap, likeness, look
from midstance.video.undeveloped import Frame, size_of

Points = NDArray[np.complex128]

CORNERS = 120
CORNER_DISTANCE_PX = 12
CELL_PX = 60
CORNERS_PER_CELL = 3
FEWEST_CORNERS = 12
FLOW_WINDOW = (11, 11)
FLOW_LEVELS = 4
UNLIKE = 0.9  # difference of a corner's two looks, as a share of its contrast: 1.2 or more for noise
AGREE_PX = 1.0  # a corner this near to where a motion puts it agrees with it
LEEWAY = 0.04  # and for each px of motion: as long as the lens is not known, a leap is known to so much
STANDING_SHARE = 0.3  # so many corners where the anchor has them: the camera is fixed, whatever passes in front of it
DOUBTFUL_SHARE = 0.6  # with fewer, the corners are looked for a second time, as if the camera had stopped
LOST_SHARE = 0.25  # with fewer corners that agree, the background is lost
REACH_PX = 12.0  # an anchor further away than this is replaced
STILL_PX = 0.4  # a scene whose corners never go further was filmed from a tripod
SAME_SCENE = 0.5  # share of tiles that are alike
LOOKS_HZ = 15.0  # while the camera stands still it is looked at so often; what it did between is then gone through
MOST_WAITING = 4  # frames that wait for that, so that they take little memory


class Motion(NamedTuple):
    """Of the background between two frames: w = (z + shift + bend z) / (1 - k Re(shift z*)).

    The denominator is what perspective does away from the middle when a camera turns (Hartley and Zisserman 2004,
    doi:10.1017/CBO9780511811685, section 8.4: K R K^-1); k is one over the focal length squared.
    """

    shift: complex = 0j
    bend: complex = 0j

    def moved(self, z: Points, k: float) -> Points:
        """Return where points z of the first frame are in the second."""
        return np.asarray((z + self.shift + self.bend * z) / depth(self.shift, z, k))

    def back(self, place: complex, k: float) -> tuple[complex, complex]:
        """Return the similarity (turn, shift) from the second frame to the first, right at one place of the second.

        Zoom and roll are those of the camera: neither what perspective stretches at the edge of the picture, nor the
        k |shift|^2 / 2 by which a turn stretches across its direction.
        """
        z = place
        for _ in range(4):
            z = (place * (1 - k * (self.shift * z.conjugate()).real) - self.shift) / (1 + self.bend)
        turn = 1 / (1 + self.bend - k * abs(self.shift) ** 2 / 4)
        return turn, z - turn * place


def depth(shift: complex, z: Points, k: float) -> Floats:
    """Return how far off points are when the camera turns so that the middle moves by shift; they were 1 away."""
    return np.asarray(1 - k * (shift * z.conj()).real)


class Found(NamedTuple):
    """The motion that most corners follow: where those were (z) and are (w), and their share of the votes."""

    motion: Motion
    z: Points
    w: Points
    share: float


class Lens:
    """Learn from a turning camera how strong its perspective is (k, one over the focal length squared)."""

    def __init__(self) -> None:
        self.k = 1 / (1.2 * LONG_SIDE_PX) ** 2  # between a phone's wide and its tele lens
        self._most = 1 / (0.5 * LONG_SIDE_PX) ** 2
        self._weight = 1e-3 / self.k**2
        self._sum = self.k * self._weight

    def learn(self, found: Found) -> None:
        """Weigh in where the corners of the background went: what neither shift, zoom nor roll explains."""
        shift, z, w = found.motion.shift, found.z, found.w
        if abs(shift) < REACH_PX / 2 or len(z) < 2 * FEWEST_CORNERS:
            return
        bowed, missed = (shift * z.conj()).real * w, w - found.motion.moved(z, self.k)
        offset, slope = line(z, bowed, np.ones(len(z)))
        unexplained = bowed - offset - slope * z
        weight = float(np.sum(np.abs(unexplained) ** 2))
        self._sum += self.k * weight + float(np.sum((unexplained.conj() * missed).real))
        self._weight += weight
        self.k = float(np.clip(self._sum / self._weight, 0, self._most))


class Anchor(NamedTuple):
    """A frame that later ones are compared with, its corners and how they stand out, and the way to the first frame."""

    still: Still
    corners: Points
    contrast: Floats
    turn: complex
    shift: complex


class Step(NamedTuple):
    """One frame: the way to the first frame of its scene, the share of corners that agree, whether a scene begins."""

    turn: complex
    shift: complex
    quality: float
    cut: bool = False


class CameraWatcher:
    """Watch the background of a film frame by frame; keep a few small pictures, and a few numbers for each frame.

    While a camera has not moved since its scene began, only every few frames are looked at. If the camera is found to
    have moved then, or a scene to begin, the frames between are gone through as well, so nothing is missed.

    rate_hz  frames a second; None: look at every frame
    """

    def __init__(self, rate_hz: float | None = None) -> None:
        self._steps: list[Step] = []
        self._size = (0, 0)
        self._anchor: Anchor
        self._last: Still
        self._motion, self._pace = Motion(), 0j
        self._before_cut: tuple[Step, Still] | None = None
        self._every = min(MOST_WAITING, max(1, round(rate_hz / LOOKS_HZ))) if rate_hz else 1
        self._waiting: list[tuple[Frame, Sequence[Box]]] = []
        self._moved = True  # in this scene; only of a camera that has not, frames are left out

    def step(self, picture: Frame, boxes: Sequence[Box] = ()) -> None:
        """Take in the next frame, (height, width, 3) uint8, and the boxes (x0, y0, x1, y1) of its people, px."""
        if not self._size[0]:
            self._size = size_of(picture)
        self._waiting.append((picture, boxes))
        if self._moved or len(self._waiting) == self._every:
            self._catch_up()

    def _catch_up(self) -> None:
        """Look at the newest of the frames that wait; at all of them if the camera does not stand still there."""
        *between, newest = self._waiting
        self._waiting = []
        if between and (unmoved := self._unmoved(*newest)):
            self._steps += [unmoved] * (len(between) + 1)
            return
        for picture, boxes in (*between, newest):
            self._take(*look(picture, boxes))
            newest_step = self._steps[-1]
            begins = newest_step.cut or len(self._steps) == 1
            self._moved = not begins and (self._moved or not self._is_where_it_began(newest_step))

    def _unmoved(self, picture: Frame, boxes: Sequence[Box]) -> Step | None:
        """Return the step to a frame if the camera has not moved from where the scene began, else None."""
        still, place = look(picture, boxes, roughly=True)
        anchor, k = self._anchor, self._lens.k
        found = find(anchor, still, self._motion.moved(anchor.corners, k) + self._pace, k)
        pace = found.motion.shift - self._motion.shift
        if found.share < DOUBTFUL_SHARE or likeness(self._last, still, pace) < SAME_SCENE:
            return None
        turn, shift = found.motion.back(place, k)
        step = Step(anchor.turn * turn, anchor.turn * shift + anchor.shift, found.share)
        if not self._is_where_it_began(step):
            return None
        self._motion, self._pace, self._last = found.motion, pace, still
        return step

    def _is_where_it_began(self, step: Step) -> bool:
        """Return whether the camera has surely not moved between the beginning of the scene and a step."""
        gone_px = self._gone_px(np.array([step.turn]), np.array([step.shift]))[0]
        return bool(step.quality >= DOUBTFUL_SHARE and not self._before_cut and gone_px < STILL_PX)

    def _gone_px(self, turn: Points, shift: Points) -> Floats:
        """Return how far the corner of the picture that moves most has gone at every step."""
        width, height = self._size
        scale = LONG_SIDE_PX / max(width, height)
        edge = scale * (np.array([1, 1, -1, -1]) * width + 1j * np.array([1, -1, 1, -1]) * height) / 2
        return np.asarray(np.abs((turn - 1)[:, None] * edge + shift[:, None]).max(axis=1))

    def _take(self, still: Still, place: complex) -> None:
        if not self._steps:
            self._lens = Lens()
            self._begin(still, Step(1 + 0j, 0j, 1.0))
        elif self._follow(still, place) or self._find_again(still, place):
            self._before_cut = None
        else:
            self._lose(still)
        self._last = still

    def finish(self) -> CameraMotion:
        """Return how the camera moved; a scene filmed from a tripod has exactly the identity in all its frames."""
        if self._waiting:
            self._catch_up()
        turn, shift, quality, cut = (np.array(column) for column in zip(*self._steps, strict=True))
        width, height = self._size
        scale = LONG_SIDE_PX / max(width, height)
        gone_px = self._gone_px(turn, shift)
        for scene in np.split(np.arange(len(turn)), np.flatnonzero(cut)):
            if len(scene) and np.quantile(gone_px[scene], 0.98) < STILL_PX:
                turn[scene], shift[scene] = 1, 0
        middle = complex(width - 1, height - 1) / 2
        shift = middle - turn * middle + shift / scale
        rows = [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]]
        return CameraMotion(to_first=np.moveaxis(np.array(rows), 2, 0), quality=quality, cut=cut)

    def _begin(self, still: Still, step: Step) -> None:
        """Follow from this frame on, whose place is known."""
        self._anchor = anchored(still, step)
        self._motion, self._pace = Motion(), 0j
        self._steps.append(step)

    def _follow(self, still: Still, place: complex) -> bool:
        """Find the anchor's corners in this frame; return False if too few can be found."""
        anchor, k = self._anchor, self._lens.k
        expected = self._motion.moved(anchor.corners, k)
        found = find(anchor, still, expected + self._pace, k)
        if found.share < DOUBTFUL_SHARE and abs(self._pace) > AGREE_PX:  # it may have been a car that moved
            found = max(found, find(anchor, still, expected, k), key=lambda f: f.share)
        pace = found.motion.shift - self._motion.shift
        if found.share < LOST_SHARE or likeness(self._last, still, pace) < SAME_SCENE:
            return False
        self._lens.learn(found)
        turn, shift = found.motion.back(place, k)
        step = Step(anchor.turn * turn, anchor.turn * shift + anchor.shift, found.share)
        self._steps.append(step)
        self._motion, self._pace = found.motion, pace
        if np.median(np.abs(found.w - found.z)) > REACH_PX or len(found.z) < 3 * FEWEST_CORNERS:
            self._anchor = anchored(still, step, found.w)
            self._motion = Motion()
        return True

    def _find_again(self, still: Still, place: complex) -> bool:
        """Follow from the frame before instead, and from the leap that makes the two pictures alike as a whole."""
        self._anchor = anchored(self._last, self._steps[-1])
        self._motion, self._pace = Motion(), leap(self._last, still)
        return self._follow(still, place)

    def _lose(self, still: Still) -> None:
        """Decide why the background is lost: it is hidden (so the camera stays), a light flashed, or a scene begins."""
        before = self._steps[-1]
        if likeness(self._last, still, 0j) >= SAME_SCENE:
            self._before_cut = None
            self._begin(still, before._replace(quality=0.0, cut=False))
        elif self._before_cut and likeness(self._before_cut[1], still, 0j) >= SAME_SCENE:
            kept = self._before_cut[0]._replace(quality=0.0, cut=False)
            self._before_cut = None
            self._steps[-1] = kept
            self._begin(still, kept)
        else:
            self._before_cut = (before, self._last)
            self._begin(still, Step(1 + 0j, 0j, 1.0, cut=True))


def anchored(still: Still, step: Step, known: Points | None = None) -> Anchor:
    """Return a frame whose place is known as an anchor; known corners are kept while they are many."""
    corners = corners_of(still, np.zeros(0, complex) if known is None else known)
    around = cv2.blur(cv2.absdiff(still.grey, cv2.blur(still.grey, FLOW_WINDOW)), FLOW_WINDOW)
    x, y = np.rint(pixels(still, corners)).astype(int).T
    return Anchor(still, corners, around[y, x].astype(float), step.turn, step.shift)


def corners_of(still: Still, known: Points) -> Points:
    """Return corners of the background to follow: those known already, and new ones if they have become few."""
    if len(known) > 0.5 * CORNERS:
        return known
    free = np.where(still.people, 0, 255).astype(np.uint8)
    free[:8], free[-8:], free[:, :8], free[:, -8:] = 0, 0, 0, 0
    apart = CORNER_DISTANCE_PX
    for x, y in pixels(still, known).astype(int).tolist():
        free[max(0, y - apart) : y + apart, max(0, x - apart) : x + apart] = 0
    found = cv2.goodFeaturesToTrack(still.grey, 4 * CORNERS, 0.005, CORNER_DISTANCE_PX, mask=free)
    if found is None:
        return known
    z = found[:, 0, 0] + 1j * found[:, 0, 1] - still.middle
    return np.concatenate([known, spread_out(z)[: CORNERS - len(known)]])


def spread_out(z: Points) -> Points:
    """Return the first of these corners, but few from any one cell of the picture."""
    cell = cell_of(z)
    order = np.argsort(cell, kind="stable")
    rank = np.empty(len(cell), int)
    rank[order] = np.arange(len(cell)) - np.searchsorted(cell[order], cell[order])
    return z[rank < CORNERS_PER_CELL]


def cell_of(z: Points) -> NDArray[np.intp]:
    """Return a number for the cell of the picture in which each point lies."""
    return (np.floor(z.real / CELL_PX) * 100 + np.floor(z.imag / CELL_PX)).astype(np.intp)


def pixels(still: Still, z: Points) -> Floats:
    """Return (n, 2) x and y of complex points."""
    return np.stack([z.real + still.middle.real, z.imag + still.middle.imag], 1)


def find(anchor: Anchor, still: Still, guess: Points, k: float) -> Found:
    """Look for the anchor's corners, each near its guess, and for the motion that explains most of them."""
    z, w = flow(anchor, still, guess)
    if len(z) < FEWEST_CORNERS:
        return Found(Motion(), z, w, 0.0)
    vote = votes(z)
    motion, agree = fit(z, w, vote, k)
    return Found(motion, z[agree], w[agree], float(vote[agree].sum()))


def votes(z: Points) -> Floats:
    """Return the weight of each corner, 1 in all: a cell of the picture has one vote, however many corners it has."""
    _, cell, many = np.unique(cell_of(z), return_inverse=True, return_counts=True)
    vote = 1 / many[cell]
    return np.asarray(vote / vote.sum())


def flow(anchor: Anchor, still: Still, guess: Points) -> tuple[Points, Points]:
    """Return where corners of the anchor were (z) and are now (w): those that look the same and are on no person."""
    if not len(guess):
        return guess, guess
    start, end = (np.ascontiguousarray(pixels(still, z)[:, None], np.float32) for z in (anchor.corners, guess))
    found, status, apart = cv2.calcOpticalFlowPyrLK(
        anchor.still.grey,
        still.grey,
        start,
        end,
        winSize=FLOW_WINDOW,
        maxLevel=FLOW_LEVELS - 1,
        criteria=(cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 20, 0.01),
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    good = np.flatnonzero(status[:, 0])  # the others have no number
    good = good[apart[good, 0] < UNLIKE * anchor.contrast[good]]
    x, y = np.rint(found[good, 0]).astype(int).T
    height, width = still.grey.shape
    clear = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    clear[clear] = ~still.people[y[clear], x[clear]]
    good = good[clear]
    return anchor.corners[good], found[good, 0, 0] + 1j * found[good, 0, 1].astype(float) - still.middle


def fit(z: Points, w: Points, vote: Floats, k: float) -> tuple[Motion, Flags]:
    """Return the motion that most corners follow, and which they are; that of a fixed camera, if enough agree with it.

    Pairs of corners propose (RANSAC, doi:10.1145/358669.358692); the best proposal is refined by reweighting.
    """
    middling = complex(np.median((w - z).real), np.median((w - z).imag))
    level, near_px = w * depth(middling, z, k), AGREE_PX + LEEWAY * abs(middling)
    agree = np.abs(w - z) < AGREE_PX
    if vote @ agree < STANDING_SHARE:
        one, other = np.random.default_rng(0).integers(len(z), size=(2, 80))  # the same clip, the same answer
        turn = ((level[other] - level[one]) / (z[other] - z[one] + (one == other)))[:, None]
        near = np.abs(level - level[one][:, None] - turn * (z - z[one][:, None])) < near_px
        fair = (np.abs(turn[:, 0] - 1) < 0.2) & (np.abs(z[other] - z[one]) > 3 * CORNER_DISTANCE_PX)
        agree = near[np.argmax((near @ vote) * fair)]
    motion, weight = Motion(), agree + 1e-6
    for _ in range(5):
        motion = Motion(*line(z, w * depth(motion.shift, z, k) - z, weight))
        missed = np.abs(w - motion.moved(z, k))
        weight = 1 / (1 + (2 * missed / near_px) ** 2) ** 2
    return motion, missed < near_px


def line(z: Points, v: Points, weight: Floats) -> tuple[complex, complex]:
    """Return offset and slope of v = offset + slope z by least squares; corners in a heap give a small slope."""
    total = weight.sum()
    z0, v0 = (weight @ z) / total, (weight @ v) / total
    slope = (weight * (z - z0).conj()) @ (v - v0) / (weight @ np.abs(z - z0) ** 2 + 100)
    return complex(v0 - slope * z0), complex(slope)
