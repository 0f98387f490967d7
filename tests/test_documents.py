"""The documents: every command has words that are known, every link leads somewhere, every page is listed."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

import midstance as ms
from midstance import cli
from midstance.cli import commands
from tests.test_sources import slug

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```")
LINK = re.compile(r"\]\(([^)\s]+)\)")

TOOLS = ("pip install ", "make ", "python3", "fresh/bin/", "python -m ")
"""What begins a line that is no command of midstance: it would change the machine."""


@cache
def blocks() -> tuple[tuple[str, str, str], ...]:
    """(page, language, text) of every block."""
    return tuple(
        (str(page.relative_to(ROOT)), language, text)
        for page in PAGES
        for language, text in BLOCK.findall(page.read_text(encoding="utf-8"))
    )


def lines(language: set[str]) -> Iterator[tuple[str, str]]:
    """(page, line without its remark) of every block in one of these languages."""
    for page, spoken, text in blocks():
        if spoken in language:
            yield from ((page, re.sub(r"\s+#.*", "", line).strip()) for line in text.splitlines() if line.strip())


COMMANDS = list(dict.fromkeys(line for _page, line in lines({"", "sh"}) if line.startswith("midstance")))


def test_every_block_says_what_it_is_and_every_line_of_a_shell_is_a_command() -> None:
    assert {language for _page, language, _text in blocks()} <= {"", "sh", "python", "toml", "text", "json", "yaml"}
    odd = [(page, line) for page, line in lines({"sh"}) if not line.startswith(("midstance", *TOOLS))]
    assert not odd
    assert len(COMMANDS) > 25


# -- commands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_the_words_of_a_command_are_known(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our_rules").mkdir()
    words = shlex.split(command)[1:]
    if words[0].startswith("-"):
        assert words[0] in {p for param in _app().params for p in param.opts}
        return
    found, *rest = commands.load(words[0]), *words[1:]
    while rest and rest[0] in getattr(found, "commands", {}):
        found = found.commands[rest.pop(0)]
    assert found.make_context(words[0], rest, resilient_parsing=False) is not None


def _app() -> Any:
    return typer.main.get_command(commands.app)


def test_commands_within_the_text_exist() -> None:
    for page in PAGES:
        for command in re.findall(r"`midstance ([a-z][^`]*)`", page.read_text(encoding="utf-8")):
            first, *rest = shlex.split(command.replace("...", ""))
            assert first in cli.COMMANDS, f"{page.name}: midstance {command}"
            options = {p for each in _params(first, rest) for p in each.opts} | {"--help", "--debug", "--quiet"}
            unknown = [word for word in rest if word.startswith("--") and word not in options]
            assert not unknown, f"{page.name}: midstance {command}: {unknown}"


def _params(first: str, rest: list[str]) -> list[Any]:
    found = commands.load(first)
    params = list(found.params)
    while rest and rest[0] in getattr(found, "commands", {}):
        found, rest = found.commands[rest[0]], rest[1:]
        params += found.params
    return params


# -- code --------------------------------------------------------------------------------------------------------------

CODE = list(dict.fromkeys((page, text) for page, language, text in blocks() if language == "python"))


@pytest.mark.parametrize(("page", "text"), CODE, ids=[page for page, _text in CODE])
def test_code_of_the_documents_names_what_there_is(page: str, text: str) -> None:
    compile(text, page, "exec")
    named = re.findall(r"\bms\.(\w+)", text)
    assert named
    assert set(named) <= set(ms.__all__)


def test_tables_of_the_documents_can_be_read() -> None:
    read = [tomllib.loads(text) for _page, language, text in blocks() if language == "toml"]
    assert len(read) >= 2
    shown = next(text for page, language, text in blocks() if (page, language) == ("docs/plugins.md", "toml"))
    assert shown == (ROOT / "examples" / "knee_give" / "pyproject.toml").read_text(encoding="utf-8")


# -- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://")
            continue
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor and target.suffix == ".md":
            headings = re.findall(r"(?m)^#{1,4} (.+)$", target.read_text(encoding="utf-8"))
            assert anchor in {slug(heading) for heading in headings}, f"{link} has no such heading"


def test_every_page_has_its_place_in_the_site_and_on_disk() -> None:
    listed = set(re.findall(r'= "([^"]+\.md)"', (ROOT / "docs" / "zensical.toml").read_text(encoding="utf-8")))
    docs = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").glob("*.md")}
    elsewhere = {"CONTRIBUTING.md", "CHANGELOG.md", "RESULTS.md", "decisions/index.md"}
    assert listed == docs | elsewhere


@pytest.mark.parametrize("name", ["decisions", "numbers"])
def test_pages_made_from_the_code_are_of_today(name: str) -> None:
    made = runpy.run_path(str(ROOT / "docs" / f"write_{name}.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"](), "make docs"


def test_the_site_gathers_pages_and_finds_a_broken_link(tmp_path: Path) -> None:
    site = runpy.run_path(str(ROOT / "docs" / "site.py"))
    site["gather"](tmp_path / "pages")
    assert "](RESULTS.md)" in (tmp_path / "pages" / "science.md").read_text(encoding="utf-8")
    assert "](conventions.md)" in (tmp_path / "pages" / "science.md").read_text(encoding="utf-8")
    shutil.rmtree(tmp_path / "pages")
    (tmp_path / "a.html").write_text('<h1 id="top"></h1><a href="#top"></a><a href="b.html"></a><a href="#no"></a>')
    assert list(site["faults"](tmp_path)) == ["a.html: b.html leads nowhere", "a.html: #no has no such heading"]
