"""Name every noun of midstance, frozen and without logic: what one stage hands to the next.

Conventions (docs/conventions.md): times in seconds from the first frame, angles in degrees, x forward (the way the
runner runs), y up, lengths in leg lengths until a scale is known. NaN means unseen; nothing is guessed.
"""

from midstance.model.analysis import Analysis, PersonSeen, Question, SceneOutcome
from midstance.model.clip import (
    Absent,
    CameraMotion,
    Clip,
    ClipPoses,
    Floats,
    Ints,
    Level,
    OnProgress,
    Person,
    PoseModel,
    Poses,
    SeenBy,
)
from midstance.model.coaching import (
    Cause,
    Cue,
    Evidence,
    Experiment,
    Finding,
    Grade,
    Plan,
    Remark,
    Target,
    Verdict,
    WhyOpen,
)
from midstance.model.corrections import ContactCorrection, Corrections
from midstance.model.gait import (
    Band,
    Contact,
    Contacts,
    Measure,
    Measures,
    MeasureSide,
    NotAssessed,
    Sample,
    SideMeasures,
    Stride,
)
from midstance.model.recording import AngleFile, LengthUnit, Recording
from midstance.model.track import Plane, ScaleSource, Setting, Track, View
from midstance.skeleton import Side

__all__ = [
    "Absent",
    "Analysis",
    "AngleFile",
    "Band",
    "CameraMotion",
    "Cause",
    "Clip",
    "ClipPoses",
    "Contact",
    "ContactCorrection",
    "Contacts",
    "Corrections",
    "Cue",
    "Evidence",
    "Experiment",
    "Finding",
    "Floats",
    "Grade",
    "Ints",
    "LengthUnit",
    "Level",
    "Measure",
    "MeasureSide",
    "Measures",
    "NotAssessed",
    "OnProgress",
    "Person",
    "PersonSeen",
    "Plan",
    "Plane",
    "PoseModel",
    "Poses",
    "Question",
    "Recording",
    "Remark",
    "Sample",
    "ScaleSource",
    "SceneOutcome",
    "SeenBy",
    "Setting",
    "Side",
    "SideMeasures",
    "Stride",
    "Target",
    "Track",
    "Verdict",
    "View",
    "WhyOpen",
]
