"""Every measure and every band has a source that can be opened; every citation leads somewhere in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from midstance.coaching.bands import Reference, references
from midstance.measures import REGISTRY
from midstance.measures.registry import Definition

ROOT = Path(__file__).parent.parent
EVIDENCE, RESULTS = ROOT / "docs" / "evidence.md", ROOT / "validation" / "RESULTS.md"
FOLDERS = ("src", "tests", "docs", "validation", "benchmarks")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
KINDS = {".py", ".toml", ".md", ".html", ".js", ".css", ".j2"}

DOI = re.compile(r"\b10\.\d{4,}/[^\s;,]*\w")
VALIDATION = re.compile(r"validation: ([^;]+)")
CITED = re.compile(r"\bevidence\.md#([\w-]+)")
ELSEWHERE = re.compile(
    r"(?<![\w-])(?:EVIDENCE|DESIGN|STACK|HOUSE|PEERS|FINDINGS)(?![\w-])"
    r"|\bLEGS (?:section )?\d|\bshared/(?:design|evidence|norms)\b"
)
"""Documents that a reader of the repository cannot open."""


def slug(heading: str) -> str:
    """Return the anchor a heading gets on a page: lower case, hyphens for spaces, no other signs."""
    return re.sub(r"[^\w-]", "", heading.strip().lower().replace(" ", "-"))


def sections(page: Path) -> dict[str, str]:
    """Return the text between every heading of a page and the next."""
    parts = re.split(r"(?m)^#{2,3} (.+)$", page.read_text(encoding="utf-8"))
    return dict(zip((title.strip() for title in parts[1::2]), parts[2::2], strict=True))


def anchors() -> set[str]:
    """Return the anchors of docs/evidence.md."""
    return {slug(title) for title in sections(EVIDENCE)}


def validation_fault(name: str, proof: str) -> str:
    """Return what is wrong with a validation: no such heading or test, or one that never names the measure."""
    text = sections(RESULTS).get(proof)
    if text is None:
        return "" if (ROOT / proof).is_file() else f"{proof}: neither a heading of RESULTS.md nor a file"
    return f"{proof}: no row" if "| measure |" in text and f"| {name} |" not in text else ""


def source_fault(name: str, source: str) -> str:
    """Return what is wrong with the source of a measure; empty for a DOI, or for an own definition with its proof."""
    if DOI.search(source):
        return ""
    if "own definition" not in source:
        return "neither a DOI nor 'own definition'"
    proof = VALIDATION.search(source)
    return validation_fault(name, proof[1].strip()) if proof else "an own definition without its validation"


def files() -> Iterator[Path]:
    """Yield every text file that may cite something, but for this one."""
    yield from (ROOT / page for page in PAGES)
    for folder in FOLDERS:
        yield from (p for p in sorted((ROOT / folder).rglob("*")) if p.suffix in KINDS and p != Path(__file__))


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return what a pattern finds, with the number of its line."""
    return [f"{number}: {hit[0]}" for number, line in enumerate(text.splitlines(), 1) for hit in pattern.finditer(line)]


@pytest.mark.parametrize("definition", REGISTRY, ids=lambda d: d.id)
def test_a_measure_names_a_paper_or_what_shows_how_well_it_is_measured(definition: Definition) -> None:
    assert not source_fault(definition.id, definition.source)
    assert CITED.search(definition.source), "no heading of docs/evidence.md"


@pytest.mark.parametrize("band", references().values(), ids=lambda b: b.measure)
def test_a_band_names_a_paper_or_is_a_proposal_with_what_shows_what_it_does(band: Reference) -> None:
    assert DOI.search(band.source) or (band.proposal and band.validation)
    assert band.proposal == bool(band.validation)
    assert not band.validation or not validation_fault(band.measure, band.validation)


def test_every_heading_of_the_evidence_that_is_cited_exists() -> None:
    known, missing = anchors(), []
    for file in files():
        cited = CITED.findall(file.read_text(encoding="utf-8"))
        missing += [f"{file.relative_to(ROOT)}: #{anchor}" for anchor in cited if anchor not in known]
    assert not missing


def test_the_evidence_points_only_to_what_exists() -> None:
    text = re.sub(r"\s+", " ", EVIDENCE.read_text(encoding="utf-8"))
    named = [
        name
        for proofs in re.findall(r"(?i)validation: ((?:\*[^*]+\*(?:, )?)+)", text)
        for name in proofs.split("*")[1::2]
    ]
    assert len(named) > 10
    assert not set(named) - sections(RESULTS).keys()
    assert not set(re.findall(r"\]\(#([\w-]+)\)", text)) - anchors()
    pages = [page.partition("#")[0] for page in re.findall(r"\]\(([^)#]+\.md[^)]*)\)", text)]
    assert all((EVIDENCE.parent / page).is_file() for page in pages)


def test_every_source_of_the_page_of_measures_is_a_link_that_works() -> None:
    rows = [line for line in (ROOT / "docs" / "measures.md").read_text().splitlines() if line.startswith("| `")]
    assert len(rows) == len(REGISTRY)
    assert all(DOI.search(row) or "own definition" in row for row in rows)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("Evans et al. 2023, doi 10.3389/fspor.2023.1268292", ""),
        ("own definition; validation: Measures, runners outside every fit", ""),
        ("own definition; validation: tests/test_sources.py", ""),
        ("own definition; validation: Cameras", ""),
        ("somewhere in a book", "neither"),
        ("doi 10.12/short", "neither"),
        ("own definition", "without its validation"),
        ("own definition; validation: No such table", "neither a heading"),
        ("own definition; validation: Measures from the front and from behind", "no row"),
    ],
)
def test_the_check_of_sources_can_fail(source: str, fault: str) -> None:
    found = source_fault("heel_recovery_leg", source)
    assert fault in found
    assert bool(found) == bool(fault)


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("leaning (EVIDENCE 4 P12)", 1),
        ("EVIDENCE P12 and LEGS 5, LEGS section 3.3", 3),
        ("as in DESIGN section 4; STACK says how", 2),
        ("read ../shared/evidence/README", 1),
        ("docs/evidence.md#trunk-lean", 0),
        ("LEGS = leg_indices; DESIGN_IDS; track[:, LEGS]", 0),
    ],
)
def test_the_check_of_citations_can_fail(text: str, hits: int) -> None:
    assert len(lines_with(ELSEWHERE, text)) == hits


def test_no_document_outside_the_repository_is_cited() -> None:
    found = [
        f"{f.relative_to(ROOT)}:{hit}" for f in files() for hit in lines_with(ELSEWHERE, f.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(["cite docs/evidence.md instead:", *found])
