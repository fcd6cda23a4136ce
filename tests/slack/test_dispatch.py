"""Which listener a request is for."""

from typing import Any

import pytest

from bot.slack.listeners.dispatch import Dispatch, Kind, Request, encoded, named


@pytest.mark.parametrize(
    ("body", "request_named"),
    [
        ({"command": "/paylink", "text": "help"}, (Kind.COMMAND, "/paylink")),
        ({"type": "block_actions", "actions": [{"action_id": "a"}, {"action_id": "b"}]}, (Kind.ACTION, "a")),
        ({"type": "view_submission", "view": {"callback_id": "editor"}}, (Kind.SUBMISSION, "editor")),
        ({"type": "block_suggestion", "action_id": "item_price"}, (Kind.OPTIONS, "item_price")),
        ({"type": "shortcut", "callback_id": "new_link"}, (Kind.SHORTCUT, "new_link")),
        ({"type": "message_action", "callback_id": "new_link"}, (Kind.SHORTCUT, "new_link")),
        ({"type": "event_callback", "event": {"type": "app_home_opened"}}, (Kind.EVENT, "app_home_opened")),
        ({"type": "view_closed", "view": {"callback_id": "editor"}}, None),
        ({"type": "block_suggestion", "action_id": {"not": "a name"}}, None),
        ({"type": "block_actions", "actions": []}, None),
        ({}, None),
    ],
)
def test_each_kind_has_its_name(body: dict[str, Any], request_named: Request | None) -> None:
    assert named(body) == request_named


async def test_a_request_goes_to_its_own_listener_and_no_other() -> None:
    async def editor(body: dict[str, Any]) -> bytes:
        return encoded({"response_action": "errors", "errors": body["view"]})

    dispatch = Dispatch({(Kind.SUBMISSION, "editor"): editor})
    found = await dispatch({"type": "view_submission", "view": {"callback_id": "editor"}})
    assert found == b'{"response_action": "errors", "errors": {"callback_id": "editor"}}'
    assert await dispatch({"type": "block_suggestion", "action_id": "editor"}) is None


def test_an_acknowledgement_says_nothing() -> None:
    assert encoded({}) == b""
