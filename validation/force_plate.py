"""Force-plate trials in, errors of strike and toe-off out: projected from the side, noised, thinned, then scored.

    python validation/force_plate.py [SHARED] [--noise-m 0.01] [--repeats 5]

The trials lie beside the project (shared/truth, see its README) and are never part of it.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from midstance.gait.events import find_contacts
from midstance.model import Contact, Floats, Track, View
from midstance.skeleton import INDEX, KEYPOINTS, LEG, SIDES
from validation import left_out

RATES_HZ = (240, 120, 60, 30)
WINDOW_S = 0.06
"""A found event further than this from the true one is a miss and an invention, not an error."""
EVENTS = ("strike", "toe_off")
NOISE_LASTS_S = 0.02
"""Keypoint noise stays alike over about this long (three frames of the trials)."""


CLOCKS_S = {
    "bmc_overground_2p7ms": (0.006, 0.004),
    "dorn_overground_3p5ms": (-0.011, -0.011),
    "hamner_subj01_treadmill_2ms": (0.009, -0.015),
    "hamner_subj01_treadmill_3ms": (0.003, -0.021),
    "hamner_subj04_treadmill_3ms_markers": (0.015, -0.009),
}
"""What to add to strike and toe-off as published to have them on the clock of the points and of an unfiltered force:
the lag of the points, and what the low-pass of the Hamner forces moved (docs/decisions/contacts.md)."""
ANKLE_ALONG_ACROSS = (0.27, 0.20)
"""Where the ankle lies in the foot, in lengths from heel marker to toe marker: 0.21 to 0.33 along and 0.10 to 0.31
across in 33 runners who have all three."""
TRUNK_M = np.array([0.02, 0.48])
"""Shoulders over hips, of a trial without shoulders; only their rise and fall is read."""
STRAIGHTEST = 1.005
"""Length of a leg over the longest way from its hip to its ankle in a run: 0.98 to 1.01 in the same runners, and more
than 1, so that there is always a knee."""
HEEL_FIRST_DEG = 8.0
"""Foot strike angle of a heel striker (Altman and Davis 2012, doi 10.1016/j.gaitpost.2011.09.104)."""


@dataclass(frozen=True)
class TrueContact:
    side: str
    strike_s: float
    toe_off_s: float

    def later(self, by_s: tuple[float, float]) -> TrueContact:
        """The same contact with strike and toe-off moved."""
        return TrueContact(self.side, self.strike_s + by_s[0], self.toe_off_s + by_s[1])


@dataclass(frozen=True)
class Trial:
    """points (time, keypoint, 2) metres in the sagittal plane, x forward over the ground or in the room, y up.

    toe_marked  the trial has a marker on the toe; else its toe is the tip of a stiff shoe, led on from heel and ball
    clock_s     what to add to strike and toe-off to have them on the clock of the points (CLOCKS_S)
    """

    name: str
    time_s: Floats
    points: Floats
    contacts: tuple[TrueContact, ...]
    speed_mps: float
    treadmill: bool
    toe_marked: bool = True
    clock_s: tuple[float, float] = (0.0, 0.0)

    @property
    def heel_first(self) -> bool:
        """Most strikes are with the heel: the foot's pitch at strike over its own lying flat."""
        return bool(np.median([self._strike_angle_deg(c) for c in self.contacts]) > HEEL_FIRST_DEG)

    def _strike_angle_deg(self, contact: TrueContact) -> float:
        heel, toe = (self.points[:, INDEX[f"{contact.side}_{name}"]] for name in ("heel", "toe"))
        pitch = np.degrees(np.arctan2((toe - heel)[:, 1], (toe - heel)[:, 0]))
        flat = contact.strike_s + np.array([0.25, 0.45]) * (contact.toe_off_s - contact.strike_s)
        lying = (self.time_s >= flat[0]) & (self.time_s <= flat[1])
        return float(np.interp(contact.strike_s, self.time_s, pitch) - np.median(pitch[lying]))


