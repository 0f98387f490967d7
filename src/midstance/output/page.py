"""Write the report as one HTML page that opens offline, with its film and pictures."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from midstance import data
from midstance.coaching.rules.verdicts import FROM_HERE
from midstance.formats.files import write_text
from midstance.kinematics.typical import people, source
from midstance.model import Analysis
from midstance.output.film_map import film_map, film_speeds
from midstance.output.scripts import content_policy, one_module
from midstance.reasons import shown
from midstance.render.figure import drill_picture
from midstance.render.film import Film
from midstance.render.moments import PHASES, Phase
from midstance.render.plots import crank, curves, overlays, typical_beside, whiskers
from midstance.render.stills import Pictures
from midstance.render.typical_legs import typical_legs
from midstance.text.captions import clean_note, curves_hint, film_hint, typical_note
from midstance.text.report import Report
from midstance.text.report_lines import keep, training_lines
from midstance.text.table import grouped

EMBEDDED_FILM = 8_000_000
"""Bytes up to which the film lies inside the page; a larger one stays beside it and the page links to it."""


def write_page(
    report: Report,
    analysis: Analysis,
    path: Path,
    *,
    film: Film | None = None,
    other_films: Sequence[Film] = (),
    pictures: Pictures | None = None,
) -> Path:
    """Write the page, whole or not at all; `other_films` are those of analysis.others. Raises InputError."""
    beside = path.parent
    text = page_html(report, analysis, film=film, other_films=other_films, pictures=pictures, beside=beside)
    return write_text(text, path)


def page_html(
    report: Report,
    analysis: Analysis,
    *,
    film: Film | None,
    other_films: Sequence[Film] = (),
    pictures: Pictures | None,
    beside: Path,
) -> str:
    """Return the page as HTML; `beside` is the folder from which films too large to embed are linked."""
    content: dict[str, Any] = {
        "report": report,
        **_films(film, other_films, analysis, beside),
        **_pictures(pictures),
        **_drawings(report, analysis),
        "typical": typical_note(people(), source()) if typical_beside("thigh", analysis.view.speed_mps) else "",
        "keep": keep(report.good),
        "training": list(training_lines(report.focus.training)) if report.focus else [],
        "curves_hint": curves_hint(analysis.near_leg, clickable=film is not None),
        "groups": list(grouped(report.rows)),
        "css": part("page.css") + part("report.css"),
        "js": one_module("report.js"),
        "policy": content_policy(one_module("report.js")),
    }
    content["contents"] = list(_contents(content))
    return render("page.html.j2", content)


def _films(film: Film | None, other_films: Sequence[Film], analysis: Analysis, beside: Path) -> dict[str, Any]:
    """Return what the page shows of its films: small ones lie inside it, larger ones are linked."""
    films = [each for each in (film, *other_films) if each]
    small = sum(each.path.stat().st_size for each in films) <= EMBEDDED_FILM
    return {
        "film": film,
        "film_data": in_base64(film.path) if film and small else None,
        "film_link": None if film is None or small else film.path.relative_to(beside).as_posix(),
        "other_films": list(_other_films(other_films, analysis.others, None if small else beside)),
        "film_map": script_json(film_map(film, analysis)) if film else "",
        "film_hint": film_hint(film.speed) if film else "",
        "film_speeds": list(film_speeds(film.speed)) if film else [],
        "typical_legs": film is not None and typical_legs(analysis, film.view) is not None,
    }


def _pictures(pictures: Pictures | None) -> dict[str, Any]:
    """Return the pictures of the page as data addresses; empty where there are none."""
    return {
        "change": data_uri(pictures.change) if pictures and pictures.change else "",
        "focus_image": _focus_image(pictures),
        "images": {key: data_uri(image) for key, image in pictures.shots.items()} if pictures else {},
        "phases": list(_kinogram(pictures)) if pictures else [],
        "people_image": data_uri(pictures.people) if pictures and pictures.people else "",
        "clean_note": clean_note(pictures.clean_mps) if pictures and pictures.clean_mps else "",
    }


def _drawings(report: Report, analysis: Analysis) -> dict[str, Any]:
    """Return what is drawn in lines: the gauges, the curves and the drill."""
    return {
        "tiles": [(tile, Markup(whiskers([tile.value])[0])) for tile in report.tiles],  # noqa: S704  (our own)
        "whiskers": {row.id: [Markup(svg) for svg in whiskers(row.values)] for row in report.rows},  # noqa: S704  (our own)
        "crank": crank(analysis),
        "overlays": overlays(analysis),
        "curves": curves(analysis),
        "drill": _drill(report),
    }


def _other_films(
    films: Sequence[Film], analyses: Sequence[Analysis], beside: Path | None
) -> Iterator[tuple[Film, str, str]]:
    """Return each film from another side, where it was filmed from, and its address: its data, or a file `beside`."""
    for film, analysis in zip(films, analyses[: len(films)], strict=True):
        data_address = f"data:video/mp4;base64,{in_base64(film.path)}" if beside is None else ""
        address = data_address or film.path.relative_to(beside or film.path.parent).as_posix()
        yield film, FROM_HERE[analysis.view.plane], address


def _contents(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the table of contents: (id, title) of every part the page has."""
    report: Report = content["report"]
    yield from [("moments", "Moments")] if content["phases"] else []
    yield from [("the-film", "The film")] if content["film"] else []
    for place, (_film, seen_from, _address) in enumerate(content["other_films"], start=1):
        yield f"film-{place}", f"The film {seen_from}"
    yield from [("chain", "Why"), ("practice", "Practise")] if report.focus else []
    yield from [("good", "What is good")] if report.good and not report.focus else []
    yield from [("know", "Good to know")] if report.know and not report.focus else []
    yield from [("finding-1", "What shows it" if report.focus else "Worth a try")] if report.findings else []
    yield ("measures", "All measures")
    yield from [("drawn", "Curves")] if content["crank"] or content["overlays"] else []
    yield from [("gaps", "Not judged")] if report.not_judged else []
    yield ("how", "How")


