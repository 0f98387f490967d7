"""Names that differ in capitals alone are one runner unless said otherwise; a film that is here is recognised."""

from __future__ import annotations

from pathlib import Path

import pytest

from midstance.errors import UsageError
from midstance.store import Store
from midstance.video.opening import hash_of


def test_a_name_in_other_capitals_is_the_same_runner(store: Store) -> None:
    ann = store.add_athlete("Änn ")
    assert store.athlete("änn") == store.athlete(" ÄNN") == store.athlete("A\u0308nn") == ann
    with pytest.raises(UsageError, match="Änn is here already"):
        store.add_athlete("änn")
    assert [athlete.name for athlete in store.athletes()] == ["Änn"]


def test_two_of_one_name_are_told_apart_by_their_capitals(store: Store) -> None:
    upper, lower = store.add_athlete("Anna"), store.add_athlete("anna", another=True)
    assert (store.athlete("Anna"), store.athlete("anna")) == (upper, lower)
    with pytest.raises(UsageError, match="Several athletes are called that: Anna, anna"):
        store.athlete("ANNA")


def test_the_same_name_is_no_other_person(store: Store) -> None:
    store.add_athlete("Anna")
    with pytest.raises(UsageError, match="already"):
        store.add_athlete("Anna", another=True)


def test_a_film_is_known_by_its_content_whoever_runs_in_it(store: Store, tmp_path: Path) -> None:
    film, copy, other = (tmp_path / name for name in ("a.mp4", "b.MOV", "c.mp4"))
    film.write_bytes(b"one film")
    copy.write_bytes(b"one film")
    other.write_bytes(b"another")
    first = store.add_take(store.add_athlete("Anna"), film)
    second = store.add_take(store.add_athlete("Ben"), copy)
    assert store.takes_of_film(hash_of([copy])) == (first, second)
    assert store.takes_of_film(hash_of([other])) == ()
    store.delete_take(first)
    assert store.takes_of_film(hash_of([film])) == (second,)
