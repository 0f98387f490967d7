"""The queue in the database, on SQLite and on PostgreSQL: nothing lost, nothing twice, one more try after a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from midstance.store import Store, tables
from midstance.store.hooks import add_hook, calls_of, end_call, next_call
from midstance.store.jobs import Jobs, LostJobError, end_job, this_worker
from midstance.store.own import Whose
from midstance.store.rows import insert_row


def test_in_turn_and_once(each_store: Store) -> None:
    jobs = Jobs(each_store)
    uids = [jobs.add("analyze", {"n": n}).uid for n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda n: jobs.claim(f"worker:1:{n}"), range(24)))
    assert sorted(job.uid for job in claimed if job) == sorted(uids)
    assert jobs.claim("late:1:1") is None


def test_a_claim_that_runs_out_is_free_again_and_the_old_one_writes_nothing(each_store: Store) -> None:
    jobs = Jobs(each_store)
    jobs.add("analyze", {})
    old = jobs.claim("one:1:1", lease_s=-1)
    new = jobs.claim("two:1:1")
    assert old is not None
    assert new is not None
    assert (old.uid, new.attempt) == (new.uid, old.attempt + 1)
    with pytest.raises(LostJobError):
        jobs.renew(old, "looking", 1, 2)
    with each_store.writing() as connection, pytest.raises(LostJobError):
        end_job(connection, old)
    jobs.fail(old, "too late")
    assert jobs.job(new.uid).state == "running"
    with each_store.writing() as connection:
        end_job(connection, new, {"take": 1})
    assert jobs.job(new.uid).state == "done"


def test_what_is_made_and_its_end_are_written_together(each_store: Store) -> None:
    jobs = Jobs(each_store)
    jobs.add("analyze", {})
    job = jobs.claim("one:1:1")
    jobs.cancel(job.uid)

    def write() -> None:
        with each_store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO athletes (uid, name, notes) VALUES ('x', 'Cody', '')")
            end_job(connection, job)

    with pytest.raises(LostJobError):
        write()
    assert each_store.athletes() == ()


def test_one_more_try_after_a_crash(each_store: Store) -> None:
    jobs = Jobs(each_store)
    uid = jobs.add("analyze", {}).uid
    jobs.crashed(jobs.claim("one:1:1"), "It died.")
    assert (jobs.job(uid).state, jobs.job(uid).crashes) == ("queued", 1)
    jobs.crashed(jobs.claim("one:1:1"), "It died.")
    ended = jobs.job(uid)
    assert (ended.state, ended.says) == ("failed", "It died.")
    assert jobs.claim("one:1:1") is None


def test_a_job_that_takes_its_worker_down_each_time_ends(each_store: Store) -> None:
    jobs = Jobs(each_store)
    uid = jobs.add("analyze", {}).uid
    for _ in range(20):
        jobs.claim("one:1:1", lease_s=-1)
    assert jobs.job(uid).state == "failed"


def test_cancelled_while_it_waits_and_while_it_runs(each_store: Store) -> None:
    jobs = Jobs(each_store)
    first, second = jobs.add("analyze", {}), jobs.add("analyze", {})
    running = jobs.claim("one:1:1")
    jobs.cancel(second.uid)
    assert jobs.job(second.uid).state == "cancelled"
    jobs.cancel(first.uid)
    with pytest.raises(LostJobError):
        jobs.renew(running, "looking", 0, 0)
    jobs.stop(running)
    assert jobs.job(first.uid).state == "cancelled"


def test_a_worker_that_died_with_its_process_lets_go_at_once(each_store: Store) -> None:
    jobs = Jobs(each_store)
    uid = jobs.add("analyze", {}).uid
    here, _, _ = this_worker().split(":")
    jobs.claim(f"{here}:{2**22 - 1}:dead")
    jobs.let_go_of_the_dead()
    assert jobs.job(uid).state == "queued"
    jobs.claim(this_worker())
    jobs.let_go_of_the_dead()
    assert jobs.job(uid).state == "running"


def test_it_goes_with_its_take(each_store: Store, tmp_path: Path) -> None:
    film = tmp_path / "run.mp4"
    film.write_bytes(b"a film")
    take = each_store.add_take(each_store.add_athlete("Cody"), film)
    jobs = Jobs(each_store)
    uid = jobs.add("analyze", {}, take=take.id).uid
    each_store.delete_take(take)
    with pytest.raises(KeyError):
        jobs.job(uid)


def test_turns_are_fair_between_accounts(each_store: Store) -> None:
    busy, other = account(each_store, "Busy"), account(each_store, "Other")
    jobs = [Jobs(each_store, Whose(account=number)).add("analyze", {}) for number in (busy, busy, busy, other, other)]
    turns = []
    for _ in jobs:
        job = Jobs(each_store).claim("one:1:1")
        turns.append(job.account_id)
        with each_store.writing() as connection:
            end_job(connection, job)
    assert turns == [busy, other, busy, other, busy]


def test_whoever_has_less_running_comes_first(each_store: Store) -> None:
    busy, other = account(each_store, "Busy"), account(each_store, "Other")
    for number in (busy, busy, other, other):
        Jobs(each_store, Whose(account=number)).add("analyze", {})
    assert [Jobs(each_store).claim(f"one:1:{n}").account_id for n in range(4)] == [busy, other, busy, other]


def account(store: Store, name: str) -> int:
    with store.writing() as connection:
        return insert_row(
            connection,
            tables.accounts,
            {"name": name, "heard": name, "password": "", "role": "coach", "made_at": datetime.now(UTC)},
        )


def test_every_end_is_called_out_with_the_end(each_store: Store) -> None:
    jobs, hook = Jobs(each_store), add_hook(each_store, "https://club.example/done", None)
    done, failed, waiting = (jobs.add("analyze", {}) for _ in range(3))
    claimed = jobs.claim("one:1:1")
    with each_store.writing() as connection:
        end_job(connection, claimed)
    jobs.fail(jobs.claim("one:1:1"), "It could not be read.")
    jobs.cancel(waiting.uid)
    assert [(job, state) for job, state, _, _ in calls_of(each_store, hook.number)][::-1] == [
        (done.uid, "due"),
        (failed.uid, "due"),
        (waiting.uid, "due"),
    ]
    first = next_call(each_store)
    end_call(each_store, first, "It did not answer.")
    assert calls_of(each_store, hook.number)[-1] == (done.uid, "due", 1, "It did not answer.")
    assert next_call(each_store).job == failed.uid  # the first waits some seconds
