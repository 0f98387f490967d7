"""Say in a line or a few what a stored analysis (analysis.json as plain data) came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from midstance.reasons import small
from midstance.text.names import capital, problem_title

NOTHING = "nothing to change"
CONTRADICTED = "not judged: two lengths contradict each other"
UNSTEADY = "not judged: the speed changes"


def outcome(content: Mapping[str, Any]) -> str:
    """Return it in a few words: the headline of the plan, that nothing is to change and what is good, or why not."""
    plan, good = content.get("plan"), _titles(content, "good")
    if _why_unjudged(content):
        return CONTRADICTED if _contradiction(content) else UNSTEADY
    if plan:
        return ("worth a try: " if plan.get("grade") == "watch" else "") + plan_title(plan)
    return f"{NOTHING}: {small(good[0])}" if good else NOTHING


def outcome_lines(content: Mapping[str, Any]) -> list[str]:
    """Return it in lines: the plan and its cue, or what is good and what is good to know."""
    plan = content.get("plan")
    if why := _why_unjudged(content):
        return [capital(why)]
    if plan:
        label = "Worth a try: " if plan.get("grade") == "watch" else ""
        return [f"{label}{plan_title(plan)}. “{plan['cue']}”"]
    lines = ["Nothing to change."]
    for kind, label in (("good", "Good"), ("edge", "Good to know")):
        if titles := _titles(content, kind):
            lines.append(f"{label}: {'. '.join(titles)}.")
    return lines


def plan_title(plan: Mapping[str, Any]) -> str:
    """Return the headline of a stored plan; one from before plans had titles is called as the built-in rules do."""
    return problem_title(plan["focus"], plan.get("title") or "")


def _why_unjudged(content: Mapping[str, Any]) -> str:
    """Return why nothing was judged, and what to do about it; empty if it was."""
    return _contradiction(content) or content.get("unjudged") or ""


def _contradiction(content: Mapping[str, Any]) -> str:
    return content.get("view", {}).get("contradiction") or ""


def _titles(content: Mapping[str, Any], kind: str) -> list[str]:
    return [remark["title"] for remark in content.get("remarks", ()) if remark["kind"] == kind]
