"""Run a .tflite network on pictures: LiteRT with as many interpreters as call it at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from midstance.model import Floats


class Network:
    """A network of one input, cut down to the outputs that are wanted.

    It may be called from several threads at once: each call has an interpreter of its own, which the next may have.
    """

    def __init__(self, path: Path, *, outputs: Sequence[int], threads: int = 1) -> None:
        self._content = cut_down(path.read_bytes(), outputs)
        self._threads = threads
        self._idle: list[Any] = []

    def __call__(self, picture: Floats) -> list[Floats]:
        """Return the wanted outputs, in the order asked for, of one picture (height, width, 3)."""
        try:
            interpreter = self._idle.pop()
        except IndexError:
            interpreter = self._interpreter()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[None])
        interpreter.invoke()
        found = [np.asarray(interpreter.get_tensor(output["index"]))[0] for output in interpreter.get_output_details()]
        self._idle.append(interpreter)
        return found

    def _interpreter(self) -> Any:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 (0.25 s, only when a film is looked at)

        with _silent_greeting():
            interpreter = Interpreter(model_content=self._content, num_threads=self._threads)
            interpreter.allocate_tensors()
        return interpreter


_silencing = threading.Lock()


@contextmanager
def _silent_greeting() -> Iterator[None]:
    """Silence the interpreter's greeting, a line on standard error that nothing turns off."""
    with _silencing, Path(os.devnull).open("w") as nowhere:
        kept = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def cut_down(content: bytes, outputs: Sequence[int]) -> bytes:
    """Take out of a .tflite file the operators that the wanted outputs do not need; these stay the same to the bit.

    BlazePose's mask of the body, which nobody asks for, is 9 % of its sums but 28 % of its time.
    """
    import flatbuffers  # type: ignore[import-untyped]  # noqa: PLC0415
    from ai_edge_litert import schema_py_generated as schema  # noqa: PLC0415 (comes with the interpreter)

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    graph = model.subgraphs[0]
    graph.outputs = [graph.outputs[k] for k in outputs]
    needed, operators = {int(tensor) for tensor in graph.outputs}, []
    for operator in reversed(graph.operators):
        if needed.intersection(int(tensor) for tensor in operator.outputs):
            needed.update(int(tensor) for tensor in operator.inputs)
            operators.append(operator)
    graph.operators = operators[::-1]
    model.signatureDefs = None
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
