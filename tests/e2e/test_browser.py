"""The whole journey in a real browser: what `make demo` shows, from `/paylink` to the announced payment."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.sandbox import Sandbox
from tests.e2e.browser import browsing, picture


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
