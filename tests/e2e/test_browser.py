"""The whole journey in a real browser: what `make demo` shows, from `/paylink` to the announced payment."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from bot.app import build
from bot.config import Settings
from bot.sandbox.demo import demo
from bot.sandbox.sandbox import Sandbox
from tests.harness import MANIFEST

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


@pytest.fixture
async def sandbox(database_url: str) -> AsyncIterator[Sandbox]:
    async with demo(MANIFEST, port=0) as sandbox:
        settings = Settings.model_validate({**sandbox.settings, "database_url": database_url})
        async with build(settings, time.time) as paylink, paylink.working(), paylink.receiving("127.0.0.1", 0) as url:
            sandbox.connect(url)
            yield sandbox


@asynccontextmanager
async def browsing(chromium: str, width: int = 1280, height: int = 860) -> AsyncIterator[BrowserContext]:
    """A browser window; whatever a page complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        context = await browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=2)
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        yield context
        await browser.close()
    assert complaints == []


async def picture(page: Page, name: str) -> None:
    if SCREENSHOTS:
        await page.wait_for_timeout(400)
        await page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


@pytest.mark.one_database
async def test_from_command_to_announced_payment(sandbox: Sandbox, chromium: str) -> None:
    async with browsing(chromium) as context:
        page = await context.new_page()
        await page.goto(f"{sandbox.slack.url}/?as={sandbox.slack.person('ada').id}")
        await page.locator("[data-channel]", has_text="sales").click()

        composer = page.get_by_role("textbox", name="Message #sales")
        await composer.press_sequentially("/pay")
        await expect(page.get_by_role("option", name="/paylink")).to_be_visible()
        await composer.fill("/paylink 2 x Consulting 150 eur; Support 49.90 eur/month")
        await composer.press("Enter")

        editor = page.get_by_role("dialog", name="New payment link")
        await expect(editor).to_contain_text("€349.90 today, then €49.90 every month")
        await editor.get_by_label("Name").fill("Globex onboarding")
        await add_a_catalog_item(page)
        await expect(editor).to_contain_text("€361.90 today, then €61.90 every month")
        await add_a_message(page)
        await editor.get_by_role("button", name="Create link").click()
        await page.get_by_role("dialog", name="Link ready").get_by_role("button", name="Done").click()

        card = page.locator(".message", has_text="Payment link: Globex onboarding")
        await expect(card).to_contain_text("nothing yet")
        async with context.expect_page() as opened:
            await card.get_by_role("link", name="Open", exact=True).click()
        await pay(await opened.value)

        await page.bring_to_front()
        await expect(card).to_contain_text("€361.90 in 1 payment")
        await expect(page.locator(".message", has_text="Customer: Hank Scorpio")).to_contain_text("Paid: €361.90")
        await picture(page, "journey")
    assert len(sandbox.stripe.payment_links) == 1
    assert sandbox.slack.app_errors == []


async def add_a_catalog_item(page: Page) -> None:
    await page.get_by_role("button", name="Add item").click()
    item = page.get_by_role("dialog", name="Add item")
    await item.get_by_label("From the catalog").check()
    picker = item.get_by_role("combobox", name="Price")
    await picker.click()
    await picker.press_sequentially("seat")
    await page.get_by_role("option", name="Team seat").click()
    await item.get_by_role("button", name="Add", exact=True).click()
    await expect(item).to_be_hidden()


async def add_a_message(page: Page) -> None:
    await page.get_by_role("combobox", name="Add an option").click()
    await page.get_by_role("option", name="After payment").click()
    form = page.get_by_role("dialog", name="After payment")
    await form.get_by_label("Message").fill("Thank you, Globex! We start on Monday.")
    await form.get_by_role("button", name="Add", exact=True).click()
    await expect(form).to_be_hidden()


async def pay(checkout: Page) -> None:
    await expect(checkout.get_by_text("€361.90").first).to_be_visible()
    await checkout.get_by_label("Email").fill("hank@globex.example")
    await checkout.get_by_label("Card number").fill("4000 0000 0000 0002")
    await checkout.get_by_label("Expiration").fill("12 / 40")
    await checkout.get_by_label("Security code").fill("123")
    await checkout.get_by_label("Name", exact=True).fill("Hank Scorpio")
    await checkout.get_by_role("button", name="Subscribe").click()
    await expect(checkout.get_by_text("Your card was declined.")).to_be_visible()
    await checkout.get_by_label("Card number").fill("4242 4242 4242 4242")
    await checkout.get_by_role("button", name="Subscribe").click()
    await expect(checkout.get_by_text("Thank you, Globex! We start on Monday.")).to_be_visible()
