"""Does comparing tell change from chance, and does it tell the article's story? python -m validation.progress

Simulated pairs: strides are drawn with a spread, their mean is moved by an error of the camera, and the error is told
as the measures tell it (midstance.uncertainty). The article's three strides (validation/strides.py) are made by the
digital runner, which lies beside the project and is never part of it: first by their true measures, then, where they
were rendered, from the films.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from midstance.coaching.findings import ask_rules, with_bands
from midstance.coaching.plan import make_plan
from midstance.coaching.rules.examples import view_from
from midstance.comparison import compare, compare_series
from midstance.comparison.model import Comparison, SeriesComparison, Take, Trend
from midstance.comparison.step_length import is_clear
from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import measure
from midstance.model import Measure, PoseModel, View
from midstance.text.changes import describe_series
from midstance.uncertainty import HALF_WIDTH, combined, spread_half_width
from validation import coach, coach_truth
from validation.cases import RENDERED, SHARED, Case
from validation.strides import RUNNERS, STRIDES, name_of

# -- simulated pairs -----------------------------------------------------------------------------------------------


def simulated(rng: np.random.Generator, n: int, change: float, *, camera: float, measures: int) -> Take:
    """A take of many measures whose true mean is `change`, their strides spread by 1 around it."""
    told = []
    for i in range(measures):
        strides = change + rng.normal(0, camera) + rng.normal(0, 1, n)
        half = combined(spread_half_width(strides), HALF_WIDTH * camera)
        told.append(
            Measure(id=f"m{i}_deg", side="both", value=float(strides.mean()), sd=1.0, n=n, uncertainty=half, unit="deg")
        )
    return take("simulated", told)


def take(label: str, measures: Iterable[Measure]) -> Take:
    """A treadmill take from the side."""
    return Take(
        label=label,
        version="validation",
        pose=PoseModel(backend="truth", model="truth", weights_sha256=""),
        plane="side",
        near_side="right",
        setting="treadmill",
        rate_hz=60.0,
        speed_mps=None,
        measures=tuple(measures),
    )


def pairs(pairs_each: int = 40, measures: int = 40) -> Iterator[str]:
    """How often a change is told, by its true size."""
    yield f"{pairs_each} pairs of {measures} measures in each row. Camera error in spreads of the strides; true"
    yield "change in minimal detectable changes; sure = clear although all measures were compared at once."
    yield ""
    yield "| strides | camera error | true change | no clear change | found, right way | sure |"
    yield "|---|---|---|---|---|---|"
    rates: dict[float, list[tuple[float, float, float]]] = {0.0: [], 1.0: [], 2.0: []}
    for n in (4, 8, 16):
        for camera in (0.2, 1.0):
            for size, found in rates.items():
                found.append(one_row((n, camera, size), pairs_each, measures))
                yield f"| {n} | {camera} | {size:g} | " + " | ".join(f"{100 * r:.1f} %" for r in found[-1]) + " |"
    yield ""
    yield f"No true change: no clear change in {100 * np.mean([r[0] for r in rates[0.0]]):.1f} % (aim 95 %)."
    yield f"Twice the minimal detectable change: found in {100 * np.mean([r[1] for r in rates[2.0]]):.1f} % (aim 90 %)."


def one_row(row: tuple[int, float, float], pairs_each: int, measures: int) -> tuple[float, float, float]:
    """Shares of: no clear change; clear and the right way; sure although many were compared."""
    n, camera, size = row
    rng = np.random.default_rng([n, int(10 * camera), int(10 * size)])

    def draw(change: float) -> Take:
        return simulated(rng, n, change, camera=camera, measures=measures)

    least = np.median([d.minimal_change or 0.0 for d in compare(draw(0), draw(0)).differences])
    told = [d for _ in range(pairs_each) for d in compare(draw(0), draw(size * least)).differences]
    return (
        float(np.mean([d.verdict == "no_clear_change" for d in told])),
        float(np.mean([is_clear(d) and d.change > 0 for d in told])),
        float(np.mean([d.surely for d in told])),
    )


# -- how it went over the takes ------------------------------------------------------------------------------------

TRUE_COURSES = {
    "no change, 3 takes": (0, 0, 0),
    "no change, 8 takes": (0, 0, 0, 0, 0, 0, 0, 0),
    "a step with the second of 3": (0, 2, 2),
    "a step with the third of 6": (0, 0, 2, 2, 2, 2),
    "a step with the second of 5, lost with the fourth": (0, 2, 2, 0, 0),
    "gradual, 6 takes": (0, 0.4, 0.8, 1.2, 1.6, 2),
}
"""True values in minimal detectable changes of two takes."""


def courses(draws: int = 400) -> Iterator[str]:
    """How what is told over several takes compares with how it truly went."""
    yield f"Over several takes, {draws} draws in each row; true changes are twice the minimal detectable change of two"
    yield "takes. Rightly: the same course, steps with the very takes they came with."
    yield ""
    yield "| true course | level | unclear | steps | gradual | rightly |"
    yield "|---|---|---|---|---|---|"
    for name, true in TRUE_COURSES.items():
        told = [_course(np.random.default_rng(draw), true) for draw in range(draws)]
        kinds = ("level", "unclear", "steps", "gradual")
        shares = [sum(trend.course == kind for trend in told) / draws for kind in kinds]
        right = sum(_told_rightly(trend, true) for trend in told) / draws
        yield f"| {name} | " + " | ".join(f"{100 * share:.0f} %" for share in (*shares, right)) + " |"


def _course(rng: np.random.Generator, true: Sequence[float]) -> Trend:
    error = HALF_WIDTH / np.sqrt(2)  # of one take, so that the minimal detectable change of two is HALF_WIDTH
    values = HALF_WIDTH * np.array(true) + rng.normal(0, 1 / np.sqrt(2), len(true))
    basic = Measure(id="m_deg", side="both", value=0.0, sd=1.0, n=8, uncertainty=error, unit="deg")
    return compare_series([take(str(i), [replace(basic, value=float(v))]) for i, v in enumerate(values)]).trends[0]


def _told_rightly(trend: Trend, true: Sequence[float]) -> bool:
    changes = np.diff(true)
    if not changes.any():
        return trend.course in ("level", "unclear")
    if changes.all():
        return trend.course == "gradual"
    return [shift.take for shift in trend.shifts] == [str(i + 1) for i in np.flatnonzero(changes)]


# -- the article's three strides -----------------------------------------------------------------------------------


def three_strides(digital_runner: Path, runner: str) -> dict[str, dict[str, Any]]:
    """The true measures of one runner's three strides, {label: {measure: {side: [[time_s, value], ...]}}}."""
    sys.path.insert(0, str(digital_runner))
    from digital_runner import truth  # type: ignore[import-not-found]
    from digital_runner.body import Body, load_assets  # type: ignore[import-not-found]
    from digital_runner.motion import Gait  # type: ignore[import-not-found]

    assets = load_assets(str(digital_runner / "assets" / "assets.npz"))
    who = RUNNERS[runner]
    body = Body(assets, who["body"], who["outfit"])
    found = {}
    for seed, (label, spec) in enumerate(STRIDES.items(), start=who["seed"] + 1):
        faults = [tuple(fault) for fault in spec["faults"]]
        gait = Gait(assets, body, who["speed"], 6.5, faults, seed, overrides=spec["overrides"], fs=500.0)
        ts, _, _, points, com, angles, _, _ = truth.clip_truth(gait, 0.0, 5.5, True)
        motion = coach_truth.Truth(ts, points, com, angles, gait.steps, who["speed"])
        found[label] = coach_truth.true_measures(motion)
    return found


