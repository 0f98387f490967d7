"""How the foot meets the ground: shank, knee, thigh, foot and trunk at strike, and how the foot arrives there."""

from __future__ import annotations

import numpy as np

from midstance.kinematics.curves import highest
from midstance.measures import drawings
from midstance.measures.registry import Definition, at_strike, samples, strikes_s
from midstance.measures.run import Run
from midstance.model import Sample, Side

ARRIVING_S = (0.030, 0.010)
"""The last moments before strike in which the foot's forward speed is read (docs/evidence.md#pawback)."""
SWEEP_S = 0.060
"""Length of the end of flight in which the shank may sweep back (docs/evidence.md#pawback)."""
RETURNING_S = (0.060, 0.020)
"""The last moments before strike in which the thigh's way back is read: at strike itself its speed jumps, which frames
further apart than 10 ms smear (on rendered runners off by 47 deg/s for a spread of 41 over the last 10 ms; by 35 for
46 here)."""
BENDING_S = (0.040, 0.010)
"""The last moments before strike in which the bending of the knee is read: it ends before the jump of the strike."""
LANDING_S = 0.040
"""How long before strike the readiness of the foot is read (docs/evidence.md#dorsiflexion)."""


def foot_strike_angle(run: Run, side: Side) -> list[Sample]:
    """Measure the foot pitch at strike against the runner's own flat foot, degrees."""
    return _against_flat(run, side, at_strike("foot_pitch")(run, side))


def foot_pitch_before_strike(run: Run, side: Side) -> list[Sample]:
    """Measure the foot pitch a little before strike against the runner's own flat foot, degrees."""
    return _against_flat(run, side, at_strike("foot_pitch", before_s=LANDING_S)(run, side))


def _against_flat(run: Run, side: Side, pitches: list[Sample]) -> list[Sample]:
    flat = run.flat_foot_deg(side)
    return samples([s.time_s for s in pitches], [s.value - flat for s in pitches])


def foot_ahead_of_hip(run: Run, side: Side) -> list[Sample]:
    """Measure how far the ankle is ahead of the hip, true leg lengths."""
    moments = strikes_s(run, side)
    return samples(moments, run.ahead("ankle", "hip", side).at(moments) * run.true_length)


def heel_ahead_of_com(run: Run, side: Side) -> list[Sample]:
    """Measure how far the heel is ahead of the centre of mass, metres."""
    moments = strikes_s(run, side)
    return samples(moments, run.ahead("heel", "com", side).at(moments) * run.metres)


def foot_forward_speed(run: Run, side: Side) -> list[Sample]:
    """Measure the forward speed of the ankle over the ground just before strike, in running speeds."""
    moments = strikes_s(run, side)
    ahead = run.ahead("ankle", "mid_hip", side)
    early, late = (ahead.at(moments - before) for before in ARRIVING_S)
    over_hip = (late - early) / (ARRIVING_S[0] - ARRIVING_S[1])
    return samples(moments, 1 + over_hip / run.speed_leg)


def hip_extension_velocity(run: Run, side: Side) -> list[Sample]:
    """Measure how fast the thigh already goes back as the foot comes down, degrees a second."""
    moments = strikes_s(run, side)
    thigh = run.angle("thigh", side)
    early, late = (thigh.at(moments - before) for before in RETURNING_S)
    return samples(moments, (early - late) / (RETURNING_S[0] - RETURNING_S[1]))


def knee_bending(run: Run, side: Side) -> list[Sample]:
    """Measure how fast the knee bends as the foot comes down, degrees a second."""
    moments = strikes_s(run, side)
    knee = run.angle("knee_flexion", side)
    early, late = (knee.at(moments - before) for before in BENDING_S)
    return samples(moments, (late - early) / (BENDING_S[0] - BENDING_S[1]))


def shank_sweep(run: Run, side: Side) -> list[Sample]:
    """Measure how far the shank sweeps back in the last moments before strike, degrees."""
    shank = run.angle("shank", side)
    moments = strikes_s(run, side)
    peaks = [highest(shank, t - SWEEP_S, t)[1] for t in moments]
    return samples(moments, np.array(peaks) - shank.at(moments)) if len(moments) else []


