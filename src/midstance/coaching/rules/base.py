"""Define a rule: one problem with its sign, its causes and their tests, its cues, what to expect, its sources.

A rule is data and small functions of Facts. Its worked examples (Case) stand beside it, run as tests and print as
documentation (rules.check, docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from midstance.coaching.bands import Weight
from midstance.coaching.rules.facts import Facts, Reading
from midstance.model import Experiment, Grade, Plane, Verdict, View
from midstance.reasons import small

Test = Callable[[Facts], Reading]
"""A condition on the measures of one clip."""

SURE = 1.0
"""Clearance from which a sign is a flag; between 0 and this it is to be watched."""

LIKELY = 0.5
"""Clearance from which a cause is called supported, and below whose negative it is not: five chances in six."""

PRACTICE = (
    "Try it in six stretches of 20 seconds within an easy run, on flat ground, three times a week. "
    "Think of it during the stretch only. Between them, run as you like."
)
FILM_AGAIN_DAYS = 14
FILM_AGAIN = "Film again after two weeks: same place, same camera, same speed, at least ten steps of each foot."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who says so, and how well it is founded."""

    says: str
    grade: Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A cue: its id and what to think of while running."""

    id: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseTest:
    """One possible cause and what in the same clip supports or contradicts it.

    test        the condition; its measures are the evidence
    yes, no     what is said when it holds, and when it does not
    film        what would show it when this clip cannot
    experiment  what the runner can try to find out; None where nothing sensible is known (film says what settles it)
    cues        what to think of, best first; empty = the cues of the problem serve
    root        the problem that is this cause seen by itself, if there is one
    """

    id: str
    title: str
    test: Test
    yes: str
    no: str
    film: str
    experiment: Experiment | None = None
    cues: tuple[Words, ...] = ()
    root: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A worked example: a runner in order at this speed but for the measures given.

    grade       the grade expected, None = silent
    causes      verdicts expected, by cause
    drift       change of a measure over a take of one minute; given, every measure has its strides
    without     measures this clip does not have
    error       multiplies the typical uncertainty of a good phone clip
    """

    name: str
    measures: Mapping[str, float] = field(default_factory=dict)
    grade: Grade | None = None
    causes: Mapping[str, Verdict] = field(default_factory=dict)
    drift: Mapping[str, float] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    plane: Plane = "side"
    speed_mps: float = 3.0
    error: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One problem.

    title       its name, in documents and in `midstance explain`
    headline    what is seen, said to the runner, without a full stop; empty = the title
    topic       its name inside a sentence; empty = the title with a small first letter
    says        the sign in a sentence, with its numbers ({measure}, or {usual_measure} for the middle of its band)
    or_says     the same without numbers, for when one of them is missing; empty = the title
    means       what it is, for `midstance explain`
    planes      views that can show it
    film        how to film it otherwise
    sign        the condition
    weight      how much mending it mends (1 = ordinary); orders the plan
    goals       measures that should move towards the middle of their bands; the first that was measured is the target
    expect      what changes first, and what is no failure
    guard       what must not get worse
    try_it      whether it may be offered as something to try when it is merely to be watched
    practice    where, how long and how often to try the cue
    film_again  when and how to film for the comparison
    """

    id: str
    title: str
    says: str
    means: str
    planes: tuple[Plane, ...]
    film: str
    sign: Test
    causes: tuple[CauseTest, ...]
    cues: tuple[Words, ...]
    goals: tuple[str, ...]
    expect: tuple[str, ...]
    guard: tuple[str, ...]
    sources: tuple[Source, ...]
    fires: tuple[Case, ...]
    silent: tuple[Case, ...]
    weight: float = 1.0
    try_it: bool = True
    practice: str = PRACTICE
    film_again: str = FILM_AGAIN
    or_says: str = ""
    headline: str = ""
    topic: str = ""

    def seen_by(self, view: View) -> bool:
        """Return whether a film of the run was made from where this problem can be seen."""
        return any(plane in self.planes for plane in view.planes)

    @property
    def seen_as(self) -> str:
        """Return the headline, or the title where the rule has none."""
        return self.headline or self.title

    @property
    def called(self) -> str:
        """Return the name inside a sentence."""
        return self.topic or small(self.title)


def grade_of(reading: Reading) -> Grade | None:
    """Return flag beyond the line by more than the uncertainty, watch beyond it by less, None otherwise."""
    if not reading.known or not reading.holds:
        return None
    return "flag" if reading.clearance >= SURE else "watch"


def verdict_of(reading: Reading) -> Verdict:
    """Return supported, not supported, or cannot_tell where it is too close or not seen."""
    if not reading.known or abs(reading.clearance) < LIKELY:
        return "cannot_tell"
    return "supported" if reading.holds else "not_supported"
