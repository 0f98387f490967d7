"""Who is let in: a link that opens once, our own names, our own pages; and what a page may do."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from midstance.web.state import State
from tests.web.conftest import HOST

PAGES = ("/", "/jobs/" + "0" * 32, "/takes/1", "/takes/1/clip", "/uploads/" + "0" * 32)


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_sees_nothing(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "Open the link" in answer.text


def test_a_link_opens_once(stranger: TestClient, state: State) -> None:
    key = state.keys.new_link()
    assert stranger.get("/open", params={"key": key}).status_code == 200  # looking does not use it up
    ours = {"Origin": f"http://{HOST}"}
    opened = stranger.post("/open", data={"key": key}, headers=ours)
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    stranger.cookies.clear()
    assert stranger.post("/open", data={"key": key}, headers=ours).status_code == 401
    assert stranger.post("/open", data={"key": "guessed"}, headers=ours).status_code == 401


@pytest.mark.parametrize("cookie", ["", "1.2.3", "9999999999.aa.bb", "x", "é.é.é"])
def test_a_made_up_cookie_opens_nothing(stranger: TestClient, cookie: str) -> None:
    assert stranger.get("/", headers={"Cookie": f"midstance={cookie}".encode()}).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8460", "127.0.0.1", "127.0.0.1:1", "[::1]:8460", ""])
def test_a_name_that_was_made_to_point_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}]
)
def test_another_page_changes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/uploads", headers=headers).status_code == 403


def test_a_browser_that_says_nothing_of_the_page_changes_nothing(client: TestClient) -> None:
    del client.headers["Origin"]
    assert client.post("/uploads").status_code == 403
    assert client.post("/uploads", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 412


def test_pages_may_run_our_scripts_alone(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text
    assert "style=" not in answer.text


def test_the_key_of_the_cookies_is_its_users_alone(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/").status_code == 200
    assert stat.S_IMODE((tmp_path / "web.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["..%2fguard.py", "page.css.j2", "first.html.j2", "nothing.css", "%2e%2e", "a b.css"])
def test_only_what_is_meant_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_whether_it_is_well_is_no_secret(stranger: TestClient) -> None:
    assert stranger.get("/health").json() == {"state": "well"}
