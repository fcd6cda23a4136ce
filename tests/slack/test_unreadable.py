"""What comes back of windows that an earlier version of Paylink has drawn: a sentence, and no error."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.slack.ids import Action, Block, View
from bot.slack.ui.item_form import ItemForm
from bot.slack.ui.notices import read_notices
from tests.slack.limits import Json
from tests.slack.office import Office, shown

pytestmark = pytest.mark.one_database

SENTENCE = "Paylink can't read this any more. Please close the window and start again."


async def again(office: Office, kind: str, change: Callable[[Json], object]) -> Any:
    """Slack sends the last request of this kind once more, changed; what Paylink answers."""
    last = [sent.payload for sent in office.slack.line.sent if sent.payload.get("type") == kind][-1]
    payload = copy.deepcopy(last)
    view_id = payload["view"]["id"]
    payload["trigger_id"] = office.slack.engine.triggers.give(office.ada.id, office.ada.team.id, view_id=view_id)
    change(payload)
    answer = await office.slack.line.send("interactive", payload)
    await office.settle()
    return answer


def menu(payload: Json) -> None:
    payload["actions"][0]["selected_option"]["value"] = "frame:link"


def picked(payload: Json) -> None:
    values = payload["view"]["state"]["values"]
    option = {"text": {"type": "plain_text", "text": "Framed"}, "value": "framed"}
    values[Block.LINKS_FILTER][Action.LINKS_FILTER]["selected_option"] = option


@pytest.mark.parametrize(
    "change",
    [
        menu,
        picked,
        lambda payload: payload["view"].update(private_metadata='{"filter": "framed"}'),
        lambda payload: payload["view"]["state"]["values"].pop(Block.LINKS_SEARCH),
        lambda payload: payload["view"].update(state=None),
    ],
    ids=["menu", "filter", "memo", "input", "state"],
)
async def test_a_list_of_another_version_says_so(office: Office, change: Callable[[Json], object]) -> None:
    await office.link()
    await office.line(office.ada, "/paylink list")
    await office.pick(office.ada, "link_menu", "Turn off")
    await again(office, "block_actions", change)
    assert SENTENCE in shown(office.ada)


async def test_without_a_trigger_it_is_said_in_a_message(office: Office) -> None:
    await office.line(office.ada, "/paylink")
    await office.press(office.ada, "Add item")
    await office.ada.close()
    await again(office, "block_actions", lambda payload: payload.pop("trigger_id"))
    assert SENTENCE in str(office.slack.direct_messages("ada")[-1])


@pytest.mark.parametrize("skip", ["some", "-1", "9" * 30])
async def test_a_page_that_is_none_says_so(office: Office, skip: str) -> None:
    await office.line(office.ada, "/paylink products")
    await office.press(office.ada, "New product")
    await office.fill(office.ada, {"Name": "Seat"})
    await office.submit(office.ada)
    await office.press(office.ada, "Archive")
    more = {"action_id": Action.PRICES_MORE, "value": skip}
    await again(office, "block_actions", lambda payload: payload["actions"][0].update(more))
    assert SENTENCE in shown(office.ada)


async def ask_for_new_rate(office: Office) -> None:
    """A rate of a link that ships to Germany."""
    await office.line(office.ada, "/paylink 1 x Poster 25 eur")
    await office.pick(office.ada, "add_option", "Shipping address")
    await office.fill(office.ada, {"Countries you ship to": ["Germany"]})
    await office.submit(office.ada)
    await office.pick(office.ada, "add_option", "Shipping rates")
    await office.press(office.ada, "New shipping rate…")


async def test_a_form_without_its_rates_says_so(office: Office) -> None:
    await ask_for_new_rate(office)
    await again(office, "block_actions", lambda payload: payload["view"]["state"].update(values={}))
    assert SENTENCE in shown(office.ada)


async def test_an_error_stands_at_a_field_that_is_shown(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "Poster", "Amount for one": "25 quid"})
    assert list(await office.submit(ada)) == [Action.ITEM_AMOUNT]

    def not_drawn_yet(payload: Json) -> None:
        payload["view"]["blocks"] = [one for one in payload["view"]["blocks"] if one["block_id"] != Action.ITEM_AMOUNT]

    answer = await again(office, "view_submission", not_drawn_yet)
    ((where, message),) = answer["errors"].items()
    assert ada.modal is not None
    assert where in {block["block_id"] for block in ada.modal["blocks"]} - {Action.ITEM_AMOUNT}
    assert message == "Write the amount in plain digits, like 1234.50."


def test_what_is_not_offered_is_not_taken() -> None:
    form = ItemForm(draft="d", currency="eur")
    option = {"text": {"type": "plain_text", "text": "x"}, "value": "x"}
    offering = (
        Action.ITEM_KIND,
        Action.ITEM_CURRENCY,
        Action.ITEM_BILLING,
        Action.ITEM_TAX,
        Action.ITEM_INTERVAL,
    )
    for action in offering:
        assert form.with_state({action: {action: {"selected_option": option}}}) == form
    state: Json = {
        Block.NOTICE_KINDS: {Action.NOTICE_KINDS: {"selected_options": [option]}},
        Block.NOTICE_BROADCAST: {Action.NOTICE_BROADCAST: {"selected_options": []}},
    }
    assert read_notices(state) == (frozenset(), False)


@pytest.mark.parametrize("channel", [{}, {"channel_id": "U1"}])
async def test_notices_of_what_is_no_channel_say_so(office: Office, channel: dict[str, str]) -> None:
    await office.line(office.ada, "/paylink notify")
    await office.ada.close()
    typed = next(sent.payload for sent in office.slack.line.sent if sent.kind == "slash_commands")
    trigger = office.slack.engine.triggers.give(office.ada.id, office.ada.team.id)
    elsewhere = {key: value for key, value in typed.items() if key != "channel_id"} | channel
    await office.slack.line.send("slash_commands", elsewhere | {"trigger_id": trigger})
    await office.settle()
    assert SENTENCE in office.told


def remembering(**changed: object) -> Callable[[Json], None]:
    """The view carries something else, and nothing is picked in it."""

    def change(payload: Json) -> None:
        view = payload["view"]
        view["private_metadata"] = json.dumps(json.loads(view["private_metadata"]) | changed)
        for elements in view["state"]["values"].values():
            for element in elements.values():
                element.update({key: None for key in element if key == "selected_option"})

    return change


@pytest.mark.parametrize(
    "changed",
    [
        {"currency": ""},
        {"currency": "x" * 151},
        {"price": "x" * 151},
        {"billing": ""},
        {"interval": ""},
        {"tax": ""},
        {"draft": "x" * 300},
        {"draft": "\0"},
        {"name": "\\\0"},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_an_item_that_remembers_what_is_no_answer_says_so(office: Office, changed: dict[str, str]) -> None:
    await office.line(office.ada, "/paylink")
    await office.press(office.ada, "Add item")
    await office.pick(office.ada, "item_kind", "From the catalog")
    await again(office, "block_actions", remembering(**changed))
    assert SENTENCE in shown(office.ada)


async def test_an_item_may_be_named_as_json_would_write_it(office: Office) -> None:
    await office.line(office.ada, "/paylink")
    await office.press(office.ada, "Add item")
    await office.pick(office.ada, "item_kind", "From the catalog")
    await again(office, "block_actions", remembering(name=r"\u0000"))
    assert SENTENCE not in shown(office.ada)


async def test_a_field_of_an_item_in_another_window_says_so(office: Office) -> None:
    await office.line(office.ada, "/paylink 1 x Poster 25 eur")
    await office.ada.close()
    await office.line(office.ada, "/paylink")
    await office.press(office.ada, "Start new")
    last = [sent.payload for sent in office.slack.line.sent if sent.payload.get("type") == "block_actions"][-1]
    assert last["view"]["callback_id"] == View.UNFINISHED
    await again(office, "block_actions", lambda payload: payload["actions"][0].update(action_id=Action.ITEM_BILLING))
    assert SENTENCE in shown(office.ada)


@pytest.mark.parametrize("channel", ["<!channel>", "C" + "0" * 50])
async def test_a_list_of_templates_from_no_channel_says_so(office: Office, channel: str) -> None:
    await office.line(office.ada, "/paylink 1 x Poster 25 eur")
    await office.press(office.ada, "Save as template")
    await office.fill(office.ada, {"Name": "Poster"})
    await office.submit(office.ada)
    await office.ada.close(clear=True)
    await office.line(office.ada, "/paylink templates")
    await office.press(office.ada, "Use")
    await again(office, "block_actions", remembering(channel=channel))
    assert SENTENCE in shown(office.ada)


@pytest.mark.parametrize("picked", [[""], ["x" * 151], ["shr_1"] * 6], ids=len)
async def test_a_form_with_rates_that_are_none_says_so(office: Office, picked: list[str]) -> None:
    await ask_for_new_rate(office)
    await office.press(office.ada, "Back to the rates")
    await again(office, "block_actions", remembering(picked=picked))
    assert SENTENCE in shown(office.ada)
