"""Make the three tables of a batch: takes, strides and contacts, with the unit and meaning of every column."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from midstance import __version__
from midstance.batch.folder import Folder
from midstance.batch.rows import column
from midstance.batch.sheet import typed
from midstance.errors import UsageError
from midstance.formats.extras import needed
from midstance.measures import BY_ID
from midstance.model import MeasureSide
from midstance.reasons import Reason
from midstance.skeleton import SIDES

SCHEMA = 1
"""Of the tables; a column that is added does not change it."""


class Column(NamedTuple):
    """One column: its name, its type in Arrow, its unit (empty: none) and what it means."""

    name: str
    kind: str
    unit: str
    means: str


TAKE = Column("take", "string", "", "name of the take in every table")

OF_A_TAKE = (
    TAKE,
    Column("source", "string", "", "where the film or the file of points was"),
    Column("status", "string", "", "done; refused: read, but it cannot be judged; failed: not read, or broken off"),
    Column("kind", "string", "", "of a refusal: no_person, not_running, too_few_steps, ..."),
    Column("reason", "string", "", "id of the reason, as in data/reasons.toml; empty for a take that is done"),
    Column("reason_values", "string", "", "what the reason names, as JSON"),
    Column("says", "string", "", "the reason as a sentence"),
    Column("exit_code", "int8", "", "how midstance analyze would end"),
    Column("work_s", "float64", "s", "how long the analysis took"),
    Column("cpu_s", "float64", "s", "what it took of the processor cores; empty where its process died"),
    Column("version", "string", "", "the version of midstance that analysed it"),
    Column("options", "string", "", "what was said of the take, as JSON"),
    Column("sha256", "string", "", "hash of the film"),
    Column("width_px", "int32", "px", "of the upright picture"),
    Column("height_px", "int32", "px", "of the upright picture"),
    Column("frames", "int32", "", "frames of the film"),
    Column("duration_s", "float64", "s", "from the first frame to the last, as the film plays"),
    Column("rate_hz", "float64", "Hz", "frames a second"),
    Column("slow_motion_factor", "float64", "", "how many times slower than life the film plays"),
    Column("pose", "string", "", "which pose model looked"),
    Column("pose_sha256", "string", "", "hash of its weights"),
    Column("plane", "string", "", "side, front or rear"),
    Column("direction", "string", "", "where the runner goes: left, right, towards or away"),
    Column("near_side", "string", "", "the leg nearer to the camera"),
    Column("setting", "string", "", "treadmill or over_ground"),
    Column("camera", "string", "", "fixed or panning"),
    Column("scale_source", "string", "", "what gives metres"),
    Column("scale_m_per_px", "float64", "m/px", "metres a pixel"),
    Column("findings", "string", "", "ids of the problems found, the first one first, spaces between"),
    Column("focus", "string", "", "id of the one thing to change"),
    Column("warnings", "string", "", "what makes the whole take doubtful"),
    Column("given_speed_mps", "float64", "m/s", "the speed that was said"),
    Column("given_height_m", "float64", "m", "the body height that was said"),
    Column("given_mass_kg", "float64", "kg", "the body mass that was said"),
)
OF_A_STRIDE = (
    TAKE,
    Column("stride", "int32", "", "1 for the first strike of the take, of either foot"),
    Column("side", "string", "", "the foot that strikes"),
    Column("strike_s", "float64", "s", "its strike, in the time of life from the first frame"),
    Column("next_strike_s", "float64", "s", "the next strike of the same foot; empty where the take ends before"),
)
OF_A_CONTACT = (
    TAKE,
    Column("contact", "int32", "", "1 for the first contact of the take, of either foot"),
    Column("side", "string", "", "the foot"),
    Column("strike_s", "float64", "s", "initial contact, in the time of life from the first frame"),
    Column("toe_off_s", "float64", "s", "toe-off, the same"),
    Column("uncertainty_s", "float64", "s", "half width of the 95 % interval of either moment"),
    Column("strike_frame", "int32", "", "the frame nearest to the strike, 0 for the first"),
    Column("toe_off_frame", "int32", "", "the frame nearest to toe-off"),
)
INTERVAL = "half width of the 95 % interval of it"


def write_tables(folder: Folder) -> tuple[int, int, int]:
    """Write takes, strides and contacts from the records of a folder; return how many rows each has.

    Raises InputError; UsageError without pyarrow.
    """
    takes: list[dict[str, Any]] = []
    strides: list[dict[str, Any]] = []
    contacts: list[dict[str, Any]] = []
    said = folder.columns()
    for record in folder.every_record():
        outcome = record["outcome"]
        takes.append(_take(record))
        for rows, name in ((strides, "strides"), (contacts, "contacts")):
            rows += [{"take": record["take"], **row} for row in outcome.get(name, ())]
    more = _of_sheets(said, [row["take"] for row in takes])
    films = hashlib.sha256("".join(sorted(row.get("sha256", "") for row in takes)).encode()).hexdigest()
    folder.write_table(_table((*OF_A_TAKE, *_measures_of_takes()), takes, films, more), "takes")
    folder.write_table(_table((*OF_A_STRIDE, *_measures_of_strides()), strides, films), "strides")
    folder.write_table(_table(OF_A_CONTACT, contacts, films), "contacts")
    return len(takes), len(strides), len(contacts)


def names_taken(columns: Sequence[str], *, path: Any) -> None:
    """Raise UsageError where a sheet has a column that a table has already."""
    known = {c.name for c in (*OF_A_TAKE, *_measures_of_takes())}
    if clash := [name for name in columns if name in known]:
        raise UsageError(Reason("sheet_name_taken", path=path, names=", ".join(clash)))


def _take(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a take."""
    outcome, wanted = record["outcome"], dict(record["wanted"])
    return {
        "take": record["take"],
        "source": record["source"],
        **{name: outcome.get(name) for name in ("status", "kind", "reason", "says")},
        "reason_values": json.dumps(outcome["values"]) if outcome.get("values") else None,
        "exit_code": outcome["code"],
        "work_s": outcome.get("seconds"),
        "cpu_s": outcome.get("cpu_s"),
        "version": wanted.pop("version", None),
        "options": json.dumps(wanted),
        **record["clip"],
        **{f"{size}_px": record["clip"].get(size) for size in ("width", "height")},
        **record["about"],
        **{f"given_{name}": wanted.get(name) for name in ("speed_mps", "height_m", "mass_kg")},
        **outcome.get("numbers", {}),
    }


