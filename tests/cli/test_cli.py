"""The command line as a person meets it: exit codes, one-line errors, files, and nothing else left behind."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest

from midstance import cli
from midstance.cli.commands import load
from midstance.formats import analysis_schema
from midstance.store import open_store
from tests.fixtures.clips import DEMO
from tests.fixtures.models import bring

PAPER = {"handout.pdf", "report.pdf"}


def midstance(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    command = [sys.executable, "-m", "midstance", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **environment}, timeout=3600
    )


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in result.stderr.splitlines() if line.startswith("midstance:")]
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return lines[0]


@pytest.fixture(scope="session", autouse=True)
def _models() -> None:
    bring("detector", "full")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("demo") / "out"
    return midstance("demo", "--out", folder), folder


def film(path: Path, pictures: list[np.ndarray]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_the_demo_ends_in_its_files(demo: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    result, folder = demo
    assert result.returncode == 0, result.stderr
    tables = ("track", "measures", "strides", "contacts", "angles", "findings", "columns")
    files = {"analysis.json", "report.html", "annotated.mp4", "annotated_front.mp4", "card.png", "frames", "after"}
    whole = {*files, *PAPER, *(f"{table}.csv" for table in tables)}
    assert whole == {p.name for p in folder.iterdir()}
    content = json.loads((folder / "analysis.json").read_text())
    jsonschema.validate(content, analysis_schema.json_schema())
    assert content["view"]["plane"] == "side"
    assert content["view"]["direction"] == "right"
    cadence = next(m for m in content["measures"] if m["id"] == "cadence_spm")
    assert cadence["value"] == pytest.approx(162.57, abs=0.82)  # the truth of the rendered clip, 0.5 %
    roots = {finding["problem"]: finding["explained_by"] for finding in content["findings"]}
    assert (roots["reaching"], roots["late_arms"], roots["arm_crossing"]) == ("late_arms", "arm_crossing", None)
    assert content["plan"]["focus"] == "arm_crossing"


def test_the_demo_names_the_cause_and_says_what_became_of_it(
    demo: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    result, folder = demo
    said = result.stdout.strip().splitlines()
    assert 5 <= len(said) <= 60
    assert "The one thing to change: Your arms cross in front of you." in said
    assert any("a real change, in the right direction" in line for line in said)
    assert str(folder / "report.html") in result.stdout
    assert not re.search(r"\b(nan|inf)\b|None\W*$|[{}]|_(deg|ms|leg)\b", result.stdout, re.MULTILINE)


def test_json_to_the_pipe_prints_only_json_and_leaves_no_files(tmp_path: Path) -> None:
    clip = tmp_path / "run.mp4"
    clip.write_bytes(DEMO.read_bytes())
    result = midstance("analyze", clip, "--json", "-", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    jsonschema.validate(json.loads(result.stdout), analysis_schema.json_schema())
    assert [p.name for p in tmp_path.iterdir()] == ["run.mp4"]


def test_an_empty_room_is_refused_with_its_reason(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(90, 110, (120, 160, 3), dtype=np.uint8)
    clip = film(tmp_path / "room.mp4", [noise] * 40)
    result = midstance("analyze", clip, "--json", "-")
    assert result.returncode == 4
    content = json.loads(result.stdout)
    jsonschema.validate(content, analysis_schema.json_schema())
    assert content["refused"]["reason"] == "no_person"
    one_line(result)


def test_a_refused_clip_leaves_its_reason_in_the_folder(tmp_path: Path) -> None:
    clip = film(tmp_path / "room.mp4", [np.full((120, 160, 3), 100, np.uint8)] * 40)
    result = midstance("analyze", clip)
    assert result.returncode == 4
    assert "report.html   the frames that show why" in " ".join(result.stdout.split("\n"))
    folder = tmp_path / "room.mp4.midstance"
    assert "I find nobody in this film" in (folder / "report.html").read_text()
    content = json.loads((folder / "analysis.json").read_text())
    assert content["refused"]["reason"] == "no_person"


def test_what_is_no_film_is_one_line_and_exit_3(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a film")
    for path in (text, tmp_path / "gone.mp4"):
        result = midstance("analyze", path)
        assert result.returncode == 3
        assert path.name in one_line(result)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.mp4"]


def test_of_several_clips_a_bad_one_does_not_stop_the_rest(tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_text("not a film")
    empty = film(tmp_path / "room.mp4", [np.full((120, 160, 3), 100, np.uint8)] * 20)
    result = midstance("analyze", bad, empty, "--out", tmp_path / "out")
    assert result.returncode == 3
    assert (tmp_path / "out" / "room.mp4.midstance" / "analysis.json").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--height", "178"), "Write it as 1.78"),
        (("--speed", "40"), "metres a second"),
        (("--mass", "6800"), "20 to 250 kilograms"),
        (("--known-length", "1.5", "0"), "metres and pixels"),
        (("--slow-motion", "0"), "times slower"),
        (("--person", "0"), "counted from 1"),
        (("--model", "huge"), "choose one of"),
        (("--rules", "nowhere"), "no such folder"),
    ],
)
def test_a_wrong_option_is_met_with_the_right_one(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    result = midstance("analyze", tmp_path / "any.mp4", *words)
    assert result.returncode == 2
    assert told in one_line(result)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("takes", "add", "Ann", "gone.mp4"), 3, "no such file"),
        (("takes", "add", "Ann", __file__), 3, "no film"),
        (("takes", "show", "99999999999999999999999"), 2, "no take"),
        (("athletes", "add", "Ann", "--height"), 2, "--height needs a value after it"),
        (("athletes", "add", "two\nlines"), 2, "one line"),
        (("takes", "add", "Ann", __file__, "--date", "0001-01-01"), 2, "no films in 1"),
        (("compare", "gone.mp4", "also.mp4"), 3, "no such file"),
        (("compare", "7", "8"), 2, "no take 7"),
        (("compare", "²", "³"), 3, "²: there is no such file"),
        (("compare", "99999999999999999999999", "gone"), 3, "99: there is no such file"),
        (("athletes", "import", "gone.zip"), 3, "cannot be read"),
    ],
)
def test_what_takes_cannot_be_is_one_line(tmp_path: Path, words: tuple[str, ...], code: int, says: str) -> None:
    result = midstance(*words, cwd=tmp_path, MIDSTANCE_DATA=str(tmp_path / "data"))
    assert says in one_line(result)
    assert result.returncode == code


def test_takes_of_two_runners_are_not_compared(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'midstance.db'}", str(tmp_path / "films"))
    clip = tmp_path / "run.mp4"
    clip.write_bytes(b"film")
    for name in ("Ann", "Bo"):
        store.add_take(store.add_athlete(name), clip)
    store.close()
    result = midstance("compare", 1, 2, MIDSTANCE_DATA=str(tmp_path))
    assert "takes of Ann and Bo" in one_line(result)
    assert result.returncode == 2


def test_an_unknown_word_is_a_usage_error() -> None:
    assert midstance("analyse-this").returncode == 2
    assert midstance("analyze").returncode == 2
    assert "Did you mean analyze?" in midstance("analyse").stderr
    said = one_line(midstance("athletes", "add", "Cody", "--height"))
    assert "--height needs a value" in said
    assert said.endswith(" --help")


def test_help_lists_what_each_command_says_of_itself() -> None:
    for name, says in cli.COMMANDS.items():
        assert load(name).help == says


def test_help_loads_no_command() -> None:
    heavy = "import sys; from midstance import cli; sys.argv[1:] = ['--help']; cli.main()"
    script = f"import atexit, sys; atexit.register(lambda: print('numpy' in sys.modules)); {heavy}"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "doctor" in result.stdout
    assert result.stdout.splitlines()[-1] == "False"


def test_a_missing_pose_model_is_exit_5_and_says_what_to_do(tmp_path: Path) -> None:
    offline = {"PIP_INDEX_URL": "file:///nowhere", "PIP_EXTRA_INDEX_URL": "", "PIP_NO_INDEX": "1"}
    result = midstance(
        "analyze", DEMO, "--json", "-", MIDSTANCE_CACHE=str(tmp_path / "cache"), PIP_CONFIG_FILE="/dev/null", **offline
    )
    assert result.returncode == 5, result.stderr
    assert "--from" in one_line(result)
    assert not [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]


def test_doctor_finds_this_machine_well() -> None:
    result = midstance("doctor")
    assert result.returncode == 0, result.stdout
    assert "BlazePose" in result.stdout


def test_the_schema_is_a_schema() -> None:
    result = midstance("schema")
    jsonschema.Draft202012Validator.check_schema(json.loads(result.stdout))


def test_models_are_listed_with_their_place() -> None:
    result = midstance("models")
    assert result.returncode == 0
    assert [line.split()[0] for line in result.stdout.splitlines()][:4] == ["detector", "full", "lite", "heavy"]


def test_ask_answers_and_owns_up() -> None:
    assert "How sure" in midstance("ask", "my", "shins", "ache").stdout
    assert "no answer" in midstance("ask", "how to cook rice").stdout
