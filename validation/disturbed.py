"""Disturb poses as real film does: zooms, pans, cuts, runners who come and go, what hides them, lost frames.

    python -m validation.disturbed [COUNT]

Judges so many variations of the demo clip (100 if not given), each by its own seed, and prints how each kind of outcome
came about. Whatever is done to a film, it must be measured or refused: anything else ends the command with an error.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.fixtures.clips import DEMO

from midstance.analyze import analyze
from midstance.errors import Refused
from midstance.formats.analysis_json import plain
from midstance.model import CameraMotion, Clip, ClipPoses, Floats, Ints, Person, Poses
from midstance.skeleton import MIRROR, SIDES, leg_indices
from midstance.video.opening import open_clip
from validation.cases import poses_of

Chance = np.random.Generator
Bools = NDArray[np.bool_]
Disturbance = Callable[[Poses, Chance], Poses]


def moved(poses: Poses, scale: Floats, shift: Floats, *, seen_by_camera: bool = True) -> Poses:
    """Scale the picture about its middle and shift it, frame by frame.

    scale  (frame,)
    shift  (frame, 2) pixels
    seen_by_camera  whether the background, too, moves so, as under a zoom, or the runner alone
    """
    middle = np.array([poses.width, poses.height]) / 2
    people = tuple(
        replace(
            person,
            xy=(person.xy - middle) * scale[:, None, None] + middle + shift[:, None],
            peaks=None if person.peaks is None else _peaks(person.peaks, scale, shift, middle),
            depth=None if person.depth is None else person.depth * scale[:, None],
        )
        for person in poses.people
    )
    if not seen_by_camera:
        return replace(poses, people=people)
    to_first = poses.camera.to_first.copy()
    to_first[:, :, :2] /= scale[:, None, None]
    back = middle - (middle + shift) / scale[:, None]
    to_first[:, :, 2] += np.einsum("nij,nj->ni", poses.camera.to_first[:, :, :2], back)
    return replace(poses, people=people, camera=replace(poses.camera, to_first=to_first))


def _peaks(peaks: Floats, scale: Floats, shift: Floats, middle: Floats) -> Floats:
    places = (peaks[..., :2] - middle) * scale[:, None, None, None] + middle + shift[:, None, None]
    return np.concatenate([places, peaks[..., 2:]], axis=-1)


def only(poses: Poses, frames: Ints) -> Poses:
    """Keep these frames (indices), as a film that lacks the others."""
    people = tuple(
        Person(
            xy=p.xy[frames],
            confidence=p.confidence[frames],
            peaks=None if p.peaks is None else p.peaks[frames],
            depth=None if p.depth is None else p.depth[frames],
        )
        for p in poses.people
    )
    camera = poses.camera
    return replace(
        poses,
        time_s=poses.time_s[frames],
        people=people,
        camera=CameraMotion(to_first=camera.to_first[frames], quality=camera.quality[frames], cut=camera.cut[frames]),
    )


def hidden(poses: Poses, frames: Bools, points: list[int] | slice = slice(None)) -> Poses:
    """Hide some points, or everything, in some frames."""
    people = []
    for person in poses.people:
        xy, confidence = person.xy.copy(), person.confidence.copy()
        xy[np.ix_(np.flatnonzero(frames), np.arange(xy.shape[1])[points])] = np.nan
        confidence[np.ix_(np.flatnonzero(frames), np.arange(xy.shape[1])[points])] = 0.0
        people.append(replace(person, xy=xy, confidence=confidence))
    return replace(poses, people=tuple(people))


# -- what happens to a film ------------------------------------------------------------------------------------------


def zooms(poses: Poses, chance: Chance) -> Poses:
    """The camera zooms in or out from a moment on, until the body may leave the picture."""
    frames = np.arange(len(poses.time_s))
    start, rate = chance.integers(0, len(frames)), chance.uniform(-0.012, 0.02)
    scale = np.clip(1 + rate * np.clip(frames - start, 0, None), 0.15, 4.0)
    return moved(poses, scale, np.zeros((len(frames), 2)))


def tilts(poses: Poses, chance: Chance) -> Poses:
    """The camera turns up, down or aside, until the body may leave the picture."""
    frames = np.arange(len(poses.time_s))
    start, rate = chance.integers(0, len(frames)), chance.uniform(-6, 6, 2)
    return moved(poses, np.ones(len(frames)), np.clip(frames - start, 0, None)[:, None] * rate)


def passes(poses: Poses, chance: Chance) -> Poses:
    """The runner comes in on one side of a fixed picture and may go out at the other."""
    time_s = poses.time_s - poses.time_s[0]
    shift = chance.uniform(-1.5, 0.5) * poses.width + chance.uniform(-0.8, 0.8) * poses.width * time_s
    still = np.ones(len(time_s))
    return moved(poses, still, np.stack([shift, np.zeros(len(time_s))], -1), seen_by_camera=False)


def turns(poses: Poses, chance: Chance) -> Poses:
    """The camera is held at a slant, by up to 100 degrees."""
    angle = np.radians(chance.uniform(-100, 100))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([poses.width, poses.height]) / 2
    people = tuple(replace(p, xy=(p.xy - middle) @ turn.T + middle, peaks=None) for p in poses.people)
    return replace(poses, people=people)


def is_cut(poses: Poses, chance: Chance) -> Poses:
    """The film is cut at one to four moments; after a cut the picture may be mirrored or another size."""
    cut = poses.camera.cut.copy()
    places = np.sort(chance.integers(1, len(cut), chance.integers(1, 5)))
    cut[places] = True
    people = []
    for person in poses.people:
        xy = person.xy.copy()
        for place in places:
            if chance.random() < 0.5:
                xy[place:] = xy[place:, MIRROR] * [-1, 1] + [poses.width, 0]
            else:
                xy[place:] = xy[place:] * chance.uniform(0.4, 1.3)
        people.append(replace(person, xy=xy, peaks=None))
    return replace(poses, people=tuple(people), camera=replace(poses.camera, cut=cut))


def comes_and_goes(poses: Poses, chance: Chance) -> Poses:
    """Nobody is found before one moment and after another."""
    first, last = np.sort(chance.integers(0, len(poses.time_s), 2))
    frames = np.arange(len(poses.time_s))
    return hidden(poses, (frames < first) | (frames > last))


def is_lost(poses: Poses, chance: Chance) -> Poses:
    """The runner is not found for a few spells of up to a second and a half."""
    return hidden(poses, _spells(poses, chance, longest_s=1.5))


def is_covered(poses: Poses, chance: Chance) -> Poses:
    """Part of the body is not seen for a spell, or is drawn anywhere."""
    points = chance.choice(19, chance.integers(1, 19), replace=False).tolist()
    spells = _spells(poses, chance, longest_s=2.5)
    if chance.random() < 0.5:
        return hidden(poses, spells, points)
    people = []
    for person in poses.people:
        xy = person.xy.copy()
        there = np.ix_(np.flatnonzero(spells), points)
        xy[there] += chance.normal(0, chance.uniform(5, 200), xy[there].shape)
        people.append(replace(person, xy=xy))
    return replace(poses, people=tuple(people))


def stands_first(poses: Poses, chance: Chance) -> Poses:
    """The runner freezes for a while, as before a start or after a stop."""
    frames = np.arange(len(poses.time_s))
    first, last = np.sort(chance.integers(0, len(frames), 2))
    shown = only(poses, np.clip(frames, first, last))
    return replace(shown, time_s=poses.time_s, camera=poses.camera)


def drops_frames(poses: Poses, chance: Chance) -> Poses:
    """Frames are lost, single ones or in spells."""
    kept = chance.random(len(poses.time_s)) > chance.uniform(0, 0.6)
    kept &= ~_spells(poses, chance, longest_s=0.6)
    kept[:2] = True
    return only(poses, np.flatnonzero(kept))


def is_short(poses: Poses, chance: Chance) -> Poses:
    """The film begins late and ends early."""
    first, last = np.sort(chance.integers(0, len(poses.time_s), 2))
    return only(poses, np.arange(first, max(last, first + 2)).clip(max=len(poses.time_s) - 1))


def plays_wrong(poses: Poses, chance: Chance) -> Poses:
    """The film plays too fast or too slow."""
    return replace(poses, time_s=poses.time_s * chance.choice([0.25, 0.5, 0.67, 1.5, 4, 8]))


def is_mislabelled(poses: Poses, chance: Chance) -> Poses:
    """Left and right legs are named the wrong way round for spells."""
    wrong = np.flatnonzero(_spells(poses, chance, longest_s=1.0))
    legs = np.array([i for side in SIDES for i in leg_indices(side)])
    people = []
    for person in poses.people:
        xy = person.xy.copy()
        xy[np.ix_(wrong, legs)] = person.xy[np.ix_(wrong, np.array(MIRROR)[legs])]
        people.append(replace(person, xy=xy))
    return replace(poses, people=tuple(people))


def has_company(poses: Poses, chance: Chance) -> Poses:
    """Another runner, larger or smaller, is in the picture for part of the time."""
    one = poses.people[0]
    xy = one.xy * chance.uniform(0.3, 1.5) + chance.uniform(-300, 300, 2)
    second = Person(xy=xy, confidence=one.confidence)
    both = replace(poses, people=(second,))
    return replace(poses, people=(*poses.people, comes_and_goes(both, chance).people[0]))


def _spells(poses: Poses, chance: Chance, *, longest_s: float) -> Bools:
    """Choose one to four spells of time; (frame,) True inside them."""
    time_s = poses.time_s
    chosen = np.zeros(len(time_s), bool)
    for _ in range(chance.integers(1, 5)):
        start_s = chance.uniform(time_s[0], time_s[-1])
        chosen |= (time_s >= start_s) & (time_s <= start_s + chance.uniform(0, longest_s))
    return chosen


EVERY: tuple[Disturbance, ...] = (
    zooms, tilts, passes, turns, is_cut, comes_and_goes, is_lost, is_covered, stands_first, drops_frames, is_short,
    plays_wrong, is_mislabelled, has_company,
)  # fmt: skip


def disturbed(poses: Poses, seed: int, *, most: int = 3) -> tuple[Poses, str]:
    """Disturb poses in one to `most` ways, chosen by the seed; return them and what was done, in words."""
    chance = np.random.default_rng(seed)
    chosen = chance.choice(len(EVERY), chance.integers(1, most + 1), replace=False)
    for k in chosen:
        poses = EVERY[k](poses, chance)
    return poses, ", ".join(EVERY[k].__name__ for k in chosen)


# -- what becomes of it ----------------------------------------------------------------------------------------------


def outcome(poses: Poses, *, height_m: float | None) -> str:
    """Judge poses to the end and return "measured" or the reason of the refusal. Raises whatever else happens."""
    clip = Clip(
        path=Path("film.mp4"),
        sha256="",
        width=poses.width,
        height=poses.height,
        time_s=poses.time_s,
        rate_hz=1 / float(np.median(np.diff(poses.time_s))),
        variable_rate=False,
        rotation_deg=0,
    )
    try:
        analysis = analyze(ClipPoses(clip=clip, poses=poses), height_m=height_m)
    except Refused as refused:
        return refused.reason
    json.dumps(plain(analysis), allow_nan=False)
    return "measured"


def main() -> None:
    """Print how the variations of the demo clip ended."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    whole = poses_of(open_clip(DEMO), "full")
    ends, wrong = Counter[str](), 0
    for seed in range(count):
        poses, done = disturbed(whole, seed)
        try:
            ends[outcome(poses, height_m=1.66 if seed % 2 else None)] += 1
        except Exception:  # noqa: BLE001  (every kind is to be seen, not only the first)
            wrong += 1
            print(f"seed {seed} ({done}):\n{traceback.format_exc()}")
    for end, times in ends.most_common():
        print(f"{times:4} {end}")
    if wrong:
        sys.exit(f"{wrong} of {count} variations were neither measured nor refused")


if __name__ == "__main__":
    main()
