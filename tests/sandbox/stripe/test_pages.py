"""The pages, over HTTP and in a real browser where there is one."""

import aiohttp
from playwright.async_api import Page, expect

from bot.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw
from tests.sandbox.stripe.conftest import boot


async def test_a_visit_opens_a_session(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    product = {"name": "</script><b>"}
    link = await Raw(sandbox).link({"price_data": {**ONE_OFF["price_data"], "product_data": product}, "quantity": 1})
    data = await boot(browser, f"{link['url']}?prefilled_email=a%40b.example")
    assert list(sandbox.sessions) == [data["session"]]
    assert data["items"][0]["name"] == "</script><b>"
    assert data["prefilled_email"] == "a@b.example"
    again = await boot(browser, sandbox.sessions[data["session"]]["url"])
    assert again["session"] == data["session"]


async def test_the_pages_endpoints(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    link = await Raw(sandbox).link(
        {**ONE_OFF, "adjustable_quantity": {"enabled": True}},
        after_completion={"type": "redirect", "redirect": {"url": "https://acme.example/?id={CHECKOUT_SESSION_ID}"}},
    )
    data = await boot(browser, link["url"])
    base = f"{sandbox.url}{data['base']}"
    async with browser.post(f"{base}/choose", json={"quantities": {data["items"][0]["id"]: 3}}) as response:
        assert (await response.json())["totals"]["total"] == 6000
    async with browser.post(f"{base}/pay", json={"email": "x"}) as response:
        assert response.status == 402
        assert (await response.json())["error"]["field"] == "email"
    form = {
        "email": "a@b.example",
        "name": "A",
        "card": {"number": "4242424242424242", "expiry": "12/40", "cvc": "123"},
    }
    async with browser.post(f"{base}/pay", data=form) as response:
        assert response.status == 415
    async with browser.post(f"{base}/pay", json=form) as response:
        assert await response.json() == {"next": f"https://acme.example/?id={data['session']}"}
    async with browser.post(f"{sandbox.url}/pay/nowhere/{data['session']}/pay", json=form) as response:
        assert response.status == 404


async def test_an_inactive_link_says_why(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    raw = Raw(sandbox)
    link = await raw.link(ONE_OFF, inactive_message="The sale is over.")
    await raw.made(f"/v1/payment_links/{link['id']}", {"active": False})
    assert (await boot(browser, link["url"]))["message"] == "The sale is over."
    assert not sandbox.sessions


async def test_paying_in_a_browser(sandbox: StripeSandbox, page: Page) -> None:
    raw = Raw(sandbox)
    coupon = await raw.made("/v1/coupons", {"percent_off": 50})
    await raw.made("/v1/promotion_codes", {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": "HALF"})
    shirt = {**ONE_OFF, "quantity": 2, "adjustable_quantity": {"enabled": True}}
    link = await raw.link(shirt, MONTHLY, allow_promotion_codes=True)
    await page.goto(link["url"])
    await page.get_by_label("One T-shirt more").click()
    await expect(page.locator(".due")).to_contain_text("$109.90")
    await page.get_by_role("button", name="Add promotion code").click()
    await page.get_by_label("Promotion code").fill("nope")
    await page.get_by_role("button", name="Apply").click()
    await expect(page.get_by_text("This code is invalid.")).to_be_visible()
    await page.get_by_label("Promotion code").fill("half")
    await page.keyboard.press("Enter")
    await expect(page.locator(".due")).to_contain_text("$54.95")
    await page.get_by_role("button", name="Fill in the test card").click()
    await page.get_by_label("Card number").fill("4000000000000002")
    await page.get_by_role("button", name="Subscribe").click()
    await expect(page.get_by_text("Your card was declined.")).to_be_visible()
    await page.get_by_label("Card number").fill("4242424242424242")
    await page.get_by_role("button", name="Subscribe").click()
    await expect(page.get_by_role("heading", name="Thanks for subscribing")).to_be_visible()
    (session,) = sandbox.sessions.values()
    assert (session["payment_status"], session["amount_total"]) == ("paid", 5495)


async def test_tax_shipping_and_extras_in_a_browser(sandbox: StripeSandbox, page: Page) -> None:
    raw = Raw(sandbox)
    rates = [
        await raw.made(
            "/v1/shipping_rates", {"display_name": name, "fixed_amount": {"amount": cost, "currency": "usd"}}
        )
        for name, cost in (("Post", 500), ("Express", 1500))
    ]
    extra = await raw.made("/v1/prices", {"currency": "usd", "unit_amount": 300, "product_data": {"name": "Wrap"}})
    link = await raw.link(
        ONE_OFF,
        automatic_tax={"enabled": True},
        optional_items=[{"price": extra["id"], "quantity": 1, "adjustable_quantity": {"enabled": True, "maximum": 5}}],
        shipping_address_collection={"allowed_countries": ["DE", "US"]},
        shipping_options=[{"shipping_rate": rate["id"]} for rate in rates],
    )
    await page.goto(link["url"])
    await expect(page.locator(".due")).to_contain_text("$27.06")
    await page.get_by_label("Express").check()
    await page.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_label("One Wrap more").click()
    await page.locator("[name='shipping.address.country']").select_option("DE")
    await expect(page.locator(".due")).to_contain_text("$48.79")
    await page.get_by_role("button", name="Fill in the test card").click()
    for name, value in (("name", "Ada"), ("address.line1", "Hauptstr. 1"), ("address.city", "Berlin")):
        await page.locator(f"[name='shipping.{name}']").fill(value)
    await page.locator("[name='shipping.address.postal_code']").fill("10115")
    await page.get_by_role("button", name="Pay $48.79").click()
    await expect(page.get_by_role("heading", name="Thanks for your payment")).to_be_visible()
    (session,) = sandbox.sessions.values()
    assert (session["amount_total"], session["total_details"]["amount_tax"]) == (4879, 779)
    assert session["shipping_cost"]["shipping_rate"] == rates[1]["id"]


async def test_tax_needs_no_more_than_a_country(sandbox: StripeSandbox, page: Page) -> None:
    item = {"price_data": {**ONE_OFF["price_data"], "currency": "eur"}, "quantity": 1}
    link = await Raw(sandbox).link(item, automatic_tax={"enabled": True})
    await page.goto(link["url"])
    await expect(page.get_by_text("Includes €3.19 tax")).to_be_visible()
    await page.get_by_role("button", name="Fill in the test card").click()
    await page.get_by_role("button", name="Pay €20.00").click()
    await expect(page.get_by_role("heading", name="Thanks for your payment")).to_be_visible()
