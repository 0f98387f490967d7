"""What analysis.json holds, schema 1: the contract with everyone outside."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from midstance import model as nouns

LARGEST = 1e12
"""No number of an analysis is larger; one that is would overflow what is computed from it."""


def _of_this_world(content: BaseModel) -> None:
    """Raise ValueError for a number that nothing measured: a huge one, or an error below zero."""
    for name, value in content:
        if isinstance(value, int | float) and abs(value) > LARGEST:
            raise ValueError(f"{name} is {value:.3g}")
        if isinstance(value, int | float) and value < 0 and (name in {"sd", "n"} or "uncertainty" in name):
            raise ValueError(f"{name} is below zero")


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @model_validator(mode="after")
    def _check_numbers(self) -> Self:
        _of_this_world(self)
        return self


def _is_first(film: int) -> bool:
    return film == 0


def _is_none(value: object) -> bool:
    return value is None


def _is_empty(films: list[Any]) -> bool:
    return not films


class ClipJson(_Plain):
    """The film, as it was found."""

    path: str
    sha256: str
    width: int
    height: int
    frames: int
    duration_s: float
    rate_hz: float
    variable_rate: bool
    rotation_deg: int
    slow_motion_factor: float


class PoseJson(_Plain):
    """The pose model that looked."""

    backend: str
    model: str
    weights_sha256: str


class ViewJson(_Plain):
    """What the clip shows; the scale is null when none is known."""

    plane: nouns.Plane
    near_side: nouns.Side | None
    direction: Literal["left", "right", "towards", "away"]
    setting: nouns.Setting
    camera: Literal["fixed", "panning"]
    scale_m_per_px: float | None
    scale_source: nouns.ScaleSource
    acceleration_mps2: float | None = None
    leg_px: float | None = None
    tilt_deg: float | None = None
    tilt_uncertainty_deg: float | None = None
    yaw_deg: float | None = None
    yaw_uncertainty_deg: float | None = None
    look_down_deg: float | None = None
    look_down_uncertainty_deg: float | None = None
    notes: list[str]
    contradiction: str | None = None


class ContactJson(_Plain):
    """One foot on the ground; a frame is the nearest of the clip."""

    side: nouns.Side
    strike_s: float
    toe_off_s: float
    uncertainty_s: float
    strike_frame: int
    toe_off_frame: int


class BandJson(_Plain):
    """What is ordinary at this speed; an end that is open is null."""

    low: float | None
    high: float | None
    at_speed_mps: float | None
    source: str
    edge_error: float = 0.0
    n: int | None = None
    percentile: float | None = None
    population: str = ""
    usual: float | None = None
    people: str = ""
    measured_mps: tuple[float, float] | None = None


class MeasureJson(_Plain):
    """One number; uncertainty is half the width of its 95 % interval, sd is null for a single step.

    higher_than_pct is the share of the people measured at this speed who read less, null where nobody was.
    film is left out where it is 0, the film of this file; 1 is the first of other_films.
    """

    id: str
    side: nouns.MeasureSide
    value: float
    sd: float | None
    n: int
    uncertainty: float | None
    unit: str
    band: BandJson | None
    higher_than_pct: float | None = None
    film: int = Field(0, ge=0, exclude_if=_is_first)


class NotAssessedJson(_Plain):
    """What this clip cannot show, and why."""

    id: str
    reason: str
    topic: str | None = None


class EvidenceJson(_Plain):
    """The number behind a statement and the moment that shows it; film as in MeasureJson."""

    measure: str
    side: nouns.MeasureSide
    value: float
    time_s: float | None
    film: int = Field(0, ge=0, exclude_if=_is_first)


class ExperimentJson(_Plain):
    """What to try, and by how much (by) which number then moves: way 1 up, -1 down, 0 towards zero; done shows it."""

    do: str
    then: str
    measure: str
    way: Literal[-1, 0, 1]
    by: float
    done: str = ""
    done_way: Literal[-1, 0, 1] = 0


class CauseJson(_Plain):
    """A possible cause after its test in the same clip."""

    cause: str
    verdict: nouns.Verdict
    says: str
    evidence: list[EvidenceJson]
    title: str | None = None
    root: str | None = None
    why_open: nouns.WhyOpen | None = None
    settle: str | None = None
    experiment: ExperimentJson | None = Field(None, exclude_if=_is_none)


class CueJson(_Plain):
    """What to think of, and the cause it mends."""

    cue: str
    says: str
    mends: str


class FindingJson(_Plain):
    """A problem, its causes ranked, its cues; explained_by names the problem that is its root."""

    problem: str
    grade: nouns.Grade
    confidence: float = Field(ge=0, le=1)
    says: str
    evidence: list[EvidenceJson]
    causes: list[CauseJson]
    cues: list[CueJson]
    explained_by: str | None = None
    title: str | None = None
    topic: str | None = None


class RemarkJson(_Plain):
    """What is good, or what lies at an edge of what is ordinary; nothing to change."""

    kind: Literal["good", "edge"]
    title: str
    says: str
    ordinary: str = ""
    evidence: EvidenceJson | None


class TargetJson(_Plain):
    """The number that should move, from where to where, and the least change this camera can see."""

    model_config = ConfigDict(populate_by_name=True)

    measure: str
    side: nouns.MeasureSide
    start: float = Field(alias="from")
    goal: float = Field(alias="to")
    minimal_change: float
    unit: str


class DrillJson(_Plain):
    """Something to try standing or jogging that shows what the cue means; drawn on the page by its id."""

    id: str
    title: str
    how: list[str]


class TrainingJson(_Plain):
    """How to practise the focus: steps in order, the drill of its cause, other words for the same aim."""

    steps: list[str]
    drill: DrillJson
    feels: str
    mistake: str
    load: str
    without_cue: str
    check: str
    next_cues: list[str] = []
    beat_spm: float | None = None


class PlanJson(_Plain):
    """One thing at a time."""

    focus: str
    cue: str
    why: str
    target: TargetJson | None
    practice: str
    expect: list[str]
    guard: list[str]
    film_again: str
    later: list[str]
    title: str | None = None
    notice: list[str] | None = None
    comes_from: list[str] | None = None
    grade: nouns.Grade = "flag"
    training: TrainingJson | None = Field(None, exclude_if=_is_none)


class SceneJson(_Plain):
    """What came of another scene of the film (`--scene` measures it); why_not is null where it can be measured."""

    number: int
    start_s: float
    stop_s: float
    plane: nouns.Plane | None
    cadence_spm: float | None
    focus: str | None
    title: str | None
    why_not: str | None


class AnalysisJson(_Plain):
    """analysis.json, schema 1.

    other_films is there only where several films of one run were judged together: each as it was judged alone. unjudged
    is there only where the run was measured and no rule was asked: why, and what to do about it.
    """

    schema_: Literal[1] = Field(1, alias="schema")
    version: str
    clip: ClipJson
    pose: PoseJson
    view: ViewJson
    contacts: list[ContactJson]
    measures: list[MeasureJson]
    not_assessed: list[NotAssessedJson]
    findings: list[FindingJson]
    plan: PlanJson | None
    unjudged: str | None = Field(None, exclude_if=_is_none)
    remarks: list[RemarkJson] = []
    warnings: list[str]
    scene: int = 1
    other_scenes: list[SceneJson] = []
    other_films: list[AnalysisJson] = Field([], exclude_if=_is_empty)


class RefusedJson(_Plain):
    """Why a clip was not judged."""

    reason: Literal["no_person", "not_running", "too_few_steps", "body_not_in_view", "view_not_supported"]
    says: str


class RefusalJson(_Plain):
    """analysis.json of a clip that was read but must not be measured."""

    schema_: Literal[1] = Field(1, alias="schema")
    version: str
    clip: ClipJson
    refused: RefusedJson


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of analysis.json: an analysis or a refusal."""
    from pydantic import TypeAdapter  # noqa: PLC0415

    either: TypeAdapter[AnalysisJson | RefusalJson] = TypeAdapter(AnalysisJson | RefusalJson)
    return {"title": "midstance analysis.json, schema 1", **either.json_schema(by_alias=True)}
