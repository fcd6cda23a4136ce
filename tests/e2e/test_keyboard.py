"""A journey without a mouse: every step by keys, the focus never lost."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.sandbox import Sandbox
from tests.e2e.browser import browsing, enter

MANY = 60
"""More presses of Tab than anything on the page is away."""


async def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Presses Tab until what has this name has the focus."""
    for _ in range(MANY):
        await page.keyboard.press(key)
        words = "node => node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent"
        if (await page.locator(":focus").evaluate_all(f"nodes => nodes.map({words})")) == [name]:
            return
    pytest.fail(f"Tab never reaches {name!r}")


@pytest.mark.one_database
async def test_a_link_is_made_changed_and_turned_off_by_keys(sandbox: Sandbox, chromium: str) -> None:
    async with browsing(chromium) as context:
        page = await enter(context, sandbox, "ada")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("sales")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("textbox", name="Message #sales")).to_be_focused()
        await page.keyboard.type("/paylink Consulting 150 eur")
        await page.keyboard.press("Enter")

        editor = page.get_by_role("dialog", name="New payment link")
        await expect(editor.get_by_label("Name")).to_be_focused()
        await page.keyboard.type("Initech")
        await change_the_quantity(page)
        await expect(editor).to_contain_text("€450.00 today")
        await add_promotion_codes(page)
        await expect(editor).to_contain_text("Customers can enter a promotion code")
        await tab_to(page, "Create link")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="Link ready")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)

        card = page.locator(".message", has_text="Payment link: Initech")
        await expect(card).to_be_visible()
        await tab_to(page, "Turn off", "Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="Turn this link off?")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(card).to_contain_text("Turned off")
    assert [link["active"] for link in sandbox.stripe.payment_links.values()] == [False]
    assert sandbox.slack.app_errors == []


async def change_the_quantity(page: Page) -> None:
    await tab_to(page, "More actions")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.keyboard.press("Enter")
    item = page.get_by_role("dialog", name="Edit item")
    await expect(item).to_be_visible()
    await tab_to(page, "Quantity")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("3")
    await tab_to(page, "Save")
    await page.keyboard.press("Enter")
    await expect(item).to_be_hidden()


async def add_promotion_codes(page: Page) -> None:
    await tab_to(page, "Add an option…")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.type("promo")
    await expect(page.get_by_role("option", name="Promotion codes")).to_be_visible()
    await page.keyboard.press("Enter")
