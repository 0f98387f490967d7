"""Watching live: the newest picture first, two true legs, the numbers of the whole film, a tone when the cue is met."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from midstance import cli
from midstance.analyze import analyze
from midstance.errors import InputError, UsageError
from midstance.formats.trc import write as write_trc
from midstance.live import looking
from midstance.live.focus import Focus, focus_of_plan, focus_of_word
from midstance.live.handover import Handover
from midstance.live.legs import true_legs
from midstance.live.outcome import Session, Wanted
from midstance.live.panel import BAND_SHARE, aimed_at
from midstance.live.session import watch
from midstance.live.source import FilmSource, Shot, open_source
from midstance.model import Band, Measure, Sample
from midstance.options import Options
from midstance.reasons import say
from midstance.skeleton import MIRROR
from midstance.store import open_store
from midstance.text.live import goal_words, reading_line, session_lines
from midstance.video.film_writer import FilmWriter
from midstance.video.opening import open_clip
from tests.fixtures.jogger import Jogger
from tests.fixtures.live import RATE_HZ, SECONDS, SIZE, Numbered, jogger  # noqa: F401
from tests.fixtures.models import bring
from tests.fixtures.recorded import CADENCE_SPM, CONTACT_MS, pixels
from tests.fixtures.takes import plan
from tests.test_documents_run import HEIGHT, WIDTH, jogger_in

ROOT = Path(__file__).parent.parent.parent


# -- one runner of known cadence and contacts --


@dataclass
class Played:
    """What was played and shown."""

    tones: int = 0
    beats: list[float] = field(default_factory=list)
    shown: list[np.ndarray] = field(default_factory=list)
    stop_after: int = 10**6

    def tone(self) -> None:
        self.tones += 1

    def start_beat(self, spm: float) -> None:
        self.beats.append(spm)

    def show(self, picture: np.ndarray) -> bool:
        self.shown.append(picture)
        return len(self.shown) < self.stop_after


def _wanted(**how: object) -> Wanted:
    return Wanted(**{"options": Options(), "focus": Focus(measure="cadence_spm"), "every": True, **how})


@pytest.mark.usefixtures("jogger")
def test_live_numbers_are_those_of_the_runner_and_of_the_whole_film(tmp_path: Path) -> None:
    session = watch(Numbered(), _wanted())
    ends_s = [reading.seconds[1] for reading in session.readings]  # as many as the machine found time for
    assert ends_s == sorted(ends_s)
    assert (round(ends_s[0]), round(ends_s[-1])) == (2, 5)
    assert len(ends_s) >= 3
    assert (session.came, session.looked, session.dropped) == (180, 180, 0)
    write_trc(pixels(rate_hz=RATE_HZ, seconds=SECONDS), tmp_path / "whole.trc")
    offline = analyze(tmp_path / "whole.trc").measures
    for reading in session.readings[1:]:
        by_id = {(m.id, m.side): m for m in reading.measures}
        assert by_id["cadence_spm", "both"].value == pytest.approx(CADENCE_SPM, abs=1)
        assert by_id["cadence_spm", "both"].value == pytest.approx(offline["cadence_spm"].value, abs=1)
        for side in ("left", "right"):
            contact = by_id["contact_time_ms", side]
            assert contact.value == pytest.approx(CONTACT_MS, abs=15)
            assert contact.value == pytest.approx(getattr(offline["contact_time_ms"], side).value, abs=8)
        lasts_s = reading.seconds[1] - reading.seconds[0]
        assert lasts_s == pytest.approx(min(looking.WINDOW_S, reading.seconds[1]), abs=0.1)


@pytest.mark.usefixtures("jogger")
def test_every_stride_that_meets_the_cue_is_counted_once_and_heard() -> None:
    played = Played()
    easy = Focus(measure="contact_time_ms", side="left", way=1, goal=100.0, cue="Run on.")
    session = watch(Numbered(), _wanted(focus=easy, beat_more=0.05), player=played, screen=played)
    whole = len(Jogger().strikes_s("left", SECONDS)) - 2
    assert session.met == session.strides
    assert whole - 2 <= session.strides <= whole
    assert 1 < played.tones <= len(session.readings)
    assert played.beats == [pytest.approx(1.05 * CADENCE_SPM, abs=1.5)]
    assert played.shown[-1].shape == (SIZE[1] + 2 * round(BAND_SHARE * SIZE[1] / 2), SIZE[0], 3)

    silent = Played()
    never = watch(Numbered(seconds=2.5), _wanted(focus=replace(easy, goal=900.0)), player=silent)
    assert never.strides > 0 == never.met
    assert silent.tones == 0 == len(silent.beats)


@pytest.mark.usefixtures("jogger")
def test_films_of_a_session_have_every_picture_and_its_time(tmp_path: Path) -> None:
    saved, drawn = tmp_path / "saved.mp4", tmp_path / "drawn.mp4"
    session = watch(Numbered(seconds=3), _wanted(saved_to=saved, drawn_to=drawn))
    clip = open_clip(saved)
    assert (clip.width, clip.height, clip.frames) == (*SIZE, 90)
    np.testing.assert_allclose(clip.time_s, np.arange(90) / RATE_HZ, atol=1e-4)
    assert open_clip(drawn).frames == session.looked == 90
    assert session.unsaved == 0


@pytest.mark.usefixtures("jogger")
def test_it_ends_where_it_is_closed_or_told_and_a_lost_camera_is_said() -> None:
    closed = Played(stop_after=20)
    assert len(watch(Numbered(), _wanted(), screen=closed).delays_s) == 20
    assert len(watch(Numbered(), _wanted(seconds=1.0)).delays_s) == 31
    with pytest.raises(InputError, match="the camera is gone"):
        watch(Numbered(breaks_at=0), _wanted())


@pytest.mark.usefixtures("jogger")
def test_what_comes_too_fast_is_dropped_counted_and_still_saved(tmp_path: Path) -> None:
    class Slow(Played):
        def show(self, picture: np.ndarray) -> bool:
            time.sleep(0.03)
            return super().show(picture)

    saved = tmp_path / "saved.mp4"
    session = watch(Numbered(seconds=2), _wanted(every=False, saved_to=saved), screen=Slow())
    assert len(session.delays_s) + session.dropped == session.came == 60
    assert open_clip(saved).frames == 60 - session.unsaved
    said = list(session_lines(session.pace, unsaved=session.unsaved))
    assert f"{len(session.delays_s)} of 60 pictures shown" in said[0]
    assert f"{session.dropped} dropped" in said[0]


# -- its parts --


def test_the_newest_is_handed_over_and_the_rest_counted() -> None:
    newest: Handover[int] = Handover()
    assert all(newest.give(number) for number in (1, 2, 3))
    assert (newest.take(), newest.dropped) == (3, 2)
    newest.close(InputError("broken"))
    assert not newest.give(4)
    with pytest.raises(InputError, match="broken"):
        newest.take()


def test_a_few_may_wait_and_then_the_oldest_is_dropped() -> None:
    few: Handover[int] = Handover(waiting=2)
    assert all(few.give(number) for number in (1, 2, 3))
    assert (few.take(), few.take(), few.dropped) == (2, 3, 1)
    few.give(4)
    few.close()
    assert (few.take(), few.take()) == (4, None)


def test_every_one_is_handed_over_where_it_is_asked_for() -> None:
    every: Handover[int] = Handover(every=True)

    def give() -> None:
        for number in range(1, 6):
            every.give(number)
        every.close()

    Thread(target=give).start()
    assert list(iter(every.take, None)) == [1, 2, 3, 4, 5]
    assert every.dropped == 0


def test_legs_that_the_model_exchanged_are_put_right() -> None:
    track = Jogger().track(rate_hz=RATE_HZ, seconds=3.0)
    later = Jogger().track(rate_hz=RATE_HZ, seconds=4.0)
    for row in range(92, 118):
        right, at_s = later.xy_px[row], float(later.time_s[row])
        np.testing.assert_array_equal(true_legs(right, at_s, track), right)
        np.testing.assert_array_equal(true_legs(right[MIRROR], at_s, track), right)
    long_gone = float(track.time_s[-1]) + 10
    np.testing.assert_array_equal(true_legs(right[MIRROR], long_gone, track), right[MIRROR])
    np.testing.assert_array_equal(true_legs(right[MIRROR], at_s, None), right[MIRROR])


def _measure(value: float = 0.36, band: Band | None = None) -> Measure:
    samples = (Sample(time_s=1.0, value=value),)
    return Measure(
        id="foot_ahead_of_hip_at_strike_leg",
        side="right",
        value=value,
        sd=0.01,
        n=1,
        uncertainty=0.03,
        unit="leg",
        band=band,
        samples=samples,
    )


def test_the_focus_is_that_of_the_plan_and_is_met_beyond_its_goal() -> None:
    focus = focus_of_plan(plan("reaching", "foot_ahead_of_hip_at_strike_leg", 0.36, 0.31))
    assert focus is not None
    assert (focus.way, focus.goal) == (-1, 0.31)
    assert not focus.is_met(_measure(), _measure(0.32).samples[0])
    assert focus.is_met(_measure(), _measure(0.31).samples[0])
    assert aimed_at(_measure(), focus) == (-np.inf, 0.31)
    assert goal_words(_measure(), way=focus.way, goal=focus.goal) == "goal 0.31 leg lengths or less"
    assert focus_of_plan(None) is None
    ordinary = focus_of_word("foot_ahead_of_hip_at_strike_leg")
    band = Band(low=0.2, high=0.34, at_speed_mps=None, source="test")
    assert not ordinary.is_met(_measure(), _measure().samples[0])
    assert ordinary.is_met(_measure(band=band), _measure(0.3).samples[0])
    assert goal_words(_measure(band=band), way=0, goal=np.nan) == "usual 0.20 to 0.34 leg lengths"
    with pytest.raises(UsageError, match="no measure speediness"):
        focus_of_word("speediness")


def test_a_line_of_the_terminal_says_everything() -> None:
    pace = Session(came=100, looked=98, dropped=2, delays_s=[0.05, 0.06, 0.2]).pace
    cadence = replace(_measure(170.6), id="cadence_spm", side="both", unit="spm")
    contacts = [
        replace(_measure(v), id="contact_time_ms", side=s, unit="ms") for s, v in (("left", 261), ("right", 258))
    ]
    assert reading_line(12.0, [cadence, *contacts], _measure(), pace, met=3, strides=8) == (
        "  12.0 s  171 steps a minute; contact left 261, right 258 ms; Foot ahead of the hip at landing, right: "
        "0.36 ± 0.03 leg lengths; met in 3 of 8 strides; 60 ms behind, 2 dropped"
    )


# -- cameras, films, screen and sound --


def test_a_film_plays_at_its_own_pace() -> None:
    film = ROOT / "tests" / "data" / "demo.mp4"
    started, waits = time.perf_counter(), []
    for shot in FilmSource(film).shots():
        waits.append(time.perf_counter() - shot.due_s)
        if len(waits) == 31:
            break
    assert shot.time_s == pytest.approx(0.5)
    assert time.perf_counter() - started >= 0.5
    assert min(waits) >= 0


def test_a_camera_that_is_not_there_is_one_line() -> None:
    with pytest.raises(InputError, match="There is no camera 97 here"):
        open_source("97")
    with pytest.raises(InputError):
        open_source("no_such_film.mp4")


@pytest.mark.skipif(importlib.util.find_spec("pygame") is None, reason="needs the extra live")
def test_window_and_sound_without_a_screen_or_a_loudspeaker(monkeypatch: pytest.MonkeyPatch) -> None:
    from midstance.live.window import Sound, Window

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    window, sound = Window("test", (320, 180)), Sound()
    assert window.show(np.full((180, 320, 3), 128, np.uint8))
    window._pygame.event.post(window._pygame.event.Event(window._pygame.KEYDOWN, key=window._pygame.K_ESCAPE))
    assert not window.show(np.zeros((180, 320, 3), np.uint8))
    sound.tone()
    sound.start_beat(178.0)
    assert sound.tones == 1
    sound.close()
    window.close()
    monkeypatch.setenv("SDL_VIDEODRIVER", "nothing_of_this_name")
    with pytest.raises(UsageError, match="no screen here"):
        Window("test", (320, 180))


@pytest.mark.usefixtures("jogger")
def test_a_machine_that_is_too_slow_is_told_apart_from_a_runner_who_does_not_run() -> None:
    @dataclass
    class Seldom(Numbered):
        def shots(self) -> Iterator[Shot]:
            yield from (shot for i, shot in enumerate(super().shots()) if i % 3 == 0)

    session = watch(Seldom(seconds=3), _wanted())
    said = {reading.why_not.id for reading in session.readings if reading.why_not}  # as often as there is time for
    assert said == {"live_too_slow"}
    assert "Only 10 pictures a second" in say(session.readings[0].why_not, "cli")


@pytest.mark.usefixtures("jogger")
def test_strides_in_which_pictures_are_missing_are_skipped_and_it_goes_on() -> None:
    @dataclass
    class Stalls(Numbered):
        def shots(self) -> Iterator[Shot]:
            yield from (shot for shot in super().shots() if not 1.0 < shot.time_s < 1.25)

    session = watch(Stalls(seconds=7), _wanted())
    skipped = [reading for reading in session.readings if reading.why_not]
    assert {reading.why_not.id for reading in skipped if reading.why_not} == {"live_gap"}
    assert all(reading.seconds[0] < 1.25 for reading in skipped)
    assert "For 0.3 s no picture was looked at" in say(skipped[0].why_not, "cli")
    last = session.readings[-1]
    assert last.seconds[0] > 1.25
    assert {m.id for m in last.measures} >= {"cadence_spm", "contact_time_ms"}


@pytest.mark.usefixtures("jogger")
def test_a_session_of_an_athlete_is_kept_as_a_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "store"))
    monkeypatch.setattr("midstance.cli.runs.bring_models", lambda *_a, **_k: None)
    monkeypatch.setattr(import_module("midstance.analyze"), "estimate_poses", lambda clip, **_how: jogger_in(clip))
    with FilmWriter("run.mp4", width=WIDTH, height=HEIGHT, rate_hz=RATE_HZ) as film:
        for _ in range(72):
            film.write(np.full((HEIGHT, WIDTH, 3), 40, np.uint8))
    for words in ("athletes add Anna --height 166cm", "live run.mp4 --athlete Anna --no-window", "takes list Anna"):
        monkeypatch.setattr(sys, "argv", ["midstance", *words.split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert int(ended.value.code or 0) == 0
    with closing(
        open_store(f"sqlite:///{tmp_path / 'store' / 'midstance.db'}", str(tmp_path / "store" / "films"))
    ) as store:
        (take,) = store.takes(store.athlete("Anna"))
        assert take.clip.name.startswith("live-")
        assert store.read(take).measures


@pytest.mark.slow
def test_a_real_pose_model_and_the_process_that_measures() -> None:
    bring("full", "detector")
    film = FilmSource(ROOT / "tests" / "data" / "demo.mp4", own_pace=False)
    session = watch(film, _wanted(seconds=2.05, options=Options(threads=2)))
    assert session.readings
    found = {m.id: m.value for m in session.readings[-1].measures if m.side in {"both", "right"}}
    assert found["cadence_spm"] == pytest.approx(170.9, abs=2)
    assert found["contact_time_ms"] == pytest.approx(262, abs=10)
    assert session.cpu_s > 1
