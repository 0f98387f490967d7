"""Judge a take anew from the points that are kept: in about a second, without its film."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from midstance.analyze import Follow, judge
from midstance.comparison.model import StoredTake
from midstance.errors import InputError
from midstance.formats import poses_npz
from midstance.model import Analysis, Clip, ClipPoses, Poses
from midstance.options import Options
from midstance.remembered import Remembered
from midstance.store.ingest import options_for
from midstance.store.jobs import Jobs
from midstance.tracking.scenes import Scene, follow_scenes
from midstance.web.refusals import RefusedRequest
from midstance.web.state import State

REMEMBERED = 3
"""Takes whose points stay in memory, runners who were followed in them, and analyses."""


class Judge:
    """Judges takes from their kept points, one at a time, and remembers the last."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._found: Remembered[str, ClipPoses] = Remembered(REMEMBERED)
        self._followed: Remembered[str, tuple[Scene, ...]] = Remembered(REMEMBERED)
        self._judged: Remembered[tuple[str, str], Analysis] = Remembered(REMEMBERED)

    def judge(self, take: StoredTake) -> Analysis:
        """Return the analysis of a take as it is known now. Raises Refused, RefusedRequest without points."""
        options = options_for(self._state.store, take, Options(rules=self._state.settings.rules))
        key = _key(take)

        def judge_now() -> Analysis:
            return judge(self._points(take, key), options, follow=self._following(key, options))

        with self._lock:
            return self._judged.get((key, repr(options)), judge_now)

    def _following(self, key: str, options: Options) -> Follow:
        """Return follow_scenes, remembering whom it found: most of what is put right changes nothing of that."""
        cut = options.corrections.cut_s if options.corrections else None

        def follow(clip: Clip, poses: Poses, **wanted: Any) -> tuple[Scene, ...]:
            known = repr((key, clip.slow_motion_factor, cut, wanted["person"], wanted["number"]))
            return self._followed.get(known, lambda: follow_scenes(clip, poses, **wanted))

        return follow

    def points(self, take: StoredTake) -> ClipPoses:
        """Return everyone found in the film of a take. Raises RefusedRequest without points."""
        with self._lock:
            return self._points(take, _key(take))

    def _points(self, take: StoredTake, key: str) -> ClipPoses:
        if not key:
            raise RefusedRequest(409, "The points of this take were not kept. Analyse it again, once.")

        def read() -> ClipPoses:
            try:
                with self._state.store.shelf.local(key) as path:
                    return poses_npz.read(path, Path(take.clip.name))
            except InputError:
                raise RefusedRequest(409, "The points of this take cannot be read. Analyse it again, once.") from None

        return self._found.get(key, read)


def _key(take: StoredTake) -> str:
    kept = take.file("poses")
    return kept.key if kept else ""


_JUDGES: WeakKeyDictionary[Jobs, Judge] = WeakKeyDictionary()


def judge_of(state: State) -> Judge:
    """Return the judge of a server: each has one, for whoever asks."""
    whole = state.whole or state
    return _JUDGES.setdefault(whole.jobs, Judge(whole))
