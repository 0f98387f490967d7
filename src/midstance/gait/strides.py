"""Cut a run into strides and steps, from strike to strike."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from midstance.model import Contact, Side, Stride
from midstance.skeleton import other

LONGEST_STRIDE, LONGEST_STEP = 1.5, 0.85
"""In strides of the track's own rate: what lasts longer has a missed contact in it."""


def contacts_of(contacts: Iterable[Contact], side: Side) -> tuple[Contact, ...]:
    """Return the contacts of one foot, in time order."""
    return tuple(sorted((c for c in contacts if c.side == side), key=lambda contact: contact.strike_s))


def strides(contacts: Iterable[Contact], side: Side, *, stride_hz: float) -> tuple[Stride, ...]:
    """Return the strides of one foot, each from a strike to its next; without those in which a contact was missed.

    stride_hz  strides a second of the track
    """
    return tuple(
        Stride(contact=this, next_strike_s=following.strike_s)
        for this, following in pairwise(contacts_of(contacts, side))
        if following.strike_s - this.strike_s < LONGEST_STRIDE / stride_hz
    )


def steps(contacts: Iterable[Contact], side: Side, *, stride_hz: float) -> tuple[Stride, ...]:
    """Return the steps from this foot to the other, as strides that end with the strike of the other foot.

    stride_hz  strides a second of the track
    """
    contacts = tuple(contacts)
    others = np.array([contact.strike_s for contact in contacts_of(contacts, other(side))])
    found = []
    for contact in contacts_of(contacts, side):
        following = others[np.searchsorted(others, contact.strike_s, side="right") :][:1].tolist()
        found += [
            Stride(contact=contact, next_strike_s=strike_s)
            for strike_s in following
            if strike_s - contact.strike_s < LONGEST_STEP / stride_hz
        ]
    return tuple(found)
