"""What athlete.json of an export holds: every row is checked, whoever wrote it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
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


def _when(at: datetime | None) -> datetime | None:
    """Return a moment that a clock can show. Raises ValueError."""
    if at is not None and (at.tzinfo is None or not EARLIEST < at < LATEST):
        raise ValueError("a moment that cannot be")
    return at


Moment = Annotated[datetime, AfterValidator(_when)]
Uid = Annotated[str, Field(pattern=rf"^{UID.pattern}$")]
Words = Annotated[str, Field(max_length=20_000)]


class FileJson(Plain):
    """A film in the archive, under films/KEY."""

    kind: FileKind
    key: Annotated[str, Field(pattern=rf"^{KEY.pattern}$")]
    name: Annotated[str, Field(max_length=400)]
    size: int = Field(ge=0, lt=2**63)

    @field_validator("name")
    @classmethod
    def _on_one_line(cls, value: str) -> str:
        return printable(value)


class AnalysisRow(Plain):
    """One analysis.json and when it was made."""

    made_at: Moment
    version: Annotated[str, Field(max_length=32)]
    content: dict[str, Any]

    @field_validator("content")
    @classmethod
    def _sound(cls, value: dict[str, Any]) -> dict[str, Any]:
        if not analysis_json.is_sound(value):
            raise ValueError("an analysis is none")
        return value


class PlanRow(Plain):
    """One plan and when it was made."""

    made_at: Moment
    focus: Annotated[str, Field(max_length=64)]
    cue: Words
    content: dict[str, Any]

    @field_validator("content")
    @classmethod
    def _sound(cls, value: dict[str, Any]) -> dict[str, Any]:
        if not analysis_json.is_sound_plan(value):
            raise ValueError("a plan is none")
        return value


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
    watch: list[dict[str, Any]] | None
    files: list[FileJson]
    analyses: list[AnalysisRow]
    plans: list[PlanRow]
    corrections: list[MadeRow] = []
    marks: list[MadeRow] = []

    @field_validator("files")
    @classmethod
    def _one_film(cls, value: list[FileJson]) -> list[FileJson]:
        if [file.kind for file in value].count("clip") != 1:
            raise ValueError("a take has one film")
        return value

    @field_validator("watch")
    @classmethod
    def _measures(cls, value: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        if value is not None and not are_measures(value):
            raise ValueError("what the watch read is none")
        return value


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
    content: dict[str, Any]

    @field_validator("content")
    @classmethod
    def _sound(cls, value: dict[str, Any]) -> dict[str, Any]:
        if not is_comparison(value):
            raise ValueError("a comparison is none")
        return value


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
