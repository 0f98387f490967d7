"""A language model asks over standard input and output: every number has its interval and its frames."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import midstance as ms
from midstance.errors import InputError, UsageError
from midstance.formats import trc
from midstance.output.for_models import Answers
from midstance.output.results import write_results
from midstance.store import open_store
from midstance.text.report import describe
from tests.fixtures.recorded import CADENCE_SPM, markers

TOOLS = {"athletes", "takes", "measures", "findings", "plan", "contacts", "comparison"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results of the jogger."""
    folder = tmp_path_factory.mktemp("run")
    analysis = ms.analyze(trc.write(markers(), folder / "run.trc"))
    return write_results(analysis, describe(analysis), folder / "run.trc.midstance", film=False).folder


async def ask(folder: Path, home: Path) -> dict[str, Any]:
    """What the server says of its tools and of one run."""
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    program = StdioServerParameters(
        command=sys.executable,
        args=["-m", "midstance", "mcp"],
        env={"MIDSTANCE_DATA": str(home), "HOME": str(home), "PYTHONPATH": ":".join(sys.path)},
    )
    async with Client(stdio_client(program)) as client:
        listed = await client.list_tools()
        said: dict[str, Any] = {"tools": {tool.name for tool in listed.tools}}
        for name, arguments in {
            "measures": {"of": str(folder), "only": ["cadence_spm", "contact_time_ms"]},
            "findings": {"of": str(folder)},
            "comparison": {"of": [str(folder), str(folder)]},
            "athletes": {},
        }.items():
            answer = await client.call_tool(name, arguments)
            assert not answer.is_error, answer
            content = answer.structured_content
            said[name] = content.get("result", content)
        said["wrong"] = await client.call_tool("measures", {"of": "nowhere"})
        return said


def test_its_own_client_asks_over_stdio(results: Path, tmp_path: Path) -> None:
    said = asyncio.run(ask(results, tmp_path))
    assert said["tools"] == TOOLS
    assert said["athletes"] == []
    cadence = next(each for each in said["measures"] if each["measure"] == "cadence_spm")
    assert cadence["low"] < CADENCE_SPM < cadence["high"]
    assert len(cadence["frames"]) > 3
    assert {each["measure"] for each in said["measures"]} == {"cadence_spm", "contact_time_ms"}
    assert {"findings", "not_assessed", "remarks"} <= said["findings"].keys()
    assert said["comparison"]["overall"]["differences"]
    assert said["wrong"].is_error
    assert "there is no such file" in said["wrong"].content[0].text


def test_every_number_has_its_interval_and_frames(results: Path, tmp_path: Path) -> None:
    answers = Answers(lambda: open_store(f"sqlite:///{tmp_path / 'a.db'}", str(tmp_path)))
    said = answers.measures(str(results))
    stored = json.loads((results / "analysis.json").read_text())
    assert len(said) == len(stored["measures"])
    for each in said:
        assert each["low"] <= each["value"] <= each["high"], each
        assert each["frames"] or not each["strides"] or each["measure"].startswith("asymmetry"), each
        assert all(0 <= frame < stored["clip"]["frames"] for frame in each["frames"])
    with pytest.raises(InputError, match="no such file"):
        answers.measures(str(tmp_path))
    with pytest.raises(UsageError):
        answers.plan("7")
