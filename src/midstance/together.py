"""Join several films of one run: each problem and cause is judged by the film that can see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from midstance.analyze import Ask, Source, analyze, coached
from midstance.coaching.rules import RULES
from midstance.coaching.rules.verdicts import FROM_HERE
from midstance.errors import UsageError
from midstance.measures import BY_ID
from midstance.model import Analysis, Measure, Measures, NotAssessed, OnProgress, Plane
from midstance.options import Known, Options, options_with
from midstance.reasons import Reason
from midstance.uncertainty import combined

if TYPE_CHECKING:
    from typing import Unpack

LEADS: tuple[Plane, ...] = ("side", "front", "rear")
"""Which film leads: what several of them measure is taken from the first."""

ONE_RUN = 0.03
"""How far a cadence may differ between two passes of one run, as a share, beside the errors of both films: a proposal
(docs/decisions/joined_views.md)."""

SEEN_BY_ALL = ("cadence_spm",)
"""Measures that two films of one run have in common."""


def analyze_together(
    sources: Sequence[Source],
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    ask: Ask | None = None,
    **known: Unpack[Known],
) -> Analysis:
    """Measure and judge several films of one runner on one day, from other sides, as one run.

    Parameters
    ----------
    sources
        Two or three films, each from another side: from the side, from the front, from behind.
    options, on_progress, ask, **known
        As for `analyze`.

    Returns
    -------
    Analysis
        Of the film from the side, with the measures of all films and every problem and cause judged by the film that
        sees it. `others` has the other films, and `film` of a measure or of an evidence its place in `films`.

    Raises
    ------
    UsageError
        If there is only one film, if two are from the same side, or an option cannot be meant.
    InputError, WeightsError, Refused
        As for `analyze`.

    Examples
    --------
    >>> import midstance as ms
    >>> a = ms.analyze_together(["run.mov", "front.mov"], height_m=1.66)
    >>> [film.view.plane for film in a.films]
    ['side', 'front']
    >>> a.measures["wrist_crossing"].left.film
    1
    """
    options = options_with(options, known)
    if len(sources) < 2:
        raise UsageError(Reason("one_film_together"))
    return join([analyze(source, options, on_progress=on_progress, ask=ask) for source in sources], options)


def join(films: Sequence[Analysis], options: Options | None = None) -> Analysis:
    """Join the analyses of several films of one run. Raises UsageError if two are from the same side."""
    lead, *others = _in_order(films)
    planes = tuple(film.view.plane for film in others)
    measures = tuple(_measures([lead, *others]))
    run = replace(
        lead,
        view=replace(lead.view, also_from=planes),
        measures=Measures(measures),
        not_assessed=tuple(_missing([lead, *others], measures)),
        warnings=tuple(dict.fromkeys(note for film in (lead, *others) for note in film.warnings)),
        others=tuple(replace(film, seen_beside=lead.track.near_side) for film in others),
    )
    differ = [reason for pair in combinations(run.films, 2) if (reason := _not_one_run(*pair))]
    return replace(coached(run, options or Options()), warnings=(*differ, *run.warnings))


def _in_order(films: Sequence[Analysis]) -> list[Analysis]:
    """Return the films, the leading one first. Raises UsageError."""
    planes = [film.view.plane for film in films]
    for place, (film, plane) in enumerate(zip(films, planes, strict=True)):
        if plane in planes[:place]:
            raise UsageError(Reason("same_side_twice", plane=FROM_HERE[plane], clip=film.clip.name))
    return sorted(films, key=lambda film: LEADS.index(film.view.plane))


def _measures(films: Sequence[Analysis]) -> Iterator[Measure]:
    """Return every measure once, from the first film that has it, in the order of the registry."""
    led: dict[str, int] = {}
    for place, film in enumerate(films):
        for measure in film.measures:
            led.setdefault(measure.id, place)
    order = {name: place for place, name in enumerate(BY_ID)}
    every = [replace(m, film=place) for place, film in enumerate(films) for m in film.measures if led[m.id] == place]
    return iter(sorted(every, key=lambda measure: order.get(measure.id, len(order))))


def _missing(films: Sequence[Analysis], measures: Iterable[Measure]) -> Iterator[NotAssessed]:
    """Return the measures that no film has, each with the reason of the film that could have seen it."""
    found = {measure.id for measure in measures} | {rule.id for rule in RULES}
    reasons: dict[str, NotAssessed] = {}
    for film in films:
        for gap in film.not_assessed:
            if gap.id in BY_ID and gap.id not in found:
                known = reasons.get(gap.id)
                reasons[gap.id] = gap if known is None or known.reason.id == "needs_view" else known
    return iter(reasons.values())


def _not_one_run(first: Analysis, second: Analysis) -> Reason | None:
    """Return why two films cannot show one run; None if they can."""
    for name in SEEN_BY_ALL:
        one, other = (film.measures.get(name) for film in (first, second))
        if one and other:
            a, b = next(iter(one)), next(iter(other))
            error = combined(combined(a.uncertainty, b.uncertainty), ONE_RUN * a.value)
            if abs(a.value - b.value) > error:
                return Reason(
                    "not_one_run",
                    what=BY_ID[name].name,
                    first=f"{a.value:.0f}",
                    first_clip=first.clip.name,
                    second=f"{b.value:.0f}",
                    second_clip=second.clip.name,
                )
    return None
