"""A runner made of a few formulas, whose contacts and angles are known by hand: what the gait tests measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.model import Contact, Floats, Person, Poses, Side, Track, View
from midstance.skeleton import INDEX, KEYPOINTS, SIDES
from tests.drawn_runner import as_poses

LEG_M, THIGH_M = 0.90, 0.45
ANKLE_IN_FOOT = np.array([0.05, 0.07])
FOOT_M = 0.25


@dataclass(frozen=True)
class Jogger:
    """Times in seconds, lengths in metres; the left foot strikes first, at start_s.

    lean_deg, elbow_deg   constant trunk lean and elbow flexion
    strike_pitch_deg      the foot's pitch as it lands on its heel
    """

    speed_mps: float = 3.0
    stride_s: float = 0.72
    contact_s: float = 0.25
    start_s: float = 0.20
    lean_deg: float = 6.0
    elbow_deg: float = 90.0
    strike_pitch_deg: float = 12.0
    bounce_m: float = 0.04
    ahead_m: float = 0.20

    def strikes_s(self, side: Side, until_s: float) -> Floats:
        first = self.start_s + (0 if side == "left" else self.stride_s / 2)
        return np.arange(first - self.stride_s, until_s, self.stride_s)

    def hip(self, time_s: Floats) -> Floats:
        """(frame, 2) metres over the ground: even speed, two bounces a stride, lowest in mid-stance."""
        middle = self.start_s + self.contact_s / 2
        height = 0.86 - self.bounce_m * np.cos(4 * np.pi * (time_s - middle) / self.stride_s)
        return np.stack([self.speed_mps * time_s, height], axis=-1)

    def foot(self, time_s: Floats, side: Side) -> tuple[Floats, Floats]:
        """Heel (frame, 2) metres over the ground and pitch in degrees."""
        heel, pitch = np.zeros((len(time_s), 2)), np.zeros(len(time_s))
        strikes = self.strikes_s(side, float(time_s[-1]) + 2)
        for k, moment in enumerate(time_s):
            strike = strikes[strikes <= moment][-1]
            landing = self.speed_mps * strike + self.ahead_m - ANKLE_IN_FOOT[0]
            heel[k], pitch[k] = self._foot_at((moment - strike) / self.contact_s, landing)
        return heel, pitch

    def _foot_at(self, share: float, landing: float) -> tuple[Floats, float]:
        """share: time since strike over contact time. On the ground: heel, flat, then rolling up over the toe."""
        if share <= 1:
            pitch = self.strike_pitch_deg * max(0.0, 1 - share / 0.2) - 65 * max(0.0, (share - 0.5) / 0.5) ** 2
            lift = FOOT_M * np.array([1 - np.cos(np.radians(pitch)), -np.sin(np.radians(pitch))])
            return np.array([landing, 0.0]) + (lift if pitch < 0 else 0), pitch
        swing = (share - 1) / (self.stride_s / self.contact_s - 1)
        leaves, _ = self._foot_at(1.0, landing)
        lands = np.array([landing + self.speed_mps * self.stride_s, 0.0])
        along = 3 * swing**2 - 2 * swing**3 + 0.15 * swing * (1 - swing) ** 2 - 0.26 * swing**2 * (1 - swing)
        high = 0.45 * np.sin(np.pi * swing) ** 2 * (1 - swing) + 0.28 * swing**2 * (1 - swing)
        turn = 10 * swing**3 - 15 * swing**4 + 6 * swing**5
        pitch = -65 * (1 - turn) + self.strike_pitch_deg * turn - 40 * np.sin(np.pi * swing) ** 2 * (1 - swing)
        return leaves + along * (lands - leaves) + [0, high], pitch

    def track(self, *, rate_hz: float = 120, seconds: float = 3.2, treadmill: bool = False) -> Track:
        """The runner as a Track, in leg lengths, near side right."""
        time_s = np.arange(round(seconds * rate_hz)) / rate_hz
        points = np.zeros((len(time_s), len(KEYPOINTS), 2))
        hip = self.hip(time_s)
        for side in SIDES:
            for name, xy in self._limbs(time_s, hip, side).items():
                points[:, INDEX[f"{side}_{name}"]] = xy
        for name in ("nose", "left_ear", "right_ear"):
            points[:, INDEX[name]] = points[:, INDEX["left_shoulder"]] + [0.05, 0.25]
        if treadmill:
            points[..., 0] -= self.speed_mps * time_s[:, None]
        return as_track(time_s, points / LEG_M, 1 / self.stride_s)

    def poses(self, *, rate_hz: float = 60, seconds: float = 2.0, noise_px: float = 1.0, seed: int = 0) -> Poses:
        """The runner on a belt as a pose model that errs by a pixel would draw it, labels right, 200 px a leg."""
        track = self.track(rate_hz=rate_hz, seconds=seconds, treadmill=True)
        xy = track.xy * [200, -200] + [640, 600]
        xy += np.random.default_rng(seed).normal(0, noise_px, xy.shape)
        return as_poses(track.time_s, Person(xy=xy, confidence=np.ones(xy.shape[:2])))

    def contacts(self, track: Track) -> tuple[Contact, ...]:
        """The true contacts inside a track."""
        found = [
            Contact(
                side=side,
                strike_s=float(strike),
                toe_off_s=float(strike) + self.contact_s,
                uncertainty_s=0.01,
                strike_frame=0,
                toe_off_frame=0,
            )
            for side in SIDES
            for strike in self.strikes_s(side, float(track.time_s[-1]) - self.contact_s)
            if strike > 0.05
        ]
        return tuple(sorted(found, key=lambda c: c.strike_s))

    def _limbs(self, time_s: Floats, hip: Floats, side: Side) -> dict[str, Floats]:
        heel, pitch = self.foot(time_s, side)
        turn = np.radians(pitch)
        along, up = np.stack([np.cos(turn), np.sin(turn)], -1), np.stack([-np.sin(turn), np.cos(turn)], -1)
        ankle = heel + ANKLE_IN_FOOT[0] * along + ANKLE_IN_FOOT[1] * up
        lean = np.radians(self.lean_deg)
        shoulder = hip + 0.5 * np.array([np.sin(lean), np.cos(lean)])
        opposite = 1 if side == "left" else -1
        swing = opposite * np.radians(30) * np.cos(2 * np.pi * (time_s - self.start_s) / self.stride_s + np.pi)
        elbow = shoulder + 0.3 * np.stack([np.sin(swing), -np.cos(swing)], -1)
        bent = swing + np.radians(self.elbow_deg)
        wrist = elbow + 0.25 * np.stack([np.sin(bent), -np.cos(bent)], -1)
        knee = knee_between(hip, ankle)
        return {
            "hip": hip, "knee": knee, "ankle": ankle, "heel": heel, "toe": heel + FOOT_M * along,
            "shoulder": shoulder, "elbow": elbow, "wrist": wrist,
        }  # fmt: skip


def knee_between(hip: Floats, ankle: Floats) -> Floats:
    """The knee in front of the line from hip to ankle, thigh and shank of equal length."""
    line = ankle - hip
    length = np.minimum(np.linalg.norm(line, axis=-1), 2 * THIGH_M - 1e-6)
    out = np.sqrt(THIGH_M**2 - (length / 2) ** 2)
    forward = np.stack([-line[:, 1], line[:, 0]], -1) / np.linalg.norm(line, axis=-1, keepdims=True)
    return hip + line / 2 + out[:, None] * forward


def as_track(time_s: Floats, xy: Floats, stride_hz: float) -> Track:
    """A Track in which everything was seen."""
    frames, ones = len(time_s), np.ones(xy.shape[:2])
    return Track(
        first_frame=0,
        time_s=time_s,
        xy_px=xy * [250, -250],
        xy=xy,
        seen=ones,
        confidence=ones,
        leg_px=np.full(frames, 250.0),
        phase_rad=2 * np.pi * stride_hz * time_s,
        plane="side",
        near_side="right",
        direction=1,
        stride_hz=stride_hz,
        explained=1.0,
        swapped=np.zeros(frames, bool),
        label_vote=1.0,
        person=0,
        people=1,
        bias_removed=True,
    )


def side_view(*, treadmill: bool = False) -> View:
    return View(
        plane="side",
        near_side="right",
        direction=1,
        setting="treadmill" if treadmill else "over_ground",
        camera="fixed",
    )
