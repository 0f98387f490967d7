"""Load `midstance serve --team` on loopback: python -m validation.web_load.

50 members of a club look at pages as people do (a page, some seconds of reading, the next; of a take the report in it
too), 10 others send films of 50 MB, and two films are analysed all the while. Before that, each page alone: the
processor's time that it costs, which a busy machine changes less than the time it waits.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from midstance.comparison.model import TakeNotes
from midstance.options import Options
from midstance.output.results import zip_results
from midstance.store import Store, accounts, open_store
from midstance.store.ingest import analyze_take
from midstance.store.jobs import Jobs
from validation.web_kills import Serving, children_of, small_films
from validation.web_results import write_section

TITLE = "Pages of a club under load"

PEOPLE, SENDING, TAKES = 50, 10, 4
FILM_BYTES = 50_000_000
PIECE = 1 << 20
READING_S = (2.0, 8.0)
"""How long a person looks at a page before the next."""

MOST_P95_MS, MOST_MB = 200.0, 500.0

MOST_OTHERS = 0.2
"""Cores that programs of others may take: where they take more, the time a page waits says nothing of midstance."""

AHEAD = -15
"""The weight of a session that is served before others (autogroup, as nice): 28 times that of an ordinary one."""

REPORT = re.compile(r'/shown/[^"]+/report\.html')
"""Where the page of a take shows its report."""


@dataclass
class Measured:
    """What the load showed; milliseconds of each page, and what went wrong."""

    pages_ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    running: list[int] = field(default_factory=list)
    memory_mb: float = 0.0


@dataclass(frozen=True)
class Member:
    """Somebody with a cookie, and the pages that are theirs."""

    cookie: str
    pages: dict[str, str]
    athlete: str


def club(store: Store, folder: Path) -> list[Member]:
    """Fill a store with a club: every take with the analysis, the report and the loop of a real film."""
    film = small_films(folder, 1, length=150)[0]
    first = store.add_take(store.add_athlete("The first"), film)
    analyze_take(store, first, Options(), write_report=zip_results)
    first = store.take(first.id)
    content = store.analyses(first)[-1]
    made: dict[Any, Path] = {}
    for file in first.files:
        if file.kind != "clip":
            with store.shelf.local(file.key) as path:
                made[file.kind] = folder / f"{file.kind}{Path(file.key).suffix}"
                shutil.copy(path, made[file.kind])
    members = []
    for n in range(PEOPLE + SENDING):
        runner = store.add_athlete(f"Runner {n}", height_m=1.7)
        numbers = []
        for _ in range(TAKES):
            take = store.add_take(runner, film, TakeNotes(trying="steps a little quicker"))
            store.add_analysis(take, content, made)
            numbers.append(take.id)
        coach = n < PEOPLE // 10
        key = accounts.invite(store, "coach" if coach else "athlete", athlete=None if coach else runner.id)
        account = accounts.accept(store, key, f"Member {n}", "four words are enough")
        assert account
        pages = {
            "first page": "/",
            "runners": "/athletes",
            "a runner": f"/athletes/{runner.uid}",
            "a take": f"/takes/{numbers[0]}",
            "about a take": f"/takes/{numbers[0]}/about",
            "comparison": f"/compare?take={numbers[0]}&take={numbers[1]}",
            "a question": f"/ask?q=my+shins+ache&take={numbers[0]}",
            "what to film next": f"/takes/{numbers[0]}/next",
            "links of a take": f"/takes/{numbers[0]}/share",
            "how to film": "/filming",
        }
        members.append(Member(accounts.sign_in(store, account), pages, runner.uid))
    return members


def seconds_of(process: int) -> float:
    """Return the processor's time that a process has used, all its threads together."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds_of_work(server: int) -> float:
    """Return the processor's time of the films that were analysed, ended or under way."""
    fields = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    under_way = 0.0
    for child in children_of(server):
        with suppress(OSError):  # it ended meanwhile
            under_way += seconds_of(child)
    return ended + under_way


def seconds_of_machine() -> float:
    """Return the processor's time that all programs of this machine have used, its kernel's too."""
    names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq")
    words = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    used = dict(zip(names, map(int, words), strict=False))
    return sum(n for name, n in used.items() if name not in {"idle", "iowait"}) / os.sysconf("SC_CLK_TCK")


def used_by(server: int) -> np.ndarray:
    """Return the processor's time so far: of the server, of the films it works on, of ourselves, of all programs."""
    return np.array([seconds_of(server), seconds_of_work(server), time.process_time(), seconds_of_machine()])


