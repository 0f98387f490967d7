"""What every measure reads: one runner's track with its contacts, cut into steps and strides, as curves in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from midstance.kinematics.angles import angle_deg, point
from midstance.kinematics.centre_of_mass import center_of_mass
from midstance.kinematics.curves import Curve
from midstance.kinematics.geometry import distance
from midstance.model import Contact, Floats, Side, Stride, Track, View
from midstance.skeleton import SIDES, other

DRAWN_LEG = 0.91
"""Leg length as BlazePose draws it (hip to knee to ankle) over the true one, 0.88 to 0.94
(docs/evidence.md#pose-offsets)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A track, its contacts and its view, ready to be measured.

    speed_leg   running speed, leg lengths of the track a second; NaN if no foot was seen on the ground
    curves      what was read so far, by name and side
    """

    track: Track
    contacts: tuple[Contact, ...]
    view: View
    speed_leg: float
    mass_kg: float | None = None
    curves: dict[tuple[str, Side], Curve] = field(default_factory=dict)

    @property
    def near(self) -> Side:
        """The side towards the camera (left where both are equally near)."""
        return self.track.near_side or "left"

    @property
    def true_length(self) -> float:
        """True leg lengths in one length unit of the track, which is a leg as the pose model draws it."""
        if not self.track.bias_removed:
            return DRAWN_LEG
        return 1 / float(np.mean([np.nanmedian(self._leg(side)) for side in SIDES]))

    def _leg(self, side: Side) -> Floats:
        hip, knee, ankle = (self.xy(name, side) for name in ("hip", "knee", "ankle"))
        return distance(hip, knee) + distance(knee, ankle)

    @property
    def metres(self) -> float:
        """Metres in one length unit of the track; NaN without a scale."""
        return self.view.scale_m_per_leg

    def contacts_of(self, side: Side) -> tuple[Contact, ...]:
        """Contacts of one foot, in time order."""
        return tuple(c for c in self.contacts if c.side == side)

    def strides_of(self, side: Side) -> tuple[Stride, ...]:
        """Strike to next strike of one foot; a stride with a missed contact between is left out."""
        longest = 1.5 / self.track.stride_hz
        return tuple(
            Stride(contact=a, next_strike_s=b.strike_s)
            for a, b in pairwise(self.contacts_of(side))
            if b.strike_s - a.strike_s < longest
        )

    def steps_of(self, side: Side) -> tuple[Stride, ...]:
        """Strike of one foot to the next strike of the other; the same noun as a stride."""
        longest = 0.85 / self.track.stride_hz
        found = []
        for contact in self.contacts_of(side):
            after = [c.strike_s for c in self.contacts_of(other(side)) if c.strike_s > contact.strike_s]
            if after and after[0] - contact.strike_s < longest:
                found.append(Stride(contact=contact, next_strike_s=after[0]))
        return tuple(found)

    def angle(self, name: str, side: Side) -> Curve:
        """A named angle of one side, degrees."""
        if (name, side) not in self.curves:
            self.curves[name, side] = Curve(self.track.time_s, angle_deg(self.track, name, side))
        return self.curves[name, side]

    def ahead(self, name: str, of: str, side: Side) -> Curve:
        """How far a point is ahead of another, leg lengths of the track."""
        return self._between(name, of, side, 0)

    def above(self, name: str, of: str, side: Side) -> Curve:
        """How far a point is above another, leg lengths of the track."""
        return self._between(name, of, side, 1)

    def _between(self, name: str, of: str, side: Side, axis: int) -> Curve:
        key = (f"{name} from {of} {'xy'[axis]}", side)
        if key not in self.curves:
            difference = self.xy(name, side) - self.xy(of, side)
            self.curves[key] = Curve(self.track.time_s, difference[:, axis])
        return self.curves[key]

    def xy(self, name: str, side: Side) -> Floats:
        """(frame, 2) leg lengths of a point named without its side, or of the centre of mass ("com")."""
        return center_of_mass(self.track) if name == "com" else point(self.track, name, side)

    def flat_foot_deg(self, side: Side) -> float:
        """Foot pitch with the sole on the ground: median over 25 to 45 % of every stance (docs/evidence.md#angles)."""
        pitch = self.angle("foot_pitch", side)
        flat = [pitch.at(np.linspace(*stance_share(c, 0.25, 0.45), 9)) for c in self.contacts_of(side)]
        values = np.concatenate(flat) if flat else np.array([np.nan])
        return float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan


def stance_share(contact: Contact, start: float, stop: float) -> tuple[float, float]:
    """Moments at two shares (0..1) of one contact."""
    length = contact.toe_off_s - contact.strike_s
    return contact.strike_s + start * length, contact.strike_s + stop * length
