"""Measure how far off a measure read from markers is: the error of each into data/accuracy_markers.toml.

    python -m validation.markers [--write]

The trials with force plates of validation/force_plate.py go in as files of points do, at their own rate. Truth is
read from the same points at the contacts of the plate. So the error is that of finding the contacts and of reading the
curves; where on the body a marker was put is not in it,
but for what skin moves. Contact, flight and bounce keep the error of a camera: the rule that
finds contacts was fitted on most of these trials. For the same reason what is read at strike or toe-off is widened by
how much larger its moments err in runners left out of the fit.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from midstance.errors import Refused
from midstance.gait.events import UNCERTAINTY_S, find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import BY_ID, as_seen, needs_absent
from midstance.measures.intervals import carried, leg_of
from midstance.measures.run import Run
from midstance.model import Clip, Contact, Person, Poses, Side, Track, View
from midstance.pose.recorded import PX_PER_M, filled_in
from midstance.tracking.scenes import follow_scenes
from midstance.uncertainty import HALF_WIDTH, Error
from validation.calibrate import Compared, Strides, as_toml, calibrated
from validation.cases import SHARED
from validation.force_plate import Trial, make_track, read_trial
from validation.pairs import paired, with_true_times
from validation.strike import cut, filmed

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "accuracy_markers.toml"
FOLDERS = (SHARED / "truth", SHARED / "norms" / "trials")
START_S, LENGTH_S = 0.3, 5.0
LEGS = 10
"""The last of the keypoints: hip to toe of both legs."""
UNTRIED = frozenset({"contact_time_ms", "flight_time_ms", "duty_factor", "asymmetry_contact_time_pct",
                     "asymmetry_flight_time_pct", "flight_distance_m", "take_off_angle_deg", "vertical_oscillation_cm",
                     "vertical_oscillation_leg", "vertical_ratio_pct"})  # fmt: skip
"""What the moments of strike and toe-off decide, and the bounce, whose truth is no marker's: the error of a camera."""
AT_MOMENTS = ("at_strike", "at_toe_off", "before_strike", "foot_strike")
"""Parts of the ids of what is read at strike or toe-off."""
LEAST = {"deg": 1.0, "leg": 0.006, "cm": 0.5, "m": 0.005}
"""Standard deviation by unit of what skin adds: a marker slides by 5 to 30 mm over its bone (Leardini et al. 2005, doi
10.1016/j.gaitpost.2004.05.002); 5 mm turn a shank of 0.4 m by 0.7 degrees and a foot by 1.2."""
HEAD = (
    "# Standard deviations of the error of each measure read from markers; midstance.uncertainty.Error says what they\n"
    "# are. Made by `python -m validation.markers --write`; what is not here has the error of data/accuracy.toml.\n"
)


def rows() -> Iterator[Compared | float]:
    """Every measure of every trial beside its truth, and the errors of strike and toe-off in seconds."""
    for path in (path for folder in FOLDERS for path in sorted(folder.glob("*.npz"))):
        trial = read_trial(path)
        begin = float(trial.time_s[0]) + (START_S if trial.time_s[-1] - trial.time_s[0] > LENGTH_S else 0.0)
        trial = cut(trial, begin, LENGTH_S)
        if not np.isfinite(trial.points[:, -LEGS:]).any(axis=(0, 2)).all():
            continue
        try:
            track, view = followed(trial)
        except Refused:
            continue
        yield from _of_trial(trial, track, view)


def followed(trial: Trial) -> tuple[Track, View]:
    """The track and view of a trial, as its file of points would give them. Raises Refused."""
    rate_hz = 1 / float(np.median(np.diff(trial.time_s)))
    poses = filmed(trial, rate_hz, np.random.default_rng(0), noise_m=0.0)
    people = poses.people[0]
    xy, absent = filled_in(people.xy[None])
    poses = replace(
        poses, people=(Person(xy=xy[0], confidence=people.confidence),), seen_by="markers", joint_centres=True,
        square=True, px_per_m=PX_PER_M, absent=absent,
    )  # fmt: skip
    return follow_scenes(_clip(trial, poses, rate_hz), poses)[0].followed


