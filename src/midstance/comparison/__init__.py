"""Two or more takes of one runner in, what changed beyond the error of the camera out (DESIGN 4, EVIDENCE 5)."""

from midstance.comparison.differences import compare
from midstance.comparison.own_range import own_bands
from midstance.comparison.trends import compare_series

__all__ = ["compare", "compare_series", "own_bands"]
