"""Options that the app supplies as a person types ("External data source", docs.slack.dev)."""

from bot.sandbox.slack.acts.common import own_view
from bot.sandbox.slack.blocks.complete import find_element
from bot.sandbox.slack.blocks.objects import OPTION, OPTION_GROUP
from bot.sandbox.slack.blocks.schema import Report, array, obj
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.outgoing import payloads

DEFAULT_MIN_QUERY = 3

_OPTIONS = obj({"options": array(OPTION, 0, 100)}, {})
_GROUPS = obj({"option_groups": array(OPTION_GROUP, 0, 100)}, {})


async def suggest(engine: Engine, user_id: str, container: Json, block_id: str, action_id: str, query: str) -> Json:
    """The app's `{"options": […]}` or `{"option_groups": […]}` for what the person has typed.

    Slack asks only from `min_query_length` characters on (3 when not given): `query_too_short`.
    Raises `AppError` when the app is late or its options are not right.
    """
    team, user = engine.who(user_id)
    payload = {
        **payloads.interaction("block_suggestion", team, user, engine.app.id),
        "action_id": action_id,
        "block_id": block_id,
        "value": query,
    }
    if container.get("type") == "view":
        view = own_view(engine, user_id, container["view_id"])
        blocks = view.blocks
        payload |= {"container": {"type": "view", "view_id": view.id}, "view": view.payload()}
    else:
        _, _, channel = engine.channel_for(user_id, container["channel"])
        posted = engine.messages.find(channel, container["ts"])
        blocks = posted.message.get("blocks", [])
        part = payloads.message_container(
            channel, container["ts"], ephemeral=posted.only_for is not None, thread_ts=None
        )
        payload |= {"container": part, "channel": payloads.channel_part(channel), "message": posted.payload()}
    _check_query(blocks, block_id, action_id, query)
    try:
        return _checked(await engine.line.send("interactive", payload))
    except AppError as error:
        raise engine.blame(error) from None


def _check_query(blocks: list[Json], block_id: str, action_id: str, query: str) -> None:
    found = find_element(blocks, block_id, action_id)
    if found is None or found[1]["type"] not in ("external_select", "multi_external_select"):
        raise SlackError("invalid_action", f"no external select at {block_id}/{action_id}")
    least = found[1].get("min_query_length", DEFAULT_MIN_QUERY)
    if len(query) < least:
        raise SlackError("query_too_short", f"{action_id} asks from {least} characters on")


def _checked(answer: object) -> Json:
    if not isinstance(answer, dict):
        raise AppError("invalid_options", "the app answered an options request without JSON")
    report = Report()
    (_GROUPS if "option_groups" in answer else _OPTIONS)(answer, "", report)
    if report.messages:
        raise AppError("invalid_options", "; ".join(report.messages))
    return answer