def _clip(trial: Trial, poses: Poses, rate_hz: float) -> Clip:
    path = Path(trial.name)
    return Clip(path=path, sha256="", width=poses.width, height=poses.height, time_s=poses.time_s, rate_hz=rate_hz,
                variable_rate=False, rotation_deg=0, points=path)  # fmt: skip


def _of_trial(trial: Trial, track: Track, view: View) -> Iterator[Compared | float]:
    pairs = paired(find_contacts(track, view), trial.contacts)
    if len(pairs) < 3:
        return
    contacts = tuple(found for found, _ in pairs)
    true = with_true_times(pairs)
    yield from (f.strike_s - t.strike_s for f, t in zip(contacts, true, strict=True))
    yield from (f.toe_off_s - t.toe_off_s for f, t in zip(contacts, true, strict=True))
    run = Run(track=track, contacts=contacts, view=measure_scale(view, track, contacts))
    truth = {(m.id, m.side): m.value for m in as_seen(_exact(trial, true, run)).measures}
    for m in as_seen(run).measures:
        if (m.id, m.side) in truth and m.id not in UNTRIED and not needs_absent(m.id, track.absent):
            here: Side = run.near if m.side == "both" else m.side
            definition = BY_ID[m.id]
            yield Compared(
                clip=trial.name, body=trial.name.split("_")[0], leg=leg_of(run, here), rate_hz=track.rate_hz, found=m,
                true=truth[m.id, m.side], strides=(Strides(m.id, np.array([s.value for s in m.samples])),),
                carried=carried(definition, run.view, m.value) if definition.read else 0.0, widened=1.0,
            )  # fmt: skip


def _exact(trial: Trial, contacts: tuple[Contact, ...], run: Run) -> Run:
    """The same strides read from the bare points at the contacts of the plate."""
    track = make_track(trial.time_s, trial.points, side=run.near)
    metres = float(np.median(track.leg_px)) / PX_PER_M
    view = replace(run.view, scale_m_per_leg=metres, scale_uncertainty=0.0, speed_mps=trial.speed_mps,
                   speed_uncertainty_mps=0.0)  # fmt: skip
    return Run(track=track, contacts=contacts, view=view)


def errors(found: Sequence[Compared], moments_s: Sequence[float]) -> dict[str, Error]:
    """The error of every measure, that at strike and toe-off widened to runners left out of the fit."""
    wider = max(1.0, UNCERTAINTY_S["near"] / (HALF_WIDTH * float(np.std(moments_s))))
    return {name: on_skin(name, error, wider) for name, error in calibrated(found).items()}


def on_skin(name: str, error: Error, wider: float) -> Error:
    """The error with that of the moment widened, and with what skin adds."""
    factor = wider if any(part in name for part in AT_MOMENTS) else 1.0
    least = LEAST.get(BY_ID[name].unit, 0.0)
    near, far = (float(np.hypot(factor * each, least)) for each in (error.near, error.far))
    return replace(error, near=near, far=far)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write data/accuracy_markers.toml")
    every = list(rows())
    found = [row for row in every if isinstance(row, Compared)]
    moments_s = [row for row in every if isinstance(row, float)]
    print(f"{len({row.clip for row in found})} trials, {len(moments_s)} moments, SD {1000 * np.std(moments_s):.1f} ms")
    fitted = errors(found, moments_s)
    for name, error in fitted.items():
        print(f"{name:45} near {error.near:.3g} far {error.far:.3g} stride {error.stride:.3g}")
    if parser.parse_args().write:
        table = as_toml(fitted).split("\n\n", 1)[1]
        OUT.write_text(f"{HEAD}\n{table}", encoding="utf-8")


if __name__ == "__main__":
    main()
