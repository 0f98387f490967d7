"""The coach still sees what is wrong: generated persons with one known fault, and persons without any."""

from __future__ import annotations

import numpy as np
import pytest
from validation.faults import RIGHT, Person, judge, persons

from midstance.model import Finding

LEAST_FOUND = {"middle": 0.85, "strong": 0.95}
"""Share of faults at 3 and 4.5 standard deviations that must be named first or second."""


def found(person: Person) -> tuple[Finding, ...]:
    return judge(person, "stated", np.random.default_rng(0))[0]


@pytest.mark.parametrize("level", LEAST_FOUND)
def test_clear_faults_are_named_first_or_second(level: str) -> None:
    faulty = [person for person in persons() if person.level == level]
    right = [any(f.problem in RIGHT[p.fault] for f in found(p)[:2]) for p in faulty]
    assert len(right) >= 100
    assert np.mean(right) >= LEAST_FOUND[level]


def test_persons_without_fault_are_left_alone() -> None:
    clean = [person for person in persons() if not person.fault]
    assert len(clean) == 100
    assert sum(any(f.grade == "flag" for f in found(person)) for person in clean) <= 2


def test_every_fault_is_among_the_persons() -> None:
    assert {person.fault for person in persons()} - {""} == set(RIGHT)
