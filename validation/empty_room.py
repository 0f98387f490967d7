"""Use midstance in an empty room, as an ordinary user and as root: python -m validation.empty_room.

The room is made of namespaces of Linux (`unshare`, for which root is needed): a file system that holds the system's
programs, Python, the code and the pose models, all of them read-only, an empty home, an empty temporary folder, and a
network of nothing but loopback. Every command must end as it should, the server must answer there, and nothing may be
written but in the home and what was named.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from midstance import data
from midstance.pose.weights import cache_folder
from validation.harden_stores import small_film
from validation.web_results import write_section

ROOT = Path(__file__).parent.parent
TITLE = "An empty room"
SAYS = """`python -m validation.empty_room`: the commands in a file system where everything is read-only (programs,
Python, code, pose models) but an empty home and an empty temporary folder, without any network but loopback, with no
variable but PATH, LANG and where the models are; as an ordinary user without any rights, and as root. Aim: each command
ends as it should, prints no trace, and leaves nothing outside its home. Times on a machine with much else to do."""

USER = 1000
HOME = "/home/runner"
LINKS = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
SECONDS = 900.0

COMMANDS: tuple[tuple[str, int], ...] = (
    ("doctor", 0),
    ("models fetch lite", 5),
    ("demo --out demo", 0),
    ("analyze /films/run.mp4 --out out", 0),
    ("photo /films/a.png --json photo.json", 3),
    ("compare demo demo/after", 0),
    ("athletes add Zoe --height 166cm", 0),
    ("takes add Zoe /films/run.mp4", 0),
    ("takes report 1 --out report", 0),
    ("takes list Zoe", 0),
    ("athletes show Zoe --page zoe.html", 0),
    ("athletes export Zoe zoe.zip", 0),
    ("backup all.zip", 0),
    ("takes delete 1 --yes", 0),
    ("athletes delete Zoe --yes", 0),
    ("athletes import zoe.zip", 0),
    ("takes tidy", 0),
    ("analyze http://127.0.0.1/a.mp4", 3),
    ("analyze /films/run.mp4 --out /usr/here", 3),
)
"""What is typed, one after the other, and the exit code: a model that is not here cannot be fetched, what is drawn of
a photo belongs beside it, where nothing may be written."""


# -- outside -------------------------------------------------------------------------------------------------------


def main() -> None:
    """Try both users, and write the table into RESULTS.md."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        for name in ("films", "room"):
            (place / name).mkdir()
        shutil.copytree(cache_folder(), place / "weights", copy_function=shutil.copyfile)
        small_film(place / "films" / "run.mp4")
        with data.on_disk("demo_before_side.mp4") as film:
            _first_picture(film, place / "films" / "a.png")
        for user in ("ordinary", "root"):
            words = ["unshare", "-m", "-n", "-p", "--fork", sys.executable, "-m", "validation.empty_room", user, folder]
            done = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
            found[user] = [json.loads(line) for line in done.stdout.splitlines()]
            print("\n".join(done.stdout.splitlines()), flush=True)
    write_section(TITLE, SAYS, rows(found))
    if any(row["fault"] for each in found.values() for row in each):
        sys.exit("Something did not work in an empty room.")


def _first_picture(film: Path, to: Path) -> None:
    from midstance.render.stills import encoded
    from midstance.video.frames import pick_frames
    from midstance.video.opening import open_clip

    to.write_bytes(encoded(pick_frames(open_clip(film), [40])[40], ".png"))


