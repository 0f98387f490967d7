"""What is good once is used at the same moment by several: one of them gets it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from starlette.testclient import TestClient

from midstance.errors import MidstanceError, UsageError
from midstance.formats.files import keep_first_secret
from midstance.store import Store, accounts
from midstance.web import keys, tokens
from midstance.web.refusals import RefusedRequest
from midstance.web.state import State
from tests.web.conftest import HOST, settings, state, stranger

__all__ = ["settings", "state", "stranger"]

AT_ONCE = 6
LONG_ENOUGH = "a long enough word {}"


@pytest.fixture
def store(each_store: Store) -> Store:
    """One on each kind of database."""
    return each_store


def at_once(do: Callable[[int], Any], times: int = AT_ONCE) -> list[Any]:
    """Call with 0, 1, 2 ... at the same moment; return what came of each, errors of ours among it."""
    gate = Barrier(times)

    def one(number: int) -> Any:
        gate.wait(30)
        try:
            return do(number)
        except (MidstanceError, RefusedRequest) as fault:
            return fault

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def meet(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, times: int = AT_ONCE) -> None:
    """Let all who call a function that looks have looked before any goes on: the worst moment for each."""
    gate, real = Barrier(times), getattr(owner, name)

    def looked(*words: Any, **more: Any) -> Any:
        found = real(*words, **more)
        gate.wait(30)
        return found

    monkeypatch.setattr(owner, name, looked)


def test_an_invitation_makes_one_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    key = accounts.invite(store, "coach")
    meet(monkeypatch, accounts, "invitation")
    came = at_once(lambda number: accounts.accept(store, key, f"Coach {number}", LONG_ENOUGH.format(number)))
    made = [number for number in came if number is not None]
    assert len(made) == 1, came
    assert [account.id for account in accounts.accounts(store)] == made


def test_a_link_to_a_new_password_sets_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made = accounts.accept(store, accounts.invite(store, "coach"), "Ana", LONG_ENOUGH.format("old"))
    key = accounts.invite(store, "coach", account=made)
    meet(monkeypatch, accounts, "invitation")
    came = at_once(lambda number: accounts.accept(store, key, "", LONG_ENOUGH.format(number)))
    assert [number for number in came if number is not None] == [made], came
    opens = [bool(accounts.check_password(store, "Ana", LONG_ENOUGH.format(number))) for number in range(AT_ONCE)]
    assert opens == [number is not None for number in came]


def test_two_invitations_under_one_name_make_one_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    links = [accounts.invite(store, "coach") for _ in range(AT_ONCE)]
    meet(monkeypatch, accounts, "invitation")
    came = at_once(lambda number: accounts.accept(store, links[number], "Ana", LONG_ENOUGH.format(number)))
    assert [isinstance(each, UsageError) for each in came].count(True) == AT_ONCE - 1, came
    assert len(accounts.accounts(store)) == 1
    again = next(number for number, each in enumerate(came) if isinstance(each, UsageError))
    monkeypatch.undo()
    assert accounts.accept(store, links[again], "Ben", LONG_ENOUGH.format(1))  # one that failed can be used still


def test_a_key_of_a_program_is_taken_back_once(store: Store) -> None:
    token = tokens.new_token(store, "a program")
    number = tokens.known_token(store, token)[0]
    assert at_once(lambda _: tokens.delete_token(store, number)).count(True) == 1
    assert tokens.token_account(store, token) is None


def test_a_request_sent_at_once_with_one_key_is_done_once(store: Store) -> None:
    done, gate = list[int](), Barrier(AT_ONCE)

    def do() -> dict[str, Any]:
        done.append(1)
        return {"uid": len(done)}

    def ask(_number: int) -> Any:
        gate.wait(30)
        return tokens.once(store, "key", "add Cody", do)

    came = at_once(ask)
    assert len(done) == 1
    assert {"uid": 1} in came
    assert all(each == {"uid": 1} or (isinstance(each, RefusedRequest) and each.status == 409) for each in came)
    assert tokens.once(store, "key", "add Cody", do) == {"uid": 1}


def test_a_link_of_this_machine_opens_for_one(stranger: TestClient, state: State) -> None:
    key = state.keys.new_link()
    ours = {"Origin": f"http://{HOST}"}

    def open_it(_number: int) -> tuple[int, bool]:
        browser = TestClient(stranger.app, base_url=f"http://{HOST}", follow_redirects=False, headers=ours)
        answer = browser.post("/open", data={"key": key})
        return answer.status_code, "set-cookie" in answer.headers

    came = at_once(open_it)
    assert sorted(came) == [(303, True)] + [(401, False)] * (AT_ONCE - 1)


SIGNS = """
import sys, time
from pathlib import Path
from midstance.web.keys import Keys
while time.time() < float(sys.argv[2]):
    pass
print(Keys(Path(sys.argv[1])).signed("a"))
"""


def test_processes_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    """Otherwise the cookies of one would open nothing at the other, or after its next start."""
    words = [sys.executable, "-c", SIGNS, str(tmp_path), str(time.time() + 2)]
    several = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate()[0].strip() for process in several}
    assert said == {keys.Keys(tmp_path).signed("a")}
    assert [each.name for each in tmp_path.iterdir()] == ["web.key"]


def test_a_disk_without_hard_links_keeps_the_first_secret_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_words: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", link)
    keep_first_secret(b"one", tmp_path / "s")
    keep_first_secret(b"other", tmp_path / "s")
    assert (tmp_path / "s").read_bytes() == b"one"


@pytest.mark.parametrize("left", [b"", b"abc"])
def test_a_secret_cut_short_signs_nothing(tmp_path: Path, left: bytes) -> None:
    """An empty key is known to everybody: whoever has it can make a cookie."""
    (tmp_path / "web.key").write_bytes(left)
    made = keys.Keys(tmp_path)
    assert made.signed("a") != hmac.new(left, b"a", hashlib.sha256).hexdigest()[:40]
    assert keys.Keys(tmp_path).signed("a") == made.signed("a")
    assert (tmp_path / "web.key").stat().st_mode & 0o077 == 0
