"""A batch: every take has one row, a bad one costs its own alone, and nothing that is done is done again or lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from midstance import __version__
from midstance.batch import cluster as cluster_module
from midstance.batch import worker as worker_module
from midstance.batch.cluster import Cluster
from midstance.batch.engines import Done, Engine, Local, fitting
from midstance.batch.folder import Folder
from midstance.batch.job import Job, failed
from midstance.batch.rows import stride_rows
from midstance.batch.run import Planned, Progress, carry_out, plan
from midstance.batch.sheet import read_sheet
from midstance.batch.sources import find_sources
from midstance.batch.tables import write_tables
from midstance.batch.task import do
from midstance.batch.worker import Worker
from midstance.cage import Cage
from midstance.cli import batch as cli_batch
from midstance.errors import InputError, MidstanceError, Refused, UsageError
from midstance.formats import analysis_schema
from midstance.measures import BY_ID
from midstance.model import Analysis
from midstance.options import Options
from midstance.reasons import Reason
from tests.fixtures.squad import cadence_spm, write_take
from tests.test_survives import KILLED

DIES = """
import os, signal, sys
if sys.argv[0].endswith("batch/task.py") or "midstance.batch.task" in sys.orig_argv:
    import midstance.batch.job as job
    real = job.Job.of
    def of(content):
        once = "once" in content["take"] and not os.path.exists(os.environ["ONCE"])
        if once:
            open(os.environ["ONCE"], "w").close()
        if once or "crash" in content["take"]:
            os.kill(os.getpid(), signal.SIGSEGV)
        return real(content)
    job.Job.of = of
"""
"""Loaded by every Python of these tests: one film ends its decoder, at another it is killed once."""


def batch(*words: object) -> Result:
    ran = CliRunner().invoke(cli_batch.app, [*map(str, words)])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def table(folder: Path, name: str = "takes") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of one take."""
    (source,) = find_sources([str(write_take(tmp_path_factory.mktemp("one") / "a.trc"))])
    return do(Job(take=source.take, source=source, options={}), Path())


class Canned:
    """An engine that has done every take before, and does the bad ones badly."""

    says, threads = "nobody", 1

    def __init__(self, outcome: Mapping[str, Any], on_job: Callable[[Job], None] = lambda _: None) -> None:
        self._outcome, self._on_job = outcome, on_job
        self.did: list[str] = []
        self.ended: list[str] = []

    def run(self, jobs: Sequence[Job]) -> Iterator[Done | None]:
        for job in jobs:
            if self.ended:
                return
            self._on_job(job)
            self.did.append(job.source.name)
            bad = {"status": "failed", "code": 3, "reason": "x", "says": "Why."}
            yield job, dict(bad if "bad" in job.take else self._outcome)

    def finish(self) -> None:
        self.ended.append("finish")

    def stop(self) -> None:
        self.ended.append("stop")


def ran(out: Path, engine: Engine, named: Sequence[object], options: Options | None = None) -> tuple[Planned, Progress]:
    folder = Folder(out)
    with folder.alone():
        planned = plan(folder, find_sources(map(str, named)), options or Options())
        return planned, carry_out(folder, planned, engine, on_take=lambda *_: None, look=lambda _: None)


