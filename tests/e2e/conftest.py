"""What `make demo` starts, for one test."""

import time
from collections.abc import AsyncIterator

import pytest

from bot.app import build
from bot.config import Settings
from bot.sandbox.demo import demo
from bot.sandbox.sandbox import Sandbox
from tests.harness import HANG, MANIFEST


@pytest.fixture
async def sandbox(database_url: str) -> AsyncIterator[Sandbox]:
    """The furnished sandbox, with the app at work in it."""
    async with demo(MANIFEST, port=0) as sandbox:
        sandbox.slack.line.ack_seconds = HANG
        settings = Settings.model_validate({**sandbox.settings, "database_url": database_url})
        async with build(settings, time.time) as paylink, paylink.working(), paylink.receiving("127.0.0.1", 0) as url:
            sandbox.connect(url)
            yield sandbox