def go_ahead() -> None:
    """Have all that we start served before other programs: Linux shares the processor between sessions."""
    with suppress(PermissionError):  # we lead a session or a group already
        os.setsid()
    Path("/proc/self/autogroup").write_text(str(AHEAD), encoding="ascii")


def memory_mb(process: int, name: str = "VmRSS") -> float:
    """Return the memory that a process holds, or has held at most (VmHWM)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def browser(here: str, member: Member, **more: Any) -> dict[str, Any]:
    return {
        "base_url": here,
        "cookies": {"midstance": member.cookie},
        "headers": {"Origin": here},
        "timeout": 60,
        **more,
    }


def cost_of_pages(serving: Serving, member: Member, *, times: int) -> dict[str, tuple[float, float]]:
    """Return for each page the processor's time and the seconds it takes when nobody else asks, ms."""
    found = {}
    with httpx.Client(**browser(f"http://127.0.0.1:{serving.port}", member)) as client:
        for name, path in member.pages.items():
            client.get(path).raise_for_status()
            began, used, waited = time.perf_counter(), seconds_of(serving.process.pid), []
            for _ in range(times):
                began = time.perf_counter()
                client.get(path).raise_for_status()
                waited.append(time.perf_counter() - began)
            cpu = (seconds_of(serving.process.pid) - used) / times
            found[name] = (1000 * cpu, 1000 * float(np.median(waited)))
    return found


async def look_around(here: str, member: Member, seen: Measured, *, until: float, chance: random.Random) -> None:
    """Look at pages as a person does."""
    async with httpx.AsyncClient(**browser(here, member)) as client:
        await asyncio.sleep(chance.uniform(0, READING_S[1]))
        while time.monotonic() < until:
            text = await look_at(client, chance.choice(list(member.pages.values())), seen)
            if report := REPORT.search(text):
                await look_at(client, report[0], seen)
            await asyncio.sleep(chance.uniform(*READING_S))


async def look_at(client: httpx.AsyncClient, path: str, seen: Measured) -> str:
    """Get one page to its last byte, write down how long that took, and return it; empty if it did not come."""
    began = time.perf_counter()
    try:
        answer = await client.get(path)
    except httpx.HTTPError as fault:
        seen.wrong.append(f"{path}: {type(fault).__name__}")
        return ""
    seen.pages_ms.append(1000 * (time.perf_counter() - began))
    if answer.status_code != 200:
        seen.wrong.append(f"{path}: {answer.status_code}")
    return answer.text


async def send(here: str, member: Member, seen: Measured, *, film: Path, seconds: float) -> None:
    """Send a film in pieces over the whole time, as a phone does."""
    async with httpx.AsyncClient(**browser(here, member)) as client:
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(FILM_BYTES),
            "Upload-Metadata": "filename cnVuLm1wNA==",
        }
        made = await client.post("/uploads", headers=headers)
        if made.status_code != 201:
            seen.wrong.append(f"/uploads: {made.status_code}")
            return
        at, kind = 0, {"Content-Type": "application/offset+octet-stream", "Tus-Resumable": "1.0.0"}
        with film.open("rb") as source:
            while piece := source.read(PIECE):
                answer = await client.patch(
                    made.headers["location"], content=piece, headers={**kind, "Upload-Offset": str(at)}
                )
                if answer.status_code != 204:
                    seen.wrong.append(f"upload: {answer.status_code} {answer.text[:80]}")
                    return
                at += len(piece)
                await asyncio.sleep(0.9 * seconds * PIECE / FILM_BYTES)
        seen.sent += 1


async def watch(serving: Serving, store: Store, seen: Measured, until: float) -> None:
    """Look how many films are analysed, and how much memory the server holds."""
    jobs = Jobs(store)
    while time.monotonic() < until:
        running = await asyncio.to_thread(lambda: sum(job.state == "running" for job in jobs.recent(open_only=True)))
        seen.running.append(running)
        await asyncio.sleep(1)
    seen.memory_mb = memory_mb(serving.process.pid, "VmHWM")


