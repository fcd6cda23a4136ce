"""The same on a phone: everything is within reach and nothing is wider than the screen."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.sandbox import Sandbox
from tests.e2e.browser import browsing, enter


async def fits(page: Page) -> None:
    """Fails when the page can be moved sideways."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.one_database
async def test_a_link_is_made_and_paid_on_a_phone(sandbox: Sandbox, chromium: str) -> None:
    async with browsing(chromium, 390, 844, touch=True) as context:
        page = await enter(context, sandbox, "ada")
        await page.get_by_role("button", name="Show conversations").tap()
        await page.locator("[data-channel]", has_text="sales").tap()
        composer = page.get_by_role("textbox", name="Message #sales")
        await composer.fill("/paylink 2 x Consulting 150 eur")
        await page.get_by_role("button", name="Send now").tap()

        editor = page.get_by_role("dialog", name="New payment link")
        await expect(editor).to_contain_text("€300.00 today")
        await editor.get_by_role("button", name="Add item").tap()
        item = page.get_by_role("dialog", name="Add item")
        await expect(item.get_by_role("button", name="Add", exact=True)).to_be_in_viewport()
        await fits(page)
        await item.get_by_role("button", name="Back").last.tap()
        await editor.get_by_role("button", name="Create link").tap()
        await page.get_by_role("dialog", name="Link ready").get_by_role("button", name="Done").tap()

        card = page.locator(".message", has_text="Payment link: Consulting")
        await expect(card.get_by_role("button", name="QR code")).to_be_visible()
        await fits(page)
        async with context.expect_page() as opened:
            await card.get_by_role("link", name="Open", exact=True).tap()
        checkout = await opened.value
        await pay(checkout)
        await page.bring_to_front()
        await expect(page.get_by_role("heading", name="Paid: €300.00")).to_be_in_viewport()
    assert sandbox.slack.app_errors == []


async def pay(checkout: Page) -> None:
    await checkout.get_by_label("Email").fill("hank@globex.example")
    await fits(checkout)
    await checkout.get_by_role("button", name="Fill in the test card").tap()
    await checkout.get_by_label("Name", exact=True).fill("Hank Scorpio")
    await checkout.get_by_role("button", name="Pay").tap()
    await expect(checkout.get_by_role("heading", name="Thanks for your payment")).to_be_visible()
    await fits(checkout)
