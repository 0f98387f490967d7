"""No real film may end in an error of ours: the command line on every real clip and on cheap variations of them.

    python -m validation.exit_codes [--varied]

A film is measured (0), cannot be read (3) or is refused (4); anything else is a fault, 1 above all.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path
from unittest import mock

import av
import cv2
import numpy as np

from midstance import cli
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from midstance.video.stills import Image
from validation.cases import SHARED

ALLOWED = (0, 3, 4)
REAL = SHARED / "clips" / "real"
Change = Callable[[Sequence[Image]], Sequence[Image]]


def _zoomed(film: Sequence[Image]) -> Sequence[Image]:
    """Zoom in from the first frame to the last, to twice the size."""
    height, width = film[0].shape[:2]
    turned = [
        cv2.getRotationMatrix2D((width / 2, height / 2), 0, 1 + i / len(film)).astype(np.float64)
        for i in range(len(film))
    ]
    return [_warped(image, matrix) for image, matrix in zip(film, turned, strict=True)]


def _shaken(film: Sequence[Image]) -> Sequence[Image]:
    dice = np.random.default_rng(0)
    return [_warped(image, np.array([[1, 0, dx], [0, 1, dy]])) for image, (dx, dy) in zip(
        film, dice.normal(0, 8, (len(film), 2)), strict=True)]  # fmt: skip


def _warped(image: Image, matrix: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Image:
    return np.asarray(cv2.warpAffine(image, matrix, image.shape[1::-1]), np.uint8)


def _tilted(film: Sequence[Image]) -> Sequence[Image]:
    height, width = film[0].shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 12, 1).astype(np.float64)
    return [_warped(image, matrix) for image in film]


def _half(film: Sequence[Image]) -> Sequence[Image]:
    return [np.asarray(cv2.resize(i, (i.shape[1] // 4 * 2, i.shape[0] // 4 * 2)), np.uint8) for i in film]


def _hidden(film: Sequence[Image]) -> Sequence[Image]:
    """Hide a third of the picture behind a post."""
    covered = [image.copy() for image in film]
    for image in covered:
        image[:, image.shape[1] // 3 : 2 * image.shape[1] // 3] = 90
    return covered


def _noisy(film: Sequence[Image]) -> Sequence[Image]:
    dice = np.random.default_rng(0)
    return [np.clip(i // 5 + dice.normal(0, 12, i.shape), 0, 255).astype(np.uint8) for i in film]


VARIED: dict[str, Change] = {
    "first third": lambda film: film[: len(film) // 3],
    "eight frames": lambda film: film[:8],
    "one frame": lambda film: film[:1],
    "last half": lambda film: film[len(film) // 2 :],
    "left half": lambda film: [i[:, : i.shape[1] // 4 * 2] for i in film],
    "upper half": lambda film: [i[: i.shape[0] // 4 * 2] for i in film],
    "mirrored": lambda film: [i[:, ::-1] for i in film],
    "upside down": lambda film: [i[::-1, ::-1] for i in film],
    "on its side": lambda film: [np.rot90(i) for i in film],
    "tilted by 12 degrees": _tilted,
    "twice as fast": lambda film: film[::2],
    "twice as slow": lambda film: [i for i in film for _ in (0, 1)],
    "backwards": lambda film: film[::-1],
    "in two scenes": lambda film: [*film[len(film) // 3 :], *[i[:, ::-1] for i in film]],
    "cut every tenth frame": lambda film: [i[:, ::-1] if k // 10 % 2 else i for k, i in enumerate(film)],
    "zoomed": _zoomed,
    "shaken": _shaken,
    "half as large": _half,
    "behind a post": _hidden,
    "dark and noisy": _noisy,
    "two at once": lambda film: [np.concatenate([i, i[:, ::-1]], axis=1) for i in film],
    "frames lost": lambda film: [i for k, i in enumerate(film) if k % 5],
}


def written(film: Sequence[Image], rate_hz: float, path: Path) -> Path:
    """Write pictures as a film."""
    height, width = (side // 2 * 2 for side in film[0].shape[:2])
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(round(1000 * rate_hz), 1000), options={"crf": "23"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in film:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def exit_code(film: Path, folder: Path) -> int:
    """Return how `midstance analyze` ends."""
    words = ["midstance", "analyze", str(film), "--no-film", "--out", str(folder), "--quiet"]
    with mock.patch.object(sys, "argv", words):
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def films(folder: Path, *, varied: bool) -> Iterator[tuple[str, Path]]:
    """Yield every real clip, or the variations of two short ones."""
    if not varied:
        yield from ((path.stem, path) for path in sorted(REAL.glob("*.mp4")))
        return
    sources = {name: open_clip(REAL / f"{name}.mp4") for name in ("sports2d_demo3", "hato_b12")}
    for k, (what, change) in enumerate(VARIED.items()):
        name = list(sources)[k % 2]
        whole = [_smaller(picture) for picture in islice(frames(sources[name]), 75)]
        film = written(change(whole), sources[name].rate_hz, folder / f"{what.replace(' ', '_')}.mp4")
        yield f"{name}, {what}", film


def _smaller(picture: Image) -> Image:
    """Halve a large picture, so that the variations stay cheap."""
    height, width = picture.shape[:2]
    return picture if height < 600 else np.asarray(cv2.resize(picture, (width * 2 // 3, height * 2 // 3)), np.uint8)


def main() -> None:
    """Print how every film ends, and fail if one ends in an error of ours."""
    faults = 0
    with tempfile.TemporaryDirectory() as place:
        for name, film in films(Path(place), varied="--varied" in sys.argv):
            code = exit_code(film, Path(place) / "results")
            faults += code not in ALLOWED
            print(f"{code}  {name}", flush=True)
    sys.exit(f"{faults} films end in an error" if faults else 0)


if __name__ == "__main__":
    main()
