"""Every route with every role: nobody sees or changes what is another's. The routes are those of the app itself."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from midstance.comparison.model import StoredTake, TakeNotes
from midstance.store import Store, accounts, tables
from midstance.store.jobs import Jobs
from midstance.store.own import Whose
from midstance.store.shares import add_share, delete_share
from midstance.web.app import make_app
from midstance.web.guard import Guard
from midstance.web.routes.shares import key_of
from midstance.web.settings import Settings
from midstance.web.state import State
from midstance.web.tokens import new_token
from tests.fixtures.least_analysis import analysis

HOST = "club.example"
OPEN = {
    "/health",
    "/static/{name}",
    "/sign-in",
    "/invited",
    "/share/{key}",
    "/share/{key}/report.pdf",
    "/shown/share/{key}/{name}",
    "/shown/{number}/{signature}/{name}",
    "/shown/course/{uid}/{signature}/{name}",
}
"""Routes without a cookie: the door, and addresses that are a key themselves."""

COACHES = {
    ("GET", "/athletes/new"),
    ("POST", "/athletes"),
    ("GET", "/settings"),
    ("GET", "/phone"),
    ("GET", "/metrics"),
    ("GET", "/members"),
    ("POST", "/members/invite"),
    ("POST", "/members/{number}/password"),
    ("POST", "/members/{number}/delete"),
    ("POST", "/api/v1/athletes"),
    ("GET", "/api/v1/webhooks"),
    ("POST", "/api/v1/webhooks"),
    ("GET", "/api/v1/webhooks/{hook}/calls"),
    ("DELETE", "/api/v1/webhooks/{hook}"),
    ("POST", "/programs/webhooks"),
    ("POST", "/programs/webhooks/{hook}/delete"),
}
"""What an athlete is refused whatever it is about."""

ABOUT_NOBODY = {
    "/",
    "/athletes",
    "/ask",
    "/beat",
    "/beat/{steps}.wav",
    "/explain",
    "/explain/{word}",
    "/filming",
    "/photo",
    "/programs",
    "/open",
    "/account",
    "/account/password",
    "/sign-out",
    "/uploads",
    "/api/v1/athletes",
    "/api/v1/ask",
    "/api/v1/tokens",
    "/api/v1/openapi.json",
}
"""Routes that name no runner: they show a visitor's own, or nothing of anybody."""

NOTE = "wearing the orange vest"
"""A note of the other runner: whoever sees it has seen too much."""


@dataclass
class Owned:
    """What one runner has, by the names that routes give it."""

    name: str
    uid: str
    number: int
    second: int
    job: str
    upload: str
    account: int
    cookie: str
    token: int


