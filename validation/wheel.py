"""Build the wheel, install it in an environment with nothing else, and run the lean part of the tests against it.

    python -m validation.wheel                 # with the Python that runs this
    python -m validation.wheel python3.13      # with another

The tests are copied to a folder without the sources, so that nothing of the tree can be imported in place of the wheel.
It needs a package index, and some minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEAN = (
    "tests/kinematics",
    "tests/formats",
    "tests/gait",
    "tests/measures",
    "tests/comparison",
    "tests/coaching/test_rules.py",
    "tests/coaching/test_plan.py",
    "tests/text",
    "tests/store",
    "tests/live",
    "tests/test_documents_run.py",
    "tests/test_uncertainty.py",
)
"""What needs no browser, no server and no long film."""
COPIED = ("tests", "validation", "docs", "examples", "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
FOR_TESTS = ("pytest", "hypothesis", "jsonschema", "pandas", "polars", "pypdfium2")
NOT_HERE = ("-m", "not slow")
"""Slow ones are left out: the networks' weights would be fetched."""


def main() -> int:
    """Build, install, copy and run; return how the tests ended."""
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made], cwd=ROOT, check=True)
        (wheel,) = folder.glob("*.whl")
        subprocess.run([python, "-m", "venv", str(folder / "fresh")], check=True)
        fresh = str(folder / "fresh" / ("Scripts" if os.name == "nt" else "bin") / "python")
        quiet = ("--disable-pip-version-check", "--quiet")
        subprocess.run([fresh, "-m", "pip", *quiet, "install", f"{wheel}[all]", *FOR_TESTS], check=True)
        place = folder / "place"
        place.mkdir()
        for name in COPIED:
            whole = ROOT / name
            copy = shutil.copytree if whole.is_dir() else shutil.copy
            copy(whole, place / name)
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        where = "import sys, midstance; print(sys.version.split()[0], midstance.__version__, midstance.__file__)"
        subprocess.run([fresh, "-c", where], cwd=place, env=env, check=True)
        tests = [fresh, "-m", "pytest", "-q", "-p", "no:cacheprovider", *NOT_HERE, *LEAN]
        return subprocess.run(tests, cwd=place, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
