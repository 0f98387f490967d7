"""Describe what changed between takes: every paragraph and table about change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from midstance.coaching.rules.seen import sentence_and_range
from midstance.comparison.model import (
    Comparison,
    Difference,
    ExperimentResult,
    FocusChange,
    SeriesComparison,
    StepChange,
    StoredTake,
    Trend,
    WatchComparison,
)
from midstance.comparison.step_length import REACH
from midstance.model import MeasureSide
from midstance.reasons import small
from midstance.text.change_words import (
    COURSES,
    EXPERIMENT,
    FADED,
    FOCUS,
    GAINS,
    LISTED,
    MOVED,
    NO_FARTHER,
    NOW,
    OBSTACLES,
    SHIFTS,
    STEP,
    TEST_NEXT,
    TURNED,
    VERDICTS,
    WITH_IT,
    WORK_ON_IT,
)
from midstance.text.names import (
    bare,
    capital,
    count,
    entry,
    join,
    measure_name,
    number,
    problem_title,
    with_error,
)
from midstance.units import unit_text

SAME_AS = {
    "step_time_ms": "cadence_spm",
    "stride_time_ms": "cadence_spm",
    "vertical_ratio_pct": "vertical_oscillation_cm",
}
"""Measures that say again what another one has said."""

LONGEST_LIST = 4
"""Companions of a change named in one sentence; the rest are in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What one comparison shows, under its title."""

    title: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One measure of a comparison as the reader sees it; `sure` if clear among all that was compared."""

    name: str
    group: str
    before: str
    after: str
    change: str
    verdict: str
    sure: bool
    expected: bool


# -- describe -----------------------------------------------------------------------------------------------------


def describe_series(series: SeriesComparison) -> tuple[Chapter, ...]:
    """Return a chapter for each step, and one for the whole series when there are more takes than two."""
    chapters = [describe_comparison(step) for step in series.steps]
    if len(series.steps) > 1:
        whole = list(_whole(series))
        if whole:
            title = f"{series.takes[0]} to {series.takes[-1]}, over {len(series.takes)} takes"
            chapters.append(Chapter(title=title, says=tuple(whole)))
    return tuple(chapters)


def describe_trend(series: SeriesComparison, measure: str, side: MeasureSide) -> str:
    """Describe how one measure changed over the takes: when, by how much, and whether it stayed.

    Empty if the measure has no trend.
    """
    found = next((trend for trend in series.trends if (trend.measure, trend.side) == (measure, side)), None)
    return _course(series, found) if found else ""


def describe_comparison(comparison: Comparison) -> Chapter:
    """Describe a comparison: can the takes be compared, did the focus change, what else changed, what to do now."""
    title = f"{comparison.before} to {comparison.after}"
    if any(obstacle.id == "same_film" for obstacle in comparison.obstacles):
        return Chapter(title=title, says=(OBSTACLES["same_film"],))
    focus = comparison.focus
    rest = [d for d in comparison.differences if d.surely and not (focus and d.measure == focus.measure)]
    says = [
        *_obstacles(comparison),
        *([_experiment(comparison.experiment)] if comparison.experiment else []),
        *([_focus(focus, comparison.differences)] if focus else []),
        *([_step(comparison.step, comparison.differences)] if comparison.step else []),
        *([FADED.format(companions=_companions(comparison.faded))] if comparison.faded else []),
        *_listed([d for d in rest if d not in comparison.faded], focus),
        *([_now(focus, watched=_watched(rest))] if focus and not comparison.experiment else []),
    ]
    if not says or not (focus or comparison.experiment or rest or comparison.step or _spoiled(comparison)):
        says.append(f"{count(len(comparison.differences), 'number')} compared: no clear change.")
    return Chapter(title=title, says=tuple(says))


def why_no_numbers(take: StoredTake) -> str:
    """Return why a take has nothing to compare."""
    return "This take could not be judged." if take.analyses else "This take is not analysed yet."


def change_rows(comparison: Comparison) -> tuple[ChangeRow, ...]:
    """Return the table of a comparison, clear changes first."""
    order = ("worse", "better", "changed", "no_clear_change", "cannot_tell")
    rows = sorted(comparison.differences, key=lambda d: order.index(d.verdict))
    return tuple(
        ChangeRow(
            name=measure_name(d.measure, d.side),
            group=entry(d.measure).group,
            before=_value(d, d.before),
            after=_value(d, d.after),
            change=_change(d),
            verdict=VERDICTS[d.verdict],
            sure=d.surely,
            expected=d.expected,
        )
        for d in rows
    )


