"""Say what the next film of a runner is to the one before: the same run from another side, or a test of a cause."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection

from midstance.comparison import compare_series
from midstance.comparison.model import SeriesComparison, StoredTake, Take
from midstance.comparison.take import series_json
from midstance.errors import MidstanceError
from midstance.store import Store
from midstance.store.results import insert_comparison, read_newest
from midstance.text.changes import describe_series


def another_side(one: Take, other: Take) -> bool:
    """Return whether two takes may show one run from two sides: filmed on one day, and not from the same side."""
    return one.plane != other.plane and one.taken_on == other.taken_on is not None


def compare_next(store: Store, before: StoredTake, now: StoredTake) -> SeriesComparison:
    """Compare a take with one before; what an experiment said is kept. Raises UsageError, InputError."""
    series = compare_series([store.read(before), store.read(now)])
    if series.overall.experiment:
        store.add_comparison([before, now], _content(series))
    return series


def keep_experiment(connection: Connection, before: StoredTake, now: StoredTake) -> None:
    """Keep what an experiment said within the transaction that writes the analysis of the take now."""
    with suppress(MidstanceError):  # one of the two could not be judged: its page says so
        series = compare_series([read_newest(connection, before), read_newest(connection, now)])
        if series.overall.experiment:
            insert_comparison(connection, [before, now], _content(series))


def _content(series: SeriesComparison) -> dict[str, Any]:
    return series_json(series, [line for chapter in describe_series(series) for line in chapter.says])