def rows(found: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Yield the table, and what was wrong."""
    yield "| command | ordinary user, s | root, s |"
    yield "|---|---|---|"
    for one, other in zip(found["ordinary"], found["root"], strict=True):
        yield f"| `{one['says']}` | {_cell(one)} | {_cell(other)} |"
    for user, each in found.items():
        yield from (f"\n{user}, {row['says']}: {row['fault']}" for row in each if row["fault"])


def _cell(row: dict[str, Any]) -> str:
    return "fault" if row["fault"] else f"{row['seconds']:.1f}"


# -- inside --------------------------------------------------------------------------------------------------------


def inside(user: str, folder: Path) -> None:
    """Make the room, go in, and print what came of every command as a line of JSON."""
    _raise_loopback()
    room, python = folder / "room", sys.executable
    _furnish(room, folder)
    if user == "ordinary":
        os.chown(room / HOME.lstrip("/"), USER, USER)
    os.chroot(room)
    if user == "ordinary":
        os.setgroups([])
        os.setgid(USER)
        os.setuid(USER)
    os.chdir(HOME)
    variables = {
        "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": HOME, "MIDSTANCE_CACHE": "/weights",
        "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    for words, code in COMMANDS:
        print(json.dumps(_tried(python, words, code, variables)), flush=True)
    print(json.dumps(_served(python, variables)), flush=True)
    print(json.dumps(_left_over()), flush=True)


def _furnish(room: Path, folder: Path) -> None:
    """Put into the room what midstance runs on, read-only, and an empty home and an empty temporary folder."""
    _mount(["-t", "tmpfs", "-o", "size=2g,mode=755", "none", room])
    for place in (Path("/", name) for name in LINKS):
        if place.is_symlink():
            (room / place.name).symlink_to(place.readlink())
    prefix = Path(sys.prefix)
    shown = {Path("/usr"), Path("/etc"), prefix, prefix.resolve(), Path(sys.base_prefix), ROOT}
    shown |= {place for name in LINKS if (place := Path("/", name)).is_dir() and not place.is_symlink()}
    for path in sorted(shown):
        if path.exists() and not any(other in path.parents for other in shown):
            _bind(path, room / path.relative_to("/"))
    for name in ("films", "weights"):
        _bind(folder / name, room / name)
    for name in ("dev", "proc", "tmp", "home", HOME.lstrip("/")):
        (room / name).mkdir()
    (room / "tmp").chmod(0o1777)
    for name in ("null", "zero", "full", "urandom", "random"):
        (room / "dev" / name).touch()
        _mount(["--bind", f"/dev/{name}", room / "dev" / name])
    _mount(["-t", "proc", "none", room / "proc"])


def _mount(words: Iterable[object]) -> None:
    subprocess.run([shutil.which("mount") or "mount", *map(str, words)], check=True)


def _bind(path: Path, place: Path) -> None:
    """Show a folder in the room, read-only."""
    place.mkdir(parents=True, exist_ok=True)
    _mount(["--bind", path, place])
    _mount(["-o", "remount,bind,ro,nosuid", place])


def _raise_loopback() -> None:
    """Let the loopback of this network answer; there is no other."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1 | 64))  # SIOCSIFFLAGS: up, running


def _tried(python: str, words: str, code: int, variables: dict[str, str]) -> dict[str, Any]:
    start = time.monotonic()
    command = [python, "-m", "midstance", *words.split()]
    if "fetch" in command:
        variables = {**variables, "MIDSTANCE_CACHE": f"{HOME}/.cache/none"}  # no model is here, and none can be had
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
    )
    fault = ""
    if done.returncode != code or "Traceback" in done.stderr:
        fault = f"{done.returncode}, not {code}: {(done.stderr or done.stdout)[-400:]}"
    return {"says": f"midstance {words}", "seconds": time.monotonic() - start, "fault": fault}


def _served(python: str, variables: dict[str, str]) -> dict[str, Any]:
    """Start the server, ask it for its first page over loopback, and stop it."""
    start, fault = time.monotonic(), ""
    command = [python, "-m", "midstance", "serve", "--no-open", "--port", "8461"]
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout
        said = server.stdout.readline()
        try:
            found = re.search(r"http://127\.0\.0\.1:8461\S*", said)
            with urllib.request.urlopen(found[0] if found else said, timeout=30) as answer:  # noqa: S310  (loopback)
                fault = "" if answer.status == 200 else f"{answer.status}"
        except (OSError, ValueError) as wrong:
            fault = f"{wrong}: {said}"
        server.terminate()
    return {"says": "midstance serve, and a page of it", "seconds": time.monotonic() - start, "fault": fault}


def _left_over() -> dict[str, Any]:
    """Look what lies outside the home, and in it beside what was named."""
    named = {"demo", "out", "photo.json", "report", "zoe.html", "zoe.zip", "all.zip", ".local", ".cache"}
    found = sorted(path.name for path in Path("/tmp").iterdir())  # noqa: S108  (the room's own)
    found += sorted(path.name for path in Path(HOME).iterdir() if path.name not in named)
    networks = Path("/proc/net/dev").read_text(encoding="ascii").count(":")
    fault = f"left over: {found}, networks: {networks}" if found or networks != 1 else ""
    return {"says": "nothing else is written, no network but loopback", "seconds": 0.0, "fault": fault}


if __name__ == "__main__":
    if sys.argv[1:]:
        inside(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
