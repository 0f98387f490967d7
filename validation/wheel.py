"""Build the wheel, install it in an environment with nothing else, and run the tests there, cheapest first.

    python -m validation.wheel                          # with the Python that runs this
    python -m validation.wheel python3.12 python3.13    # with others, one after another
    python -m validation.wheel python3.13 hostile app   # some of the tests; what was found of the others stays
    python -m validation.wheel --keep FOLDER ...        # leave the environments there, and use those that are there

The tests are copied to a folder without the sources, so that nothing of the tree can be imported in place of the wheel.
It needs a package index. For each Python the tests take ten minutes at most, after some for the installing: what is not
run by then is said to be so. What came of it goes to validation/wheel.json, from which `table()` makes a section of
RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOUND = ROOT / "validation" / "wheel.json"
MINUTES = 10.0
"""For the tests of each Python."""

GROUPS: dict[str, tuple[str, ...]] = {
    "numbers": ("tests/kinematics", "tests/gait", "tests/measures", "tests/test_uncertainty.py"),
    "coaching": ("tests/coaching", "tests/comparison"),
    "formats": ("tests/formats", "tests/test_documents_run.py", "tests/test_api.py"),
    "text": ("tests/text", "tests/output"),
    "pose": ("tests/tracking", "tests/pose"),
    "films": ("tests/video", "tests/render", "tests/test_photo.py", "tests/test_together.py"),
    "commands": ("tests/cli",),
    "store": ("tests/store", "tests/batch", "tests/live"),
    "hostile": ("tests/hostile", "tests/test_properties.py"),
    "app": (
        "tests/web/test_api.py",
        "tests/web/test_guard.py",
        "tests/web/test_hints.py",
        "tests/web/test_pages.py",
        "tests/web/test_uploads.py",
    ),
}
"""What is run, the cheapest first."""
LEFT_OUT = {
    "those marked slow": "the networks' weights would be fetched",
    "tests/test_layers.py, test_language.py, test_own_words.py, test_reasons.py, test_recipes.py, test_sources.py, "
    "test_conventions.py": "they read the sources, which are not there",
    "tests/test_documents.py, test_package.py, test_plugins.py": "they make pages, build packages and install "
    "examples from the tree",
    "tests/test_mutants.py, test_left_out.py, test_persons.py, test_demo_truth.py, test_digital.py, "
    "test_scenes_judged.py, test_deceptive_films.py, test_survives.py": "they try what validation has kept, or "
    "hours of films",
    "the rest of tests/web": "a browser, or a server that judges films",
}
READ_THE_TREE = (
    "tests/coaching/test_rules.py::test_every_file_of_a_problem_is_listed",
    "tests/coaching/test_people.py::test_the_table_is_what_the_fit_writes",
)
"""Single tests that read the sources."""
PYTEST = (
    *("-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", "-m", "not slow"),
    *(f"--deselect={name}" for name in READ_THE_TREE),
)
FOLDERS = ("tests", "validation", "benchmarks", "docs", "examples")
COPIED = (*FOLDERS, "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
FOR_TESTS = ("pytest", "pytest-xdist", "hypothesis", "jsonschema", "httpx", "pandas", "polars", "pypdfium2")


def main() -> int:
    """Try every Python that is asked for; write what came of it; return whether anything failed."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background it is ignored, by tests too
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="PYTHON or TESTS")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    groups = [word for word in options.words if word in GROUPS] or [*GROUPS]
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made], cwd=ROOT, check=True)
        (wheel,) = Path(made).glob("*.whl")
        for python in [word for word in options.words if word not in GROUPS] or [sys.executable]:
            from_wheel(python, groups, wheel, (options.keep or Path(made)) / re.sub(r"\W+", "_", python))
    subprocess.run([sys.executable, "-m", "validation", "The tests from a wheel"], cwd=ROOT, check=True)
    said = [says for came_of in found().values() for says in came_of.values()]
    return int(any(re.search("failed|error|ended|not run", says) for says in said))


def from_wheel(python: str, groups: Iterable[str], wheel: Path, folder: Path) -> None:
    """Install a wheel for one Python, run groups of tests, and note what came of each."""
    fresh, place = installed(python, wheel, folder), folder / "place"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name in COPIED:
        whole = ROOT / name
        copy = shutil.copytree if whole.is_dir() else shutil.copy
        copy(whole, place / name)
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    where = "import sys, midstance; print(sys.version.split()[0], midstance.__file__)"
    ran = subprocess.run([fresh, "-c", where], cwd=place, env=env, check=True, capture_output=True, text=True)
    version, file = ran.stdout.split(maxsplit=1)
    if not Path(file.strip()).is_relative_to(folder):
        raise SystemExit(f"midstance was imported from {file.strip()}, which is not the wheel")
    run = partial(subprocess.run, cwd=place, env=env, check=False, capture_output=True, text=True)
    until = time.monotonic() + 60 * MINUTES
    for name in groups:
        says = _tried([fresh, *PYTEST, *GROUPS[name]], run, until)
        now = found()
        now[version] = now.get(version, {}) | {name: says}
        FOUND.write_text(json.dumps(dict(sorted(now.items())), indent=1) + "\n", encoding="utf-8")


def installed(python: str, wheel: Path, folder: Path) -> str:
    """Return the Python of an environment that has the wheel, its extras and what the tests need, and nothing else."""
    fresh = str(folder / "fresh" / ("Scripts" if os.name == "nt" else "bin") / "python")
    pip = (fresh, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    if Path(fresh).exists():
        subprocess.run([*pip, "--no-deps", "--force-reinstall", str(wheel)], check=True)
        return fresh
    folder.mkdir(parents=True)
    subprocess.run([python, "-m", "venv", str(folder / "fresh")], check=True)
    subprocess.run([*pip, f"{wheel}[all]", *FOR_TESTS], check=True)
    return fresh


def found() -> dict[str, dict[str, str]]:
    """Return what was found until now: of each Python, what came of every group of tests."""
    kept: dict[str, dict[str, str]] = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    return kept


def _tried(tests: list[str], run: Callable[..., subprocess.CompletedProcess[str]], until: float) -> str:
    """Run the tests of a group; return the last line of pytest in a few words."""
    left_s = until - time.monotonic()
    if left_s < 1:
        return "not run, no time left"
    try:
        ran = run(tests, timeout=left_s)
    except subprocess.TimeoutExpired:
        return "ended, no time left"
    lines = ran.stdout.strip().splitlines() or [ran.stderr.strip()]
    if ran.returncode:
        print(*lines[-60:], sep="\n", flush=True)
    says = re.sub(r" in (\d+)\.\d+s.*", r" in \1 s", lines[-1].strip("= "))
    print(f"{tests[-1]}: {says}", flush=True)
    return says


def table() -> Iterator[str]:
    """Make the lines of the section in RESULTS.md."""
    now = found()
    if not now:
        yield "Not run yet."
        return
    yield f"| tests of | {' | '.join(now)} |"
    yield "|---" * (len(now) + 1) + "|"
    for name in GROUPS:
        yield f"| {name} | {' | '.join(came_of.get(name, 'not run') for came_of in now.values())} |"
    yield from ("", "| left out | for |", "|---|---|")
    yield from (f"| {what} | {why} |" for what, why in LEFT_OUT.items())


if __name__ == "__main__":
    sys.exit(main())
