"""Every accuracy table, printed and written to validation/RESULTS.md: make validate.

Needs the material in ../shared (or $MIDSTANCE_SHARED), which is not part of the project; what is absent is left out.
More rendered runners join in when `python -m validation.render` has made them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from midstance import __version__
from validation import (
    accuracy,
    bad_input,
    cause_measures,
    causes,
    clock,
    contacts,
    faults,
    fit_bands,
    force_plate,
    harden,
    laboratories,
    legs,
    mutants,
    people,
    people_from_points,
    persons_on_film,
    photo,
    progress,
    questions,
    refusals,
    stills,
    strike,
    wheel,
)
from validation import cameras as camera_tables
from validation.calibrate import Compared
from validation.cases import SHARED, Case, cases
from validation.cases import rendered as rendered_films

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Write the whole of RESULTS.md, or only the sections whose titles are given."""
    wanted = sys.argv[1:]
    sections = {title: (says, rows) for title, says, rows in tables()}
    if unknown := [title for title in wanted if title not in sections]:
        sys.exit(f"no section is called {unknown[0]!r}; there are: {', '.join(sections)}")
    text = RESULTS.read_text(encoding="utf-8") if wanted else HEAD
    for title in wanted or sections:
        says, rows = sections[title]
        section = "\n".join(("", f"## {title}", "", says, "", *rows())) + "\n"
        print(section, flush=True)
        text = with_section(text, title, section)
    first = f"midstance {__version__}, commit {_commit()}, {datetime.now(tz=UTC):%Y-%m-%d}. Made by `make validate`."
    text = text if wanted else text.replace(HEAD, f"{HEAD}\n{first}\n", 1)
    RESULTS.write_text(text, encoding="utf-8")


HEAD = "# What was measured\n"


def with_section(text: str, title: str, section: str) -> str:
    """Return the page with one section put in its place, or at the end if it was not there."""
    parts = re.split(r"(?m)^(?=## )", text)
    named = [part.split("\n")[0] == f"## {title}" for part in parts]
    if not any(named):
        return text.rstrip("\n") + "\n" + section
    return (
        "".join(section[1:] + "\n" if here else part for part, here in zip(parts, named, strict=True)).rstrip() + "\n"
    )


def tables() -> Iterator[tuple[str, str, Callable[[], Iterable[str]]]]:
    """The sections of RESULTS.md: title, what is shown, and the rows, made when asked for."""
    yield from _of_people()
    if SHARED.is_dir():
        yield from _of_films()


def _of_people() -> Iterator[tuple[str, str, Callable[[], Iterable[str]]]]:
    """The sections that mostly need no film."""
    yield "Healthy people", PEOPLE, healthy_people
    if people_from_points.TRIALS.is_dir():
        yield "Healthy people from their points", FROM_POINTS, lambda: people_from_points.table(fit_bands.bands_without)
    yield "Joint angles of two laboratories", LABORATORIES, laboratories.table
    yield "Faults of generated persons", FAULTS, faults.table
    yield from (
        ("Changes in the code that no test notices", MUTANTS, mutants.table),
        ("Damaged and hostile files", HARDEN, harden.table),
        ("Questions as people type them", QUESTIONS, questions.table),
        ("The tests from a wheel", WHEEL, wheel.table),
    )
    yield "Causes", CAUSES, lambda: causes.table(persons_on_film.films())
    yield "Measures that part causes", PARTING, lambda: cause_measures.table(persons_on_film.films())
    if persons_on_film.films():
        yield "Generated persons on film", ON_FILM, persons_on_film.coached
        yield "Measures of generated persons on film", MEASURED, persons_on_film.measured
        yield "Generated persons from the front and from behind", FROM_FRONT, persons_on_film.from_the_front


