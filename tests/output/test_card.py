"""The cue card is as large as a phone, and a beat has a click for every step."""

from __future__ import annotations

import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

from midstance.errors import UsageError
from midstance.output.beat import RATE_HZ, write_beat
from midstance.output.card import HEIGHT, WIDTH, write_card
from midstance.text.diagnosis import describe_focus
from tests.fixtures.acted import acted, without_plan


@pytest.mark.parametrize("spm", [160.0, 178.0, 181.5])
def test_a_beat_clicks_once_a_step_and_can_be_repeated(tmp_path: Path, spm: float) -> None:
    with wave.open(str(write_beat(spm, tmp_path / "beat.wav", seconds=10)), "rb") as file:
        assert file.getframerate() == RATE_HZ
        sound = np.frombuffer(file.readframes(file.getnframes()), np.uint8).astype(float) - 128
    loud = np.flatnonzero(np.abs(sound) > 40)
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-RATE_HZ) > 0.1 * RATE_HZ)]
    assert len(starts) % 2 == 0
    gap = np.append(np.diff(starts), len(sound) - starts[-1] + starts[0])
    assert 60 * RATE_HZ / gap == pytest.approx(spm, rel=0.003)


def test_the_card_is_a_phone_s_picture_of_the_cue(tmp_path: Path) -> None:
    run = acted(tmp_path, seconds=1.6)
    focus = describe_focus(run)
    assert focus is not None
    path = write_card(run, focus, tmp_path / "card.png")
    assert path is not None
    card = cv2.imread(str(path))
    assert card is not None
    assert card.shape == (HEIGHT, WIDTH, 3)
    words = card[WIDTH:]
    assert (words.max(axis=2) > 200).any(axis=1).sum() > 100, "the cue stands in large letters"
    assert describe_focus(without_plan(run)) is None


def test_the_card_shows_head_and_feet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = acted(tmp_path, seconds=1.6)
    focus = describe_focus(run)
    assert focus is not None
    upright = np.full((300, 200, 3), 40, np.uint8)
    upright[:20], upright[-20:] = (255, 0, 0), (0, 255, 0)
    monkeypatch.setattr("midstance.output.card.change_picture", lambda *_, **__: upright)
    path = write_card(run, focus, tmp_path / "card.png")
    card = cv2.imread(str(path))
    assert card is not None
    middle = card[:WIDTH, WIDTH // 2].astype(int)
    assert (middle[:60] == (0, 0, 255)).all(), "the head, in OpenCV's order of colours"
    assert (middle[-60:] == (0, 255, 0)).all(), "the feet"


@pytest.mark.parametrize(("spm", "seconds"), [(20.0, 60.0), (1780.0, 60.0), (170.0, 0.0), (170.0, 1e6)])
def test_a_beat_that_nobody_runs_is_refused(tmp_path: Path, spm: float, seconds: float) -> None:
    with pytest.raises(UsageError):
        write_beat(spm, tmp_path / "beat.wav", seconds=seconds)
    assert not list(tmp_path.iterdir())
