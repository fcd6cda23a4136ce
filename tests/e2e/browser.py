"""A real browser window on the sandbox's pages."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, Page, async_playwright, expect

from bot.sandbox.sandbox import Sandbox

SCREENSHOTS = os.environ.get("PAYLINK_SCREENSHOTS")
"""A folder to put pictures into, for the README; usually unset."""

# Without these Chromium talks to its maker in the background, which a closed network refuses many times a minute.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def browsing(
    chromium: str, width: int = 1280, height: int = 860, *, touch: bool = False
) -> AsyncIterator[BrowserContext]:
    """A browser window; whatever a page complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        context = await browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=2, has_touch=touch
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        yield context
        await browser.close()
    assert complaints == []


async def enter(context: BrowserContext, sandbox: Sandbox, name: str) -> Page:
    """This person's Slack, in its first channel."""
    page = await context.new_page()
    await page.goto(f"{sandbox.slack.url}/?as={sandbox.slack.person(name).id}")
    await expect(page.get_by_role("textbox")).to_be_visible()
    return page


async def picture(page: Page, name: str) -> None:
    if SCREENSHOTS:
        await page.wait_for_timeout(400)
        await page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")
