"""Measure the processor time of every stage after the poses, per second of clip, for short and long clips."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.fixtures.jogger import Jogger

from midstance.analyze import analyze
from midstance.coaching.findings import ask_rules, with_bands
from midstance.coaching.rules import load
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import measure
from midstance.model import Clip, ClipPoses, Poses
from midstance.render.plots import crank, curves, overlays
from midstance.text.report import describe
from midstance.tracking.follow import follow_runner
from midstance.tracking.rectify import correct_camera
from midstance.tracking.view import describe_view

LENGTHS_S = (15.0, 60.0, 240.0)
WARM_UP_S = 5.0
MOST_GROWTH = 1.2
"""A second of the longest clip may cost so many times a second of the shortest."""
RATE_HZ, HEIGHT_M, MASS_KG = 60.0, 1.70, 70.0


def table_by_length(lengths_s: Sequence[float] = LENGTHS_S) -> Iterator[str]:
    """Yield every stage, a column for each length, and how much more a second of the longest clip costs."""
    stage_costs(WARM_UP_S)  # reads the tables and warms the caches, which would make the shortest clip look dear
    columns = [stage_costs(seconds) for seconds in lengths_s]
    yield ""
    yield f"After the poses, {RATE_HZ:.0f} frames a second: milliseconds of processor time per second of clip."
    yield ""
    yield "| stage | " + " | ".join(f"{seconds:.0f} s" for seconds in lengths_s) + " | longest / shortest |"
    yield "|---" * (len(lengths_s) + 2) + "|"
    for name in columns[0]:
        costs = [column[name] for column in columns]
        yield f"| {name} | " + " | ".join(f"{cost:.2f}" for cost in costs) + f" | {costs[-1] / costs[0]:.2f} |"
    growth = columns[-1]["all stages"] / columns[0]["all stages"]
    verdict = "as it should be" if growth <= MOST_GROWTH else f"MORE THAN {MOST_GROWTH}"
    yield ""
    yield f"A second of the longest clip costs {growth:.2f} times a second of the shortest: {verdict}."


def stage_costs(seconds: float) -> dict[str, float]:
    """Return milliseconds of processor time per second of clip, by stage, for a made runner filmed so long.

    seconds  length of the clip
    """
    poses = Jogger().poses(rate_hz=RATE_HZ, seconds=seconds)
    clip, ruleset = clip_of(poses), load(None)
    costs: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        costs[name] = costs.get(name, 0.0) + 1000 * (time.process_time() - start) / seconds
        return result

    track = timed("legs and track", partial(follow_runner, poses))
    view = timed("view and camera", partial(describe_view, clip, poses, track))
    track, view = timed("view and camera", partial(correct_camera, track, view))
    contacts = timed("contacts", partial(find_contacts, track, view))
    view = timed("scale and speed", partial(measure_scale, view, track, contacts, height_m=HEIGHT_M))
    found = timed("measures", partial(measure, track, contacts, view, mass_kg=MASS_KG))
    given: dict[str, Any] = {"ruleset": ruleset, "height_m": math.nan}
    measures = timed("bands and rules", partial(with_bands, found.measures, view, **given))
    timed("bands and rules", partial(ask_rules, measures, found.not_assessed, view, **given))
    analysis = analyze(ClipPoses(clip=clip, poses=poses), height_m=HEIGHT_M, mass_kg=MASS_KG)
    timed("report", partial(describe, analysis))
    for plot in (curves, overlays, crank):
        timed("plots", partial(plot, analysis))
    return costs | {"all stages": sum(costs.values())}


def clip_of(poses: Poses) -> Clip:
    """Return a clip that was never filmed, with the frames of some poses."""
    return Clip(
        path=Path("made.mp4"),
        sha256="",
        width=poses.width,
        height=poses.height,
        time_s=poses.time_s,
        rate_hz=RATE_HZ,
        variable_rate=False,
        rotation_deg=0,
    )
