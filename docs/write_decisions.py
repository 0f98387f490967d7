"""Write docs/decisions/index.md: the headings of all decisions."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "decisions"
PAGE = FOLDER / "index.md"


def page() -> str:
    """Return the whole page."""
    pages = [path for path in sorted(FOLDER.glob("*.md")) if path != PAGE]
    titles = [re.findall(r"^# (.+)", path.read_text(encoding="utf-8"), re.MULTILINE)[0] for path in pages]
    lines = [f"- [{title}]({path.name})" for title, path in zip(titles, pages, strict=True)]
    return "\n".join(["# Decisions", "", "Why things are as they are, half a page each.", "", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
