"""Lay a coach's own folder over the rules and bands that midstance brings.

DIR/references.toml   bands, as in midstance/data/references.toml; a table replaces the built-in one of its name
DIR/words.toml        other words for a rule: [reaching] title = "...", says = "...",
                      [reaching.cues] drop_the_foot = "...", [reaching.causes.leaning_back] yes = "..."
DIR/questions.toml    questions for `midstance ask`, read by text/questions.py: [[question]] id, wordings, answer
DIR/rules.toml        new rules as data (rules/as_data.py); same id = it replaces that rule
DIR/NAME.py           a new rule: a module with RULE (midstance.rules.base.Rule); same id = it replaces that rule.
                      It is a program and runs with all rights of who started midstance; everything else is read only
                      (but for __init__.py, which makes an installed package of the folder)
"""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from midstance.coaching.bands import References, references, with_folder
from midstance.coaching.rules.base import CauseTest, Rule, Words
from midstance.coaching.rules.programs import programs_in
from midstance.errors import UsageError
from midstance.formats.text_file import own_text

_RULE_WORDS = {"title", "headline", "topic", "says", "or_says", "means", "film", "practice", "film_again", "expect",
               "guard", "cues", "causes"}  # fmt: skip
_CAUSE_WORDS = {"title", "yes", "no", "film"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """The rules that are asked and the bands they are asked with."""

    rules: tuple[Rule, ...]
    bands: References


def laid_over(rules: Sequence[Rule], folder: Path | None) -> Ruleset:
    """Return the rules with a coach's folder laid over them. Raises UsageError where the folder makes no sense."""
    if folder is None:
        return Ruleset(rules=tuple(rules), bands=references())
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; --rules wants one with rules, bands, words or questions.")
    from midstance.coaching.rules.as_data import rules_as_data  # noqa: PLC0415 (pydantic: 40 ms of every start)

    by_id = {rule.id: rule for rule in rules}
    by_id |= {rule.id: rule for rule in rules_as_data(folder / "rules.toml")}
    by_id |= {rule.id: rule for rule in map(_rule_of, programs_in(folder))}
    words = folder / "words.toml"
    if words.exists():
        try:
            by_id |= _reworded(by_id, words)
        except (TypeError, AttributeError):  # a number or a text where a table is meant
            raise UsageError(f'{words} is not built as it should be: [rule] title = "...", in UTF-8.') from None
    return Ruleset(rules=tuple(by_id.values()), bands=with_folder(folder))


def _rule_of(path: Path) -> Rule:
    """Load the RULE of a Python file."""
    spec = importlib.util.spec_from_file_location(f"midstance_rules_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} cannot be read as Python.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as broken:
        raise UsageError(f"{path} stopped with {type(broken).__name__}: {broken}.") from broken
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise UsageError(f"{path} has no RULE; a rule file defines RULE = Rule(...) from midstance.rules.base.")
    return rule


def _reworded(rules: dict[str, Rule], path: Path) -> dict[str, Rule]:
    """Return the rules that a words.toml names, with its words. Raises UsageError with every fault in one message."""
    try:
        tables = tomllib.loads(own_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        raise UsageError(f"{path} is not valid TOML: {broken}.") from broken
    faults = [f for name, table in tables.items() for f in _faults(rules.get(name), name, table)]
    if faults:
        raise UsageError(f"{path}: " + "; ".join(faults) + ".")
    return {name: _with_words(rules[name], table) for name, table in tables.items()}


def _faults(rule: Rule | None, name: str, table: Any) -> list[str]:
    if rule is None or not isinstance(table, dict):
        return [f"there is no rule {name!r}"]
    faults = [f"[{name}] unknown key {key!r}" for key in sorted(table.keys() - _RULE_WORDS)]
    causes = {cause.id for cause in rule.causes}
    cues = {cue.id for cue in all_cues(rule)}
    for cause, words in table.get("causes", {}).items():
        if cause not in causes:
            faults.append(f"[{name}] has no cause {cause!r}")
        faults += [f"[{name}.causes.{cause}] unknown key {key!r}" for key in sorted(words.keys() - _CAUSE_WORDS)]
    return faults + [f"[{name}] has no cue {cue!r}" for cue in sorted(table.get("cues", {}).keys() - cues)]


def all_cues(rule: Rule) -> tuple[Words, ...]:
    """Return every cue of a rule, those of its causes first."""
    return (*(cue for cause in rule.causes for cue in cause.cues), *rule.cues)


def _with_words(rule: Rule, table: dict[str, Any]) -> Rule:
    """Return the rule with a coach's words; a new title is also the new headline and topic unless those are given."""
    said = {key: value for key, value in table.items() if key not in {"cues", "causes"}}
    if "title" in said:
        said = {"headline": "", "topic": "", **said}
    said |= {key: tuple(said[key]) for key in ("expect", "guard") if key in said}
    cues, causes = table.get("cues", {}), table.get("causes", {})

    def recued(words: tuple[Words, ...]) -> tuple[Words, ...]:
        return tuple(replace(w, says=cues.get(w.id, w.says)) for w in words)

    def reworded(cause: CauseTest) -> CauseTest:
        return replace(cause, cues=recued(cause.cues), **causes.get(cause.id, {}))

    return replace(rule, cues=recued(rule.cues), causes=tuple(map(reworded, rule.causes)), **said)
