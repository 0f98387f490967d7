"""Keep what was seen of one person, frame after frame, in little memory: half an hour of it as well as ten seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from midstance.model import Floats
from midstance.pose.backends import Region, Sighting

PACKED_AT_ONCE = 256
"""Sightings are packed so many at a time; as many of the newest stay as they are."""

Column = Literal["xy", "confidence", "peaks", "depth"]


class Block(NamedTuple):
    """Sightings laid under each other: a row a sighting; a column that the model does not have is None."""

    xy: Floats
    confidence: Floats
    region: Floats  # x, y, size, angle
    peaks: NDArray[np.float32] | None
    depth: Floats | None

    def rows(self, rows: slice) -> Block:
        """Return some of the sightings, so that the others may be forgotten; this block itself if they are all."""
        if rows.start <= 0 and rows.stop >= len(self.xy):
            return self
        return Block(*(None if column is None else column[rows].copy() for column in self))  # type: ignore[arg-type]

    def sighting(self, row: int) -> Sighting:
        """Return one of the sightings."""
        x_px, y_px, size_px, angle_rad = self.region[row].tolist()
        return Sighting(
            xy=self.xy[row],
            confidence=self.confidence[row],
            region=Region(x_px=x_px, y_px=y_px, size_px=size_px, angle_rad=angle_rad),
            peaks=None if self.peaks is None else self.peaks[row],
            depth=None if self.depth is None else self.depth[row],
        )


def packed(sightings: list[Sighting]) -> Block:
    """Lay sightings under each other; peaks to single precision, a ten thousandth of a pixel."""
    peaks = [s.peaks for s in sightings if s.peaks is not None]
    depth = [s.depth for s in sightings if s.depth is not None]
    regions = (s.region for s in sightings)
    return Block(
        xy=np.array([s.xy for s in sightings]),
        confidence=np.array([s.confidence for s in sightings]),
        region=np.array([(r.x_px, r.y_px, r.size_px, r.angle_rad) for r in regions]),
        peaks=np.array(peaks, np.float32) if len(peaks) == len(sightings) else None,
        depth=np.array(depth) if len(depth) == len(sightings) else None,
    )


class Sightings:
    """Everything seen of one person, in the order of the frames."""

    def __init__(self, *, blocks: Iterable[Block] = ()) -> None:
        self._blocks = list(blocks)
        self._newest: list[Sighting] = []

    def append(self, sighting: Sighting) -> None:
        """Add what was seen last."""
        self._newest.append(sighting)
        if len(self._newest) == 2 * PACKED_AT_ONCE:
            self._blocks.append(packed(self._newest[:PACKED_AT_ONCE]))
            del self._newest[:PACKED_AT_ONCE]

    def join(self, later: Sightings) -> None:
        """Add what was seen of the same person later on."""
        self._blocks = [*self.blocks(), *later.blocks()]
        self._newest = []

    def drop_last(self) -> None:
        """Forget the newest."""
        *before, last = self.blocks()
        rest = last.rows(slice(0, len(last.xy) - 1))
        self._blocks, self._newest = [*before, *([rest] if len(rest.xy) else [])], []

    @property
    def first(self) -> Sighting:
        """Return the oldest."""
        return self._blocks[0].sighting(0) if self._blocks else self._newest[0]

    @property
    def last(self) -> Sighting:
        """Return the newest."""
        return self._newest[-1] if self._newest else self._blocks[-1].sighting(-1)

    def blocks(self) -> Iterator[Block]:
        """Yield all of them, packed."""
        yield from self._blocks
        if self._newest:
            yield packed(self._newest)

    def part(self, start: int, stop: int) -> Sightings:
        """Return those from one to before another, by their numbers."""
        blocks, at = list[Block](), 0
        for block in self.blocks():
            rows = slice(max(0, start - at), max(0, stop - at))
            if rows.start < len(block.xy) and rows.stop > rows.start:
                blocks.append(block.rows(rows))
            at += len(block.xy)
        return Sightings(blocks=blocks)

    def regions(self, newest: int | None = None) -> Floats:
        """Return (sighting, 4) the middle of the hips, px, the size, px, and the turn, rad, of the newest or of all."""
        if newest is not None and newest <= len(self._newest):
            return packed(self._newest[-newest:]).region
        every = np.concatenate([block.region for block in self.blocks()])
        return every if newest is None else every[-newest:]

    def over_all(self, column: Column, frames: list[int], length: int) -> Floats | None:
        """Lay a column out over the frames of a clip, NaN where nothing was seen; None if the model does not have it.

        frames  of the sightings
        length  of the clip, frames
        """
        laid_out: Floats | None = None
        at = 0
        for block in self.blocks():
            part = getattr(block, column)
            if part is None:
                return None
            if laid_out is None:
                laid_out = np.full((length, *part.shape[1:]), np.nan, part.dtype)
            laid_out[frames[at : at + len(part)]] = part
            at += len(part)
        return laid_out
