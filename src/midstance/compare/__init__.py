"""Two or more takes of one runner in, what changed beyond the error of the camera out (DESIGN 4, EVIDENCE 5)."""

from midstance.compare.differences import compare
from midstance.compare.habit import own_bands
from midstance.compare.over_time import follow

__all__ = ["compare", "follow", "own_bands"]
