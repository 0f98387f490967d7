"""One runner by two pose models, and one by a third: is somebody else's points file coached as a film is?

    python -m validation.other_models

The treadmill clip by BlazePose (the film) and by RTMPose (its JSON); the runner of the OpenPose files, of whom there is
no film, by OpenPose alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from midstance.analyze import analyze
from midstance.model import Analysis, ClipPoses, Measure
from midstance.tracking.scene_lines import levels_of
from midstance.video.opening import open_clip
from validation.cases import SHARED, poses_of

REAL = SHARED / "clips" / "real"
FILM, RTMPOSE, OPENPOSE = "zzzhushi_male_side.mp4", "zzzhushi_male_side.pose.json", "radluy_side_openpose"
OPENPOSE_HZ = 30.0


def by_film() -> Analysis:
    """Analyse the treadmill clip by midstance's own model."""
    clip = open_clip(REAL / FILM, slow_motion=1.0)
    poses = poses_of(clip, "full")
    return analyze(ClipPoses(clip=clip, poses=poses, levels=levels_of(clip, poses)))


def pairs(one: Analysis, other: Analysis) -> Iterator[tuple[Measure, Measure]]:
    """Pair what both measured."""
    found = {(m.id, m.side): m for m in other.measures}
    yield from ((m, found[m.id, m.side]) for m in one.measures if (m.id, m.side) in found)


def table() -> Iterator[str]:
    """One row a measure of the treadmill clip, then what each of the three is told."""
    film, points = by_film(), analyze(REAL / RTMPOSE)
    openpose = analyze(REAL / OPENPOSE, pictures_hz=OPENPOSE_HZ)
    both = list(pairs(film, points))
    agree = [abs(a.value - b.value) <= (a.uncertainty**2 + b.uncertainty**2) ** 0.5 for a, b in both]
    yield "| measure | side | BlazePose, film | RTMPose, JSON | within both ± |"
    yield "|---|---|---|---|---|"
    for (a, b), near in zip(both, agree, strict=True):
        yield (
            f"| {a.id} | {a.side} | {a.value:.3g} ± {a.uncertainty:.2g} | {b.value:.3g} ± {b.uncertainty:.2g} "
            f"| {'yes' if near else 'no'} |"
        )
    yield ""
    yield f"{sum(agree)} of {len(agree)} measures lie within the interval of their difference."
    yield ""
    yield "| runner by | near side | cadence | contact near leg | measures | findings | focus |"
    yield "|---|---|---|---|---|---|---|"
    for name, run in (("BlazePose, film", film), ("RTMPose, JSON", points), ("OpenPose, another runner", openpose)):
        cadence = run.measures["cadence_spm"].value
        contact = next((m for m in run.measures if (m.id, m.side) == ("contact_time_ms", run.view.near_side)), None)
        said = f"{contact.value:.0f} ± {contact.uncertainty:.0f} ms" if contact else "none"
        focus = run.plan.focus if run.plan else "nothing to change"
        findings = ", ".join(f"{f.problem} ({f.grade})" for f in run.findings) or "none"
        near = run.view.near_side
        yield f"| {name} | {near} | {cadence:.1f} | {said} | {len(run.measures)} | {findings} | {focus} |"


if __name__ == "__main__":
    for line in table():
        print(line)
