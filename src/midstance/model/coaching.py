"""What is found in a run, and the one thing to change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from midstance.model.gait import MeasureSide

Grade = Literal["flag", "watch"]
Verdict = Literal["supported", "not_supported", "cannot_tell"]
WhyOpen = Literal["too_close", "other_view", "not_measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A number behind a statement, and the moment in the clip that shows it.

    Attributes
    ----------
    measure, side, value
        The number: a measure's id, its side, its value in the measure's unit.
    time_s
        Seconds from the first frame, in the time of life; None if no single moment shows it.
    film
        Which film shows it: its place in `Analysis.films`.
    """

    measure: str
    side: MeasureSide
    value: float
    time_s: float | None
    film: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What to think of while running, in the second person, and the cause it mends."""

    id: str
    says: str
    mends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Twenty seconds of running that show whether a cause is the one.

    Attributes
    ----------
    do
        What to do, a sentence to the runner.
    then
        What happens if it was the cause, after "If ": "your foot lands 0.05 leg lengths closer".
    measure, way
        The number that then moves: up (1), down (-1), or towards zero (0).
    by
        By how much at least, in its unit; NaN in a rule, which knows no runner.
    done, done_way
        The number that shows whether the runner did it, and its way; empty where none does.
    """

    do: str
    then: str
    measure: str
    way: Literal[-1, 0, 1]
    by: float = math.nan
    done: str = ""
    done_way: Literal[-1, 0, 1] = 0

    @property
    def says(self) -> str:
        """All of it in two sentences."""
        return f"{self.do} If {self.then}, that was the cause."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One possible cause of a problem after its own test in the same clip.

    Attributes
    ----------
    cause
        Its id, as in docs/rules.md.
    verdict
        Supported, not supported, or left open by this clip.
    says
        The verdict in a sentence.
    evidence
        The numbers behind it.
    support
        0 to 1; ranks the causes of a problem.
    title
        Its name, as the rule has it; empty in older files.
    root
        The problem that is this cause seen by itself; None if there is none.
    why_open
        Why the clip decides nothing: too close to the line, only another view shows it, or not measured.
    settle
        What would settle a cause that is open.
    experiment
        What the runner can try to find out; None where nothing sensible is known.
    """

    cause: str
    verdict: Verdict
    says: str
    evidence: tuple[Evidence, ...] = ()
    support: float = 0.0
    title: str = ""
    root: str | None = None
    why_open: WhyOpen | None = None
    settle: str = ""
    experiment: Experiment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem seen beyond its uncertainty, its causes ranked, its cues for the supported causes first.

    Attributes
    ----------
    problem
        Its id, as in docs/rules.md.
    grade
        "flag" for a problem, "watch" for something to keep an eye on.
    confidence
        0 to 1, how likely the sign lies beyond its band; less where the evidence for the band is weak.
    says
        The finding in a sentence.
    evidence
        The numbers behind it.
    causes
        Every possible cause with its verdict, the best supported first.
    cues
        What to think of, for the supported causes first.
    severity
        How far beyond the band, times the weight of the problem; orders the findings.
    explained_by
        The problem that is the root of this one, reported instead; None if this has no such root.
    title, topic
        Its headline, and its name inside a sentence, as its rule has them; empty in older files.
    """

    problem: str
    grade: Grade
    confidence: float
    says: str
    evidence: tuple[Evidence, ...]
    causes: tuple[Cause, ...]
    cues: tuple[Cue, ...]
    severity: float = 0.0
    explained_by: str | None = None
    title: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to know about a stride that asks for no change.

    Attributes
    ----------
    kind
        "good" for what lies in the middle of people, "edge" for what lies at an edge of what is ordinary.
    title
        What a coach would say, without a full stop.
    says
        The number in a sentence.
    ordinary
        What is ordinary at this speed, without its unit; empty if the sentence has it.
    evidence
        The number, and the moment that shows it; None if there is none.
    """

    kind: Literal["good", "edge"]
    title: str
    says: str
    ordinary: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The number that should move.

    Attributes
    ----------
    measure, side, unit
        Which number.
    start, goal
        What it is now, and what it should be.
    minimal_change
        The least difference this camera can see.
    """

    measure: str
    side: MeasureSide
    start: float
    goal: float
    minimal_change: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegPose:
    """One leg of a drawn figure, degrees.

    Attributes
    ----------
    thigh, knee, foot
        Thigh + ahead of the hip, knee 0 straight, foot + toes up against level.
    """

    thigh: float
    knee: float
    foot: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillPose:
    """A drawn figure and its words.

    Attributes
    ----------
    says
        What the picture shows.
    trunk, near, far, near_arm, far_arm, elbow
        Joint angles in degrees; trunk + forward, arm + elbow ahead of the shoulder, elbow 0 straight.
    lift
        Height of the feet over the ground, leg lengths.
    """

    says: str
    trunk: float
    near: LegPose
    far: LegPose
    near_arm: float
    far_arm: float
    elbow: float
    lift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """Something to try standing or jogging that shows what the cue means.

    Attributes
    ----------
    id, title
        Its id in data/practice.toml, and its name.
    how
        What to do, a sentence each.
    poses
        How it looks, to be drawn; empty when read from a file.
    """

    id: str
    title: str
    how: tuple[str, ...]
    poses: tuple[DrillPose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How to practise the focus of a plan.

    Attributes
    ----------
    steps
        In order; the next when the last no longer needs thought.
    drill
        For the cause that was found, or for the sign where none was.
    feels, mistake
        What it feels like when it is right, and the usual mistake.
    load
        Caution where the landing changes; empty where it does not.
    without_cue, check
        How to film again, and what to ask oneself after a week.
    next_cues
        Other words for the same aim, to be tried in this order.
    beat_spm
        Steps a minute to run to, where quicker steps are a way; None where they are not.
    """

    steps: tuple[str, ...]
    drill: Drill
    feels: str
    mistake: str
    load: str
    without_cue: str
    check: str
    next_cues: tuple[str, ...] = ()
    beat_spm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One thing to change at a time.

    Attributes
    ----------
    focus
        The problem worked on.
    cue
        What to think of.
    notice
        What the runner would notice, a sentence each: the signs that the focus explains, or the focus itself.
    comes_from
        Where it comes from, a sentence each: the cause by name and number, or what is ruled out and open.
    why
        Both in one paragraph.
    target
        The number that should move; None if no single number shows it.
    practice
        Where, how long, how often.
    expect
        What should change first, and what may look worse and is not a failure.
    guard
        What must not get worse.
    film_again
        When and how.
    later
        Problems kept for after this one, in order.
    title
        Headline of the focus, as its rule has it; empty in older files.
    grade
        "flag" for a problem, "watch" for something to try, planned only for a runner who asked.
    training
        How to practise it; None in older files and for a rule that has none.
    """

    focus: str
    cue: str
    why: str
    target: Target | None
    practice: str
    expect: tuple[str, ...]
    guard: tuple[str, ...]
    film_again: str
    later: tuple[str, ...] = ()
    title: str = ""
    notice: tuple[str, ...] = ()
    comes_from: tuple[str, ...] = ()
    grade: Grade = "flag"
    training: Training | None = None
