"""Say why a run is not judged at all, although it can be measured."""

from __future__ import annotations

from midstance.gait.steadiness import is_steady
from midstance.model import View
from midstance.reasons import Reason


def why_unjudged(view: View) -> Reason | None:
    """Return why no range and no rule fits what is seen; None if it can be judged."""
    if view.contradiction:
        return Reason("scales_unsure")
    return None if is_steady(view) else Reason("speed_changes")
