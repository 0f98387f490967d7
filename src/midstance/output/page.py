"""Write the report as one HTML page that opens offline, with its film and pictures."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from midstance import data
from midstance.formats.files import write_text
from midstance.model import Analysis
from midstance.render.film import Film
from midstance.render.plots import crank, curves, overlays, strides, whiskers
from midstance.render.stills import Pictures
from midstance.text.captions import curves_hint, film_hint
from midstance.text.report import Report
from midstance.text.table import grouped

EMBEDDED_FILM = 8_000_000
"""Bytes up to which the film lies inside the page; a larger one stays beside it and the page links to it."""


def write_page(
    report: Report, analysis: Analysis, path: Path, *, film: Film | None = None, pictures: Pictures | None = None
) -> Path:
    """Write the page, whole or not at all. Raises InputError."""
    text = page_html(report, analysis, film=film, pictures=pictures, beside=path.parent)
    return write_text(text, path)


def page_html(report: Report, analysis: Analysis, *, film: Film | None, pictures: Pictures | None, beside: Path) -> str:
    """Return the page as HTML; `beside` is the folder from which a film too large to embed is linked."""
    small = film is not None and film.path.stat().st_size <= EMBEDDED_FILM
    content: dict[str, Any] = {
        "report": report,
        "film": film,
        "film_data": in_base64(film.path) if film and small else None,
        "film_link": None if film is None or small else film.path.relative_to(beside).as_posix(),
        "film_map": script_json(_film_map(film, analysis)) if film else "",
        "film_hint": film_hint(film.speed) if film else "",
        "images": {key: data_uri(image) for key, image in pictures.shots.items()} if pictures else {},
        "phases": [(phase, data_uri(image)) for phase, image in pictures.phases] if pictures else [],
        "crank": crank(analysis),
        "overlays": overlays(analysis),
        "curves": curves(analysis),
        "curves_hint": curves_hint(analysis.track.near_side or "left", clickable=film is not None),
        "groups": list(grouped(report.rows)),
        "whiskers": {row.id: [Markup(svg) for svg in whiskers(row)] for row in report.rows},  # noqa: S704  (our own)
        "css": part("page.css"),
        "js": part("page.js"),
    }
    return render("page.html.j2", content)


def render(template: str, content: Mapping[str, Any]) -> str:
    """Fill one of the templates in data/page; everything that is not Markup is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
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


def _film_map(film: Film, analysis: Analysis) -> dict[str, Any]:
    """Return the data that page.js needs to go from the film to the clip and back."""
    first, last = int(film.shows[0]), int(film.shows[-1])
    life_s = analysis.clip.time_s[first : last + 1] / analysis.clip.slow_motion_factor
    near = analysis.track.near_side or "left"
    return {
        "rate_hz": film.rate_hz,
        "first": first,
        "shows": film.shows.tolist(),
        "life_s": [round(float(t), 4) for t in life_s],
        "strides": [(round(start, 4), round(end, 4)) for start, end in strides(analysis, near)],
    }
