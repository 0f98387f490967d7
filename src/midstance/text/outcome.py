"""Say in a line or a few what a stored analysis (analysis.json as plain data) came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from midstance.reasons import small
from midstance.text.names import capital, problem_title

FROM = {"front": "seen from the front", "rear": "seen from behind"}
"""From where a runner is seen, other than from the side."""

CONTRADICTED = "not judged: two lengths contradict each other"
UNSTEADY = "not judged: the speed changes"


def outcome(content: Mapping[str, Any]) -> str:
    """Return it in a few words: the headline of its report, or why nothing was judged."""
    plan = content.get("plan")
    if _why_unjudged(content):
        return CONTRADICTED if _contradiction(content) else UNSTEADY
    if plan:
        return ("worth a try: " if plan.get("grade") == "watch" else "") + plan_title(plan)
    return small(_calm(content))


def outcome_lines(content: Mapping[str, Any]) -> list[str]:
    """Return it in lines: the plan and its cue, or what is good and what is good to know."""
    plan = content.get("plan")
    if why := _why_unjudged(content):
        return [capital(why)]
    if plan:
        label = "Worth a try: " if plan.get("grade") == "watch" else ""
        return [f"{label}{plan_title(plan)}. “{plan['cue']}”"]
    lines = [f"{_calm(content)}."]
    for kind, label in (("good", "Good"), ("edge", "Good to know")):
        if titles := _titles(content, kind):
            lines.append(f"{label}: {'. '.join(titles)}.")
    return lines


def plan_title(plan: Mapping[str, Any]) -> str:
    """Return the headline of a stored plan; one from before plans had titles is called as the built-in rules do."""
    return problem_title(plan["focus"], plan.get("title") or "")


def calm_headline(plane: str, *, watched: bool, good: bool) -> str:
    """Return what to say first when nothing asks for a change; something merely to be watched is no perfect order."""
    if plane in FROM:
        return f"{capital(FROM[plane])}, nothing asks for a change"
    if watched:
        return "Nothing you must change"
    return "Nothing to change: your stride is in good order" if good else "Nothing in this clip asks for a change"


def _calm(content: Mapping[str, Any]) -> str:
    watched = any(finding.get("grade") == "watch" for finding in content.get("findings", ()))
    return calm_headline(content["view"]["plane"], watched=watched, good=bool(_titles(content, "good")))


def _why_unjudged(content: Mapping[str, Any]) -> str:
    """Return why nothing was judged, and what to do about it; empty if it was."""
    return _contradiction(content) or content.get("unjudged") or ""


def _contradiction(content: Mapping[str, Any]) -> str:
    return content.get("view", {}).get("contradiction") or ""


def _titles(content: Mapping[str, Any], kind: str) -> list[str]:
    return [remark["title"] for remark in content.get("remarks", ()) if remark["kind"] == kind]
