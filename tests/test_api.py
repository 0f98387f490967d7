"""The public surface: its names, that it loads late, its types, its documentation and the examples in it."""

from __future__ import annotations

import ast
import dataclasses
import doctest
import inspect
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import pytest

import midstance as ms
from midstance import data
from midstance.errors import UsageError
from midstance.model import ClipPoses, Measures, Poses
from midstance.skeleton import INDEX
from midstance.video.frames import pick_frames
from tests.fixtures.clips import DEMO
from tests.fixtures.models import bring

FUNCTIONS = {"analyze", "analyze_together", "compare", "find_poses", "open_clip", "open_store", "read_photo", "say"}
ERRORS = {"Ambiguous", "InputError", "MidstanceError", "Refused", "UsageError", "WeightsError"}
NOUNS = {
    "Analysis", "Band", "Cause", "Clip", "ClipPoses", "Contact", "Contacts", "Cue", "Evidence", "Experiment", "Figure",
    "Finding", "Measure", "Measures", "NotAssessed", "Options", "Plan", "PoseModel", "Question", "Reason", "Remark",
    "Sample", "SideMeasures", "Store", "Take", "Target", "Track", "View",
}  # fmt: skip
"""A name added or taken away is a change of the contract: it belongs here and in the documentation."""

SHOWN_BY_EXAMPLE = FUNCTIONS | {"Analysis", "Measures", "Options", "SideMeasures"}
INIT = Path(ms.__file__)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClipPoses]:
    """Two clips as run.mov and front.mov, with everyone found in the first; the tests stand in their folder."""
    bring("detector", "full")
    folder = tmp_path_factory.mktemp("api")
    shutil.copy(DEMO, folder / "run.mov")
    with data.on_disk("demo_before_front.mp4") as front:
        shutil.copy(front, folder / "front.mov")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        yield ms.find_poses("run.mov")


@pytest.fixture(scope="module")
def a(found: ClipPoses) -> ms.Analysis:
    return ms.analyze(found, height_m=1.66)


def python(code: str) -> str:
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


# -- names -------------------------------------------------------------------------------------------------------


