"""Put what is read at the strike beside its truth, as smoothed and with its corner: marker trials and rendered films.

    python -m validation "At the strike"     the table
    python -m validation.strike              own errors of what is read at the strike, into data/accuracy.toml

The markers of a trial are projected to pixels, thinned to a phone's frame rate and noised, and then go the whole way
that the points of a film go: the legs are repaired, contacts found, measures read. Truth is read from the markers at
their own 100 to 250 Hz, at the contacts of the force plate. Only films of the digital runner's norms 1 take part: under
norms 2 the stated contact is some 13 ms early (docs/decisions/strike.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import as_seen
from midstance.measures.run import Run
from midstance.model import CameraMotion, Contact, Floats, Measure, MeasureSide, Person, PoseModel, Poses
from midstance.skeleton import INDEX, KEYPOINTS, SIDES
from midstance.tracking.follow import follow_runner
from midstance.uncertainty import Error, accuracy
from validation.accuracy import OUT, compared
from validation.calibrate import Compared, as_toml, own_error, usual_spread
from validation.cases import RENDERED, Case, cases
from validation.force_plate import Trial, as_view, correlated_noise, leg_length, make_track, read_trial
from validation.pairs import paired

RATES_HZ = (30, 60, 120)
NOISE_M = 0.01
WINDOW_S = 3.0
PX_PER_M, MARGIN_PX = 250.0, 400.0
HEAD_M = {"nose": (0.12, 0.20), "left_ear": (0.02, 0.22), "right_ear": (0.02, 0.22)}
"""Where a trial without a head gets one, over the middle of the shoulders."""
SHOWN = (
    "shank_angle_at_strike_deg",
    "knee_flexion_at_strike_deg",
    "thigh_angle_at_strike_deg",
    "foot_strike_angle_deg",
    "foot_ahead_of_hip_at_strike_leg",
    "foot_forward_speed_at_strike_ratio",
    "hip_extension_velocity_at_strike_dps",
    "foot_pitch_before_strike_deg",
    "shank_sweep_before_strike_deg",
    "knee_flexion_at_toe_off_deg",
    "thigh_extension_at_toe_off_deg",
    "contact_time_ms",
    "flight_time_ms",
    "take_off_angle_deg",
)
AT_STRIKE = (
    "shank_angle_at_strike_deg",
    "knee_flexion_at_strike_deg",
    "thigh_angle_at_strike_deg",
    "foot_strike_angle_deg",
    "shank_sweep_before_strike_deg",
    "asymmetry_shank_angle_at_strike_deg",
    "asymmetry_foot_strike_angle_deg",
)
"""What the corner changes by more than a tenth of its error."""
LEFT_OUT_BODIES = ("erik", "fay")
"""Bodies of films that no setting of measures/landing.py was chosen on; of the marker trials every second runner."""


@dataclass(frozen=True)
class Row:
    """One measure of one foot: its truth, as read from the smoothed curve, and as read with its corner.

    kind        of film or trial
    half_width  of the stated 95 % interval
    """

    kind: str
    measure: str
    true: float
    smoothed: float
    found: float
    half_width: float


# -- marker trials ---------------------------------------------------------------------------------------------------


def marker_rows(folders: Iterable[Path]) -> Iterator[Row]:
    """Rows of every trial, each at one of the frame rates in turn."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.npz"))]
    for i, path in enumerate(paths):
        trial = read_trial(path)
        span = float(trial.time_s[-1] - trial.time_s[0])
        start = float(trial.time_s[0]) + max(0.0, min(span - WINDOW_S, 0.5 + (1.7 * i) % 6))
        yield from trial_rows(cut(trial, start, WINDOW_S), RATES_HZ[i % 3], np.random.default_rng(i), kind_of(path))


def kind_of(path: Path) -> str:
    """The name of the group of runners that a trial belongs to."""
    digits = "".join(c for c in path.stem.split("_")[0] if c.isdigit())
    if not path.stem.startswith("rbds"):
        return "markers, other laboratories (left out)"
    return "markers, belt (chosen on)" if int(digits) % 2 else "markers, belt (left out)"


