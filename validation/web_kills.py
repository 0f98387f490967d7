"""Kill the server and its work at random during 20 jobs, on SQLite and PostgreSQL: python -m validation.web_kills.

Every film is uploaded as a browser does it; it is the demo clip, made small. The server is killed as a power cut would
kill it (SIGKILL), and so is the process that does the work. In the end every job must have ended, each once: one take
with one analysis for each film, and nothing half made on the shelf.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.fixtures.clips import DEMO
from tests.fixtures.postgres import postgres_programs, running_postgres

from midstance.store import Store, open_store
from midstance.store.jobs import Jobs
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from validation.web_results import write_section

TITLE = "Jobs whose server is killed"

SAYS = """`python -m validation.web_kills`: 20 films are uploaded to `midstance serve`, which works on two at a time;
the server, or a process that works, is killed (SIGKILL) at random moments until the last kill is spent; the work of one
film is killed once at most, because what crashes twice has failed. Right is: every job is done, each film has one take,
each take one analysis, and there is no file on the shelf that no take names. The films last under a second: they are
kept, looked at and refused as too short, so that the work is short and the kills fall into every part of it."""

FILMS = 20
LINES, FRAMES = 160, 24
MOST_S = 2400.0
BETWEEN_S = (2.0, 20.0)
"""Between two kills: some films end meanwhile, or the same ones are begun again and again, and given up."""


@dataclass
class Series:
    """What came of one series."""

    database: str
    kills_left: int
    done: int = 0
    takes: int = 0
    analyses: int = 0
    server_kills: int = 0
    work_kills: int = 0
    tried_again: int = 0
    stray: int = 0
    seconds: float = 0.0


class Serving:
    """`midstance serve` on a folder and a database, to be killed and started again."""

    def __init__(self, folder: Path, environment: dict[str, str], *options: str) -> None:
        self._environment = {**os.environ, "MIDSTANCE_DATA": str(folder), **environment}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._command = [sys.executable, "-m", "midstance", "serve", "--no-open", "--port", str(self.port), *options]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout
        self.lines = [self.process.stdout.readline()]
        found = re.search(r"http://\S+", self.lines[0])
        assert found, self.lines
        self.link = found[0]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


def children_of(process: int) -> list[int]:
    """Return the processes that one started."""
    try:
        said = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    found = [int(one) for one in said]
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):
            found += [int(one) for one in (task / "children").read_text(encoding="ascii").split()]
    return sorted(set(found))


def job_of(process: int) -> str:
    """Return the uid of the job that a process works on; empty if it does not."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").split("\0")
        if "midstance.web.task" in words:
            return words[words.index("midstance.web.task") + 1]
    return ""


def small_films(folder: Path, number: int, *, length: int = FRAMES) -> list[Path]:
    """Write the first frames of the demo clip, each film cut at another frame so that no two are the same."""
    clip = open_clip(DEMO)
    width = 2 * round(clip.width * LINES / clip.height / 2)
    pictures = list(frames(clip, stop=length + number, height=LINES))
    made = []
    for n in range(number):
        path = folder / f"run{n}.mp4"
        with FilmWriter(path, width=width, height=LINES, rate_hz=clip.rate_hz) as writer:
            for picture in pictures[n : n + length]:
                writer.write(picture)
        made.append(path)
    return made


def open_browser(serving: Serving) -> httpx.Client:
    """Return a browser that has the cookie."""
    here = f"http://127.0.0.1:{serving.port}"
    client = httpx.Client(base_url=here, headers={"Origin": here}, timeout=60)
    key = serving.link.partition("key=")[2]
    client.post("/open", data={"key": key})
    return client


def upload(client: httpx.Client, film: Path, athlete: str) -> None:
    """Send a film by tus."""
    content = film.read_bytes()
    words = {"filename": film.name, "athlete": athlete}
    metadata = ",".join(f"{name} {base64.b64encode(word.encode()).decode()}" for name, word in words.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    made = client.post("/uploads", headers=headers)
    made.raise_for_status()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    client.patch(made.headers["location"], headers=headers, content=content).raise_for_status()


def run(database: str, films: list[Path], folder: Path, *, kills: int, chance: random.Random) -> Series:
    """Upload the films, kill until all kills are spent, wait for the end, and count."""
    series, began = Series(database.partition(":")[0], kills_left=kills), time.monotonic()
    killed = set[str]()
    address = f"sqlite:///{folder / 'midstance.db'}" if database == "sqlite:" else database
    store = open_store(address, str(folder / "films"))
    athlete = store.add_athlete("Cody").uid
    serving = Serving(folder, {"MIDSTANCE_DATABASE": address}, "--workers", "2")
    try:
        client = open_browser(serving)
        for film in films:
            upload(client, film, athlete)
        client.close()
        jobs = Jobs(store)
        while not all(job.ended for job in jobs.recent()):
            if time.monotonic() - began > MOST_S:
                break
            time.sleep(chance.uniform(*BETWEEN_S))
            if not series.kills_left:
                continue
            work = [one for one in children_of(serving.process.pid) if job_of(one) not in {"", *killed}]
            if work and series.work_kills < kills // 3 and chance.random() < 0.5:
                chosen = chance.choice(work)
                killed.add(job_of(chosen))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chosen, signal.SIGKILL)
                    series.work_kills += 1
            else:
                serving.kill()
                series.server_kills += 1
                serving.start()
            series.kills_left -= 1
    finally:
        serving.kill()
    _count(series, store, folder)
    series.seconds = time.monotonic() - began
    store.close()
    return series


def _count(series: Series, store: Store, folder: Path) -> None:
    jobs = Jobs(store).recent()
    takes = store.takes(store.athletes()[0])
    series.done = sum(job.state == "done" for job in jobs)
    series.tried_again = sum(job.attempt > 1 for job in jobs)
    series.takes, series.analyses = len(takes), sum(take.analyses for take in takes)
    named = {file.key for take in takes for file in take.files}
    store.tidy(older_than_s=0)
    there = {path.relative_to(folder / "films").as_posix() for path in (folder / "films").glob("??/*")}
    series.stray = len(there ^ named)


def rows(found: Iterable[Series]) -> Iterator[str]:
    """Yield the table."""
    yield "| database | films | done | takes | analyses | server killed | work killed | tried again | stray files | s |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for one in found:
        kills = f"{one.server_kills} | {one.work_kills} | {one.tried_again}"
        yield (
            f"| {one.database} | {FILMS} | {one.done} | {one.takes} | {one.analyses} | {kills} | {one.stray} "
            f"| {one.seconds:.0f} |"
        )


def main() -> None:
    """Run both series, and write the table into RESULTS.md."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=12)
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    chance, found = random.Random(options.seed), []  # noqa: S311  (chance, no secret)
    programs = postgres_programs()
    if programs is None:
        raise SystemExit("no PostgreSQL on this machine")
    with tempfile.TemporaryDirectory() as made, running_postgres(programs, "max_connections=50") as elsewhere:
        films = small_films(Path(made), FILMS)
        for database in ("sqlite:", elsewhere):
            with tempfile.TemporaryDirectory() as folder:
                found.append(run(database, films, Path(folder), kills=options.kills, chance=chance))
                print(found[-1], flush=True)
    lines = list(rows(found))
    print("\n".join(lines))
    write_section(TITLE, SAYS, lines)
    if not all(one.done == one.takes == one.analyses == FILMS and not one.stray for one in found):
        sys.exit("Something was lost or done twice.")


if __name__ == "__main__":
    main()
