"""Crops of many threads in one batch, and where the network runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.errors import UsageError
from midstance.pose.backends import onnx_session
from midstance.pose.backends.onnx_session import ENGINE_VARIABLE, CropNetwork, open_network, providers
from tests.pose.test_rtmpose import HEIGHT, WIDTH, small_model

onnxruntime = pytest.importorskip("onnxruntime")

CPU, CUDA, TENSORRT = (f"{name}ExecutionProvider" for name in ("CPU", "CUDA", "Tensorrt"))


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)
    for kept in (open_network, onnx_session._say_once):
        kept.cache_clear()
    yield
    open_network.cache_clear()


class Slow:
    """A session that runs one crop, then waits until all others have queued; counts the crops of every batch."""

    def __init__(self, session: Any, others: int) -> None:
        self._session, self._others = session, others
        self.network: CropNetwork | None = None
        self.batches: list[int] = []

    def get_inputs(self) -> Any:
        return self._session.get_inputs()

    def run(self, wanted: Any, given: dict[str, Any]) -> Any:
        self.batches.append(len(next(iter(given.values()))))
        assert self.network is not None
        while len(self.batches) == 1 and len(self.network._waiting) < self._others:
            threading.Event().wait(0.001)
        return self._session.run(wanted, given)


def crops(many: int) -> list[np.ndarray]:
    pictures = np.zeros((many, 3, HEIGHT, WIDTH), np.float32)
    for number, picture in enumerate(pictures):
        picture[:, 20 + number, 10 + 2 * number] = 1
    return list(pictures)


@pytest.mark.parametrize(("many", "batches"), [(9, [1, 8]), (40, [1, 32, 7])])
def test_crops_that_wait_go_through_together(tmp_path: Path, many: int, batches: list[int]) -> None:
    session = onnxruntime.InferenceSession(str(small_model(tmp_path / "a.onnx", batch="crops")), providers=[CPU])
    slow = Slow(session, others=many - 1)
    slow.network = CropNetwork(slow, together=True)
    alone = CropNetwork(session, together=False)
    with ThreadPoolExecutor(many) as pool:
        together = list(pool.map(slow.network, crops(many)))
    assert slow.batches == batches
    for number, (crop, (along_x, along_y)) in enumerate(zip(crops(many), together, strict=True)):
        assert (along_x.argmax(axis=1) == 2 * (10 + 2 * number)).all()
        assert (along_y.argmax(axis=1) == 2 * (20 + number)).all()
        for mine, its in zip((along_x, along_y), alone(crop), strict=True):
            np.testing.assert_array_equal(mine, its)


def test_a_network_of_one_crop_runs_them_one_by_one(tmp_path: Path) -> None:
    session = onnxruntime.InferenceSession(str(small_model(tmp_path / "a.onnx")), providers=[CPU])
    network = CropNetwork(session, together=True)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(network, crops(8)))
    assert [int(x.argmax(axis=1)[0]) for x, _ in found] == [2 * (10 + 2 * number) for number in range(8)]


def test_a_fault_reaches_everyone_who_waits(tmp_path: Path) -> None:
    session = onnxruntime.InferenceSession(str(small_model(tmp_path / "a.onnx", batch="crops")), providers=[CPU])
    network = CropNetwork(session, together=True)
    with pytest.raises(Exception, match="invalid dimensions"):
        network(np.zeros((3, 7, 7), np.float32))
    along_x, _ = network(crops(1)[0])
    assert along_x.argmax(axis=1)[0] == 20


def test_engines_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    assert providers([TENSORRT, CUDA, CPU]) == [CUDA, CPU]
    assert providers([CPU]) == [CPU]
    monkeypatch.setenv(ENGINE_VARIABLE, "tensorrt")
    assert providers([TENSORRT, CUDA, CPU]) == [TENSORRT, CPU]
    monkeypatch.setenv(ENGINE_VARIABLE, "cpu")
    assert providers([CUDA, CPU]) == [CPU]
    monkeypatch.setenv(ENGINE_VARIABLE, "gpu")
    with pytest.raises(UsageError, match="cuda, tensorrt, cpu"):
        providers([CPU])


def test_without_the_graphics_card_it_says_so_once_and_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(ENGINE_VARIABLE, "cuda")
    path = small_model(tmp_path / "a.onnx")
    with caplog.at_level(logging.WARNING):
        first, second = open_network(path, 1), open_network(path, 2)
    if CUDA in onnxruntime.get_available_providers():
        pytest.skip("there is a graphics card here")
    (said,) = (record.getMessage() for record in caplog.records)
    assert said.startswith("ONNX Runtime has no cuda here, so the pose model runs on the processor.")
    assert first.crop_size == second.crop_size == (HEIGHT, WIDTH)
    assert first(crops(1)[0])[0].argmax(axis=1)[0] == 20
