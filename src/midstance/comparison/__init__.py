"""Compare takes of a runner: what changed by more than the error of the camera (docs/evidence.md#before-and-after)."""

from midstance.comparison.differences import compare
from midstance.comparison.own_range import own_bands
from midstance.comparison.trends import compare_series

__all__ = ["compare", "compare_series", "own_bands"]
