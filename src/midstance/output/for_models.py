"""Answer a language model from what is stored: plain data in which every number has its interval and its frames.

Nothing is written, and nothing is computed anew but a comparison. `of` is the number of a take in the store, or a
folder of results.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midstance.comparison.model import Take
from midstance.comparison.take import read_take, series_json
from midstance.comparison.trends import compare_series
from midstance.errors import InputError, UsageError
from midstance.formats import analysis_json
from midstance.formats.analysis_schema import LARGEST
from midstance.formats.text_file import LARGEST_BYTES, text_of
from midstance.formats.zips import DAMAGE, opened, read_part
from midstance.measures import BY_ID
from midstance.reasons import Reason
from midstance.store import Store
from midstance.text.changes import describe_series

LONGEST_PATH = 1000

MOST_FRAMES = 20
"""Frames that are listed of one number."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What can be asked; the store is opened when a question needs it.

    open_store  returns the store of this machine
    """

    open_store: Callable[[], Store]

    def athletes(self) -> list[dict[str, Any]]:
        """Return every athlete with the numbers of their takes."""
        store = self.open_store()
        return [{"name": each.name, "takes": [take.id for take in store.takes(each)]} for each in store.athletes()]

    def takes(self, athlete: str) -> list[dict[str, Any]]:
        """Return an athlete's takes in the order of their filming."""
        store = self.open_store()
        return [
            {
                "take": take.id,
                "film": take.clip.name,
                "filmed_at": take.known.taken_at.isoformat() if take.known.taken_at else None,
                "thinking_of": take.known.trying or None,
                "analysed": take.analyses > 0,
            }
            for take in store.takes(store.athlete(athlete))
        ]

    def measures(self, of: str, only: list[str] | None = None) -> list[dict[str, Any]]:
        """Return the numbers of a run, each with its 95 % interval, what is ordinary, and the frames behind it."""
        content, strides = self._content(of), self._strides(of)
        return [_measure(each, content, strides) for each in content["measures"] if only is None or each["id"] in only]

    def findings(self, of: str) -> dict[str, Any]:
        """Return what was found: problems, their causes and verdicts, what is good, what could not be judged."""
        content, strides = self._content(of), self._strides(of)
        numbers = {(each["id"], each["side"]): _measure(each, content, strides) for each in content["measures"]}

        def proven(each: dict[str, Any]) -> dict[str, Any]:
            listed = [dict(evidence) for evidence in each["evidence"]]
            for evidence in listed:
                evidence["frame"] = _frame(content, evidence["time_s"])
                known = numbers.get((evidence["measure"], evidence["side"]), {})
                evidence |= {key: known.get(key) for key in ("low", "high", "unit")}
            return each | {"evidence": listed}

        found = [proven(each) | {"causes": [proven(cause) for cause in each["causes"]]} for each in content["findings"]]
        return {"findings": found, "remarks": content.get("remarks", []), "not_assessed": content["not_assessed"]}

    def plan(self, of: str) -> dict[str, Any] | None:
        """Return the one thing to change, its cue, its aim and the least change this camera can see; None if none."""
        plan: dict[str, Any] | None = self._content(of)["plan"]
        return plan

    def contacts(self, of: str) -> list[dict[str, Any]]:
        """Return every time a foot was on the ground, with the error of the moments and their frames."""
        listed: list[dict[str, Any]] = self._content(of)["contacts"]
        return listed

    def comparison(self, of: list[str]) -> dict[str, Any]:
        """Return what changed between two runs or more, in the order given, beyond the error of the camera."""
        series = compare_series([self._take(each) for each in of])
        says = [line for chapter in describe_series(series) for line in chapter.says]
        return series_json(series, says)

    # -- where it is ---------------------------------------------------------------------------------------------

    def _content(self, of: str) -> dict[str, Any]:
        """Return an analysis.json. Raises InputError or UsageError for what is not there or was not judged."""
        if _is_number(of):
            store = self.open_store()
            found = store.analyses(store.take(int(of)))
            if not found:
                raise UsageError(Reason("take_not_analysed", take=int(of)))
            content = found[-1]
        else:
            file = _folder(of) / "analysis.json"
            content = analysis_json.read(text_of(file), of).model_dump(mode="json", by_alias=True)
        if "refused" in content:
            raise InputError(Reason("take_not_judged", label=of, why=content["refused"]["says"]))
        return content

    def _take(self, of: str) -> Take:
        if _is_number(of):
            store = self.open_store()
            return store.read(store.take(int(of)))
        return read_take(_folder(of))

    def _strides(self, of: str) -> dict[tuple[str, str], list[float]]:
        """Return the moments of the strides behind each number, seconds; empty where no table of strides is kept."""
        if not _is_number(of):
            file = _folder(of) / "strides.csv"
            return _moments(text_of(file)) if file.is_file() else {}
        store = self.open_store()
        take = store.take(int(of))
        kept = take.file("report")
        if kept is None:
            return {}
        try:
            with store.shelf.local(kept.key) as packed, opened(packed) as archive:
                return _moments(read_part(archive, "strides.csv", most=LARGEST_BYTES).decode("utf-8"))
        except DAMAGE:  # older results have no such table
            return {}


