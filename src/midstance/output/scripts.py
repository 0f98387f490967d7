"""Put the small JavaScript modules of a page into its one file, and allow the browser to run nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from markupsafe import Markup

from midstance import data

_IMPORT = re.compile(r'^import \{ \w+ \} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function )", re.MULTILINE)


@cache
def one_module(name: str) -> Markup:
    """Return data/page/NAME with the modules it imports before it, as one module.

    Each of those exports one function and has nothing else at its top, so that no two names meet.
    """
    main = data.text(f"page/{name}")
    parts = [_EXPORT.sub("", data.text(f"page/{part}")) for part in _IMPORT.findall(main)]
    return Markup("\n".join([*parts, _IMPORT.sub("", main)]))  # noqa: S704  (our own files)


def content_policy(*scripts: str) -> str:
    """Return the Content-Security-Policy of a page that runs these scripts only and loads nothing from anywhere."""
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts) or "'none'"
    allowed = {
        "default-src": "'none'",
        "script-src": hashes,
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "media-src": "blob: data: 'self' file:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {whence}" for what, whence in allowed.items())


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
