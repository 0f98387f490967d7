"""On the ground and off it: knee, hip height, trunk and ankle in stance, and the leg at toe-off."""

from __future__ import annotations

import numpy as np

from midstance.kinematics.curves import crossings, highest, mean_over
from midstance.measures import drawings
from midstance.measures.registry import Definition, at_toe_off, samples
from midstance.measures.run import FLAT_FOOT, Run, stance_share
from midstance.model import Contact, Sample, Side

MIDSTANCE_GRID = 101
HEEL_UP_DEG = 10.0
"""The heel has risen when the foot points this far down from flat: less is within the error of a foot's points."""


def peak_knee_flexion(run: Run, side: Side) -> list[Sample]:
    """Find the largest knee flexion between strike and toe-off, degrees."""
    knee = run.angle("knee_flexion", side)
    peaks = [highest(knee, c.strike_s, c.toe_off_s) for c in run.contacts_of(side)]
    return samples(*zip(*peaks, strict=True)) if peaks else []


def midstance_s(run: Run, contact: Contact) -> float:
    """Find the moment of stance at which the hip is above the ankle, seconds."""
    moments = np.linspace(contact.strike_s, contact.toe_off_s, MIDSTANCE_GRID)
    apart = np.abs(run.ahead("ankle", "hip", contact.side).at(moments))
    return float(moments[np.nanargmin(apart)]) if np.isfinite(apart).any() else np.nan


def hip_height(run: Run, side: Side) -> list[Sample]:
    """Measure the height of the hip above the ankle at midstance, share of leg length."""
    moments = np.array([midstance_s(run, c) for c in run.contacts_of(side)])
    return samples(moments, run.above("hip", "ankle", side).at(moments) * run.true_length)


def leg_lean(run: Run, side: Side) -> list[Sample]:
    """Average over each contact how far the line from ankle to hip leans forward, degrees."""
    leg = run.angle("leg", side)
    contacts = run.contacts_of(side)
    leans = [-mean_over(leg, c.strike_s, c.toe_off_s) for c in contacts]
    return samples([midstance_s(run, c) for c in contacts], leans)


def heel_rise_time(run: Run, side: Side) -> list[Sample]:
    """Find when the heel has left the ground for good, per cent of the contact."""
    pitch, flat = run.angle("foot_pitch", side), run.flat_foot_deg(side)
    found = []
    for contact in run.contacts_of(side):
        start, stop = stance_share(contact, FLAT_FOOT[0], 1.0)
        rises = crossings(*pitch.over(start, stop), flat - HEEL_UP_DEG, rising=False)
        if len(rises):
            found.append((rises[-1], 100 * (rises[-1] - contact.strike_s) / (contact.toe_off_s - contact.strike_s)))
    return samples(*zip(*found, strict=True)) if found else []


def trunk_lean(run: Run, side: Side) -> list[Sample]:
    """Average the trunk lean over each step, degrees."""
    lean = run.angle("trunk_lean", side)
    steps = run.steps_of(side)
    return samples(
        [s.contact.strike_s for s in steps], [mean_over(lean, s.contact.strike_s, s.next_strike_s) for s in steps]
    )


def ankle_arc(run: Run, side: Side) -> list[Sample]:
    """Measure how far the ankle extends from its most bent after midstance to toe-off, degrees."""
    ankle = run.angle("ankle_dorsiflexion", side)
    contacts = run.contacts_of(side)
    bent = np.array([highest(ankle, midstance_s(run, c), c.toe_off_s)[1] for c in contacts])
    offs = np.array([c.toe_off_s for c in contacts])
    return samples(offs, bent - ankle.at(offs)) if contacts else []