def _of_films() -> Iterator[tuple[str, str, Callable[[], Iterable[str]]]]:
    """The sections of the films in shared and of those that were rendered."""
    digital, rendered = cases(), rendered_films()
    cameras, unseen = (_named(rendered, start) for start in ("val", "new_"))
    striking = _named(rendered, "ct_")
    everyone = cache(lambda: accuracy.compared(digital + rendered))
    sideways, turned = _by_view(case for case in rendered if case not in unseen)
    yield "Legs kept apart", LEGS, lambda: legs.table(digital)
    yield "The same, other runners and cameras", OTHERS, lambda: legs.table(cameras)
    yield "The same, generated persons", COACHED, lambda: _head_and_sums(legs.table(persons_on_film.films()))
    yield "Legs, runners outside every fit", UNSEEN, lambda: legs.table(unseen)
    yield "Legs, sprinters and other ways of landing", SPRINTERS, lambda: legs.table(striking)
    yield "Contacts, rendered clips", CONTACTS, lambda: contacts.table(digital + _named(rendered, "landing_"))
    yield "Contacts, films outside every fit", STRANGERS, lambda: contacts.table(_strangers(rendered))
    yield "At the strike", STRIKE, lambda: strike.table(_at_the_strike(digital + rendered))
    yield "Contacts, force-plate trials", PLATES, lambda: force_plate.table(SHARED / "truth")
    yield "Measures beside their truth", MEASURES, lambda: _measures(_of(digital, everyone()))
    yield "Measures, runners outside every fit", UNSEEN_TOO, lambda: accuracy.table(_of(unseen, everyone()))
    yield "Measures, other runners and cameras", COVERAGE, lambda: accuracy.table(_of(sideways, everyone()))
    yield "Measures from the front and from behind", TURNED, lambda: accuracy.table(_of(turned, everyone()))
    yield "Intervals of runners left out", HELD_OUT, lambda: accuracy.table_held_out(everyone())
    yield "Cameras", CAMERAS, lambda: camera_tables.table(rendered)
    yield "Single frames as photographs", PHOTOS, lambda: photo.table(digital)
    yield "Stills of real film", STILLS, stills.table
    yield "Did it change?", PROGRESS, progress.table
    yield "Films that cannot be wholly measured", BAD, bad_input.table
    yield "Films that play too slowly or too fast", CLOCK, lambda: clock.table(digital + rendered)
    yield "Real clips whose outcome is known", REAL, lambda: refusals.table(SHARED)
    yield "Refused or not", PIECES, lambda: refusals.pieces_table(SHARED)


def healthy_people() -> Iterator[str]:
    """How many of 26 runners are spoken to, each left out of what was fitted."""
    bands = cache(fit_bands.bands_without)
    kinds = {"as a phone clip would": False, "without error": True}
    yield from people.lines({kind: people.spoken_to(bands, exact=exact) for kind, exact in kinds.items()})


PEOPLE = """Twenty-six competitive runners (25 men) on force plates (Fukuchi, Fukuchi and Duarte 2017), each judged by
bands fitted on the other 25. Aims: flagged at most 1, given a focus at most 3 at each speed; without error flagged at
most 5. Before the bands followed people: flagged 6, 1 and 8, given a focus 10, 13 and 21; without error flagged 14, 21
and 24 (same shift of the angles' zero)."""

FROM_POINTS = """The same people, but with everything read at the contacts that midstance finds in their markers (60
frames a second, 1 cm of noise), each judged by bands fitted on the others. Aims: flagged at most 1, given a focus at
most 3 at each speed."""

LABORATORIES = """Joint angles near 2.5 m/s beside the bands: 23 runners of a laboratory in no fit (Running Injury
Clinic, Calgary) and 23 of the 26 people of the bands as others processed them (BMC-RIC-running-biomechanics, CC BY
4.0). The zero of the angles is set by the runners whom both have measured. Ordinary: 5 % beyond each edge. Surely
outside: by more than the edge itself is known."""

FAULTS = """Persons of the digital runner (norms 2), no pixels: true measures with the uncertainty that a phone clip
states, and with errors of that size drawn. Found: the right problem is the first or the second that is named. Levels
are 2, 3 and 4.5 standard deviations between runners. Aims: found 85 % at 3 and 95 % at 4.5; of 100 persons without
fault at most 2 flagged and 8 given a focus. What is read at strike is read at the generator's stated contact, 13 ms
early for its kinematics, in faulty and fault-free persons alike."""

