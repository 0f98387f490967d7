"""Write what is left of a clip that was refused: analysis.json, and a page with the frames that show why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from midstance.errors import Refused
from midstance.formats.files import folder_written_whole, write_bytes, write_json
from midstance.model import Clip, ClipPoses
from midstance.output.page import data_uri, part, render
from midstance.output.scripts import content_policy
from midstance.render.people import people_picture, refusal_pictures
from midstance.render.stills import encoded, save
from midstance.text.refusal import FILMING, describe_refusal
from midstance.tracking.people import everyone


def write_refusal(content: dict[str, Any], clip: Clip, refused: Refused, folder: Path) -> Path | None:
    """Write the folder of a refused clip, whole or not at all; return its page, None without a frame to show.

    content  the analysis.json of the refusal

    Raises InputError.
    """
    with folder_written_whole(folder) as half:
        write_json(content, half / "analysis.json")
        if not isinstance(refused.found, ClipPoses) or not clip.has_pictures:
            return None
        _write_page(clip, refused, refused.found, half)
    return folder / "report.html"


def _write_page(clip: Clip, refused: Refused, found: ClipPoses, folder: Path) -> None:
    frames = folder / "frames"
    frames.mkdir()
    shown = []
    for number, (time_s, picture) in enumerate(refusal_pictures(found, refused.why.id, person=refused.person), start=1):
        path = frames / f"refused_{number}.jpg"
        save(picture, path)
        shown.append((time_s, data_uri(path)))
    several = len(found.poses.people) > 1
    people = write_people(found, folder) if several else None
    content = {
        "clip": clip.name,
        "refusal": describe_refusal(refused),
        "shown": shown,
        "people": data_uri(people) if people else "",
        "filming": FILMING,
        "css": part("page.css") + part("report.css"),
        "policy": content_policy(),
    }
    (folder / "report.html").write_text(render("refusal.html.j2", content), encoding="utf-8")


def write_people(found: object, folder: Path) -> Path | None:
    """Write people.jpg, everyone with their number; None if nobody was looked for or found. Raises InputError."""
    people = everyone(found.poses) if isinstance(found, ClipPoses) else ()
    if not isinstance(found, ClipPoses) or not people or not found.clip.has_pictures:
        return None
    return write_bytes(encoded(people_picture(found.clip, people), ".jpg"), folder / "people.jpg")
