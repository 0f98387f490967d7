"""One number has one interval: in the head, the tiles, the table, in JSON and in the table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import math

import pytest

from midstance.formats.analysis_json import plain
from midstance.model import Analysis
from midstance.output.tables import tables_of
from midstance.text.names import with_error
from midstance.text.report import describe


def test_every_place_has_the_interval_of_the_measure(run: Analysis) -> None:
    report, content = describe(run), plain(run)
    in_json = {(m["id"], m["side"]): m for m in content["measures"]}
    in_csv = {(r["measure"], r["side"]): r for r in csv.DictReader(io.StringIO(tables_of(run)["measures.csv"]))}
    shown = {(row.id, value.side): value for row in report.rows for value in row.values}
    assert in_json.keys() == in_csv.keys() == shown.keys() == {(m.id, m.side) for m in run.measures}
    for m in run.measures:
        key, ends = (m.id, m.side), (m.value - m.uncertainty, m.value + m.uncertainty)
        assert in_json[key]["uncertainty"] == (m.uncertainty if math.isfinite(m.uncertainty) else None)
        assert shown[key].uncertainty == pytest.approx(m.uncertainty, nan_ok=True)
        assert shown[key].text == with_error(m.value, m.uncertainty, m.unit)
        for name, end in zip(("low", "high"), ends, strict=True):
            written = in_csv[key][name]
            assert float(written or "nan") == pytest.approx(end, rel=1e-5, nan_ok=True)


def test_the_head_and_the_tiles_say_the_same(run: Analysis) -> None:
    report = describe(run)
    near = run.track.near_side or "left"
    head = " ".join(report.seen)
    for name in ("speed_mps", "cadence_spm", "contact_time_ms", "vertical_oscillation_cm"):
        for m in run.measures:
            if m.id == name and m.side in {"both", near}:
                assert with_error(m.value, m.uncertainty, m.unit) in head, name
    for tile in report.tiles:
        m = next(m for m in run.measures if m.side == tile.value.side and m.value == tile.value.value)
        said = with_error(m.value, m.uncertainty, m.unit)
        assert said.startswith(tile.number)
        assert f"{tile.number} {tile.unit}" == said
