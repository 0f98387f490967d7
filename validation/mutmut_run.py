"""Run mutmut on some changes, in processes that have the tests ready or in ones that know nothing of midstance yet.

    python -m validation.mutmut_run make
    python -m validation.mutmut_run collect|import NAME ...

make: only write the changed code to the folder mutants/; files that have not changed since are left as they are.
collect: every change is tried on the quickest tests of its own folder that reach it (SOME_S), in a copy of one process
that has imported midstance and collected the tests. That is quick, but what is made at import (the registry of
measures) or read once is the unchanged one, so a change there seems to survive. import: every change is tried on all
tests that reach it, in a process that has imported nothing of midstance; mutmut cannot say which tests see a function
that runs at import, so such a change is tried on all quick tests of its folder too. What survives the first is tried
again by the second (validation/mutants.py).
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import accumulate, islice
from unittest.mock import patch

from mutmut.__main__ import cli, create_mutants
from mutmut.configuration import ForkServerWarmup, config
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir
from mutmut.utils.format_utils import mangled_name_from_mutant_name
from mutmut.workers.isolation import ForkServerRunner

CHILDREN = 2
QUICK_S, SOME_S = 1.0, 20.0
"""A quick test takes no longer; the quickest of a change take so long together, on the unchanged code."""

AT_IMPORT = """
import importlib, json, pkgutil, sys
sys.path.insert(0, "mutants/src")
from mutmut.state import state
import midstance
for name in ("measures", "gait", "comparison", "coaching"):
    package = importlib.import_module(f"midstance.{name}")
    for module in pkgutil.walk_packages(package.__path__, f"midstance.{name}."):
        importlib.import_module(module.name)
print(json.dumps(sorted(state()._stats)))
"""
"""Prints the functions that run when the package is imported."""


def main() -> None:
    ready, *names = sys.argv[1:]
    if ready == "make":
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(CHILDREN)
        return
    config().forkserver_warmup = ForkServerWarmup(ready)
    with ExitStack() as changes:
        changes.enter_context(patch.object(PytestRunner, "warm_up", _make_ready))
        changes.enter_context(patch.object(PytestRunner, "run_tests", _run_ready))
        if ready == "import":  # the same tests have just passed
            _at_import.update(functions_at_import())
            changes.enter_context(patch.object(ForkServerRunner, "run_clean_tests", lambda _self, _tests: 0))
        cli(["run", "--max-children", str(CHILDREN), *names])


_warm_up, _run_tests = PytestRunner.warm_up, PytestRunner.run_tests
_at_import: set[str] = set()


def functions_at_import() -> list[str]:
    """Return the functions that run at import, as mutmut names them."""
    command = [sys.executable, "-c", AT_IMPORT]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "MUTANT_UNDER_TEST": "stats"})
    names: list[str] = json.loads(done.stdout)
    return names


def quick_tests_of(module: str) -> list[str]:
    """Return the quick tests of a module's folder, as tests/measures for midstance.measures.sides."""
    folder = f"tests/{module.split('.')[1]}/"
    return [test for test, seconds in state().duration_by_test.items() if test.startswith(folder) and seconds < QUICK_S]


def own_tests(function: str, tests: Iterable[str]) -> list[str]:
    """Return those of the tests that are of a function's own folder or file; all of them if none is."""
    tests, folder = list(tests), function.split(".")[1]
    return [test for test in tests if test.startswith((f"tests/{folder}/", f"tests/test_{folder}.py"))] or tests


def quickest(tests: Iterable[str]) -> list[str]:
    """Return the tests that take SOME_S together, the quickest first; at least one."""
    seconds = state().duration_by_test
    ordered = sorted(tests, key=lambda test: seconds.get(test, 0.0))
    ends = accumulate(seconds.get(test, 0.0) for test in ordered)
    return ordered[:1] + [test for test, end in zip(ordered[1:], islice(ends, 1, None), strict=True) if end <= SOME_S]


def _make_ready(self: PytestRunner) -> None:
    """Make a process ready, and keep what it has from being looked through again in every copy."""
    _warm_up(self)
    gc.collect()
    gc.freeze()


def _run_ready(self: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """Run tests; those of the unchanged code (no mutant's name) in a process made ready as for a change."""
    if mutant_name is None:
        self.warm_up()
    elif (function := mangled_name_from_mutant_name(mutant_name)) in _at_import:
        tests = [*tests, *quick_tests_of(function.rpartition(".")[0])]
    elif config().forkserver_warmup == ForkServerWarmup.COLLECT:
        tests = quickest(own_tests(function, tests))
    return int(_run_tests(self, mutant_name=mutant_name, tests=tests))


if __name__ == "__main__":
    main()
