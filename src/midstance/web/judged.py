"""Judge a take anew from the points that are kept: in about a second, without its film."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from midstance.analyze import Follow, judge
from midstance.comparison.model import StoredTake
from midstance.errors import InputError
from midstance.formats import poses_npz
from midstance.model import Analysis, Clip, ClipPoses, Poses
from midstance.options import Options
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
        self._found: OrderedDict[str, ClipPoses] = OrderedDict()
        self._followed: OrderedDict[str, tuple[Scene, ...]] = OrderedDict()
        self._judged: OrderedDict[tuple[str, str], Analysis] = OrderedDict()

    def judge(self, take: StoredTake) -> Analysis:
        """Return the analysis of a take as it is known now. Raises Refused, RefusedRequest without points."""
        options = options_for(self._state.store, take, Options(rules=self._state.settings.rules))
        key = next((file.key for file in take.files if file.kind == "poses"), "")
        with self._lock:
            known = self._judged.get((key, repr(options)))
            if known is None:
                known = judge(self._points(take, key), options, follow=self._following(key, options))
                _remember(self._judged, (key, repr(options)), known, REMEMBERED)
        return known

    def _following(self, key: str, options: Options) -> Follow:
        """Return follow_scenes, remembering whom it found: most of what is put right changes nothing of that."""
        cut = options.corrections.cut_s if options.corrections else None

        def follow(clip: Clip, poses: Poses, **wanted: Any) -> tuple[Scene, ...]:
            known = repr((key, clip.slow_motion_factor, cut, wanted["person"], wanted["number"]))
            if known not in self._followed:
                _remember(self._followed, known, follow_scenes(clip, poses, **wanted), REMEMBERED)
            return self._followed[known]

        return follow

    def points(self, take: StoredTake) -> ClipPoses:
        """Return everyone found in the film of a take. Raises RefusedRequest without points."""
        key = next((file.key for file in take.files if file.kind == "poses"), "")
        with self._lock:
            return self._points(take, key)

    def _points(self, take: StoredTake, key: str) -> ClipPoses:
        found = self._found.get(key)
        if found is None:
            if not key:
                raise RefusedRequest(409, "The points of this take were not kept. Analyse it again, once.")
            try:
                with self._state.store.shelf.local(key) as path:
                    found = poses_npz.read(path, Path(take.clip.name))
            except InputError:
                raise RefusedRequest(409, "The points of this take cannot be read. Analyse it again, once.") from None
            _remember(self._found, key, found, REMEMBERED)
        return found


Key = TypeVar("Key")
Value = TypeVar("Value")


def _remember(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keep a value as the newest, and forget the oldest."""
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)


_JUDGES: WeakKeyDictionary[Jobs, Judge] = WeakKeyDictionary()


def judge_of(state: State) -> Judge:
    """Return the judge of a server: each has one, for whoever asks."""
    whole = state.whole or state
    return _JUDGES.setdefault(whole.jobs, Judge(whole))
