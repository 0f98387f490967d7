"""The page as a browser shows it: film, pictures and curves move together, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from midstance.errors import InputError
from midstance.model import Analysis, PersonSeen
from midstance.output import page as pages
from midstance.output.page import write_page
from midstance.render.film import Film, make_film
from midstance.render.stills import Pictures, evidence_pictures
from midstance.text.diagnosis import focus_shot
from midstance.text.report import describe
from tests.fixtures.acted import without_plan
from tests.fixtures.browsers import DESK, PHONE, UNFOLD, browsing

ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"
VISIBLE_WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let words = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement;
    if (!around.closest("script, style") && around.checkVisibility({ contentVisibilityAuto: true }))
      words += node.textContent.split(/\\s+/).filter(Boolean).length;
  }
  return words;
}"""


@pytest.fixture(scope="module")
def film(run: Analysis) -> Film:
    return make_film(run.clip, run, run.clip.path.with_name("annotated.mp4"), height=360)


@pytest.fixture(scope="module")
def pictures(run: Analysis) -> Pictures:
    return evidence_pictures(run.clip, run, run.clip.path.with_name("frames"))


@pytest.fixture(scope="module")
def written(run: Analysis, film: Film, pictures: Pictures) -> Path:
    return write_page(describe(run), run, run.clip.path.with_name("report.html"), film=film, pictures=pictures)


@pytest.fixture(scope="module", params=[PHONE, DESK], ids=["phone", "desk"])
def view(request: pytest.FixtureRequest, browser: Any, written: Path) -> Iterator[Any]:
    """The page with its film loaded; a word on the console or a fault in a script fails the test."""
    tab = browser.new_page(viewport=request.param)
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda fault: complaints.append(str(fault)))
    tab.goto(written.as_uri())
    tab.wait_for_function("document.getElementById('film').readyState >= 2")
    tab.evaluate(UNFOLD)
    yield tab
    assert complaints == []
    tab.close()


def frame(tab: Any) -> int:
    return int(tab.evaluate("document.documentElement.dataset.frame"))


def film_frame(tab: Any, film: Film) -> int:
    """The frame of the film that the browser's own clock points at."""
    tab.wait_for_function("!document.getElementById('film').seeking")
    return int(tab.evaluate("document.getElementById('film').currentTime") * film.rate_hz)


# -- in the browser ------------------------------------------------------------------------------------------------


@browsing
def test_arrow_keys_step_one_frame(view: Any, film: Film) -> None:
    expected = frame(view)
    for key, step in (("ArrowRight", 1), ("ArrowRight", 1), ("ArrowRight", 1), ("ArrowLeft", -1)):
        view.keyboard.press(key)
        expected += step
        assert frame(view) == expected
        assert film.shows[film_frame(view, film)] == expected


@browsing
def test_a_film_from_another_side_has_its_controls_below_it(
    browser: Any, run: Analysis, film: Film, tmp_path: Path
) -> None:
    both = replace(run, others=(run,))
    path = write_page(describe(run), both, tmp_path / "report.html", film=film, other_films=[film], pictures=None)
    tab = browser.new_page(viewport=PHONE)
    tab.goto(path.as_uri())
    tab.evaluate(UNFOLD)
    before = frame(tab)
    part = tab.locator(".other-film")
    video, bar = part.locator("video"), part.get_by_role("group", name="Film controls")
    assert not video.evaluate("(video) => video.controls")
    assert video.bounding_box()["y"] + video.bounding_box()["height"] <= bar.bounding_box()["y"]
    place = bar.get_by_role("slider")
    tab.wait_for_function("document.querySelector('.other-film input').max > 9")
    for _ in range(3):
        place.press("ArrowRight")
    assert int(video.evaluate("(video) => video.currentTime") * film.rate_hz) == 3
    assert frame(tab) == before
    tab.close()


@browsing
def test_a_freeze_counts_as_one_step(view: Any, run: Analysis, film: Film) -> None:
    stopped = focus_shot(run).frame
    view.locator(".jump:visible").first.click()
    assert frame(view) == stopped
    view.keyboard.press("ArrowRight")
    assert frame(view) == stopped + 1
    view.keyboard.press("ArrowLeft")
    assert frame(view) == stopped
    assert film_frame(view, film) == int((film.shows == stopped).argmax())