def shared_folder(given: str | None = None) -> Path:
    """Where the material for tests lies: the argument, $MIDSTANCE_SHARED, or ../shared beside the project."""
    return Path(given or os.environ.get("MIDSTANCE_SHARED") or Path(__file__).parent.parent.parent / "shared")


def trials(folder: Path) -> Iterator[Trial]:
    for path in sorted(folder.glob("*.npz")):
        yield read_trial(path)


def read_trial(path: Path) -> Trial:
    """Points that the laboratory did not mark are NaN (ears) or near one that it did (joints of a marker trial)."""
    marks = np.load(path)
    about = json.loads(path.with_suffix(".json").read_text())
    points = np.full((len(marks["t"]), len(KEYPOINTS), 2), np.nan)
    for name in KEYPOINTS:
        found = _mark(marks, name)
        if found is not None:
            points[:, INDEX[name]] = found
    contacts = tuple(TrueContact("left" if c["side"] == "l" else "right", c["on"], c["off"]) for c in about["contacts"])
    speed = about.get("speed_mps") or float(np.mean(np.gradient(points[:, INDEX["left_hip"], 0], marks["t"])))
    treadmill, toe = about["mode"] == "treadmill", about.get("toe_marker", True)
    clock = about.get("clock_s") or CLOCKS_S.get(about["name"], (0.0, 0.0))
    return Trial(about["name"], marks["t"], points, contacts, speed, treadmill, toe, (clock[0], clock[1]))


def _mark(marks: np.lib.npyio.NpzFile, name: str) -> Floats | None:
    side, _, point = name.partition("_")
    if side not in SIDES:
        return None
    s = side[0]
    if f"kp_{point}_{s}" in marks and np.isfinite(marks[f"kp_{point}_{s}"]).all():
        return _plane(marks[f"kp_{point}_{s}"])
    if point == "hip" and f"kp_asis_{s}" in marks:
        pelvis: Floats = (_plane(marks[f"kp_asis_{s}"]) + _plane(marks[f"kp_psis_{s}"])) / 2
        pelvis -= np.array([0, 0.08])
        return pelvis
    if point == "shoulder":
        return _plane(marks[f"kp_acromion_{s}"]) if f"kp_acromion_{s}" in marks else _over_the_hips(marks)
    if point in {"knee", "ankle"} and f"kp_mt5_{s}" in marks:
        hip = _mark(marks, f"{side}_hip")
        assert hip is not None
        ankle = _ankle(_plane(marks[f"kp_heel_{s}"]), _plane(marks[f"kp_toe_{s}"]))
        return ankle if point == "ankle" else _knee(hip, ankle)
    return None


def _plane(mark: Floats) -> Floats:
    """Forward and up."""
    return mark[:, :2]


def _over_the_hips(marks: np.lib.npyio.NpzFile) -> Floats:
    """Shoulders of a trial without them: they rise and fall with the pelvis."""
    hips = [_mark(marks, f"{side}_hip") for side in SIDES]
    shoulders: Floats = np.mean([hip for hip in hips if hip is not None], axis=0) + TRUNK_M
    return shoulders


def _ankle(heel: Floats, toe: Floats) -> Floats:
    """Where the ankle must be about, of a foot that has markers on heel and toe only."""
    along = toe - heel
    across = square_to(along)
    return heel + ANKLE_ALONG_ACROSS[0] * along + ANKLE_ALONG_ACROSS[1] * across


def _knee(hip: Floats, ankle: Floats) -> Floats:
    """The knee that bends forward between a hip and an ankle, thigh and shank alike, once straight."""
    line = ankle - hip
    apart = np.linalg.norm(line, axis=1, keepdims=True)
    half = STRAIGHTEST * apart.max() / 2
    knee: Floats = hip + line / 2 + np.sqrt(half**2 - (apart / 2) ** 2) * square_to(line) / apart
    return knee


def square_to(xy: Floats) -> Floats:
    """(frame, 2) the same vectors a quarter turn from forward to up."""
    return np.stack([-xy[:, 1], xy[:, 0]], axis=-1)