HARDEN = """`make harden`, the same every time. Bombs: small files that would fill the memory or never end, given to
the command that reads them, in a child with 2 GB; right is one line, and nothing left. Killed: each command ends
(SIGKILL) at moments drawn from all at which it is about to touch the disk or the database; right is that the store is
whole, nothing is lost or left that `takes tidy` does not find, every output is the old or the new one, and the same
command then does its work. Full disks: each command with more and more room left, from nothing until it fits, then
closer and closer to the least that does, to 4 kB, with 4 kB less and 4 kB more; right is one line that says so,
nothing half there, and with room again it is done. In both, the runner in the film was looked for once, before.
Damaged files: a good file of every format, cut, overwritten, doubled in part or with numbers that cannot be, through
its reader in a child with 2 GB; right is read, or refused in one line. A native decoder that ends the process is
stopped by the cage: in a command, too, that is one line for that file. Aim everywhere: faults, crashes, hangs and
files outside the folder it works in: 0."""

MUTANTS = """`make mutants` changes the code in one place at a time (a sign, a number, a comparison, an argument) and
runs the tests that reach it (docs/decisions/mutants.md). Of every folder some changes are drawn at random. Aim: a test
fails at 90 % of them in every folder, and every survivor has its reason."""

QUESTIONS = """`midstance ask` on 163 questions written before anyone looked at its answers
(tests/questions_typed.toml): 113 on which wordings and thresholds were tuned, 50 drawn at random and not looked at; and
on an older set, on which it was tuned throughout. The same person wrote them all: strangers' wordings may do worse."""

WHEEL = """A wheel built from the tree, installed with all its extras in an environment with nothing else, and the tests
of the tree run against it in a folder without the sources: `python -m validation.wheel PYTHON`, two tests at a time on
two cores, ten minutes at most for each Python."""

CAUSES = """Generated runners into whom a cause was put, or a sign without its cause, or nothing: did the coach name the
sign first or second (what a root explains is told with the root), and judge the causes right? Old runner and persons:
the chains that come with the digital runner. Looked at: bodies anna, ben and carl, on which the lines of
data/causes.toml were set. Others: dai, erik and fay, other persons, speeds and magnitudes; they count. Exact: true
points without error, so that every line decides; stated: the same with the uncertainty of a phone clip; drawn: with
errors of that size. Strikes as our rule reads them on the true points. Elbows that swing out (0.90 to 0.96 shoulder
widths here) lie within what two real runners do, so they are left alone."""

PARTING = """Measures that were made to tell one cause from another, on films of generated persons, beside the same
formula on the true points; strikes as our rule reads them in either. Their own error (data/accuracy.toml) was fitted on
the six shared clips and the first seven persons without fault."""

LEGS = """Share of frames in which the ankle of a leg is off by more than 12 % of its length ("lost"), mean distance of
its five points from the true ones in % of leg length, and mean absolute error of its angles in degrees, through the
whole pipeline with the model `full`. Raw, the pose model loses 20 to 22 % of both legs. Targets: lost 0.5 %
near and 2 % far; near leg thigh 2.5, knee 3.5, shank 2, foot 4."""

OTHERS = """Runners rendered with other clothes, speeds and cameras (`python -m validation.render`). The table of what
the pose model draws wrong (data/offsets.toml) was fitted on these and the clips above, so both tables are partly of
its making."""

COACHED = """Persons of the digital runner's population with and without faults, 30 and 60 frames a second; in no fit
of the table of what the pose model draws wrong. On 63 films of norms 1 that stood here before, which had taken
part in the fit: near leg 1.4, 2.1, 1.2, 2.5, far leg 1.7, 2.6, 1.4, 2.4 degrees in the mean."""

UNSEEN = """Other bodies, clothes, distances, speeds and strides than in any fit (validation/new_runners.py). Targets:
near leg 2, 3, 1.5, 3 degrees, far leg 3, 4, 2, 4."""

SPRINTERS = """From 3.2 to 9.5 m/s; in no fit of the contacts and of the legs (validation/render.py, STRIKING)."""

