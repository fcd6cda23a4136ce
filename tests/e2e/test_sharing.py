"""A coupon and a shared link in a real browser: what was filled in stands on the payment page."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.sandbox import Sandbox
from tests.e2e.browser import browsing, enter


@pytest.mark.one_database
async def test_a_code_is_made_and_shared_and_taken_off_the_price(sandbox: Sandbox, chromium: str) -> None:
    async with browsing(chromium) as context:
        page = await enter(context, sandbox, "ada")
        await page.locator("[data-channel]", has_text="sales").click()
        composer = page.get_by_role("textbox", name="Message #sales")
        await composer.fill("/paylink coupons")
        await composer.press("Enter")
        await make_a_coupon(page)
        await composer.fill("/paylink 2 x Consulting 150 eur")
        await composer.press("Enter")
        await make_a_link(page)
        await page.locator(".message", has_text="Payment link").get_by_role("button", name="Share").click()
        await share(page)
        async with context.expect_page() as opened:
            await page.get_by_role("dialog").get_by_role("link", name="Open", exact=True).click()
        payment = await opened.value
        await expect(payment.locator("html")).to_have_attribute("lang", "de")
        await expect(payment.locator("main")).to_contain_text("240,00 €")
        await expect(payment.get_by_label("Email")).to_have_value("ann@example.com")
        until = await page.evaluate("Date.parse('2030-01-01T12:00') / 1000")
    (coupon,) = sandbox.stripe.account.tables["coupon"].values()
    assert coupon["redeem_by"] == until
    assert sandbox.slack.app_errors == []


async def make_a_coupon(page: Page) -> None:
    await page.get_by_role("button", name="New coupon").click()
    form = page.get_by_role("dialog", name="New coupon")
    await form.get_by_label("Percent off").fill("20")
    await form.get_by_label("Can be redeemed until").fill("2030-01-01T12:00")
    await form.get_by_label("Code (optional)", exact=True).fill("SPRING20")
    await form.get_by_role("button", name="Create").click()
    coupon = page.get_by_role("dialog", name="Coupon", exact=True)
    await expect(coupon).to_contain_text("The code SPRING20 is ready.")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def make_a_link(page: Page) -> None:
    await page.get_by_role("combobox", name="Add an option").click()
    await page.get_by_role("option", name="Promotion codes").click()
    editor = page.get_by_role("dialog", name="New payment link")
    await expect(editor).to_contain_text("Customers can enter a promotion code")
    await editor.get_by_role("button", name="Create link").click()
    await page.get_by_role("dialog", name="Link ready").get_by_role("button", name="Done").click()


async def share(page: Page) -> None:
    form = page.get_by_role("dialog", name="Share payment link")
    await form.get_by_label("Customer's email").fill("ann@example.com")
    await form.get_by_role("combobox", name="Promotion code").click()
    await page.get_by_role("option", name="SPRING20").click()
    await form.get_by_role("combobox", name="Language").click()
    await page.get_by_role("option", name="Deutsch").click()
    await form.get_by_role("button", name="Share", exact=True).click()
    await expect(form).to_contain_text("The address, to be copied")