STANCE = (
    Definition(
        id="peak_knee_flexion_stance_deg",
        name="deepest knee bend on the ground",
        unit="deg",
        group="On the ground",
        says="How far the knee gives under your weight.",
        better="ordinary",
        drawn=drawings.KNEE,
        formula="largest K between strike and toe-off",
        source="Wille et al. 2014, doi 10.2519/jospt.2014.5367; docs/evidence.md#sitting",
        read=peak_knee_flexion,
    ),
    Definition(
        id="hip_height_midstance_leg",
        name="hip height over the foot",
        unit="leg",
        group="On the ground",
        says="Hip above the ankle in the middle of the contact, in leg lengths; a low value looks like sitting.",
        better="ordinary",
        drawn=drawings.LEG,
        formula="(Y hip - Y ankle) / leg length when the hip is above the ankle",
        source="own definition, docs/evidence.md#sitting; validation: Measures, runners outside every fit",
        read=hip_height,
    ),
    Definition(
        id="leg_lean_stance_deg",
        name="forward lean of the leg on the ground",
        unit="deg",
        group="On the ground",
        says="The line from ankle to hip, mean over the contact; above 0 the hip is ahead of the ankle.",
        better="ordinary",
        drawn=drawings.LEG,
        formula="mean angle of the line from ankle to hip against the vertical from strike to toe-off; + hip ahead",
        source="own definition, docs/evidence.md#trunk-lean; validation: Measures that part causes",
        read=leg_lean,
    ),
    Definition(
        id="trunk_lean_deg",
        name="forward lean",
        unit="deg",
        group="On the ground",
        says="Mean over the stride; 0 is upright.",
        better="ordinary",
        drawn=drawings.TRUNK,
        formula="mean lean of mid-shoulder over mid-hip; + forward",
        source="after Teng and Powers 2015, doi 10.1249/MSS.0000000000000436; docs/evidence.md#trunk-lean",
        read=trunk_lean,
        one_sided=False,
    ),
    Definition(
        id="heel_rise_time_pct",
        name="when the heel rises",
        unit="%",
        group="On the ground",
        says="As a share of the time the foot is on the ground.",
        better="higher",
        drawn=drawings.FOOT,
        formula="last moment of contact at which F is above F(flat) - 10, per cent of the time from strike to toe-off",
        source="own definition, docs/evidence.md#toe-off; validation: Measures that part causes",
        read=heel_rise_time,
    ),
    Definition(
        id="ankle_arc_deg",
        name="range of the ankle on the ground",
        unit="deg",
        group="On the ground",
        says="From the most bent to the most stretched ankle while the foot is down.",
        better="ordinary",
        formula="largest ankle dorsiflexion after midstance - ankle dorsiflexion at toe-off",
        source="own definition, docs/evidence.md#toe-off; validation: Measures, runners outside every fit",
        read=ankle_arc,
    ),
    Definition(
        id="thigh_extension_at_toe_off_deg",
        name="hip extension at toe-off",
        unit="deg",
        group="Leaving the ground",
        says="How far the thigh is behind the hip as the foot leaves the ground.",
        drawn=drawings.THIGH,
        formula="-T at toe-off",
        source="own definition, docs/evidence.md#thigh-extension; validation: Measures, runners outside every fit",
        read=at_toe_off("thigh", sign=-1),
    ),
    Definition(
        id="knee_flexion_at_toe_off_deg",
        name="knee bend at toe-off",
        unit="deg",
        group="Leaving the ground",
        says="Near 0 means pushing until the leg is straight.",
        better="ordinary",
        drawn=drawings.KNEE,
        formula="K at toe-off",
        source="own definition, docs/evidence.md#toe-off; validation: Measures, runners outside every fit",
        read=at_toe_off("knee_flexion"),
    ),
    Definition(
        id="leg_angle_at_toe_off_deg",
        name="angle of the whole leg at toe-off",
        unit="deg",
        group="Leaving the ground",
        says="The line from hip to toe against the vertical.",
        better="ordinary",
        drawn=drawings.HIP_TO_TOE,
        formula="angle of the line from hip to toe against straight down at toe-off; + toe behind",
        source="own definition, docs/evidence.md#toe-off; validation: Measures, runners outside every fit",
        read=at_toe_off("hip_to_toe", sign=-1),
    ),
)
