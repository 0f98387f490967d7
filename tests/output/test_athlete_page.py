"""The athlete's page, and the commands of the store from end to end without a pose model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from midstance.cli.commands import app
from midstance.comparison.model import StoredTake, TakeNotes
from midstance.model import Band
from midstance.output import loops
from midstance.output.athlete_page import athlete_html, write_athlete_page
from midstance.output.trend_plot import trend_svg
from midstance.render.side_by_side import LOOP_HZ, LOOP_STRIDE, loop_film
from midstance.store import Store, open_store
from tests.fixtures.acted import acted, measure
from tests.fixtures.browsers import DESK, PHONE, browsing
from tests.fixtures.least_analysis import analysis


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("MIDSTANCE_DATABASE", raising=False)
    monkeypatch.delenv("MIDSTANCE_FILES", raising=False)
    return open_store()


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The loop of one take."""
    folder = tmp_path_factory.mktemp("loop")
    run = acted(folder, seconds=3.2)
    loop_film((run.clip, run), folder / "loop.mp4")
    return folder / "loop.mp4"


def three_takes(store: Store, tmp_path: Path, loop: Path | None = None) -> None:
    cody = store.add_athlete("Cody <3", height_m=1.8)
    clip = tmp_path / "run.mp4"
    clip.write_bytes(b"film")
    for day, shank in enumerate((12.0, 8.0, 4.0), start=1):
        known = TakeNotes(taken_at=datetime(2026, 5, day, 10, tzinfo=UTC), trying="sooner" if day > 1 else "")
        take = store.add_take(cody, clip, known)
        content = analysis(shank=shank)
        content["measures"][0]["band"] = {"low": None, "high": 7.0, "at_speed_mps": 3.0, "source": "by hand"}
        store.add_analysis(take, content, {"film": loop} if loop else {})
        store.set_watch(
            take,
            [{"id": "speed_mps", "side": "both", "value": 3.4, "sd": 0.1, "n": 9, "uncertainty": 0.1, "unit": "m/s"}],
        )