class Club:
    """A server of a club with two athletes who have the same kinds of things, and a coach."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        settings = Settings(
            hosts=frozenset({HOST}), folder=folder, workers=0, team=True, address=f"https://{HOST}", private_hooks=True
        )
        self.app = make_app(store, settings)
        self.state: State = self.app.state.midstance
        self.alma, self.bodil = (self._runner(name, folder) for name in ("Alma", "Bodil"))
        self.coach = self._account("Coach", "coach", None)
        self.share = add_share(store, store.take(self.alma.number), days=7)
        self.link = key_of(self.state, self.share)

    def _account(self, name: str, role: Any, athlete: int | None) -> tuple[int, str]:
        key = accounts.invite(self.store, role, athlete=athlete)
        number = accounts.accept(self.store, key, name, "four words are enough")
        return number, accounts.sign_in(self.store, number)

    def _runner(self, name: str, folder: Path) -> Owned:
        athlete = self.store.add_athlete(name)
        numbers = [self._take(name, folder, n).id for n in range(2)]
        account, cookie = self._account(name, "athlete", athlete.id)
        job = Jobs(self.store, Whose(account=account)).add("photo", {"name": f"{name}.jpg"})
        (folder / "shown").mkdir(exist_ok=True)
        for made in (f"photo-{job.uid}.jpg", f"beside-{job.uid}.mp4"):
            (folder / "shown" / made).write_bytes(NOTE.encode())
        seen = self.state.uploads.seen_by(Whose(account=account, athlete=athlete.id))
        upload = seen.announce(1000, {"filename": "run.mp4", "athlete": athlete.uid}).uid
        new_token(self.store, NOTE, account)
        with self.store.reading() as connection:
            token = connection.execute(select(tables.tokens.c.id).order_by(tables.tokens.c.id.desc())).first()[0]
        return Owned(name, athlete.uid, numbers[0], numbers[1], job.uid, upload, account, cookie, token)

    def _take(self, name: str, folder: Path, n: int) -> StoredTake:
        film = folder / f"{name}-{n}.mp4"
        film.write_bytes(f"{NOTE} {name} {n}".encode())
        report = folder / "report.zip"
        with zipfile.ZipFile(report, "w") as packed:
            packed.writestr("report.html", f"<p>{NOTE}</p>")
            packed.writestr("report.pdf", NOTE)
        known = TakeNotes(notes=NOTE, trying=NOTE)
        take = self.store.add_take(self.store.athlete(name), film, known)
        made = {"report": report, "film": film, "thumbnail": film, "poses": film}
        self.store.add_analysis(take, analysis(shank=9.0 - n), made)
        return self.store.take(take.id)

    def browser(self, cookie: str = "") -> TestClient:
        client = TestClient(self.app, base_url=f"https://{HOST}", follow_redirects=False, raise_server_exceptions=False)
        client.headers["Origin"] = f"https://{HOST}"
        if cookie:
            client.cookies.set(self.state.settings.cookie, cookie)
        return client

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that is somebody's, as it is now."""
        names = ("athletes", "takes", "files", "analyses", "plans", "comparisons", "corrections", "marks", "accounts")
        names += ("shares", "hooks", "uploads", "tokens")
        with self.store.reading() as connection:
            found = {n: connection.execute(select(tables.metadata.tables[n])).all() for n in names}
            jobs = select(tables.jobs.c.uid, tables.jobs.c.state, tables.jobs.c.cancel, tables.jobs.c.take_id)
            return {name: [tuple(row) for row in rows] for name, rows in found.items()} | {
                "jobs": [tuple(row) for row in connection.execute(jobs)]
            }


@pytest.fixture
def club(store: Store, tmp_path: Path) -> Club:
    return Club(store, tmp_path)


def every_route(app: Any) -> list[tuple[str, Any]]:
    """(method, route) of everything the app answers to."""
    found = []
    for route in app.routes:
        if hasattr(route, "original_router"):  # a router that FastAPI put in as a whole
            found += every_route(route.original_router)
        else:
            found += [(method, route) for method in sorted(route.methods)]
    return found


def filled(route: Any, whose: Owned, club: Club) -> str:
    """The path of a route about what somebody has; an unknown name must be given a meaning here first."""
    path, known = route.path, path_values(route.path, whose, club)
    for name in re.findall(r"{(\w+)}", path):
        path = path.replace(f"{{{name}}}", str(known[name]))
    return path


def path_values(path: str, whose: Owned, club: Club) -> Mapping[str, Any]:
    uid = whose.uid
    if path.startswith(("/jobs", "/photo", "/beside", "/api/v1/jobs")):
        uid = whose.job
    elif path.startswith("/uploads"):
        uid = whose.upload
    number = whose.number
    if path.startswith("/members"):
        number = whose.account
    elif path.startswith("/programs"):
        number = whose.token
    return {
        "uid": uid,
        "number": number,
        "steps": 170,
        "before": whose.second,
        "other": whose.second,
        "mark": 1,
        "token": whose.token,
        "hook": 1,
        "link": club.share.number,
        "cause": "overstriding.cadence",
        "word": "overstriding",
        "key": club.link,
        "signature": "1-0",
        "name": "report" if path.endswith("{name}.pdf") else "report.html",
    }


FORMS: dict[str, Any] = {
    "name": "Somebody",
    "height": "1.80",
    "mass": "70",
    "notes": "",
    "q": "shin splints",
    "steps": "170",
    "minutes": "1",
    "try": "true",
    "clean": "true",
    "role": "coach",
    "days": 7,
    "url": "https://club.example/done",
    "password": "another four words",
    "old": "wrong",
    "new": "another four words",
    "key": "guessed",
    "to": "/",
    "back": "/",
    "slow_motion": "4",
    "model": "full",
    "ghost": "true",
    "every": "false",
    "taken_at": "",
    "trying": "",
    "surface": "",
    "shoes": "",
    "speed": "",
    "content": {"do": "swap"},
    "number": None,
}
"""What is said in forms and questions that names nobody; a new name must be given a value here, or in `said`."""