def as_track(trial: Trial, rate_hz: float, rng: np.random.Generator, *, noise_m: float = 0.01) -> Track:
    """What a camera square to the runner at this rate would give: correlated noise on every point, leg lengths."""
    time_s = np.arange(trial.time_s[0], trial.time_s[-1], 1 / rate_hz)
    xy = np.stack(
        [
            [np.interp(time_s, trial.time_s, trial.points[:, k, axis]) for axis in range(2)]
            for k in range(len(KEYPOINTS))
        ]
    ).transpose(2, 0, 1)
    xy = xy + correlated_noise(xy.shape, time_s, rng) * noise_m
    return make_track(time_s, xy, side="right")


def correlated_noise(shape: tuple[int, ...], time_s: Floats, rng: np.random.Generator) -> Floats:
    """Noise of standard deviation 1 along the first axis that forgets itself over NOISE_LASTS_S."""
    noise = rng.standard_normal(shape)
    keep = np.exp(-float(np.median(np.diff(time_s))) / NOISE_LASTS_S)
    for i in range(1, len(noise)):
        noise[i] = keep * noise[i - 1] + np.sqrt(1 - keep**2) * noise[i]
    return noise


def make_track(time_s: Floats, xy_m: Floats, *, side: str) -> Track:
    """A Track from points in metres (frame, keypoint, 2), near side given, with the phase of the near leg."""
    leg = leg_length(xy_m)
    xy = xy_m / leg
    stride_hz, phase = stride_phase(time_s, xy, side)
    frames, ones = len(time_s), np.ones(xy.shape[:2])
    return Track(
        first_frame=0,
        time_s=time_s,
        xy_px=np.stack([xy_m[..., 0] * 250, -xy_m[..., 1] * 250], axis=-1),
        xy=xy,
        seen=ones,
        confidence=ones,
        leg_px=np.full(frames, 250 * leg),
        phase_rad=phase,
        plane="side",
        near_side="left" if side == "left" else "right",
        direction=1,
        stride_hz=stride_hz,
        explained=1.0,
        swapped=np.zeros(frames, bool),
        label_vote=1.0,
        person=0,
        people=1,
        bias_removed=True,
    )


def leg_length(xy_m: Floats) -> float:
    """Metres from hip by knee to ankle, median over frames and sides."""
    hip, knee, ankle = (np.stack([xy_m[:, INDEX[f"{s}_{p}"]] for s in SIDES]) for p in LEG[:3])
    length = np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1)
    return float(np.nanmedian(length))


def stride_phase(time_s: Floats, xy: Floats, side: str) -> tuple[float, Floats]:
    """Strides a second and phase of one leg: the best sine through the thigh's swing (both legs, opposite sign)."""
    ankles = [xy[:, INDEX[f"{s}_ankle"], 0] - xy[:, INDEX[f"{s}_hip"], 0] for s in (side, _other(side))]
    swing = ankles[0] - ankles[1]
    rates = np.arange(1.0, 2.6, 0.005)
    waves = np.exp(-2j * np.pi * rates[:, None] * time_s[None])
    power = [np.linalg.norm(np.linalg.lstsq(np.stack([w.real, w.imag], 1), swing, rcond=None)[0]) for w in waves]
    best = float(rates[int(np.argmax(power))])
    start = np.angle(np.sum(swing * np.exp(-2j * np.pi * best * time_s)))
    return best, 2 * np.pi * best * time_s + start


def _other(side: str) -> str:
    return "left" if side == "right" else "right"


def as_view(trial: Trial) -> View:
    return View(
        plane="side",
        near_side="right",
        direction=1,
        setting="treadmill" if trial.treadmill else "over_ground",
        camera="fixed",
    )


@dataclass(frozen=True)
class Errors:
    """Found minus true, seconds, of the events found within the window; how many true events were missed."""

    strike: Floats
    toe_off: Floats
    missed: int

    @property
    def contact(self) -> Floats:
        return self.toe_off - self.strike

    def sooner(self, clock_s: tuple[float, float]) -> Errors:
        """The same errors against moments of truth that many seconds later."""
        return Errors(self.strike - clock_s[0], self.toe_off - clock_s[1], self.missed)


