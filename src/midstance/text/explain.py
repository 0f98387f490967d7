"""Find what a person means by a word of running: an id, a title, one of its other names, or a slip of spelling.

The other names are in data/names.toml; the ids and titles come from the rules and the measures themselves, so that a
coach's own rules are understood too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from midstance import data
from midstance.coaching.rules.base import Rule
from midstance.coaching.rules.folder import all_cues
from midstance.measures import BY_ID
from midstance.text.questions import stem, words_of

SURE = 80.0
"""Likeness (rapidfuzz ratio, 0 to 100) from which a misspelt name is taken for the known one."""

NEAR = 68.0
"""Likeness from which a name is offered."""

OFFERED = 3
"""So many near names are offered at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a word may mean.

    ids     of problems, causes, cues and measures, the best first; empty where nothing is known by that name
    name    the known name that a misspelt word was taken for; empty if it was typed as known
    near    known names that come near, where nothing is known by that name
    """

    ids: tuple[str, ...] = ()
    name: str = ""
    near: tuple[str, ...] = ()


def list_of_words(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield every word that can be explained, under what it is, with its plain name."""
    groups: dict[str, dict[str, str]] = {
        "Problems": {rule.id: rule.title for rule in rules},
        "Causes": {cause.id: cause.title for rule in rules for cause in rule.causes},
        "Cues": {cue.id: f"“{cue.says}”" for rule in rules for cue in all_cues(rule)},
        "Measures": {name: definition.name for name, definition in BY_ID.items()},
    }
    wide = max(len(name) for names in groups.values() for name in names)
    for number, (group, names) in enumerate(groups.items()):
        yield from ([""] if number else [])
        yield group
        yield from (f"  {name:{wide}}  {says}" for name, says in names.items())


def meaning(word: str, rules: Sequence[Rule]) -> Meant:
    """Return what a person means by a word or a few words."""
    known = _names(rules)
    key = _key(word)
    if key in known:
        exact = "_".join(word.lower().replace("-", " ").replace("_", " ").split())
        return Meant(ids=tuple(sorted(known[key], key=lambda identity: identity != exact)))
    close = process.extract(key, list(known), scorer=fuzz.ratio, limit=20)
    if close and close[0][1] >= SURE:
        return Meant(ids=known[close[0][0]], name=_spoken(known[close[0][0]][0], close[0][0]))
    within = sorted((name for name in known if set(key.split()) <= set(name.split())), key=len) if key else []
    ranked = dict.fromkeys([*within, *(name for name, score, _ in close if score >= NEAR)])
    near = dict.fromkeys(_spoken(known[name][0], name) for name in ranked)
    return Meant(near=tuple(near)[:OFFERED])


def _names(rules: Sequence[Rule]) -> Mapping[str, tuple[str, ...]]:
    """Return every known name, its words cut to stems, and the ids it may mean."""
    found: dict[str, dict[str, None]] = {}
    for identity, name in _named(rules):
        found.setdefault(_key(name), {})[identity] = None
    return {name: tuple(ids) for name, ids in found.items()}


def _named(rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """Yield every (id, name): the ids themselves first, then other names, then titles."""
    parts = [(rule.id, rule.title) for rule in rules]
    parts += [(cause.id, cause.title) for rule in rules for cause in rule.causes]
    parts += [(cue.id, cue.id) for rule in rules for cue in all_cues(rule)]
    measures = [(name, definition.name) for name, definition in BY_ID.items()]
    known = {identity for identity, _ in (*parts, *measures)}
    for identity, _ in (*parts, *measures):
        yield identity, identity
    for identity, names in _other_names().items():
        yield from ((identity, name) for name in names if identity in known)
    yield from (*parts, *measures)


@cache
def _other_names() -> Mapping[str, Sequence[str]]:
    names: Mapping[str, Sequence[str]] = data.table("names")["names"]
    return names


@cache
def _key(name: str) -> str:
    return " ".join(stem(word) for word in words_of(name.replace("_", " "), frozenset({"a", "an", "the"})))


def _spoken(identity: str, key: str) -> str:
    """Return a name as it is spoken, of which only the stems are at hand."""
    names = (*_other_names().get(identity, ()), identity.replace("_", " "))
    return next((name for name in names if _key(name) == key), identity)
