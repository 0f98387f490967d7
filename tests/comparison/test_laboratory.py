"""A laboratory's own truth: contacts of force plates and measures of markers beside what midstance finds."""

from __future__ import annotations

import csv
import io
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import midstance as ms
from midstance.comparison import laboratory
from midstance.comparison.laboratory import Pair
from midstance.errors import InputError
from midstance.formats import c3d, force, pose_json, trc
from midstance.formats.force import TrueContact
from midstance.model import Contact
from midstance.video.film_writer import FilmWriter
from tests.fixtures.jogger import Jogger
from tests.fixtures.recorded import markers, pixels
from tests.test_documents_run import FRAMES, HEIGHT, RATE_HZ, WIDTH, jogger_in


def true_contacts(*, later_s: float = 0.0) -> list[TrueContact]:
    """The contacts of the jogger, by hand."""
    runner = Jogger()
    found = runner.contacts(runner.track(rate_hz=120.0, seconds=3.2))
    return [TrueContact(c.side, c.strike_s + later_s, c.toe_off_s + later_s) for c in found]


def forces(contacts: list[TrueContact], *, rate_hz: float = 1000.0) -> str:
    """OpenSim's file of ground forces: 800 N while a foot is down, noise of 5 N else."""
    time_s = np.arange(0, 3.2, 1 / rate_hz)
    noise = np.random.default_rng(0).normal(0, 2.0, (2, len(time_s)))
    columns = []
    for k, side in enumerate(("right", "left")):
        down = sum(((time_s >= c.strike_s) & (time_s < c.toe_off_s)).astype(float) for c in contacts if c.side == side)
        columns.append(800 * down + noise[k])
    rows = [f"{t:.4f}\t{r:.3f}\t{left:.3f}" for t, r, left in zip(time_s, *columns, strict=True)]
    head = ["forces", "version=1", f"nRows={len(rows)}", "nColumns=3", "inDegrees=yes", "endheader"]
    return "\n".join([*head, "time\tground_force_vy\t1_ground_force_vy", *rows]) + "\n"