def describe_watch(rows: Iterable[WatchComparison]) -> tuple[str, ...]:
    """Return a line for each measure of film and watch; a disagreement beyond both errors is said."""
    lines = []
    for row in rows:
        name = capital(measure_name(row.measure, "both"))
        numbers = (
            f"{bare(row.film, row.error, row.unit)} in the film, {bare(row.watch, row.error, row.unit)} on the watch"
        )
        verdict = "they agree." if row.agree else "they differ by more than both errors."
        lines.append(f"{name}: {numbers}; {verdict}")
    return tuple(lines)


# -- sentences -----------------------------------------------------------------------------------------------------


def _obstacles(comparison: Comparison) -> Iterable[str]:
    change = comparison.speed_change or 0.0
    percent, faster = f"{abs(change) * 100:.0f} %", "faster" if change > 0 else "slower"
    for obstacle in comparison.obstacles:
        facts = {"percent": percent, "faster": faster, "after": comparison.after, "amount": obstacle.amount}
        yield OBSTACLES[obstacle.id].format(**facts)


def _spoiled(comparison: Comparison) -> bool:
    return any(obstacle.spoils == "all" for obstacle in comparison.obstacles)


def _is_focus(difference: Difference, focus: FocusChange | None) -> bool:
    return focus is not None and (difference.measure, difference.side) == (focus.measure, focus.side)


def _focus(focus: FocusChange, differences: Iterable[Difference]) -> str:
    name = measure_name(focus.measure, focus.side) if focus.measure else problem_title(focus.problem, focus.title)
    found = next((d for d in differences if _is_focus(d, focus) and d.verdict != "cannot_tell"), None)
    if found is None:
        return FOCUS["cannot_tell"].format(small_name=name)
    then, now = (
        sentence_and_range(found.measure, value, None, side=found.side)[0] for value in (found.before, found.after)
    )
    turned = then and found.before * found.after < 0 and focus.verdict in TURNED
    return (TURNED if turned else FOCUS)[focus.verdict].format(
        said_before=small(then),
        said_later=small(now),
        name=capital(name),
        small_name=name,
        before=_value(found, found.before),
        later=_value(found, found.after),
        change=_change(found),
        least=bare(found.minimal_change or 0.0, found.minimal_change or 0.0, found.unit),
    )


def _experiment(result: ExperimentResult) -> str:
    """Return what an experiment said of a cause, and what follows."""
    name = measure_name(result.measure, result.side)
    gain, by = (bare(size, result.by, result.unit) for size in (result.gain, result.by))
    moved = MOVED[result.gain > 0].format(name=name, gain=gain)
    title = small(result.title)
    said = EXPERIMENT[result.verdict].format(title=title, moved=capital(moved), small_moved=moved, by=by, name=name)
    if result.verdict == "confirmed" and result.cue:
        return f"{said} {WORK_ON_IT.format(cue=result.cue)}"
    if result.verdict == "excluded" and result.next:
        return f"{said} {TEST_NEXT.format(next=result.next)}"
    return said


def _step(step: StepChange, differences: Iterable[Difference]) -> str:
    says = STEP[step.direction, step.by]
    reach = [d for d in differences if d.measure in REACH and d.verdict != "cannot_tell"]
    no_farther = reach and all(d.verdict == "no_clear_change" or d.change < 0 for d in reach)
    if step.direction == "longer" and "reach" not in step.by and no_farther:
        says += f" {NO_FARTHER}"
    return says


def _listed(rest: Sequence[Difference], focus: FocusChange | None) -> Iterable[str]:
    groups = {WITH_IT: [d for d in rest if focus and d.expected]}
    for verdict, says in LISTED.items():
        groups[says] = [d for d in rest if d.verdict == verdict and not (focus and d.expected)]
    named = [name for some in groups.values() for name in {entry(d.measure).name for d in some}]
    for says, some in groups.items():
        if some:
            yield says.format(companions=_companions(some, apart={name for name in named if named.count(name) > 1}))


