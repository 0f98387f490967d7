"""make harden ends in time whatever hangs in it, says what it did not reach, and looks where files just do not fit."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from validation import harden
from validation.harden_bombs import BOMBS
from validation.harden_disks import LEFT, search
from validation.harden_files import TRIED
from validation.harden_line import IN_FORKS
from validation.harden_readers import READERS
from validation.harden_time import shares, side_by_side


def test_the_whole_of_it_is_over_before_half_an_hour() -> None:
    assert harden.MINUTES + harden.GRACE_S / 60 < 30
    assert {name for line in harden.LINES for name in line} == {*IN_FORKS, *READERS}


def test_what_hangs_is_ended_with_its_children_and_what_it_said_is_kept() -> None:
    child = "import time; time.sleep(60)"
    hangs = f"""
import subprocess, sys
print('{{"part": "kills", "row": 1}}', flush=True)
print('{{"child": %d}}' % subprocess.Popen([sys.executable, "-c", {child!r}]).pid, flush=True)
while True: pass
"""
    quick = 'print(\'{"part": "disks"}\')'
    fails = 'print(\'{"part": "bombs"}\'); raise SystemExit(3)'
    start = time.monotonic()
    said = [*side_by_side([[sys.executable, "-c", words] for words in (hangs, quick, fails)], 3.0)]
    assert time.monotonic() - start < 6
    assert sorted(each["part"] for each in said if "part" in each) == ["bombs", "disks", "kills"]
    faults = [each["fault"] for each in said if "fault" in each]
    assert len(faults) == 2, faults
    assert "had not ended" in faults[0]
    assert "ended with 3" in faults[1]
    _wait_until_gone(next(each["child"] for each in said if "child" in each))


def _wait_until_gone(process: int) -> None:
    until, stat = time.monotonic() + 5, Path(f"/proc/{process}/stat")
    while time.monotonic() < until:
        try:
            if stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] == "Z":
                return  # it ended; who collects it is none of ours
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.05)
    pytest.fail("a child of what hung still runs")


def test_what_one_part_leaves_of_the_time_the_others_get(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    given = []
    for name, end in shares("abc", 130.0):
        given.append((name, end - now[0]))
        now[0] = {"a": 102.0, "b": 129.0, "c": 140.0}[name]
    assert given == [("a", 10.0), ("b", 14.0), ("c", 1.0)]
    assert [end for _, end in shares("x", 130.0)] == [140.0]  # late: over at once


@pytest.mark.parametrize("least", [0, 1, 2, 3, 19, 250, 5469, 8192])
def test_the_least_room_that_is_enough_is_found_and_what_is_beside_it_tried(least: int) -> None:
    asked = list[int]()

    def fits(left: int) -> bool:
        asked.append(left)
        return left >= least

    assert search(fits, LEFT[::2] if least > 1000 else LEFT, lambda: False)
    assert {least, least + 1} <= {*asked}
    assert least == 0 or least - 1 in asked
    assert len(asked) < 35
    assert not search(lambda left: left > 10**6, LEFT, lambda: False)  # what fits was never seen
    assert not search(fits, LEFT, lambda: True)


def found(mutants: int, **changed: Any) -> dict[str, Any]:
    file = {"tried": mutants, "fault": 0, "crash": 0, "hang": 0, "outside": 0, "worst": []}
    kill = {"says": "backup", "tried": 20, "of": 20, "faults": []}
    disk = {"says": "backup", "whole": True, "faults": []}
    bombs = [{"says": "b", "faults": []}] * len(BOMBS)
    return {
        "files": dict.fromkeys(READERS, file),
        "kills": {"rows": [kill | changed]},
        "disks": {"rows": [disk | changed]},
        "bombs": {"rows": bombs},
        "whole": {"minutes": 1, "at_most": 28, "since": []},
    }


def test_what_was_not_reached_is_said_and_too_few_files_are_a_fault() -> None:
    assert [*harden.not_reached(found(TRIED))] == [*harden.faults(found(TRIED))] == []
    short = [*harden.not_reached(found(TRIED - 1, tried=7, whole=False))]
    assert len(short) == 2 + len(READERS)
    assert "7 of 20" in short[0]
    assert next(harden.not_reached({"files": {}})).startswith("bombs: 0 of")
    assert [*harden.faults(found(600))] == [f"only {600 * len(READERS)} damaged files, fewer than 20000"]
    assert [*harden.faults(found(TRIED) | {"faults": ["kills: had not ended"]})] == ["kills: had not ended"]
