"""Read rules from a TOML file: data alone, nothing of it is run.

[[rule]]
id = "club_bounce"             title, says, means, film: sentences as in base.Rule
planes = ["side"]
sign = { measure = "vertical_oscillation_cm", is = "high" }     or "low", or "outside" on one side of the body
cues = { soft = "Run softly." }
expect = ["..."]               optional, as are guard, goals, headline, topic, or_says, weight, practice, film_again
source = "Our club"            optional: "your coach" without it

[[rule.fires]]                 worked examples for `midstance rules test`, of both kinds
name = "bounces"
measures = { vertical_oscillation_cm = 13.0 }
grade = "flag"                 none in [[rule.silent]]

[[rule.cause]]                 optional
id = "stiff"                   title, yes, no, film
test = { measure = "leg_stiffness_kn_m", is = "high" }
cues = { bend = "Bend the knee." }
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from midstance.coaching.rules.base import Case, CauseTest, Rule, Source, Test, Words
from midstance.coaching.rules.facts import high, low, outside
from midstance.errors import UsageError
from midstance.formats.text_file import own_text
from midstance.measures import BY_ID
from midstance.model import Grade, Plane

Says = Annotated[str, Field(min_length=1, max_length=2000)]


def _measure(name: str) -> str:
    if name not in BY_ID:
        raise ValueError(f"there is no measure {name!r}: midstance explain lists them")
    return name


Measure = Annotated[str, AfterValidator(_measure)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, allow_inf_nan=False)


class _Condition(_Data):
    measure: Measure
    is_: Literal["high", "low", "outside"] = Field(alias="is")

    def test(self) -> Test:
        return {"high": high, "low": low, "outside": outside}[self.is_](self.measure)


class _Cause(_Data):
    id: Says
    title: Says
    test: _Condition
    yes: Says
    no: Says
    film: Says
    cues: dict[str, Says] = {}


class _Case(_Data):
    name: Says
    measures: dict[str, float] = {}
    grade: Grade | None = None
    speed_mps: float = Field(3.0, gt=0, lt=13)


class _Rule(_Data):
    id: Says
    title: Says
    says: Says
    means: Says
    planes: list[Plane] = Field(min_length=1)
    film: Says
    sign: _Condition
    cues: dict[str, Says] = Field(min_length=1)
    cause: list[_Cause] = []
    goals: list[Measure] = []
    expect: list[Says] = []
    guard: list[Says] = []
    source: Says = "Your coach"
    weight: float = Field(1.0, gt=0, le=3)
    headline: str = ""
    topic: str = ""
    or_says: str = ""
    practice: str | None = None
    film_again: str | None = None
    fires: list[_Case] = []
    silent: list[_Case] = []


class _File(_Data):
    rule: list[_Rule]


def rules_as_data(path: Path) -> list[Rule]:
    """Return the rules of a rules.toml; none where there is no such file. Raises UsageError with the first faults."""
    if not path.exists():
        return []
    try:
        content = _File.model_validate(tomllib.loads(own_text(path)))
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        raise UsageError(f"{path} is not valid TOML: {broken}.") from broken
    except ValidationError as fault:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors()[:3])
        raise UsageError(f"{path}: {places}.") from fault
    return [_rule(rule) for rule in content.rule]


def _rule(said: _Rule) -> Rule:
    optional = {name: text for name in ("practice", "film_again") if (text := getattr(said, name))}
    return Rule(
        id=said.id,
        title=said.title,
        says=said.says,
        means=said.means,
        planes=tuple(said.planes),
        film=said.film,
        sign=said.sign.test(),
        causes=tuple(map(_cause, said.cause)),
        cues=_words(said.cues),
        goals=tuple(said.goals) or (said.sign.measure,),
        expect=tuple(said.expect),
        guard=tuple(said.guard),
        sources=(Source(says=said.source, grade="opinion"),),
        fires=_cases(said, said.fires),
        silent=_cases(said, said.silent),
        weight=said.weight,
        headline=said.headline,
        topic=said.topic,
        or_says=said.or_says,
        **optional,
    )


def _cause(said: _Cause) -> CauseTest:
    return CauseTest(
        id=said.id,
        title=said.title,
        test=said.test.test(),
        yes=said.yes,
        no=said.no,
        film=said.film,
        cues=_words(said.cues),
    )


def _cases(rule: _Rule, cases: list[_Case]) -> tuple[Case, ...]:
    return tuple(Case(plane=rule.planes[0], **case.model_dump()) for case in cases)


def _words(cues: dict[str, str]) -> tuple[Words, ...]:
    return tuple(Words(id=name, says=says) for name, says in cues.items())
