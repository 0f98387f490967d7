"""Every page and every form: the same functions as the command line, and nothing of a deleted take is left."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from midstance.comparison.model import StoredTake
from midstance.store import Store
from midstance.store.jobs import end_job
from midstance.web.state import State
from tests.fixtures.least_analysis import analysis

HTML = {"Accept": "text/html"}


@pytest.fixture
def takes(store: Store, tmp_path: Path) -> tuple[StoredTake, StoredTake]:
    """Two judged takes of one runner with a report each, the second with a smaller shank angle."""
    cody = store.add_athlete("Cody <b>", height_m=1.8)
    made = []
    for number, shank in enumerate((9.0, 4.0)):
        film = tmp_path / f"run{number}.mp4"
        film.write_bytes(b"\0\0\0\x20ftypisom" + bytes([number]))
        take = store.add_take(cody, film)
        report = tmp_path / f"report{number}.zip"
        with zipfile.ZipFile(report, "w") as archive:
            archive.writestr("report.html", f"<h1>Take {number}</h1><script>alert(1)</script>")
            archive.writestr("../../escaped.html", "no")
            for name in ("annotated", "annotated_front"):
                archive.writestr(f"{name}.mp4", b"film")
        picture, loop = tmp_path / "picture.jpg", tmp_path / "loop.mp4"
        picture.write_bytes(b"a picture %d" % number)
        loop.write_bytes(b"0123456789 loop %d" % number)
        made_of = {"report": report, "thumbnail": picture, "film": loop}
        store.add_analysis(take, analysis(shank=shank), made_of)
        made.append(store.take(take.id))
    return made[0], made[1]


@pytest.mark.usefixtures("takes")
def test_every_page_opens(client: TestClient, store: Store) -> None:
    uid = store.athletes()[0].uid
    pages = [
        "/", "/athletes", "/athletes/new", f"/athletes/{uid}", f"/athletes/{uid}/edit", f"/athletes/{uid}/course",
        f"/athletes/{uid}/delete", "/takes/1", "/takes/1/about", "/takes/1/delete", "/compare?take=1&take=2", "/ask",
        "/ask?q=my shins ache&take=1", "/explain", "/explain/reaching", "/explain/cadence_spm", "/photo", "/filming",
        "/settings", "/phone",
    ]  # fmt: skip
    for path in pages:
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200, path
        assert "<b>" not in answer.text, path
        assert answer.text.count("<h1") == 1 or "iframe" in answer.text, path
        assert 'lang="en"' in answer.text


@pytest.mark.usefixtures("takes")
def test_every_link_of_every_page_leads_somewhere(client: TestClient, store: Store) -> None:
    seen, to_see = set(), ["/", f"/athletes/{store.athletes()[0].uid}", "/compare?take=1&take=2", "/takes/1"]
    while to_see:
        path = to_see.pop().partition("#")[0].replace("&amp;", "&")
        if path in seen or path.startswith(("/explain/", "/ask?")):
            continue
        seen.add(path)
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200, path
        if "text/html" in answer.headers["content-type"] and not path.startswith("/shown"):
            to_see += re.findall(r'(?:href|src)="(/[^"]*)"', answer.text)
    assert len(seen) > 20


@pytest.mark.parametrize("path", ["/takes/77", "/takes/77/about", "/athletes/" + "0" * 32, "/explain/nothing", "/no"])
def test_what_is_not_here(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.usefixtures("takes")
def test_a_film_side_by_side_is_found_again(client: TestClient, store: Store, state: State) -> None:
    """Whoever closes the page while it is drawn finds it with the runner, as long as it is here."""
    cody = store.athletes()[0]
    job = state.jobs.add("beside", {"name": "", "takes": [1, 2]}, athlete=cody.id)
    assert f"/beside/{job.uid}" not in client.get(f"/athletes/{cody.uid}").text
    assert "on the runner&#39;s page" in client.get(f"/jobs/{job.uid}").text
    state.settings.shown.mkdir(exist_ok=True)
    (state.settings.shown / f"beside-{job.uid}.mp4").write_bytes(b"film")
    assert f'<a href="/beside/{job.uid}">Takes 1 and 2</a>' in client.get(f"/athletes/{cody.uid}").text


@pytest.mark.usefixtures("takes")
def test_work_of_another_kind_is_no_photo_and_no_film(client: TestClient, store: Store, state: State) -> None:
    job = state.jobs.add("analyze", {"name": "run.mp4"}, take=1)
    claimed = state.jobs.claim("w:1:1")
    assert claimed
    with store.writing() as connection:
        end_job(connection, claimed, {"take": 1})
    for path in (f"/photo/{job.uid}", f"/beside/{job.uid}", f"/photo/{job.uid}/drawn.jpg"):
        assert client.get(path, headers=HTML).status_code == 404, path


@pytest.mark.parametrize("path", ["/takes/0", "/takes/-1", "/takes/99999999999999", "/takes/x", "/athletes/..%2f.."])
def test_what_makes_no_sense(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    assert "should match" not in answer.text


@pytest.mark.usefixtures("takes")
def test_a_report_is_shown_as_a_page_of_nobodys(client: TestClient, tmp_path: Path) -> None:
    address = re.search(r'src="(/shown/[^"]*)"', client.get("/takes/1").text)[1]
    client.cookies.clear()  # such a frame sends none
    shown = client.get(address)
    assert shown.text.startswith("<h1>Take 0")
    assert "sandbox allow-scripts" in shown.headers["content-security-policy"]
    assert "allow-same-origin" not in shown.headers["content-security-policy"]
    for name in ("annotated.mp4", "annotated_front.mp4"):  # too large to lie in the page, a joined film too
        part = client.get(address.replace("report.html", name), headers={"Range": "bytes=1-2"})
        assert (part.status_code, part.content) == (206, b"il")
    for other in (address.replace("/1/", "/2/"), address[:-20] + "0" * 8 + address[-12:], "/shown/1/x/report.html"):
        assert client.get(other).status_code == 404
    assert client.get(address.replace("report.html", "escaped.html")).status_code == 404
    assert not list(tmp_path.rglob("escaped.html"))


@pytest.mark.usefixtures("takes")
def test_a_film_can_be_read_in_parts(client: TestClient) -> None:
    part = client.get("/takes/1/loop.mp4", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"234", "video/mp4")


def test_add_and_change_a_runner(client: TestClient, store: Store) -> None:
    client.post("/athletes", data={"name": "Ann", "height": "5'5\"", "mass": "120lb"})
    ann = store.athlete("Ann")
    assert (round(ann.height_m, 3), round(ann.mass_kg, 1)) == (1.651, 54.4)
    client.post(f"/athletes/{ann.uid}/edit", data={"name": "Anne", "height": "1.70 m", "mass": "", "notes": "fast"})
    assert store.athletes()[0].name == "Anne"
    assert (store.athletes()[0].height_m, store.athletes()[0].mass_kg) == (1.7, None)


@pytest.mark.parametrize(
    ("said", "says"),
    [({"name": " "}, "needs a name"), ({"name": "B", "height": "166"}, "Write it as"), ({"name": "x" * 101}, "name")],
)
def test_a_runner_that_cannot_be(client: TestClient, store: Store, said: dict[str, str], says: str) -> None:
    answer = client.post("/athletes", data=said, headers=HTML)
    assert answer.status_code == 400
    assert says in answer.text
    assert store.athletes() == ()


@pytest.mark.usefixtures("takes")
def test_change_what_is_known_of_a_take(client: TestClient, store: Store, state: State) -> None:
    said = {"taken_at": "2026-05-01T07:30", "trying": "sooner", "shoes": "red", "slow_motion": "1"}
    assert client.post("/takes/1/about", data=said).headers["location"] == "/takes/1/about"
    known = store.take(1).known
    assert (known.trying, known.shoes, f"{known.taken_at:%Y-%m-%d %H:%M}") == ("sooner", "red", "2026-05-01 07:30")
    faster = client.post("/takes/1/about", data={**said, "speed": "12km/h"})
    assert faster.headers["location"].startswith("/jobs/")  # measured again, from the points that are kept
    assert [job.kind for job in state.jobs.of_take(1)] == ["analyze"]
    assert "no films in 3000" in client.post("/takes/1/about", data={"taken_at": "3000-01-01"}).text


@pytest.mark.usefixtures("takes")
def test_compare_keeps_and_says(client: TestClient, store: Store) -> None:
    where = client.post("/compare", data={"take": [2, 1]}).headers["location"]
    page = client.get(where).text
    assert "shin angle at landing" in page.lower()
    assert len(store.comparisons(store.athletes()[0])) == 1
    data = json.loads(re.search(r'id="changes">(.*?)</script>', page, re.DOTALL)[1])
    assert data["films"] == {"1": "/takes/1/loop.mp4", "2": "/takes/2/loop.mp4"}
    assert data["says"] == {}  # the page says it already
    assert client.post("/compare", data={"take": [1]}).status_code == 400
    for nothing_ticked in ("/compare", "/compare?take=1"):
        answer = client.get(nothing_ticked, headers=HTML)
        assert answer.status_code == 400
        assert "Choose two takes or more" in answer.text


@pytest.mark.usefixtures("takes")
def test_what_the_command_line_can_is_here_too(client: TestClient, state: State) -> None:
    clean = client.post("/beside", data={"take": [1], "clean": "true"}).headers["location"]
    assert state.job(clean.rpartition("/")[2]).wanted == {"name": "", "takes": [1], "ghost": False, "clean": True}
    assert client.post("/beside", data={"take": [1]}).status_code == 400
    tried = client.post("/takes/1/analyze", data={"model": "full", "try": "true"}).headers["location"]
    assert state.job(tried.rpartition("/")[2]).wanted["try"]
    assert "did not click" in client.get("/compare?take=1&take=2").text


@pytest.mark.usefixtures("takes")
def test_takes_of_two_runners_are_not_compared(client: TestClient, store: Store, tmp_path: Path) -> None:
    film = tmp_path / "other.mp4"
    film.write_bytes(b"other")
    store.add_take(store.add_athlete("Ben"), film)
    assert "one runner" in client.get("/compare?take=1&take=3").text


@pytest.mark.usefixtures("takes")
def test_deleted_is_gone(client: TestClient, store: Store, state: State, tmp_path: Path) -> None:
    address = re.search(r'src="(/shown/[^"]*)"', client.get("/takes/1").text)[1]
    client.get(address)
    state.jobs.add("analyze", {}, take=1)
    assert client.get("/takes/1/delete").status_code == 200  # a link changes nothing
    assert store.take(1)
    client.post("/takes/1/delete")
    assert client.get("/takes/1").status_code == 404
    assert client.get(address).status_code == 404
    assert state.jobs.recent() == ()
    client.post(f"/athletes/{store.athletes()[0].uid}/delete")
    kept = [path for folder in ("films", "shown") for path in (tmp_path / folder).rglob("*") if path.is_file()]
    assert kept == []


@pytest.mark.usefixtures("takes")
def test_export_and_what_is_in_it(client: TestClient, store: Store, state: State) -> None:
    answer = client.get(f"/athletes/{store.athletes()[0].uid}/export.zip")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert {"athlete.json", "measures.csv"} < set(archive.namelist())
    assert not list(state.settings.shown.glob("export-*"))


@pytest.mark.usefixtures("takes")
def test_a_job_that_is_done_leads_to_its_take(client: TestClient, state: State) -> None:
    job = state.jobs.add("analyze", {"name": "run.mp4"}, take=1)
    assert "Waiting for its turn" in client.get(f"/jobs/{job.uid}").text
    claimed = state.jobs.claim("w:1:1")
    state.jobs.renew(claimed, "looking", 3, 9)
    assert client.get(f"/jobs/{job.uid}/state").json()["done"] == 3
    state.jobs.fail(claimed, "The film is damaged.")
    assert "The film is damaged." in client.get(f"/jobs/{job.uid}").text
    with client.stream("GET", f"/jobs/{job.uid}/events") as news:
        line = next(line for line in news.iter_lines() if line)
    assert json.loads(line.removeprefix("data: "))["state"] == "failed"
    again = client.post(f"/jobs/{job.uid}/again").headers["location"]
    client.post(f"{again}/cancel")
    assert "Stopped" in client.get(again).text
