"""What every measure reads: one runner's track with its contacts, cut into steps and strides, as curves in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from midstance.gait.frontal_steps import spans_of_steps
from midstance.gait.lengths import running_speed_leg
from midstance.gait.strides import contacts_of, steps, strides
from midstance.kinematics.angles import angle_deg, point
from midstance.kinematics.centre_of_mass import bounce, center_of_mass
from midstance.kinematics.curves import Curve
from midstance.kinematics.geometry import distance
from midstance.measures.landing import Landing, with_corners
from midstance.model import Contact, Floats, Side, Stride, Track, View
from midstance.skeleton import SIDES

DRAWN_LEG = 0.91
"""Leg length as BlazePose draws it (hip to knee to ankle) over the true one, 0.88 to 0.94
(docs/evidence.md#pose-offsets)."""
FLAT_FOOT = (0.25, 0.45)
"""Shares of stance in which the whole sole is on the ground (docs/evidence.md#angles)."""

PART_S, AROUND_S = 60.0, 5.0
"""A run of twice this or longer is read in parts of about this, each with so much more before and after it."""

Span = tuple[float, float]
"""Start and end, seconds."""


@dataclass(kw_only=True, eq=False)
class Run:
    """A track, its contacts and its view, ready to be measured: whatever several measures read is computed once.

    Nothing in it may change after it is made. Another track or view is another run.
    """

    track: Track
    contacts: tuple[Contact, ...]
    view: View
    mass_kg: float | None = None
    _curves: dict[tuple[str, Side], Curve] = field(default_factory=dict, init=False, repr=False)

    @property
    def near(self) -> Side:
        """The side towards the camera (left where both are equally near)."""
        return self.track.near_side or "left"

    @cached_property
    def speed_leg(self) -> float:
        """Running speed, length units of the track a second; NaN if no foot was seen on the ground."""
        return running_speed_leg(self.track, self.contacts)

    @property
    def metres(self) -> float:
        """Metres in one length unit of the track; NaN without a scale."""
        return self.view.scale_m_per_leg

    @cached_property
    def true_length(self) -> float:
        """True leg lengths in one length unit of the track, which is a leg as the pose model draws it."""
        if not self.track.bias_removed:
            return DRAWN_LEG
        return 1 / float(np.mean([np.nanmedian(self._leg(side)) for side in SIDES]))

    def parts(self) -> Iterator[tuple[Run, Span]]:
        """Yield the run part by part, each with the time whose samples count: the curves of a long run are large.

        What holds for the whole run (speed, length of the legs) holds in every part.
        """
        time_s = self.track.time_s
        ends_s = np.linspace(time_s[0], time_s[-1], max(1, int((time_s[-1] - time_s[0]) / PART_S)) + 1)
        ends_s[0], ends_s[-1] = -np.inf, np.inf
        if len(ends_s) == 2:
            yield self, (-np.inf, np.inf)
            return
        for start_s, stop_s in pairwise(ends_s.tolist()):
            rows = slice(*np.searchsorted(time_s, [start_s - AROUND_S, stop_s + AROUND_S]).tolist())
            part = replace(self, track=part_of(self.track, rows), contacts=_within(self.contacts, time_s[rows]))
            part.speed_leg, part.true_length = self.speed_leg, self.true_length
            yield part, (start_s, stop_s)

    def _leg(self, side: Side) -> Floats:
        hip, knee, ankle = (self.xy(name, side) for name in ("hip", "knee", "ankle"))
        return distance(hip, knee) + distance(knee, ankle)

    # -- steps and strides ---------------------------------------------------------------------------------------

    def contacts_of(self, side: Side) -> tuple[Contact, ...]:
        """Return the contacts of one foot, in time order."""
        return self._contacts[side]

    def strides_of(self, side: Side) -> tuple[Stride, ...]:
        """Return strike to next strike of one foot; a stride with a missed contact between is left out."""
        return self._strides[side]

    def steps_of(self, side: Side) -> tuple[Stride, ...]:
        """Return strike of one foot to the next strike of the other; the same noun as a stride."""
        return self._steps[side]

    def stride_spans(self, side: Side) -> list[Span]:
        """Return start and end of every stride of one foot: its strikes, or, if unseen, the body at its lowest.

        A front or rear view shows no strikes (gait/frontal_steps.py).
        """
        if self.view.plane == "side":
            return [(s.contact.strike_s, s.next_strike_s) for s in self.strides_of(side)]
        return self._frontal_strides[side]

    def step_spans(self, side: Side) -> list[Span]:
        """Return the same from one foot to the other."""
        if self.view.plane == "side":
            return [(s.contact.strike_s, s.next_strike_s) for s in self.steps_of(side)]
        return self._frontal_steps[side]

    @cached_property
    def _contacts(self) -> dict[Side, tuple[Contact, ...]]:
        return {side: contacts_of(self.contacts, side) for side in SIDES}

    @cached_property
    def _strides(self) -> dict[Side, tuple[Stride, ...]]:
        return {side: strides(self.contacts, side, stride_hz=self.track.stride_hz) for side in SIDES}

    @cached_property
    def _steps(self) -> dict[Side, tuple[Stride, ...]]:
        return {side: steps(self.contacts, side, stride_hz=self.track.stride_hz) for side in SIDES}

    @cached_property
    def _frontal_strides(self) -> dict[Side, list[Span]]:
        return self._frontal(2)

    @cached_property
    def _frontal_steps(self) -> dict[Side, list[Span]]:
        return self._frontal(1)

    def _frontal(self, count: int) -> dict[Side, list[Span]]:
        spans = spans_of_steps(self.track, count=count)
        return {side: [(start, stop) for foot, start, stop in spans if foot == side] for side in SIDES}

    # -- curves --------------------------------------------------------------------------------------------------

    def angle(self, name: str, side: Side) -> Curve:
        """Return a named angle of one side (kinematics/angles.py), degrees."""
        if (name, side) not in self._curves:
            self._curves |= {(name, each): curve for each, curve in self._angles(name).items()}
        return self._curves[name, side]

    def _angles(self, name: str) -> Mapping[Side, Curve]:
        """Return the angle of both sides; it may turn sharply where the foot strikes, as far as the film shows it."""
        smooth = {side: Curve(self.track.time_s, angle_deg(self.track, name, side)) for side in SIDES}
        if self.track.smoothed_away is None:
            return smooth
        drawn = replace(self.track, xy=self.track.xy + self.track.smoothed_away)
        return with_corners(smooth, {side: angle_deg(drawn, name, side) for side in SIDES}, self._landings)

    def ahead(self, name: str, of: str, side: Side) -> Curve:
        """Return how far a point is ahead of another, leg lengths of the track."""
        return self._between(name, of, side, 0)

    def above(self, name: str, of: str, side: Side) -> Curve:
        """Return how far a point is above another, leg lengths of the track."""
        return self._between(name, of, side, 1)

    def _between(self, name: str, of: str, side: Side, axis: int) -> Curve:
        key = (f"{name} from {of} {'xy'[axis]}", side)
        if key not in self._curves:
            difference = self.xy(name, side) - self.xy(of, side)
            self._curves[key] = Curve(self.track.time_s, difference[:, axis])
        return self._curves[key]

    @cached_property
    def _landings(self) -> dict[Side, Landing]:
        return {side: Landing(self.track, side, [c.strike_s for c in self.contacts_of(side)]) for side in SIDES}

    @cached_property
    def bounce(self) -> Curve:
        """Height of the centre of mass, length units of the track; only differences mean anything."""
        return bounce(self.track)

    def xy(self, name: str, side: Side) -> Floats:
        """Return a point named without its side, or the centre of mass ("com"), (frame, 2) leg lengths of the track."""
        return center_of_mass(self.track) if name == "com" else point(self.track, name, side)

    def flat_foot_deg(self, side: Side) -> float:
        """Return the foot pitch with the sole on the ground, degrees: median over FLAT_FOOT of every stance."""
        return self._flat_foot_deg[side]

    @cached_property
    def _flat_foot_deg(self) -> dict[Side, float]:
        return {side: self._measure_flat_foot_deg(side) for side in SIDES}

    def _measure_flat_foot_deg(self, side: Side) -> float:
        pitch = self.angle("foot_pitch", side)
        flat = [pitch.at(np.linspace(*stance_share(c, *FLAT_FOOT), 9)) for c in self.contacts_of(side)]
        values = np.concatenate(flat) if flat else np.array([np.nan])
        return float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan


def stance_share(contact: Contact, start: float, stop: float) -> Span:
    """Return the moments, seconds, at two shares (0..1) of one contact."""
    length = contact.toe_off_s - contact.strike_s
    return contact.strike_s + start * length, contact.strike_s + stop * length


def part_of(track: Track, rows: slice) -> Track:
    """Return some rows of a track."""
    return replace(
        track,
        first_frame=track.first_frame + rows.start,
        time_s=track.time_s[rows],
        xy_px=track.xy_px[rows],
        xy=track.xy[rows],
        seen=track.seen[rows],
        confidence=track.confidence[rows],
        leg_px=track.leg_px[rows],
        phase_rad=track.phase_rad[rows],
        swapped=track.swapped[rows],
        depth=None if track.depth is None else track.depth[rows],
        smoothed_away=None if track.smoothed_away is None else track.smoothed_away[rows],
    )


def _within(contacts: tuple[Contact, ...], time_s: Floats) -> tuple[Contact, ...]:
    return tuple(each for each in contacts if time_s[0] <= each.strike_s and each.toe_off_s <= time_s[-1])
