"""Draws docs/conventions.svg: a runner at strike and at toe-off and a foot close up, every angle with its sign.

The drawing is made from the numbers it shows, so it cannot disagree with them. Run: python docs/draw_conventions.py
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin
from pathlib import Path

OUT = Path(__file__).with_name("conventions.svg")
WIDTH, HEIGHT, GROUND = 1080, 560, 500

INK, FAINT, PAPER = "#1f2933", "#b8c0c8", "#ffffff"
LEAN, THIGH, SHANK, KNEE, FOOT, ANKLE = "#0072b2", "#d55e00", "#00795a", "#a6387e", "#8a6100", "#5b3fa0"

Point = tuple[float, float]
"""x forward, y up, in drawing units; turned over only when written."""


@dataclass(frozen=True)
class Pose:
    """A runner from angles in degrees, docs/evidence.md#angles: hips at `hip`, one unit is one drawn pixel."""

    hip: Point
    lean: float
    thigh: float
    shank: float
    pitch: float
    size: float = 1.0

    @property
    def shoulder(self) -> Point:
        """Trunk lean: + forward of the hip."""
        return moved(self.hip, 90 - self.lean, 125 * self.size)

    @property
    def knee(self) -> Point:
        """Thigh: + ahead of the hip."""
        return moved(self.hip, self.thigh - 90, 110 * self.size)

    @property
    def ankle(self) -> Point:
        """Shank: + ankle ahead of the knee."""
        return moved(self.knee, self.shank - 90, 110 * self.size)

    @property
    def heel(self) -> Point:
        """Below and behind the ankle, turned with the foot."""
        return moved(self.ankle, self.pitch - 130, 26 * self.size)

    @property
    def toe(self) -> Point:
        """Foot pitch: + toe above the heel."""
        return moved(self.heel, self.pitch, 66 * self.size)


# -- strokes -----------------------------------------------------------------------------------------------------------


def moved(start: Point, direction: float, length: float) -> Point:
    """A point `length` away; direction in degrees from x forward, + upward."""
    return start[0] + length * cos(radians(direction)), start[1] + length * sin(radians(direction))


def towards(start: Point, end: Point) -> float:
    """Direction in degrees from one point to another."""
    return degrees(atan2(end[1] - start[1], end[0] - start[0]))


def svg(at: Point) -> str:
    """A point in the picture, y turned over."""
    return f"{at[0]:.1f} {GROUND - at[1]:.1f}"


def line(points: list[Point], colour: str, width: float = 2, dash: str = "") -> str:
    """A line through points."""
    path = "M" + " L".join(svg(point) for point in points)
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" stroke="{colour}" stroke-width="{width}"{broken}/>'


def arc(centre: Point, start: float, end: float, *, radius: float, colour: str) -> str:
    """An arc with an arrowhead, from one direction to another."""
    a, b = moved(centre, start, radius), moved(centre, end, radius)
    sweep = int(end < start)
    tip = end - (6 if end > start else -6) * 60 / radius
    wings = [moved(centre, tip, radius + 6), b, moved(centre, tip, radius - 6)]
    bow = f"M{svg(a)} A{radius} {radius} 0 0 {sweep} {svg(b)}"
    return f'<path d="{bow}" stroke="{colour}" stroke-width="2.5"/>' + line(wings, colour, 2.5)


def text(at: Point, words: str, colour: str = INK, *, size: int = 16, anchor: str = "start", bold: bool = False) -> str:
    """Words whose baseline begins, ends or is centred at a point."""
    x, y = svg(at).split()
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="{anchor}"{weight}'
        f' stroke="{PAPER}" stroke-width="4" paint-order="stroke">{words}</text>'
    )


def dots(points: list[Point]) -> str:
    """Joints."""
    circles = (f'<circle cx="{x:.1f}" cy="{GROUND - y:.1f}" r="5" fill="{INK}" stroke="none"/>' for x, y in points)
    return "".join(circles)


def ring(centre: Point, radius: float) -> str:
    """A head."""
    x, y = svg(centre).split()
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{PAPER}" stroke="{INK}" stroke-width="6"/>'


def signed(angle: float) -> str:
    """+12° or \N{MINUS SIGN}12°."""
    return f"{'+' if angle > 0 else chr(0x2212)}{abs(angle):.0f}°"


# -- the figures -------------------------------------------------------------------------------------------------------


def body(pose: Pose, far: Pose) -> list[str]:
    """A stick runner with a faint far leg and no arms."""
    head = moved(pose.shoulder, 90 - pose.lean, 44)
    return [
        line([far.hip, far.knee, far.ankle, far.toe], FAINT, 6),
        line([far.ankle, far.heel, far.toe], FAINT, 6),
        line([moved(head, -90 - pose.lean, 22), pose.hip, pose.knee, pose.ankle], INK, 7),
        line([pose.ankle, pose.heel, pose.toe, pose.ankle], INK, 5),
        ring(head, 22),
        dots([pose.shoulder, pose.hip, pose.knee, pose.ankle, pose.heel, pose.toe]),
    ]


def segment_angles(pose: Pose) -> list[str]:
    """Trunk, thigh and shank against the vertical, and the knee as the difference of the last two."""
    on = towards(pose.hip, pose.knee)
    return [
        line([pose.hip, moved(pose.hip, 90, 140)], LEAN, 2, "5 5"),
        arc(pose.hip, 90, 90 - pose.lean, radius=118, colour=LEAN),
        line([pose.hip, moved(pose.hip, -90, 100)], THIGH, 2, "5 5"),
        arc(pose.hip, -90, pose.thigh - 90, radius=76, colour=THIGH),
        line([pose.knee, moved(pose.knee, -90, 100)], SHANK, 2, "5 5"),
        arc(pose.knee, -90, pose.shank - 90, radius=84, colour=SHANK),
        line([pose.knee, moved(pose.knee, on, 66)], KNEE, 2, "2 4"),
        arc(pose.knee, on, pose.shank - 90, radius=54, colour=KNEE),
    ]