@browsing
def test_pictures_jump_to_their_frame(view: Any, film: Film) -> None:
    buttons = view.locator(".jump:visible")
    assert buttons.count() >= 8
    for i in range(1, 8, 2):
        wanted = int(buttons.nth(i).get_attribute("data-frame"))
        buttons.nth(i).click()
        assert frame(view) == wanted
        assert film.shows[film_frame(view, film)] == wanted


@browsing
def test_curves_and_film_lead_each_other(view: Any, run: Analysis, film: Film) -> None:
    curve = view.locator("svg[data-timed]").first
    ends = {name: float(curve.get_attribute(f"data-{name}")) for name in ("x0", "x1", "left", "right")}

    def cursor_s() -> float:
        x = float(curve.locator(".cursor").get_attribute("x1"))
        return ends["x0"] + (x - ends["left"]) / (ends["right"] - ends["left"]) * (ends["x1"] - ends["x0"])

    view.locator(".jump:visible").first.click()
    assert cursor_s() == pytest.approx(run.clip.time_s[frame(view)], abs=0.002)
    curve.scroll_into_view_if_needed()
    view.evaluate("document.querySelector('.plot .scroll').scrollLeft = 0")
    box = curve.bounding_box()
    curve.click(position={"x": 0.35 * box["width"], "y": 40})
    assert cursor_s() == pytest.approx(run.clip.time_s[frame(view)], abs=0.002)
    assert film.shows[film_frame(view, film)] == frame(view)
    place = 0.35 * float(curve.evaluate("e => e.viewBox.baseVal.width"))
    aimed_s = ends["x0"] + (place - ends["left"]) / (ends["right"] - ends["left"]) * (ends["x1"] - ends["x0"])
    assert cursor_s() == pytest.approx(aimed_s, abs=0.02)


@browsing
def test_one_stride_can_be_looped(view: Any, run: Analysis) -> None:
    strikes = [c.strike_frame for c in run.contacts if c.side == "right"]
    view.locator("#speed").select_option("2")
    view.locator("#loop").click()
    view.evaluate(
        "() => { const page = document.documentElement; window.seen = [];"
        "new MutationObserver(() => seen.push(+page.dataset.frame)).observe(page, { attributes: true }); }"
    )
    view.wait_for_function("seen.some((frame, i) => frame < seen[i - 1])")  # it came round
    seen = view.evaluate("seen")
    view.locator("#loop").click()
    view.locator("#play").click()
    assert strikes[0] - 1 <= min(seen)
    assert max(seen) <= strikes[1] + 2


# -- the first screen --------------------------------------------------------------------------------------------


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def fresh(request: pytest.FixtureRequest, browser: Any, written: Path) -> Iterator[Any]:
    """The page as it opens."""
    tab = browser.new_page(viewport=request.param, has_touch=True)
    tab.goto(written.as_uri())
    tab.wait_for_function("document.getElementById('film').readyState >= 2")
    yield tab
    tab.close()


def bottom(tab: Any, place: str) -> float:
    box = tab.locator(place).bounding_box()
    return float(box["y"] + box["height"])


@browsing
def test_the_first_screen_of_a_phone_has_picture_cue_why_and_numbers(browser: Any, written: Path) -> None:
    tab = browser.new_page(viewport=PHONE)
    tab.goto(written.as_uri())
    for place in (".still img", ".first blockquote", ".first .why", ".tiles"):
        assert bottom(tab, place) <= PHONE["height"], place
    assert tab.locator(".still img").bounding_box()["width"] > 0.85 * PHONE["width"]
    assert [name.lower() for name in tab.locator(".tile-name").all_inner_texts()] == [
        "cadence",
        "contact time",
        "speed",
    ]
    words = tab.evaluate(VISIBLE_WORDS)
    tab.close()
    assert 40 < words < 400


@browsing
def test_the_film_opens_at_the_focus(fresh: Any, run: Analysis) -> None:
    assert frame(fresh) == focus_shot(run).frame


@browsing
def test_the_contents_open_what_they_name(fresh: Any) -> None:
    for link in fresh.locator(".contents a").all():
        link.click()
        place = link.get_attribute("href")
        assert fresh.locator(place).is_visible(), place


