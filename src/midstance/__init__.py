"""midstance: film a runner, learn what is really going on, get one cue, film again and see whether it worked.

>>> import midstance as ms
>>> a = ms.analyze("run.mov", height_m=1.66)
>>> round(a.measures["cadence_spm"].value)
171

Every name is loaded when it is first used (docs/decisions/api.md).
"""

import sys
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.analyze import analyze, find_poses
    from midstance.comparison.model import Take
    from midstance.comparison.sources import compare
    from midstance.errors import InputError, MidstanceError, Refused, UsageError, WeightsError
    from midstance.model import (
        Analysis,
        Band,
        Cause,
        Clip,
        ClipPoses,
        Contact,
        Contacts,
        Cue,
        Evidence,
        Experiment,
        Finding,
        Measure,
        Measures,
        NotAssessed,
        Plan,
        PoseModel,
        Question,
        Remark,
        Sample,
        SideMeasures,
        Target,
        Track,
        View,
    )
    from midstance.options import Options
    from midstance.photo import Figure, read_photo
    from midstance.quantities import Ambiguous
    from midstance.reasons import Reason, say
    from midstance.store import Store, open_store
    from midstance.together import analyze_together
    from midstance.video.opening import open_clip

__version__ = "0.1.0"

_PUBLIC = {
    "midstance.analyze": ("analyze", "find_poses"),
    "midstance.comparison.model": ("Take",),
    "midstance.comparison.sources": ("compare",),
    "midstance.errors": ("InputError", "MidstanceError", "Refused", "UsageError", "WeightsError"),
    "midstance.model": (
        "Analysis",
        "Band",
        "Cause",
        "Clip",
        "ClipPoses",
        "Contact",
        "Contacts",
        "Cue",
        "Evidence",
        "Experiment",
        "Finding",
        "Measure",
        "Measures",
        "NotAssessed",
        "Plan",
        "PoseModel",
        "Question",
        "Remark",
        "Sample",
        "SideMeasures",
        "Target",
        "Track",
        "View",
    ),
    "midstance.options": ("Options",),
    "midstance.photo": ("Figure", "read_photo"),
    "midstance.quantities": ("Ambiguous",),
    "midstance.reasons": ("Reason", "say"),
    "midstance.store": ("Store", "open_store"),
    "midstance.together": ("analyze_together",),
    "midstance.video.opening": ("open_clip",),
}
"""The public names by the module that they come from; tests/test_api.py checks that they are those imported above."""

_HOME = MappingProxyType({name: module for module, names in _PUBLIC.items() for name in names})

__all__ = [
    "Ambiguous",
    "Analysis",
    "Band",
    "Cause",
    "Clip",
    "ClipPoses",
    "Contact",
    "Contacts",
    "Cue",
    "Evidence",
    "Experiment",
    "Figure",
    "Finding",
    "InputError",
    "Measure",
    "Measures",
    "MidstanceError",
    "NotAssessed",
    "Options",
    "Plan",
    "PoseModel",
    "Question",
    "Reason",
    "Refused",
    "Remark",
    "Sample",
    "SideMeasures",
    "Store",
    "Take",
    "Target",
    "Track",
    "UsageError",
    "View",
    "WeightsError",
    "__version__",
    "analyze",
    "analyze_together",
    "compare",
    "find_poses",
    "open_clip",
    "open_store",
    "read_photo",
    "say",
]


def __getattr__(name: str) -> object:
    """Return a public name, loaded now."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return every public name, loaded or not."""
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keep `midstance.analyze` the function: the import system would put the module of that name in its place."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
