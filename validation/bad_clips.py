"""Bad films made of good ones: rendered clips go in; cut, covered, shrunk, blurred and wrongly timed ones come out.

What is owed for each of them is written in bad_input.py, which keeps the films in .cache/bad.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from midstance.model import Floats
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from midstance.video.stills import Image
from validation.cases import RENDERED, ROOT, SHARED

BAD = ROOT / ".cache" / "bad"
TICKS_HZ = 90_000
CLEAN_FRAMES = 24
"""How many frames the picture without the runner is the median of."""
PERSON_DIFFERENCE = 12
"""Grey levels by which a runner differs from the picture without one."""


@dataclass(frozen=True)
class Source:
    """A rendered film, its truth, and the picture of its scene without the runner."""

    name: str

    @cached_property
    def film(self) -> Path:
        shared = SHARED / "clips" / "digital" / f"{self.name}.mp4"
        return shared if shared.exists() else RENDERED / f"{self.name}.mp4"

    @cached_property
    def truth(self) -> dict[str, Any]:
        return dict(json.loads(self.film.with_suffix(".json").read_text()))

    @property
    def rate_hz(self) -> float:
        return float(self.truth["fps"])

    def pictures(self, start: int = 0, stop: int | None = None, step: int = 1) -> Iterator[Image]:
        return islice(frames(open_clip(self.film)), start, stop, step)

    @cached_property
    def clean(self) -> Image:
        every = max(1, self.truth["n_frames"] // CLEAN_FRAMES)
        return np.asarray(np.median(np.stack(list(self.pictures(step=every))), axis=0), np.uint8)

    def points_px(self, *names: str) -> Floats:
        """(frame, name, 2) true points of the subject."""
        subject = self.truth["people"][0]
        columns = [subject["keypoint_names"].index(name) for name in names]
        return np.array(subject["keypoints_px"])[:, columns]


@dataclass(frozen=True, kw_only=True)
class Film:
    """A bad film before it is written.

    time_s   (frame,) time stamps
    start_s  time of the source at time 0 of the film
    slower   seconds of the film in a second of life
    mirrored left and right have changed places
    """

    pictures: Iterable[Image]
    time_s: Floats
    source: Source
    start_s: float = 0.0
    slower: float = 1.0
    mirrored: bool = False
    crf: int = 18

    def truth(self, slow_motion: float = 1.0) -> dict[str, Any]:
        """The truth of the source in the time of the film, divided by the slow motion that is told."""
        truth = json.loads(json.dumps(self.source.truth))
        subject, stretch = truth["people"][0], self.slower / slow_motion
        for times in (
            truth["frame_times_s"],
            *(pair for side in "LR" for pair in subject["contact_intervals_s"][side]),
        ):
            times[:] = ((np.array(times) - self.start_s) * stretch).tolist()
        subject["summary"]["cadence_spm"] = _cadence_spm(subject, float(self.time_s[-1]) / slow_motion)
        return _mirrored(truth) if self.mirrored else truth


def _cadence_spm(subject: dict[str, Any], until_s: float) -> float:
    """Steps a minute of the film between its first and its last strike."""
    strikes = sorted(strike for times in subject["contact_intervals_s"].values() for strike, _ in times)
    inside = [strike for strike in strikes if 0 < strike < until_s]
    return 60 / float(np.mean(np.diff(inside))) if len(inside) > 1 else float("nan")


def _mirrored(truth: dict[str, Any]) -> dict[str, Any]:
    subject, swap = truth["people"][0], {"L": "R", "R": "L"}
    names = subject["keypoint_names"]
    subject["keypoint_names"] = [n[:-1] + swap[n[-1]] if n[-1] in swap and n != "com" else n for n in names]
    subject["contact_intervals_s"] = {swap[s]: times for s, times in subject["contact_intervals_s"].items()}
    truth["visible_side"] = swap[truth["visible_side"]]
    return truth


# -- what is done to a film ----------------------------------------------------------------------------------------


Change = Callable[[Image, int], Image]
"""A picture of a film and its number in the source: another picture."""


def changed(source: Source, change: Change, *, start: int = 0, stop: int = 150, crf: int = 18) -> Film:
    """Every picture changed by itself."""
    pictures = (change(image, start + i) for i, image in enumerate(source.pictures(start, stop)))
    count = min(stop, source.truth["n_frames"]) - start
    return Film(
        pictures=pictures,
        time_s=np.arange(count) / source.rate_hz,
        source=source,
        start_s=start / source.rate_hz,
        crf=crf,
    )


def mirrored(source: Source) -> Film:
    """Left and right of the picture changed places."""
    return replace(changed(source, lambda image, _: np.ascontiguousarray(image[:, ::-1])), mirrored=True)


def stamped(source: Source, rate_hz: float, *, step: int = 1) -> Film:
    """Every step-th picture, played at a rate that is not that of life."""
    time_s = np.arange(len(range(0, source.truth["n_frames"], step))) / rate_hz
    slower = source.rate_hz / step / rate_hz
    return Film(pictures=source.pictures(step=step), time_s=time_s, source=source, slower=slower)


def picked(source: Source, order: Iterable[int], *, start: int = 0) -> Film:
    """The pictures of these numbers one after another; truth as if `start` had been the first of them."""
    kept = list(order)
    time_s = np.arange(len(kept)) / source.rate_hz
    return Film(pictures=_picked(source, kept), time_s=time_s, source=source, start_s=start / source.rate_hz)


def _picked(source: Source, numbers: list[int]) -> Iterator[Image]:
    pictures = list(source.pictures(stop=max(numbers) + 1))
    yield from (pictures[i] for i in numbers)


def then(*parts: Film) -> Film:
    """Films one after the other in the size of the longest, whose truth it keeps."""
    longest = max(parts, key=lambda part: len(part.time_s))
    width, height = longest.source.truth["size"]
    before = sum(len(part.time_s) for part in parts[: parts.index(longest)])
    rate_hz = 1 / float(longest.time_s[1])
    return Film(
        pictures=(cv2.resize(image, (width, height)).astype(np.uint8) for part in parts for image in part.pictures),
        time_s=np.arange(sum(len(part.time_s) for part in parts)) / rate_hz,
        source=longest.source,
        start_s=longest.start_s - before / rate_hz,
    )


def dropped(source: Source, share: float) -> Film:
    """A share of the pictures missing, the others with their true times."""
    count = source.truth["n_frames"]
    kept = np.flatnonzero(np.random.default_rng(0).random(count) >= share)
    chosen = set(kept.tolist())
    pictures = (image for i, image in enumerate(source.pictures()) if i in chosen)
    return Film(
        pictures=pictures, time_s=(kept - kept[0]) / source.rate_hz, source=source, start_s=kept[0] / source.rate_hz
    )


def averaged(source: Source, many: int) -> Film:
    """The mean of every so many pictures: a shutter that never closes."""

    def means() -> Iterator[Image]:
        coming = source.pictures()
        while len(group := list(islice(coming, many))) == many:
            yield np.mean(group, axis=0).astype(np.uint8)

    count = source.truth["n_frames"] // many
    start_s = (many - 1) / 2 / source.rate_hz
    return Film(pictures=means(), time_s=np.arange(count) * many / source.rate_hz, source=source, start_s=start_s)


def hide_leg(source: Source, side: str, other: str) -> Change:
    """One leg painted over with the scene behind it, where the other leg is not in front of it."""
    joints = ("hip", "knee", "ankle", "heel", "toe")
    legs = {letter: source.points_px(*(f"{joint}{letter}" for joint in joints)) for letter in (side, other)}
    thick = 0.075 * float(source.truth["px_per_m_at_subject"])

    def change(image: Image, frame: int) -> Image:
        gone, kept = (_limb(image, legs[letter][frame], thick * k) for letter, k in ((side, 2.6), (other, 2.0)))
        mask = ((gone > 0) & (kept == 0))[..., None]
        return np.where(mask, source.clean, image)

    return change


def _limb(image: Image, leg: Floats, thick: float) -> Image:
    mask = np.zeros(image.shape[:2], np.uint8)
    _, knee, ankle, heel, toe = np.rint(leg).astype(int).tolist()
    thigh = np.rint(0.75 * leg[0] + 0.25 * leg[1]).astype(int).tolist()
    for one, two in ((thigh, knee), (knee, ankle), (ankle, heel), (heel, toe), (ankle, toe)):
        cv2.line(mask, one, two, 255, max(1, round(thick)))
    return mask


def cropped(*, left: float = 0, right: float = 1, top: float = 0, bottom: float = 1) -> Change:
    """A part of the picture, by shares of its width and height."""

    def change(image: Image, _: int) -> Image:
        height, width = image.shape[:2]
        edges = [
            2 * round(share * size / 2)
            for share, size in ((top, height), (bottom, height), (left, width), (right, width))
        ]
        return np.ascontiguousarray(image[edges[0] : edges[1], edges[2] : edges[3]])

    return change


def below(source: Source, joint: str) -> float:
    """The height in the picture, as a share, under which the joints of both sides go half of the time."""
    height = source.truth["size"][1]
    return float(np.median(source.points_px(f"{joint}L", f"{joint}R")[..., 1].max(1)) / height)


def covered(top: float, bottom: float) -> Change:
    """A grey rail across the picture, between two shares of its height."""

    def change(image: Image, _: int) -> Image:
        height = image.shape[0]
        hidden = image.copy()
        hidden[round(top * height) : round(bottom * height)] = (96, 98, 102)
        return hidden

    return change


def shrunk(source: Source, runner_px: float) -> Change:
    """The picture made so small that the runner stands so many pixels tall."""
    factor = runner_px / (source.truth["people"][0]["height_m"] * source.truth["px_per_m_at_subject"])

    def change(image: Image, _: int) -> Image:
        size = [2 * round(factor * length / 2) for length in image.shape[1::-1]]
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)

    return change


def dark(gain: float, noise: float) -> Change:
    """As a phone sees it in the dark: little light and much noise."""

    def change(image: Image, frame: int) -> Image:
        grain = np.random.default_rng(frame).normal(0, noise, image.shape)
        return np.clip(image * gain + 6 + grain, 0, 255).astype(np.uint8)

    return change


def turned(code: int) -> Change:
    """The picture turned, as a file does that says nothing of how it was held."""
    return lambda image, _: np.asarray(cv2.rotate(image, code), np.uint8)


def zoomed(factor: float) -> Change:
    """The middle of the picture, made larger."""

    def change(image: Image, _: int) -> Image:
        height, width = image.shape[:2]
        rows, columns = (
            slice(round(n * (1 - 1 / factor) / 2), round(n * (1 + 1 / factor) / 2)) for n in (height, width)
        )
        return np.asarray(cv2.resize(image[rows, columns], (width, height)), np.uint8)

    return change


def crossed(source: Source) -> Film:
    """A second runner, the mirrored first, comes the other way behind the first."""

    def both() -> Iterator[Image]:
        pictures = list(source.pictures())
        bare = source.clean.astype(int)
        runs = [np.abs(image - bare).max(2) > PERSON_DIFFERENCE for image in pictures]
        for image, runs_here in zip(pictures, runs, strict=True):
            other, is_other = image[:, ::-1], runs_here[:, ::-1] & ~runs_here
            yield np.where(is_other[..., None], other, image)

    time_s = np.arange(source.truth["n_frames"]) / source.rate_hz
    return Film(pictures=both(), time_s=time_s, source=source)


def still(source: Source, count: int) -> Film:
    """The scene without anybody."""
    pictures = (source.clean for _ in range(count))
    return Film(pictures=pictures, time_s=np.arange(count) / source.rate_hz, source=source)


# -- written down --------------------------------------------------------------------------------------------------


def write(film: Film, path: Path) -> None:
    """The film as H.264 with its own time stamps, and its truth beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ticks = np.rint(film.time_s * TICKS_HZ).astype(int).tolist()
    unfinished = path.with_suffix(".part")
    with av.open(str(unfinished), "w", format="mp4") as container:
        stream: Any = None
        for tick, image in zip(ticks, film.pictures, strict=True):
            height, width = (length - length % 2 for length in image.shape[:2])
            if stream is None:
                stream = container.add_stream("libx264", rate=round(1 / float(np.median(np.diff(film.time_s)))))
                stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
                stream.codec_context.time_base = Fraction(1, TICKS_HZ)
                stream.options = {"crf": str(film.crf), "preset": "veryfast"}
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image[:height, :width]), format="rgb24")
            frame.pts, frame.time_base = tick, Fraction(1, TICKS_HZ)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    unfinished.rename(path)
