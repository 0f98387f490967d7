"""Tracks with known contacts in, the rules of data/contacts.toml out, with their errors on runners left out.

    python -m validation.fit_contacts --motions MOTIONS [--write]

Three kinds of tracks, so that the rule leans on none: force-plate trials (shared/truth, and $MIDSTANCE_PLATES of the
same form); rendered clips seen through the pose model (validation/render.py); and generated motion without pictures
(MOTIONS: <name>.npz with t, xy, con, as validation/generate_motions.py writes them). `--write` also keeps the errors
on runners left out, for the tables (validation/left_out.py).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from midstance.errors import Refused
from midstance.gait import events
from midstance.gait.events import Event, Foot, Rule
from midstance.model import Floats, Side, Track
from midstance.skeleton import INDEX, SIDES
from validation.cases import SHARED, Case, cases, rendered
from validation.force_plate import Trial, TrueContact, as_track, square_to, trials
from validation.left_out import LeftOut, rows, table, write

OFFSETS_S = np.arange(-60, 61, 20) / 1000
MIXTURES = 16
RIDGE = 0.03
LARGEST = 6.0
LOOKS_S = np.arange(-30, 31, 10) / 1000
"""The rule learns from moments this far off."""
SHARE = {"force_plate": 0.4, "rendered": 0.2, "generated": 0.4}
FOLDS = 5
"""Rendered and generated runners are left out in this many groups."""
NOISE_M = {"force_plate": 0.01, "generated": 0.005}
RATES_HZ = (240, 120, 60, 30)
PLACED = {"heel": (0.10, 0.05), "toe": (0.12, 0.06)}
"""Spread of where a marker sits, along and across the foot, in foot lengths."""
HELD_OUT = ("new_", "ct_", "stride_", "val")
"""Films that no fit may see."""
LONGEST_S = 9.0
"""No more than so much of a trial is used."""
SHORTENED = (0.75, 1.0)
"""Where the toe of a trial without a marker there is read, from heel to the tip of the stiff shoe: ball to tip."""
SWAPPED = ("bmc_overground_2p7ms", "right")
"""A foot whose toe markers change places from frame to frame."""
OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "contacts.toml"


@dataclass(frozen=True)
class Source:
    """A track with its true contacts.

    landing  of a force-plate trial: on the heel, or on the ball or the whole of the foot (ball)
    """

    kind: str
    runner: str
    track: Track
    contacts: tuple[TrueContact, ...]
    sides: tuple[Side, ...] = SIDES
    clock_s: tuple[float, float] = (0.0, 0.0)
    landing: str = ""


@dataclass(frozen=True)
class Example:
    """One true event of one foot.

    clock_s  what to add to true_s to have it on the clock of the points
    looks    (look, signal x sample) what the rule sees LOOKS_S away from it; NaN where it sees nothing
    """

    source: Source
    near: bool
    foot: Foot
    pass_s: float
    true_s: float
    clock_s: float
    looks: Floats

    @property
    def who(self) -> tuple[str, str]:
        """Kind and runner."""
        return self.source.kind, self.source.runner


def examples(event: Event, sources: Iterable[Source]) -> list[Example]:
    return [e for s in sources for side in s.sides for e in _examples_of(event, s, side)]


def _examples_of(event: Event, source: Source, side: Side) -> Iterator[Example]:
    track, foot = source.track, Foot(source.track, side)
    for pass_s in foot.passes_s:
        for contact in source.contacts:
            if contact.side != side or not contact.strike_s < pass_s < contact.toe_off_s:
                continue
            true = contact.strike_s if event == "strike" else contact.toe_off_s
            if track.time_s[0] + 0.1 < true < track.time_s[-1] - 0.1:
                near, clock = side == track.near_side, source.clock_s[event == "toe_off"]
                looks = foot.signals(true + clock + LOOKS_S[:, None] + OFFSETS_S, pass_s)
                yield Example(source, near, foot, pass_s, true, clock, looks)


def force_plate_sources(folders: Iterable[Path]) -> Iterator[Source]:
    """Every trial at every rate, once with its markers as they are and once with markers placed elsewhere."""
    for trial in (trial for folder in folders for trial in trials(folder)):
        runner = trial.name.split("_treadmill")[0].split("_overground")[0]
        sides: tuple[Side, ...] = tuple(s for s in SIDES if (trial.name, s) != SWAPPED)
        for rate in RATES_HZ:
            for moved in (False, True):
                rng = np.random.default_rng([100 + moved, rate])
                points = trial.points if trial.toe_marked else shortened(trial.points, rng)
                points = placed(points, rng) if moved else points
                track = as_track(beginning(replace(trial, points=points)), rate, rng, noise_m=NOISE_M["force_plate"])
                landing = "heel" if trial.heel_first else "ball"
                yield Source("force_plate", runner, track, trial.contacts, sides, trial.clock_s, landing)


def beginning(trial: Trial) -> Trial:
    """The first LONGEST_S of a trial."""
    kept = trial.time_s <= trial.time_s[0] + LONGEST_S
    return replace(trial, time_s=trial.time_s[kept], points=trial.points[kept])


def shortened(points: Floats, rng: np.random.Generator) -> Floats:
    """The same feet with the toe somewhere between ball and tip."""
    moved, share = points.copy(), rng.uniform(*SHORTENED)
    for side in SIDES:
        heel, toe = (points[:, INDEX[f"{side}_{name}"]] for name in ("heel", "toe"))
        moved[:, INDEX[f"{side}_toe"]] = heel + share * (toe - heel)
    return moved


def placed(points: Floats, rng: np.random.Generator) -> Floats:
    """The same feet with heel and toe marked at other places of the shoe."""
    moved = points.copy()
    for side in SIDES:
        along = points[:, INDEX[f"{side}_toe"]] - points[:, INDEX[f"{side}_heel"]]
        across = square_to(along)
        for name, spread in PLACED.items():
            a, b = rng.normal(size=2) * spread
            moved[:, INDEX[f"{side}_{name}"]] += a * along + b * across
    return moved


def generated_sources(folder: Path) -> Iterator[Source]:
    for i, path in enumerate(sorted(folder.glob("*.npz"))):
        motion = np.load(path)
        rng = np.random.default_rng(i)
        points = placed(motion["xy"].astype(float), rng)
        contacts = tuple(TrueContact("left" if left else "right", a, b) for left, a, b in motion["con"])
        trial = Trial(path.stem, motion["t"], points, contacts, float(motion["v"]), treadmill=True)
        track = as_track(trial, (60, 120, 30, 60, 240)[i % 5], rng, noise_m=NOISE_M["generated"])
        yield Source("generated", trial.name, track, contacts)


def rendered_sources(chosen: Iterable[Case]) -> Iterator[Source]:
    """Every film from the side that is not held out and states its contacts right, through the pose model."""
    for case in chosen:
        from_side = case.truth["view"] in ("left", "right")
        if not from_side or not case.stated_strike_is_right or case.name.startswith(HELD_OUT):
            continue
        try:
            if case.view.plane == "side":
                yield Source("rendered", case.name, case.track, true_contacts(case.truth))
        except Refused as refused:
            print(f"{case.name}: {refused.reason}")


def true_contacts(truth: dict[str, object]) -> tuple[TrueContact, ...]:
    """Contacts of the subject of a rendered clip."""
    subject = truth["people"][0]  # type: ignore[index]
    return tuple(
        TrueContact(side, a, b)
        for side, letter in zip(SIDES, "LR", strict=True)
        for a, b in subject["contact_intervals_s"][letter]
    )


def fit(some: list[Example]) -> Rule:
    """Ridge regression of the distance to the event on the signals, and on products of their main mixtures."""
    x = np.concatenate([e.looks for e in some])
    y = np.tile(-LOOKS_S, len(some))
    weight = np.repeat(_weights(some), len(LOOKS_S))
    seen = np.isfinite(x).all(axis=1)
    x, y, weight = x[seen], y[seen], weight[seen] / weight[seen].sum()
    mean = weight @ x
    sd = np.sqrt(weight @ (x - mean) ** 2)
    z = (x - mean) / sd
    size, axes = np.linalg.eigh(z.T @ (weight[:, None] * z))
    mixtures = (axes / np.sqrt(size)).T[::-1][:MIXTURES] / sd
    columns = np.concatenate([z, events.products_of_pairs((x - mean) @ mixtures.T, LARGEST)], axis=1)
    middle = weight @ columns
    centred = columns - middle
    normal = centred.T @ (centred * weight[:, None]) + RIDGE * np.eye(columns.shape[1])
    slope = np.linalg.solve(normal, centred.T @ (weight * (y - weight @ y)))
    linear = slope[: x.shape[1]] / sd
    constant = weight @ y - middle @ slope
    return Rule(OFFSETS_S, mean, linear, mixtures, slope[x.shape[1] :], float(constant), LARGEST)


def _weights(some: list[Example]) -> Floats:
    """Every kind has its share, and every force-plate runner the same."""
    keys = [e.who if e.source.kind == "force_plate" else (e.source.kind, "") for e in some]
    counts = {key: keys.count(key) for key in set(keys)}
    runners = {kind: sum(k == kind for k, _ in counts) for kind, _ in counts}
    return np.array([SHARE[key[0]] / runners[key[0]] / counts[key] for key in keys])


def errors(rule: Rule, event: Event, some: list[Example]) -> list[LeftOut]:
    found = []
    for e in some:
        moment = events.find_event(e.foot, e.pass_s, event, rule)
        error, clock = 1000 * (moment - e.true_s), 1000 * e.clock_s
        found.append(LeftOut(event, *e.who, e.near, e.source.track.rate_hz, error, clock, e.source.landing))
    return found


def left_out(event: Event, some: list[Example]) -> list[LeftOut]:
    """Errors on each force-plate runner and on each fifth of the others by rules that never saw them."""
    runners = sorted({e.who for e in some})
    groups = [[r] for r in runners if r[0] == "force_plate"]
    rest = [r for r in runners if r[0] != "force_plate"]
    groups += [rest[i::FOLDS] for i in range(FOLDS)]
    found = []
    for group in groups:
        rule = fit([e for e in some if e.who not in group])
        found += errors(rule, event, [e for e in some if e.who in group])
    return found


def widths(unseen: list[LeftOut]) -> Iterator[str]:
    """How far 95 % of the events of real runners left out are off at most: what events.UNCERTAINTY_S must say."""
    for rate in RATES_HZ:
        for near in (True, False):
            off = [abs(e.error_ms - e.clock_ms) for e in unseen
                   if e.kind == "force_plate" and e.near == near and round(e.rate_hz) == rate]  # fmt: skip
            yield f"{rate} frames/s, {'near' if near else 'far'} foot: 95 % within {np.nanquantile(off, 0.95):.1f} ms"


def as_toml(name: str, rule: Rule) -> str:
    def row(values: Floats) -> str:
        return "[" + ", ".join(f"{v:.5g}" for v in values) + "]"

    mixtures = ",\n  ".join(row(m) for m in rule.mixtures)
    return (
        f"[{name}]\noffsets_s = {row(rule.offsets_s)}\nconstant = {rule.constant:.6g}\nlargest = {rule.largest}\n"
        f"mean = {row(rule.mean)}\nlinear = {row(rule.linear)}\nquadratic = {row(rule.quadratic)}\n"
        f"mixtures = [\n  {mixtures},\n]\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--motions", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folders = [SHARED / "truth"]
    folders += [Path(os.environ["MIDSTANCE_PLATES"])] if "MIDSTANCE_PLATES" in os.environ else []
    sources = [
        *force_plate_sources(folders),
        *rendered_sources(cases() + rendered()),
        *generated_sources(options.motions),
    ]
    text = "# How far strike and toe-off are from a moment; made by validation/fit_contacts.py, for gait/events.py.\n"
    unseen: list[LeftOut] = []
    for event in ("strike", "toe_off"):
        some = examples(event, sources)
        unseen += left_out(event, some)
        rule = fit(some)
        print("\n".join(["Seen by the fit:", *table(rows(errors(rule, event, some))), ""]), flush=True)
        text += "\n" + as_toml(event, rule)
    print("\n".join(["Left out of the fit:", *table(rows(unseen)), "", *widths(unseen)]))
    if options.write:
        OUT.write_text(text)
        write(unseen)


if __name__ == "__main__":
    main()
