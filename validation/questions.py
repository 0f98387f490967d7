"""How well `midstance ask` answers questions as people type them (tests/questions_typed.toml, questions_asked.toml).

python -m validation.questions        the table, and below it what went wrong, without the part that is kept unseen
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midstance.text.answers import matches_of
from midstance.text.medical import doctor_first
from midstance.text.question_search import THRESHOLD

TESTS = Path(__file__).parent.parent / "tests"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the answers that are right, and whether the search was never tuned on it."""

    says: str
    right: tuple[str, ...]
    kept: bool = False

    @property
    def answered_right(self) -> bool:
        """Return whether the first answer is a right one."""
        return topic_of(self.says) in self.right


def topic_of(text: str) -> str:
    """Return what answers a text: the id of a topic, "stop" where a doctor comes first, "none" without an answer."""
    if doctor_first(text):
        return "stop"
    matches = matches_of(text, top=1)
    return matches[0].question.id if matches and matches[0].score >= THRESHOLD else "none"


def typed() -> list[Asked]:
    """Return the questions written before anyone looked at the answers."""
    return [Asked(r["says"], tuple(r["topic"]), r.get("kept", False)) for r in _read("questions_typed")["asked"]]


def older() -> list[Asked]:
    """Return the older set of other wordings; off the subject, sending somebody to a doctor is no fault."""
    table = _read("questions_asked")
    found = [Asked(text, (name,)) for name, texts in table["asked"].items() for text in texts]
    return found + [Asked(text, ("none", "stop")) for text in table["off_subject"]]


def table() -> Iterator[str]:
    """Yield the share answered right, by kind of question: tuned on, kept unseen, older."""
    yield "| questions | tuned on | kept unseen | both | aim |"
    yield "|---|---|---|---|---|"
    rows = typed()
    for name, chosen, aim in (
        ("signs for a doctor, caught", [r for r in rows if r.right == ("stop",)], "100 %"),
        ("outside the subject, declined", [r for r in rows if r.right == ("none",)], ""),
        ("pain and form, right answer first", [r for r in rows if r.right not in {("stop",), ("none",)}], "90 %"),
        ("all", rows, "90 %"),
    ):
        parts = ([r for r in chosen if not r.kept], [r for r in chosen if r.kept], chosen)
        yield f"| {name} | {' | '.join(map(_share, parts))} | {aim} |"
    before = older()
    yield f"| older wordings, right answer first | {_share([r for r in before if 'none' not in r.right])} | | | 90 % |"
    yield f"| older, off the subject, declined | {_share([r for r in before if 'none' in r.right])} | | | |"


def _share(rows: Sequence[Asked]) -> str:
    right = sum(row.answered_right for row in rows)
    return f"{right} of {len(rows)}, {100 * right / len(rows):.0f} %"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TESTS / f"{name}.toml").read_text(encoding="utf-8"))


def main() -> None:
    """Print the table, and what was answered wrongly among what may be looked at."""
    print("\n".join(table()))
    for row in (*typed(), *older()):
        if not row.kept and not row.answered_right:
            print(f"{row.says!r}: wanted {' or '.join(row.right)}, answered {topic_of(row.says)}")


if __name__ == "__main__":
    main()
