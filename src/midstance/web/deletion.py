"""Delete what is somebody's: the rows, the films, and what was made of them to be shown."""

from __future__ import annotations

import shutil

from midstance.comparison.model import Athlete, StoredTake
from midstance.web.reports import fetched_name, shown_folder
from midstance.web.state import State


def delete_take(state: State, take: StoredTake) -> None:
    """Delete a take, its results and its film."""
    _forget(state, take)
    state.store.delete_take(take)
    state.store.tidy()


def delete_athlete(state: State, athlete: Athlete) -> None:
    """Delete a runner with every take, result and film, and what of them is still on its way here."""
    for take in state.store.takes(athlete):
        _forget(state, take)
    for upload in state.uploads.waiting():
        if upload.about.get("athlete") == athlete.uid:
            state.uploads.discard(upload.uid)
    state.store.delete_athlete(athlete)
    state.store.tidy()


def _forget(state: State, take: StoredTake) -> None:
    """Delete what was unpacked, fetched or drawn of a take to be shown."""
    if take.has_report:
        shutil.rmtree(shown_folder(state, take), ignore_errors=True)
    beside = [job.uid for job in state.jobs.recent() if job.kind == "beside" and take.id in job.wanted.get("takes", ())]
    films = [f"proxy-{take.uid}.mp4", *(fetched_name(file.key) for file in take.files)]
    for name in (*films, *(f"beside-{uid}.mp4" for uid in beside)):
        (state.settings.shown / name).unlink(missing_ok=True)