def _companions(differences: Sequence[Difference], apart: Collection[str] = ()) -> str:
    """Name the clearest changes, each measure once; `apart` are names that need their side."""
    named_anyway = {d.measure for d in differences}
    fresh = [d for d in differences if SAME_AS.get(d.measure) not in named_anyway]
    ranked = sorted(fresh, key=lambda d: -abs(d.change) / (d.minimal_change or 1.0))
    words: dict[str, str] = {}
    for d in ranked:
        name = entry(d.measure).name
        name = measure_name(d.measure, d.side) if name in apart else name
        words.setdefault(name, f"{name} {'up' if d.change > 0 else 'down'} {_size(d)}")
    named = list(words.values())
    more = len(named) - LONGEST_LIST
    return join([*named[:LONGEST_LIST], f"{more} more"] if more > 1 else named)


def _watched(rest: Iterable[Difference]) -> bool:
    """Return whether something went the other way that is no usual companion of learning."""
    return any(d.verdict == "worse" and not d.expected for d in rest)


def _now(focus: FocusChange, *, watched: bool) -> str:
    key: str = focus.do
    if focus.do == "another_cue" and not focus.next_cue:
        key = "another_cue, no more"
    elif focus.do == "next" and not focus.next_focus:
        key = "next, watched" if watched else "next, nothing"
    elif focus.do == "stay" and focus.verdict == "better":
        key = "stay, moved"
    elif focus.do == "stay" and not focus.still_seen:
        key = "stay, gone"
    title = problem_title(focus.next_focus, focus.next_title) if focus.next_focus else ""
    return NOW[key].format(cue=focus.cue, next_title=small(title), next_cue=focus.next_cue)


def _whole(series: SeriesComparison) -> Iterable[str]:
    """Describe every measure that was once the focus, and whether its gains were kept."""
    watched: set[tuple[str, MeasureSide]] = {(s.focus.measure, s.focus.side) for s in series.steps if s.focus}
    shown = [trend for trend in series.trends if (trend.measure, trend.side) in watched]
    for trend in shown:
        values = [number(v, u) for v, u in zip(trend.values, trend.uncertainties, strict=True)]
        name = capital(measure_name(trend.measure, trend.side))
        speed = ", at the speed of the first" if trend.at_first_speed else ""
        yield f"{name} over the takes{speed}: {', '.join(values)}{unit_text(trend.unit)}. {_course(series, trend)}"
    stays = {(t.measure, t.side, t.shifts[-1].take) for t in shown if t.shifts}
    won_with: dict[tuple[str, MeasureSide, str], list[str]] = {}
    for gain in series.gains:
        if not gain.kept or (gain.measure, gain.side, gain.since) not in stays:
            kept = "all" if gain.kept else "part" if gain.partly else "none"
            won_with.setdefault((gain.measure, gain.side, kept), []).append(gain.since)
    for (measure, side, kept), takes in won_with.items():
        yield GAINS[kept].format(name=capital(measure_name(measure, side)), since=join(takes))


def _course(series: SeriesComparison, trend: Trend) -> str:
    if trend.course == "steps":
        won = [gain for gain in series.gains if (gain.measure, gain.side) == (trend.measure, trend.side)]
        return _shifts(trend, still_there=all(gain.kept for gain in won))
    half = (trend.high - trend.low) / 2
    size = with_error(abs(trend.slope), half, trend.unit)
    return COURSES[trend.course].format(verdict=trend.verdict, size=size, per=trend.per)


def _shifts(trend: Trend, *, still_there: bool) -> str:
    """Describe when the changes came, how large they were, and whether the last one has stayed."""
    first, *later = trend.shifts
    last = trend.shifts[-1]
    ways = [
        f"{'up' if s.change > 0 else 'down'} {with_error(abs(s.change), s.error, trend.unit)}" for s in trend.shifts
    ]
    if len(later) == 1 and last.back:
        return SHIFTS["back"].format(take=first.take, way=ways[0], other=last.take)
    if later:
        each = join([f"with {s.take} ({way})" for s, way in zip(trend.shifts, ways, strict=True)])
        return SHIFTS["several"].format(each=each)
    key = "newest" if last.newest else "stayed" if still_there else "came"
    return SHIFTS[key].format(take=first.take, way=ways[0])


# -- numbers -------------------------------------------------------------------------------------------------------


def _value(difference: Difference, value: float) -> str:
    return bare(value, difference.minimal_change or 0.0, difference.unit)


def _size(difference: Difference) -> str:
    return with_error(abs(difference.change), difference.minimal_change or 0.0, difference.unit)


def _change(difference: Difference) -> str:
    """Return the change with its sign and error; it is corrected for speed already."""
    sign = "-" if difference.change < 0 else "+"
    set_right = ", corrected for speed" if difference.speed_part else ""
    return f"{sign}{_size(difference)}{set_right}"
