"""Do to the track and the contacts what a person put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from midstance.kinematics.curves import nearest_frame
from midstance.model import Contact, ContactCorrection, Floats, Track, View
from midstance.skeleton import INDEX, KEYPOINTS, mirrored, other

SAME_S = 0.12
"""A contact is the one that was meant if its strike lies so near, seconds of life: a foot's are 0.5 s apart."""

SEEN_TO_FRAMES = 0.5
"""Half the width of the 95 % interval of an event that a person set on a frame, in frames."""

_MIRROR = [INDEX[mirrored(name)] for name in KEYPOINTS]


def swapped_sides(track: Track, view: View) -> tuple[Track, View]:
    """Return the track with left and right the other way round: the near leg stays the near one."""
    near = other(track.near_side) if track.near_side else None

    def turned(values: Floats | None) -> Floats | None:
        return None if values is None else values[:, _MIRROR]

    swapped = replace(
        track,
        xy_px=track.xy_px[:, _MIRROR],
        xy=track.xy[:, _MIRROR],
        seen=track.seen[:, _MIRROR],
        confidence=track.confidence[:, _MIRROR],
        depth=turned(track.depth),
        smoothed_away=turned(track.smoothed_away),
        near_side=near,
    )
    return swapped, replace(view, near_side=near)


def corrected_contacts(
    contacts: Sequence[Contact], corrections: Sequence[ContactCorrection], track: Track, *, slower: float
) -> tuple[Contact, ...]:
    """Return the contacts as a person put them right, in time order; what fits no contact changes nothing.

    slower  how many times slower than life the film plays
    """
    left = list(contacts)
    for correction in corrections:
        meant = _meant(left, correction, slower)
        if meant is None:
            continue
        left.remove(meant)
        if not correction.gone:
            left.append(_moved(meant, correction, track, slower))
    return tuple(sorted(left, key=lambda contact: contact.strike_s))


def _meant(contacts: Sequence[Contact], correction: ContactCorrection, slower: float) -> Contact | None:
    """Return the contact that a correction is about; None if there is none near."""
    at_s = correction.at_s / slower
    same = [contact for contact in contacts if contact.side == correction.side]
    nearest = min(same, key=lambda contact: abs(contact.strike_s - at_s), default=None)
    return nearest if nearest and abs(nearest.strike_s - at_s) <= SAME_S else None


def _moved(contact: Contact, correction: ContactCorrection, track: Track, slower: float) -> Contact:
    """Return a contact with its ends where a person saw them, in order and inside the track."""
    first, last = float(track.time_s[0]), float(track.time_s[-1])
    frame_s = 1 / track.rate_hz
    strike = contact.strike_s if correction.strike_s is None else correction.strike_s / slower
    toe_off = contact.toe_off_s if correction.toe_off_s is None else correction.toe_off_s / slower
    strike = float(np.clip(strike, first, last - frame_s))
    toe_off = float(np.clip(toe_off, strike + frame_s, last))
    return replace(
        contact,
        strike_s=strike,
        toe_off_s=toe_off,
        uncertainty_s=max(SEEN_TO_FRAMES * frame_s, 1e-4),
        strike_frame=track.first_frame + nearest_frame(track.time_s, strike),
        toe_off_frame=track.first_frame + nearest_frame(track.time_s, toe_off),
    )
