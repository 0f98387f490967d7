"""A .tflite file in, a function from picture to arrays out: LiteRT with one interpreter for each thread that calls."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np

from midstance.model import Floats


class Network:
    """A network of one input, safe to call from several threads: each gets an interpreter of its own."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._content = path.read_bytes()
        self._threads = threads
        self._local = threading.local()

    def __call__(self, picture: Floats, wanted: tuple[int, ...]) -> list[Floats]:
        """The wanted outputs, by their number, for one picture (height, width, 3)."""
        interpreter, source, outputs = self._interpreter()
        interpreter.set_tensor(source, picture[None])
        interpreter.invoke()
        return [np.asarray(interpreter.get_tensor(outputs[k]))[0] for k in wanted]

    def _interpreter(self) -> tuple[Any, int, list[int]]:
        if not hasattr(self._local, "ready"):
            from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 (0.25 s, only when a film is looked at)

            interpreter = Interpreter(model_content=self._content, num_threads=self._threads)
            interpreter.allocate_tensors()
            outputs = [detail["index"] for detail in interpreter.get_output_details()]
            self._local.ready = interpreter, interpreter.get_input_details()[0]["index"], outputs
        ready: tuple[Any, int, list[int]] = self._local.ready
        return ready
