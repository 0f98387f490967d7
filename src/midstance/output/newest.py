"""Say in a few words what the newest analysis of a take came to; it is remembered, for an analysis never changes."""

from __future__ import annotations

from dataclasses import dataclass

from midstance.comparison.model import StoredTake
from midstance.remembered import Remembered
from midstance.store.store import Store
from midstance.text.outcome import outcome, plan_title

REMEMBERED = 20_000
"""Takes; each is a few hundred bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """What the newest analysis of a take came to.

    refused  whether it could not be judged
    why      the reason, if it could not
    says     the outcome in a sentence of the newest analysis that judged it; empty if none did
    focus, cue   of its plan; empty without one
    """

    refused: bool
    says: str
    why: str = ""
    focus: str = ""
    cue: str = ""


_KNOWN: Remembered[tuple[str, int], Newest] = Remembered(REMEMBERED)


def newest(store: Store, take: StoredTake) -> Newest | None:
    """Return what is known of a take; None if it was never analysed."""
    if not take.analyses:
        return None
    return _KNOWN.get((take.uid, take.analyses), lambda: _read(store, take))


def _read(store: Store, take: StoredTake) -> Newest:
    content = store.newest_analysis(take)
    refused = content is None or "refused" in content
    why = str(content["refused"]["says"]) if content and refused else ""
    if refused:
        content = next((one for one in reversed(store.analyses(take)) if "refused" not in one), None)
    if content is None:
        return Newest(refused=refused, says="", why=why)
    plan = content.get("plan")
    focus, cue = (plan_title(plan), plan["cue"]) if plan else ("", "")
    return Newest(refused=refused, says=outcome(content), why=why, focus=focus, cue=cue)