def films(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_text(f"film {name}")
    return [folder / name for name in names]


# -- the whole way -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_season_with_bad_films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, six takes: one ends its process, one is no film, and each row says why; one was killed once."""
    monkeypatch.setenv("ONCE", str(tmp_path / "once"))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(DIES, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"), prepend=":")
    season, out = tmp_path / "season", tmp_path / "out"
    for number, name in enumerate(("a", "b", "c")):
        write_take(season / f"{name}.trc", number)
    for name in ("crash", "once"):
        shutil.copy(season / "a.trc", season / f"{name}.trc")
    (season / "x.mp4").write_text("no film")
    (tmp_path / "s.csv").write_text("film,athlete,height\na,Anna,166cm\nb,Ben,1.80\ngone,Gil,1.7\n")
    first = batch(season, "--out", out, "--metadata", tmp_path / "s.csv", "--workers", 2)
    assert first.exit_code == InputError.exit_code
    assert "the sheet names films that are not here: gone" in first.stderr
    assert "6 to do" in first.stdout
    assert "4 measured, 2 failed" in first.stdout

    rows = {row["take"].split("-")[0]: row for row in table(out)}
    assert {name: row["status"] for name, row in rows.items()} == {
        "a.trc": "done", "b.trc": "done", "c.trc": "done", "once.trc": "done", "crash.trc": "failed", "x.mp4": "failed",
    }  # fmt: skip
    assert (rows["crash.trc"]["reason"], rows["x.mp4"]["reason"]) == ("stopped_halfway", "not_a_film")
    assert "x.mp4" in rows["x.mp4"]["says"]
    assert json.loads(rows["x.mp4"]["reason_values"])
    for number, name in enumerate(("a", "b", "c")):
        row = rows[f"{name}.trc"]
        assert row["cadence_spm"] == pytest.approx(cadence_spm(number), abs=row["cadence_spm_uncertainty"])
        analysis = json.loads((out / "analyses" / f"{row['take']}.json").read_text())
        jsonschema.validate(analysis, analysis_schema.json_schema())
        assert analysis["clip"]["sha256"] == row["sha256"]
    assert (rows["a.trc"]["athlete"], rows["a.trc"]["given_height_m"], rows["c.trc"]["athlete"]) == ("Anna", 1.66, None)

    again = batch(season, "--out", out, "--metadata", tmp_path / "s.csv", "--workers", 1)
    assert "2 to do, 4 done already" in again.stdout
    assert "Again, 2 takes: it failed before." in again.stdout
    assert len(table(out)) == 6


# -- tables --------------------------------------------------------------------------------------------------------


def test_tables_have_ids_units_and_the_version(tmp_path: Path, outcome: dict[str, Any]) -> None:
    ran(tmp_path / "out", Canned(outcome), films(tmp_path, "a.mp4", "b.mp4", "bad.mp4"))
    schemas = {name: pq.read_schema(tmp_path / "out" / f"{name}.parquet") for name in ("takes", "strides", "contacts")}
    assert len({schema.metadata[b"films_sha256"] for schema in schemas.values()}) == 1
    for name, schema in schemas.items():
        assert schema.metadata[b"midstance"].decode() == __version__
        assert all({b"unit", b"means"} <= field.metadata.keys() for field in schema)
        assert len(table(tmp_path / "out", name)) == {"takes": 3, "strides": 6, "contacts": 6}[name]
    for name, definition in BY_ID.items():
        own = name if not definition.one_sided else f"{name}_left"
        assert schemas["takes"].field(own).metadata[b"unit"].decode() == definition.unit
        assert {f"{own}_uncertainty", f"{own}_sd", f"{own}_n"} <= {*schemas["takes"].names}
    assert outcome["numbers"].keys() <= {*schemas["takes"].names}


def test_every_sample_is_in_a_stride(judged: Analysis) -> None:
    """Nothing that was measured after the first strike of a foot is lost, and landings lie at their own strike."""
    rows = stride_rows(judged)
    assert [row["stride"] for row in rows] == [*range(1, len(rows) + 1)]
    assert len(rows) == len(judged.contacts)
    for measure in judged.measures:
        found = [row for row in rows if measure.id in row and measure.side in {"both", row["side"]}]
        starts = {side: min(row["strike_s"] for row in rows if row["side"] == side) for side in ("left", "right")}
        first = min(starts.values()) if measure.side == "both" else starts[measure.side]
        inside = [s for s in measure.samples if s.time_s > first - 0.02 or "before_strike" in measure.id]
        assert len(found) == len(inside), (measure.id, measure.side)
        assert all(row[f"{measure.id}_uncertainty"] >= measure.uncertainty for row in found)
    at_strike = next(m for m in judged.measures if m.id == "shank_angle_at_strike_deg")
    before = next(m for m in judged.measures if m.id == "foot_pitch_before_strike_deg" and m.side == at_strike.side)
    own = [row for row in rows if row["side"] == at_strike.side]
    assert [row[at_strike.id] for row in own] == [sample.value for sample in at_strike.samples]
    assert [row[before.id] for row in own] == [sample.value for sample in before.samples]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    from midstance.analyze import analyze

    return analyze(write_take(tmp_path_factory.mktemp("judged") / "a.trc", seconds=3.2))


def test_from_the_front_strides_begin_where_steps_were_timed(judged: Analysis) -> None:
    from dataclasses import replace

    from midstance.model import Contacts

    front = replace(judged, contacts=Contacts())
    rows = stride_rows(front)
    timed = {s.time_s for m in judged.measures if m.id in {"step_time_ms", "stride_time_ms"} for s in m.samples}
    assert {row["strike_s"] for row in rows} == timed


# -- done is done --------------------------------------------------------------------------------------------------


def test_what_is_done_is_left_alone_and_what_changed_is_done_anew(tmp_path: Path, outcome: dict[str, Any]) -> None:
    out, named = tmp_path / "out", films(tmp_path, "a.mp4", "b.mp4", "bad.mp4")
    outcome = outcome | {"analysis": outcome["analysis"] | {"clip": dict(outcome["analysis"]["clip"])}}
    first, again = Canned(outcome), Canned(outcome)
    ran(out, first, named)
    ran(out, again, named)
    assert (first.did, again.did) == (
        ["bad.mp4", "a.mp4", "b.mp4"],
        ["bad.mp4"],
    )  # the largest first; a failed one again

    taller = Canned(outcome)
    planned, _ = ran(out, taller, named[:2], Options(height_m=1.8, threads=1))
    assert taller.did == ["a.mp4", "b.mp4"]
    assert {*planned.why.values()} == {"height_m"}
    assert ran(out, Canned(outcome), named[:2], Options(height_m=1.8, threads=2))[0].jobs == ()

    named[0].write_text("another film")
    planned, _ = ran(out, Canned(outcome), named[:2], Options(height_m=1.8))
    assert [(job.source.name, planned.why[job.take]) for job in planned.jobs] == [("a.mp4", "film")]
    assert len(table(out)) == 3


def test_a_film_that_was_copied_back_is_still_the_same(tmp_path: Path) -> None:
    take, out = write_take(tmp_path / "a.trc"), tmp_path / "out"
    (source,) = find_sources([str(take)])
    real = do(Job(take=source.take, source=source, options={}), tmp_path)
    ran(out, Canned(real), [take])
    os.utime(take, (1, 1))
    assert ran(out, Canned(real), [take])[0].jobs == ()
    write_take(take, 1)
    assert len(ran(out, Canned(real), [take])[0].jobs) == 1


def test_takes_of_earlier_runs_and_their_columns_stay(tmp_path: Path, outcome: dict[str, Any]) -> None:
    out, (a, b) = tmp_path / "out", films(tmp_path, "a.mp4", "b.mp4")
    folder = Folder(out)
    for film, text in ((a, "film,athlete\na,Anna\n"), (b, "film,athlete\nb,Ben\n")):
        (tmp_path / "s.csv").write_text(text)
        planned = plan(folder, find_sources([str(film)]), Options(), read_sheet(tmp_path / "s.csv"))
        carry_out(folder, planned, Canned(outcome), on_take=lambda *_: None, look=lambda _: None)
    ran(out, Canned(outcome), [a, b])  # without a sheet
    assert [row["athlete"] for row in table(out)] == ["Anna", "Ben"]


def test_a_damaged_record_is_done_anew(tmp_path: Path, outcome: dict[str, Any]) -> None:
    out, named = tmp_path / "out", films(tmp_path, "a.mp4")
    ran(out, Canned(outcome), named)
    (record,) = (out / "records").glob("*.json")
    for damage in ("", "[]", '{"layout": 0}', record.read_text()[:-9]):
        record.write_text(damage)
        planned, _ = ran(out, Canned(outcome), named)
        assert [*planned.why.values()] == ["new"]
        assert len(table(out)) == 1


# -- ended ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("signals", "ended"), [([signal.SIGINT], ["finish"]), ([signal.SIGTERM], ["stop"])])
def test_ctrl_c_keeps_what_is_done_and_the_next_run_goes_on(
    signals: list[int], ended: list[str], tmp_path: Path, outcome: dict[str, Any]
) -> None:
    out, named = tmp_path / "out", films(tmp_path, "a.mp4", "b.mp4", "c.mp4")

    def press(job: Job) -> None:
        if job.source.name == "b.mp4":
            for number in signals:
                os.kill(os.getpid(), number)

    stopped = Canned(outcome, press)
    _, progress = ran(out, stopped, named)
    assert stopped.ended == ended
    assert progress.counts == {"done": 2}
    assert len(table(out)) == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    after = Canned(outcome)
    ran(out, after, named)
    assert after.did == ["c.mp4"]
    assert len(table(out)) == 3


@pytest.mark.slow
def test_a_batch_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    named = [write_take(tmp_path / f"{n}.trc", n) for n in range(3)]
    words = ["batch", *map(str, named), "--out", str(tmp_path / "out"), "--workers", "1"]
    start = [sys.executable, "-c", KILLED, "midstance.batch.folder:write_bytes", "1"]
    done = subprocess.run([*start, *words], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len([*(tmp_path / "out" / "records").glob("*.json")]) == 1
    after = batch(*words[1:])
    assert after.exit_code == 0, after.output
    assert "2 to do, 1 done already" in after.stdout
    assert Counter(row["status"] for row in table(tmp_path / "out")) == {"done": 3}


def test_two_batches_do_not_write_into_one_folder(tmp_path: Path) -> None:
    write_take(tmp_path / "a.trc")
    with Folder(tmp_path / "out").alone(), pytest.raises(UsageError, match="Another batch is at work"):
        batch(tmp_path / "a.trc", "--out", tmp_path / "out")


# -- a cluster -----------------------------------------------------------------------------------------------------


def carried_out(
    out: Path, named: Sequence[Path], engine: Engine, on_take: Callable[[Job, Mapping[str, Any]], None]
) -> tuple[Planned, Progress]:
    """Do takes on an engine and end it; return the plan and how far it came."""
    folder = Folder(out)
    try:
        planned = plan(folder, find_sources(map(str, named)), Options())
        return planned, carry_out(folder, planned, engine, on_take=on_take, look=lambda _: None)
    finally:
        engine.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_workers_of_a_cluster_are_killed_and_every_take_is_done_once(tmp_path: Path) -> None:
    named = [write_take(tmp_path / f"{n}.trc", n) for n in range(8)]
    engine = Cluster(workers=2)
    killed: list[int] = []
    seen: list[str] = []

    def on_take(job: Job, _: Mapping[str, Any]) -> None:
        seen.append(job.take)
        if len(killed) < 2 and engine.processes:
            killed.append(engine.processes[len(killed) % len(engine.processes)])
            os.kill(killed[-1], signal.SIGKILL)

    planned, progress = carried_out(tmp_path / "out", named, engine, on_take)
    assert len(killed) == 2
    assert progress.counts == {"done": 8}
    assert sorted(seen) == sorted(planned.why)
    rows = table(tmp_path / "out")
    assert {row["take"] for row in rows} == {*planned.why}
    assert len(rows) == 8


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_outcomes_that_are_lost_with_their_worker_are_made_again(tmp_path: Path) -> None:
    """Takes are done faster than they are fetched, and then every worker dies with what it holds."""
    named = [write_take(tmp_path / f"{n}.trc", n) for n in range(6)]
    engine = Cluster(workers=2)
    seen: list[str] = []
    lost: list[Any] = []

    def wait_until(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def held() -> list[Any]:
        return [future for _, future in engine._given.values() if future.status == "finished"]

    def on_take(job: Job, _: Mapping[str, Any]) -> None:
        seen.append(job.take)
        if not lost:
            wait_until(lambda: len(held()) >= 2)
            lost.extend(held())
            for process in engine.processes:
                os.kill(process, signal.SIGKILL)
            wait_until(lambda: any(future.status == "lost" for future in lost))

    planned, progress = carried_out(tmp_path / "out", named, engine, on_take)
    assert len(lost) >= 2
    assert progress.counts == {"done": 6}
    assert sorted(seen) == sorted(planned.why)


ECHOES = """
import json, os, sys
request = json.loads(sys.stdin.readline())
with open(request["folder"] + "/outcome.json", "w") as file:
    json.dump({"status": "done", "seen": os.environ.get("MALLOC_TRIM_THRESHOLD_")}, file)
print(json.dumps({"ended": True}), flush=True)
"""


def test_what_dask_sets_for_its_workers_does_not_slow_an_analysis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "echoes.py").write_text(ECHOES, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "65536")
    real = Cage
    monkeypatch.setattr(worker_module, "Cage", lambda _, words, **given: real("echoes", words, **given))
    monkeypatch.setattr(worker_module, "_here", threading.local())
    assert worker_module.do_here({"threads": 1})["seen"] is None
    worker_module._here.worker.stop()
    usual = Worker()
    assert usual.do({"threads": 1})["seen"] == "65536"  # on this machine it is what the person set
    usual.stop()


def test_a_scheduler_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_S", 0.3)
    with pytest.raises(InputError, match=r"No scheduler of Dask answers at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"midstance\[dask\]"):
        Cluster()


def test_work_that_cannot_be_begun_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for temporary files, a reason with a number that is none, a name that fills the disk's limit."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("midstance.batch.worker.temporary_folder", full)
    named = films(tmp_path, "a.mp4", f"{'é' * 120}.mp4")
    _, progress = ran(tmp_path / "out", Local(2), named)
    assert progress.counts == {"failed": 2}
    assert {row["reason"] for row in table(tmp_path / "out")} == {"worker_failed"}
    assert all("No space left" in row["says"] for row in table(tmp_path / "out"))
    odd = Refused("no_person", Reason("nobody_found", share=float("nan"), more=(1.5, Reason("needs_depth"))))
    assert failed(odd, "says", 4)["values"]["share"] is None
    assert json.dumps(failed(odd, "says", 4), allow_nan=False)


# -- this machine --------------------------------------------------------------------------------------------------


def test_as_many_processes_as_cores_and_memory_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    from midstance.batch import engines

    monkeypatch.setattr(engines, "cores", lambda: 16)
    for free, count in ((64.0, 16), (4.5, 4), (0.3, 1), (float("inf"), 16)):
        monkeypatch.setattr(engines, "free_gb", lambda free=free: free)
        assert fitting() == count
    assert fitting(3) == 3
    engine = Local(4)
    assert (engine.threads, engine.says) == (4, "4 processes on this machine")
    assert [*engine.run(())] == []


# -- what is typed -------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    write_take(tmp_path / "in" / "a.trc")
    said = batch(tmp_path / "in", "--out", tmp_path / "out", "--dry-run", "--height", "166cm")
    assert said.exit_code == 0
    assert "1 take: 1 to do, 0 done already." in said.stdout
    assert "new" in said.stdout
    assert "height_m=1.66" in said.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--out", "out"], "Name films"),
        (["nix.mp4"], "Say where the tables go"),
        (["nix.mp4", "--out", "out"], "there is no such file"),
        (["a.trc", "--out", "a.trc"], "cannot be written"),
        (["a.trc", "--out", "out", "--engine", "spark"], "choose local or dask"),
        (["a.trc", "--out", "out", "--metadata", "nix.csv"], "cannot be read"),
        (["a.trc", "--out", "out", "--list", "nix.txt"], "cannot be read"),
        (["a.trc", "--summary", "out"], "--summary reads a folder"),
        (["--summary", "nowhere"], "There is no batch in"),
        (["a.trc", "--out", "out", "--metadata", "taken.csv"], "have columns of these names already: status"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    words: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_take(tmp_path / "a.trc")
    (tmp_path / "taken.csv").write_text("film,status\na,x\n")
    with pytest.raises(MidstanceError) as caught:
        batch(*words)
    assert says in caught.value.say("cli")
    assert not isinstance(caught.value, Refused)
    assert not (tmp_path / "out" / "takes.parquet").exists()


def test_tables_of_nothing_have_their_columns(tmp_path: Path) -> None:
    assert write_tables(Folder(tmp_path)) == (0, 0, 0)
    assert "cadence_spm" in pq.read_schema(tmp_path / "takes.parquet").names


def test_time_left_follows_from_what_is_done() -> None:
    progress = Progress(10, began=time.monotonic() - 60)
    assert progress.left_s is None
    progress.counts.update({"done": 3, "failed": 1})
    assert progress.left_s == pytest.approx(90, abs=1)
    by_size = Progress(10, 1000, began=time.monotonic() - 60)
    by_size.counts.update({"done": 2})
    by_size.size_done = 750
    assert by_size.left_s == pytest.approx(20, abs=1)


def test_the_largest_is_done_first_and_counts_by_its_size(tmp_path: Path, outcome: dict[str, Any]) -> None:
    named = films(tmp_path, "a.mp4", "long.mp4", "b.mp4")
    named[1].write_bytes(bytes(1000))
    engine = Canned(outcome)
    _, progress = ran(tmp_path / "out", engine, named)
    assert engine.did == ["long.mp4", "a.mp4", "b.mp4"]
    assert progress.size == progress.size_done == 1000 + 2 * len("film a.mp4")
    assert progress.left_s == 0
    _, progress = ran(tmp_path / "more", Canned(outcome), [*named, tmp_path / "gone.mp4"])
    assert (progress.size, progress.done) == (0, 4)  # of one nothing is known: takes are counted
