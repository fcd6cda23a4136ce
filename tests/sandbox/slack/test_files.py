"""`files_upload_v2`, from the announcement to the message."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.conftest import Refused

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


async def test_a_file_in_a_channel(slack: SlackSandbox, client: AsyncWebClient) -> None:
    sales = slack.channel("sales").id
    answer = await client.files_upload_v2(
        channel=sales, content=PNG, filename="qr code.png", title="QR", alt_txt="A QR code", initial_comment="Scan me"
    )
    [message] = slack.messages("sales")
    [file] = message["files"]
    assert message["text"] == "Scan me"
    assert {key: file[key] for key in ("name", "title", "mimetype", "alt_txt", "size")} == {
        "name": "qr code.png",
        "title": "QR",
        "mimetype": "image/png",
        "alt_txt": "A QR code",
        "size": len(PNG),
    }
    assert answer["files"][0]["id"] == file["id"]
    assert slack.file(file["id"]) == PNG
    async with aiohttp.ClientSession() as http, http.get(file["url_private"]) as response:
        assert (response.content_type, await response.read()) == ("image/png", PNG)


async def test_what_is_refused(slack: SlackSandbox, client: AsyncWebClient, refused: Refused) -> None:
    empty = client.files_getUploadURLExternal(filename="x", length=0)
    assert (await refused(empty))["error"] == "invalid_arguments"
    announced = await client.files_getUploadURLExternal(filename="x.svg", length=3)
    share = client.files_completeUploadExternal(files=[{"id": announced["file_id"]}])
    assert (await refused(share))["error"] == "file_not_found"
    async with aiohttp.ClientSession() as http:
        for content, status in ((b"four", 400), (b"now", 400)):
            async with http.post(announced["upload_url"], data=content) as response:
                assert response.status == status
        again = await client.files_getUploadURLExternal(filename="x.svg", length=3)
        async with http.post(again["upload_url"], data=b"svg") as response:
            assert response.status == 200
    elsewhere = client.files_completeUploadExternal(
        files=[{"id": again["file_id"]}], channel_id=slack.channel("random").id
    )
    assert (await refused(elsewhere))["error"] == "not_in_channel"
    assert (await refused(client.api_call("files.completeUploadExternal")))["error"] == "invalid_arguments"


@pytest.mark.parametrize("path", ["/files/F9/x.png"])
async def test_no_such_file(slack: SlackSandbox, path: str) -> None:
    async with aiohttp.ClientSession() as http, http.get(slack.url + path) as response:
        assert response.status == 404
