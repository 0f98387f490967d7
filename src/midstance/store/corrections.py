"""Keep what a person put right in a take, step by step; the newest step can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from sqlalchemy import delete, select

from midstance.comparison.model import StoredTake
from midstance.model import ContactCorrection, Corrections
from midstance.options import Options
from midstance.quantities import HEIGHT_M, SPEED_MPS, TIMES_SLOWER, Said, height_m, speed_mps, times_slower
from midstance.skeleton import Side
from midstance.store import tables
from midstance.store.rows import content_or_none, insert_row, read_content
from midstance.store.store import Store

LONGEST_S = 36_000.0

Seconds = Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)]


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class PersonStep(_Step):
    """Another runner of the film is meant, 0 for the first."""

    kind: Literal["person"]
    person: int = Field(ge=0, le=99)


class CutStep(_Step):
    """Only a part of the film is judged, seconds as it plays."""

    kind: Literal["cut"]
    start_s: Seconds
    stop_s: Seconds

    @model_validator(mode="after")
    def _in_order(self) -> CutStep:
        if self.stop_s <= self.start_s:
            raise ValueError("the end lies before the beginning")
        return self


class SwapStep(_Step):
    """Left and right are the other way round."""

    kind: Literal["swap"]


class ContactStep(_Step):
    """A contact lies elsewhere, or is none; seconds of the film as it plays."""

    kind: Literal["contact"]
    side: Side
    at_s: Seconds
    strike_s: Seconds | None = None
    toe_off_s: Seconds | None = None
    gone: bool = False


class HeightStep(_Step):
    """The runner's height in this film, metres."""

    kind: Literal["height"]
    height_m: float = Field(ge=HEIGHT_M[0], le=HEIGHT_M[1])


class SpeedStep(_Step):
    """The speed in this film, metres a second."""

    kind: Literal["speed"]
    speed_mps: float = Field(ge=SPEED_MPS[0], le=SPEED_MPS[1])


class SlowStep(_Step):
    """How many times slower than life the film plays."""

    kind: Literal["slow_motion"]
    times: float = Field(ge=TIMES_SLOWER[0], le=TIMES_SLOWER[1])


class FacesStep(_Step):
    """Faces are blurred in everything that is drawn from this film."""

    kind: Literal["faces"]


Step = Annotated[
    PersonStep | CutStep | SwapStep | ContactStep | HeightStep | SpeedStep | SlowStep | FacesStep,
    Field(discriminator="kind"),
]

_READ: TypeAdapter[Step] = TypeAdapter(Step)


SAID: dict[str, tuple[str, Callable[[Said], float]]] = {
    "height": ("height_m", height_m),
    "speed": ("speed_mps", speed_mps),
    "slow_motion": ("times", times_slower),
}
"""What a person may type in any unit: the field that keeps it, and who reads it."""


def read_step(content: Mapping[str, Any]) -> Step:
    """Read a step as plain data; a quantity may be as a person typed it (`said`). Raises UsageError."""
    if "said" in content and content.get("kind") in SAID:
        name, read = SAID[content["kind"]]
        content = {"kind": content["kind"], name: read(str(content["said"]))}
    return read_content(_READ, content, says="This cannot be put right so")


def add_step(store: Store, take: StoredTake, step: Step) -> None:
    """Keep one more step."""
    content = step.model_dump(mode="json")
    with store.writing() as connection:
        row = {"take_id": take.id, "made_at": datetime.now(UTC), "content": content}
        insert_row(connection, tables.corrections, row)


def keep_blurred(store: Store, take: StoredTake) -> None:
    """Keep that the faces of a take are blurred, so that another analysis does not show them."""
    step = FacesStep(kind="faces")
    if step not in steps(store, take):
        add_step(store, take, step)


def undo_step(store: Store, take: StoredTake, *, every: bool = False) -> None:
    """Undo the newest step, or every step."""
    table = tables.corrections
    with store.writing() as connection:
        numbers = list(
            connection.execute(select(table.c.id).where(table.c.take_id == take.id).order_by(table.c.id)).scalars()
        )
        connection.execute(delete(table).where(table.c.id.in_(numbers if every else numbers[-1:])))


def steps(store: Store, take: StoredTake) -> tuple[Step, ...]:
    """Return every step of a take, the oldest first; one that makes no sense any more is left out."""
    table = tables.corrections
    with store.reading() as connection:
        rows = connection.execute(select(table.c.content).where(table.c.take_id == take.id).order_by(table.c.id))
        return tuple(step for row in rows if (step := content_or_none(_READ, row.content)))


def put_right(options: Options, done: tuple[Step, ...]) -> Options:
    """Return the options with what was put right, step after step."""
    for step in done:
        made = options.corrections or Corrections()
        match step:
            case PersonStep():
                options = replace(options, person=step.person)
            case HeightStep():
                options = replace(options, height_m=step.height_m)
            case SpeedStep():
                options = replace(options, speed_mps=step.speed_mps)
            case SlowStep():
                options = replace(options, slow_motion=step.times)
            case FacesStep():
                options = replace(options, blur_faces=True)
            case CutStep():
                options = replace(options, corrections=replace(made, cut_s=(step.start_s, step.stop_s)))
            case SwapStep():
                options = replace(options, corrections=replace(made, swap_sides=not made.swap_sides))
            case ContactStep():
                moved = ContactCorrection(**step.model_dump(exclude={"kind"}))
                options = replace(options, corrections=replace(made, contacts=(*made.contacts, moved)))
    return options