UNSEEN_TOO = """The same runners: the honest figures."""

CONTACTS = """Milliseconds. Known best elsewhere: 6 ms for the contact time of a clip averaged over 20 m at 60 fps and
4K, 10 to 14 ms from a phone application (docs/evidence.md#contacts). The rule (data/contacts.toml) was fitted on
generated motion, on the dev clips among these and on the force-plate trials below; docs/decisions/contacts.md says what
it does on a runner left out."""

STRANGERS = """No fit of the rule has seen these: other bodies and clothes (new_); sprints, a forefoot and a heel
striker (ct_); and the article's three strides, whose contact, rhythm and landing do not go together as usual."""

PLATES = """Real runners on force plates, their markers projected to a camera, 1 cm of correlated noise, thinned to the
frame rate. Milliseconds. Elsewhere: kinematic rules 12 to 25 ms, learned on 200 Hz motion capture 5 to 6 ms."""

STRIKE = """What is read at the strike, at toe-off, and of the times on the ground, of people whose markers were filmed
without a pose model (3 s, 1 cm of noise, 30, 60 or 120 frames a second, the whole way from points to measures) and of
rendered runners of norms 1. Before: the curves run smooth through the contact. Now: with their corner
(docs/decisions/strike.md). Errors against the measure at the true contact, so a late strike counts. The rule of
contacts was fitted on the people on a belt. Of the films, intervals come from errors fitted without the body. Targets:
bias 1; mean error of shin, knee, foot 1.8, 2.5, 2.5; half width 4, 6, 4.5; slope .9 to 1.1. Half widths before: 5.7,
9.6, 5.9."""

MEASURES = """Each measure of each shared clip, its truth, its 95 % interval."""

COVERAGE = """Bias, RMSE, half width of the 95 % interval, and the share of intervals that held the truth. The own error
behind the intervals (data/accuracy.toml) was fitted on these runners, so the coverage here is of its own making; that
on runners left out of the fit is two tables below."""

TURNED = """Cadence and steps are told by the bounce of head and shoulders and held against the true strikes; shoulders
turn in space. The renderer tilts every pelvis by 7 degrees and whips no heel but by the set of the foot, so those two
rows rest on little. Target: cadence 0.5 %."""

HELD_OUT = """The same measures, but the intervals of each runner come from errors fitted without any clip of that body:
what a new runner may expect. Wanted: 90 to 99 %."""

CAMERAS = """How far the camera stood ahead of the square (+) and looked down, degrees, and what was told of it; then
mean absolute errors in degrees (foot: less its constant), of the bounce and of the speed, and the share of intervals
that held the truth, each as the camera saw it > put upright and square. The bodies left out (Erik, Fay) are in no fit
of data/cameras.toml. Below, level films turned by a tilt: what was told, its spread over the films, and how many were
corrected."""

ON_FILM = """Films of persons drawn from the population of 26 runners (digital runner, norms 2;
validation/population.py), 640 by 360 pixels, 30 and 60 frames a second, height known. The table of offsets and the own
errors were fitted on half of them, the rules and bands on none. The generator touches down some 13 ms before its own
kinematics do and leaves the ground 4 to 11 ms before them, so the rule of contacts, fitted on force plates, reads
contacts that much later, and the pull of the foot before the strike looks stronger than people's: *as filmed* has this
in it, *contacts moved* has not. Before there were persons, the same coach was asked about the old runner (norms 1): of
49 films with a fault 39 had it named first or second, of 26 without none was flagged."""

MEASURED = """The same persons, each measure beside its truth, with the truth's contacts where the rule reads them on
the exact points. Slope: of measured against true over all persons with and without faults (aim .9 to 1.1); held, no
fit: on the half of the persons on which neither the offsets nor the own errors were fitted; beyond 2 SD: among the
persons furthest from the middle (aim 93 to 97 %). Before offsets and errors were fitted on persons, over 110 films
with only the strikes moved: slope of the foot at strike .68 and .48 (near, far), ankle late in swing .54, .47, its arc
.61, .65, deepest knee on the ground .73, .61; held 76, 71; 97, 94; 98, 98; 94, 94 %; leg angle at toe-off 67, 64 %.
docs/decisions/legs.md says why the unusual reads as ordinary."""

