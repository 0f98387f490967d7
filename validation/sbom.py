"""Write the bill of materials (CycloneDX 1.6) and the licences of what is installed here: make sbom.

Every package that midstance needs, with the native libraries inside its wheel, as their files are named. What is under
the GPL is said (docs/redistributing.md). Vulnerabilities are looked up by pip-audit where it is installed; without
it, or without data, nothing is called clean.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
OUT = ROOT / "sbom"
EXTRAS = ("formats", "mcp", "rtmpose", "store", "web")

GPL_LIBRARIES = frozenset({"x264", "x265"})
"""Native libraries whose licence binds whoever passes on a wheel with them."""

_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_LIBRARY = re.compile(r"^lib(?P<name>.+?)(-[0-9a-f]{8})?\.(so|dylib|dll)")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    found = {name: distribution(name) for name in sorted(needed())}
    parts = [component(each) for each in found.values()]
    (OUT / "midstance.cdx.json").write_text(json.dumps(bill(parts), indent=1) + "\n", encoding="utf-8")
    (OUT / "LICENCES.txt").write_text("\n".join(licences(found)), encoding="utf-8")
    gpl = [f"{part['name']} ({', '.join(names)})" for part in parts if (names := gpl_inside(part))]
    print(
        f"{len(parts)} packages, {sum(len(part.get('components', ())) for part in parts)} native libraries inside them"
    )
    print(f"under the GPL by what is inside: {', '.join(gpl) or 'none'}")
    print(f"without a licence in their data: {', '.join(p['name'] for p in parts if not p['licenses']) or 'none'}")
    print(from_the_index())
    print(audit())


def needed() -> set[str]:
    """Return the names of midstance and of every installed package that it needs, with what its extras need."""
    names = set[str]()
    todo: list[tuple[str, tuple[str, ...]]] = [("midstance", EXTRAS)]
    while todo:
        name, extras = todo.pop()
        try:
            each = distribution(name)
        except PackageNotFoundError:
            continue  # for another system, or an extra that is not installed
        name = re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower()
        if name in names:
            continue
        names.add(name)
        for wanted in each.requires or ():
            of_extra = _EXTRA.search(wanted)
            if (of_extra is None or of_extra[1] in extras) and (named := _NAME.match(wanted)):
                todo.append((named[0], ()))
    return names


def component(package: Distribution) -> dict[str, Any]:
    """Return one package as CycloneDX has it."""
    name, version = package.metadata["Name"], package.version
    inside = [
        {"type": "library", "name": library, "description": f"inside the wheel of {name}"}
        for library in sorted(set(libraries(package)))
    ]
    about: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name.lower()}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower()}@{version}",
        "licenses": [{"license": {"name": licence}} for licence in [licence_of(package)] if licence],
    }
    return about | ({"components": inside} if inside else {})


def libraries(package: Distribution) -> Iterator[str]:
    """Yield the native libraries that a wheel brings, by the names of their files."""
    for file in package.files or ():
        if (".libs" in str(file) or ".dylibs" in str(file)) and (found := _LIBRARY.match(file.name)):
            yield found["name"]


def licence_of(package: Distribution) -> str:
    """Return the licence that a package names; empty where it names none."""
    said: Any = package.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    classifiers = [each.rpartition(" :: ")[2] for each in said.get_all("Classifier", []) if each.startswith("License")]
    text = (said.get("License") or "").strip().splitlines()
    return "; ".join(classifiers) or (text[0][:100] if text else "")


def gpl_inside(part: dict[str, Any]) -> list[str]:
    return [each["name"] for each in part.get("components", ()) if each["name"] in GPL_LIBRARIES]


def bill(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": next(part for part in parts if part["name"] == "midstance") | {"type": "application"},
        },
        "components": [part for part in parts if part["name"] != "midstance"],
    }


def licences(found: dict[str, Distribution]) -> Iterator[str]:
    """Yield the text of every licence file that the packages bring."""
    for name, package in found.items():
        yield f"{'=' * 80}\n{name} {package.version}: {licence_of(package) or 'no licence in its data'}\n"
        for file in package.files or ():
            if re.match(r"(licen[cs]e|copying|notice)", file.name, re.IGNORECASE) and ".dist-info" in str(file):
                yield f"--- {file.name}\n{Path(str(file.locate())).read_text(encoding='utf-8', errors='replace')}"


def from_the_index() -> str:
    """Return which pinned packages are named by safety-db, which is a package of the index itself, and of what day."""
    if importlib.util.find_spec("safety_db") is None:
        return "vulnerabilities known to safety-db: not looked up, it is not installed; nothing is called clean"
    from packaging.specifiers import SpecifierSet

    pinned = dict(
        re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    )
    data = distribution("safety-db")
    known = json.loads(Path(str(data.locate_file("safety_db/insecure.json"))).read_text(encoding="utf-8"))
    named = [
        f"{name} {version}"
        for name, version in pinned.items()
        if any(version in SpecifierSet(each, prereleases=True) for each in known.get(name, ()))
    ]
    return (
        f"vulnerabilities known to safety-db {data.version}: {', '.join(named) or 'none'} of {len(pinned)} pinned "
        "packages; what was found since that day it does not know, so nothing is called clean"
    )


def audit() -> str:
    """Return what pip-audit says of the pinned packages, or why nothing is known."""
    if importlib.util.find_spec("pip_audit") is None:
        return "vulnerabilities known to pip-audit: not looked up, it is not installed; nothing is called clean"
    words = [
        "--requirement",
        str(ROOT / "requirements.txt"),
        "--disable-pip",
        "--progress-spinner=off",
        "--format=json",
    ]
    command = [sys.executable, "-m", "pip_audit", *words]
    return audited(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


def audited(said: str) -> str:
    """Return what an answer of pip-audit comes to.

    It says "No known vulnerabilities found", and ends well, where it could ask about none of them as well: what was not
    answered is counted.
    """
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return "vulnerabilities known to pip-audit: no answer; nothing is called clean"
    answered = [each for each in packages if "vulns" in each]
    named = [
        f"{each['name']} {each['version']} ({', '.join(one['id'] for one in each['vulns'])})"
        for each in answered
        if each["vulns"]
    ]
    return (
        f"vulnerabilities known to pip-audit: {', '.join(named) or 'none'} of {len(answered)} packages; of "
        f"{len(packages) - len(answered)} it knows nothing, and they are not called clean"
    )


if __name__ == "__main__":
    main()
