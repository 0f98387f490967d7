"""`midstance demo`: a runner from two sides, the cause, and the same runner again after the change."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.terminal import check_outputs, out, plain_app

app = plain_app()

Out = Annotated[Path, typer.Option("--out", metavar="PATH", help="Folder for the results.")]

SIDES = ("side", "front")
HEIGHT_M = 1.75
"""Of the rendered runner."""


@app.command()
def demo(folder: Out = Path("demo-out")) -> None:
    """Analyse the clips that come with midstance: a rendered runner on a treadmill, before and after a change."""
    from midstance import data
    from midstance.cli.clips import Wanted, analyze_as_one, run_of
    from midstance.cli.compare import print_changes
    from midstance.comparison import compare_series
    from midstance.comparison.take import take_from_analysis
    from midstance.options import Options
    from midstance.output.results import write_results
    from midstance.text.report import describe

    check_outputs(folder=folder)
    options = Options(height_m=HEIGHT_M)
    with ExitStack() as files:
        first, second = (
            [files.enter_context(data.on_disk(f"demo_{when}_{side}.mp4")) for side in SIDES]
            for when in ("before", "after")
        )
        out.print("One run, filmed from the side and from the front.\n")
        before = analyze_as_one(first, options, Wanted(folder=folder))
        out.print("\nThe runner tries it, and is filmed again from both sides.")
        after = run_of(second, options)
        page = write_results(after, describe(after), folder / "after", film=False).page
    print_changes(
        compare_series([take_from_analysis(before, label="before"), take_from_analysis(after, label="after")])
    )
    out.print(f"\n{page}   the second report")