def test_forces_give_the_contacts_of_each_foot(tmp_path: Path) -> None:
    path = tmp_path / "a.mot"
    path.write_text(forces(true_contacts()))
    found, true = force.read(path), [c for c in true_contacts() if c.strike_s > 0.01 and c.toe_off_s < 3.19]
    assert [c.side for c in found] == [c.side for c in true]
    assert np.allclose([c[1:] for c in found], [c[1:] for c in true], atol=0.002)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("side,strike_s,toe_off_s\nleft,0.1,0.35\nR,0.5,0.75\n", ["left", "right"]),
        ("time_ms,Fz_left,Fz_right\n0,0,0\n100,0,700\n200,700,700\n300,700,0\n400,0,0\n", ["right", "left"]),
        ("time,Fz\n0,0\n0.1,-700\n0.2,-700\n0.3,0\n", [None]),
        ("time,left_hip_x,left_hip_y\n0,1,2\n", []),
    ],
)
def test_tables_of_contacts_and_of_forces_are_read(tmp_path: Path, text: str, sides: list[str | None]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert [c.side for c in force.read(path)] == sides


def test_a_table_of_contacts_without_times_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("side,strike_s,toe_off_s\nleft,soon,later\n")
    with pytest.raises(InputError, match="a row a contact has side"):
        force.read(path)


def test_the_clock_of_a_film_is_found() -> None:
    true = true_contacts(later_s=0.234)
    found = [
        Contact(side=c.side, strike_s=c.strike_s, toe_off_s=c.toe_off_s, uncertainty_s=0.01, strike_frame=0,
                toe_off_frame=1) for c in true_contacts()
    ]  # fmt: skip
    assert laboratory.clock_shift(found, true) == pytest.approx(0.234, abs=1e-6)


def test_the_table_is_that_of_the_textbook() -> None:
    pairs = [Pair("a", "knee", "deg", k, value, 10.0, 1.5) for k, value in enumerate((11.0, 12.0, 9.0, 12.0))]
    (row,) = laboratory.table(pairs)
    assert (row.n, row.bias, row.within) == (4, 1.0, 0.5)
    assert row.rmse == pytest.approx(np.sqrt((1 + 4 + 1 + 4) / 4))
    (head, line) = laboratory.lines([row])
    assert line.split() == ["knee,", "deg", "4", "+1", "1.58", "-1.4", "+3.4", "50", "%"]
    assert "RMSE" in head


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laboratory's folder: markers with a force plate, and points of a film with markers and contacts."""
    folder = tmp_path_factory.mktemp("laboratory")
    trc.write(markers(), folder / "s1_run.trc")
    (folder / "s1_run.mot").write_text(forces(true_contacts()))
    pose_json.write(pixels(), folder / "s2_run.json")
    trc.write(markers(), folder / "s2_run.trc")
    rows = [f"{c.side},{c.strike_s},{c.toe_off_s}" for c in true_contacts(later_s=0.3)]
    (folder / "s2_run.csv").write_text("\n".join(["side,strike_s,toe_off_s", *rows]) + "\n")
    (folder / "notes.txt").write_text("nothing")
    return folder


def test_a_folder_is_compared_in_one_command(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from midstance import cli

    audit = tmp_path / "pairs.csv"
    words = ["midstance", "validate", str(folder), "--audit", str(audit), "--fps", "60", "--speed", "3m/s"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert not ended.value.code, said.err
    lines = {line[:42].strip(): line[42:].split() for line in said.out.splitlines()}
    assert {"strike, ms", "toe-off, ms", "contact time, ms", "cadence_spm, spm"} <= set(lines)
    count, bias, rmse = (float(x) for x in lines["contact time, ms"][:3])
    assert count >= 8
    assert abs(bias) <= rmse < 25
    assert abs(float(lines["cadence_spm, spm"][1])) < 1
    assert "s2_run: the film was moved by +0.3" in said.err
    rows = list(csv.DictReader(io.StringIO(audit.read_text())))
    assert {row["subject"] for row in rows} == {"s1", "s2"}
    assert list(rows[0]) == ["subject", "trial", "frame", "measure", "pred", "ref", "unit"]


def test_a_film_beside_one_c3d_with_markers_and_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ezc3d")
    monkeypatch.setattr(import_module("midstance.analyze"), "estimate_poses", lambda clip, **_how: jogger_in(clip))
    with FilmWriter(tmp_path / "run1.mp4", width=WIDTH, height=HEIGHT, rate_hz=RATE_HZ) as film:
        for _ in range(FRAMES):
            film.write(np.full((HEIGHT, WIDTH, 3), 40, np.uint8))
    runner = Jogger()
    events = runner.contacts(runner.track(rate_hz=120.0, seconds=3.2))
    c3d.write(markers(seconds=3.2), tmp_path / "run1.c3d", contacts=events)
    pairs, notes = laboratory.validate(tmp_path, ms.analyze)
    rows = {row.what: row for row in laboratory.table(pairs)}
    assert all("moved" in said for said in notes)
    assert rows["contact_time_ms"].n >= 2
    assert abs(rows["contact_time_ms"].bias) < 25  # two contacts at 30 frames a second
    assert abs(rows["cadence_spm"].bias) < 1
    assert "trunk_lean_deg" in rows


def test_wrong_folders_are_one_line(tmp_path: Path) -> None:
    def never(_path: Path) -> None:
        raise AssertionError

    with pytest.raises(InputError, match="is no folder"):
        laboratory.validate(tmp_path / "nowhere", never)
    with pytest.raises(InputError, match="has no trial"):
        laboratory.validate(tmp_path, never)
    (tmp_path / "a.mp4").write_bytes(b"")
    (tmp_path / "a.csv").write_text("side,strike_s,toe_off_s\nleft,soon,later\n")

    def broken(path: Path) -> None:
        raise InputError(f"{path.name} cannot be read")

    with pytest.raises(InputError, match=r"Nothing in .* could be compared\. a: a\.mp4 cannot be read"):
        laboratory.validate(tmp_path, broken)
