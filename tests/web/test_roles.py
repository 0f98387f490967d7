"""Every route with every role: nobody sees or changes what is another's. The routes are those of the app itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from midstance.store import Store, accounts
from midstance.store.shares import delete_share
from midstance.web.guard import Guard
from midstance.web.tokens import new_token
from tests.web.club import NOTE, Club, ask, every_route

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


@pytest.fixture
def club(store: Store, tmp_path: Path) -> Club:
    return Club(store, tmp_path)


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