@browsing
def test_measures_are_found_and_changed_to_feet(fresh: Any) -> None:
    fresh.locator(".contents a[href='#measures']").click()
    fresh.locator("#sieve").fill("knee bend")
    rows_left = fresh.locator(".sort tbody tr:visible th").all_inner_texts()
    assert rows_left
    assert all("knee bend" in name.lower() for name in rows_left)
    fresh.locator("#sieve").fill("speed")
    speed = fresh.locator(".value[data-unit='m/s']").first
    assert speed.inner_text() == "3.20 ± 0.10 m/s"
    fresh.locator("#units").select_option("imperial")
    assert speed.inner_text() == "7.2 ± 0.2 mph"
    fresh.locator("#units").select_option("metric")
    assert speed.inner_text() == "3.20 ± 0.10 m/s"


@browsing
def test_a_picture_of_evidence_can_be_enlarged(fresh: Any) -> None:
    fresh.locator(".contents a[href='#finding-1']").click()
    picture = fresh.locator(".enlarge").first
    before = picture.locator("img").bounding_box()["width"]
    picture.click()
    assert fresh.locator("#large img").bounding_box()["width"] >= before
    fresh.locator("#large button").click()
    assert not fresh.locator("#large").is_visible()


@browsing
def test_an_angle_is_measured_on_the_film(fresh: Any) -> None:
    fresh.locator(".contents a[href='#the-film']").click()
    fresh.locator("#angle").click()
    screen = fresh.locator(".screen")
    for x, y in ((60, 60), (60, 160), (160, 160)):
        screen.click(position={"x": x, "y": y})
    assert fresh.locator("#angle-drawn text").text_content() == "90°"
    fresh.locator("#angle").click()
    assert fresh.locator("#angle-drawn text").count() == 0


@browsing
def test_the_keyboard_alone_measures_an_angle_and_enlarges(fresh: Any) -> None:
    fresh.locator(".contents a[href='#the-film']").focus()
    fresh.keyboard.press("Enter")
    fresh.locator("#angle").focus()
    before = frame(fresh)
    fresh.keyboard.press("Enter")
    for keys in (["Enter"], ["ArrowDown"] * 5 + ["Enter"], ["ArrowRight"] * 5 + ["Enter"]):
        for key in keys:
            fresh.keyboard.press(key)
    assert fresh.locator("#angle-says").inner_text() == "90°"
    assert frame(fresh) == before
    fresh.keyboard.press("Escape")
    assert fresh.locator("#angle-drawn path").count() == 0
    fresh.locator(".screen").focus()
    fresh.keyboard.press("+")
    assert fresh.evaluate(SCALE) > 1.3
    fresh.keyboard.press("Shift+ArrowLeft")
    fresh.keyboard.press("0")
    assert fresh.evaluate(SCALE) == 1


SCALE = "new DOMMatrix(getComputedStyle(document.querySelector('.zoomed')).transform).a"


@browsing
def test_typical_legs_lie_over_the_paused_film(fresh: Any) -> None:
    fresh.locator(".contents a[href='#the-film']").click()
    fresh.locator("#typical").click()
    assert fresh.locator("#typical-drawn path.beside").count() == 2
    places = [fresh.locator("#typical-drawn path.beside").last.get_attribute("d")]
    fresh.locator("#on").click()
    places.append(fresh.locator("#typical-drawn path.beside").last.get_attribute("d"))
    assert places[0] != places[1]
    fresh.locator("#typical").click()
    assert fresh.locator("#typical-drawn path").count() == 0


@browsing
def test_the_browser_runs_the_pages_own_scripts_only(browser: Any, written: Path) -> None:
    tab = browser.new_page(bypass_csp=False)
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(written.as_uri())
    film = tab.locator("#film")
    film.evaluate("film => new Promise(done => film.readyState >= 2 ? done() : film.addEventListener('canplay', done))")
    assert complaints == []
    tab.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.other = 1'}))"
    )
    assert tab.evaluate("window.other") is None
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.evaluate("fetch('http://127.0.0.1:1/').catch(() => {})")
    tab.close()
    assert [address for address in asked if address.startswith("http")] == []


