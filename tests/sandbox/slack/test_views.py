"""`views.*`: trigger ids, the stack, hashes, App Home."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackSandbox
from tests.conftest import Clock
from tests.sandbox.slack.conftest import Opens, Refused
from tests.sandbox.slack.samples import actions, button, home, modal, question, section
from tests.sandbox.slack.stand_in import StandIn

MORE = actions("more", button("more", "More"))


async def test_the_view_object(slack: SlackSandbox, app: StandIn, ada: Person, client: AsyncWebClient) -> None:
    view = modal(private_metadata="draft", notify_on_close=True, external_id="mine")
    await ada.command("/paylink", "sales")
    answer = await client.views_open(trigger_id=app.seen[0]["trigger_id"], view=view)
    expected = {
        **view,
        "id": "V000000001",
        "team_id": slack.team.id,
        "state": {"values": {"name": {"value": {"type": "plain_text_input", "value": None}}}},
        "hash": answer["view"]["hash"],
        "clear_on_close": False,
        "close": None,
        "previous_view_id": None,
        "root_view_id": "V000000001",
        "app_id": "A000000001",
        "app_installed_team_id": slack.team.id,
        "bot_id": slack.team.bot_id,
    }
    assert answer["view"] == expected
    assert ada.modal == {**expected, "errors": {}}


async def test_a_trigger_is_good_once_and_for_three_seconds(
    app: StandIn, ada: Person, client: AsyncWebClient, clock: Clock, refused: Refused
) -> None:
    await ada.command("/paylink", "sales")
    trigger = app.seen[0]["trigger_id"]
    clock.now += 3
    await refused(client.views_open(trigger_id=trigger, view=modal(title="x" * 25)))
    await client.views_open(trigger_id=trigger, view=modal())
    assert (await refused(client.views_open(trigger_id=trigger, view=modal())))["error"] == "exchanged_trigger_id"
    await ada.command("/paylink", "sales")
    clock.now += 3.1
    late = client.views_open(trigger_id=app.seen[1]["trigger_id"], view=modal())
    assert (await refused(late))["error"] == "expired_trigger_id"
    assert (await refused(client.views_open(trigger_id="1.2.3", view=modal())))["error"] == "invalid_trigger_id"


async def test_a_trigger_is_of_one_workspace(slack: SlackSandbox, app: StandIn, ada: Person, refused: Refused) -> None:
    await ada.command("/paylink", "sales")
    theirs = AsyncWebClient(slack.add_team("Globex", "globex").bot_token, base_url=slack.api_url)
    answer = await refused(theirs.views_open(trigger_id=app.seen[0]["trigger_id"], view=modal()))
    assert answer["error"] == "invalid_trigger_id"


async def test_a_refused_view_says_where(opens: Opens, app: StandIn, client: AsyncWebClient, refused: Refused) -> None:
    ada = await opens(modal())
    assert ada.modal is not None
    answer = await refused(client.views_update(view_id=ada.modal["id"], view=modal(title="x" * 25)))
    assert answer == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {
            "messages": [
                "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
                "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
            ]
        },
    }
    assert ada.modal["title"]["text"] == "A modal"


async def test_three_modals_and_no_more(opens: Opens, app: StandIn, client: AsyncWebClient, refused: Refused) -> None:
    ada = await opens(modal(MORE, title="1"))
    for title in ("2", "3"):
        await ada.press("More")
        await client.views_push(trigger_id=app.seen[-1]["trigger_id"], view=modal(MORE, title=title))
    first, second, third = ada.stack
    assert [view["root_view_id"] for view in ada.stack] == [first["id"]] * 3
    assert (second["previous_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    await ada.press("More")
    push = client.views_push(trigger_id=app.seen[-1]["trigger_id"], view=modal())
    assert (await refused(push))["error"] == "push_limit_reached"


async def test_a_push_needs_a_modal(app: StandIn, ada: Person, client: AsyncWebClient, refused: Refused) -> None:
    await ada.command("/paylink", "sales")
    push = client.views_push(trigger_id=app.seen[-1]["trigger_id"], view=modal())
    assert (await refused(push))["error"] == "invalid_trigger_id"


async def test_an_update_needs_the_right_hash_and_an_open_view(
    opens: Opens, client: AsyncWebClient, refused: Refused
) -> None:
    ada = await opens(modal(external_id="mine"))
    assert ada.modal is not None
    view_id, old_hash = ada.modal["id"], ada.modal["hash"]
    updated = await client.views_update(view_id=view_id, view=modal(title="Two"), hash=old_hash)
    assert updated["view"]["hash"] != old_hash
    conflict = client.views_update(view_id=view_id, view=modal(title="Three"), hash=old_hash)
    assert (await refused(conflict))["error"] == "hash_conflict"
    await client.views_update(view_id=view_id, view=modal(title="Four", external_id="mine"))
    await client.views_update(external_id="mine", view=modal(title="Five"))
    assert ada.modal["title"]["text"] == "Five"
    await ada.close()
    assert (await refused(client.views_update(view_id=view_id, view=modal())))["error"] == "not_found"


async def test_an_update_keeps_what_was_typed_unless_the_block_id_is_new(opens: Opens, client: AsyncWebClient) -> None:
    ada = await opens(modal(question("name", "Name")))
    await ada.fill({"Name": "typed"})
    assert ada.modal is not None
    fresh = {"type": "plain_text_input", "initial_value": "suggested"}
    view = modal(question("name", "Name", fresh), question("name2", "Other", fresh))
    await client.views_update(view_id=ada.modal["id"], view=view)
    values = ada.modal["state"]["values"]
    assert (values["name"]["value"]["value"], values["name2"]["value"]["value"]) == ("typed", "suggested")


async def test_a_block_without_an_id_gets_a_new_one_each_time(opens: Opens, client: AsyncWebClient) -> None:
    anonymous = {key: value for key, value in question("x", "Name").items() if key != "block_id"}
    ada = await opens(modal(anonymous))
    await ada.fill({"Name": "typed"})
    assert ada.modal is not None
    before = ada.modal["blocks"][0]["block_id"]
    await client.views_update(view_id=ada.modal["id"], view=modal(anonymous))
    [(block_id, state)] = ada.modal["state"]["values"].items()
    assert block_id != before
    assert state["value"]["value"] is None


async def test_external_ids_are_unique(
    opens: Opens, app: StandIn, slack: SlackSandbox, client: AsyncWebClient, refused: Refused
) -> None:
    await opens(modal(external_id="mine"))
    await slack.person("grace").command("/paylink", "sales")
    again = client.views_open(trigger_id=app.seen[-1]["trigger_id"], view=modal(external_id="mine"))
    assert (await refused(again))["error"] == "duplicate_external_id"


async def test_the_home_is_published_and_updated(
    slack: SlackSandbox, ada: Person, client: AsyncWebClient, refused: Refused
) -> None:
    assert ada.home is None
    first = await client.views_publish(user_id=ada.id, view=home(section("a", "one")))
    second = await client.views_publish(user_id=ada.id, view=home(section("a", "two")), hash=first["view"]["hash"])
    assert first["view"]["id"] == second["view"]["id"]
    assert ada.home is not None
    assert ada.home["blocks"] == [section("a", "two")]
    stale = client.views_publish(user_id=ada.id, view=home(), hash=first["view"]["hash"])
    assert (await refused(stale))["error"] == "hash_conflict"
    assert (await refused(client.views_publish(user_id=ada.id, view=modal())))["error"] == "invalid_arguments"
    assert slack.person("grace").home is None


@pytest.mark.parametrize("arguments", [{}, {"view": modal()}])
async def test_views_update_needs_an_id_and_a_view(
    client: AsyncWebClient, refused: Refused, arguments: dict[str, object]
) -> None:
    assert (await refused(client.api_call("views.update", json=arguments)))["error"] == "invalid_arguments"
