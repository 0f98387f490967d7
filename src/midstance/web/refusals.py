"""What a request is refused with: a status for the machine and one sentence for the reader."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from midstance.errors import InputError, MidstanceError, Refused, WeightsError


class RefusedRequest(Exception):  # noqa: N818  (a request is refused: not an error of anybody)
    """A request that is not done; says why in one sentence."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status
        self.says = says


def not_here(what: str) -> RefusedRequest:
    """Return the refusal of something that is not, or no longer, here."""
    return RefusedRequest(404, f"There is no such {what} here. It may have been deleted.")


def status_of(fault: MidstanceError) -> int:
    """Return the HTTP status of one of our errors."""
    if fault.why.id in {"no_such_take", "no_such_athlete", "no_athlete_yet", "take_not_analysed"}:
        return 404
    if isinstance(fault, WeightsError):
        return 503
    return 422 if isinstance(fault, InputError | Refused) else 400


def says(path: str, status: int, text: str) -> Response:
    """Return a sentence: as JSON for a program, as plain text for anybody else."""
    if path.startswith("/api/"):
        return JSONResponse({"says": text}, status)
    return Response(text + "\n", status, media_type="text/plain")
