"""Keys for programs and addresses that are called when work ends, as JSON."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from midstance.store.hooks import Hook, add_hook, calls_of, delete_hook, hooks
from midstance.web.messenger import checked_address
from midstance.web.refusals import not_here
from midstance.web.state import Coached, Number, Shared
from midstance.web.tokens import delete_token, known_token, new_token, tokens

router = APIRouter(prefix="/api/v1", tags=["midstance"])


class TokenSaid(BaseModel):
    """What a key is for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "my notebook"}]})

    name: str = Field(max_length=100)


class TokenOut(BaseModel):
    """A key for a program; the key itself is shown once, when it is made."""

    number: int = Field(examples=[1])
    name: str = Field(examples=["my notebook"])
    made_at: datetime
    key: str = Field(default="", examples=["ms_..."])


class WebhookSaid(BaseModel):
    """An address to call with POST when work ends."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"url": "https://club.example/done"}]})

    url: str = Field(max_length=500)


class WebhookOut(BaseModel):
    """An address that is called; the secret that signs the calls is shown once, when it is added."""

    number: int = Field(examples=[1])
    url: str = Field(examples=["https://club.example/done"])
    made_at: datetime
    secret: str = Field(default="", examples=["whsec_..."])


class CallOut(BaseModel):
    """One call: due, done or failed."""

    job: str = Field(examples=["0123456789abcdef0123456789abcdef"])
    state: str = Field(examples=["done"])
    tries: int = Field(examples=[1])
    says: str = Field(default="", description="Why it failed.")


@router.get("/tokens")
def list_tokens(shared: Shared) -> list[TokenOut]:
    """List your keys for programs."""
    mine = tokens(shared.store, shared.visitor.account)
    return [TokenOut(number=number, name=name, made_at=made_at) for number, name, made_at in mine]


@router.post("/tokens", status_code=201)
def add_token(shared: Shared, said: TokenSaid) -> TokenOut:
    """Make a key, and show it this once."""
    key = new_token(shared.store, said.name, shared.visitor.account)
    number, name, made_at = known_token(shared.store, key)
    return TokenOut(number=number, name=name, made_at=made_at, key=key)


@router.delete("/tokens/{token}", status_code=204)
def take_token_back(token: Number, shared: Shared) -> None:
    """Take a key back."""
    if not delete_token(shared.store, token, shared.visitor.account):
        raise not_here("key")


@router.get("/webhooks")
def list_webhooks(shared: Coached) -> list[WebhookOut]:
    """List the addresses that are called when work ends."""
    return [_webhook(hook) for hook in hooks(shared.store)]


@router.post("/webhooks", status_code=201)
def add_webhook(shared: Coached, said: WebhookSaid) -> WebhookOut:
    """Add an address; calls are signed as standardwebhooks.com says, and made again some times if they fail."""
    checked_address(said.url)
    hook = add_hook(shared.store, said.url.strip(), shared.visitor.account)
    return _webhook(hook).model_copy(update={"secret": hook.secret})


@router.get("/webhooks/{hook}/calls")
def list_calls(hook: Number, shared: Coached) -> list[CallOut]:
    """List the newest calls of an address, and what came of them."""
    if hook not in {known.number for known in hooks(shared.store)}:
        raise not_here("webhook")
    return [
        CallOut(job=job, state=state, tries=tries, says=says)
        for job, state, tries, says in calls_of(shared.store, hook)
    ]


@router.delete("/webhooks/{hook}", status_code=204)
def remove_webhook(hook: Number, shared: Coached) -> None:
    """Call an address no more."""
    if not delete_hook(shared.store, hook):
        raise not_here("webhook")


def _webhook(hook: Hook) -> WebhookOut:
    return WebhookOut(number=hook.number, url=hook.url, made_at=hook.made_at)
