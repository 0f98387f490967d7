"""Run an .onnx network on crops: ONNX Runtime on the graphics card where there is one, else on the processor.

On a graphics card, crops that several clips wait for go through the network together.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import UsageError
from midstance.model import Floats
from midstance.reasons import Reason, say

logger = logging.getLogger(__name__)

ENGINE_VARIABLE = "MIDSTANCE_ENGINE"
ENGINES = {"cuda": "CUDAExecutionProvider", "tensorrt": "TensorrtExecutionProvider", "cpu": "CPUExecutionProvider"}
"""By the word of MIDSTANCE_ENGINE. Not named, CUDA is taken where it is there; TensorRT prepares a network for minutes
when it first meets it, so it wants to be named."""

MOST_TOGETHER = 32
"""Crops in one batch."""


class CropNetwork:
    """A network of one input (crop, 3, height, width); it may be called from several threads at once.

    together  whether crops that wait at the same time are run as one batch
    """

    def __init__(self, session: Any, *, together: bool) -> None:
        self._session = session
        self._input = session.get_inputs()[0]
        fixed = isinstance(self._input.shape[0], int)
        self._together = together and not fixed
        self._running, self._queueing = threading.Lock(), threading.Lock()
        self._waiting: list[tuple[Floats, Future[list[Floats]]]] = []

    @property
    def crop_size(self) -> tuple[int, int]:
        """Return height and width of a crop."""
        height, width = self._input.shape[2:]
        return int(height), int(width)

    def __call__(self, crop: Floats) -> list[Floats]:
        """Return the outputs for one crop (3, height, width)."""
        if not self._together:
            return self._run([crop])[0]
        mine = Future[list[Floats]]()
        with self._queueing:
            self._waiting.append((crop, mine))
        while not mine.done():
            with self._running:  # whoever comes first runs the crops of all who wait
                if not mine.done():
                    self._run_waiting()
        return mine.result()

    def _run_waiting(self) -> None:
        with self._queueing:
            taken, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        try:
            found = self._run([crop for crop, _ in taken])
        except Exception as fault:  # noqa: BLE001  (raised again by everyone who waits for it)
            for _, asked in taken:
                asked.set_exception(fault)
            return
        for (_, asked), outputs in zip(taken, found, strict=True):
            asked.set_result(outputs)

    def _run(self, crops: Sequence[Floats]) -> list[list[Floats]]:
        outputs = self._session.run(None, {self._input.name: np.stack(crops)})
        return [[np.asarray(output[row]) for output in outputs] for row in range(len(crops))]


@cache
def open_network(network: Path, threads: int) -> CropNetwork:
    """Open a network, once for all clips of this process. Raises UsageError without ONNX Runtime."""
    try:
        import onnxruntime  # noqa: PLC0415 (only when a model that needs it is asked for)
    except ImportError as error:
        raise UsageError(Reason("no_onnx_runtime")) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    wanted = providers(onnxruntime.get_available_providers())
    session = onnxruntime.InferenceSession(str(network), options, providers=wanted)
    runs_on = session.get_providers()[0]
    if runs_on != wanted[0]:  # there by name, but its libraries are missing
        _say_once(wanted[0])
    return CropNetwork(session, together=runs_on != ENGINES["cpu"])


def providers(available: Sequence[str]) -> list[str]:
    """Return the engines to try, in order, of those that ONNX Runtime has here. Raises UsageError."""
    asked = os.environ.get(ENGINE_VARIABLE)
    if asked is not None and asked not in ENGINES:
        raise UsageError(Reason("engine_unknown", said=asked, engines=", ".join(ENGINES)))
    wanted = ENGINES[asked or "cuda"]
    if wanted in available:
        return list(dict.fromkeys([wanted, ENGINES["cpu"]]))
    if asked:
        _say_once(wanted)
    return [ENGINES["cpu"]]


@cache
def _say_once(provider: str) -> None:
    name = next(name for name, each in ENGINES.items() if each == provider)
    logger.warning("%s", say(Reason("engine_missing", engine=name)))