HEADERS = {"Idempotency-Key"}


def said(route: Any, whose: Owned) -> dict[str, Any]:
    """What a request says, all of it about what somebody has."""
    about = {"take": [whose.number, whose.second], "other": whose.second, "athlete": whose.uid}
    dependant = getattr(route, "dependant", None)
    names = [field.alias for field in (*dependant.query_params, *dependant.body_params)] if dependant else []
    found: dict[str, Any] = {}
    for name in names:
        if name == "said":  # a model: its fields count
            found |= {"name": "Somebody"}
        elif name == "recording":
            continue
        else:
            found[name] = about[name] if name in about else FORMS[name]
    return found


def ask(client: TestClient, way: tuple[str, Any], whose: Owned, club: Club) -> Any:
    """Send a request about what somebody has."""
    method, route = way
    path, words = filled(route, whose, club), said(route, whose)
    if path.startswith("/uploads"):
        metadata = f"filename cnVuLm1wNA==,athlete {base64(whose.uid)}"
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "500", "Upload-Metadata": metadata, "Upload-Offset": "0"}
        headers["Content-Type"] = "application/offset+octet-stream"
        return client.request(method, path, headers=headers, content=b"" if method == "PATCH" else None)
    if method in {"GET", "HEAD", "DELETE", "OPTIONS"} or route.path == "/api/v1/athletes/{uid}/takes":
        return client.request(method, path, params=words, headers={"Accept": "text/html"})
    if path.startswith("/api/") or "content" in words:
        return client.request(method, path, json=words.get("content", words))
    files = {"recording": ("a.csv", io.BytesIO(b"time\n"))} if path.endswith("/watch") else None
    return client.request(method, path, data=words, files=files)


def base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(text.encode()).decode()


def test_the_app_has_the_routes_that_are_walked(club: Club) -> None:
    walked = {(method, route.path) for method, route in every_route(club.app)}
    assert len(walked) > 80
    assert {("GET", "/takes/{number}"), ("POST", "/members/invite"), ("PATCH", "/uploads/{uid}")} <= walked
    assert walked >= COACHES
    assert {path for _, path in walked} >= OPEN | ABOUT_NOBODY - {"/api/v1/openapi.json"}


def test_anonymous_sees_the_door_alone(club: Club) -> None:
    stranger, before = club.browser(), club.everything()
    for method, route in every_route(club.app):
        answer = ask(stranger, (method, route), club.alma, club)
        where = f"{method} {route.path}: {answer.status_code}"
        if route.path in {"/share/{key}", "/share/{key}/report.pdf", "/shown/share/{key}/{name}"}:
            assert answer.status_code == 200, where
            continue
        assert NOTE not in answer.text, where
        assert "Alma" not in answer.text, where
        if route.path not in OPEN:
            assert answer.status_code in {401, 303}, where
            assert answer.status_code == 401 or answer.headers["location"].startswith("/sign-in"), where
    assert club.everything() == before


def test_a_revoked_link_shows_nothing(club: Club) -> None:
    shown = [f"/share/{club.link}", f"/share/{club.link}/report.pdf", f"/shown/share/{club.link}/report.html"]
    stranger = club.browser()
    assert [stranger.get(path).status_code for path in shown] == [200, 200, 200]
    assert NOTE in stranger.get(shown[2]).text
    delete_share(club.store, club.store.take(club.alma.number), club.share.number)
    before = club.everything()
    for method, route in every_route(club.app):
        answer = ask(stranger, (method, route), club.alma, club)
        assert NOTE not in answer.text, f"{method} {route.path}"
        if "/share/" in route.path:
            assert answer.status_code in {401, 404} or answer.headers["location"].startswith("/sign-in"), route.path
    assert club.everything() == before


