"""Rendered clips in; whether it is told that they play at the wrong speed, and how well gravity measures, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.gait.lengths import metres_from_gravity
from midstance.gait.scale import GRAVITY_UNCERTAINTY, measure_scale
from midstance.gait.time_base import slowdown_of_fall, time_base
from midstance.model import Contact, Track, View
from validation.cases import Case

FACTORS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""How many times slower than life the films are played."""


@dataclass(frozen=True)
class Played:
    """One film at one speed: how much slower the body seems to fall, and the factor told without and with a height."""

    factor: float
    falls: float
    told: tuple[float, float]


def table(chosen: Iterable[Case]) -> Iterator[str]:
    """One row for each speed at which the films are played, and one for the metres that gravity gives."""
    seen = [case for case in chosen if _is_side(case)]
    played = [_played(case, factor) for case in seen for factor in FACTORS]
    yield "| played slower | films | the body seems to fall slower: middle, least, most | told right | with height |"
    yield "|---|---|---|---|---|"
    for factor in FACTORS:
        mine = [one for one in played if one.factor == factor]
        falls = np.array([one.falls for one in mine if np.isfinite(one.falls)])
        right = [sum(one.told[k] == factor for one in mine) for k in (0, 1)]
        spread = f"{np.median(falls):.2f}, {falls.min():.2f}, {falls.max():.2f}"
        yield f"| {factor:g} | {len(mine)} | {spread} | {right[0]} | {right[1]} |"
    yield ""
    yield _metres(seen)


def _is_side(case: Case) -> bool:
    try:
        return case.truth["view"] in {"left", "right"} and case.track.plane == "side"
    except Refused:
        return False


def _played(case: Case, factor: float) -> Played:
    track = replace(case.track, time_s=case.track.time_s * factor, stride_hz=case.track.stride_hz / factor)
    contacts = find_contacts(track, case.view)
    heights = (None, case.truth["people"][0]["height_m"])
    views = [measure_scale(case.view, track, contacts, height_m=height_m) for height_m in heights]
    told = [time_base(track, view, contacts).slower for view in views]
    return Played(factor, slowdown_of_fall(track, views[0], contacts), (told[0], told[1]))


def _metres(seen: list[Case]) -> str:
    """How far metres from gravity are off those from the true height."""
    ratios = np.array([_ratio(case.track, case.view, case.truth["people"][0]["height_m"]) for case in seen])
    ratios = ratios[np.isfinite(ratios)]
    bias, rmse = 100 * np.mean(ratios - 1), 100 * np.sqrt(np.mean((ratios - 1) ** 2))
    held = 100 * np.mean(np.abs(ratios - 1) <= GRAVITY_UNCERTAINTY * ratios)
    return (
        f"Metres from gravity against metres from the height, {len(ratios)} films: bias {bias:+.0f} %, "
        f"RMSE {rmse:.0f} %; {held:.0f} % within the ± {100 * GRAVITY_UNCERTAINTY:.0f} % that is told."
    )


def _ratio(track: Track, view: View, height_m: float) -> float:
    contacts: tuple[Contact, ...] = find_contacts(track, view)
    scaled = measure_scale(view, track, contacts, height_m=height_m)
    return metres_from_gravity(track, contacts) / scaled.scale_m_per_leg
