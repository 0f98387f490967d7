"""An acted runner: a stick figure whose joints are known by hand, a little film of it, and the analysis that fits.

The brightness of the film's background tells the number of the frame, so that a test can read it back from any copy.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from midstance.model import (
    Analysis,
    Band,
    Cause,
    Clip,
    Contact,
    Cue,
    Evidence,
    Finding,
    Measure,
    NotAssessed,
    Plan,
    PoseModel,
    Sample,
    Side,
    Target,
    Track,
    View,
)
from midstance.skeleton import INDEX, KEYPOINTS, SEGMENTS_ONE_SIDE, SIDES
from midstance.video import FilmWriter, open_clip

STRIDE_S = 0.72
CONTACT_S = 0.26
FIRST_STRIKE_S = {"right": 0.21, "left": 0.21 + STRIDE_S / 2}
THIGH_DEG, THIGH_MEAN_DEG = 28.0, 6.0
SIZE = (480, 360)
LEG_PX = 120.0


def grey(frame: int) -> int:
    """Brightness of the background of a frame."""
    return 30 + 9 * (frame % 20)


def thigh_deg(time_s: np.ndarray, side: Side) -> np.ndarray:
    """Thigh angle: foremost at strike, rearmost half a stride later."""
    return THIGH_MEAN_DEG + THIGH_DEG * np.cos(2 * np.pi * (time_s - FIRST_STRIKE_S[side]) / STRIDE_S)


def figure(time_s: np.ndarray, *, speed_px: float = 0.0, start: tuple[float, float] = (240, 170)) -> np.ndarray:
    """(frame, keypoint, 2) pixels of a runner to the right, hips at start and speed_px pixels a second on."""
    xy = np.zeros((len(time_s), len(KEYPOINTS), 2))
    hips = np.stack([start[0] + speed_px * time_s, np.full(len(time_s), float(start[1]))], axis=1)

    def put(name: str, at: np.ndarray) -> np.ndarray:
        xy[:, INDEX[name]] = at
        return at

    def hang(upper: np.ndarray, angle_deg: np.ndarray, length: float) -> np.ndarray:
        turn = np.radians(angle_deg)
        return upper + length * np.stack([np.sin(turn), np.cos(turn)], axis=1)

    def beside(at: np.ndarray, right: float, down: float) -> np.ndarray:
        return at + np.array([right, down], float)

    shoulders = beside(hips, 8, -80)
    put("nose", beside(shoulders, 18, -32))
    for side in SIDES:
        put(f"{side}_ear", beside(shoulders, 4, -34))
        put(f"{side}_shoulder", shoulders)
        put(f"{side}_hip", hips)
        thigh = thigh_deg(time_s, side)
        elbow = put(f"{side}_elbow", hang(shoulders, -thigh, 42))
        put(f"{side}_wrist", hang(elbow, 80 - thigh, 38))
        bend = 45 - 30 * np.cos(2 * np.pi * (time_s - FIRST_STRIKE_S[side]) / STRIDE_S)
        knee = put(f"{side}_knee", hang(hips, thigh, LEG_PX / 2))
        ankle = put(f"{side}_ankle", hang(knee, thigh - bend, LEG_PX / 2))
        put(f"{side}_heel", beside(ankle, -6, 6))
        put(f"{side}_toe", beside(ankle, 20, 8))
    return xy


def film(path: Path, xy: np.ndarray, *, rate_hz: float = 60, size: tuple[int, int] = SIZE) -> Clip:
    """Draw the figure in grey on its numbered background."""
    with FilmWriter(path, width=size[0], height=size[1], rate_hz=rate_hz) as writer:
        for frame, points in enumerate(xy):
            image = np.full((size[1], size[0], 3), grey(frame), np.uint8)
            for side in SIDES:
                for a, b in SEGMENTS_ONE_SIDE:
                    ends = (tuple(np.rint(points[INDEX[f"{side}_{p}"]]).astype(int).tolist()) for p in (a, b))
                    cv2.line(image, *ends, (90, 90, 90), 5, cv2.LINE_AA)
            writer.write(image)
    return open_clip(path)


def contacts(time_s: np.ndarray) -> tuple[Contact, ...]:
    """Every contact that lies within the clip."""
    found = []
    for side in SIDES:
        for strike_s in np.arange(FIRST_STRIKE_S[side], time_s[-1] - CONTACT_S, STRIDE_S):
            ends = (strike_s, strike_s + CONTACT_S)
            frames = [int(np.argmin(np.abs(time_s - t))) for t in ends]
            found.append(
                Contact(
                    side=side,
                    strike_s=ends[0],
                    toe_off_s=ends[1],
                    uncertainty_s=0.008,
                    strike_frame=frames[0],
                    toe_off_frame=frames[1],
                )
            )
    return tuple(sorted(found, key=lambda contact: contact.strike_s))


def track(xy: np.ndarray, time_s: np.ndarray) -> Track:
    """The figure followed without a fault; the far wrist was filled in."""
    seen = np.ones(xy.shape[:2])
    seen[:, INDEX["left_wrist"]] = 0.2
    return Track(
        first_frame=0,
        time_s=time_s,
        xy_px=xy,
        xy=xy / LEG_PX * [1, -1],
        seen=seen,
        confidence=np.ones_like(seen),
        leg_px=np.full(len(time_s), LEG_PX),
        phase_rad=2 * np.pi * time_s / STRIDE_S,
        plane="side",
        near_side="right",
        direction=1,
        stride_hz=1 / STRIDE_S,
        explained=0.95,
        swapped=np.zeros(len(time_s), bool),
        label_vote=0.9,
        person=0,
        people=1,
        bias_removed=True,
    )


def measure(name: str, value: float, unit: str, *, side: str = "right", error: float = 2.0, **more: object) -> Measure:
    """A measure with the samples given as pairs of time and value."""
    samples = tuple(Sample(time_s=t, value=v) for t, v in more.get("samples", ()))
    band = Band(low=more["band"][0], high=more["band"][1], at_speed_mps=3.2, source="test") if "band" in more else None
    return Measure(
        id=name,
        side=side,
        value=value,
        sd=1.0,
        n=max(1, len(samples)),
        uncertainty=error,
        unit=unit,
        band=band,
        samples=samples,
    )


def analysis(clip: Clip, xy: np.ndarray) -> Analysis:
    """One finding with evidence at the second landing of the right foot, and the plan that goes with it."""
    time_s = clip.time_s / clip.slow_motion_factor
    steps = contacts(time_s)
    strikes = [c.strike_s for c in steps if c.side == "right"]
    shown_s = strikes[1]
    measures = (
        measure("cadence_spm", 120 / STRIDE_S, "spm", side="both", error=0.9, band=(155, 185)),
        measure("contact_time_ms", 1000 * CONTACT_S, "ms", error=7),
        measure("shank_angle_at_strike_deg", 12.3, "deg", samples=[(t, 12.0) for t in strikes], band=(-2, 6)),
        measure("knee_flexion_at_strike_deg", 15.0, "deg", samples=[(t, 15.0) for t in strikes]),
        measure("peak_thigh_extension_deg", 22.0, "deg", band=(15, 26)),
        measure("peak_thigh_extension_deg", 23.0, "deg", side="left", band=(15, 26)),
    )
    evidence = (Evidence(measure="shank_angle_at_strike_deg", side="right", value=12.0, time_s=shown_s),)
    finding = Finding(
        problem="reaching",
        grade="flag",
        confidence=0.9,
        says="Your foot lands ahead of your knee.",
        evidence=evidence,
        causes=(
            Cause(cause="leaning_back", verdict="not_supported", says="You do not lean back."),
            Cause(cause="slow_back_kick", verdict="supported", says="The heel takes a long way.", evidence=evidence),
        ),
        cues=(Cue(id="down_sooner", says="Put the foot down sooner.", mends="slow_back_kick"),),
    )
    plan = Plan(
        focus="reaching",
        cue="Put the foot down sooner.",
        why="Your foot lands ahead of your knee.",
        target=Target(
            measure="shank_angle_at_strike_deg", side="right", start=12.3, goal=4.0, minimal_change=2.8, unit="deg"
        ),
        practice="Six times twenty seconds.",
        expect=("Your steps get shorter at first.",),
        guard=("Keep your hips high.",),
        film_again="Film again in two weeks.",
        later=("low_hip_extension",),
    )
    return Analysis(
        version="0",
        clip=clip,
        pose=PoseModel(backend="acted", model="stick", weights_sha256="0"),
        view=View(
            plane="side",
            near_side="right",
            direction=1,
            setting="treadmill",
            camera="fixed",
            speed_mps=3.2,
            speed_uncertainty_mps=0.1,
            scale_source="height",
        ),
        track=track(xy, time_s),
        contacts=steps,
        measures=measures,
        not_assessed=(
            NotAssessed(id="pelvic_drop_deg", reason="needs a rear view"),
            NotAssessed(id="heel_whip_deg", reason="needs a rear view"),
            NotAssessed(id="leg_stiffness_kn_m", reason="needs a body mass"),
        ),
        findings=(finding,),
        plan=plan,
    )


def acted(folder: Path, *, seconds: float = 2.4, rate_hz: float = 60, speed_px: float = 0.0) -> Analysis:
    """A film of the figure in a folder, and its analysis."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    start = (240.0, 170.0) if speed_px == 0 else (60.0, 170.0)
    xy = figure(time_s, speed_px=speed_px, start=start)
    return analysis(film(folder / "acted.mp4", xy, rate_hz=rate_hz), xy)


def without_plan(full: Analysis) -> Analysis:
    """The same run with nothing to change."""
    return replace(full, findings=(), plan=None)
