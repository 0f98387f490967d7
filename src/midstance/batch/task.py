"""Analyse takes one after another in a cage: `python -m midstance.batch.task`, started by `midstance.batch.worker`.

A request is a line of JSON with a job and a folder; what comes of it is written into that folder as outcome.json.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from midstance import __version__
from midstance.analyze import analyze, open_source
from midstance.batch.job import Job, failed
from midstance.batch.rows import contact_rows, stride_rows, take_row
from midstance.batch.sources import reached
from midstance.batch.worker import OUTCOME
from midstance.cage import TOO_MUCH, enter, requests
from midstance.errors import InputError, MidstanceError, Refused
from midstance.formats import analysis_json
from midstance.model import Analysis, Clip
from midstance.options import Options
from midstance.reasons import Reason, printable


def do(job: Job, folder: Path) -> dict[str, Any]:
    """Analyse one take, whatever happens; return what came of it."""
    clip: Clip | None = None
    try:
        options = Options(**job.options, threads=job.threads)
        clip = open_source(_fetched(job, folder), options)
        clip = replace(clip, called=job.source.address) if job.source.is_remote else clip
        return _done(analyze(clip, options))
    except Refused as refused:
        content = analysis_json.plain_refusal(__version__, clip, refused) if clip else None
        return failed(refused, refused.say("cli"), refused.exit_code) | {"analysis": content}
    except MidstanceError as fault:
        return failed(fault, fault.say("cli"), fault.exit_code)
    except MemoryError as fault:
        return failed(fault, TOO_MUCH, InputError.exit_code)
    except Exception as fault:  # noqa: BLE001  (of whatever library: the other takes are analysed)
        says = f"something went wrong inside ({type(fault).__name__}: {printable(str(fault))[:300]})."
        return failed(fault, says, 1)


def _fetched(job: Job, folder: Path) -> Path:
    """Return the path of a film on this machine; one from elsewhere is copied into `folder`."""
    if not job.source.is_remote:
        return Path(job.source.address)
    copy = folder / job.source.name
    with reached(job.source.address) as (system, path):
        if not system.exists(path):
            raise InputError(Reason("no_such_file", path=job.source.address))
        system.get_file(path, str(copy))
    return copy


def _done(analysis: Analysis) -> dict[str, Any]:
    return {
        "status": "done",
        "code": 0,
        "analysis": analysis_json.plain(analysis),
        "numbers": take_row(analysis),
        "strides": stride_rows(analysis),
        "contacts": contact_rows(analysis),
    }


def answer(request: Mapping[str, Any]) -> None:
    """Do what one request asks for, and say that it ended."""
    folder, began = Path(request["folder"]), time.process_time()
    outcome = do(Job.of(request["job"]), folder)
    outcome["cpu_s"] = round(time.process_time() - began, 3)
    (folder / OUTCOME).write_text(json.dumps(outcome), encoding="utf-8")
    print(json.dumps({"ended": True}), flush=True)  # noqa: T201  (read by the cage)


def main() -> None:
    """Answer requests until the process that sends them ends."""
    enter(by_pipe=False)
    warnings.simplefilter("ignore")
    for request in requests():
        answer(request)


if __name__ == "__main__":
    main()