def _of_sheets(said: Mapping[str, Mapping[str, str]], takes: Sequence[str]) -> dict[str, list[Any]]:
    """Return the columns of the sheets in the order of the takes."""
    names = dict.fromkeys(name for row in said.values() for name in row)
    return typed({name: [said.get(take, {}).get(name) for take in takes] for name in names})


def _measures_of_takes() -> Iterator[Column]:
    """Yield the columns of every measure in the table of takes, whether a take has it or not."""
    for name, definition in BY_ID.items():
        sides: Sequence[MeasureSide] = SIDES if definition.one_sided else ("both",)
        for side in sides:
            own = column(name, side)
            of = "" if side == "both" else f", {side}"
            yield Column(own, "float64", definition.unit, f"{definition.name}{of}: mean over the strides")
            yield Column(f"{own}_uncertainty", "float64", definition.unit, INTERVAL)
            yield Column(f"{own}_sd", "float64", definition.unit, "standard deviation from stride to stride")
            yield Column(f"{own}_n", "int32", "", "strides or steps behind the value")


def _measures_of_strides() -> Iterator[Column]:
    for name, definition in BY_ID.items():
        if definition.read:
            yield Column(name, "float64", definition.unit, f"{definition.name} in this stride")
            yield Column(f"{name}_uncertainty", "float64", definition.unit, INTERVAL)


def _table(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], films: str, more: Mapping[str, Any] | None = None
) -> Any:
    """Return rows as a table of Arrow; its schema names the unit and the meaning of every column.

    films  one hash of the hashes of all films, by which three tables of one batch are known
    more   columns of sheets
    """
    arrow = needed("pyarrow")
    fields = [
        arrow.field(c.name, getattr(arrow, c.kind)(), metadata={"unit": c.unit, "means": c.means}) for c in columns
    ]
    arrays = [arrow.array([row.get(c.name) for row in rows], f.type) for c, f in zip(columns, fields, strict=True)]
    for name, cells in (more or {}).items():
        arrays.append(arrow.array(cells))
        fields.append(arrow.field(name, arrays[-1].type, metadata={"unit": "", "means": "of the sheet"}))
    about = {"midstance": __version__, "schema": str(SCHEMA), "films_sha256": films}
    return arrow.Table.from_arrays(arrays, schema=arrow.schema(fields, metadata=about))
