"""Curves break where nothing was seen, ticks are round, and every place in a plot is where the number says."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from midstance.kinematics.angles import angle_deg
from midstance.model import Analysis
from midstance.render.plots import _Axes, _path, by_phase, crank, curves, overlays, stride_spans, ticks, whiskers
from midstance.text.table import rows
from tests.fixtures.acted import CONTACT_S, STRIDE_S, THIGH_DEG, THIGH_MEAN_DEG, acted, measure


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return acted(tmp_path_factory.mktemp("plots"), seconds=3.2)


def test_strides_laid_over_each_other_are_the_acted_curve(run: Analysis) -> None:
    values = by_phase(run, angle_deg(run.track, "thigh", "right"), "right")
    assert len(values) == len(stride_spans(run, "right")) >= 3
    share = np.linspace(0, 2 * np.pi, values.shape[1])
    assert values == pytest.approx(np.tile(THIGH_MEAN_DEG + THIGH_DEG * np.cos(share), (len(values), 1)), abs=0.3)


def test_a_missed_landing_leaves_its_stride_out(run: Analysis) -> None:
    right = sorted(c.strike_s for c in run.contacts if c.side == "right")
    gap = replace(run, contacts=tuple(c for c in run.contacts if c.strike_s != right[1]))
    assert all(b - a < 1.5 * STRIDE_S for a, b in stride_spans(gap, "right"))
    assert len(stride_spans(gap, "right")) == len(stride_spans(run, "right")) - 2


def test_the_crank_says_how_far_and_how_fast(run: Analysis) -> None:
    plot = crank(run)
    assert plot is not None
    fastest = THIGH_DEG * 2 * math.pi / STRIDE_S
    assert f"goes {THIGH_DEG - THIGH_MEAN_DEG:.0f}° behind the hip" in plot.says
    said = float(re.search(r"up to (\d+)° a second", plot.says)[1])
    assert said == pytest.approx(fastest, rel=0.02)
    assert "At this speed 15 to 26° behind is usual" in plot.says


def test_the_cursor_can_find_its_place(run: Analysis) -> None:
    for plot in curves(run):
        ends = dict(re.findall(r'data-(x0|x1|left|right)="([\d.]+)"', plot.svg))
        assert float(ends["x0"]) == 0
        assert float(ends["x1"]) == pytest.approx(run.track.time_s[-1], abs=1e-3)
        assert plot.svg.count('class="cursor"') == 1


def test_contacts_are_shaded_where_the_foot_is_down(run: Analysis) -> None:
    svg = curves(run)[0].svg
    ends = {name: float(value) for name, value in re.findall(r'data-(x0|x1|left|right)="([\d.]+)"', svg)}
    per_s = (ends["right"] - ends["left"]) / (ends["x1"] - ends["x0"])
    widths = [float(w) for w in re.findall(r'class="contact" x="[\d.]+" y="\d+" width="([\d.]+)"', svg)]
    assert widths == pytest.approx([CONTACT_S * per_s] * len(widths), abs=0.2)


def test_a_front_view_has_no_curves_from_the_side(run: Analysis) -> None:
    front = replace(run, track=replace(run.track, plane="front", near_side=None))
    assert (crank(front), overlays(front), curves(front)) == (None, (), ())


def test_a_line_breaks_where_nothing_was_seen() -> None:
    path = _path(_Axes((0, 3), (0, 1)), np.arange(4.0), np.array([0, np.nan, 1, 1]), "near")
    assert path.count("M") == 2
    assert path.count("L") == 1


@pytest.mark.parametrize(
    ("ends", "about", "marks"),
    [((0, 4), 4, [0, 1, 2, 3, 4]), ((-23, 41), 4, [-20, 0, 20, 40]), ((0, 0.9), 4, [0, 0.2, 0.4, 0.6, 0.8])],
)
def test_ticks_are_round_numbers(ends: tuple[float, float], about: int, marks: list[float]) -> None:
    assert ticks(ends, about) == pytest.approx(marks)


def test_left_and_right_share_a_scale() -> None:
    same = measure("peak_thigh_extension_deg", 20.0, "deg", band=(15, 26))
    (row,) = rows([same, replace(same, side="left", value=30.0)])
    low, high = (float(re.search(r'cx="([\d.]+)"', svg)[1]) for svg in whiskers(row.values))
    bands = [
        re.search(r'class="usual" x="([\d.]+)" y="3" width="([\d.]+)"', svg).groups() for svg in whiskers(row.values)
    ]
    assert bands[0] == bands[1]
    per_degree = float(bands[0][1]) / 11
    assert high - low == pytest.approx(10 * per_degree, abs=0.3)


def test_no_range_no_bar() -> None:
    (row,) = rows([measure("peak_thigh_extension_deg", 20.0, "deg")])
    assert whiskers(row.values) == [""]


def test_typical_runners_lie_behind_the_strides(run: Analysis) -> None:
    for plot in overlays(run):
        assert 'class="typical"' in plot.svg
        assert "Green: eight in ten typical runners at this speed." in plot.says
    alone = replace(run, view=replace(run.view, speed_mps=9.0))
    assert all('class="typical"' not in plot.svg for plot in overlays(alone))
