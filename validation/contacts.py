"""Rendered clips end to end: strike and toe-off beside the exact times, in milliseconds, clip by clip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.model import Side
from midstance.skeleton import other
from validation.cases import Case
from validation.force_plate import Errors, row, score
from validation.pairs import contacts_of


def table(chosen: Iterable[Case]) -> Iterator[str]:
    """Bias and RMSE of strike, toe-off and contact time per clip and leg; events missed."""
    yield "| clip | fps | leg | events | missed | strike bias | RMSE | toe-off bias | RMSE | contact bias | RMSE |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    everything: dict[str, list[Errors]] = {"near": [], "far": []}
    for case in chosen:
        if case.truth["view"] not in ("left", "right"):
            continue
        try:
            near = case.track.near_side
        except Refused as refused:
            yield f"| {case.name} | {case.truth['fps']} | refused: {refused.reason} |" + " |" * 8
            continue
        assert near is not None
        for leg, side in (("near", near), ("far", other(near))):
            errors = errors_of(case, side)
            everything[leg].append(errors)
            yield row(f"{case.name} | {case.truth['fps']} | {leg}", errors)
    for leg, found in everything.items():
        if found:
            strike, toe_off = (np.concatenate([getattr(e, name) for e in found]) for name in ("strike", "toe_off"))
            yield row(f"all | | {leg}", Errors(strike, toe_off, sum(e.missed for e in found)))
            biases = [1000 * abs(np.mean(e.contact)) for e in found if len(e.strike)]
            yield f"| mean contact time of a clip, mean size of error | | {leg} |{' |' * 6} {np.mean(biases):.1f} | |"


def errors_of(case: Case, side: Side) -> Errors:
    """Found minus true of one leg."""
    true = [contact for contact in contacts_of(case.truth["people"][0]) if contact.side == side]
    track = case.track
    found = [contact for contact in find_contacts(track, case.view) if contact.side == side]
    return score(found, true, float(track.time_s[0]), float(track.time_s[-1]))
