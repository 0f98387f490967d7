"""Say what the next film of a runner is to the one before: the same run from another side, or a test of a cause."""

from __future__ import annotations

from midstance.comparison import compare_series
from midstance.comparison.model import SeriesComparison, StoredTake, Take
from midstance.comparison.take import series_json
from midstance.store import Store
from midstance.text.changes import describe_series


def another_side(one: Take, other: Take) -> bool:
    """Return whether two takes may show one run from two sides: filmed on one day, and not from the same side."""
    return one.plane != other.plane and one.taken_on == other.taken_on is not None


def compare_next(store: Store, before: StoredTake, now: StoredTake) -> SeriesComparison:
    """Compare a take with one before; what an experiment said is kept. Raises UsageError, InputError."""
    series = compare_series([store.read(before), store.read(now)])
    if series.overall.experiment:
        said = [line for chapter in describe_series(series) for line in chapter.says]
        store.add_comparison([before, now], series_json(series, said))
    return series
