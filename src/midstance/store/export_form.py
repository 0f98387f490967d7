"""What athlete.json of an export holds: every row is checked, whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import Table

from midstance.comparison.model import FileKind
from midstance.formats import analysis_json
from midstance.reasons import printable
from midstance.store import tables
from midstance.store.blobs import KEY
from midstance.store.rows import UID, are_measures, is_comparison
from midstance.store.tables import EARLIEST, LATEST


class Plain(BaseModel):
    """Takes what is named, and nothing else; no number that is none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def _if(holds: Callable[[Any], bool], otherwise: str) -> AfterValidator:
    """Return a check that refuses a value for which something does not hold, and says so."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise ValueError(otherwise)
        return value

    return AfterValidator(check)


def _can_be(at: datetime) -> bool:
    """Return whether a clock can show this moment."""
    return at.tzinfo is not None and EARLIEST < at < LATEST


def _is_one_film(files: list[FileJson]) -> bool:
    return [file.kind for file in files].count("clip") == 1


Moment = Annotated[datetime, _if(_can_be, "a moment that cannot be")]
Uid = Annotated[str, Field(pattern=rf"^{UID.pattern}$")]
Words = Annotated[str, Field(max_length=20_000)]


class FileJson(Plain):
    """A film in the archive, under films/KEY."""

    kind: FileKind
    key: Annotated[str, Field(pattern=rf"^{KEY.pattern}$")]
    name: Annotated[str, Field(max_length=400), AfterValidator(printable)]
    size: int = Field(ge=0, lt=2**63)


class AnalysisRow(Plain):
    """One analysis.json and when it was made."""

    made_at: Moment
    version: Annotated[str, Field(max_length=32)]
    content: Annotated[dict[str, Any], _if(analysis_json.is_sound, "an analysis is none")]


class PlanRow(Plain):
    """One plan and when it was made."""

    made_at: Moment
    focus: Annotated[str, Field(max_length=64)]
    cue: Words
    content: Annotated[dict[str, Any], _if(analysis_json.is_sound_plan, "a plan is none")]


class MadeRow(Plain):
    """One step of putting right, or one mark in the film, and when it was made."""

    made_at: Moment
    content: dict[str, Any]


class TakeJson(Plain):
    """One take with everything found in it."""

    uid: Uid
    taken_at: Moment | None
    trying: Words
    surface: Words
    shoes: Words
    speed_mps: float | None = Field(gt=0, le=100)
    slow_motion: float = Field(gt=0, le=1000)
    notes: Words
    watch: Annotated[list[dict[str, Any]], _if(are_measures, "what the watch read is none")] | None
    files: Annotated[list[FileJson], _if(_is_one_film, "a take has one film")]
    analyses: list[AnalysisRow]
    plans: list[PlanRow]
    corrections: list[MadeRow] = []
    marks: list[MadeRow] = []


PARTS: dict[str, tuple[Table, type[Plain]]] = {
    "files": (tables.files, FileJson),
    "analyses": (tables.analyses, AnalysisRow),
    "plans": (tables.plans, PlanRow),
    "corrections": (tables.corrections, MadeRow),
    "marks": (tables.marks, MadeRow),
}
"""What hangs on a take: its table, and what each row must be."""


class ComparisonRow(Plain):
    """One comparison, of takes by their uid."""

    made_at: Moment
    takes: list[Uid]
    content: Annotated[dict[str, Any], _if(is_comparison, "a comparison is none")]


class AthleteJson(Plain):
    """athlete.json in the archive."""

    format: int
    uid: Uid
    name: Words
    height_m: float | None = Field(gt=0, lt=3)
    mass_kg: float | None = Field(gt=0, lt=1000)
    notes: Words
    takes: list[TakeJson]
    comparisons: list[ComparisonRow]
