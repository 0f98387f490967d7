"""A server of a club with two athletes and a coach, and a request to every route of it about what one of them has."""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from midstance.comparison.model import StoredTake, TakeNotes
from midstance.store import Store, accounts, tables
from midstance.store.jobs import Jobs
from midstance.store.own import Whose
from midstance.store.shares import add_share
from midstance.web.app import make_app
from midstance.web.routes.shares import key_of
from midstance.web.settings import Settings
from midstance.web.state import State
from midstance.web.tokens import new_token
from tests.fixtures.least_analysis import analysis

HOST = "club.example"

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
    return b64encode(text.encode()).decode()
