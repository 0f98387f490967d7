"""Open the two streams of a terminal, a progress bar on the second, and read what a typed word means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from midstance.model import OnProgress

out = Console(highlight=False, soft_wrap=True, markup=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


@contextmanager
def bar(title: str, *, quiet: bool = False, in_bytes: bool = False) -> Iterator[OnProgress]:
    """Show a bar of what is done out of the total, from the first progress on; it is gone at the end."""
    amount = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), amount, TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal) as bars:
        task = bars.add_task(title, total=None, visible=False)

        def on_progress(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total, visible=True)
            if done == total:
                bars.stop()  # a question may follow

        yield on_progress


def is_take(word: str) -> bool:
    """Whether a word of the command line is the number of a take, and not a file of that name."""
    return re.fullmatch(r"[0-9]{1,18}", word) is not None and not Path(word).exists()