@browsing
def test_the_film_can_be_enlarged_about_a_point(fresh: Any) -> None:
    fresh.locator(".contents a[href='#the-film']").click()
    box = fresh.locator(".screen").bounding_box()
    fresh.locator(".screen").scroll_into_view_if_needed()
    fresh.evaluate(PINCH, [box["width"] / 2, box["height"] / 2])
    assert fresh.evaluate(SCALE) > 1.5
    fresh.locator("#fit").click()
    assert fresh.evaluate(SCALE) == 1


PINCH = """([x, y]) => {
  const screen = document.querySelector(".screen"), box = screen.getBoundingClientRect();
  screen.setPointerCapture = () => {};
  const send = (type, pointerId, dx) => {
    const at = { clientX: box.left + x + dx, clientY: box.top + y };
    screen.dispatchEvent(new PointerEvent(type, { pointerId, pointerType: "touch", ...at, bubbles: true }));
  };
  send("pointerdown", 1, -20);
  send("pointerdown", 2, 20);
  send("pointermove", 1, -60);
  send("pointermove", 2, 60);
  send("pointerup", 1, -60);
  send("pointerup", 2, 60);
}"""


@browsing
def test_nothing_is_wider_than_the_screen(view: Any) -> None:
    assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = view.evaluate(
        "[...document.querySelectorAll('button')].map(b => b.getBoundingClientRect())"
        ".filter(r => r.width && (r.width < 24 || r.height < 24)).length"
    )
    assert small == 0
    ARTEFACTS.mkdir(exist_ok=True)
    view.screenshot(path=ARTEFACTS / f"page_{view.viewport_size['width']}.png", full_page=True)


@browsing
def test_it_prints(browser: Any, written: Path, tmp_path: Path) -> None:
    tab = browser.new_page()
    tab.goto(written.as_uri())
    tab.pdf(path=tmp_path / "page.pdf", format="A4")
    tab.close()
    pages_printed = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "page.pdf").read_bytes()))
    assert 1 <= pages_printed <= 8


# -- as text -------------------------------------------------------------------------------------------------------


def test_one_file_that_needs_nothing_else(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    outside = re.findall(
        r"""(?:src|href|url)\s*[=(]\s*["']?(?!data:|#)([^"')\s>]+)""", re.sub(r"<script.*", "", text, flags=re.DOTALL)
    )
    assert outside == []
    assert re.search(r"https?:", re.sub(r"data:[^\"]+", "", text.split('id="film-data"', maxsplit=1)[0])) is None


def test_without_the_film_it_is_small(run: Analysis, pictures: Pictures, tmp_path: Path) -> None:
    path = write_page(describe(run), run, tmp_path / "report.html", pictures=pictures)
    assert path.stat().st_size < 3_000_000
    text = path.read_text(encoding="utf-8")
    assert "<video" not in text
    assert 'id="map"' not in text
    assert "Shin angle at landing, right: 12°" in text


def test_a_large_film_stays_beside_the_page(
    run: Analysis, film: Film, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "EMBEDDED_FILM", 1000)
    text = write_page(describe(run), run, written.with_name("linked.html"), film=film).read_text(encoding="utf-8")
    assert 'src="annotated.mp4"' in text
    assert 'id="film-data"' not in text


def test_words_of_the_clip_are_never_markup(run: Analysis, tmp_path: Path) -> None:
    nasty = "<script>alert(1).mp4"
    clip = replace(run.clip, path=Path(nasty))
    text = write_page(describe(replace(run, clip=clip)), run, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_nothing_to_change_still_makes_a_page(run: Analysis, tmp_path: Path) -> None:
    calm = without_plan(run)
    text = write_page(describe(calm), calm, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h1>Nothing in this clip asks for a change</h1>" in text


def test_of_several_people_each_is_shown_with_a_number(run: Analysis, tmp_path: Path) -> None:
    seen = tuple(PersonSeen(number=n, frame=3, box_px=(100 * n, 60, 100 * n + 80, 300)) for n in (1, 2))
    shown = evidence_pictures(run.clip, replace(run, people=seen), tmp_path / "frames")
    assert shown.people == tmp_path / "frames" / "people.jpg"
    page = write_page(describe(run), run, tmp_path / "report.html", pictures=shown)
    assert "Everyone in the film, with their numbers" in page.read_text(encoding="utf-8")


def test_a_page_that_failed_leaves_nothing(run: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="disk full"):
        write_page(describe(run), run, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []
