"""Tracks with known contacts in, the rules of data/contacts.toml out, with their errors on runners left out.

    python validation/fit_contacts.py [SHARED] --tracks TRACKS --motions MOTIONS [--write]

Three kinds of tracks, so that the rule leans on none: force-plate trials (SHARED/truth); rendered clips seen through
the pose model (TRACKS: <clip>.pkl with (Track, View), <clip>.json with the truth); and generated motion without
pictures (MOTIONS: <name>.npz with t, xy, con, as validation/generate_motions.py writes them).
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from midstance import events
from midstance.events import Event, Foot, Rule
from midstance.model import Floats, Track
from midstance.skeleton import SIDES
from validation.force_plate import Trial, TrueContact, as_track, shared_folder, trials

OFFSETS_S = np.arange(-60, 61, 20) / 1000
MIXTURES = 6
RIDGE = 0.03
LARGEST = 6.0
SPREAD_S = 0.030
"""The rule learns from moments this far off at most."""
LOOKS = 3
SHARE = {"force_plate": 0.3, "rendered": 0.4, "generated": 0.3}
OUT_OF_STEP = "bmc"
"""A trial whose force comes 30 to 40 ms before its motion at both events (docs/decisions/contacts.md)."""
NOISE_M = {"force_plate": 0.01, "generated": 0.005}
OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "contacts.toml"


@dataclass(frozen=True)
class Example:
    """One true event of one foot."""

    kind: str
    runner: str
    foot: Foot
    pass_s: float
    true_s: float


def examples(event: Event, sources: list[tuple[str, str, Track, tuple[TrueContact, ...]]]) -> list[Example]:
    found = []
    for kind, runner, track, contacts in sources:
        for side in SIDES:
            foot = Foot(track, side)
            for pass_s in foot.passes_s:
                for contact in contacts:
                    if contact.side == side and contact.strike_s < pass_s < contact.toe_off_s:
                        true = contact.strike_s if event == "strike" else contact.toe_off_s
                        if track.time_s[0] + 0.1 < true < track.time_s[-1] - 0.1:
                            found.append(Example(kind, runner, foot, pass_s, true))
    return found


def force_plate_sources(folder: Path, seeds: int) -> Iterator[tuple[str, str, Track, tuple[TrueContact, ...]]]:
    for trial in trials(folder):
        if trial.name.startswith(OUT_OF_STEP):
            continue
        for rate in (240, 120, 60, 30):
            for seed in range(seeds):
                rng = np.random.default_rng([seed + 100, rate])
                track = as_track(trial, rate, rng, noise_m=NOISE_M["force_plate"])
                yield "force_plate", trial.name.removesuffix("_markers").split("_treadmill")[0], track, trial.contacts


def generated_sources(folder: Path) -> Iterator[tuple[str, str, Track, tuple[TrueContact, ...]]]:
    for i, path in enumerate(sorted(folder.glob("*.npz"))):
        motion = np.load(path)
        contacts = tuple(TrueContact("left" if left else "right", a, b) for left, a, b in motion["con"])
        trial = Trial(path.stem, motion["t"], motion["xy"].astype(float), contacts, float(motion["v"]), treadmill=True)
        rate = (60, 120, 30, 60)[i % 4]
        track = as_track(trial, rate, np.random.default_rng(i), noise_m=NOISE_M["generated"])
        yield "generated", trial.name, track, contacts


def rendered_sources(folder: Path) -> Iterator[tuple[str, str, Track, tuple[TrueContact, ...]]]:
    for path in sorted(folder.glob("*.pkl")):
        truth = path.with_suffix(".json")
        if not truth.exists():
            continue
        with path.open("rb") as file:
            track, view = pickle.load(file)  # noqa: S301 - written by our own validation/accuracy.py
        if view.plane == "side":
            yield "rendered", path.stem, track, true_contacts(json.loads(truth.read_text()))


def true_contacts(truth: dict[str, object]) -> tuple[TrueContact, ...]:
    """Contacts of the subject of a rendered clip."""
    subject = truth["people"][0]  # type: ignore[index]
    return tuple(
        TrueContact(side, a, b)
        for side, letter in zip(SIDES, "LR", strict=True)
        for a, b in subject["contact_intervals_s"][letter]
    )


def fit(some: list[Example], rng: np.random.Generator) -> Rule:
    """Ridge regression of the distance to the event on the signals, and on products of their main mixtures."""
    looks = [(e, float(off)) for e in some for off in rng.uniform(-SPREAD_S, SPREAD_S, LOOKS)]
    x = np.array([e.foot.signals(e.true_s - off + OFFSETS_S, e.pass_s) for e, off in looks])
    y = np.array([off for _, off in looks])
    weight = _weights([e for e, _ in looks])
    seen = np.isfinite(x).all(axis=1)
    x, y, weight = x[seen], y[seen], weight[seen] / weight[seen].sum()
    mean = weight @ x
    sd = x.std(axis=0)
    z = (x - mean) / sd
    _, size, axes = np.linalg.svd(np.sqrt(weight)[:, None] * z, full_matrices=False)
    mixtures = axes[:MIXTURES] / size[:MIXTURES, None] / sd
    columns = np.concatenate([z, events.pairs((x - mean) @ mixtures.T, LARGEST)], axis=1)
    middle = weight @ columns
    centred = columns - middle
    normal = centred.T @ (centred * weight[:, None]) + RIDGE * np.eye(columns.shape[1])
    slope = np.linalg.solve(normal, centred.T @ (weight * (y - weight @ y)))
    linear = slope[: x.shape[1]] / sd
    constant = weight @ y - middle @ slope
    return Rule(OFFSETS_S, mean, linear, mixtures, slope[x.shape[1] :], float(constant), LARGEST)


def _weights(some: list[Example]) -> Floats:
    """Every kind has its share, and every force-plate runner the same."""
    keys = [(e.kind, e.runner if e.kind == "force_plate" else "") for e in some]
    counts = {key: keys.count(key) for key in set(keys)}
    runners = {kind: sum(k == kind for k, _ in counts) for kind, _ in counts}
    return np.array([SHARE[key[0]] / runners[key[0]] / counts[key] for key in keys])


def errors(rule: Rule, event: Event, some: list[Example]) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    for e in some:
        moment = events.settle(rule, e.foot, e.pass_s, events.rough_event(e.foot, e.pass_s, event))
        found.setdefault((e.kind, e.runner), []).append(1000 * (moment - e.true_s))
    return found


def left_out(event: Event, some: list[Example], rng: np.random.Generator) -> dict[tuple[str, str], list[float]]:
    """Errors on each force-plate runner and on each fifth of the others by rules that never saw them."""
    runners = sorted({(e.kind, e.runner) for e in some})
    groups = [[r] for r in runners if r[0] == "force_plate"]
    rest = [r for r in runners if r[0] != "force_plate"]
    groups += [rest[i::5] for i in range(5)]
    found: dict[tuple[str, str], list[float]] = {}
    for group in groups:
        rule = fit([e for e in some if (e.kind, e.runner) not in group], rng)
        found |= errors(rule, event, [e for e in some if (e.kind, e.runner) in group])
    return found


def tell(title: str, found: dict[tuple[str, str], list[float]]) -> None:
    for kind in SHARE:
        mine = {runner: np.array(v) for (k, runner), v in found.items() if k == kind}
        if mine:
            pooled = np.concatenate(list(mine.values()))
            spread = np.std([np.nanmean(v) for v in mine.values()])
            rmse = np.sqrt(np.nanmean(pooled**2))
            lost = int(np.isnan(pooled).sum())
            print(
                f"{title:28s} {kind:12s} n {len(pooled):5d} lost {lost:3d} bias {np.nanmean(pooled):+5.1f} "
                f"bias between runners {spread:4.1f} RMSE {rmse:5.1f} ms"
            )


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
    parser.add_argument("shared", nargs="?")
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--motions", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true", help="do not fit again with runners left out")
    options = parser.parse_args()
    sources = [
        *force_plate_sources(shared_folder(options.shared) / "truth", seeds=2),
        *rendered_sources(options.tracks),
        *generated_sources(options.motions),
    ]
    text = "# How far strike and toe-off are from a moment; made by validation/fit_contacts.py, read by events.py.\n"
    for event in ("strike", "toe_off"):
        some = examples(event, sources)
        rng = np.random.default_rng(0)
        if not options.quick:
            tell(f"{event}, runner left out", left_out(event, some, rng))
        rule = fit(some, rng)
        tell(f"{event}, fitted", errors(rule, event, some))
        text += "\n" + as_toml(event, rule)
    if options.write:
        OUT.write_text(text)


if __name__ == "__main__":
    main()
