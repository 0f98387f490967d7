"""Live beside offline: the same film watched strides by strides, and analysed as a whole.

    python -m validation.live             every picture is looked at, however long it takes: the same rows every time
    python -m validation.live --pace      at its own pace, as a camera would: what is dropped, and how old pictures are
    python -m validation.live --cost      processor time a picture, every picture looked at: nearly the same under load

Live, the seconds that were just measured; offline, the same seconds of the analysis of the whole film, made with the
same pose model. What differs is what live leaves out: the strides before and after, and every third picture of the
background.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from midstance.analyze import analyze
from midstance.live.focus import Focus
from midstance.live.outcome import Session, Wanted
from midstance.live.session import watch
from midstance.live.source import open_source
from midstance.model import Analysis, ClipPoses, Measure
from midstance.options import Options
from midstance.text.live import session_lines
from midstance.tracking.scene_lines import levels_of
from midstance.video.opening import open_clip
from validation.cases import SHARED, poses_of

FOCUS = "foot_ahead_of_hip_at_strike_leg"
COST_S = 5.0
"""Seconds of film."""
COMPARED = ("cadence_spm", "contact_time_ms", FOCUS)


def films() -> list[Path]:
    """Real and rendered films of a runner who stays in the picture long enough."""
    real = SHARED / "clips" / "real" / "zzzhushi_male_side.mp4"
    return [real, *sorted((SHARED / "clips" / "digital").glob("*.mp4"))]


def watched(path: Path, *, own_pace: bool = False) -> Session:
    """Watch a film, with the focus of an overstriding runner."""
    wanted = Wanted(options=Options(), focus=Focus(measure=FOCUS), every=not own_pace)
    return watch(open_source(str(path), own_pace=own_pace), wanted)


def table() -> Iterator[str]:
    """One row for each film and measure: how far live is from offline, on the same seconds."""
    yield "| film | measure | readings | live less offline: mean | largest | its interval live |"
    yield "|---|---|---|---|---|---|"
    for path in films():
        whole, session = _whole(path), watched(path)
        for name in COMPARED:
            pairs = list(_pairs(session, whole, name))
            if not pairs:
                yield f"| {path.stem} | {name} | 0 | | | |"
                continue
            apart = np.array([live.value - offline for live, offline in pairs])
            interval = np.mean([live.uncertainty for live, _ in pairs])
            yield (
                f"| {path.stem} | {name} | {len(pairs)} | {np.mean(apart):+.3g} | {np.abs(apart).max():.3g} "
                f"| ± {interval:.2g} {pairs[0][0].unit} |"
            )


def _whole(path: Path) -> Analysis:
    """Return the analysis of the whole film."""
    clip = open_clip(path, slow_motion=1.0)
    poses = poses_of(clip, "full")
    return analyze(ClipPoses(clip=clip, poses=poses, levels=levels_of(clip, poses)))


def _pairs(session: Session, whole: Analysis, name: str) -> Iterator[tuple[Measure, float]]:
    """Pair every live reading with the mean of the offline strides of the same seconds."""
    for reading in session.readings:
        start_s, end_s = reading.seconds
        for live in (m for m in reading.measures if m.id == name):
            offline = [m for m in whole.measures if (m.id, m.side) == (name, live.side)]
            values = [s.value for m in offline for s in m.samples if start_s <= s.time_s <= end_s]
            if values:
                yield live, float(np.mean(values))


def pace() -> Iterator[str]:
    """One line or two for each film: how fast it went at its own pace."""
    for path in films():
        session = watched(path, own_pace=True)
        yield f"{path.stem}"
        yield from (f"  {line}" for line in session_lines(session.pace, unsaved=0))


def cost() -> Iterator[str]:
    """One line for each way to watch: the processor time of a picture, of all threads and processes."""
    path, wanted = films()[0], Wanted(options=Options(), focus=Focus(measure="cadence_spm"), every=True, seconds=COST_S)
    with tempfile.TemporaryDirectory() as folder:
        saved, drawn = Path(folder) / "saved.mp4", Path(folder) / "drawn.mp4"
        ways = {
            "no window": wanted,
            "film saved": replace(wanted, saved_to=saved),
            "film saved, and what is shown": replace(wanted, saved_to=saved, drawn_to=drawn),
        }
        for name, way in ways.items():
            session = watch(open_source(str(path), own_pace=False), way)
            yield f"{name}: {1000 * session.cpu_s / session.looked:.1f} ms a picture, {session.looked} pictures"


if __name__ == "__main__":
    for row in pace() if "--pace" in sys.argv else cost() if "--cost" in sys.argv else table():
        print(row, flush=True)