def test_names() -> None:
    assert set(ms.__all__) == FUNCTIONS | ERRORS | NOUNS | {"__version__"}
    assert set(ms.__all__) <= set(dir(ms))
    for name in ms.__all__:
        assert getattr(ms, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = ms.analyse  # type: ignore[attr-defined]


def test_what_a_type_checker_sees_is_what_is_loaded() -> None:
    tree = ast.parse(INIT.read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen.keys() == FUNCTIONS | ERRORS | NOUNS
    for name, module in seen.items():
        assert module is not None
        assert getattr(import_module(module), name) is getattr(ms, name)


def test_import_loads_nothing_else() -> None:
    assert python("import sys, midstance; print([name for name in sys.modules if 'midstance.' in name])") == "[]"
    heavy = "numpy scipy cv2 av pydantic sqlalchemy typer rich"
    assert python(f"import sys, midstance; print([name for name in {heavy.split()} if name in sys.modules])") == "[]"


def test_an_analysis_and_its_film_load_neither_scipy_nor_pydantic() -> None:
    """Half of a start, once (docs/decisions/speed.md): what few files need is loaded for them."""
    needed = "midstance.analyze, midstance.render.film, midstance.text.report"
    heavy = "scipy pydantic rich typer sqlalchemy"
    assert python(f"import sys, {needed}; print([name for name in {heavy.split()} if name in sys.modules])") == "[]"


@pytest.mark.parametrize(
    "first",
    [
        "import midstance.analyze",
        "from midstance.analyze import judge",
        "import midstance; midstance.analyze",
        "import midstance.comparison.sources",
        "import importlib; importlib.import_module('midstance.analyze')",
    ],
)
def test_analyze_is_the_function_whatever_came_first(first: str) -> None:
    then = "import midstance; import midstance.analyze; from midstance.analyze import analyze, judge, Options"
    assert python(f"{first}; {then}; print(midstance.analyze is analyze, callable(judge), Options().model)") == (
        "True True full"
    )


def test_analyze_goes_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(ms.analyze)) is ms.analyze  # noqa: S301


# -- types -------------------------------------------------------------------------------------------------------

TYPED = """
import midstance as ms

a = ms.analyze("run.mov", height_m="5'5", speed_mps="10km/h")
value: float = a.measures["contact_time_ms"].right.value
first: ms.Measure = a.measures[0]
cue: str = a.plan.cue if a.plan else ""
causes: tuple[ms.Cause, ...] = a.findings[0].causes
again: ms.Analysis = ms.analyze(ms.find_poses("run.mov"), ms.Options(height_m=1.66))
change: float = ms.compare(a, again, "before.mov", height_m=1.66).overall.differences[0].change
figures: tuple[ms.Figure, ...] = ms.read_photo("run.jpg", model="lite")
store: ms.Store = ms.open_store()
"""


@pytest.mark.slow
def test_types(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(TYPED)
    bad.write_text(TYPED.replace("value: float", "value: str").replace("height_m=1.66))", "height=1.66))"))
    check = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(INIT.parents[2] / "pyproject.toml")]
    ran = subprocess.run(
        [*check, str(good), str(bad)], capture_output=True, text=True, check=False, cwd=INIT.parents[2]
    )
    faults = [line for line in ran.stdout.splitlines() if "error:" in line]
    assert not [line for line in faults if "bad.py" not in line], ran.stdout + ran.stderr
    assert [re.findall(r"\[([a-z-]+)\]$", line)[0] for line in faults] == ["assignment", "call-arg"]


# -- documentation -----------------------------------------------------------------------------------------------


def sections(of: object) -> dict[str, str]:
    """The numpydoc sections of a docstring by their titles; the summary has none."""
    parts = re.split(r"^(\w+)\n-{3,}\n", inspect.getdoc(of) or "", flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def names_in(section: str) -> set[str]:
    return {name.strip(" *") for line in re.findall(r"^\S.*$", section, re.MULTILINE) for name in line.split(",")}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_functions_are_documented(name: str) -> None:
    function = getattr(ms, name)
    told = sections(function)
    assert {"Parameters", "Returns", "Raises", "Examples"} <= told.keys()
    assert names_in(told["Parameters"]) == inspect.signature(function).parameters.keys()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_functions_say_which_errors_they_raise(name: str) -> None:
    named = names_in(sections(getattr(ms, name))["Raises"])
    assert named
    assert named <= ERRORS | {"KeyError"}


@pytest.mark.parametrize("name", sorted(NOUNS - {"Contacts", "Measures", "Reason", "SideMeasures", "Store"}))
def test_nouns_are_documented(name: str) -> None:
    noun = getattr(ms, name)
    fields = {field.name for field in dataclasses.fields(noun)}
    told = sections(noun)
    listed = names_in(told.get("Attributes", "") + told.get("Parameters", ""))
    assert listed <= fields
    assert len(fields) < 5 or listed == fields, f"{name}: {fields - listed}"


def test_examples_run(found: ClipPoses, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example as it stands; run.mov is looked at once for all of them."""
    cv2.imwrite("run.jpg", pick_frames(found.clip, [40])[40][..., ::-1])
    stages = sys.modules["midstance.analyze"]
    look = stages.estimate_poses

    def once(clip: ms.Clip, **how: Any) -> Poses:
        return found.poses if clip.name == "run.mov" else look(clip, **how)

    monkeypatch.setattr(stages, "estimate_poses", once)
    ran: dict[str, int] = {}
    finder, runner = doctest.DocTestFinder(recurse=True), doctest.DocTestRunner(verbose=False)
    said: list[str] = []
    for name in ("", *ms.__all__):
        for test in finder.find(getattr(ms, name) if name else ms, name or "midstance", globs={}):
            ran[test.name] = runner.run(test, out=said.append).attempted
    assert not runner.summarize(verbose=False).failed, "".join(said)
    assert {name for name in SHOWN_BY_EXAMPLE if not ran.get(name)} == set()


# -- what comes back ---------------------------------------------------------------------------------------------


def test_issue_example(a: ms.Analysis) -> None:
    assert a.measures["contact_time_ms"].right.value == pytest.approx(260, abs=12)
    assert a.plan is not None
    assert a.plan.cue
    assert a.findings[0].causes


def test_measures_are_a_tuple_that_finds_by_id(a: ms.Analysis) -> None:
    measures = a.measures
    assert tuple(measures) == measures
    assert measures[0] is next(iter(measures))
    assert measures[-2:] == tuple(measures)[-2:]
    assert measures["cadence_spm"].both is measures[0]
    assert measures["cadence_spm"].value == measures[0].value
    assert "cadence_spm" in measures
    assert measures[0] in measures
    assert "cadence" not in measures
    assert measures.get("cadence") is None
    again = pickle.loads(pickle.dumps(measures))  # noqa: S301
    assert isinstance(again, Measures)
    with pytest.raises(KeyError, match="pelvic_drop_deg was not assessed: can't be seen from the side"):
        again["pelvic_drop_deg"]


def test_what_is_not_there_says_why(a: ms.Analysis) -> None:
    with pytest.raises(KeyError, match="leg_stiffness_kn_m was not assessed: needs the body mass: give mass_kg"):
        a.measures["leg_stiffness_kn_m"]
    with pytest.raises(KeyError, match="no measure called cadence; did you mean cadence_spm"):
        a.measures["cadence"]
    with pytest.raises(AttributeError, match=r"measured left and right: ask for \.left or \.right"):
        _ = a.measures["contact_time_ms"].value
    with pytest.raises(AttributeError, match=r"cadence_spm was measured both: ask for \.both"):
        _ = a.measures["cadence_spm"].left


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames(a: ms.Analysis, library: str) -> None:
    pytest.importorskip(library)
    measures, contacts, track = (part.to_frame(library) for part in (a.measures, a.contacts, a.track))
    assert type(measures).__module__.startswith(library)
    assert list(measures["id"]) == [measure.id for measure in a.measures]
    row = next(i for i, measure in enumerate(a.measures) if measure.band)
    assert measures["high"][row] - measures["low"][row] == pytest.approx(2 * a.measures[row].uncertainty)
    assert measures["band_low"][row] == a.measures[row].band.low  # type: ignore[union-attr]
    assert list(contacts["toe_off_s"]) == [contact.toe_off_s for contact in a.contacts]
    assert len(track) == len(a.track.time_s)
    assert track["left_knee_x_leg"][7] == a.track.xy[7, INDEX["left_knee"], 0]


def test_data_frames_without_a_library(a: ms.Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("midstance.dataframes.find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="pandas is not installed: pip install pandas"):
        a.measures.to_frame()
    with pytest.raises(UsageError, match="polars is not installed: pip install polars"):
        a.contacts.to_frame("polars")
    with pytest.raises(UsageError, match="choose pandas or polars"):
        a.track.to_frame("duckdb")  # type: ignore[arg-type]


def test_the_options_ask_what_to_try(found: ClipPoses, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    pipeline = sys.modules["midstance.analyze"]
    plan = pipeline.make_plan

    def make_plan(*nouns: object, **how: object) -> object:
        asked.append(bool(how["asked"]))
        return plan(*nouns, **how)

    monkeypatch.setattr(pipeline, "make_plan", make_plan)
    for options in ({}, {"what_could_i_try": True}):
        ms.analyze(found, height_m=1.66, **options)
    assert asked == [False, True]
