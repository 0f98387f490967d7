"""Measure how far the knee gives under the body: its bend at landing to its deepest bend on the ground.

A pack of measures is a tuple of Definitions (midstance.measures.registry). They stand in the report, in the tables and
in analysis.json beside those of midstance; `midstance explain knee_give_deg` says what they mean.
"""

from __future__ import annotations

from math import hypot

from midstance.kinematics.curves import highest
from midstance.measures import drawings
from midstance.measures.registry import Definition, samples
from midstance.measures.run import Run
from midstance.model import Sample, Side
from midstance.uncertainty import Error, error_of


def knee_give(run: Run, side: Side) -> list[Sample]:
    """Return the deepest knee bend of each contact less the bend at its start, degrees."""
    knee = run.angle("knee_flexion", side)
    contacts = run.contacts_of(side)
    deepest = [highest(knee, contact.strike_s, contact.toe_off_s) for contact in contacts]
    given = [bend - float(knee.at(contact.strike_s)) for (_when, bend), contact in zip(deepest, contacts, strict=True)]
    return samples([when for when, _bend in deepest], given)


def of_difference(one: Error, other: Error) -> Error:
    """Return the error of a difference as if both numbers erred each for itself: never too small for one knee."""
    return Error(
        near=hypot(one.near, other.near),
        far=hypot(one.far, other.far),
        frame=hypot(one.frame, other.frame),
        stride=hypot(one.stride, other.stride),
    )


MEASURES = (
    Definition(
        id="knee_give_deg",
        name="give of the knee",
        unit="deg",
        group="On the ground",
        says="How far the knee bends after landing.",
        drawn=drawings.KNEE,
        formula="largest K between strike and toe-off less K at strike",
        source="own definition; a difference of two measures of midstance",
        read=knee_give,
        error=of_difference(error_of("peak_knee_flexion_stance_deg"), error_of("knee_flexion_at_strike_deg")),
    ),
)
