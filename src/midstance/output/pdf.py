"""Set text, pictures and tables on paper; letters that the PDF's own font lacks are drawn by OpenCV's."""

from __future__ import annotations

import atexit
import hashlib
import io
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Image, KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from midstance import __version__
from midstance.formats.files import temporary_folder, write_bytes
from midstance.reasons import printable
from midstance.render import canvas

MARGIN, FOOT = 15 * mm, 20 * mm
"""The foot is deep enough to print the page unshrunk on Letter, which is 18 mm shorter than A4."""
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - MARGIN - FOOT
"""Of what is set on a page."""
INK, SOFT, LINE, ACCENT, PALE = (HexColor(c) for c in ("#1c1f24", "#555c66", "#dcdad4", "#9a4a00", "#f6f1e7"))
FONT, BOLD = "Vera", "VeraBd"
_PADDING = 6
"""What ReportLab leaves free inside a frame, points."""

STYLES = {
    name: ParagraphStyle(name, fontName=font, fontSize=size, leading=leading * size, textColor=colour)
    for name, font, size, leading, colour in (
        ("text", FONT, 9, 1.4, INK),
        ("small", FONT, 7.5, 1.35, SOFT),
        ("label", BOLD, 8, 1.5, ACCENT),
        ("title", BOLD, 19, 1.2, INK),
        ("heading", BOLD, 12, 1.5, INK),
        ("cue", BOLD, 15, 1.35, INK),
        ("number", BOLD, 17, 1.2, INK),
        ("cell", FONT, 6.8, 1.3, INK),
        ("head", BOLD, 6.8, 1.3, SOFT),
    )
}

Story = list[Flowable]


def write_pdf(story: Story, path: Path, *, title: str) -> Path:
    """Write pages of A4, whole or not at all. Raises InputError."""
    _fonts()
    pages = io.BytesIO()
    document = SimpleDocTemplate(
        pages,
        pagesize=A4,
        leftMargin=MARGIN - _PADDING,
        rightMargin=MARGIN - _PADDING,
        topMargin=MARGIN - _PADDING,
        bottomMargin=FOOT - _PADDING,
        title=printable(title),
        author="midstance",
        creator=f"midstance {__version__}",
        lang="en",
        invariant=1,
    )
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return write_bytes(pages.getvalue(), path)


def _foot(page: Any, document: Any) -> None:
    page.setFont(FONT, 7)
    page.setFillColor(SOFT)
    page.drawString(MARGIN, FOOT - 5 * mm, "These numbers help you learn to run. They are no medical check.")
    page.drawRightString(A4[0] - MARGIN, FOOT - 5 * mm, f"midstance {__version__}   page {document.page}")


def on_one_page(story: Story) -> Flowable:
    """Return some text as one page, set smaller if there is too much of it."""
    return KeepInFrame(WIDTH, HEIGHT, story, mode="shrink", hAlign="LEFT")


def words(text: str, style: str = "text") -> Paragraph:
    """Return a paragraph of plain text."""
    _fonts()
    look = STYLES[style]
    return Paragraph(_marked(printable(text), look.fontSize), look)


def labelled(label: str, *texts: str) -> Story:
    """Return texts under a small heading; nothing if all are empty."""
    said = [text for text in texts if text]
    return [Spacer(0, 1.5 * mm), words(label, "label"), *(words(text) for text in said)] if said else []


def picture(path: Path, *, width: float, height: float) -> Image:
    """Return a picture as large as fits."""
    shape = cv2.imread(str(path)).shape  # type: ignore[union-attr]
    zoom = min(width / shape[1], height / shape[0])
    return Image(str(path), width=zoom * shape[1], height=zoom * shape[0])


def side_by_side(cells: Sequence[Any], widths: Sequence[float]) -> Table:
    """Return things beside each other, their tops in one line."""
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
    ]
    return Table([list(cells)], colWidths=list(widths), hAlign="LEFT", style=TableStyle(style))


def grid(cells: Sequence[Any], across: int) -> Table:
    """Return things in rows of so many."""
    rows = [[*cells[i : i + across]] for i in range(0, len(cells), across)]
    rows[-1] += [""] * (across - len(rows[-1]))
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return Table(rows, colWidths=[WIDTH / across] * across, hAlign="LEFT", style=style)


def boxed(story: Story) -> Table:
    """Return some text in a pale box with an edge at its left."""
    look: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, -1), PALE),
        ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
        *((f"{side}PADDING", (0, 0), (-1, -1), 9) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
    return Table([[story]], colWidths=[WIDTH], hAlign="LEFT", style=TableStyle(look))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> Table:
    """Return a table that goes on over pages, its head on each; a row with one cell is a heading."""
    lines: list[list[Any]] = [[words(cell, "head") for cell in heads]]
    look: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        *((f"{side}PADDING", (0, 0), (-1, -1), 1.2) for side in ("TOP", "BOTTOM")),
    ]
    for row in rows:
        if len(row) == 1:
            look.append(("SPAN", (0, len(lines)), (-1, len(lines))))
            lines.append([words(row[0], "label"), *[""] * (len(heads) - 1)])
        else:
            lines.append([words(cell, "cell") for cell in row])
    return Table(lines, colWidths=list(widths), repeatRows=1, hAlign="LEFT", style=TableStyle(look))


def day(at: date) -> str:
    """Return a day in words: "14 December 2026"."""
    return f"{at.day} {at:%B %Y}"


# -- letters -------------------------------------------------------------------------------------------------------


@cache
def _fonts() -> frozenset[int]:
    """Load the fonts that come with ReportLab; return the letters that both have."""
    faces = [TTFont(name, f"{name}.ttf") for name in (FONT, BOLD)]
    for face in faces:
        pdfmetrics.registerFont(face)
    return frozenset.intersection(*(frozenset(face.face.charToGlyph) for face in faces))


def _marked(text: str, size: float) -> str:
    """Return a text for a paragraph; a run of letters that the font lacks becomes a small picture of it."""
    known = _fonts()
    runs = [(has, "".join(run)) for has, run in groupby(text, key=lambda letter: ord(letter) in known)]
    return "".join(_escaped(run) if has else _drawn(run, size) for has, run in runs)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _drawn(text: str, size: float) -> str:
    """Draw letters eight times as large as they are set; return the tag that places them on the line."""
    high = round(8 * size)
    width = canvas.text_width(text, high) + 4
    image = np.full((round(1.4 * high), width, 3), 255, np.uint8)
    canvas.text(image, (2, 0.7 * high), text, size=high, colour=(28, 31, 36))
    path = _drawings() / f"{hashlib.sha256(f'{high} {text}'.encode()).hexdigest()}.png"
    cv2.imwrite(str(path), image[..., ::-1])
    place = f'width="{width / 8:.1f}" height="{1.4 * size:.1f}" valign="{-0.34 * size:.1f}"'
    return f'<img src="{path}" {place}/>'


@cache
def _drawings() -> Path:
    """Make a folder for drawn letters, gone when the program ends: ReportLab reads pictures from files alone."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(temporary_folder())
