"""Build the documents as a site: gather the pages, let Zensical build them, and check every link and picture.

Pages that lie elsewhere in the repository (the results of the validation, CONTRIBUTING, the changes) join the others,
and the links between them are turned.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from os.path import relpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
PAGES, SITE = BUILD / "pages", BUILD / "site"
ELSEWHERE = ("CONTRIBUTING.md", "CHANGELOG.md", "validation/RESULTS.md")
KINDS = {".md", ".svg", ".webp", ".png"}
LINK = re.compile(r"(?P<image>!?)\[(?P<words>[^\]]*)\]\((?P<to>[^)\s#:]+)(?P<anchor>#[^)\s]*)?\)")
TROUBLE = re.compile(r"(?i)^griffe:|warning|error", re.MULTILINE)


def gather(pages: Path = PAGES) -> None:
    """Copy every page and picture into a folder; links are turned, and files that are no page are only named."""
    shutil.rmtree(pages, ignore_errors=True)
    docs = ROOT / "docs"
    places = {path: pages / path.relative_to(docs) for path in docs.rglob("*") if path.suffix in KINDS}
    places |= {ROOT / name: pages / Path(name).name for name in ELSEWHERE}
    for path, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".md":
            shutil.copy(path, place)
            continue

        def turned(link: re.Match[str], path: Path = path, place: Path = place) -> str:
            target = (path.parent / link["to"]).resolve()
            if target not in places:
                return link["words"] if target.exists() else link[0]
            address = f"{relpath(places[target], place.parent)}{link['anchor'] or ''}"
            return f"{link['image']}[{link['words']}]({address})"

        place.write_text(LINK.sub(turned, path.read_text(encoding="utf-8")), encoding="utf-8")


class _Addresses(HTMLParser):
    """Collect what a page links to, and the anchors it has."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of a link or picture, and the id of anything."""
        known = dict(attrs)
        wanted = {"a": "href", "img": "src"}.get(tag)
        if wanted and (address := known.get(wanted)):
            self.links.append(address)
        if anchor := known.get("id"):
            self.anchors.add(anchor)


def faults(site: Path = SITE) -> Iterator[str]:
    """Yield every link inside the site that leads nowhere."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        pages[path] = _Addresses()
        pages[path].feed(path.read_text(encoding="utf-8"))
    for path, page in pages.items():
        if path.name == "404.html":  # served from anywhere, so its links begin at the root of the host
            continue
        for link in page.links:
            address = urlsplit(link)
            if address.scheme or address.netloc:
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                yield f"{path.relative_to(site)}: {link} leads nowhere"
            elif address.fragment and target in pages and unquote(address.fragment) not in pages[target].anchors:
                yield f"{path.relative_to(site)}: {link} has no such heading"


def build() -> int:
    """Build the site and check it; return how many faults were printed."""
    gather()
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copy(ROOT / "docs" / "zensical.toml", BUILD)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(command, cwd=BUILD, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = [line for line in done.stdout.splitlines() if done.returncode or TROUBLE.search(line)]
    found = [*said, *faults()]
    print("\n".join(found) if found else f"{sum(1 for _ in SITE.rglob('*.html'))} pages, every link leads somewhere")
    return len(found)


if __name__ == "__main__":
    sys.exit(min(build(), 1))
