"""`midstance schema`: the form of analysis.json."""

from __future__ import annotations

from midstance.cli.terminal import plain_app, write_out

app = plain_app()


@app.command()
def schema() -> None:
    """Print the JSON Schema of analysis.json."""
    from midstance.formats import analysis_schema

    write_out(analysis_schema.json_schema(), "-")
