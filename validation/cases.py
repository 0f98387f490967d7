"""Rendered clips with exact truth: each film is looked at once, its poses kept on disk for the next run."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from midstance.model import CameraMotion, Clip, Level, Person, PoseModel, Poses, Track, View
from midstance.pose.estimate import estimate_poses
from midstance.tracking.scene_lines import levels_of
from midstance.tracking.scenes import follow_scenes
from midstance.video.opening import open_clip

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("MIDSTANCE_SHARED", ROOT.parent / "shared"))
KEPT = ROOT / ".cache" / "poses"
RENDERED = Path(os.environ.get("MIDSTANCE_RENDERED", ROOT / ".cache" / "rendered"))
"""Where `python -m validation.render` leaves its films."""
PERSON = "person_"
"""How the names of films of generated persons begin."""


@dataclass(frozen=True)
class Case:
    """One rendered film and its truth file."""

    name: str
    film: Path
    model: str = "full"

    @cached_property
    def truth(self) -> dict[str, Any]:
        return dict(json.loads(self.film.with_suffix(".json").read_text()))

    @property
    def stated_strike_is_right(self) -> bool:
        """Whether the truth's moment of contact fits the legs' movement: norms 2 of the digital runner touch early."""
        return int(self.truth["people"][0].get("norms", 1)) == 1

    @cached_property
    def clip(self) -> Clip:
        return open_clip(self.film)

    @cached_property
    def poses(self) -> Poses:
        return poses_of(self.clip, self.model)

    @cached_property
    def track(self) -> Track:
        return self._squared[0]

    @cached_property
    def view(self) -> View:
        return self._squared[1]

    @cached_property
    def _squared(self) -> tuple[Track, View]:
        return follow_scenes(self.clip, self.poses, levels=self.levels)[0].followed

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        return levels_of(self.clip, self.poses)


def cases(*folders: Path) -> list[Case]:
    """Every film with a truth file beside it, in the folders given; without any, in the shared digital clips."""
    folders = folders or (SHARED / "clips" / "digital",)
    films = [film for folder in folders for film in sorted(folder.glob("*.mp4"))]
    return [Case(film.stem, film) for film in films if film.with_suffix(".json").exists()]


def rendered() -> list[Case]:
    """Return the films of validation/render.py but for the generated persons, which are in no fit."""
    return [case for case in cases(RENDERED) if not case.name.startswith(PERSON)] if RENDERED.is_dir() else []


def poses_of(clip: Clip, model: str) -> Poses:
    """Poses from disk if this clip was seen before by this code, else looked for now."""
    kept = KEPT / f"{clip.sha256[:16]}-{model}-{_code()}.pkl"
    if kept.exists():
        known: Poses = pickle.loads(kept.read_bytes())  # noqa: S301  (written by the lines below)
        return known
    poses = estimate_poses(clip, model=model)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(poses))
    return poses


def _code() -> str:
    """A word that changes when the code that makes poses does."""
    source = ROOT / "src" / "midstance"
    files = [path for folder in ("video", "pose") for path in sorted((source / folder).rglob("*.py"))]
    nouns = [field.name for noun in (Poses, Person, CameraMotion, PoseModel) for field in fields(noun)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files) + repr(nouns).encode()).hexdigest()[:8]
