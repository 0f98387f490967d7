"""Draws the pictures of docs/filming.md: where the camera stands, how high it is, and what must be in the picture.

Distances, angles and shares are those of the page, given once here. Run: python docs/draw_filming.py
"""

from __future__ import annotations

from math import cos, radians, sin
from pathlib import Path

FOLDER = Path(__file__).with_name("pictures")
NEAR_M, FAR_M, REFUSED_DEG = 4.0, 8.0, 30
BODY_M, HIP_SHARE, LEAST_SHARE = 1.75, 0.53, 1 / 3
"""A runner, the height of the hip as a share of it, and the least share of the picture that the runner fills."""

Point = tuple[float, float]

INK, FAINT, GOOD, BAD, LEG = "#1f2933", "#b8c0c8", "#00795a", "#b3261e", "#0072b2"
STYLE = (
    "<style>text{font:16px system-ui,sans-serif;fill:#1f2933}.s{font-size:14px;fill:#52606d}"
    "@media (prefers-color-scheme:dark){text{fill:#e4e7eb}.s{fill:#b8c0c8}}</style>"
)


def svg(name: str, size: tuple[int, int], title: str, parts: list[str]) -> None:
    """Write one picture, with its sentence as a label."""
    width, height = size
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
    (FOLDER / name).write_text("\n".join([head, STYLE, *parts, "</svg>", ""]), encoding="utf-8")


def line(start: Point, end: Point, colour: str = INK, *, width: float = 2, dash: str = "") -> str:
    """Return a straight stroke."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}" stroke-linecap="round"{dashed}/>'


def text(x: float, y: float, words: str, *, small: bool = False, anchor: str = "middle") -> str:
    """Return a line of words."""
    kind = ' class="s"' if small else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{words}</text>'


def frame(corner: Point, size: Point, colour: str) -> str:
    """Return the edge of a picture."""
    (x, y), (width, height) = corner, size
    box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {box} fill="none" stroke="{colour}" stroke-width="3" rx="4"/>'


def camera(x: float, y: float) -> str:
    """Return a phone, seen from its back."""
    return f'<rect x="{x - 8:.1f}" y="{y - 14:.1f}" width="16" height="28" rx="3" fill="{INK}"/>'


def runner(x: float, ground: float, height: float) -> list[str]:
    """Return a runner in mid-stride from the side: head, trunk, arms, legs; x is the hip."""
    u = height / BODY_M
    hip, neck = (x, ground - HIP_SHARE * height), (x + 0.06 * u, ground - 0.83 * height)
    limbs = [
        (hip, neck),
        (hip, (x + 0.30 * u, ground - 0.36 * height)),
        ((x + 0.30 * u, ground - 0.36 * height), (x + 0.22 * u, ground - 0.12 * height)),
        (hip, (x - 0.10 * u, ground - 0.26 * height)),
        ((x - 0.10 * u, ground - 0.26 * height), (x - 0.42 * u, ground - 0.10 * height)),
        (neck, (x - 0.16 * u, ground - 0.62 * height)),
        ((x - 0.16 * u, ground - 0.62 * height), (x + 0.05 * u, ground - 0.52 * height)),
    ]
    place = f'cx="{neck[0] + 0.03 * u:.1f}" cy="{ground - 0.93 * height:.1f}" r="{0.065 * height:.1f}"'
    head = f'<circle {place} fill="{LEG}"/>'
    return [line(one, other, LEG, width=max(3, 0.04 * height)) for one, other in limbs] + [head]


def from_above() -> None:
    """Draw where the camera stands: square, NEAR_M to FAR_M away, and the angle beyond which it is refused."""
    scale, lane, middle = 38.0, 60.0, 400.0
    parts = [line((60, lane), (740, lane), FAINT, width=26), line((120, lane), (660, lane))]
    parts += [line((660, lane), (645, lane - 8)), line((660, lane), (645, lane + 8))]
    parts.append(text(700, lane - 24, "the way you run"))
    for metres in (NEAR_M, FAR_M):
        reach = metres * scale
        ends = [(middle + reach * sin(radians(a)), lane + reach * cos(radians(a))) for a in (-REFUSED_DEG, REFUSED_DEG)]
        (x0, y0), (x1, y1) = ends
        curve = f"M{x0:.1f},{y0:.1f} A{reach:.1f},{reach:.1f} 0 0 0 {x1:.1f},{y1:.1f}"
        parts.append(f'<path d="{curve}" fill="none" stroke="{FAINT}" stroke-width="2"/>')
        parts.append(text(x1 + 12, y1 + 4, f"{metres:.0f} m", small=True, anchor="start"))
    for angle, colour, dash in ((0, GOOD, ""), (-REFUSED_DEG, BAD, "6 6"), (REFUSED_DEG, BAD, "6 6")):
        reach = FAR_M * scale
        x, y = middle + reach * sin(radians(angle)), lane + reach * cos(radians(angle))
        parts.append(line((middle, lane), (x, y), colour, width=2.5, dash=dash))
    y = lane + 0.75 * FAR_M * scale
    parts += [camera(middle, y), text(middle, lane + FAR_M * scale + 30, "you film from here")]
    parts.append(text(130, lane + 300, f"beyond {REFUSED_DEG} degrees", anchor="middle"))
    parts.append(text(130, lane + 320, "the film is refused", anchor="middle"))
    title = f"Seen from above: the camera looks square at the run, {NEAR_M:.0f} to {FAR_M:.0f} metres away."
    svg("filming_above.svg", (800, 420), title, parts)


def height_of_camera() -> None:
    """Draw the camera at the height of the hip."""
    ground, tall = 300.0, 220.0
    hip = ground - HIP_SHARE * tall
    parts = [line((30, ground), (770, ground), FAINT, width=3), *runner(180, ground, tall)]
    parts.append(line((180, hip), (590, hip), GOOD, width=2.5, dash="8 6"))
    for y, words, colour in (
        (hip, "at hip height, level", GOOD),
        (ground - 20, "on the ground: angles bend", BAD),
        (ground - 1.18 * tall, "overhead: angles bend", BAD),
    ):
        parts += [camera(600, y), text(622, y + 5, words, anchor="start")]
        if colour == BAD:
            parts.append(line((582, y - 16), (618, y + 16), BAD, width=3))
    svg("filming_height.svg", (860, 330), "Seen from the side: the camera is as high as the hip, and level.", parts)


def in_the_picture() -> None:
    """Draw what must be in the picture, beside three ways in which it is not."""
    parts: list[str] = []
    for place, (share, lift, words, well) in enumerate(
        (
            (0.72, 0.0, "head to feet", True),
            (LEAST_SHARE * 0.6, 0.0, "too small", False),
            (1.1, 0.35, "feet cut off", False),
        )
    ):
        x, y, width, height = 20 + place * 265, 20.0, 245.0, 180.0
        colour = GOOD if well else BAD
        clip = f'<clipPath id="c{place}"><rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath>'
        ground = y + height * (0.9 + lift)
        inside = "".join(
            [line((x, ground), (x + width, ground), FAINT, width=3), *runner(x + width / 2, ground, share * height)]
        )
        parts += [clip, f'<g clip-path="url(#c{place})">{inside}</g>', frame((x, y), (width, height), colour)]
        parts.append(text(x + width / 2, y + height + 26, words))
    title = "What must be in the picture: the whole runner, at least a third of its height."
    svg("filming_picture.svg", (820, 250), title, parts)


def main() -> None:
    """Draw all three."""
    from_above()
    height_of_camera()
    in_the_picture()


if __name__ == "__main__":
    main()