def _is_number(of: str) -> bool:
    return re.fullmatch(r"[0-9]{1,18}", of) is not None


def _folder(of: str) -> Path:
    folder = Path(of[:LONGEST_PATH])
    try:
        here = (folder / "analysis.json").is_file()
    except OSError:  # a name that is too long
        here = False
    if not here:
        raise InputError(Reason("no_such_file", path=folder / "analysis.json"))
    return folder


def _moments(text: str) -> dict[tuple[str, str], list[float]]:
    """Return the moments of a table of strides; a row that says none is left out, whoever wrote it."""
    moments: dict[tuple[str, str], list[float]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        with suppress(ValueError, TypeError, KeyError):
            if math.isfinite(time_s := float(row["time_s"])) and abs(time_s) < LARGEST:
                moments.setdefault((row["measure"], row["side"]), []).append(time_s)
    return moments


def _frame(content: dict[str, Any], time_s: float | None) -> int | None:
    """Return the frame of the film nearest to a moment of life; None if no moment shows it."""
    clip = content["clip"]
    return None if time_s is None else round(time_s * clip["slow_motion_factor"] * clip["rate_hz"])


def _measure(
    each: dict[str, Any], content: dict[str, Any], strides: dict[tuple[str, str], list[float]]
) -> dict[str, Any]:
    half, band = each["uncertainty"], each["band"] or {}
    frames = [_frame(content, time_s) for time_s in strides.get((each["id"], each["side"]), _shown(content, each))]
    known = BY_ID.get(each["id"])
    return {
        "measure": each["id"],
        "name": known.name if known else each["id"],
        "side": each["side"],
        "value": each["value"],
        "low": None if half is None else each["value"] - half,
        "high": None if half is None else each["value"] + half,
        "unit": each["unit"],
        "strides": each["n"],
        "ordinary_low": band.get("low"),
        "ordinary_high": band.get("high"),
        "frames": frames[:MOST_FRAMES],
    }


def _shown(content: dict[str, Any], each: dict[str, Any]) -> Iterable[float]:
    """Return the moments at which the evidence of an analysis shows a number."""
    parts = [*content["findings"], *(cause for finding in content["findings"] for cause in finding["causes"])]
    listed = [evidence for part in parts for evidence in part["evidence"]]
    listed += [remark["evidence"] for remark in content.get("remarks", []) if remark["evidence"]]
    same = [e for e in listed if (e["measure"], e["side"]) == (each["id"], each["side"]) and e["time_s"] is not None]
    return dict.fromkeys(evidence["time_s"] for evidence in same)
