"""The rules and the bands in, docs/rules.md out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from midstance.coaching.bands import Line, Reference, references
from midstance.coaching.rules import RULES
from midstance.coaching.rules.base import Case, CauseTest, Rule
from midstance.coaching.rules.explained import asks, source_line, test_in_words

PAGE = Path(__file__).parent / "rules.md"
SPEEDS_MPS = (2.5, 3.0, 4.0, 6.0, 9.0)


def page() -> str:
    """The whole page."""
    return "\n".join([*head(), *(line for rule in RULES for line in one_rule(rule)), *bands()]) + "\n"


def head() -> Iterator[str]:
    """What the page is."""
    yield "# The rules of the coach"
    yield ""
    yield "Made by `docs/write_rules.py` from `src/midstance/coaching/rules/` and `src/midstance/data/references.toml`."
    yield ""
    yield (
        "A sign counts when it lies beyond the ordinary range for the running speed: by more than its own uncertainty "
        "it is a *flag*, by less it is to be *watched*. Each cause is tested in the same clip and ends as supported, "
        "not supported, or cannot be told. Numbers marked *proposal* are engineering choices "
        "(`docs/decisions/bands.md`); the heading of `validation/RESULTS.md` after them shows what they do. Papers: "
        "[evidence](evidence.md)."
    )
    yield ""
    yield "| problem | causes tested | first cue |"
    yield "|---|---|---|"
    for rule in RULES:
        causes = "; ".join(c.title for c in rule.causes)
        yield f"| [`{rule.id}`](#{rule.id}) {rule.title} | {causes} | {rule.cues[0].says} |"
    yield ""


def one_rule(rule: Rule) -> Iterator[str]:
    """One problem with its causes, cues, sources and worked examples."""
    yield f"## {rule.id}"
    yield ""
    yield f"**{rule.title}.** {rule.means}"
    yield ""
    yield f"*Seen from*: {', '.join(rule.planes)}. *Looks at*: {', '.join(f'`{m}`' for m in asks(rule))}."
    yield ""
    for cause in rule.causes:
        yield from one_cause(cause)
    yield ""
    yield f"*Cues for the sign itself*: {' '.join(c.says for c in rule.cues)}"
    yield f"*Expect*: {' '.join(rule.expect)}"
    yield f"*Guard*: {' '.join(rule.guard)}"
    yield ""
    yield from (f"- {source_line(source)}" for source in rule.sources)
    yield ""
    yield "| example | seen | from | at m/s | outcome |"
    yield "|---|---|---|---|---|"
    yield from (example(case) for case in (*rule.fires, *rule.silent))
    yield ""


def one_cause(cause: CauseTest) -> Iterator[str]:
    """One cause, its cues, and the runner's own test of it."""
    cues = " ".join(f'"{cue.says}"' for cue in cause.cues)
    root = f" (the same as `{cause.root}`)" if cause.root else ""
    test = f"*Test*: {test_in_words(cause.experiment)}" if cause.experiment else f"*No test*: {cause.film}"
    yield f"- `{cause.id}` {cause.title}{root}: {cues} {test}"


def example(case: Case) -> str:
    """One worked example as a row."""
    seen = [f"`{name}` {value:g}" for name, value in case.measures.items()]
    seen += [f"`{name}` drifts by {value:+g}" for name, value in case.drift.items()]
    seen += [f"no `{name}`" for name in case.without]
    verdicts = [f"{cause} {verdict.replace('_', ' ')}" for cause, verdict in case.causes.items()]
    outcome = "; ".join([f"**{case.grade}**" if case.grade else "silent", *verdicts])
    return f"| {case.name} | {', '.join(seen) or 'in order'} | {case.plane} | {case.speed_mps:g} | {outcome} |"


def bands() -> Iterator[str]:
    """Every band at a few speeds, with its source."""
    speeds = " | ".join(f"{v:g} m/s" for v in SPEEDS_MPS)
    yield "## Bands"
    yield ""
    yield f"Ordinary range (usual value) at each speed.\n\n| measure | {speeds} | grade | rests on |"
    yield "|---" * (3 + len(SPEEDS_MPS)) + "|"
    for name, entry in references().items():
        cells = " | ".join(cell(entry, v) for v in SPEEDS_MPS)
        grade = entry.grade + (f", proposal; validation: {entry.validation}" if entry.proposal else "")
        yield f"| `{name}` | {cells} | {grade} | {entry.source}. {entry.population}. {entry.note} |".replace(". .", ".")


def cell(entry: Reference, speed_mps: float) -> str:
    """Low .. high (usual)."""

    def at(line: Line | None) -> str:
        return "" if line is None else f"{line.at(speed_mps):.3g}"

    return f"{at(entry.low)} .. {at(entry.high)} ({at(entry.usual)})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