STRIKE = (
    Definition(
        id="shank_angle_at_strike_deg",
        name="shin angle at landing",
        unit="deg",
        group="Landing",
        says="0 is upright; above 0 the ankle is ahead of the knee.",
        better="ordinary",
        drawn=drawings.SHANK,
        formula="S at strike; + ankle ahead of the knee (reaching)",
        source="Evans et al. 2023, doi 10.3389/fspor.2023.1268292; docs/evidence.md#shank-angle",
        read=at_strike("shank"),
    ),
    Definition(
        id="knee_flexion_at_strike_deg",
        name="knee bend at landing",
        unit="deg",
        group="Landing",
        says="0 is a straight leg.",
        better="ordinary",
        drawn=drawings.KNEE,
        formula="K = T - S at strike; 0 straight",
        source="Wille et al. 2014, doi 10.2519/jospt.2014.5367; docs/evidence.md#knee-at-strike",
        read=at_strike("knee_flexion"),
    ),
    Definition(
        id="thigh_angle_at_strike_deg",
        name="thigh angle at landing",
        unit="deg",
        group="Landing",
        says="0 hangs straight down; above 0 the knee is ahead of the hip.",
        better="ordinary",
        drawn=drawings.THIGH,
        formula="T at strike; + knee ahead of the hip",
        source="own definition, docs/evidence.md#angles; validation: Measures, runners outside every fit",
        read=at_strike("thigh"),
    ),
    Definition(
        id="foot_strike_angle_deg",
        name="foot angle at landing",
        unit="deg",
        group="Landing",
        says="Above 0 the heel lands first, below 0 the forefoot does. A description, not a fault.",
        better="ordinary",
        drawn=drawings.FOOT,
        formula="F(strike) - F(flat), F(flat) = median F over 25-45 % of stance; + heel first",
        source="after Altman and Davis 2012, doi 10.1016/j.gaitpost.2011.09.104; docs/evidence.md#foot-strike",
        read=foot_strike_angle,
    ),
    Definition(
        id="foot_ahead_of_hip_at_strike_leg",
        name="foot ahead of the hip at landing",
        unit="leg",
        group="Landing",
        says="Distance from hip to ankle along the ground, in leg lengths.",
        better="lower",
        drawn=drawings.REACH,
        formula="(X ankle - X hip) / leg length at strike",
        source="Lieberman et al. 2015, doi 10.1242/jeb.125500; docs/evidence.md#foot-ahead",
        read=foot_ahead_of_hip,
    ),
    Definition(
        id="heel_ahead_of_com_at_strike_m",
        name="heel ahead of the body's centre at landing",
        unit="m",
        group="Landing",
        says="Distance along the ground from the middle of your weight to the heel.",
        drawn=drawings.REACH,
        formula="X heel - X centre of mass at strike",
        source="Wille et al. 2014, doi 10.2519/jospt.2014.5367; docs/evidence.md#foot-ahead",
        read=heel_ahead_of_com,
        needs=("scale",),
        with_scale=1,
    ),
    Definition(
        id="trunk_lean_at_strike_deg",
        name="forward lean at landing",
        unit="deg",
        group="Landing",
        says="0 is upright; above 0 the shoulders are ahead of the hips.",
        drawn=drawings.TRUNK,
        formula="lean of mid-shoulder over mid-hip at strike; + forward",
        source="own definition, docs/evidence.md#trunk-lean; validation: Measures, runners outside every fit",
        read=at_strike("trunk_lean"),
    ),
    Definition(
        id="thigh_separation_at_strike_deg",
        name="angle between the thighs at landing",
        unit="deg",
        group="Landing",
        says="A small angle means that the rear leg has already come through.",
        better="ordinary",
        drawn=drawings.THIGHS,
        formula="T of the landing leg - T of the other at strike",
        source="own definition, docs/evidence.md#swing-angle; validation: Measures, runners outside every fit",
        read=at_strike("thigh_separation"),
    ),
    Definition(
        id="foot_forward_speed_at_strike_ratio",
        name="forward speed of the foot just before landing",
        unit="ratio",
        group="Landing",
        says="As a share of running speed; every runner's foot still moves forward a little.",
        better="ordinary",
        formula="forward speed of the ankle over the ground 30 to 10 ms before strike / running speed",
        source="after Clark et al. 2023, doi 10.5114/jhk/159578; docs/evidence.md#pawback",
        read=foot_forward_speed,
        needs=("true_time",),
    ),
    Definition(
        id="hip_extension_velocity_at_strike_dps",
        name="speed of the thigh going back at landing",
        unit="deg/s",
        group="Landing",
        says="Above 0 the thigh is already travelling back when the foot touches the ground.",
        better="ordinary",
        drawn=drawings.THIGH,
        formula="-dT/dt, mean over 60 to 20 ms before strike",
        source="after Clark, Meng and Stearne 2020, doi 10.1242/bio.053546; docs/evidence.md#swing-angle",
        read=hip_extension_velocity,
        needs=("true_time",),
    ),
    Definition(
        id="knee_bending_before_strike_dps",
        name="speed of the knee bending before landing",
        unit="deg/s",
        group="In the air",
        says="Above 0 the knee already bends before the foot touches the ground; below 0 it still straightens.",
        better="lower",
        drawn=drawings.KNEE,
        formula="dK/dt, mean over 40 to 10 ms before strike; + bending",
        source="own definition, docs/evidence.md#pawback; validation: Measures that part causes",
        read=knee_bending,
        needs=("true_time",),
    ),
    Definition(
        id="foot_pitch_before_strike_deg",
        name="foot angle just before landing",
        unit="deg",
        group="In the air",
        says="Above 0 the toes are higher than the heel.",
        better="lower",
        drawn=drawings.FOOT,
        formula="F(40 ms before strike) - F(flat)",
        source="own definition, docs/evidence.md#dorsiflexion; validation: Measures, runners outside every fit",
        read=foot_pitch_before_strike,
        needs=("true_time",),
    ),
    Definition(
        id="shank_sweep_before_strike_deg",
        name="lower leg swept back before landing",
        unit="deg",
        group="In the air",
        says="How far the shin turns back in the last moment of flight.",
        better="lower",
        drawn=drawings.SHANK,
        formula="largest S in the last 60 ms before strike - S at strike",
        source="own definition, docs/evidence.md#pawback; validation: Measures, runners outside every fit",
        read=shank_sweep,
        needs=("true_time",),
    ),
)
