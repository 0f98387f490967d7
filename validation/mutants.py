"""Change the code in one place at a time and see whether a test fails: make mutants.

    python -m validation.mutants [--tried N] [--seed SEED] [FOLDER ...]

mutmut makes the changes ("mutants") and runs the tests that reach the changed function. There are thousands, so of
every folder the same N are drawn at random. What was found goes to validation/mutants.json, from
which `table()` makes the section of RESULTS.md; why a mutant may survive is written in validation/mutants.toml.
docs/decisions/mutants.md says why it is done so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOUND, REASONS = ROOT / "validation" / "mutants.json", ROOT / "validation" / "mutants.toml"
FOLDERS = ("measures", "gait", "uncertainty.py", "comparison", "coaching")
TRIED, SEED = 100, 11
SURVIVED, NO_TEST = {0}, {5, 33}
UNDECIDED = {None, -24, -15, -9, 24, 36, 152, 255}
"""Exit codes of mutmut: the tests passed, no test reaches the function; not tried, out of time, or killed from outside.
Anything else is a failed test or an import that fails. Out of time proves nothing on a busy machine: no verdict."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", default=FOLDERS, metavar="FOLDER")
    parser.add_argument("--tried", type=int, default=TRIED, help=f"mutants of each folder (default {TRIED})")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--resume", action="store_true", help="keep the verdicts of a run that was broken off")
    options = parser.parse_args()
    os.chdir(ROOT)
    found = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    (ROOT / "mutants").mkdir(exist_ok=True)
    run_mutmut("make", ())
    every = {folder: mutants_of(folder, exit_codes()) for folder in options.folders}
    drawn = {folder: draw(names, options.tried, options.seed) for folder, names in every.items()}
    names = [name for row in drawn.values() for name in row]
    before = exit_codes() if options.resume else {}
    if new := [name for name in names if before.get(name) in UNDECIDED]:
        run_mutmut("collect", new)
    codes = exit_codes()
    if again := [name for name in names if codes[name] in SURVIVED | UNDECIDED]:
        run_mutmut("import", again)
        codes = exit_codes()
    for folder, row in drawn.items():
        found[folder] = {
            "seed": options.seed,
            "all": len(every[folder]),
            "tried": sum(codes[name] not in UNDECIDED for name in row),
            "no_verdict": sum(codes[name] in UNDECIDED for name in row),
            "survivors": [changed(name, codes[name]) for name in row if codes[name] in SURVIVED | NO_TEST],
        }
    FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("\n".join(table()))


def mutants_of(folder: str, names: Iterable[str]) -> list[str]:
    """Return the names of the mutants of a folder, or of one file."""
    start = ".".join(("midstance", *Path(folder).with_suffix("").parts, ""))
    return [name for name in names if name.startswith(start)]


def draw(names: Sequence[str], tried: int, seed: int) -> list[str]:
    """Draw the mutants to try: the same ones for the same code."""
    return sorted(random.Random(seed).sample(sorted(names), min(tried, len(names))))  # noqa: S311  (no secret)


def run_mutmut(ready: str, names: Sequence[str]) -> None:
    """Make the mutants, or try some, each in a process made ready as validation/mutmut_run.py says."""
    with (ROOT / "mutants" / f"{ready}.log").open("w", encoding="utf-8") as log:
        command = [sys.executable, "-m", "validation.mutmut_run", ready, *names]
        subprocess.run(command, check=True, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)


def exit_codes() -> dict[str, int | None]:
    """Return the exit code of every mutant that mutmut knows."""
    codes: dict[str, int | None] = {}
    for file in (ROOT / "mutants").rglob("*.meta"):
        codes |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def changed(name: str, code: int | None) -> dict[str, Any]:
    """Return where a mutant is and what it changes."""
    command = [sys.executable, "-m", "mutmut", "show", name]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout.splitlines()
    before, after = ([line[1:].strip() for line in lines if line[:1] == sign and line[:3] != 3 * sign] for sign in "-+")
    module, _, function = name.rpartition(".")
    return {
        "file": module.removeprefix("midstance.").replace(".", "/"),
        "function": function.split("__mutmut_")[0].removeprefix("x_").replace("ǁ", ".").removeprefix("x."),
        "before": " ".join(before),
        "after": " ".join(after),
        "reached": code not in NO_TEST,
    }


def reason_of(survivor: dict[str, Any], reasons: Sequence[dict[str, Any]]) -> str:
    """Return why a mutant may survive; empty if nobody has said."""
    for reason in reasons:
        if all(part in survivor[key] for key, part in reason.items() if key in survivor):
            return str(reason["why"])
    return ""


def table() -> Iterator[str]:
    """Make the lines of the section in RESULTS.md."""
    found = json.loads(FOUND.read_text(encoding="utf-8"))
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8"))["survivor"]
    yield "| folder | changes possible | judged | a test failed | survived | no verdict in time |"
    yield "|---|---|---|---|---|---|"
    for folder, row in found.items():
        yield _row(f"`{folder}`", row["all"], row["tried"], len(row["survivors"]), row["no_verdict"])
    possible, tried, open_ones = (sum(row[key] for row in found.values()) for key in ("all", "tried", "no_verdict"))
    yield _row("all", possible, tried, sum(len(row["survivors"]) for row in found.values()), open_ones)
    yield ""
    yield "| survivor | before | after | why it may |"
    yield "|---|---|---|---|"
    for row in found.values():
        for survivor in row["survivors"]:
            before, after = (survivor[key].replace("|", "\\|") for key in ("before", "after"))
            why = reason_of(survivor, reasons) or "**not yet explained**"
            yield f"| {survivor['file']} `{survivor['function']}` | `{before}` | `{after}` | {why} |"


def _row(name: str, possible: int, tried: int, survived: int, no_verdict: int) -> str:  # noqa: PLR0917  (the columns)
    killed = tried - survived
    share = f"{100 * killed / tried:.0f} %" if tried else "-"
    return f"| {name} | {possible} | {tried} | {killed} ({share}) | {survived} | {no_verdict} |"


if __name__ == "__main__":
    main()