def strike() -> list[str]:
    """Foot strike of a runner who reaches: everything positive."""
    pose = Pose((180, 226), lean=8, thigh=27, shank=13, pitch=18)
    far = Pose((180, 226), lean=8, thigh=-12, shank=-92, pitch=-75)
    lift = -pose.heel[1]
    pose, far = (Pose((p.hip[0], p.hip[1] + lift), p.lean, p.thigh, p.shank, p.pitch) for p in (pose, far))
    x, y = pose.hip
    return [
        *body(pose, far),
        *segment_angles(pose),
        text((x + 28, y + 108), f"trunk lean {signed(pose.lean)}", LEAN),
        text((x + 52, y - 40), f"thigh T = {signed(pose.thigh)}", THIGH),
        text((pose.knee[0] + 32, pose.knee[1] - 30), "knee flexion", KNEE),
        text((pose.knee[0] + 32, pose.knee[1] - 50), f"K = T \N{MINUS SIGN} S = {pose.thigh - pose.shank:.0f}°", KNEE),
        text((pose.knee[0] - 8, pose.knee[1] - 92), f"shank S = {signed(pose.shank)}", SHANK, anchor="end"),
        text((40, 448), "Foot strike, reaching", size=20, bold=True),
    ]


def toe_off() -> list[str]:
    """Toe-off: thigh and shank behind the vertical are negative."""
    pose = Pose((585, 226), lean=8, thigh=-24, shank=-42, pitch=-52)
    far = Pose((585, 226), lean=8, thigh=46, shank=-46, pitch=-30)
    lift = -pose.toe[1]
    pose, far = (Pose((p.hip[0], p.hip[1] + lift), p.lean, p.thigh, p.shank, p.pitch) for p in (pose, far))
    x, y = pose.hip
    bent = f"K = T \N{MINUS SIGN} S = {pose.thigh - pose.shank:.0f}°"
    return [
        *body(pose, far),
        *segment_angles(pose),
        text((x + 28, y + 108), f"trunk lean {signed(pose.lean)}", LEAN),
        text((x - 54, y - 30), f"thigh T = {signed(pose.thigh)}", THIGH, anchor="end"),
        text((x - 54, y - 50), "hip extension 24°", THIGH, anchor="end"),
        text((pose.knee[0] + 14, pose.knee[1] - 108), f"shank S = {signed(pose.shank)}", SHANK),
        text((pose.knee[0] - 50, pose.knee[1] - 24), bent, KNEE, anchor="end"),
        text((470, 448), "Toe-off", size=20, bold=True),
    ]


def foot() -> list[str]:
    """The foot at strike, large: its angle to the ground, and the ankle between foot and shank."""
    pose = Pose((0, 0), lean=0, thigh=20, shank=13, pitch=24, size=2.6)
    pose = Pose((785 - pose.heel[0], -pose.heel[1]), 0, pose.thigh, pose.shank, pose.pitch, pose.size)
    x, y = pose.ankle
    up = towards(pose.ankle, pose.knee)
    return [
        line([moved(pose.ankle, up, 190), pose.ankle], INK, 9),
        line([pose.ankle, pose.heel, pose.toe, pose.ankle], INK, 7),
        dots([pose.ankle, pose.heel, pose.toe]),
        arc(pose.heel, 0, pose.pitch, radius=200, colour=FOOT),
        text((pose.heel[0] + 70, -24), f"foot strike angle F = {signed(pose.pitch)}", FOOT),
        text((pose.heel[0] + 70, -44), "from its own flat; + heel first", FOOT),
        line([pose.ankle, moved(pose.ankle, up - 90, 190)], ANKLE, 2, "5 5"),
        line([pose.ankle, moved(pose.ankle, pose.pitch, 190)], ANKLE, 2, "2 4"),
        arc(pose.ankle, up - 90, pose.pitch, radius=165, colour=ANKLE),
        text((x + 30, y + 124), f"ankle A = F \N{MINUS SIGN} S = {signed(pose.pitch - pose.shank)}", ANKLE),
        text((x + 30, y + 104), "+ toes towards the shin", ANKLE),
        line([moved(pose.ankle, up, 190), (moved(pose.ankle, up, 190)[0], y + 60)], SHANK, 2, "5 5"),
        text((x - 52, y + 140), "shank S", SHANK, anchor="end"),
        text((770, 448), "The foot, close up", size=20, bold=True),
    ]


def axes() -> list[str]:
    """The ground, and x forward, y up."""
    origin = (40.0, -40.0)
    return [
        line([(20, 0), (WIDTH - 20, 0)], FAINT, 3),
        line([origin, (95, -40)], INK, 2),
        line([(87, -35), (95, -40), (87, -45)], INK, 2),
        text((102, -45), "x forward, the way the runner runs", size=15),
        line([origin, (40, -8)], INK, 2),
        line([(35, -16), (40, -8), (45, -16)], INK, 2),
        text((24, -30), "y", size=15, anchor="end"),
    ]


def drawing() -> str:
    """The whole picture."""
    parts = [*axes(), *strike(), *toe_off(), *foot()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="Signs of the angles at foot strike, at toe-off and at the foot" fill="none"'
        f' stroke-linecap="round" stroke-linejoin="round" font-family="Helvetica, Arial, sans-serif">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    OUT.write_text(drawing(), encoding="utf-8")
