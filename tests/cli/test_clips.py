"""Several clips at once: nothing is lost, and every clip has its line and its folder."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from midstance.cli import analyze as cli_analyze
from midstance.cli import clips as cli_clips
from midstance.cli import compare, runs
from midstance.cli.clips import clips_in, folders_of
from midstance.errors import InputError, Refused, UsageError
from midstance.formats import analysis_json, analysis_schema
from midstance.model import Analysis, Clip
from midstance.options import Options
from midstance.text.clips import table_lines
from midstance.video.opening import open_clip
from tests.fixtures.acted import acted, without_plan

ACTED: list[Path] = []


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    found = acted(tmp_path_factory.mktemp("acted"), seconds=1.9)
    ACTED[:] = [found.clip.path]
    return found


def film(path: Path) -> Path:
    """Put the acted film there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(ACTED[0], path))


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch, run: Analysis) -> list[Options]:
    """Let every clip show the acted runner, but one called `empty` nobody; the options of each are kept."""
    seen: list[Options] = []

    def analyze(clip: Clip | Path, options: Options, **_: object) -> Analysis:
        path = clip.path if isinstance(clip, Clip) else clip
        seen.append(options)
        if "empty" in path.name:
            raise Refused("no_person", "Nobody is there.")
        return replace(run, clip=replace(run.clip, path=path) if path.is_file() else run.clip)

    for module in (cli_clips, runs):
        monkeypatch.setattr(module, "analyze_clip", analyze)
    return seen


def analyze(*words: object) -> tuple[int, str, str]:
    ran = CliRunner().invoke(cli_analyze.app, [*map(str, words), "--no-film"])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.exit_code, ran.stdout, ran.stderr


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_of_several_clips_is_a_line_each(tmp_path: Path) -> None:
    clips = [film(tmp_path / f"{name}.mp4") for name in ("a", "empty", "b")]
    code, said, errors = analyze(*clips, "--json", tmp_path / "all.json")
    assert code == Refused.exit_code
    kept = lines((tmp_path / "all.json").read_text("utf-8"))
    assert [Path(line["clip"]["path"]).name for line in kept] == ["a.mp4", "empty.mp4", "b.mp4"]
    for line in kept:
        jsonschema.validate(line, analysis_schema.json_schema())
    assert "midstance: empty.mp4: Nobody is there." in errors
    table = said.splitlines()[-4:]
    assert [line.split()[0] for line in table] == ["clip", "a.mp4", "empty.mp4", "b.mp4"]


def test_a_film_that_cannot_be_read_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "cut.mp4").touch()
    code, _, errors = analyze(film(tmp_path / "a.mp4"), tmp_path / "cut.mp4")
    assert code == InputError.exit_code
    assert "midstance: cut.mp4: the file is empty" in errors


