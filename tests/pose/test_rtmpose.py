from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance import skeleton
from midstance.errors import UsageError
from midstance.model import Floats, PoseModel
from midstance.pose import weights
from midstance.pose.backends import Region
from midstance.pose.backends.rtmpose import RTMPose, around, highest
from tests.fixtures.models import bring

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

RECORD = PoseModel(backend="rtmpose", model="rtmpose-m", weights_sha256="")
WIDTH, HEIGHT, POINTS = 192, 256, 26
BODY = [f"{side}_{p}" for p in ("eye", "ear", *skeleton.ONE_SIDE[:6]) for side in skeleton.SIDES]
FOOT = [f"{side}_{p}" for p in ("toe", "small_toe", "heel") for side in skeleton.SIDES]
HALPE = ["nose", *BODY, "head", "neck", "hip", *FOOT]


def small_model(path: Path, *, answers: Floats | None = None, gain: float = 1.0, batch: int | str = 1) -> Path:
    """An ONNX file of RTMPose's shape. Every point is put on the brightest column and row, or on its own answer.

    answers  (point, 2) places in the input; the outputs have two places to each of its pixels
    batch    crops that go in at once; a name: any number
    """
    helper, tensor = onnx.helper, onnx.numpy_helper
    nodes, constants, outputs = [], [], []
    for name, axis, length in (("x", 2, WIDTH), ("y", 3, HEIGHT)):
        spread, own = np.zeros((length, 2 * length), np.float32), np.zeros((1, POINTS, 2 * length), np.float32)
        spread[np.arange(length), 2 * np.arange(length)] = gain
        if answers is not None:
            own[0, np.arange(POINTS), 2 * answers[:, axis - 2].astype(int)] = 100
        constants += [
            tensor.from_array(np.array([1, axis], np.int64), f"axes_{name}"),
            tensor.from_array(spread, f"spread_{name}"),
            tensor.from_array(own, f"own_{name}"),
            tensor.from_array(np.array([-1, 1, 2 * length], np.int64), f"shape_{name}"),
        ]
        nodes += [
            helper.make_node("ReduceMax", ["input", f"axes_{name}"], [f"profile_{name}"], keepdims=0),
            helper.make_node("MatMul", [f"profile_{name}", f"spread_{name}"], [f"wide_{name}"]),
            helper.make_node("Reshape", [f"wide_{name}", f"shape_{name}"], [f"row_{name}"]),
            helper.make_node("Add", [f"row_{name}", f"own_{name}"], [f"simcc_{name}"]),
        ]
        outputs.append(
            helper.make_tensor_value_info(f"simcc_{name}", onnx.TensorProto.FLOAT, [batch, POINTS, 2 * length])
        )
    picture = helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, [batch, 3, HEIGHT, WIDTH])
    graph = helper.make_graph(nodes, "small", [picture], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(path))
    return path


@pytest.fixture
def detector() -> Path:
    bring("detector")
    return weights.find("detector")


def test_a_bright_spot_is_found_where_it_lies(tmp_path: Path, detector: Path) -> None:
    rgb = np.zeros((600, 800, 3), np.uint8)
    rgb[298:302, 418:422] = 255
    backend = RTMPose(RECORD, detector, small_model(tmp_path / "small.onnx"))
    sighting = backend.look(rgb, Region(x_px=400, y_px=320, size_px=512))
    assert sighting is not None
    np.testing.assert_allclose(sighting.xy, np.tile((420, 300), (len(skeleton.KEYPOINTS), 1)), atol=3)
    np.testing.assert_array_equal(sighting.confidence, 1)
    assert sighting.peaks is None


def test_every_point_goes_to_its_name(tmp_path: Path, detector: Path) -> None:
    answers = np.column_stack([5 + 7 * np.arange(POINTS), 250 - 9 * np.arange(POINTS)])
    backend = RTMPose(RECORD, detector, small_model(tmp_path / "small.onnx", answers=answers))
    rgb = np.zeros((300, 300, 3), np.uint8)
    sighting = backend.look(rgb, Region(x_px=96, y_px=128, size_px=256))  # the crop is the corner of the picture
    assert sighting is not None
    for name, xy in zip(skeleton.KEYPOINTS, sighting.xy, strict=True):
        np.testing.assert_allclose(xy, answers[HALPE.index(name)], err_msg=name)
    np.testing.assert_allclose(sighting.region.x_px, (5 + 5 + 7 * 25) / 2)


def test_colours_are_normalised_as_rgb(tmp_path: Path, detector: Path) -> None:
    """A blue spot stands out more than a red one, if each colour meets its own mean."""
    rgb = np.zeros((256, 256, 3), np.uint8)
    rgb[100:104, 60:64, 2], rgb[200:204, 120:124, 0] = 255, 255
    backend = RTMPose(RECORD, detector, small_model(tmp_path / "small.onnx"))
    sighting = backend.look(rgb, Region(x_px=96, y_px=128, size_px=256))
    assert sighting is not None
    np.testing.assert_allclose(sighting.xy[0], (60, 100), atol=1)  # (255 - 103.53) / 57.375 > (255 - 123.675) / 58.395


def test_nobody_where_the_rows_are_low(tmp_path: Path, detector: Path) -> None:
    backend = RTMPose(RECORD, detector, small_model(tmp_path / "small.onnx", gain=0.01))
    assert backend.look(np.full((256, 256, 3), 160, np.uint8), Region(x_px=96, y_px=128, size_px=256)) is None


def test_the_lower_height_is_the_confidence() -> None:
    along_x, along_y = np.zeros((2, 6)), np.zeros((2, 8))
    along_x[0, 4], along_y[0, 7], along_x[1, 1], along_y[1, 2] = 0.9, 0.4, 3.0, 2.0
    place, confidence = highest(along_x, along_y)
    np.testing.assert_array_equal(place, [(4, 7), (1, 2)])
    np.testing.assert_array_equal(confidence, [0.4, 1.0])


def test_the_region_holds_wide_and_high_bodies() -> None:
    high = around(np.array([(0.0, 0.0), (20.0, 100.0)]), 0.75)
    wide = around(np.array([(0.0, 0.0), (120.0, 30.0)]), 0.75)
    assert (high.x_px, high.y_px, high.size_px) == (10, 50, 125)
    assert wide.size_px * 0.75 == pytest.approx(150)


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, detector: Path) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"midstance\[rtmpose\]"):
        RTMPose(RECORD, detector, tmp_path / "absent.onnx")
