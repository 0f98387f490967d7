"""A film on its way into the store: kept first, then analysed, so that nothing is lost if the analysis is cut short."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import av
import cv2

from midstance import __version__, serial
from midstance.analyse import Options, judge
from midstance.errors import Refused, UsageError
from midstance.model import Clip
from midstance.progress import Athlete, StoredTake
from midstance.store import Store
from midstance.video import open_clip, pick_frames

Progress = Callable[[int, int], None]

THUMBNAIL_HEIGHT = 240
"""Pixels."""


def filmed_at(film: Path) -> datetime | None:
    """When the camera says that the film was made; None if it does not say."""
    if film.is_dir():
        raise UsageError(f"{film} is a folder. A take is one film: make one of the pictures first.")
    try:
        with av.open(str(film)) as container:
            stamp = container.metadata.get("creation_time")
        return datetime.fromisoformat(stamp) if stamp else None
    except (av.FFmpegError, ValueError):
        return None


def analyse_take(
    store: Store, athlete: Athlete, take: StoredTake, *, model: str = "full", progress: Progress | None = None
) -> dict[str, Any]:
    """Analyse a take of the store and keep the result beside its older ones; the analysis.json, also of a refusal."""
    known = take.known
    options = Options(
        height_m=athlete.height_m,
        mass_kg=athlete.mass_kg,
        speed_mps=known.speed_mps,
        slow_motion=known.slow_motion,
        model=model,
    )
    with store.shelf.local(take.clip.key) as film:
        clip = open_clip(film, slow_motion=known.slow_motion)
        shown = clip.frames // 2
        try:
            analysis = judge(clip, options, progress=progress)
            content = serial.plain(analysis)
            strikes = [c.strike_frame for c in analysis.contacts if c.side == analysis.view.near_side]
            shown = strikes[len(strikes) // 2] if strikes else shown
        except Refused as refused:
            content = serial.plain_refusal(__version__, clip, refused)
        content["clip"]["path"] = take.clip.name
        store.add_analysis(take, content)
        _keep_thumbnail(store, take, clip, shown)
    return content


def _keep_thumbnail(store: Store, take: StoredTake, clip: Clip, frame: int) -> None:
    image = pick_frames(clip, [frame], height=THUMBNAIL_HEIGHT)[frame]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thumbnail.jpg"
        path.write_bytes(cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes())
        store.add_file(store.take(take.id), "thumbnail", path)
