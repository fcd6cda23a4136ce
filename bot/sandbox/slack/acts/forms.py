"""Submitting and closing modals ("Modals", docs.slack.dev)."""

from typing import Any

from bot.sandbox.slack.acts.common import TROUBLE, own_view, pending, toast
from bot.sandbox.slack.blocks.answers import mistakes
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.outgoing import payloads
from bot.sandbox.slack.outgoing.http import Answer


async def submit(engine: Engine, user_id: str, view_id: str, state: Any = None) -> dict[str, str]:
    """Submit the top modal; returns the errors at its fields by `block_id`, `{}` when it was accepted.

    Slack's own checks come first and don't reach the app. `AppError` when the app is late or answers what Slack
    can't use: the modal stays, with a notice.
    """
    view = _top(engine, user_id, view_id)
    if "submit" not in view.sent:
        raise SlackError("no_submit", "this modal has no submit button")
    if state is not None:
        engine.views.enter(view, state)
    if errors := mistakes(view.blocks, view.values):
        engine.views.refuse(view, errors)
        return errors
    view.errors = {}
    payload = {
        **payloads.interaction("view_submission", view.team, view.user, engine.app.id),
        "trigger_id": engine.triggers.give(user_id, view.team.id, channel_id=view.channel_id, view_id=view.id),
        "view": view.payload(),
        "response_urls": _response_urls(engine, view),
    }
    async with pending(engine, user_id):
        try:
            return follow(engine, view, await engine.line.send("interactive", payload))
        except AppError as error:
            toast(engine, user_id, TROUBLE)
            raise engine.blame(error) from None
        except SlackError as error:
            toast(engine, user_id, TROUBLE)
            raise engine.blame(AppError("invalid_response_action", str(error))) from None


def _top(engine: Engine, user_id: str, view_id: str) -> View:
    view = own_view(engine, user_id, view_id)
    stack = engine.views.stack(user_id)
    if not stack or stack[-1] is not view:
        raise SlackError("not_on_top", "this is not the modal on top")
    return view


def _response_urls(engine: Engine, view: View) -> list[Json]:
    urls = []
    for block in view.blocks:
        element = block.get("element", {})
        if element.get("response_url_enabled"):
            state = view.values[block["block_id"]][element["action_id"]]
            chosen = state.get("selected_conversation") or state.get("selected_channel")
            if chosen:
                where = {"block_id": block["block_id"], "action_id": element["action_id"]}
                url = engine.response_urls.give(view.team.id, view.user.id, chosen)
                urls.append({**where, "channel_id": chosen, "response_url": url})
    return urls


def follow(engine: Engine, view: View, answer: Answer) -> dict[str, str]:
    """Do what the acknowledgement says ("Modals: `response_action`"); the errors at the fields. Raises AppError or
    SlackError when Slack can't do that."""
    if isinstance(answer, str):
        raise AppError("invalid_response_action", f"text in answer to a submit: {answer[:200]!r}")
    kind = (answer or {}).get("response_action")
    if answer and kind == "errors":
        return _refuse(engine, view, answer.get("errors"))
    if answer and kind == "update":
        engine.views.update(view, answer.get("view"))
    elif answer and kind == "push":
        engine.views.push(view, answer.get("view"))
    elif kind == "clear":
        engine.views.clear(view.user.id)
    elif answer:
        raise AppError("invalid_response_action", f"no such response_action: {kind!r}")
    elif view in engine.views.stack(view.user.id):
        engine.views.close(view)
    return {}


def _refuse(engine: Engine, view: View, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise AppError("invalid_response_action", "errors must name at least one block")
    for block_id, text in errors.items():
        if block_id not in inputs:
            raise AppError("invalid_response_action", f"no input block {block_id!r} to show an error at")
        if not isinstance(text, str) or not text:
            raise AppError("invalid_response_action", f"the error at {block_id!r} is not a text")
    engine.views.refuse(view, errors)
    return dict(errors)


async def close(engine: Engine, user_id: str, view_id: str, *, clear: bool = False) -> None:
    """Close the top modal, or with `clear` (or the view's `clear_on_close`) the whole stack.

    Views that asked for it (`notify_on_close`) are reported to the app; the person doesn't wait for that in vain.
    """
    view = _top(engine, user_id, view_id)
    cleared = clear or view.sent.get("clear_on_close", False)
    if cleared:
        closed = engine.views.clear(user_id)
    else:
        closed = [view]
        engine.views.close(view)
    for one in reversed(closed):
        if one.sent.get("notify_on_close"):
            await _report_closed(engine, one, cleared=cleared)


async def _report_closed(engine: Engine, view: View, *, cleared: bool) -> None:
    payload = payloads.interaction("view_closed", view.team, view.user, engine.app.id)
    try:
        await engine.line.send("interactive", {**payload, "view": view.payload(), "is_cleared": cleared})
    except AppError as error:
        engine.blame(error)
