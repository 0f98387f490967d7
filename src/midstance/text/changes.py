"""Describe what changed between takes: every sentence and table about change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

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

OBSTACLES = {
    "same_film": "Both are the same film, so nothing can have changed.",
    "speed_far": "You ran {percent} {faster} in {after}. That is too far apart: film both at one speed.",
    "plane": "The films show you from different sides, so only the rhythm can be compared.",
    "camera_far": "The camera angle differs by {amount:.0f}°, so only the rhythm can be compared. Put it back square "
    "to you, at hip height.",
    "speed": "You ran {percent} {faster} in {after}. Numbers that follow speed are corrected for it.",
    "speed_unsure": "You ran {percent} {faster} in {after}, or the films misread your speed. Numbers that follow speed "
    "are corrected, with a wider error.",
    "speed_unknown": "Your speed is unknown. I assume you ran equally fast.",
    "setting": "The takes are from different places (treadmill, over ground). That alone can cause small changes.",
    "other_side": "The takes show opposite sides of you. The leg away from the camera is seen less well.",
    "camera": "The camera angle differs by {amount:.0f}°, so angles and lengths are less sure. Put it back square to "
    "you, at hip height.",
    "size": "You are {amount:.1f} times as large in one film. The smaller you are, the less exact the numbers.",
    "rate": "The films have different frame rates, so their times are not equally exact.",
    "pose_model": "Different pose models read the takes. Analyse both with the same one to be sure.",
    "version": "Different versions of midstance analysed the takes. Analyse both again to be sure.",
}

FOCUS = {
    "better": "{name} went from {before} to {later}: a real change, in the right direction ({change}).",
    "worse": "{name} went from {before} to {later}: a real change, but in the wrong direction ({change}).",
    "changed": "{name} went from {before} to {later}: a real change ({change}).",
    "no_clear_change": "{name}: {before} before, {later} after. Changes under {least} are within the error, so this is "
    "no clear change.",
    "cannot_tell": "These takes cannot show whether {small_name} changed.",
}

NOW = {
    "stay": "Not there yet. Stay with the same thought: “{cue}”",
    "stay, gone": "The sign is gone, but the change is within the error. Film once more before you move on.",
    "stay, moved": "It is moving, but the sign is still there. Stay with the same thought: “{cue}”",
    "next": "That is done. Next: {next_title}. “{next_cue}”",
    "next, nothing": "That is done, and nothing else asks for a change.",
    "another_cue": "Drop this thought for now. Try other words for the same thing: “{next_cue}”",
    "another_cue, no more": "Drop this thought for now, and try another one for the same thing.",
    "film_again": "Film again from the same place, at the same speed, with the same camera.",
}

STEP = {
    ("longer", ("flight",)): "Your step is longer because you cover more ground in the air.",
    ("longer", ("reach",)): "Your step is longer because your lower leg reaches farther. Gain it in the air instead.",
    ("longer", ("flight", "reach")): "Your step is longer, partly in the air and partly by reaching.",
    ("longer", ()): "Your step is longer.",
    ("shorter", ("flight",)): "Your step is shorter because you cover less ground in the air.",
    ("shorter", ("reach",)): "Your step is shorter because your lower leg reaches less.",
    ("shorter", ("flight", "reach")): "Your step is shorter: you reach less, and spend less time in the air.",
    ("shorter", ()): "Your step is shorter.",
}

EXPERIMENT = {
    "confirmed": "Your test says yes: it's {title}. {moved}; {by} was enough.",
    "excluded": "Your test says no: it isn't {title}. {moved}; {by} would have been enough.",
    "open": "Your test leaves {title} open: {small_moved}; {by} would be enough. Do it more clearly and film again.",
    "not_done": "Your test can't be judged: you ran as before. Do it more clearly and film again.",
    "not_measured": "Your test can't be judged: the films don't both show {name}. Film it as the first time.",
}
MOVED = {True: "{name} moved {gain} the right way", False: "{name} did not move the right way"}
WORK_ON_IT = "Work on it: “{cue}”"
TEST_NEXT = "Test the next one. {next}"

NO_FARTHER = "Your foot lands no farther ahead of you than before."

COURSES = {
    "level": "No two takes differ by more than their errors: no clear change.",
    "gradual": "It is {verdict} little by little, by {size} a {per}.",
    "unclear": "Some takes differ by more than their errors, but chance can do that. Nothing lasting shows yet.",
}

SHIFTS = {
    "stayed": "It changed with {take}: {way}. It has stayed since.",
    "came": "It changed with {take}: {way}.",
    "newest": "It changed with {take}: {way}. Your next film will show whether it stays.",
    "back": "It changed with {take} ({way}), and went back with {other}.",
    "several": "It changed {each}.",
}

GAINS = {
    "all": "{name} has kept the gain from {since}.",
    "part": "{name} has lost part of the gain from {since}. Keep that thought.",
    "none": "{name} has lost the gain from {since}. Come back to that thought.",
}

FADED = "Your form faded between the two: {companions}. Think of that first when it gets hard."

WITH_IT = "Along with it: {companions}. That is usual while you learn this, and no failure."
LISTED = {
    "better": "Better as well: {companions}.",
    "worse": "Watch this: {companions}.",
    "changed": "Also changed: {companions}.",
}

VERDICTS = {
    "better": "better",
    "worse": "worse",
    "changed": "changed",
    "no_clear_change": "no clear change",
    "cannot_tell": "cannot tell",
}

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
        *([_now(focus)] if focus and not comparison.experiment else []),
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
    return FOCUS[focus.verdict].format(
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
    title = result.title[:1].lower() + result.title[1:]
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


def _now(focus: FocusChange) -> str:
    key: str = focus.do
    if focus.do == "another_cue" and not focus.next_cue:
        key = "another_cue, no more"
    elif focus.do == "next" and not focus.next_focus:
        key = "next, nothing"
    elif focus.do == "stay" and focus.verdict == "better":
        key = "stay, moved"
    elif focus.do == "stay" and not focus.still_seen:
        key = "stay, gone"
    title = problem_title(focus.next_focus, focus.next_title) if focus.next_focus else ""
    return NOW[key].format(cue=focus.cue, next_title=title[:1].lower() + title[1:], next_cue=focus.next_cue)


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
