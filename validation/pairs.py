"""Put contacts that were found beside the true ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from midstance.model import Contact
from midstance.skeleton import SIDES
from validation.force_plate import TrueContact

True_ = TypeVar("True_", Contact, TrueContact)


def paired(found: Iterable[Contact], true: Iterable[True_]) -> list[tuple[Contact, True_]]:
    """Return each contact found, with the true one of that foot during which its middle lies."""
    true = list(true)
    return [
        (contact, other)
        for contact in found
        for other in true
        if contact.side == other.side and other.strike_s < (contact.strike_s + contact.toe_off_s) / 2 < other.toe_off_s
    ]


def with_true_times(pairs: Iterable[tuple[Contact, True_]]) -> tuple[Contact, ...]:
    """Return the contacts found, with the times of the true ones."""
    return tuple(replace(f, strike_s=float(t.strike_s), toe_off_s=float(t.toe_off_s)) for f, t in pairs)


def contacts_of(subject: dict[str, Any]) -> list[TrueContact]:
    """Return every true contact of a rendered runner."""
    spans = subject["contact_intervals_s"]
    return [TrueContact(side, *span) for side, letter in zip(SIDES, "LR", strict=True) for span in spans[letter]]