def test_json_of_several_clips_to_the_pipe(tmp_path: Path) -> None:
    clips = [film(tmp_path / f"{name}.mp4") for name in ("a", "b")]
    code, said, _ = analyze(*clips, "--json", "-")
    assert code == 0
    assert [Path(line["clip"]["path"]).name for line in lines(said)] == ["a.mp4", "b.mp4"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4"]


def test_json_of_one_clip_stays_as_it_was(tmp_path: Path) -> None:
    _, said, _ = analyze(film(tmp_path / "a.mp4"), "--json", "-")
    assert json.loads(said)["clip"]["path"].endswith("a.mp4")
    assert said.startswith('{\n "schema": 1,')


def test_lines_are_kept_when_a_later_clip_fails(tmp_path: Path) -> None:
    bad = tmp_path / "z.mp4"
    bad.write_text("no film")
    code, _, errors = analyze(film(tmp_path / "a.mp4"), bad, "--json", tmp_path / "all.json")
    assert code == InputError.exit_code
    assert len(lines((tmp_path / "all.json").read_text("utf-8"))) == 1
    assert "z.mp4" in errors
    assert (tmp_path / "a.mp4.midstance" / "analysis.json").exists()


def test_a_place_where_nothing_can_be_written_is_one_error(tmp_path: Path) -> None:
    clips = [film(tmp_path / f"{name}.mp4") for name in ("a", "b")]
    with pytest.raises(InputError, match="cannot be written"):
        analyze(*clips, "--json", tmp_path / "gone" / "all.json")


def test_a_folder_of_films_is_a_batch(tmp_path: Path) -> None:
    for name in ("b.MP4", "a.mov", "side/c.mp4", "b.MP4.midstance/annotated.mp4"):
        film(tmp_path / "squad" / name) if name.endswith("mp4") else (tmp_path / "squad" / name).parent.mkdir(
            parents=True, exist_ok=True
        )
    for name in ("b.MP4", "a.mov"):
        film(tmp_path / "x.mp4").rename(tmp_path / "squad" / name)
    (tmp_path / "squad" / "notes.txt").write_text("no film")
    assert [path.name for path in clips_in([tmp_path / "squad"])] == ["a.mov", "b.MP4"]
    code, _, _ = analyze(tmp_path / "squad", "--json", tmp_path / "all.json")
    assert code == 0
    assert len(lines((tmp_path / "all.json").read_text("utf-8"))) == 2


def test_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="found 0 pictures"):
        analyze(".", "--rate", 30)
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((48, 64, 3), 40 * number, np.uint8))
    code, _, _ = analyze(".", "--rate", 30)
    assert code == 0
    assert (tmp_path.parent / f"{tmp_path.name}.midstance" / "analysis.json").exists()
    film(tmp_path / "run.mp4")
    assert list(clips_in([Path()])) == [Path("run.mp4")]


def test_clips_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    clips = [film(tmp_path / day / "run.mp4") for day in ("monday", "tuesday")]
    code, _, _ = analyze(*clips, clips[0], "--out", tmp_path / "out")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "monday-run.mp4.midstance",
        "tuesday-run.mp4.midstance",
    ]
    same = [Path("a/x/run.mp4"), Path("b/x/run.mp4"), Path("b/x/walk.mp4")]
    assert [path.name for path in folders_of(same, Path("out"))] == [
        "1-x-run.mp4.midstance", "2-x-run.mp4.midstance", "walk.mp4.midstance",
    ]  # fmt: skip


def test_table_of_many(run: Analysis) -> None:
    contents = {"a.mp4": analysis_json.plain(run), "b.mp4": analysis_json.plain(without_plan(run))}
    contents["c.mp4"] = {"refused": {"reason": "no_person", "says": "Nobody is there."}}
    table = table_lines(contents)
    assert table[0] == ""
    assert table[1].split() == ["clip", "speed", "cadence", "on", "the", "ground", "to", "change"]
    assert "260 ms" in table[2]
    assert "167" in table[2]
    assert "nothing in this clip asks for a change" in table[3]
    assert table[4].endswith("Nobody is there.")
    assert table_lines({}) == []


# -- compare -----------------------------------------------------------------------------------------------------


def test_old_results_are_read_only_when_nothing_was_said_of_the_film(
    tmp_path: Path, run: Analysis, asked: list[Options], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    clips = [film(tmp_path / f"{name}.mp4") for name in ("a", "b")]
    for clip in clips:
        (tmp_path / f"{clip.name}.midstance").mkdir()
        content = analysis_json.plain(replace(run, clip=open_clip(clip)))
        (tmp_path / f"{clip.name}.midstance" / "analysis.json").write_text(json.dumps(content, indent=1), "utf-8")
    ran = CliRunner().invoke(compare.app, [*map(str, clips)])
    assert ran.exit_code == 0, ran.output
    assert "note: a.mp4: reading the results in" in ran.stderr
    assert asked == []
    ran = CliRunner().invoke(compare.app, [*map(str, clips), "--height", "166cm"])
    assert ran.exit_code == 0, ran.output
    assert [options.height_m for options in asked] == [1.66, 1.66]


def test_one_clip_is_no_comparison() -> None:
    ran = CliRunner().invoke(compare.app, ["a.mp4"])
    assert isinstance(ran.exception, UsageError)