def _focus_image(pictures: Pictures | None) -> str:
    """Return the picture of the first screen: the focus, or without one the first moment of the stride."""
    if pictures is None:
        return ""
    first = pictures.focus or next((path for _phase, path in pictures.phases), None)
    return data_uri(first) if first else ""


def _drill(report: Report) -> Markup:
    """Return the drawn pictures of the drill; empty without a focus or a drill."""
    training = report.focus.training if report.focus else None
    if training is None or not training.drill.poses:
        return Markup()
    return Markup(drill_picture(training.drill.poses, training.drill.title))  # noqa: S704  (our own)


def _kinogram(pictures: Pictures) -> Iterator[tuple[Phase, str, int, int]]:
    """Return each moment with its picture, its row (near leg, far leg, clean stride) and its column, from 1."""
    names, rows = list(PHASES), list(dict.fromkeys(phase.row for phase, _ in pictures.phases))
    for phase, image in pictures.phases:
        yield phase, data_uri(image), rows.index(phase.row) + 1, names.index(phase.name) + 1


def render(template: str, content: Mapping[str, Any]) -> str:
    """Fill one of the templates in data/page; everything that is not Markup is escaped."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=shown
    )
    return environment.from_string(part(template)).render(content)


def part(name: str) -> Markup:
    """Read one of our own files in data/page."""
    return Markup(data.text(f"page/{name}"))  # noqa: S704


def script_json(content: Mapping[str, Any]) -> Markup:
    """Return JSON that is safe inside a script element."""
    return Markup(json.dumps(content, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704


def in_base64(path: Path) -> str:
    """Return the bytes of a file in base64."""
    return base64.b64encode(path.read_bytes()).decode("ascii")


def data_uri(path: Path) -> str:
    """Return a JPEG as a data address."""
    return f"data:image/jpeg;base64,{in_base64(path)}"
