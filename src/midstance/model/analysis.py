"""Everything about one clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from midstance.model.clip import Clip, PoseModel
from midstance.model.coaching import Finding, Plan, Remark
from midstance.model.gait import Contacts, Measures, NotAssessed
from midstance.model.track import Track, View
from midstance.reasons import Reason
from midstance.skeleton import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything about one clip; analysis.json is its plain form (`midstance schema`).

    Attributes
    ----------
    version
        The version of midstance.
    clip, pose, view, track
        The film, the pose model, how the camera sees the runner, and the runner's path.
    contacts
        Every time a foot was on the ground, in order.
    measures
        Every number, in order; `measures["cadence_spm"]` finds one by its id.
    not_assessed
        The measures, problems and causes this clip cannot show, with the reason.
    findings
        Problems, the one to begin with first.
    plan
        The one thing to change; None if nothing asks for a change.
    remarks
        What is good, and what lies at an edge of what is ordinary; nothing to change.
    warnings
        What makes the whole analysis doubtful.
    scene
        The number of the scene that is measured here; 1 in a film without cuts.
    other_scenes
        What came of the other scenes of the film, in their order.
    people
        Where each person is seen, if there are several to choose from.
    others
        The other films of the same run, each as it was judged alone; empty but after `analyze_together`.
    seen_beside
        Of such another film: the leg that is the near one in the film from the side.

    Examples
    --------
    >>> import midstance as ms
    >>> a = ms.analyze("run.mov", height_m=1.66)
    >>> a.view.setting, a.view.plane, a.clip.frames
    ('treadmill', 'side', 240)
    >>> a.findings[0].problem, a.findings[0].grade
    ('reaching', 'flag')
    >>> {cause.cause: cause.verdict for cause in a.findings[0].causes}["leaning_back"]
    'not_supported'
    """

    version: str
    clip: Clip
    pose: PoseModel
    view: View
    track: Track
    contacts: Contacts
    measures: Measures
    not_assessed: tuple[NotAssessed, ...]
    findings: tuple[Finding, ...]
    plan: Plan | None
    remarks: tuple[Remark, ...] = ()
    warnings: tuple[Reason, ...] = ()
    scene: int = 1
    other_scenes: tuple[SceneOutcome, ...] = ()
    people: tuple[PersonSeen, ...] = ()
    others: tuple[Analysis, ...] = ()
    seen_beside: Side | None = None

    @property
    def near_leg(self) -> Side:
        """The leg drawn in the colour of the near one, the same in all films of a run; the left where none is near."""
        return self.track.near_side or self.seen_beside or "left"

    @property
    def films(self) -> tuple[Analysis, ...]:
        """The film of this analysis and the others of the run: `Measure.film` and `Evidence.film` count in them."""
        return (self, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeen:
    """Where one person of a clip is seen well.

    Attributes
    ----------
    number
        What the person is called, from 1, as `person` takes it.
    frame
        A frame of the clip that shows them.
    box_px
        Left, top, right and bottom in that frame, pixels of the upright picture.
    """

    number: int
    frame: int
    box_px: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneOutcome:
    """What came of one more scene of a film.

    Attributes
    ----------
    number
        Which scene it is, from 1.
    start_s, stop_s
        Seconds from the first frame of the film.
    analysis
        Its own analysis; None if it cannot be measured.
    why_not
        Why it cannot be measured; None if it can.
    """

    number: int
    start_s: float
    stop_s: float
    analysis: Analysis | None
    why_not: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something only the person can answer, asked while a clip is analysed.

    Attributes
    ----------
    about
        The option that would answer it.
    why
        What raises the question.
    suggestion
        The most likely answer: how many times slower, or metres a second.
    """

    about: Literal["slow_motion", "speed"]
    why: Reason
    suggestion: float
