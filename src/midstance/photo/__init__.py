"""Read a photograph: of everyone in it the moment of the stride and the angles, or why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from midstance.machine import cores
from midstance.options import Known, Options, options_with
from midstance.photo.model import PHASES, Figure, LegAngles, Phase, Stance
from midstance.photo.people import everyone
from midstance.photo.phase import Posture, forward, posture
from midstance.photo.stance import judge_figure, near_legs_sure
from midstance.pose.backends import Backend, Picture
from midstance.pose.estimate import open_backend
from midstance.video.stills import open_picture

if TYPE_CHECKING:
    from typing import Unpack

__all__ = [
    "PHASES",
    "Figure",
    "LegAngles",
    "Phase",
    "Posture",
    "Stance",
    "forward",
    "near_legs_sure",
    "posture",
    "read_photo",
]


def read_photo(
    picture: str | Path | Picture,
    options: Options | None = None,
    *,
    backend: Backend | None = None,
    **known: Unpack[Known],
) -> tuple[Figure, ...]:
    """Read everyone in a photograph, from left to right.

    Parameters
    ----------
    picture
        The path of a picture (JPEG, PNG, HEIC, WebP), or its pixels, (height, width, 3) RGB, upright, 8 bits.
    options
        Only `model` and `threads` matter; they may also be given as keywords (`model="lite"`).
    backend
        A pose model that is already open, for many pictures; `options.model` is opened if None.
    **known
        The words of `Options`.

    Returns
    -------
    tuple of Figure
        Angles in degrees and the moment of the stride in `Figure.stance`; it is None where the person cannot be
        measured, and `Figure.why_not` is the reason.

    Raises
    ------
    UsageError
        If an option cannot be meant.
    InputError
        If the picture cannot be read.
    WeightsError
        If the pose model is not on this machine and cannot be fetched.

    Examples
    --------
    >>> import midstance as ms
    >>> figure, = ms.read_photo("run.jpg")
    >>> figure.plane, figure.stance.phase
    ('side', 'midstance')
    """
    options = options_with(options, known)
    rgb = open_picture(picture) if isinstance(picture, str | Path) else picture
    backend = backend or open_backend(options.model, threads=options.threads or cores())
    figures = [judge_figure(sighting, rgb.shape[1::-1], backend.model.model) for sighting in everyone(rgb, backend)]
    return tuple(sorted(figures, key=lambda figure: figure.box[0] + figure.box[2]))
