"""Contact sheets for the eye: the frames of a clip at strike, toe-off and where the legs cross, bare and drawn on.

    python -m validation.look CLIP... [--out FOLDER]

Each row of a sheet is one event of one leg: the frame before, at and after it, and the same frame with the skeleton
(near leg orange, far leg blue, dashed where filled in). Of a clip that is refused, evenly spaced frames with everybody
who was found, as the pose model drew them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.analyze import analyze
from midstance.errors import Refused
from midstance.kinematics.angles import angle_deg
from midstance.kinematics.curves import crossings
from midstance.model import Analysis, ClipPoses, Contact
from midstance.render import canvas
from midstance.render.overlays import posture
from midstance.render.stills import save
from midstance.render.viewport import follow_view, row_of
from midstance.skeleton import other
from midstance.text.shots import frame_at
from midstance.tracking.scene_lines import levels_of
from midstance.video.frames import pick_frames
from midstance.video.opening import open_clip
from validation.cases import ROOT, poses_of

OUT = ROOT / ".cache" / "look"
TILE = 300
"""Height of one picture, pixels."""
LEGS = 0.62
"""Lower share of the body that is shown of an event of a side view."""
MOST = 10
"""Events a sheet: of more, evenly spaced ones are shown, both legs alike."""
AROUND = (-1, 0, 1)
"""Frames around the event that are shown bare."""


class Moment(NamedTuple):
    """One event to look at: the frame nearest to it, and what is written beside it."""

    frame: int
    words: str


def moments(analysis: Analysis) -> dict[str, list[Moment]]:
    """Return the events of a side view by kind: strikes, toe-offs, and where the thighs pass each other."""
    track, near = analysis.track, analysis.track.near_side
    if near is None:
        return {}

    def moment(time_s: float, what: str) -> Moment:
        return Moment(frame_at(analysis.clip, time_s), f"{what} {time_s:.2f} s")

    def leg(contact: Contact) -> str:
        return "near" if contact.side == near else "far"

    apart = angle_deg(track, "thigh", near) - angle_deg(track, "thigh", other(near))
    passing = [float(t) for rising in (True, False) for t in crossings(track.time_s, apart, rising=rising)]
    return {
        "strike": [moment(c.strike_s, f"{leg(c)} strike") for c in analysis.contacts],
        "toe_off": [moment(c.toe_off_s, f"{leg(c)} toe-off") for c in analysis.contacts],
        "crossing": [moment(time_s, "crossing") for time_s in sorted(passing)],
    }


def sheets(path: Path) -> Iterator[tuple[str, canvas.Image]]:
    """Yield the sheets of a clip, each with its name."""
    clip = open_clip(path)
    poses = poses_of(clip, "full")
    found = ClipPoses(clip=clip, poses=poses, levels=levels_of(clip, poses))
    try:
        analysis = analyze(found)
    except Refused as refused:
        yield f"refused_{refused.reason}", _everyone(found)
        return
    events = moments(analysis)
    for name, some in events.items():
        if some:
            yield name, _sheet(analysis, _spread(some), part=LEGS)
    if not events:
        first, last = analysis.track.first_frame, analysis.track.first_frame + len(analysis.track.time_s) - 1
        even = np.linspace(first, last, MOST).astype(int).tolist()
        yield analysis.track.plane, _sheet(analysis, [Moment(frame, f"frame {frame}") for frame in even])


def _spread(some: Sequence[Moment]) -> list[Moment]:
    return [some[i] for i in np.unique(np.linspace(0, len(some) - 1, MOST).astype(int))]


def _sheet(analysis: Analysis, some: Sequence[Moment], *, part: float = 1.0) -> canvas.Image:
    """Lay out the events in two columns: of each the frames around it bare, then the event drawn."""
    view = follow_view(analysis.clip, analysis.track, height=round(TILE / part))
    top = round(TILE / part) - TILE
    frames = {int(np.clip(m.frame + k, 0, analysis.clip.frames - 1)) for m in some for k in AROUND}
    decoded = pick_frames(analysis.clip, frames)
    rows = []
    for moment in some:
        bare = []
        for k in AROUND:
            frame = int(np.clip(moment.frame + k, 0, analysis.clip.frames - 1))
            bare.append(np.ascontiguousarray(view.picture(decoded[frame], frame)).copy())
        drawn = bare[AROUND.index(0)].copy()
        track = analysis.track
        points = posture(view, track, moment.frame).points
        canvas.skeleton(drawn, points, track.seen[row_of(track, moment.frame)], near=track.near_side, width=2)
        row = np.ascontiguousarray(np.concatenate([*bare, drawn], axis=1)[top:])
        rows.append(canvas.text(row, (6, 12), moment.words, size=16, colour=canvas.MARK))
    if len(rows) % 2:
        rows.append(canvas.sheet(rows[0].shape[1], rows[0].shape[0]))
    half = len(rows) // 2
    return np.concatenate([np.concatenate(rows[:half]), np.concatenate(rows[half:])], axis=1)


def _everyone(found: ClipPoses) -> canvas.Image:
    """Lay out evenly spaced whole frames with everybody as drawn."""
    even = np.linspace(0, found.clip.frames - 1, MOST).astype(int).tolist()
    tiles = []
    for frame, image in pick_frames(found.clip, even, height=TILE).items():
        picture = np.ascontiguousarray(image).copy()
        zoom = picture.shape[0] / found.clip.height
        for person in found.poses.people:
            canvas.skeleton(picture, person.xy[frame] * zoom, person.confidence[frame], near=None, width=2)
        canvas.text(picture, (6, 12), f"{found.clip.time_s[frame]:.2f} s", size=16, colour=canvas.MARK)
        tiles.append(picture)
    half = len(tiles) // 2
    return np.concatenate([np.concatenate(tiles[:half], axis=1), np.concatenate(tiles[half:], axis=1)])


def main() -> None:
    """Write the sheets of each clip, and print where they are."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("clips", nargs="+", type=Path)
    asked.add_argument("--out", type=Path, default=OUT)
    wanted = asked.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    for clip in wanted.clips:
        for name, sheet in sheets(clip):
            to = wanted.out / f"{clip.stem}_{name}.png"
            save(sheet, to)
            print(to)


if __name__ == "__main__":
    main()