def cut(trial: Trial, start_s: float, length_s: float) -> Trial:
    """A few seconds of a trial that begin at 0, with the contacts wholly inside on the clock of the points."""
    keep = (trial.time_s >= start_s) & (trial.time_s <= start_s + length_s)
    time_s = trial.time_s[keep]
    moved = [c.later((trial.clock_s[0] - time_s[0], trial.clock_s[1] - time_s[0])) for c in trial.contacts]
    inside = tuple(c for c in moved if c.strike_s > 0.02 and c.toe_off_s < time_s[-1] - time_s[0] - 0.02)
    return replace(trial, time_s=time_s - time_s[0], points=trial.points[keep], contacts=inside, clock_s=(0.0, 0.0))


def filmed(trial: Trial, rate_hz: float, rng: np.random.Generator, *, noise_m: float = NOISE_M) -> Poses:
    """What a pose model without an error of its own would draw of a trial, each point noised."""
    time_s = np.arange(rng.uniform() / rate_hz, trial.time_s[-1], 1 / rate_hz)
    xy = np.full((len(time_s), len(KEYPOINTS), 2), np.nan)
    for k in range(len(KEYPOINTS)):
        xy[:, k] = np.stack([np.interp(time_s, trial.time_s, trial.points[:, k, axis]) for axis in (0, 1)], -1)
    xy += correlated_noise(xy.shape, time_s, rng) * noise_m
    shoulders = np.mean([xy[:, INDEX[f"{side}_shoulder"]] for side in SIDES], axis=0)
    for name, over in HEAD_M.items():
        xy[:, INDEX[name]] = shoulders + over
    low = np.nanmin(xy.reshape(-1, 2) * [1, -1], axis=0)
    px = (xy * [1, -1] - low) * PX_PER_M + MARGIN_PX
    width, height = (int(size + MARGIN_PX) for size in np.nanmax(px.reshape(-1, 2), axis=0))
    still = CameraMotion(
        to_first=np.tile(np.eye(2, 3), (len(time_s), 1, 1)),
        quality=np.ones(len(time_s)),
        cut=np.zeros(len(time_s), bool),
    )
    person = Person(xy=px, confidence=np.isfinite(px[..., 0]).astype(float))
    model = PoseModel(backend="markers", model="markers", weights_sha256="")
    return Poses(model=model, time_s=time_s, width=width, height=height, people=(person,), camera=still)


def trial_rows(trial: Trial, rate_hz: float, rng: np.random.Generator, kind: str) -> Iterator[Row]:
    """Rows of one trial at one frame rate; none where it is too short to be followed."""
    try:
        track = replace(follow_runner(filmed(trial, rate_hz, rng)), bias_removed=True)
    except Refused:
        return
    view = replace(as_view(trial), scale_m_per_leg=leg_length(trial.points), scale_uncertainty=0.0,
                   speed_mps=trial.speed_mps, speed_uncertainty_mps=0.0)  # fmt: skip
    pairs = paired(find_contacts(track, view), _exact(trial))
    if len(pairs) < 3:
        return
    found, true = (tuple(c) for c in zip(*pairs, strict=True))
    run = Run(track=track, contacts=found, view=view)
    exact = Run(track=make_track(trial.time_s, trial.points, side="right"), contacts=true, view=view)
    truth = {(m.id, m.side): m.value for m in as_seen(exact).measures}
    yield from _rows(kind, run, as_seen(run).measures, truth)


def _exact(trial: Trial) -> list[Contact]:
    return [
        Contact(side="left" if c.side == "left" else "right", strike_s=float(c.strike_s), toe_off_s=float(c.toe_off_s),
                uncertainty_s=0.0, strike_frame=0, toe_off_frame=0)
        for c in trial.contacts
    ]  # fmt: skip


def _rows(kind: str, run: Run, found: Iterable[Measure], truth: dict[tuple[str, MeasureSide], float]) -> Iterator[Row]:
    smooth = smoothed(run)
    for m in found:
        if m.id in SHOWN and (m.id, m.side) in truth:
            yield Row(kind, m.id, truth[m.id, m.side], smooth[m.id, m.side], m.value, m.uncertainty)


def smoothed(run: Run) -> dict[tuple[str, MeasureSide], float]:
    """What is read from the same run without corners."""
    without = Run(track=replace(run.track, smoothed_away=None), contacts=run.contacts, view=run.view)
    return {(m.id, m.side): m.value for m in as_seen(without).measures}


