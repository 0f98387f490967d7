"""What is said of vulnerabilities: nothing is called clean of which nothing is known."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from validation import sbom

SKIPPED = {"name": "reportlab", "skip_reason": "Dependency not found on PyPI and could not be audited"}
SOUND = {"name": "numpy", "version": "2.4.0", "vulns": []}
NAMED = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-2019-217"}, {"id": "CVE-2024-22195"}]}


def answer(monkeypatch: pytest.MonkeyPatch, said: str) -> str:
    """What is made of an answer of pip-audit, which ends well where it could ask about nothing."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    done = SimpleNamespace(stdout=said, stderr="No known vulnerabilities found", returncode=0)
    monkeypatch.setattr("subprocess.run", lambda *_words, **_how: done)
    return sbom.audit()


def test_a_package_that_could_not_be_asked_about_is_not_called_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    packages: list[dict[str, Any]] = [SKIPPED, SOUND, NAMED, SKIPPED]
    says = answer(monkeypatch, json.dumps({"dependencies": packages, "fixes": []}))
    assert "jinja2 2.0 (PYSEC-2019-217, CVE-2024-22195) of 2 packages" in says
    assert "of 2 it knows nothing, and they are not called clean" in says
    none = answer(monkeypatch, json.dumps({"dependencies": [SKIPPED]}))
    assert "none of 0 packages; of 1 it knows nothing" in none


@pytest.mark.parametrize("said", ["", "Traceback", "[]", "{}", "null"])
def test_no_answer_is_not_called_clean(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    assert "nothing is called clean" in answer(monkeypatch, said)


def test_what_is_not_installed_is_not_called_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    for says in (sbom.audit(), sbom.from_the_index()):
        assert "nothing is called clean" in says
