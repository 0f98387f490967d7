"""A club: invitations, signing in and out, passwords, too many tries, quotas, logs without names."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from midstance.errors import UsageError
from midstance.store import Store, accounts
from midstance.store.own import Whose
from midstance.web.app import make_app
from midstance.web.observed import JsonLines
from midstance.web.rates import Rate
from midstance.web.refusals import RefusedRequest
from midstance.web.server import Team, _of_team
from midstance.web.settings import Limits, Settings
from midstance.web.uploads import Uploads

HOST = "club.example"
WORDS = "four words are enough"


@pytest.fixture
def club(store: Store, settings: Settings) -> Iterator[TestClient]:
    known = replace(settings, team=True, address=f"https://{HOST}", hosts=frozenset({HOST}))
    with TestClient(make_app(store, known), base_url=f"https://{HOST}", follow_redirects=False) as client:
        client.headers |= {"Origin": f"https://{HOST}", "Accept": "text/html"}
        yield client


def join(club: TestClient, key: str, name: str, password: str = WORDS) -> int:
    return club.post("/invited", data={"key": key, "name": name, "password": password}).status_code


def test_from_the_first_coach_to_an_athlete_with_a_new_password(club: TestClient, store: Store) -> None:
    key = accounts.invite(store, "coach")
    assert "Welcome" in club.get("/invited", params={"key": key}).text
    assert join(club, key, "Ada", "short") == 400
    assert join(club, key, "Ada") == 303
    cookie = club.cookies.get("__Host-midstance")
    assert join(club, key, "Eve") == 404  # used up
    cody = store.add_athlete("Cody")
    shown = club.post("/members/invite", data={"role": "athlete", "athlete": cody.uid}).text
    invited = re.search(r"/invited\?key=([\w-]+)", shown)[1]
    club.cookies.clear()
    assert join(club, invited, "ada") == 400  # a name is taken in whatever capitals
    assert join(club, invited, "Cody R.") == 303
    assert club.get("/members").status_code == 403
    assert "Cody" in club.get("/athletes").text
    club.post("/sign-out")
    assert club.get("/").headers["location"] == "/sign-in?to=%2F"
    club.cookies.set("__Host-midstance", cookie)
    number = next(one.id for one in accounts.accounts(store) if one.role == "athlete")
    shown = club.post(f"/members/{number}/password").text
    again = re.search(r"/invited\?key=([\w-]+)", shown)[1]
    club.cookies.clear()
    assert join(club, again, "", "another four words") == 303
    club.cookies.clear()
    assert club.post("/sign-in", data={"name": "cody r.", "password": WORDS}).status_code == 401
    assert club.post("/sign-in", data={"name": "cody r.", "password": "another four words"}).status_code == 303


def test_a_cookie_is_kept_from_scripts_and_other_sites(club: TestClient, store: Store) -> None:
    accounts.accept(store, accounts.invite(store, "coach"), "Ada", WORDS)
    answer = club.post("/sign-in", data={"name": "Ada", "password": WORDS, "to": "//evil.example"})
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    for word in ("__Host-midstance=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "max-age" in answer.headers["strict-transport-security"]
    with store.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT digest FROM sessions").all())
        password = connection.exec_driver_sql("SELECT password FROM accounts").scalar()
    assert club.cookies.get("__Host-midstance") not in kept
    assert password.startswith("$argon2id$")


def test_passwords_cannot_be_tried_for_long(club: TestClient) -> None:
    answers = [club.post("/sign-in", data={"name": "Ada", "password": f"guess {n}"}).status_code for n in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert club.post("/sign-in", data={"name": "Eve", "password": "a guess"}).status_code == 401
    answers = [club.post("/sign-in", data={"name": f"{n}", "password": "x"}).status_code for n in range(25)]
    assert answers[-1] == 429  # from one address
    assert int(club.post("/sign-in", data={"name": "Ada", "password": WORDS}).headers["retry-after"]) > 1


def test_another_password_signs_out_the_other_browsers(club: TestClient, store: Store) -> None:
    number = accounts.accept(store, accounts.invite(store, "coach"), "Ada", WORDS)
    other = accounts.sign_in(store, number)
    club.cookies.set("__Host-midstance", accounts.sign_in(store, number))
    assert club.post("/account/password", data={"old": "wrong", "new": "another four words"}).status_code == 400
    assert club.post("/account/password", data={"old": WORDS, "new": "another four words"}).status_code == 303
    assert accounts.signed_in(store, other) is None
    assert club.get("/account").status_code == 200


def test_the_last_coach_stays(store: Store) -> None:
    number = accounts.accept(store, accounts.invite(store, "coach"), "Ada", WORDS)
    with pytest.raises(UsageError, match="only coach"):
        accounts.delete_account(store, number)
    accounts.accept(store, accounts.invite(store, "coach"), "Eve", WORDS)
    accounts.delete_account(store, number)
    assert [one.name for one in accounts.accounts(store)] == ["Eve"]


def test_an_athlete_goes_with_the_runner(store: Store) -> None:
    cody = store.add_athlete("Cody")
    number = accounts.accept(store, accounts.invite(store, "athlete", athlete=cody.id), "Cody", WORDS)
    store.delete_athlete(cody)
    assert accounts.account(store, number) is None


def test_the_link_of_a_machine_of_one_person_opens_no_club(club: TestClient) -> None:
    keys = cast("Any", club.app).state.midstance.keys
    club.cookies.set("__Host-midstance", keys.new_cookie())
    assert club.get("/").status_code == 303
    assert club.post("/open", data={"key": keys.new_link()}).status_code == 401
    assert club.get("/").headers["location"].startswith("/sign-in")


def test_so_many_and_then_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("midstance.web.rates.time.monotonic", lambda: now)
    rate = Rate(3, 30.0)
    assert [rate.wait_s("a") for _ in range(4)] == [0, 0, 0, 10]
    assert rate.wait_s("b") == 0
    now = 110.0
    assert [rate.wait_s("a") for _ in range(2)] == [0, 10]


def test_a_runner_has_so_much_room(store: Store, settings: Settings) -> None:
    number = accounts.accept(store, accounts.invite(store, "coach"), "Ada", WORDS)
    cody, zoe = store.add_athlete("Cody"), store.add_athlete("Zoë")
    limited = replace(settings, limits=Limits(runner_bytes=1_000_000))
    uploads = Uploads(store, limited).seen_by(Whose(account=number))
    uploads.announce(600_000, {"filename": "a.mp4", "athlete": cody.uid})
    with pytest.raises(RefusedRequest, match="1 MB is the most"):
        uploads.announce(600_000, {"filename": "b.mp4", "athlete": cody.uid})
    uploads.announce(600_000, {"filename": "b.mp4", "athlete": zoe.uid})
    with pytest.raises(RefusedRequest, match="Whose film"):
        uploads.announce(6_000, {"filename": "b.mp4"})


def test_the_log_names_nobody(club: TestClient, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    cody = store.add_athlete("Cody")
    with caplog.at_level(logging.INFO, logger="midstance"):
        club.get(f"/athletes/{cody.uid}")
        club.post("/sign-in", data={"name": "Cody", "password": "a guess"})
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name == "midstance.requests"]
    assert [(line["route"], line["status"]) for line in lines] == [("none", 303), ("/sign-in", 401)]
    try:
        json.loads("Cody")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", 40, "", 0, "it failed", (), sys.exc_info())
    line = JsonLines().format(record)
    assert "Cody" not in line
    assert json.loads(line)["error"] == "JSONDecodeError"
    assert json.loads(line)["places"]


@pytest.mark.parametrize("address", ["club.example", "ftp://club.example", "https://club.example/x", "https://"])
def test_an_address_that_nobody_can_type(settings: Settings, address: str) -> None:
    with pytest.raises(UsageError, match="--address"):
        _of_team(settings, Team(address=address), 1)
    with pytest.raises(UsageError, match="--address"):
        _of_team(settings, Team(listen="0.0.0.0"), 1)  # noqa: S104  (refused without an address)


def test_the_address_is_the_name_it_answers_to(settings: Settings, tmp_path: Path) -> None:
    known = _of_team(replace(settings, folder=tmp_path), Team(address="https://Run.Club.Example"), 8460)
    assert "run.club.example" in known.hosts
    assert (known.secure, known.cookie) == (True, "__Host-midstance")
    here = _of_team(settings, Team(), 8460)
    assert (here.address, here.secure, here.cookie) == ("http://127.0.0.1:8460", False, "midstance")
