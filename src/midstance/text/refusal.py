"""Describe why a clip was refused: what was seen, what is needed, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from midstance.coaching.chain import sentences
from midstance.errors import Refused
from midstance.reasons import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalText:
    """Why a clip was refused, in words.

    why       what was seen
    remedy    what to do; empty if the sentence holds both
    measured  (what, how much there is, how much is needed), None where the reason has no such number
    """

    headline: str
    why: str
    remedy: str
    measured: tuple[str, str, str] | None


HEADLINES: Mapping[str, str] = MappingProxyType(
    {
        "no_person": "I find nobody in this film",
        "not_running": "I see nobody run in this film",
        "too_few_steps": "Too few steps to judge",
        "body_not_in_view": "Your whole body has to be in the picture",
        "view_not_supported": "I can't measure from this view",
    }
)

_NUMBERS: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "scenes_too_short": ("Longest scene", "longest_s", "needed_s", "{:.1f} s"),
        "runner_too_small": ("Length of your trunk", "trunk_px", "needed_px", "{:.0f} pixels"),
        "part_out_of_view": ("Whole body in the picture", "seen", "needed", "{:.0%} of the time"),
        "ankles_stay": ("Swing of the feet", "swing", "needed", "{:.1f} leg lengths"),
        "legs_not_running": ("Legs that move as in running", "explained", "needed", "{:.0%}"),
        "feet_hidden": ("Feet seen on the ground", "seen", "needed", "{:.0%}"),
        "few_steps": ("Steps that can be followed", "steps", "needed", "{:.1f}"),
    }
)
"""Reason -> what was measured, the names of its value and of the least, and how they are written."""

FILMING = (
    "From the side, at the height of your hips; the camera still and level.",
    "Your whole body, from head to feet, nothing in front.",
    "Ten steps or more at one speed, without a cut.",
    "60 frames a second or more, in good light.",
)
"""How to film, in four lines."""


def describe_refusal(refused: Refused, door: Door = "page") -> RefusalText:
    """Put a refusal into the words of a door."""
    said = sentences(refused.say(door))
    name, has, needs, form = _NUMBERS.get(refused.why.id, ("", "", "", ""))
    measured = (name, form.format(refused.why[has]), form.format(refused.why[needs])) if name else None
    return RefusalText(
        headline=HEADLINES[refused.reason],
        why=" ".join(said[:-1] or said),
        remedy=said[-1] if len(said) > 1 else "",
        measured=measured,
    )
