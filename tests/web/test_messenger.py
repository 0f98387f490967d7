"""Calls when work ends: signed, made again, and never inside the network unless that is allowed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from midstance.errors import UsageError
from midstance.store import Store
from midstance.store.hooks import add_hook, calls_of, next_call
from midstance.store.jobs import Jobs
from midstance.web.messenger import Messenger, NotCalledError, call_address, checked_address


class Receiver:
    """A program that is called."""

    def __init__(self) -> None:
        self.status, self.got = 200, list[tuple[dict[str, str], bytes]]()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/done?x=1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_a_call_is_signed_and_names_nobody(store: Store, receiver: Receiver) -> None:
    hook = add_hook(store, receiver.url, None)
    job = Jobs(store).add("photo", {"name": "Cody.jpg"})
    Jobs(store).cancel(job.uid)
    Messenger(store, private=True).make(next_call(store))
    ((headers, body),) = receiver.got
    assert json.loads(body)["data"] == {"uid": job.uid, "kind": "photo", "state": "cancelled", "take": None}
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert calls_of(store, hook.number) == [(job.uid, "done", 1, "")]
    assert next_call(store) is None


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_call_that_fails_is_made_again_later(store: Store, receiver: Receiver, status: int) -> None:
    receiver.status = status
    hook = add_hook(store, receiver.url, None)
    Jobs(store).cancel(Jobs(store).add("photo", {}).uid)
    Messenger(store, private=True).make(next_call(store))
    assert [call[1:] for call in calls_of(store, hook.number)] == [("due", 1, f"It answered {status}.")]
    assert len(receiver.got) == 1  # whereto it points is not called


INSIDE = ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"]  # noqa: S104
INSIDE += ["[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"]


@pytest.mark.parametrize("host", [*INSIDE, "localhost", "2130706433", "0x7f.1"])
def test_nothing_inside_is_called(host: str) -> None:
    with pytest.raises(NotCalledError):
        call_address(f"http://{host}:9/", b"{}", {}, private=False)


def test_a_name_is_looked_up_once(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[(2, 1, 6, "", ("93.184.215.14", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]])
    monkeypatch.setattr("midstance.web.messenger.socket.getaddrinfo", lambda *_a, **_k: next(answers))
    called = list[tuple[str, int]]()

    def connect(address: tuple[str, int], **_more: object) -> None:
        called.append(address)
        raise OSError

    monkeypatch.setattr("midstance.web.messenger.socket.create_connection", connect)
    with pytest.raises(NotCalledError, match="reached"):
        call_address("http://club.example/", b"{}", {}, private=False)
    assert called == [("93.184.215.14", 80)]
    assert not receiver.got


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "http://", "http://u:p@a.example/", "http://a:99999/", "http://a b/"]
)
def test_no_address(url: str) -> None:
    with pytest.raises(UsageError):
        checked_address(url)


def test_one_hook_too_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("midstance.store.hooks.MOST_HOOKS", 1)
    add_hook(store, "https://club.example/", None)
    with pytest.raises(UsageError, match="Delete one first"):
        add_hook(store, "https://club.example/", None)
