"""The people of a club: sign in and out, invitations, the list of members, and one's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from midstance.errors import UsageError
from midstance.store import accounts
from midstance.store.accounts import Role
from midstance.web.guard import too_fast
from midstance.web.refusals import RefusedRequest
from midstance.web.state import Coached, Number, Shared, State, Whole, page

router = APIRouter()

Name = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=1000)]
Key = Annotated[str, Form(max_length=100)]

GONE = "This invitation was used, or is too old. Ask your coach for another."


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _inside(to: str) -> str:
    """Return a path of our own pages; the first page for anything else."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() else "/"


def _with_cookie(state: State, account: int, to: str) -> Response:
    response = RedirectResponse(to, 303)
    response.set_cookie(
        state.settings.cookie,
        accounts.sign_in(state.store, account),
        max_age=int(86400 * accounts.SESSION_DAYS),
        httponly=True,
        secure=state.settings.secure,
        samesite="lax",  # a link in a message leads to the take; whatever changes something must come from our pages
        path="/",
    )
    return response


# -- in and out --------------------------------------------------------------------------------------------------------


@router.get("/sign-in")
def ask_who(to: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """Ask for a name and a password."""
    return page("sign_in", {"to": _inside(to), "says": "", "name": ""})


@router.post("/sign-in")
def sign_in(request: Request, shared: Whole, *, name: Name, password: Password, to: Name = "/") -> Response:
    """Let somebody in."""
    if wait := shared.sign_ins.wait_s(_address(request), name):
        return too_fast("", wait)
    found = accounts.check_password(shared.store, name, password)
    if found is None:
        says = "This name and this password do not fit together."
        return page("sign_in", {"to": _inside(to), "says": says, "name": name}, status=401)
    return _with_cookie(shared, found.id, _inside(to))


@router.post("/sign-out")
def sign_out(request: Request, shared: Shared) -> Response:
    """Let this browser in no more."""
    accounts.sign_out(shared.store, request.cookies.get(shared.settings.cookie, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(shared.settings.cookie, secure=shared.settings.secure, httponly=True, path="/")
    return response


@router.get("/invited")
def show_invitation(shared: Whole, key: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Ask whoever was invited for a name and a password; looking does not use the link up."""
    return _invitation(shared, key)


def _invitation(state: State, key: str, *, name: str = "", says: str = "", status: int = 200) -> Response:
    found = accounts.invitation(state.store, key)
    if found is None:
        raise RefusedRequest(404, GONE)
    content = {"key": key, "name": name, "says": says, "least": accounts.SHORTEST, "again": found.account is not None}
    return page("invited", {**content, "role": found.role}, status=status)


@router.post("/invited")
def accept(request: Request, shared: Whole, *, key: Key, password: Password, name: Name = "") -> Response:
    """Make the account, or set the new password, and sign in."""
    if wait := shared.sign_ins.wait_s(_address(request)):
        return too_fast("", wait)
    try:
        account = accounts.accept(shared.store, key, name, password)
    except UsageError as fault:
        return _invitation(shared, key, name=name, says=fault.say("page"), status=400)
    if account is None:
        raise RefusedRequest(404, GONE)
    return _with_cookie(shared, account, "/")


# -- members -----------------------------------------------------------------------------------------------------------


@router.get("/members")
def members(shared: Coached) -> Response:
    """List everybody."""
    return _members(shared, "")


def _members(state: State, key: str) -> Response:
    runners = state.store.athletes()
    names = {athlete.id: athlete.name for athlete in runners}
    link = f"{state.settings.address}/invited?key={key}" if key else ""
    people = [(one, names.get(one.athlete or 0, "")) for one in accounts.accounts(state.store)]
    content = {"people": people, "runners": runners, "link": link, "days": accounts.INVITED_DAYS}
    return page("members", {**content, "me": state.visitor.account})


@router.post("/members/invite")
def invite(shared: Coached, role: Annotated[Role, Form()], athlete: Name = "") -> Response:
    """Make a link of invitation and show it, this once."""
    number = shared.athlete(athlete).id if role == "athlete" and athlete else None
    return _members(shared, accounts.invite(shared.store, role, athlete=number))


@router.post("/members/{number}/password")
def new_password(number: Number, shared: Coached) -> Response:
    """Make a link with which a member sets a new password, and show it, this once."""
    found = accounts.account(shared.store, number)
    if found is None:
        raise RefusedRequest(404, "There is no such member.")
    key = accounts.invite(shared.store, found.role, athlete=found.athlete, account=found.id)
    return _members(shared, key)


@router.post("/members/{number}/delete")
def delete(number: Number, shared: Coached) -> Response:
    """Delete an account; the runner and the takes stay."""
    accounts.delete_account(shared.store, number)
    return RedirectResponse("/members", 303)


# -- one's own account -------------------------------------------------------------------------------------------------


@router.get("/account")
def own(_shared: Shared) -> Response:
    """Show one's own account."""
    return _own("", 200)


def _own(says: str, status: int) -> Response:
    return page("account", {"says": says, "least": accounts.SHORTEST}, status=status)


@router.post("/account/password")
def change_password(request: Request, shared: Shared, old: Password, new: Password) -> Response:
    """Set another password; every other browser is signed out."""
    me = shared.visitor
    if wait := shared.sign_ins.wait_s(_address(request), me.name):
        return too_fast("", wait)
    if me.account is None or accounts.check_password(shared.store, me.name, old) is None:
        return _own("The old password is another one.", 400)
    try:
        accounts.set_password(shared.store, me.account, new)
    except UsageError as fault:
        return _own(fault.say("page"), 400)
    return _with_cookie(shared, me.account, "/account")
