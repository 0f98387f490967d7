"""Hold the measures that tell one cause from another against their truth on films of generated persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import BY_ID
from midstance.measures.intervals import carried, leg_of, widening
from midstance.measures.run import Run
from midstance.model import Contact, Measure, Track, View
from midstance.skeleton import SIDES
from midstance.uncertainty import error_of, half_width
from validation.accuracy import LEG_TOLD, true_track
from validation.calibrate import Compared, Strides
from validation.cases import Case
from validation.pairs import paired, with_true_times

PARTING = ("leg_lean_stance_deg", "heel_rise_time_pct", "knee_bending_before_strike_dps")


def compare(case: Case) -> Iterator[Compared]:
    """Compare each of these measures in one film from the side with the same formula on the true points.

    The strikes of both are those that our rule reads: the generator states them 13 ms early for its own movement.
    """
    subject, track = case.truth["people"][0], case.track
    contacts = find_contacts(track, case.view)
    view = measure_scale(case.view, track, contacts, height_m=subject["height_m"])
    true = true_track(case.truth)
    runs = (
        Run(track=track, contacts=contacts, view=view),
        Run(track=true, contacts=_same(contacts, true, view), view=view),
    )
    for name in PARTING:
        read = BY_ID[name].read
        assert read is not None
        for side in SIDES:
            found, truth = (np.array([sample.value for sample in read(run, side)]) for run in runs)
            if not (len(found) and len(truth)):
                continue
            leg, error = leg_of(runs[0], side), error_of(name)
            beside = carried(BY_ID[name], view, float(found.mean()))
            wider = widening(runs[0], side)
            own = error.sd_of_mean(leg, track.rate_hz) * wider
            half = half_width(found, own_sd=own, stride_sd=error.stride, carried=beside)
            yield Compared(
                clip=case.name,
                body=subject["body"],
                leg=leg,
                rate_hz=track.rate_hz,
                found=Measure(
                    id=name, side=side, value=float(found.mean()), sd=float(found.std()), n=len(found),
                    uncertainty=half, unit=BY_ID[name].unit,
                ),
                true=float(truth.mean()),
                strides=(Strides(name, found),),
                carried=beside,
                widened=wider,
            )  # fmt: skip


def _same(found: tuple[Contact, ...], true: Track, view: View) -> tuple[Contact, ...]:
    """Return the contacts read on the true points during which one was found in the film."""
    return with_true_times(paired(found, find_contacts(true, view)))


def table(films: Iterable[Case]) -> Iterator[str]:
    """Return the rows of validation/RESULTS.md."""
    rows = []
    for case in films:
        if case.truth["view"] in {"left", "right"}:
            try:
                rows += list(compare(case))
            except Refused:
                continue
    yield "| measure | leg | n | bias | RMSE | half width | held |"
    yield "|---|---|---|---|---|---|---|"
    for name in PARTING:
        for leg in ("near", "far"):
            mine = [row for row in rows if (row.found.id, row.leg) == (name, leg)]
            if mine:
                errors, half = (np.array(v) for v in zip(*((r.error, r.found.uncertainty) for r in mine), strict=True))
                held = 100 * np.mean(np.abs(errors) <= half)
                yield (
                    f"| {name} | {LEG_TOLD[leg]} | {len(mine)} | {errors.mean():+.3g} | "
                    f"{np.sqrt(np.mean(errors**2)):.3g} | {np.median(half):.3g} | {held:.0f} % |"
                )
