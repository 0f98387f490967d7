"""Where pictures come from while they are watched: a camera, or a film at its own pace."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from midstance.errors import InputError
from midstance.reasons import Reason
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from midstance.video.stills import Image

CAMERA_SIZE, CAMERA_HZ = (1280, 720), 30.0
"""What a camera is asked for; it gives what it can."""
LONGEST_NUMBER = 6
"""Digits of the number of a camera; more are the name of a film."""
CAMERA_WAITS_S = 5.0
"""A camera that gives no picture for so long is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture of a source.

    time_s  seconds since the first picture
    due_s   when it was there to be seen, on the clock of time.perf_counter
    rgb     (height, width, 3) uint8
    """

    time_s: float
    due_s: float
    rgb: Image


class Source(Protocol):
    """What gives pictures: its name, their size and rate, and the pictures as they come."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        ...

    @property
    def rate_hz(self) -> float:
        """Pictures a second, as it says of itself."""
        ...

    def shots(self) -> Generator[Shot]:
        """Give the pictures, each when it is there. Raises InputError."""
        ...


class FilmSource:
    """A film that plays at its own pace, or as fast as it is taken."""

    def __init__(self, path: Path, *, own_pace: bool = True) -> None:
        self._clip = open_clip(path, slow_motion=1.0)
        self._own_pace = own_pace
        self.name = self._clip.name
        self.size = self._clip.width, self._clip.height
        self.rate_hz = self._clip.rate_hz

    def shots(self) -> Generator[Shot]:
        """Give the pictures, each when it is due. Raises InputError."""
        start_s = time.perf_counter()
        for at_s, rgb in zip(self._clip.time_s.tolist(), frames(self._clip), strict=False):
            now_s = time.perf_counter()
            due_s = start_s + at_s if self._own_pace else now_s
            time.sleep(max(0.0, due_s - now_s))
            yield Shot(time_s=at_s, due_s=due_s, rgb=rgb)


class CameraSource:
    """A camera of this machine, by its number."""

    def __init__(self, number: int) -> None:
        self.name = f"camera {number}"
        cv2.utils.logging.setLogLevel(0)  # what it prints of a camera that is not there says nothing to a runner
        self._camera = cv2.VideoCapture(number)
        if not self._camera.isOpened():
            raise InputError(Reason("live_no_camera", number=number))
        self._camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))  # others come slower at this size
        for wanted, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, CAMERA_SIZE[0]),
            (cv2.CAP_PROP_FRAME_HEIGHT, CAMERA_SIZE[1]),
            (cv2.CAP_PROP_FPS, CAMERA_HZ),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            self._camera.set(wanted, value)
        self._first = self._next()
        self.size = self._first.shape[1], self._first.shape[0]
        self.rate_hz = float(self._camera.get(cv2.CAP_PROP_FPS)) or CAMERA_HZ

    def _next(self) -> Image:
        """Wait for the next picture. Raises InputError where none comes."""
        waits_until_s = time.perf_counter() + CAMERA_WAITS_S
        while time.perf_counter() < waits_until_s:
            there, bgr = self._camera.read()
            if there:
                return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
            time.sleep(0.01)
        raise InputError(Reason("live_camera_silent", name=self.name, seconds=CAMERA_WAITS_S))

    def shots(self) -> Generator[Shot]:
        """Give the pictures as they come, until nobody asks for more. Raises InputError."""
        with closing(self):
            start_s = time.perf_counter()
            while True:
                rgb, now_s = self._next(), time.perf_counter()
                yield Shot(time_s=now_s - start_s, due_s=now_s, rgb=rgb)

    def close(self) -> None:
        """Let the camera go."""
        self._camera.release()


def open_source(said: str, *, own_pace: bool = True) -> Source:
    """Open the camera of this number, or the film of this name. Raises InputError."""
    if said.isascii() and said.isdecimal() and len(said) < LONGEST_NUMBER and not Path(said).exists():
        return CameraSource(int(said))
    return FilmSource(Path(said), own_pace=own_pace)
