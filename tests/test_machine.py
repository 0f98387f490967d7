"""Cores are counted, memory is kept or returned: in processes of their own, for what is set holds for all of one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

RSS_MB = """
def rss_mb():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")) / 1024
"""

HELD = """
import sys
import numpy as np
from midstance.machine import set_memory_limits

if sys.argv[1] == "told":
    set_memory_limits()
before = rss_mb()
for _ in range(3):
    arrays = [np.ones(3 << 20) for _ in range(8)]  # 24 MB each; what is freed below a block in use stays held
    last = np.ones(1 << 16)
    del arrays
print(rss_mb() - before)
"""


def held_mb(code: str, *words: str) -> float:
    """Run code in a process of its own; return the number that it prints."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}  # Dask sets some
    command = [sys.executable, "-c", RSS_MB + code, *words]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=told).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc holds what is freed")
def test_no_large_arrays_are_held_that_are_done_with() -> None:
    assert held_mb(HELD, "told") < 20
    if held_mb(HELD, "left") < 20:  # as where the environment sets a threshold, and with other C libraries
        pytest.skip("this machine returns them without being told, so that nothing is proven")


CLEARED = """
import resource, sys
import numpy as np
from midstance.machine import set_memory_limits

if sys.argv[1] == "set":
    set_memory_limits()
for _ in range(20):
    pictures = [np.ones(6 << 20, np.uint8) for _ in range(8)]
    del pictures
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told what to keep")
def test_pictures_take_the_memory_of_those_before_them() -> None:
    told, left = (held_mb(CLEARED, word) for word in ("set", "left"))
    assert told < left / 3


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux says which cores a process may use")
def test_only_cores_that_may_be_used_are_counted() -> None:
    code = "import os; from midstance.machine import cores; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])"
    ran = subprocess.run([sys.executable, "-c", f"{code}; print(cores())"], check=True, capture_output=True, text=True)
    assert ran.stdout.split() == ["1"]


READ_AGAIN = """
import gc
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from tests.fixtures.clips import DEMO

gc.disable()  # what is held until somebody looks for circles is held
clip = open_clip(DEMO)
for time in range(24):
    for _ in frames(clip, start=3, stop=12):
        pass
    if time == 3:
        before = rss_mb()
print(rss_mb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much memory is in use")
def test_a_film_read_again_and_again_holds_none_of_it() -> None:
    assert held_mb(READ_AGAIN) < 20  # 100 with the frames held
