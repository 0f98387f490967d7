"""Have a take analysed again: because somebody asks, or because what is known of it has changed."""

from __future__ import annotations

from typing import Any

from midstance.comparison.model import StoredTake
from midstance.options import models
from midstance.store.jobs import Job
from midstance.web.state import State


def analyze_again(state: State, take: StoredTake, **wanted: Any) -> Job:
    """Put another analysis of a take into the queue, by the pose model that measured it unless another is wanted."""
    by = {"name": take.clip.name, "model": _model_of(state, take)}
    return state.jobs.add("analyze", {**by, **wanted}, take=take.id)


def _model_of(state: State, take: StoredTake) -> str:
    """Return the pose model that found the points of a take: with another the whole film is looked at again."""
    known = (state.store.newest_analysis(take) or {}).get("pose", {}).get("model")
    return known if known in models() else "full"


def analyze_as_known(state: State, take: StoredTake) -> Job:
    """Return the work that measures a take by what is known now: the one under way, or another if that came too far."""
    newest = next(iter(state.jobs.of_take(take.id)), None)
    if newest and not newest.ended and newest.kind in {"take", "analyze"} and not _measuring(newest):
        return newest
    return analyze_again(state, take)


def draw_again(state: State, take: StoredTake) -> None:
    """Have the report of a take drawn again, in place of any drawing that is under way; without its film it stays."""
    if take.film_deleted:
        return
    for job in state.jobs.of_take(take.id):
        if job.kind == "analyze" and not job.ended:
            state.jobs.cancel(job.uid)
    analyze_again(state, take)


def _measuring(job: Job) -> bool:
    """Return whether the work on a take may have read already what is known of it."""
    early = job.stage in {"", "checking", "fetching"} or (job.stage == "looking" and job.done < 0.9 * job.total)
    return job.state == "running" and not early
