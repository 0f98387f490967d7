"""Cut a long clip into pieces that are looked at beside each other, and join what was seen in them.

The look at a piece begins a little before it, so that whoever is there is followed already, and ends one frame after
it: there both neighbours have seen the same frame, and know each other's people and the way of the camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from midstance.model import CameraMotion, Floats
from midstance.pose.people import Trail, same_body

PIECE_S = 120.0
"""Least length of a piece, seconds of the film; shorter clips are one piece."""
WARM_UP_S = 1.0
"""How long before a piece the look at it begins: people are searched for every 0.3 s, and the square in which each is
looked for comes to rest within half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some frames of a clip.

    first   where the look begins
    start   first frame of the piece
    stop    the frame after its last
    end     the frame after the last that is looked at
    """

    first: int
    start: int
    stop: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen in a piece: its people, and the camera from `piece.start` to `piece.end`."""

    piece: Piece
    trails: Sequence[Trail]
    motion: CameraMotion


def pieces_of(time_s: Floats, piece_s: float = PIECE_S) -> tuple[Piece, ...]:
    """Cut a clip into pieces of the same length; the same ones on every machine.

    time_s  (frame,) when its frames are shown
    """
    many = max(1, int((time_s[-1] - time_s[0]) / piece_s))
    starts = np.searchsorted(time_s, np.linspace(time_s[0], time_s[-1], many + 1)[:-1]).tolist()
    return tuple(
        Piece(
            first=int(np.searchsorted(time_s, time_s[start] - WARM_UP_S)),
            start=start,
            stop=stop,
            end=min(stop + 1, len(time_s)),
        )
        for start, stop in pairwise([*starts, len(time_s)])
    )


def joined(looks: Sequence[Look]) -> tuple[list[Trail], CameraMotion]:
    """Join what was seen in all pieces, in their order; their trails go on in those that are returned."""
    trails = list(looks[0].trails)
    for before, after in pairwise(looks):
        trails = _with_later(trails, after.trails, before.piece.stop)
    return trails, _one_motion([look.motion for look in looks])


def _with_later(earlier: Sequence[Trail], later: Sequence[Trail], frame: int) -> list[Trail]:
    """Join trails up to a frame with those from it on: who is seen on the same body in that frame is the same."""
    held = {id(trail): trail for trail in earlier if trail.frames[-1] == frame}
    found = [trail for trail in earlier if id(trail) not in held]
    for trail in later:
        at = int(np.searchsorted(trail.frames, frame))
        if at == len(trail.frames):  # lost while the look warmed up
            continue
        rest = trail.part(at, len(trail.frames))
        same = [one for one in held.values() if rest.frames[0] == frame and _same(one, rest)]
        if same:
            one = held.pop(id(same[0]))
            one.drop_last()
            one.join(rest)
            found.append(one)
        else:
            found.append(rest)
    return found + list(held.values())


def _same(before: Trail, after: Trail) -> bool:
    return same_body(before.sightings.last, after.sightings.first)


def _one_motion(motions: Sequence[CameraMotion]) -> CameraMotion:
    """Lead the camera of each piece back to the first frame of its scene, by way of the frame two pieces share."""
    to_first, quality, cut = ([getattr(motions[0], part)] for part in ("to_first", "quality", "cut"))
    for motion in motions[1:]:
        way, begins = to_first[-1][-1], bool(cut[-1][-1])
        until = int(np.argmax(motion.cut)) if motion.cut.any() else len(motion.cut)
        led: Floats = motion.to_first.copy()
        led[:until] = _after(way, led[:until])
        here: NDArray[np.bool_] = motion.cut.copy()
        here[0] = begins
        for columns, values in ((to_first, led), (quality, motion.quality), (cut, here)):
            columns[-1] = columns[-1][:-1]
            columns.append(values)
    return CameraMotion(to_first=np.concatenate(to_first), quality=np.concatenate(quality), cut=np.concatenate(cut))


def _after(way: Floats, steps: Floats) -> Floats:
    """Return (frame, 2, 3) similarities that go on by another one, (2, 3)."""
    turned = way[:, :2] @ steps
    turned[..., 2] += way[:, 2]
    return np.asarray(turned)
