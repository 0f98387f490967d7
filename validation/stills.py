"""Stills of real film read as photographs: the moment of the stride against the contacts of the film itself.

python -m validation.stills [--draw FOLDER]
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.analyze import analyze
from midstance.model import ClipPoses, Contact
from midstance.output.photo import draw_photo
from midstance.photo import Figure, Phase, read_photo
from midstance.pose.estimate import open_backend
from midstance.render.stills import save
from midstance.video.frames import pick_frames
from midstance.video.opening import open_clip
from validation.cases import SHARED, poses_of
from validation.photo import EDGE

STILLS = {"zzzhushi_male_side": 24, "sports2d_demo3": 8, "hato_a2": 8, "hato_b1": 8, "hato_b12": 8}
"""Clips of somebody who runs past, and how many frames of each are read, drawn at random from their contacts."""
NO_RUNNER = {"intel_car": 4, "p2s_single_cam01": 4, "sports2d_demo": 4, "sports2d_demo4": 4}
"""Clips in which nobody runs, or nobody is; all of them."""
DOUBT_S = 0.015
"""Half width of the interval of a contact at 30 frames a second: nearer to where a phase ends, either may be right."""
SAID = (0.0, 0.7, 0.9, 0.97, 1.0)
"""Bins of the confidence that is told."""


class Still(NamedTuple):
    """One still: who was found, which phases are right, and whether one alone is."""

    clip: str
    frame: int
    figures: tuple[Figure, ...]
    right: frozenset[Phase]


def stills() -> Iterator[Still]:
    """Read the stills of every clip that is here."""
    backend = open_backend("full", threads=1)
    for name, count in (STILLS | NO_RUNNER).items():
        path = SHARED / "clips" / "real" / f"{name}.mp4"
        if not path.exists():
            continue
        clip = open_clip(path)
        contacts: tuple[Contact, ...] = ()
        if name in STILLS:
            contacts = analyze(ClipPoses(clip=clip, poses=poses_of(clip, "full"))).contacts
        pool = np.arange(clip.frames)
        if contacts:
            pool = pool[(clip.time_s >= contacts[0].strike_s) & (clip.time_s < contacts[-1].toe_off_s)]
        dice = np.random.default_rng([zlib.crc32(name.encode()), 0])
        wanted = dice.choice(pool, min(count, len(pool)), replace=False)
        for frame, rgb in pick_frames(clip, wanted.tolist()).items():
            right = frozenset(_phase(contacts, float(clip.time_s[frame]) + off) for off in (-DOUBT_S, 0, DOUBT_S))
            yield Still(name, frame, read_photo(rgb, backend=backend), right if contacts else frozenset())


def _phase(contacts: tuple[Contact, ...], time_s: float) -> Phase:
    for contact in contacts:
        share = (time_s - contact.strike_s) / (contact.toe_off_s - contact.strike_s)
        if 0 <= share < 1:
            return "landing" if share < EDGE else "toe_off" if share >= 1 - EDGE else "midstance"
    return "flight"


def table(read: list[Still] | None = None) -> Iterator[str]:
    """One row a clip, then how often a phase told with so much confidence was right."""
    read = list(stills()) if read is None else read
    yield "| clip | stills | people listed | measured | both legs on one | phase right | alone right | right of these |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in dict.fromkeys(still.clip for still in read):
        yield _row(name, [still for still in read if still.clip == name])
    yield ""
    yield "| phase told with | stills | said on average % | right % |"
    yield "|---|---|---|---|"
    told = [(f.stance.phase_confidence, f.stance.phase in s.right) for s in read for f in _runners(s) if f.stance]
    for low, high in pairwise(SAID):
        some = np.array([pair for pair in told if low < pair[0] <= high], float).reshape(-1, 2)
        if len(some):
            said, right = 100 * some.mean(axis=0)
            yield f"| {100 * low:.0f} to {100 * high:.0f} % | {len(some)} | {said:.0f} | {right:.0f} |"


def _runners(still: Still) -> list[Figure]:
    return [figure for figure in still.figures if figure.stance and still.right]


def _row(name: str, some: list[Still]) -> str:
    listed = sum(len(still.figures) for still in some)
    measured = sum(figure.stance is not None for still in some for figure in still.figures)
    on_one = sum(f.why_not is not None and f.why_not.id == "photo_legs_on_one" for s in some for f in s.figures)
    told = [(f.stance.phase in s.right, len(s.right) == 1) for s in some for f in _runners(s) if f.stance]
    clear = [right for right, alone in told if alone]
    right = f"{sum(right for right, _ in told)} of {len(told)} | {len(clear)} | {sum(clear)}" if told else "| |"
    return f"| {name} | {len(some)} | {listed} | {measured} | {on_one} | {right} |"


def main() -> None:
    """Print both tables; with a folder, also draw every still there."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draw", type=Path, metavar="FOLDER")
    folder = asked.parse_args().draw
    read = list(stills())
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for still in read:
            clip = open_clip(SHARED / "clips" / "real" / f"{still.clip}.mp4")
            rgb = pick_frames(clip, [still.frame])[still.frame]
            save(draw_photo(rgb, still.figures), folder / f"{still.clip}_{still.frame:04d}.jpg")
    print("\n".join(table(read)))


if __name__ == "__main__":
    main()
