"""Uploads by tus 1.0 (creation, expiration, termination): https://tus.io/protocols/resumable-upload."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.utils import format_datetime

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from midstance.web.refusals import RefusedRequest
from midstance.web.state import Shared, Uid
from midstance.web.uploads import Upload, metadata

router = APIRouter(prefix="/uploads")

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"


def _about(upload: Upload) -> dict[str, str]:
    headers = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.size),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
        "Cache-Control": "no-store",
    }
    return {**headers, "Midstance-Job": upload.job} if upload.job else headers


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise RefusedRequest(412, f"This server takes uploads by tus {VERSION}.")


def number_of(request: Request, name: str) -> int:
    """Return a header that is a whole number. Raises RefusedRequest."""
    said = request.headers.get(name, "")
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise RefusedRequest(400, f"The header {name} must be a whole number.")
    return int(said)


@router.options("")
def abilities(shared: Shared) -> Response:
    """Say what this server can do."""
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,expiration,termination",
        "Tus-Max-Size": str(shared.settings.limits.film_bytes),
    }
    return Response(status_code=204, headers=headers)


@router.post("")
def announce(request: Request, shared: Shared) -> Response:
    """Make room for a file before its first byte."""
    _check_version(request)
    size = number_of(request, "Upload-Length")
    upload = shared.uploads.announce(size, metadata(request.headers.get("upload-metadata", "")))
    return Response(status_code=201, headers={**_about(upload), "Location": f"/uploads/{upload.uid}"})


@router.head("/{uid}")
def offset(uid: Uid, shared: Shared) -> Response:
    """Say how much is here."""
    return Response(status_code=200, headers=_about(shared.uploads.upload(uid)))


@router.patch("/{uid}")
async def more(uid: Uid, request: Request, shared: Shared) -> Response:
    """Take more bytes; the last one puts the file into the queue."""
    _check_version(request)
    if request.headers.get("content-type") != BYTES:
        raise RefusedRequest(415, f"The bytes of an upload come as {BYTES}.")
    upload = await shared.uploads.take_in(uid, number_of(request, "Upload-Offset"), pieces_of(request))
    return Response(status_code=204, headers=_about(upload))


async def pieces_of(request: Request, *, skip: int = 0) -> AsyncIterator[bytes]:
    """Yield the bytes as they come, but for the first ones; where the line breaks off, they end."""
    try:
        async for piece in request.stream():
            left, skip = piece[skip:], max(0, skip - len(piece))
            if left:
                yield left
    except ClientDisconnect:
        return


@router.delete("/{uid}")
def cancel(uid: Uid, request: Request, shared: Shared) -> Response:
    """Throw away what is here of an upload."""
    _check_version(request)
    upload = shared.uploads.upload(uid)
    if upload.job:
        raise RefusedRequest(409, "This upload is whole, and is being taken in.")
    shared.uploads.discard(uid)
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})
