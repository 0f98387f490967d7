"""Do one job in a process of its own: `python -m midstance.web.task UID ATTEMPT`.

It says in lines of JSON how far it is. Everything that decodes a foreign file happens here. What is made is written
together with the end of the job.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from sqlalchemy import Connection

from midstance import __version__, quantities
from midstance.analyze import analyze as analyze_clip
from midstance.cage import enter
from midstance.comparison.clean import clean_stride
from midstance.comparison.model import Athlete, StoredTake, TakeNotes
from midstance.errors import InputError, MidstanceError, UsageError
from midstance.formats.files import written_whole
from midstance.model import Clip
from midstance.options import Options
from midstance.output.photo import draw_photo, photo_json
from midstance.output.results import zip_results
from midstance.photo import read_photo
from midstance.pose import weights
from midstance.render.side_by_side import side_by_side
from midstance.render.stills import save
from midstance.store import Store, import_athlete, open_store
from midstance.store.ingest import Judged, analyze_take, film_of, filmed_at, join_takes, kept_poses, options_for
from midstance.store.jobs import Job, Jobs, LostJobError, end_job, set_take
from midstance.store.next_take import keep_experiment
from midstance.text.captions import CLEAN_BELOW, clean_title
from midstance.text.photo import photo_lines, photo_summary
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames, turned
from midstance.video.opening import open_clip
from midstance.video.stills import open_picture
from midstance.web.settings import RULES, Limits, Settings
from midstance.web.uploads import NAMED

FIRST_NAME = "Me"
"""The runner of the first film, until somebody says another name."""

SAY_EVERY_S = 0.2

PROXY_HEIGHT, PROXY_HZ = 720, 30.0
"""Lines and frames a second of a film that is made for browsers."""


class Says:
    """Say how far the work is, a few times a second at most."""

    def __init__(self) -> None:
        self._last = 0.0

    def line(self, **news: Any) -> None:
        """Say something at once."""
        print(json.dumps(news), flush=True)  # noqa: T201  (read by the cage)

    def stage(self, name: str) -> None:
        """Say what is done now."""
        self.line(stage=name)

    def progress(self, done: int, total: int) -> None:
        """Say how much of it is done."""
        if time.monotonic() - self._last > SAY_EVERY_S or done >= total:
            self._last = time.monotonic()
            self.line(done=done, total=total)


# -- what can be done --------------------------------------------------------------------------------------------------


def take(store: Store, job: Job, says: Says) -> None:
    """Take in a film that was uploaded, and analyse it."""
    if job.take_id is None:
        says.stage("checking")
        upload = _uploaded(job)
        with _named(upload, job.wanted["name"]) as film:
            sha256 = opened_film(film, Limits()).sha256
            about = job.wanted["about"]
            athlete = athlete_for(store, about.get("athlete", ""))
            same = [old for old in store.takes_of_film(sha256) if old.athlete_id == athlete.id and old.analyses]
            if same and not about.get("again"):
                _lead_to(store, job, same[0].id)
                return
            known = TakeNotes(
                taken_at=filmed_at(film),
                speed_mps=quantities.speed_mps(about["speed"]) if about.get("speed") else None,
                **{word: about[word] for word in ("trying", "surface", "shoes", "notes") if word in about},
            )
            added = store.add_take(athlete, film, known, also=lambda connection, t: set_take(connection, job, t))
        job = replace(job, take_id=added.id)
        upload.unlink(missing_ok=True)
    analyze(store, job, says)


def _before(store: Store, job: Job) -> StoredTake | None:
    """Return the take that this one is compared with as soon as it is analysed; None without one, or if it is gone."""
    number = str(job.wanted.get("about", {}).get("after", ""))
    with suppress(MidstanceError):
        return store.take(int(number)) if number.isdecimal() else None
    return None


def _lead_to(store: Store, job: Job, known: int) -> None:
    """End the job of a film that is here already: it leads to the take that has it."""
    with store.writing() as connection:
        set_take(connection, job, known)
        end_job(connection, job, {"take": known})


def analyze(store: Store, job: Job, says: Says) -> None:
    """Analyse a take, again if need be."""
    assert job.take_id is not None
    model = job.wanted.get("model", "full")
    for name in weights.needed_by(model):
        _bring(name, says)

    def report(judged: Judged, name: str, folder: Path) -> Path | None:
        return zip_results(judged, name, folder, progress=says.progress)

    wanted, before = store.take(job.take_id), _before(store, job)

    def end(connection: Connection, number: int) -> None:
        end_job(connection, job, {"take": number})
        if before:
            keep_experiment(connection, before, wanted)

    analyze_take(
        store,
        wanted,
        replace(_own_rules(), model=model, what_could_i_try=job.wanted.get("try", False)),
        on_progress=says.progress,
        on_stage=says.stage,
        write_report=report,
        also=end,
    )


def import_(store: Store, job: Job, says: Says) -> None:
    """Take in an athlete from a zip."""
    says.stage("checking")
    upload = _uploaded(job)
    athlete = import_athlete(store, upload, name=job.wanted["about"].get("called"))
    with store.writing() as connection:
        end_job(connection, job, {"athlete": athlete.uid})
    upload.unlink(missing_ok=True)


def join(store: Store, job: Job, says: Says) -> None:
    """Analyse takes of one run from several sides together."""
    for name in ("detector", "full"):
        _bring(name, says)
    says.stage("looking")
    join_takes(
        store,
        [store.take(number) for number in job.wanted["takes"]],
        _own_rules(),
        on_progress=says.progress,
        write_report=zip_results,
        also=lambda connection, t: end_job(connection, job, {"take": t}),
    )


def beside(store: Store, job: Job, says: Says) -> None:
    """Draw takes into one film, side by side or over each other."""
    for name in ("detector", "full"):
        _bring(name, says)
    says.stage("looking")
    path = Settings(hosts=frozenset()).shown / f"beside-{job.uid}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as films, written_whole(path) as half:
        judged = []
        for number in job.wanted["takes"]:
            stored = store.take(number)
            options = options_for(store, stored, _own_rules())
            film = films.enter_context(film_of(store, stored))
            clip = replace(open_clip(film, slow_motion=options.slow_motion), called=stored.clip.name)
            found = kept_poses(store, stored, clip, options.model) or clip
            judged.append(analyze_clip(found, options, on_progress=says.progress))
        says.stage("drawing")
        names, below = [f"take {number}" for number in job.wanted["takes"]], None
        if clean := job.wanted.get("clean", False):
            typical = films.enter_context(clean_stride(judged[0].view.speed_mps))
            judged, names, below = [*judged, typical], [*names, clean_title(typical.view.speed_mps)], [CLEAN_BELOW]
        pairs = [(one.clip, one) for one in judged]
        ghost = job.wanted["ghost"]
        drawn = side_by_side(
            pairs, half, names=names, ghost=ghost, last_repeats=clean, below=below, progress=says.progress
        )
    with store.writing() as connection:
        end_job(connection, job, {"takes": job.wanted["takes"], "rate_hz": drawn.rate_hz})


def photo(store: Store, job: Job, says: Says) -> None:
    """Read a picture, and draw what was measured into it."""
    for name in ("detector", "full"):
        _bring(name, says)
    says.stage("looking")
    upload = _uploaded(job)
    with _named(upload, job.wanted["name"]) as file:
        rgb = open_picture(file)
    upload.unlink(missing_ok=True)
    figures = read_photo(rgb)
    path = Settings(hosts=frozenset()).shown / f"photo-{job.uid}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    save(draw_photo(rgb, figures), path)
    content = photo_json(job.wanted["name"], __version__, rgb, figures)
    lines = {"summary": photo_summary(figures), "lines": photo_lines(figures)}
    with store.writing() as connection:
        end_job(connection, job, {**lines, "photo": content})


def proxy(store: Store, job: Job, says: Says) -> None:
    """Write the film of a take in a form that every browser plays, one frame for each of its own."""
    assert job.take_id is not None
    says.stage("drawing")
    stored = store.take(job.take_id)
    path = Settings(hosts=frozenset()).shown / f"proxy-{stored.uid}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    with film_of(store, stored) as film, written_whole(path) as half:
        clip = _stood_up(store, stored, open_clip(film))
        zoom = min(1.0, PROXY_HEIGHT / clip.height)
        height = 2 * round(clip.height * zoom / 2)
        width = 2 * round(clip.width * zoom / 2)
        with FilmWriter(half, width=width, height=height, rate_hz=PROXY_HZ) as writer:
            for done, picture in enumerate(frames(clip), start=1):
                writer.write(np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8))
                says.progress(done, clip.frames)
    with store.writing() as connection:
        end_job(connection, job, {"take": stored.id})


WORK: dict[str, Callable[[Store, Job, Says], None]] = {
    "take": take,
    "analyze": analyze,
    "import": import_,
    "join": join,
    "beside": beside,
    "photo": photo,
    "proxy": proxy,
}


# -- steps -------------------------------------------------------------------------------------------------------------


def _own_rules() -> Options:
    """Return the options of this server: with the rules of its coach, if it was started with some."""
    said = os.environ.get(RULES)
    return Options(rules=Path(said) if said else None)


def opened_film(film: Path, limits: Limits) -> Clip:
    """Open a film, and refuse what is none, or one that is too long or too large to be analysed. Raises InputError."""
    clip = open_clip(film)
    if clip.width * clip.height > limits.pixels:
        raise InputError(f"The film has {clip.width} x {clip.height} pixels, more than are allowed. Film it smaller.")
    if clip.frames > limits.frames or clip.duration_s > 60 * limits.minutes:
        raise InputError(
            f"The film lasts {clip.duration_s / 60:.0f} minutes ({clip.frames} frames), longer than is allowed. "
            "Cut it to the part where you run: ten seconds are enough."
        )
    return clip


def athlete_for(store: Store, uid: str) -> Athlete:
    """Return the athlete of a uid; without one the first there is, or a new one. Raises UsageError."""
    athletes = store.athletes()
    if uid:
        for athlete in athletes:
            if athlete.uid == uid:
                return athlete
        raise UsageError("The runner of this film was deleted meanwhile. Add the film again.")
    return athletes[0] if athletes else store.add_athlete(FIRST_NAME)


class _named:  # noqa: N801  (used as a function)
    """Give an upload the name it had, for as long as the block runs: the shelf and the readers look at its ending."""

    def __init__(self, upload: Path, name: str) -> None:
        self._link = upload.with_name(f"{upload.name}{NAMED}") / name
        self._upload = upload

    def __enter__(self) -> Path:
        self._link.parent.mkdir(exist_ok=True, mode=0o700)
        self._link.unlink(missing_ok=True)
        os.link(self._upload, self._link)
        return self._link

    def __exit__(self, *_fault: object) -> None:
        self._link.unlink(missing_ok=True)
        self._link.parent.rmdir()


def _stood_up(store: Store, stored: StoredTake, clip: Clip) -> Clip:
    """Return the clip of a take as its analysis turned it: it may lie on its side, and its file does not say so."""
    known = store.newest_analysis(stored) or {}
    lay_deg = (known.get("clip", {}).get("rotation_deg", clip.rotation_deg) - clip.rotation_deg) % 360
    return turned(clip, lay_deg) if lay_deg else clip


def _uploaded(job: Job) -> Path:
    path = Settings(hosts=frozenset()).uploads / str(job.wanted["upload"])
    if not path.exists():
        raise InputError("What was uploaded is gone. Send it again.")
    return path


def _bring(name: str, says: Says) -> None:
    def progress(done: int, total: int) -> None:
        says.line(stage="fetching", done=done, total=total)

    weights.find(name, progress=progress)


# -- the process -------------------------------------------------------------------------------------------------------


def main(uid: str, attempt: int) -> int:
    """Do the job; return the exit code: 0 if it ended, whether it could be done or not."""
    enter(by_pipe=True)
    os.umask(0o077)
    says, store = Says(), open_store()
    try:
        job = Jobs(store).job(uid)
        if job.attempt != attempt or job.state != "running":
            return 0
        WORK[job.kind](store, job, says)
    except (LostJobError, KeyError):
        return 0
    except MidstanceError as fault:
        says.line(failed=fault.say("page"))
    finally:
        store.close()
    says.line(ended=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
