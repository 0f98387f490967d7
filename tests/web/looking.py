"""Look at pages for barriers, on a phone and on a desk, in light and in dark."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.browsers import DESK, PHONE

BOTH_SIZES = pytest.mark.skipif(
    not os.environ.get("MIDSTANCE_WALK"),
    reason="the other size is walked where MIDSTANCE_WALK is set: it takes a minute",
)
"""Of a size that is not walked every time: the other journey is walked at it."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TURN_OFF_MOTION = "*, ::before, ::after { transition: none !important; animation: none !important; }"


def barriers(tab: Any, script: Path, *, colours_alone: bool = False) -> list[Any]:
    """What axe finds on a page; the tabs of the tests let it in past our own policy."""
    if not tab.evaluate("'axe' in window"):
        tab.add_script_tag(path=str(script))
        tab.add_style_tag(content=TURN_OFF_MOTION)
    wanted = {"runOnly": ["color-contrast"] if colours_alone else RULES, "iframes": False}
    found = tab.evaluate(f"axe.run(document, {json.dumps(wanted)})")
    return [(v["id"], [node["html"][:100] for node in v["nodes"][:3]]) for v in found["violations"]]


class Looking:
    """Looks at every page a tab is led to, and remembers what it found; of dark pages the colours alone differ."""

    def __init__(self, script: Path) -> None:
        self._script, self.found = script, dict[str, Any]()

    def at(self, tab: Any, name: str) -> None:
        """Look at the page that is open now."""
        before = tab.viewport_size
        for size, called in ((PHONE, "phone"), (DESK, "desk")):
            tab.set_viewport_size(size)
            for scheme in ("light", "dark"):
                tab.emulate_media(color_scheme=scheme)
                self.found[f"{name} {called} {scheme}"] = barriers(tab, self._script, colours_alone=scheme == "dark")
                if shots := os.environ.get("MIDSTANCE_SHOTS"):
                    picture = f"{name.strip('/').replace('/', '_').replace('?', '_') or 'first'}-{called}-{scheme}.png"
                    tab.screenshot(path=str(Path(shots) / picture), full_page=True)
            assert tab.evaluate(WIDER) <= 0, f"{name} is wider than a {called}"
        tab.emulate_media(color_scheme="light")
        tab.set_viewport_size(before)

    def nothing_was_found(self) -> None:
        """Fail with every barrier that was found."""
        assert self.found
        faults = {name: found for name, found in self.found.items() if found}
        assert not faults, json.dumps(faults, indent=1)