def test_page_tells_every_take_and_draws_the_focus(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    page = athlete_html(store, store.athletes()[0], films=tmp_path / "films")
    assert "Cody &lt;3" in page
    assert page.count("<h3>Take") == 3
    assert "3 takes, 1 May 2026 to 3 May 2026" in page
    assert "<video" not in page
    assert "went from 12.0° to 8.0°: a real change, in the right direction" in page
    assert page.count("3.00 ± 0.10 m/s") == 3
    assert page.count("<circle") == 3
    assert 'class="usual"' in page
    assert 'class="own"' not in page
    assert "Your own range, too wide to draw: " in page
    assert "they differ by more than both errors" in page
    assert "://" not in page.replace("http://www.w3.org", "")
    store.close()


def drawn(*values: float) -> str:
    """The plot of a cadence over takes, with the range of takes like these."""
    points = [(i, measure("cadence_spm", v, "spm", side="both")) for i, v in enumerate(values)]
    own = Band(low=166.0, high=170.0, at_speed_mps=3.0, source="your own 3 takes")
    return str(trend_svg(points, [str(i) for i in range(len(values))], (None, own)))


def test_a_trend_has_a_value_at_every_take_and_the_own_range_where_it_fits() -> None:
    assert re.findall(r'class="value"[^>]*>(\d+)<', drawn(168, 167, 169)) == ["168", "167", "169"]
    assert 'class="own"' in drawn(168, 167, 169)
    assert 'class="own"' not in drawn(190, 191, 192)
    assert len(re.findall('class="value"', drawn(*range(150, 180)))) == 6


def test_take_without_an_analysis_is_shown(store: Store, tmp_path: Path) -> None:
    clip = tmp_path / "run.mp4"
    clip.write_bytes(b"film")
    store.add_take(store.add_athlete("Ann"), clip)
    page = athlete_html(store, store.athlete("Ann"), films=tmp_path / "films")
    assert "not analysed yet" in page
    assert "1 take" in page
    store.close()


# -- any two takes side by side, in the browser --------------------------------------------------------------------


@pytest.fixture(params=[(PHONE, True), (DESK, False)], ids=["phone, films inside", "desk, films beside"])
def view(  # noqa: PLR0917  (fixtures)
    request: pytest.FixtureRequest,
    browser: Any,
    store: Store,
    tmp_path: Path,
    loop: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    """The page of three filmed takes; a word on the console or a fault in a script fails the test."""
    size, inside = request.param
    if not inside:
        monkeypatch.setattr(loops, "EMBEDDED_FILM", 0)
    three_takes(store, tmp_path, loop)
    page = write_athlete_page(store, store.athletes()[0], tmp_path / "out" / "athlete.html")
    assert sorted(p.name for p in page.parent.iterdir()) == (
        ["athlete.html"] if inside else ["athlete.films", page.name]
    )
    store.close()
    tab = browser.new_page(viewport=size)
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda fault: complaints.append(str(fault)))
    tab.goto(page.as_uri())
    yield tab
    assert complaints == []
    tab.close()


def frames(tab: Any) -> list[int]:
    """The frames of both loops on the screen."""
    ready = "[...document.querySelectorAll('video')].every((film) => film.readyState >= 2 && !film.seeking)"
    tab.wait_for_function(ready)
    times = tab.evaluate("[...document.querySelectorAll('video')].map((film) => film.currentTime)")
    return [int(time_s * LOOP_HZ) for time_s in times]


@browsing
def test_both_loops_show_one_phase(view: Any) -> None:
    assert frames(view) == [0, 0]
    for _ in range(3):
        view.locator("#on").click()
    assert frames(view) == [3, 3]
    view.locator("#place").evaluate(
        f"(range) => {{ range.value = {LOOP_STRIDE}; range.dispatchEvent(new Event('input')); }}"
    )
    assert frames(view) == [LOOP_STRIDE, LOOP_STRIDE]
    view.locator("#play").click()
    times = "[...document.querySelectorAll('video')].map((film) => film.currentTime)"
    view.wait_for_function(
        f"(() => {{ const [left, right] = {times}; return left * {LOOP_HZ} > {LOOP_STRIDE + 8}"
        f" && Math.abs(left - right) * {LOOP_HZ} <= 1; }})()"
    )
    assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@browsing
def test_words_without_a_gap_stay_on_the_page(browser: Any, store: Store, tmp_path: Path) -> None:
    clip = tmp_path / "run.mp4"
    clip.write_bytes(b"film")
    take = store.add_take(store.add_athlete("w" * 100, notes="n" * 300), clip, TakeNotes(trying="t" * 300))
    store.edit_take(take, TakeNotes(trying="t" * 300, shoes="s" * 300, notes="k" * 300))
    page = write_athlete_page(store, store.athletes()[0], tmp_path / "out" / "athlete.html")
    store.close()
    tab = browser.new_page(viewport=PHONE)
    tab.goto(page.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.close()


@browsing
def test_any_two_takes_can_be_chosen_the_earlier_stands_left(view: Any) -> None:
    left, right = view.locator(".pair select").all()
    assert (left.input_value(), right.input_value()) == ("2", "3")
    assert "went from 8.0° to 4.0°" in view.locator("#changed").inner_text()
    left.select_option("3")
    right.select_option("1")
    assert (left.input_value(), right.input_value()) == ("1", "3")
    assert "went from 12.0° to 4.0°" in view.locator("#changed").inner_text()
    assert frames(view) == [0, 0]
    view.locator("[data-beside='1-2']").click()
    assert (left.input_value(), right.input_value()) == ("1", "2")


@browsing
def test_one_take_can_be_laid_over_the_other(view: Any) -> None:
    view.locator("#over").click()
    boxes = [film.bounding_box() for film in view.locator("video").all()]
    assert boxes[0] == pytest.approx(boxes[1], abs=1)


# -- commands ------------------------------------------------------------------------------------------------------


REFUSED = {"reason": "not_running", "says": "This is a walk."}


def run(*words: str, fails: bool = False) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=True)
    assert (result.exit_code != 0) == fails, result.output
    return result.output


def test_commands_of_athletes_and_takes(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    store.close()
    assert "3 takes" in run("athletes", "list")
    said = run("athletes", "edit", "Cody <3", "--name", "Cody", "--mass", "66")
    assert "The numbers of 3 earlier takes stay as they are." in " ".join(said.split())
    assert run("athletes", "edit", "Cody", "--notes", "fast") == ""
    assert run("takes", "list", "Cody").count("You reach forward") == 3
    run("athletes", "add", "Ann Lee")
    assert run("takes", "list", "Ann Lee").strip().endswith("midstance takes add 'Ann Lee' CLIP")
    run("takes", "edit", "1", "--shoes", "red", "--date", "2026-04-30")
    shown = run("takes", "show", "1")
    assert "shoes: red" in shown
    assert "2026-04-30" in shown
    run("athletes", "export", "Cody", str(tmp_path / "cody.zip"))
    run("takes", "delete", "2", "--yes")
    run("athletes", "delete", "Cody", fails=True)  # nobody said yes
    run("athletes", "delete", "Cody", "--yes")
    assert list((tmp_path / "data" / "films").rglob("*.mp4")) == []
    assert "3 takes" in run("athletes", "import", str(tmp_path / "cody.zip"), "--name", "Cody again")
    page = tmp_path / "page.html"
    run("athletes", "show", "Cody again", "--page", str(page))
    assert "Cody again" in page.read_text(encoding="utf-8")


def test_compare_takes_numbers_and_folders(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    told = run("compare", "1", "2", "3", "--table")
    assert "take 1 to take 2" in told
    assert "over 3 takes" in told
    assert "falling" in told
    assert "shin angle at landing" in told
    assert len(store.comparisons(store.athletes()[0])) == 1
    store.close()
    folder = tmp_path / "later.mp4.midstance"
    folder.mkdir()
    (folder / "analysis.json").write_text(json.dumps(analysis(shank=3.0)), encoding="utf-8")
    content: dict[str, Any] = json.loads(run("compare", "1", str(folder), "--json", "-"))
    assert content["takes"] == ["take 1", "later.mp4"]
    assert content["steps"][0]["focus"]["do"] == "stay"


def test_a_take_is_compared_with_the_one_filmed_before_it(
    store: Store, tmp_path: Path, loop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with the last one added, nor with one that was refused."""
    three_takes(store, tmp_path)
    content = analysis()
    store.add_analysis(store.take(2), {**{k: content[k] for k in ("schema", "version", "clip")}, "refused": REFUSED})

    listed = run("takes", "list", "Cody <3").splitlines()
    assert ["could not be judged" in line for line in listed] == [False, True, False]
    assert "You reach forward" in listed[0]

    def analysed(store: Store, take: StoredTake, *_: object, **__: object) -> dict[str, Any]:
        store.add_analysis(take, analysis(shank=2.0))
        return analysis(shank=2.0)

    monkeypatch.setattr("midstance.store.ingest.analyze_take", analysed)
    monkeypatch.setattr("midstance.cli.models.bring", lambda *_, **__: None)
    told = run("takes", "add", "Cody <3", str(loop), "--date", "2026-05-02T12:00")
    assert "take 1 to take 4" in told
    monkeypatch.setattr("midstance.store.ingest.analyze_take", lambda *_, **__: {"refused": REFUSED})
    walk = loop.with_name("walk.mp4")
    walk.write_bytes(loop.read_bytes() + b"\0\0\0\x08free")  # another film, to the byte
    assert "It is kept, but could not be judged: This is a walk." in run(
        "takes", "add", "Cody <3", str(walk), fails=True
    )
    assert len(store.takes(store.athletes()[0])) == 5
    store.close()


def test_what_is_no_film_is_not_kept(store: Store, tmp_path: Path) -> None:
    store.add_athlete("Ann")
    (tmp_path / "run.txt").write_text("a run")
    run("takes", "add", "Ann", str(tmp_path / "run.txt"), fails=True)
    run("takes", "add", "Ann", str(tmp_path / "run.txt"), "--model", "nope", fails=True)
    assert store.takes(store.athlete("Ann")) == ()
    store.close()


def test_watch_beside_a_take(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    store.close()
    table = tmp_path / "watch.csv"
    table.write_text("time,speed_mps\n2026-05-01T10:00:01Z,3.05\n", encoding="utf-8")
    assert "they agree" in run("takes", "watch", "1", str(table))
    table.write_text("time,speed_mps\n2026-05-01T10:00:01Z,\n", encoding="utf-8")
    run("takes", "watch", "1", str(table), fails=True)


def test_a_take_without_a_fault_says_what_is_good(store: Store, tmp_path: Path) -> None:
    (tmp_path / "run.mp4").write_bytes(b"film")
    ann = store.add_athlete("Ann")
    take = store.add_take(ann, tmp_path / "run.mp4", TakeNotes(taken_at=datetime(2026, 5, 1, 10, tzinfo=UTC)))
    titles = {"You bounce just enough": "good", "Near the edge, but ordinary: cadence": "edge"}
    remarks = [{"kind": kind, "title": title, "says": "", "evidence": None} for title, kind in titles.items()]
    store.add_analysis(take, {**analysis(), "plan": None, "remarks": remarks})
    says = "Nothing to change: your stride is in good order. You bounce just enough."
    assert f'<p class="plan">{says}</p>' in athlete_html(store, ann, films=tmp_path / "films")
    store.close()
    assert "nothing to change: your stride is in good order" in run("takes", "list", "Ann")
    shown = run("takes", "show", "1")
    assert "  Good: You bounce just enough." in shown
    assert "  Good to know: Near the edge, but ordinary: cadence." in shown