def judged(label: str, true: dict[str, Any], rng: np.random.Generator, noise: float) -> Take:
    """A stride of the first runner as the coach sees it: its measures moved by a phone's error, and what follows."""
    runner = {"measures": true, "view": "side"}
    speed_mps = next(iter(RUNNERS.values()))["speed"]
    seen = coached(label, coach.measures_of(runner, rng, noise), view_from("side", speed_mps))
    return replace(seen, speed_mps=speed_mps)


def coached(label: str, measures: Iterable[Measure], view: View) -> Take:
    """A take with its bands, findings and plan."""
    measures = with_bands(measures, view)
    findings = ask_rules(measures, (), view)
    return replace(take(label, measures), findings=findings, plan=make_plan(findings, measures, view=view))


def filmed(case: Case) -> Take:
    """A rendered stride through the whole pipeline, with the runner's height known."""
    track, view = case.track, case.view
    contacts = find_contacts(track, view)
    view = measure_scale(view, track, contacts, height_m=case.truth["people"][0]["height_m"])
    seen = coached(case.name, measure(track, contacts, view).measures, view)
    return replace(seen, speed_mps=view.speed_mps if np.isfinite(view.speed_mps) else None)


def story(series: SeriesComparison) -> list[tuple[str, bool]]:
    """What the article says of the three strides, and whether it was told."""
    first, second = series.steps
    return [
        ("1: the focus is reaching", bool(first.focus and first.focus.problem == "reaching")),
        ("1 to 2: the focus moved the right way", bool(first.focus and first.focus.verdict == "better")),
        ("1 to 2: the step is shorter", bool(first.step and first.step.direction == "shorter")),
        ("1 to 2: quicker, and that is called usual, no failure", _expected(first, "cadence_spm", 1)),
        ("2: go on to the flat stride", bool(first.focus and first.focus.next_focus == "flat_stride")),
        ("2 to 3: the step is longer", bool(second.step and second.step.direction == "longer")),
        ("2 to 3: by flight, not by reaching", bool(second.step and second.step.by == ("flight",))),
        ("2 to 3: the focus moved the right way", bool(second.focus and second.focus.verdict == "better")),
        ("1 to 3: the landing changed with the second stride alone", _came_with(series, first) == [first.after]),
        ("1 to 3: the flight changed with the third", (_came_with(series, second) or [""])[-1] == second.after),
        ("3: still landing beneath", all(gain.kept for gain in series.gains) and bool(series.gains)),
        ("3: reaching is not found again", _not_back(second)),
    ]


