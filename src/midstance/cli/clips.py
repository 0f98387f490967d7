"""Analyse one clip or many: results in folders, analyses as JSON, and what a person reads on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from midstance import __version__
from midstance.analyze import open_source
from midstance.cli import caged
from midstance.cli.runs import analyze_clip
from midstance.cli.terminal import as_json, bar, err, name_once, note, out, write_out
from midstance.errors import Refused, UsageError
from midstance.formats import analysis_json
from midstance.formats.files import disk_errors
from midstance.model import Analysis
from midstance.options import Options
from midstance.output.refusal import write_people, write_refusal
from midstance.output.results import write_results
from midstance.reasons import Reason
from midstance.text.clips import table_lines
from midstance.text.report import Report, describe
from midstance.text.report_lines import report_lines
from midstance.together import join
from midstance.video.endings import FILMS_IN_A_FOLDER

HandOver = Callable[[Mapping[str, Any]], None]
"""Called with an analysis.json as plain data, or with that of a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be written and printed.

    folder   for the results of one clip, or for the folders of several; None: beside each clip
    json_to  file for the analysis; "-" prints that alone; None: no such file
    film     whether the annotated film is drawn
    whole    whether the whole report is printed
    """

    folder: Path | None = None
    json_to: str | None = None
    film: bool = True
    whole: bool = False

    @property
    def to_pipe(self) -> bool:
        """Whether nothing but JSON is printed."""
        return self.json_to == "-"


def analyze_all(named: Iterable[Path], options: Options, wanted: Wanted) -> int:
    """Analyse every clip; return the exit code of the first that failed. Raises the error of one that is alone.

    The JSON of several clips is one line each, written as each is done; a table of all follows.
    """
    clips = list(dict.fromkeys(clips_in(named)))
    if len(clips) == 1:
        analyze_one(clips[0], options, wanted)
        return 0
    worst, done = 0, dict[str, Mapping[str, Any]]()
    with _json_lines(wanted.json_to, more=caged.outcome(0) is not None) as write_line:
        for number, (clip, folder) in enumerate(zip(clips, _folders(clips, wanted), strict=True)):
            before = caged.outcome(number)  # of a process that crashed at a later film
            if before is None:
                caged.in_hand(number, clip.name, of=len(clips))
                code, content = _one_of_many(clip, options, replace(wanted, folder=folder), write_line)
                caged.note_outcome(number, code, content)
            else:
                code, content = before["code"], before.get("content")
            worst = worst or code
            done |= {clip.name: content} if content else {}
    for line in () if wanted.to_pipe else table_lines(done):
        out.print(line)
    return worst


def _one_of_many(
    clip: Path, options: Options, wanted: Wanted, write_line: HandOver
) -> tuple[int, Mapping[str, Any] | None]:
    """Analyse one of several clips, whatever happens; return its exit code, and its JSON if there is any."""
    handed = list[Mapping[str, Any]]()
    code = 0

    def hand_over(content: Mapping[str, Any]) -> None:
        handed.append(content)
        write_line(content)

    try:
        _analyze(clip, options, wanted, hand_over)
    except Exception as fault:  # noqa: BLE001  (of whatever library: the other films are analysed)
        says, code = caged.say_fault(fault)
        err.print(f"midstance: {name_once(clip.name, says)}")
    return code, handed[-1] if handed else None


def analyze_one(clip: Path, options: Options, wanted: Wanted) -> None:
    """Analyse one clip. Raises InputError, Refused, UsageError or WeightsError."""
    folder = wanted.folder or _folders([clip], wanted)[0]
    caged.in_hand(0, clip.name)
    _analyze(clip, options, replace(wanted, folder=folder), lambda content: write_out(content, wanted.json_to))


def analyze_as_one(clips: Sequence[Path], options: Options, wanted: Wanted) -> Analysis:
    """Analyse several films of one run together, write and print it. Raises the errors of run_of."""
    analysis = run_of(clips, options, quiet=wanted.to_pipe)
    lead = analysis.clip.path
    folder = wanted.folder or (None if wanted.to_pipe else lead.with_name(f"{lead.name}.midstance"))
    _hand_over(analysis, options, replace(wanted, folder=folder), lambda content: write_out(content, wanted.json_to))
    return analysis


def run_of(clips: Sequence[Path], options: Options, *, quiet: bool = False) -> Analysis:
    """Analyse several films of one run together. Raises InputError, Refused, UsageError or WeightsError."""
    if len(clips) < 2:
        raise UsageError(Reason("one_film_together"))
    films = []
    for path in clips:
        title = f"looking for the runner in {path.name}"
        films.append(analyze_clip(open_source(path, options), options, title=title, quiet=quiet))
    return join(films, options)


def _folders(clips: Sequence[Path], wanted: Wanted) -> list[Path | None]:
    """Return the folder of results of each clip; none where JSON alone is wanted."""
    if wanted.to_pipe and wanted.folder is None:
        return [None] * len(clips)
    return [*folders_of(clips, wanted.folder)]


def clips_in(named: Iterable[Path]) -> Iterator[Path]:
    """Yield every clip; in place of a folder of films its films, in the order of their names."""
    for path in named:
        films = [] if not path.is_dir() else [each for each in path.iterdir() if _is_film(each)]
        yield from sorted(films) or [path]


def _is_film(path: Path) -> bool:
    return path.suffix.lower() in FILMS_IN_A_FOLDER and path.is_file() and not path.name.startswith(".")


def folders_of(clips: Sequence[Path], parent: Path | None) -> list[Path]:
    """Return the folder of results of each clip, beside it or in `parent`; clips of one name get one each there."""
    whole = [clip.absolute() if clip.name in {"", ".."} else clip for clip in clips]
    if parent is None:
        return [clip.with_name(f"{clip.name}.midstance") for clip in whole]
    shared = Counter(clip.name for clip in whole)
    names = [clip.name if shared[clip.name] == 1 else f"{clip.absolute().parent.name}-{clip.name}" for clip in whole]
    again = Counter(names)
    numbered = [name if again[name] == 1 else f"{number}-{name}" for number, name in enumerate(names, start=1)]
    return [parent / f"{name}.midstance" for name in numbered]


@contextmanager
def _json_lines(json_to: str | None, *, more: bool) -> Iterator[HandOver]:
    """Open the file of JSON lines, or the pipe for "-", for as long as the block runs; None writes nothing.

    more  lines are added to those that are there
    """
    if json_to is None or json_to == "-":
        yield lambda content: print(as_json(content)) if json_to else None  # noqa: T201  (plain, for a pipe)
        return
    path = Path(json_to)
    with disk_errors(path), path.open("a" if more else "w", encoding="utf-8", newline="\n") as file:
        yield lambda content: print(as_json(content), file=file, flush=True)


# -- one clip ------------------------------------------------------------------------------------------------------


def _analyze(path: Path, options: Options, wanted: Wanted, hand_over: HandOver) -> None:
    """Analyse a clip, hand over its JSON, write the results if there is a folder, and print the report."""
    clip = open_source(path, options)
    try:
        analysis = analyze_clip(clip, options, title=f"looking for the runner in {path.name}", quiet=wanted.to_pipe)
    except Refused as refused:
        content = analysis_json.plain_refusal(__version__, clip, refused)
        hand_over(content)
        page = write_refusal(content, clip, refused, wanted.folder) if wanted.folder else None
        if page and not wanted.to_pipe:
            out.print(f"{page}   the frames that show why")
        raise
    except UsageError as fault:
        if wanted.folder and (people := write_people(fault.found, wanted.folder)):
            out.print(f"{people}   everyone, with their numbers")
        raise
    _hand_over(analysis, options, wanted, hand_over)


def _hand_over(analysis: Analysis, options: Options, wanted: Wanted, hand_over: HandOver) -> None:
    """Write the results if there is a folder, hand over the JSON, and print the report."""
    asked = options.what_could_i_try
    if wanted.folder:
        with bar("drawing the film", quiet=wanted.to_pipe or not wanted.film) as progress:
            report = describe(analysis, asked=asked)
            results = write_results(analysis, report, wanted.folder, film=wanted.film, progress=progress)
    hand_over(analysis_json.plain(analysis))
    if wanted.to_pipe:
        return
    _print(describe(analysis, door="cli", asked=asked), whole=wanted.whole)
    if wanted.folder:
        out.print(f"\n{results.page}   the report, opens in any browser")
        for film in results.films:
            out.print(f"{film}   the film")
        out.print(f"{results.folder / 'handout.pdf'}   the page to print and hand out")
        if (card := results.folder / "card.png").exists():
            out.print(f"{card}   the cue on one picture, for the phone")
        out.print(f"{results.analysis}   every number")


def _print(report: Report, *, whole: bool) -> None:
    for line in report_lines(report, whole=whole):
        out.print(line)
    for warning in () if whole else report.warnings:
        note(warning)
