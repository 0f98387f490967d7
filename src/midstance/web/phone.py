"""Bring the phone in: a QR code with a link that opens once."""

from __future__ import annotations

import io
from collections.abc import Iterator

import segno
from markupsafe import Markup

from midstance.web.state import State


def phone_link(state: State) -> str:
    """Return a link for the phone that opens once."""
    return f"http://{state.settings.phone}/open?key={state.keys.new_link()}"


def qr_lines(link: str) -> Iterator[str]:
    """Yield the QR code of a link as text for a terminal, and what to do with it."""
    drawn = io.StringIO()
    segno.make(link, error="m").terminal(out=drawn, compact=True)
    yield from drawn.getvalue().splitlines()
    yield "Scan this with the phone's camera, in the same network. It opens once."


def qr_svg(link: str) -> Markup:
    """Return the QR code of a link as a drawing."""
    drawn = io.BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", scale=6, border=3, dark="#000", light="#fff", xmldecl=False, svgns=True, title="QR code"
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704  (drawn here)