def _came_with(series: SeriesComparison, step: Comparison) -> list[str]:
    """The takes with which the measure that was worked on in this step changed."""
    aim = (step.focus.measure, step.focus.side) if step.focus else None
    return [shift.take for trend in series.trends if (trend.measure, trend.side) == aim for shift in trend.shifts]


def _expected(step: Comparison, measure: str, sign: int) -> bool:
    return any(d.measure == measure and d.expected and d.change * sign > 0 for d in step.differences)


def _not_back(step: Comparison) -> bool:
    return not (step.focus and step.focus.next_focus == "reaching")


def right_against_truth(series: SeriesComparison, true: Sequence[dict[str, Any]]) -> tuple[int, int, int]:
    """Verdicts: clear and the way of the truth; clear and against it; a true change of two minimal ones missed."""
    right = against = missed = 0
    for step, before, after in zip(series.steps, true, true[1:], strict=False):
        for d in step.differences:
            change = _mean(after, d.measure, d.side) - _mean(before, d.measure, d.side)
            if not np.isfinite(change) or not d.minimal_change:
                continue
            right += is_clear(d) and d.change * change > 0
            against += is_clear(d) and d.change * change <= 0
            missed += not is_clear(d) and abs(change) > 2 * d.minimal_change
    return right, against, missed


def _mean(true: dict[str, Any], measure: str, side: str) -> float:
    pairs_of_side = true.get(measure, {}).get(side, [])
    return float(np.mean([value for _, value in pairs_of_side])) if pairs_of_side else float("nan")


def tell(series: SeriesComparison, true: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The story as it is told, what of the article is in it, and the verdicts against truth."""
    for chapter in describe_series(series):
        yield from ("", f"> **{chapter.title}**", ">", *(f"> {line}  " for line in chapter.says))
    yield ""
    yield from (f"- {'yes' if well else '**no**'}: {says}" for says, well in story(series))
    right, against, missed = right_against_truth(series, true)
    yield ""
    yield f"Verdicts against truth: {right} clear and right, {against} clear and wrong, {missed} large changes missed."


def often(true: dict[str, dict[str, Any]], draws: int = 25) -> Iterator[str]:
    """How often each point of the story is told when the measures carry a phone's error."""
    counts: dict[str, int] = {}
    clear = wrong = 0
    for draw in range(draws):
        rng = np.random.default_rng(draw)
        series = compare_series([judged(label, measures, rng, 1.0) for label, measures in true.items()])
        for says, well in story(series):
            counts[says] = counts.get(says, 0) + well
        right, against, _ = right_against_truth(series, list(true.values()))
        clear, wrong = clear + right + against, wrong + against
    yield f"With the error of a phone at 60 frames a second on every measure, {draws} draws:"
    yield ""
    yield from (f"- {100 * count / draws:.0f} %: {says}" for says, count in counts.items())
    yield f"- {100 * wrong / clear:.1f} % of {clear} clear changes went against the truth"


def rendered(runner: str) -> list[Case]:
    """The films of a runner's three strides, if they were rendered."""
    films = [RENDERED / f"{name_of(runner, i)}.mp4" for i in (1, 2, 3)]
    return [Case(film.stem, film) for film in films] if all(film.exists() for film in films) else []


def table() -> Iterator[str]:
    """The section of RESULTS.md."""
    yield from pairs()
    yield ""
    yield from courses()
    yield ""
    if not (SHARED / "digital_runner").is_dir():
        yield "The digital runner is not here: the three strides are left out."
        return
    true = three_strides(SHARED / "digital_runner", next(iter(RUNNERS)))
    yield "### The article's three strides, from their true measures"
    takes = [judged(label, measures, np.random.default_rng(0), 0.0) for label, measures in true.items()]
    yield from tell(compare_series(takes), list(true.values()))
    yield ""
    yield from often(true)
    for runner in RUNNERS:
        yield from from_films(runner)


def from_films(runner: str) -> Iterator[str]:
    """The story of one runner's three films."""
    who = RUNNERS[runner]
    about = f"{who['speed']} m/s, 640x360, {who['fps']} frames a second, from the {who['view']}"
    yield from ("", f"### The same from rendered films: {runner}, {about}", "")
    films = rendered(runner)
    if not films:
        yield "They were not rendered."
        return
    true = list(three_strides(SHARED / "digital_runner", runner).values())
    try:
        takes = [replace(filmed(case), label=label) for case, label in zip(films, STRIDES, strict=True)]
        yield from tell(compare_series(takes), true)
    except Refused as refused:
        yield f"Refused: {refused.reason}."


if __name__ == "__main__":
    for said in table():
        print(said, flush=True)
