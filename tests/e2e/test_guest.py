"""A guest sees what happens in the channel, and finds every door closed, with the reason."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.sandbox import Sandbox
from tests.e2e.browser import browsing, enter

REASON = "Only full members of this workspace can create or change payment links."


@pytest.mark.one_database
async def test_a_guest_watches_and_changes_nothing(sandbox: Sandbox, chromium: str) -> None:
    ada = sandbox.slack.person("ada")
    await ada.command("/paylink Consulting 150 eur", "sales")
    await sandbox.slack.until(lambda: ada.modal, 30)
    await ada.submit()
    async with browsing(chromium) as context:
        page = await enter(context, sandbox, "guest")
        card = page.locator(".message", has_text="Payment link: Consulting")
        await expect(card).to_contain_text("On")

        await refused(page, 0)
        await page.get_by_role("textbox", name="Message #sales").fill("/paylink")
        await page.keyboard.press("Enter")
        await refused(page, 1)
        for number, name in enumerate(("Share", "Edit", "QR code"), start=2):
            await card.get_by_role("button", name=name).click()
            await refused(page, number)
        await card.get_by_role("button", name="Turn off").click()
        await page.get_by_role("dialog").get_by_role("button", name="Turn off").click()
        await refused(page, 5)

        await page.locator("[data-channel]", has_text="Paylink").click()
        await page.get_by_role("link", name="Home", exact=True).last.click()
        await expect(page.get_by_text(REASON)).to_be_visible()
        await expect(page.get_by_role("button", name="New payment link")).to_have_count(0)
    assert [link["active"] for link in sandbox.stripe.payment_links.values()] == [True]
    assert sandbox.slack.app_errors == []


async def refused(page: Page, times: int) -> None:
    """That the reason was told so many times so far, and no window is open."""
    await expect(page.locator(".message.is-ephemeral", has_text=REASON)).to_have_count(times)
    await expect(page.get_by_role("dialog")).to_have_count(0)
