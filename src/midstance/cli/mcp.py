"""`midstance mcp`: let a language model ask what is stored, read only, over standard input and output."""

from __future__ import annotations

import inspect
from functools import cache, wraps
from typing import Any

from midstance.cli.terminal import plain_app
from midstance.errors import MidstanceError
from midstance.formats.extras import needed

app = plain_app()

ABOUT = (
    "Measured running form from films. Every number comes with its 95 % interval (low, high) and the frames that show "
    "it: quote both. A difference smaller than its error is no change. Nothing here is a medical check."
)
OF = "`of`: the number of a take in the store, or a folder of results."


@app.command()
def mcp() -> None:
    """Serve analyses to a language model over standard input and output: read only, no network."""
    server().run("stdio")


def server() -> Any:
    """Return the server with its tools. Raises UsageError without the library mcp."""
    from midstance import __version__
    from midstance.output.for_models import Answers
    from midstance.store import open_store

    library = needed("mcp.server.mcpserver", extra="mcp")
    hints = needed("mcp_types", extra="mcp").ToolAnnotations(read_only_hint=True, open_world_hint=False)
    made = library.MCPServer("midstance", version=__version__, instructions=ABOUT)
    answers = Answers(cache(open_store))
    for name in ("athletes", "takes", "measures", "findings", "plan", "contacts", "comparison"):
        answer = getattr(answers, name)
        takes_of = "of" in inspect.signature(answer).parameters
        says = f"{inspect.getdoc(answer)} {OF if takes_of else ''}".strip()
        made.tool(name=name, description=says, annotations=hints)(_in_one_line(answer))
    return made


def _in_one_line(answer: Any) -> Any:
    """Return a function whose errors say in one line what is wrong, as everywhere."""
    fault_of_tool = needed("mcp.server.mcpserver.exceptions", extra="mcp").ToolError

    @wraps(answer)
    def answered(**asked: Any) -> Any:
        try:
            return answer(**asked)
        except MidstanceError as fault:
            raise fault_of_tool(str(fault)) from None

    return answered
