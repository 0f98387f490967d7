"""Run mutmut on some changes, in processes that have the tests ready or in ones that know nothing of midstance yet.

    python -m validation.mutmut_run make
    python -m validation.mutmut_run collect|import NAME ...

make: only write the changed code to the folder mutants/; files that have not changed since are left as they are.
collect: every change is tried in a copy of one process that has imported midstance and collected the tests. That is
quick, but what is made at import (the registry of measures) or read once is the unchanged one, so a change there seems
to survive. import: every change is tried in a process that has imported nothing of midstance. A change that survives
the first is tried again by the second (validation/mutants.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from unittest.mock import patch

from mutmut.__main__ import cli, copy_also_copy_files, copy_src_dir, create_mutants
from mutmut.configuration import ForkServerWarmup, config
from mutmut.runners.harness import PytestRunner
from mutmut.workers.isolation import ForkServerRunner

CHILDREN = 2


def main() -> None:
    ready, *names = sys.argv[1:]
    if ready == "make":
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(CHILDREN)
        return
    config().forkserver_warmup = ForkServerWarmup(ready)
    with ExitStack() as changes:
        changes.enter_context(patch.object(PytestRunner, "run_tests", _run_ready))
        if ready == "import":  # the same tests have just passed
            changes.enter_context(patch.object(ForkServerRunner, "run_clean_tests", lambda _self, _tests: 0))
        cli(["run", "--max-children", str(CHILDREN), *names])


_run_tests = PytestRunner.run_tests


def _run_ready(self: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """Run tests; those of the unchanged code (no mutant's name) in a process made ready as for a change."""
    if mutant_name is None:
        self.warm_up()
    return int(_run_tests(self, mutant_name=mutant_name, tests=tests))


if __name__ == "__main__":
    main()