async def load(serving: Serving, store: Store, members: list[Member], *, film: Path, seconds: float) -> Measured:
    """Let everybody in at once."""
    seen, until = Measured(), time.monotonic() + seconds
    here, chance = f"http://127.0.0.1:{serving.port}", random.Random(1)  # noqa: S311  (chance, no secret)
    looking = [look_around(here, member, seen, until=until, chance=chance) for member in members[:PEOPLE]]
    sending = [send(here, member, seen, film=film, seconds=seconds) for member in members[PEOPLE:]]
    await asyncio.gather(*looking, *sending, watch(serving, store, seen, until))
    return seen


def rows(
    costs: dict[str, tuple[float, float]], seen: Measured, cores: np.ndarray, seconds: float, *, ahead: bool
) -> Iterator[str]:
    """Yield both tables."""
    yield "| page of a coach, alone | processor ms | waited ms, median |"
    yield "|---|---|---|"
    for name, (cpu, waited) in costs.items():
        yield f"| {name} | {cpu:.1f} | {waited:.1f} |"
    yield ""
    p50, p95, p99 = (float(np.percentile(seen.pages_ms, q)) for q in (50, 95, 99))
    yield "| under load | |"
    yield "|---|---|"
    at_once = np.median(seen.running)
    yield f"| people, films sent, films analysed at once (median) | {PEOPLE}, {seen.sent}, {at_once:.0f} |"
    yield f"| served before programs of others (`--ahead`) | {'yes' if ahead else 'no'} |"
    yield f"| pages in {seconds:.0f} s | {len(seen.pages_ms)} |"
    yield f"| page, ms: median, p95, p99 | {p50:.0f}, {p95:.0f}, {p99:.0f} |"
    yield f"| errors | {len(seen.wrong)} |"
    yield f"| memory of the server at most, MB | {seen.memory_mb:.0f} |"
    shares = ", ".join(f"{share:.2f}" for share in (*cores[:3], others(cores)))
    yield f"| of {os.cpu_count()} cores: server, work on films, simulated people, programs of others | {shares} |"


def others(cores: np.ndarray) -> float:
    """Return how many cores programs of others took."""
    return float(max(0.0, cores[3] - cores[:3].sum()))


SAYS = f"""`python -m validation.web_load`:
`midstance serve --team` on SQLite, {PEOPLE + SENDING} runners, {TAKES} takes each.
{PEOPLE} people look at pages with {READING_S[0]:.0f} to {READING_S[1]:.0f} s of reading between two, and at the report
where the page shows one; {SENDING} send a film of 50 MB, two films are analysed all the while. The people are simulated
on the same machine. Targets: p95 of a page {MOST_P95_MS:.0f} ms to its last byte, no error, the server under
{MOST_MB:.0f} MB. Where programs of others take more than {MOST_OTHERS} cores (last row), the wait says how busy the
machine was; `--ahead` has the server, its work and the simulated people served before them, as on a machine of their
own."""


def main() -> None:
    """Measure, and write the tables into RESULTS.md."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--ahead", action="store_true", help="be served before other programs (Linux, as root)")
    said = asked.parse_args()
    seconds = said.seconds
    if said.ahead:
        go_ahead()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = open_store(f"sqlite:///{folder / 'midstance.db'}", str(folder / "films"))
        members = club(store, folder)
        film = folder / "run.mp4"
        start = small_films(folder, 1, length=150)[0].read_bytes()
        left = FILM_BYTES - len(start)
        film.write_bytes(start + left.to_bytes(4, "big") + b"free" + bytes(left - 8))
        serving = Serving(folder, {}, "--team", "--workers", "2")
        try:
            costs = cost_of_pages(serving, members[0], times=20)
            for number in range(1, 101):
                Jobs(store).add("analyze", {"name": "run.mp4"}, take=number)
            while len(children_of(serving.process.pid)) < 2:
                time.sleep(0.2)
            used, began = used_by(serving.process.pid), time.monotonic()
            seen = asyncio.run(load(serving, store, members, film=film, seconds=seconds))
            cores = (used_by(serving.process.pid) - used) / (time.monotonic() - began)
        finally:
            serving.kill()
            store.close()
    lines = list(rows(costs, seen, cores, seconds, ahead=said.ahead))
    print("\n".join([*lines, *seen.wrong[:10]]))
    write_section(TITLE, SAYS, lines)
    if seen.wrong or seen.sent < SENDING or seen.memory_mb > MOST_MB:
        sys.exit("There were errors, or the server took too much memory.")
    if np.percentile(seen.pages_ms, 95) > MOST_P95_MS and (said.ahead or others(cores) < MOST_OTHERS):
        sys.exit("The pages came too slowly.")


if __name__ == "__main__":
    main()
