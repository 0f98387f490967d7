"""Turn sightings frame by frame into people with an identity of their own.

Everyone is followed in a region of their own. A person is lost when the model no longer sees one there, when the body
in the region jumps or changes size as none can, or when two people are found to be drawn on one body. What was lost
and found again is joined at the end, by where it should have moved to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from midstance import skeleton
from midstance.machine import return_freed
from midstance.model import Floats, Ints, Person
from midstance.pose.backends import Region, Sighting
from midstance.pose.region_filter import SteadyRegion
from midstance.pose.sightings import Sightings

MOST_PEOPLE = 4  # followed at once; each costs a pass of the landmark network
JUMP = 0.2  # of the region's size between what was expected and what is seen: 0.5 m in a frame
GROWTH = 1.5  # ratio of sizes between frames
SAME_BODY = 0.06  # of the region's size between trunk points: about 15 cm
STRAY = 0.1  # of the region's size off the line of one's own motion: no more than a runner moves about
SAME_PLACE = 0.15  # of the region's size between the centres of a person followed and one found
MEMORY_FRAMES = 20
CARRY_FRAMES = 8
LEAST_S = 0.8  # seen for less than this, hardly two steps, or less surely than the next, it is nobody
LEAST_CONFIDENCE = 0.5  # median of the keypoints that lie in the picture; trunks of ghosts alone reach 1
PEOPLE_BY_FRAMES, FEWEST_KEPT = 250_000, 2
"""So many people times frames are kept, the largest and longest seen, and two in any case: 0.8 kB each, 200 MB in all.
Ten minutes at 60 a second have room for six, half an hour for two: of 60 who passed by, 5 GB would be kept."""
REJOIN_S = 2.0
REJOIN_PLACE = 0.35  # of the region's size, and as much again for each second out of sight
TRUNK = [skeleton.INDEX[f"{side}_{point}"] for side in skeleton.SIDES for point in ("shoulder", "hip")]


@dataclass(slots=True)
class Trail:
    """One person from being found to being lost: the frames and what was seen in them."""

    frames: list[int] = field(default_factory=list)
    sightings: Sightings = field(default_factory=Sightings)
    regions: deque[Region] = field(default_factory=lambda: deque(maxlen=1 + CARRY_FRAMES))  # the newest, kept steady
    steady: SteadyRegion | None = None

    def add(self, frame: int, sighting: Sighting, time_s: Floats) -> None:
        """Append what was seen in a frame."""
        if self.steady is None:
            self.steady = SteadyRegion(sighting.region)
            region = sighting.region
        else:
            region = self.steady(sighting.region, step_s=float(time_s[frame] - time_s[self.frames[-1]]))
        self.frames.append(frame)
        self.sightings.append(sighting)
        self.regions.append(region)

    def expected(self, frame: int) -> Region:
        """Return where to look in a frame: the last region, carried on by the motion before it.

        The newest sighting is some frames old, because several frames are looked at together.
        """
        last = self.regions[-1]
        if len(self.regions) <= CARRY_FRAMES:
            return last
        before = self.regions[-1 - CARRY_FRAMES]
        steps = (frame - self.frames[-1]) / (self.frames[-1] - self.frames[-1 - CARRY_FRAMES])
        return replace(
            last,
            x_px=last.x_px + (last.x_px - before.x_px) * steps,
            y_px=last.y_px + (last.y_px - before.y_px) * steps,
        )

    def distance_off_course(self, frame: int, region: Region) -> float:
        """Return how far a region is from where earlier motion leads, in sizes: large after a change of body."""
        frames, centres = np.array(self.frames[-MEMORY_FRAMES:]), self.sightings.regions(MEMORY_FRAMES)[:, :2]
        if len(frames) > MEMORY_FRAMES // 2:
            frames, centres = frames[: -MEMORY_FRAMES // 4], centres[: -MEMORY_FRAMES // 4]
        degree = 1 if len(frames) > 2 else 0
        line = np.polynomial.polynomial.polyfit(frames - frame, centres, degree)
        return float(np.hypot(*(line[0] - (region.x_px, region.y_px))) / region.size_px)

    def size_px(self) -> float:
        """Return the median size of the regions, px."""
        return float(np.median(self.sightings.regions()[:, 2]))

    def part(self, start: int, stop: int) -> Trail:
        """Return some of the frames and sightings, by their numbers in this trail."""
        return Trail(self.frames[start:stop], self.sightings.part(start, stop))

    def drop_last(self) -> None:
        """Forget the last frame."""
        self.frames.pop()
        self.sightings.drop_last()

    def join(self, later: Trail) -> None:
        """Add the frames of the same person later on."""
        self.frames += later.frames
        self.sightings.join(later.sightings)


class Crowd:
    """Everyone followed through a clip, frame after frame, in the order of the frames."""

    def __init__(self, time_s: Floats) -> None:
        self._time_s = time_s
        self._live: dict[int, Trail] = {}
        self.trails: list[Trail] = []

    def expected(self, frame: int) -> dict[int, Region]:
        """Return where to look for each person now followed."""
        return {name: trail.expected(frame) for name, trail in self._live.items()}

    def step(self, frame: int, seen: dict[int, Sighting | None], found: Sequence[Sighting]) -> list[Sighting]:
        """Take in what was seen of the people followed and who was found; return everyone in this frame."""
        here: dict[int, Sighting] = {}
        for followed in sorted(
            seen.keys() & self._live.keys()
        ):  # some may be lost since the model was given this frame
            sighting = seen[followed]
            if sighting is None or is_other_body(self._live[followed].expected(frame), sighting.region):
                del self._live[followed]
            else:
                here[followed] = sighting
        for double in self._doubles(frame, here):
            del self._live[double], here[double]
        for sighting in found:
            name = self._name_for(frame, sighting, here)
            if name is not None:
                here[name] = sighting
        for name, sighting in here.items():
            self._live[name].add(frame, sighting, self._time_s)
        return list(here.values())

    def _name_for(self, frame: int, sighting: Sighting, here: dict[int, Sighting]) -> int | None:
        """Return who was found: one of those followed but not yet seen in this frame, somebody new, or nobody new."""
        if any(same_body(sighting, other) for other in here.values()):
            return None
        for name, trail in self._live.items():
            if name not in here and same_place(trail.expected(frame), sighting.region):
                return name
        if len(self._live) >= MOST_PEOPLE:
            return None
        self.trails.append(Trail())
        self._live[len(self.trails) - 1] = self.trails[-1]
        return len(self.trails) - 1

    def _doubles(self, frame: int, here: dict[int, Sighting]) -> set[int]:
        """Return those to give up of any two on one body: whose own motion does not lead there, or else the newer."""
        lost: set[int] = set()
        names = list(here)
        for i, first in enumerate(names):
            for second in names[i + 1 :]:
                if {first, second} & lost or not same_body(here[first], here[second]):
                    continue
                distance_off_course = [
                    max(STRAY, self._live[name].distance_off_course(frame, here[name].region))
                    for name in (first, second)
                ]
                lost.add(first if distance_off_course[0] > distance_off_course[1] else second)
        return lost


def is_other_body(expected: Region, seen: Region) -> bool:
    """Return whether the body moved or grew between two frames as no body does."""
    jump = np.hypot(seen.x_px - expected.x_px, seen.y_px - expected.y_px) / expected.size_px
    growth = seen.size_px / expected.size_px
    return bool(jump > JUMP or not 1 / GROWTH < growth < GROWTH)


def same_body(one: Sighting, other: Sighting) -> bool:
    """Return whether two sightings of one frame lie on the same trunk."""
    apart = np.linalg.norm(one.xy[TRUNK] - other.xy[TRUNK], axis=1).mean()
    return bool(apart < SAME_BODY * max(one.region.size_px, other.region.size_px))


def same_place(one: Region, other: Region) -> bool:
    """Return whether a region found is that of a person already followed."""
    apart = np.hypot(one.x_px - other.x_px, one.y_px - other.y_px)
    return bool(apart < SAME_PLACE * max(one.size_px, other.size_px))


def people_of(
    trails: list[Trail], time_s: Floats, *, size: tuple[int, int], cuts: NDArray[np.bool_]
) -> tuple[Person, ...]:
    """Join trails into people, the largest and longest seen first; nobody is followed through a cut.

    trails  are used up: those of half an hour are large
    size    width and height of the picture
    cuts    (frame,) True where a new scene begins
    """
    people = _rejoined(trails, time_s, np.cumsum(cuts.astype(int)))
    step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    people = [person for person in people if len(person.frames) * step_s >= LEAST_S and is_sure_of_body(person, size)]
    people.sort(key=lambda person: -len(person.frames) * person.size_px())
    del people[max(FEWEST_KEPT, PEOPLE_BY_FRAMES // len(time_s)) :]
    people.reverse()
    found: list[Person] = []
    while people:
        found.append(as_person(people.pop(), len(time_s)))
        return_freed(len(time_s))
    return tuple(found)


def _rejoined(trails: list[Trail], time_s: Floats, scene: Ints) -> list[Trail]:
    """Join the trails of one scene whose end and beginning fit; the trails are used up."""
    parts = sorted((part for whole in trails for part in split(whole, scene)), key=lambda trail: trail.frames[0])
    trails.clear()
    people: list[Trail] = []
    for trail in parts:
        known = [(rejoin_distance(person, trail, time_s), person) for person in people]
        known = [
            (distance, person)
            for distance, person in known
            if distance < 1 and scene[person.frames[-1]] == scene[trail.frames[0]]
        ]
        if known:
            min(known, key=lambda pair: pair[0])[1].join(trail)
        else:
            people.append(trail)
    return people


def is_sure_of_body(trail: Trail, size: tuple[int, int]) -> bool:
    """Return whether the model was sure of the body, as far as that lies in the picture."""
    inside = [b.confidence[((b.xy >= 0) & (b.xy < size)).all(axis=-1)] for b in trail.sightings.blocks()]
    sure = np.concatenate(inside)
    return bool(len(sure) and np.median(sure) >= LEAST_CONFIDENCE)


def split(trail: Trail, scene: Ints) -> list[Trail]:
    """Cut a trail where the scene changes."""
    begins = np.flatnonzero(np.diff(scene[trail.frames], prepend=-1))
    return [trail.part(start, stop) for start, stop in pairwise([*begins.tolist(), len(trail.frames)])]


def rejoin_distance(before: Trail, after: Trail, time_s: Floats) -> float:
    """Return how far a new trail begins from where an older one leads: 1 is just too far, infinity never the same."""
    gap_s = float(time_s[after.frames[0]] - time_s[before.frames[-1]])
    growth = after.size_px() / before.size_px()
    if not 0 < gap_s <= REJOIN_S or not 1 / GROWTH < growth < GROWTH:
        return float("inf")
    region = after.sightings.first.region
    return before.distance_off_course(after.frames[0], region) / (REJOIN_PLACE * (1 + gap_s))


def as_person(trail: Trail, frames: int) -> Person:
    """Lay a trail out over all frames of the clip."""
    xy, confidence, peaks, depth = (
        trail.sightings.over_all(column, trail.frames, frames) for column in ("xy", "confidence", "peaks", "depth")
    )
    assert xy is not None  # every model has points,
    assert confidence is not None  # and says of each how sure it is
    return Person(xy=xy, confidence=np.nan_to_num(confidence.astype(float, copy=False)), peaks=peaks, depth=depth)
