"""Say where each person of a clip can be seen, so that their numbers can be shown."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

import numpy as np

from midstance.model import Floats, PersonSeen, Poses
from midstance.reasons import Reason

ROOM = 0.08
"""A box is wider and higher than the points in it by this share of its height: hair and shoes have none."""


def people_named(notes: Iterable[Reason], poses: Poses) -> tuple[PersonSeen, ...]:
    """Return everyone whom a note counts up ("Person 1 was measured of 1 (runs), 2 (stands)"); empty if none does.

    They are shown in as few frames as can be.
    """
    named = [value for note in notes for name, value in note.values if name == "people"]
    numbers = [int(each["number"]) for people in named for each in people if isinstance(each, Reason)]
    return tuple(_seen(poses, sorted(set(numbers)))) if numbers else ()


def everyone(poses: Poses) -> tuple[PersonSeen, ...]:
    """Return everyone who is drawn in the clip, in as few frames as can be."""
    return tuple(_seen(poses, range(1, len(poses.people) + 1)))


def _seen(poses: Poses, numbers: Iterable[int]) -> Iterator[PersonSeen]:
    boxes = {number: _boxes(poses.people[number - 1].xy) for number in numbers if number <= len(poses.people)}
    left = {number for number, box in boxes.items() if np.isfinite(box).any()}
    while left:
        # the frame with most of those left; of several, the one that shows them largest
        tall = {number: np.nan_to_num(boxes[number][:, 3] - boxes[number][:, 1]) for number in left}
        score = sum((t > 0).astype(float) + t / (1 + t.max()) / (len(left) + 1) for t in tall.values())
        frame = int(np.argmax(score))
        here = sorted(number for number in left if tall[number][frame] > 0)
        for number in here:
            box = boxes[number][frame]
            yield PersonSeen(number=number, frame=frame, box_px=tuple(round(float(v)) for v in box))
        left -= set(here)


def _boxes(xy: Floats) -> Floats:
    """Return (frame, 4) left, top, right and bottom of the points of a person, pixels; NaN where nobody is drawn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a frame without a point has no box
        low, high = np.nanmin(xy, axis=1), np.nanmax(xy, axis=1)
    room = ROOM * (high[:, 1:] - low[:, 1:])
    return np.concatenate([low - room, high + room], axis=1)
