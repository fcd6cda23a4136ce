"""`conversations.*`: what the app can see."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.conftest import Refused


async def test_info(slack: SlackSandbox, client: AsyncWebClient, refused: Refused) -> None:
    info = (await client.conversations_info(channel=slack.channel("sales").id, include_num_members=True))["channel"]
    assert (info["name"], info["is_member"], info["is_ext_shared"], info["num_members"]) == ("sales", True, True, 6)
    assert (await client.conversations_info(channel=slack.channel("random").id))["channel"]["is_member"] is False
    dm = (await client.conversations_info(channel=slack.team.dm(slack.team.user("ada").id).id))["channel"]
    assert (dm["is_im"], dm["user"]) == (True, slack.team.user("ada").id)
    hidden = client.conversations_info(channel=slack.channel("deals").id)
    assert (await refused(hidden))["error"] == "channel_not_found"


async def test_lists_page_and_hide_private_channels(slack: SlackSandbox, client: AsyncWebClient) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        listing = await client.conversations_list(types="public_channel,private_channel", limit=2, cursor=cursor)
        names += [channel["name"] for channel in listing["channels"]]
        cursor = listing["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["general", "sales", "payments", "random"]
    slack.archive("general")
    kept = await client.conversations_list(exclude_archived=True)
    assert [channel["name"] for channel in kept["channels"]] == ["sales", "payments", "random"]
    mine = await client.users_conversations()
    assert [channel["name"] for channel in mine["channels"]] == ["general", "sales", "payments"]
    guest = await client.users_conversations(user=slack.team.user("guest").id)
    assert [channel["name"] for channel in guest["channels"]] == ["sales"]


async def test_members(slack: SlackSandbox, client: AsyncWebClient) -> None:
    members = (await client.conversations_members(channel=slack.channel("payments").id))["members"]
    assert members == [slack.team.user(name).id for name in ("ada", "grace", "linus", "paylink")]


async def test_what_is_refused(slack: SlackSandbox, client: AsyncWebClient, refused: Refused) -> None:
    sales, random = slack.channel("sales").id, slack.channel("random").id
    dm = slack.team.dm(slack.team.user("ada").id).id
    for call, error in (
        (client.conversations_history(channel=random), "not_in_channel"),
        (client.conversations_replies(channel=sales, ts="1.0"), "thread_not_found"),
        (client.conversations_replies(channel=random, ts="1.0"), "not_in_channel"),
        (client.conversations_history(channel=sales, oldest="yesterday"), "invalid_ts_oldest"),
        (client.conversations_history(channel=sales, limit=1000), "invalid_arguments"),
        (client.conversations_list(cursor="x"), "invalid_cursor"),
        (client.conversations_list(types="secret"), "invalid_types"),
        (client.conversations_join(channel=dm), "method_not_supported_for_channel_type"),
        (client.conversations_open(users="U9"), "user_not_found"),
        (client.conversations_open(users=slack.team.bot_user_id), "cannot_dm_bot"),
        (client.conversations_open(users="U1,U2"), "invalid_arguments"),
        (client.bots_info(bot="B9"), "bot_not_found"),
    ):
        assert (await refused(call))["error"] == error


async def test_opening_a_direct_message(slack: SlackSandbox, client: AsyncWebClient) -> None:
    ada = slack.team.user("ada").id
    opened = await client.conversations_open(users=[ada], return_im=True)
    assert opened["channel"]["user"] == ada
    again = await client.conversations_open(channel=opened["channel"]["id"])
    assert again["channel"]["id"] == opened["channel"]["id"]