def test_another_athlete_finds_nothing_of_ours(club: Club) -> None:
    bodil = club.browser(club.bodil.cookie)
    for method, route in every_route(club.app):
        if route.path in OPEN | ABOUT_NOBODY and (method, route.path) not in COACHES:
            continue
        before = club.everything()
        answer = ask(bodil, (method, route), club.alma, club)
        where = f"{method} {route.path}: {answer.status_code} {answer.text[:200]}"
        assert NOTE not in answer.text, where
        assert "Alma" not in answer.text, where
        wanted = {403} if (method, route.path) in COACHES else {404, 400, 303} if "programs" in route.path else {404}
        assert answer.status_code in wanted, where
        assert club.everything() == before, where


def test_pages_about_nobody_show_an_athlete_own_things_alone(club: Club) -> None:
    bodil = club.browser(club.bodil.cookie)
    for method, route in every_route(club.app):
        if route.path in ABOUT_NOBODY and (method, route.path) not in COACHES | {("POST", "/sign-out")}:
            answer = ask(bodil, (method, route), club.alma, club)
            where = f"{method} {route.path}: {answer.status_code}"
            assert answer.status_code < 500, where
            assert "Alma" not in answer.text, where
    assert bodil.post("/sign-out").status_code == 303


def test_an_athlete_reads_own_things(club: Club) -> None:
    alma = club.browser(club.alma.cookie)
    club.state.jobs.cancel(club.alma.job)  # its live news would go on
    for method, route in every_route(club.app):
        if method != "GET" or route.path in OPEN:
            continue
        answer = ask(alma, (method, route), club.alma, club)
        where = f"{method} {route.path}: {answer.status_code} {answer.text[:200]}"
        assert "Bodil" not in answer.text, where
        if (method, route.path) in COACHES:
            assert answer.status_code == 403, where
        else:
            assert answer.status_code in {200, 303, 400, 404, 409, 422}, where
    for path in ("/", f"/takes/{club.alma.number}", f"/athletes/{club.alma.uid}", f"/jobs/{club.alma.job}"):
        assert alma.get(path).status_code == 200, path
    assert NOTE in alma.get(f"/takes/{club.alma.number}/about").text
    assert alma.get(f"/takes/{club.alma.number}/report.pdf").text == NOTE


def test_a_coach_reads_everything(club: Club) -> None:
    coach = club.browser(club.coach[1])
    club.state.jobs.cancel(club.alma.job)  # its live news would go on
    for method, route in every_route(club.app):
        if method == "GET" and route.path not in OPEN:
            answer = ask(coach, (method, route), club.alma, club)
            assert answer.status_code in {200, 303, 400, 404, 409, 422}, f"{route.path}: {answer.status_code}"
    for whose in (club.alma, club.bodil):
        assert coach.get(f"/takes/{whose.number}").status_code == 200
        assert coach.get(f"/jobs/{whose.job}").status_code == 200
    assert "Alma" in coach.get("/athletes").text
    assert coach.get("/metrics").text.count("midstance_requests_total") > 2
    assert "Alma" not in coach.get("/metrics").text


def test_every_change_from_another_page_is_refused(club: Club) -> None:
    coach, before = club.browser(club.coach[1]), club.everything()
    coach.headers["Origin"] = "https://evil.example"
    for method, route in every_route(club.app):
        if method not in {"GET", "HEAD", "OPTIONS"}:
            assert ask(coach, (method, route), club.alma, club).status_code == 403, f"{method} {route.path}"
    assert club.everything() == before


def test_a_key_for_programs_sees_what_its_account_sees(club: Club) -> None:
    client = club.browser()
    del client.headers["Origin"]
    client.headers["Authorization"] = f"Bearer {new_token(club.store, 'notebook', club.bodil.account)}"
    assert [one["name"] for one in client.get("/api/v1/athletes").json()] == ["Bodil"]
    assert client.get(f"/api/v1/takes/{club.alma.number}").status_code == 404
    assert client.get(f"/api/v1/takes/{club.bodil.number}").status_code == 200
    assert client.get("/").status_code == 401
    client.headers["Authorization"] = f"Bearer {new_token(club.store, 'of the owner, before there was a club')}"
    assert client.get("/api/v1/athletes").status_code == 401
    accounts.delete_account(club.store, club.bodil.account)
    assert json.dumps(club.everything()["tokens"], default=str).count("notebook") == 0


def test_only_the_guard_lets_in(club: Club) -> None:
    assert any(cast("Any", one).cls is Guard for one in club.app.user_middleware)