def score(found: Iterable[Contact], true: Iterable[TrueContact], first_s: float, last_s: float) -> Errors:
    """Match by side and nearest middle; true contacts closer than 0.1 s to the ends of the film are not asked for."""
    found = list(found)
    pairs, missed = [], 0
    for contact in true:
        if contact.strike_s < first_s + 0.1 or contact.toe_off_s > last_s - 0.1:
            continue
        near = [
            f
            for f in found
            if f.side == contact.side
            and abs(f.strike_s - contact.strike_s) < WINDOW_S
            and abs(f.toe_off_s - contact.toe_off_s) < WINDOW_S
        ]
        if near:
            pairs.append((near[0].strike_s - contact.strike_s, near[0].toe_off_s - contact.toe_off_s))
        missed += not near
    both = np.array(pairs).reshape(-1, 2)
    return Errors(both[:, 0], both[:, 1], missed)


def score_trial(trial: Trial, rate_hz: float, *, noise_m: float, repeats: int) -> Errors:
    return joined(
        score(find_contacts(track, as_view(trial)), trial.contacts, track.time_s[0], track.time_s[-1])
        for seed in range(repeats)
        for track in [as_track(trial, rate_hz, np.random.default_rng([seed, round(rate_hz)]), noise_m=noise_m)]
    )


def joined(parts: Iterable[Errors]) -> Errors:
    parts = list(parts)
    strike, toe_off = (np.concatenate([getattr(e, name) for e in parts]) for name in ("strike", "toe_off"))
    return Errors(strike, toe_off, sum(e.missed for e in parts))


def table(folder: Path, *, noise_m: float = 0.01, repeats: int = 5) -> Iterator[str]:
    """One line for each trial and rate, then one for each rate over all trials as published and with their clocks set,
    and what heel strikers are read later than the others; then the runners left out. Milliseconds.
    """
    yield "| trial | fps | events | missed | strike bias | RMSE | toe-off bias | RMSE | contact bias | RMSE |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    every = list(trials(folder))
    found = {(t, rate): score_trial(every[t], rate, noise_m=noise_m, repeats=repeats)
             for t in range(len(every)) for rate in RATES_HZ}  # fmt: skip
    for (t, rate), errors in found.items():
        yield row(f"{every[t].name} | {rate:g}", errors)
    for rate in RATES_HZ:
        yield row(f"all | {rate:g}", joined(found[t, rate] for t in range(len(every))))
    for rate in RATES_HZ:
        yield row(
            f"all, clocks set | {rate:g}", joined(found[t, rate].sooner(every[t].clock_s) for t in range(len(every)))
        )
    for name, clocks in (("", (0.0, 0.0)), (", clocks set", None)):
        kinds = [
            joined(found[t, r].sooner(clocks or every[t].clock_s) for t in range(len(every)) for r in RATES_HZ
                   if every[t].heel_first == heel)
            for heel in (True, False)
        ]  # fmt: skip
        less = [f"{1000 * (np.mean(getattr(kinds[0], n)) - np.mean(getattr(kinds[1], n))):+.1f} | " for n in EVENTS]
        yield f"| heel strikers less the others{name} | | | | {' | '.join(less)} | |"
    yield ""
    yield from left_out.table(left_out.read())


def row(label: str, errors: Errors) -> str:
    """One line of a table: events, missed, then bias and RMSE of strike, toe-off and contact time in milliseconds."""
    cells = [label, str(len(errors.strike)), str(errors.missed)]
    for error in (errors.strike, errors.toe_off, errors.contact):
        ms = error * 1000
        cells += [f"{np.mean(ms):+.1f}", f"{np.sqrt(np.mean(ms**2)):.1f}"] if len(ms) else ["-", "-"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?")
    parser.add_argument("--noise-m", type=float, default=0.01)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    folder = shared_folder(options.shared) / "truth"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there: the force-plate trials are not part of the project")
    for line in table(folder, noise_m=options.noise_m, repeats=options.repeats):
        print(line)


if __name__ == "__main__":
    main()
