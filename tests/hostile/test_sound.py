"""What is damaged is not called sound, what a library raises is one line, and every page says what it may load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from validation.harden_files import mutant

from midstance.cli.checks import examine
from midstance.errors import InputError
from midstance.formats.watch import read_watch
from midstance.output import scripts
from midstance.pose import weights
from tests.formats.test_watch import fit_file

PAGES = Path(scripts.__file__).parent.parent / "data" / "page"


def test_the_doctor_finds_a_damaged_model_and_one_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIDSTANCE_CACHE", str(tmp_path))
    path = tmp_path / weights.FILES["detector"].file
    path.write_bytes(b"half a model")

    def said() -> str:
        return next(check.says for check in examine() if check.name == "pose model detector")

    assert said() == f"damaged: {path}"

    def unreadable(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", unreadable)
    assert said() == f"damaged: {path}"
    assert not weights.is_sound("detector")


def test_a_damaged_recording_of_a_watch_is_read_or_refused_in_one_line(tmp_path: Path) -> None:
    path = fit_file(tmp_path / "run.fit", 60)
    good, refused = path.read_bytes(), list[str]()
    for seed in range(150):
        path.write_bytes(mutant(good, seed))
        try:
            read_watch(path)
        except InputError as fault:
            refused.append(fault.say("cli"))
    assert len(refused) > 20
    assert not [line for line in refused if "\n" in line]


def test_every_page_that_is_written_says_what_it_may_load() -> None:
    pages = [path for path in PAGES.glob("*.j2") if "<html" in path.read_text(encoding="utf-8")]
    assert len(pages) >= 4
    for path in pages:
        text = path.read_text(encoding="utf-8")
        policy = text.index('<meta http-equiv="Content-Security-Policy" content="{{ policy }}">')
        loads = re.search(r"<(script|style|link|img|video|svg|body)\b", text)
        assert loads, path
        assert policy < loads.start(), path
    for policy in (scripts.content_policy(), scripts.content_policy("let a = 1;")):
        assert "default-src 'none'" in policy
        assert "script-src 'unsafe-inline'" not in policy
        assert "http" not in policy
