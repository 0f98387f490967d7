"""Read the messages of a FIT file, the recording of a watch, one by one: a bad message loses only itself.

The layout is that of Garmin's FIT protocol: definition messages say which fields the data messages after them have.
Only single numbers are read; texts, lists and fields of developers are passed over.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

MARK = b".FIT"
EPOCH = datetime(1989, 12, 31, tzinfo=UTC)

RECORD, SPORT, SESSION = 20, 12, 18
"""Numbers of messages: one moment of the run, the sport that begins, the summary of a finished part."""

TIMESTAMP = 253
"""The number of the field that says when; the same in every message."""

NEAR_S = 3600
"""After a bad message, reading goes on at the next record that was made within so many seconds of the last one."""

_KINDS = {0: "B", 1: "b", 2: "B", 3: "h", 4: "H", 5: "i", 6: "I", 8: "f", 9: "d", 10: "B", 11: "H", 12: "I"}
"""FIT's base types that are numbers, in the letters of struct."""


@dataclass(frozen=True, slots=True)
class Message:
    """A data message.

    number   which message of FIT's profile it is
    seconds  when, since EPOCH; None if it does not say
    fields   single numbers by their field number, as stored; a value marked invalid is left out
    """

    number: int
    seconds: int | None
    fields: Mapping[int, float]


class _Field(NamedTuple):
    number: int
    size: int
    kind: int


class _Layout(NamedTuple):
    number: int
    order: str
    fields: tuple[_Field, ...]
    size: int


DAMAGE = (KeyError, ValueError, IndexError, TypeError, struct.error)
"""What reading a message raises that is damaged or cut off."""


class NotFit(Exception):  # noqa: N818  (told to the reader as an InputError)
    """The content is no FIT file."""


def messages(content: bytes) -> Iterator[Message]:
    """Give the data messages of a FIT file, or of several one after another in one file. Raises NotFit."""
    start = 0
    if content[8:12] != MARK:
        raise NotFit
    while content[start + 8 : start + 12] == MARK:
        head, size = content[start], struct.unpack_from("<I", content, start + 4)[0]
        end = min(start + head + size, len(content)) if size else len(content)
        yield from _Reader(content, start + head, end)
        start = end + 2  # the checksum


def moment(seconds: float) -> datetime:
    """Return the moment (UTC) of a time stamp, which counts seconds since EPOCH."""
    return EPOCH + timedelta(seconds=seconds)


class _Reader:
    """The messages of one file, from `at` to `end`."""

    def __init__(self, content: bytes, at: int, end: int) -> None:
        self._content, self._at, self._end = content, at, end
        self._layouts: dict[int, _Layout] = {}
        self._seconds: int | None = None

    def __iter__(self) -> Iterator[Message]:
        while self._at < self._end:
            start = self._at
            try:
                message = self._next()
            except DAMAGE:
                self._at = self._after_damage(start)
                continue
            if message:
                yield message

    def _next(self) -> Message | None:
        """Read one message; None for a definition. Raises one of DAMAGE."""
        head = self._content[self._at]
        self._at += 1
        if head & 0x80:  # a data message that carries the low bits of its time in its first byte
            return self._data(head >> 5 & 3, low_bits=head & 31)
        if head & 0x40:
            self._define(head & 15, with_extra_fields=bool(head & 0x20))
            return None
        return self._data(head & 15)

    def _define(self, name: int, *, with_extra_fields: bool) -> None:
        order = {0: "<", 1: ">"}[self._content[self._at + 1]]
        number, count = struct.unpack_from(f"{order}HB", self._content, self._at + 2)
        fields = tuple(_Field(*self._content[at : at + 3]) for at in self._triples(self._at + 5, count))
        at = self._at + 5 + 3 * count
        extra = 0
        if with_extra_fields:
            count = self._content[at]
            extra = sum(self._content[place + 1] for place in self._triples(at + 1, count))
            at += 1 + 3 * count
        if at > self._end:
            raise ValueError
        self._layouts[name] = _Layout(number, order, fields, sum(field.size for field in fields) + extra)
        self._at = at

    def _triples(self, at: int, count: int) -> range:
        return range(at, at + 3 * count, 3)

    def _data(self, name: int, low_bits: int | None = None) -> Message:
        layout, at = self._layouts[name], self._at
        if at + layout.size > self._end:
            raise ValueError
        values: dict[int, float] = {}
        for field in layout.fields:
            value = _number(self._content, at, field, layout.order)
            if value is not None:
                values[field.number] = value
            at += field.size
        self._at += layout.size
        seconds = self._time(values, low_bits)
        self._seconds = seconds or self._seconds
        return Message(layout.number, seconds, values)

    def _time(self, values: Mapping[int, float], low_bits: int | None) -> int | None:
        if low_bits is None or self._seconds is None:
            return int(values[TIMESTAMP]) if TIMESTAMP in values else None
        return self._seconds + (low_bits - self._seconds) % 32

    def _after_damage(self, start: int) -> int:
        """Return where reading can go on: at the next record of a known layout and about the time of the last one."""
        before = self._seconds
        for at in range(start + 1, self._end):
            layout = self._layouts.get(self._content[at])
            if layout is None or layout.number != RECORD or before is None:
                continue
            self._at = at
            try:
                message = self._next()
            except DAMAGE:
                continue
            self._seconds = before
            if message and message.seconds is not None and 0 <= message.seconds - before <= NEAR_S:
                return at
        return self._end


def _number(content: bytes, at: int, field: _Field, order: str) -> float | None:
    """Return a field's number; None if it is a text, a list, or marked invalid."""
    kind = field.kind & 31
    letter = _KINDS.get(kind)
    if letter is None or struct.calcsize(letter) != field.size:
        return None
    value = struct.unpack_from(order + letter, content, at)[0]
    if letter in "fd":
        return float(value) if math.isfinite(value) else None
    bits = 8 * field.size
    invalid = 0 if kind >= 10 else 2 ** (bits - 1 if letter.islower() else bits) - 1
    return None if value == invalid else value
