"""What a person put right in a film that was read wrongly."""

from __future__ import annotations

from dataclasses import dataclass

from midstance.skeleton import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCorrection:
    """One contact that a person moved or took away; seconds of the film as it plays.

    Attributes
    ----------
    side
        The foot.
    at_s
        The strike of the contact as it was found.
    strike_s, toe_off_s
        Where the person saw them; None leaves one where it is.
    gone
        There is no such contact.
    """

    side: Side
    at_s: float
    strike_s: float | None = None
    toe_off_s: float | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Everything a person put right in one film.

    Attributes
    ----------
    cut_s
        Only this part of the film is judged, seconds as it plays; None: all of it.
    swap_sides
        The leg that was called left is the right one.
    contacts
        Contacts that were moved or taken away.
    """

    cut_s: tuple[float, float] | None = None
    swap_sides: bool = False
    contacts: tuple[ContactCorrection, ...] = ()
