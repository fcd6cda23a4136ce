"""What Slack sends, as far as Bolt takes for granted that it is there and of its type."""

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictInt
from yarl import query_to_pairs

_Object = dict[str, Any]
_Id = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,49}$")]

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""Characters that neither UTF-8 nor a database has; only the escapes of JSON and of forms can bring them."""

_ESCAPED = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)


class _Person(BaseModel):
    id: _Id


class _Text(BaseModel):
    text: str


class _Option(BaseModel):
    value: Annotated[str, Field(min_length=1, max_length=150)]
    text: _Text


class _Element(BaseModel):
    """What was typed or picked."""

    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_conversation: _Id | None = None
    selected_date_time: Annotated[StrictInt, Field(ge=0, lt=2**37)] | None = None


class _State(BaseModel):
    values: dict[str, Annotated[dict[str, _Element], Field(min_length=1)]]


class _Block(BaseModel):
    type: str
    block_id: str


class _View(BaseModel):
    id: str
    type: str
    callback_id: str
    blocks: list[_Block] = []
    private_metadata: Annotated[str, Field(max_length=3000)] = ""
    state: _State | None = None
    hash: str | None = None
    root_view_id: str | None = None
    previous_view_id: str | None = None


class _Action(_Element):
    type: str
    action_id: str
    block_id: str


class _Event(BaseModel):
    type: str
    user: _Id | None = None
    channel: _Id | None = None
    tab: str | None = None
    inviter: _Id | None = None


class _Channel(BaseModel):
    id: _Id


class _Envelope(BaseModel):
    """The fields that Bolt and the listeners look into, whatever kind of request it is."""

    type: str | None = None
    team: _Object | None = None
    channel: _Object | None = None
    enterprise: _Object | None = None
    trigger_id: Annotated[str, Field(min_length=1)] | None = None
    container: _Object | None = None
    message: _Object | None = None
    authorizations: list[_Object] | None = None
    response_urls: list[_Object] | None = None
    user: _Person | None = None
    view: _View | None = None
    event: _Event | None = None
    actions: Annotated[list[_Action], Field(min_length=1)] | None = None


class Command(_Envelope):
    """A slash command ("Implementing slash commands")."""

    command: str
    team_id: str
    user_id: _Id
    channel_id: _Id | None = None


class Interaction(_Envelope):
    """A shortcut, an action, a submitted or closed view, or a menu that asks for options ("Interaction payloads")."""

    type: str
    user: _Person
    channel: _Channel | None = None  # type: ignore[assignment]
    response_url: str | None = None
    callback_id: str | None = None
    action_id: str | None = None
    value: str | None = None


class EventCallback(_Envelope):
    """An event, or the question whether this URL is ours ("The Events API")."""

    type: str


def parse(text: str, content_type: str) -> dict[str, Any]:
    """The body as Bolt wants it: the JSON of an event, the `payload` of an interaction, or a command's form fields.

    Fields that are null are left out, which is the same to Slack but not to Bolt. Raises ValueError for anything else.
    """
    body: Any
    shape: type[_Envelope]
    if content_type == "application/json":
        body, shape = json.loads(text), EventCallback
    else:
        body, shape = dict(query_to_pairs(text)), Command
        if "payload" in body:
            text = body["payload"]
            body, shape = json.loads(text), Interaction
    shape.model_validate(body)
    if _is_suspicious(text) and not _is_text(body):
        raise ValueError("not text")
    return {name: value for name, value in body.items() if value is not None}


def _is_suspicious(text: str) -> bool:
    """Whether this JSON, or this form, may hold what is no text. Most have no escape to look at."""
    return "%00" in text or "\0" in text or ("\\u" in text and _ESCAPED.search(text) is not None)


def _is_text(value: Any) -> bool:
    """Whether every text in it can be written down."""
    if isinstance(value, dict):
        return all(map(_is_text, value.keys())) and all(map(_is_text, value.values()))
    if isinstance(value, list):
        return all(map(_is_text, value))
    return not isinstance(value, str) or _NO_TEXT.search(value) is None