FROM_FRONT = """Persons filmed from the front and from behind, some with a fault that only these views show; levels as
above, of shoulders that turn (5 degrees taken as one standard deviation) and of wrists that cross (0.08 shoulder
widths), which were not measured in people."""

PHOTOS = """Frames drawn at random, each read by itself. Phase right: of all, and of those further than a sixtieth of a
second from where a phase ends. Then mean absolute errors in degrees: near leg where it is told from the far one, both
thighs; and the share of near-leg angles (thigh, knee, shank) within 5 degrees. Targets: phase 90 %, 5 degrees."""

STILLS = """Frames of real clips, each read by itself (`python -m validation.stills --draw FOLDER` draws them). The
right phase is that of the film's own contacts, whose error is 15 ms: nearer to where a phase ends either counts, so
"alone right" counts the stills in which only one phase can be. Below, how often a phase was right that was told with so
much confidence. In the last four clips nobody runs, or nobody is there. Before, a lamp, a console, starting blocks and
a tree were listed as people, and where both legs were drawn on the standing one, toe-off was told with 70 to 98 %.
Who walks or balances is read as a runner: one picture does not tell them apart."""

PROGRESS = """Simulated pairs of takes, without any true change and with twice the least change that can be told."""

BAD = """Rendered clips cut, covered, shrunk, darkened and wrongly timed (validation/bad_clips.py). Owed is a refusal
for the right reason, or values that hold the truth within their intervals, nine of ten and none by far."""

CLOCK = """Rendered clips played at another speed than life: how many times slower the body seems to fall, and in how
many films the right factor is told, without and with the runner's height."""

PIECES = """Short pieces of every film (1.0, 1.6 and 2.5 s): many lie just above or below a threshold. By eye, from the
frames: when somebody runs with the whole body in the picture, and how many steps that is. Fewer than 2.5 must be
refused, more than 3.3 measured; what lies between may be either."""

REAL = """Films of real people, development only; they are never part of the project."""


def _at_the_strike(films: Iterable[Case]) -> list[strike.Row]:
    """Rows of the marker trials, then of the films whose stated contact is right."""
    trials = strike.marker_rows([SHARED / "norms" / "trials", SHARED / "truth"])
    return [*trials, *strike.film_rows([film for film in films if strike.shows_strikes(film)])]


def _head_and_sums(rows: list[str]) -> list[str]:
    """The head of a table of legs, its mean and its worst."""
    return rows[:2] + rows[-2:] if len(rows) > 4 else rows


def _named(rendered: list[Case], start: str) -> list[Case]:
    """The films whose names begin so."""
    return [case for case in rendered if case.name.startswith(start)]


def _strangers(rendered: list[Case]) -> list[Case]:
    """The films outside every fit whose stated contact is right: not those of persons (norms 2)."""
    return [case for case in rendered if case.stated_strike_is_right and case.name.startswith("ct_")]


def _by_view(rendered: Iterable[Case]) -> tuple[list[Case], list[Case]]:
    """Those filmed from the side, and those from the front or from behind."""
    told = [(case, case.truth["view"] in ("left", "right")) for case in rendered]
    return [case for case, side in told if side], [case for case, side in told if not side]


def _of(chosen: Iterable[Case], everyone: Iterable[Compared]) -> list[Compared]:
    """The rows of some clips."""
    names = {case.name for case in chosen}
    return [row for row in everyone if row.clip in names]


def _measures(rows: Iterable[Compared]) -> Iterator[str]:
    yield "| clip | measure | side | value | truth | error | half width | held |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        found = row.found
        held = "yes" if row.held else "**no**"
        yield (
            f"| {row.clip} | {found.id} | {found.side} | {found.value:.4g} | {row.true:.4g} | {row.error:+.3g} | "
            f"{found.uncertainty:.3g} | {held} |"
        )


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=8"]
    found = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
