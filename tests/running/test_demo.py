"""`paylink demo`: a workspace to walk into, with the real app in it."""

import re
import socket
from pathlib import Path

from aiohttp import ClientSession

from bot.sandbox.demo import demo
from tests.harness import MANIFEST
from tests.running.process import paylink


async def test_the_demo_is_furnished() -> None:
    async with demo(MANIFEST, 0) as sandbox:
        assert [message["text"] for message in sandbox.slack.messages("sales")] == [
            "Globex said yes to the workshop and the support plan.",
            "Great! I'll send them a payment link right away.",
        ]
        tables = sandbox.stripe.account.tables
        names = {product["name"] for product in tables["product"].values()}
        assert {"Onboarding workshop", "Support plan", "Donation"} <= names
        assert {price["product"] for price in tables["price"].values()} == set(tables["product"])


async def test_a_port_that_is_taken_is_no_obstacle() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        async with demo(MANIFEST, taken) as sandbox, ClientSession() as http:
            assert not sandbox.slack.url.endswith(f":{taken}")
            async with http.get(sandbox.slack.url) as page:
                assert page.status == 200


async def test_the_command_says_where_it_is_and_ends_when_told(tmp_path: Path) -> None:
    async with paylink({}, tmp_path, "demo", "--port", "0") as app, ClientSession() as http:
        said = ""
        while "Ctrl-C" not in said:
            line = await app.said()
            assert line, app.log
            said += line
        slack, stripe = re.findall(r"http://127\.0\.0\.1:\d+\S*", said)
        for url in (slack, stripe):
            async with http.get(url) as page:
                assert (page.status, page.content_type) == (200, "text/html")
        assert await app.stop() == 0
    assert app.log == []