# -- films -----------------------------------------------------------------------------------------------------------


def film_rows(films: Sequence[Case]) -> Iterator[Row]:
    """Rows of every rendered film; the intervals of AT_STRIKE come from errors fitted without its body."""
    seen = compared(films)
    clips = {row.clip for row in seen}
    before = {film.name: smoothed(run_of(film)) for film in films if film.name in clips}
    for body in sorted({row.body for row in seen}):
        errors = refitted([row for row in seen if row.body != body])
        kind = "films (left out)" if body in LEFT_OUT_BODIES else "films (chosen on)"
        for row in seen:
            found = row.found
            if row.body == body and found.id in SHOWN:
                half_width = row.half_width(errors) if found.id in AT_STRIKE else found.uncertainty
                yield Row(kind, found.id, row.true, before[row.clip][found.id, found.side], found.value, half_width)


def run_of(film: Case) -> Run:
    """The run of a film whose runner's height is known."""
    contacts = find_contacts(film.track, film.view)
    view = measure_scale(film.view, film.track, contacts, height_m=film.truth["people"][0]["height_m"])
    return Run(track=film.track, contacts=contacts, view=view)


def shows_strikes(film: Case) -> bool:
    """Whether a film is a square side view of the renderer's first norms, whose stated contact is right."""
    return film.truth["view"] in ("left", "right") and film.stated_strike_is_right


# -- the table -------------------------------------------------------------------------------------------------------


def table(rows: Sequence[Row]) -> Iterator[str]:
    """One line for each measure and kind of runner; before is as smoothed, after is with the corner."""
    yield "| measure | runners | n | bias before | now | MAE before | now | slope before | now | half width | held |"
    yield "|---" * 11 + "|"
    for measure in SHOWN:
        for kind in dict.fromkeys(row.kind for row in rows):
            mine = [row for row in rows if (row.measure, row.kind) == (measure, kind)]
            if mine:
                yield _line(f"{measure} | {kind}", mine)


def _line(label: str, rows: Sequence[Row]) -> str:
    true, smooth, found, half = (
        np.array([getattr(row, name) for row in rows]) for name in ("true", "smoothed", "found", "half_width")
    )
    seen = np.isfinite(true) & np.isfinite(smooth) & np.isfinite(found)
    true, smooth, found, half = true[seen], smooth[seen], found[seen], half[seen]
    both = [_figures(values, true) for values in (smooth, found)]
    cells = [f"{a} | {b}" for a, b in zip(*both, strict=True)]
    held = 100 * np.mean(np.abs(found - true) <= half)
    return f"| {label} | {len(true)} | {' | '.join(cells)} | {np.median(half):.3g} | {held:.0f} % |"


def _figures(values: Floats, true: Floats) -> tuple[str, str, str]:
    """Bias, mean absolute error, and slope of measured against true."""
    slope = np.polyfit(true, values, 1)[0] if len(true) > 2 else np.nan
    return f"{np.mean(values - true):+.3g}", f"{np.mean(np.abs(values - true)):.3g}", f"{slope:.2f}"


# -- own errors ------------------------------------------------------------------------------------------------------


def refitted(rows: Sequence[Compared]) -> dict[str, Error]:
    """Own errors of AT_STRIKE from films whose stated contact is right, alike for both legs; all others as known."""
    spreads = {name: Error(stride=usual_spread(of(name, rows))) for name in {row.found.id for row in rows}}
    errors = dict(accuracy())
    for name in AT_STRIKE:
        own = own_error([replace(row, leg="near") for row in of(name, rows)], spreads)
        errors[name] = replace(own, far=own.near) if np.isfinite(errors[name].far) else own
    return errors


def of(name: str, rows: Sequence[Compared]) -> list[Compared]:
    """The rows of one measure."""
    return [row for row in rows if row.found.id == name]


def main() -> None:
    """Print the own errors of what is read at the strike, and write them into data/accuracy.toml."""
    films = [film for film in cases() + cases(RENDERED) if shows_strikes(film)]
    errors = refitted(compared(films))
    for name in AT_STRIKE:
        print(f"{len(films)} films, {name}: {accuracy()[name]} becomes {errors[name]}")
    OUT.write_text(as_toml(errors), encoding="utf-8")


if __name__ == "__main__":
    main()
