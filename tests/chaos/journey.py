"""Everything that people and Stripe's webhooks send, once: a walk through every form, list, menu and button."""

from collections.abc import Sequence

from bot.links.options import GROUPS
from tests.harness import World
from tests.journeys.steps import dashboard
from tests.journeys.test_options_new import CASES
from tests.slack.limits import Json
from tests.slack.office import Office, row

CUSTOMER = {"name": "Margaret Hamilton", "email": "margaret@apollo.example"}
LINES = (
    "help",
    "Support 49.90 eur/month",
    "3 x Poster 25 eur; Frame 9,50 eur",
    "Poster 25 eur / year x 2",
    "list",
    "list active",
    "list fair",
    "show Spring fair",
    "off Spring fair",
    "on Spring fair",
    "qr Spring fair",
    "edit Spring fair",
    "duplicate Spring fair",
    "coupons spring",
    "products seat",
    "templates",
    "new fair day",
    "nonsense",
    "12 eur eur",
)


async def journey(town: World) -> None:
    """Returns when all of it is in `town.slack.line.sent` and `town.stripe.events`."""
    office = Office(town.slack, town.stripe, town.paylink, town.clock)
    town.stripe.account.connected_accounts["acct_gallery"] = "Gallery"
    town.stripe.seed_catalog(12)
    async for _ in town.paylink.services.catalog.fill():
        pass
    for part in (_links, _commands, _items, _options, _discounts, _products, _templates, _home, _conflict, _payments):
        await part(office)
        await _closed(office)


async def _closed(office: Office) -> None:
    """The windows of all people."""
    for person in (office.ada, office.grace):
        if person.modal is not None:
            await person.close(clear=True)
    await office.settle()


async def _links(office: Office) -> None:
    """A card's buttons, the list and its menu, sharing, notices."""
    ada = office.ada
    await office.line(ada, "/paylink 2 x Consulting 150 eur")
    await office.pick(ada, "add_option", "Promotion codes")
    await office.fill(ada, {"Name": "Spring fair"})
    await office.submit(ada)
    await _closed(office)
    for button in ("Turn off", "Turn on", "QR code", "Edit", "Share"):
        await office.press(ada, button, channel="sales")
    await office.fill(ada, {"Share with": "payments", "Note": "For Ann", "Customer's email": "ann@example.com"})
    await office.pick(ada, "Add campaign parameters (UTM)", "Yes")
    await office.fill(ada, {"Reference": "ORDER-1042"})
    await office.submit(ada)
    await office.press(ada, "QR code")
    await _closed(office)
    await office.line(ada, "/paylink list")
    await office.pick(ada, "links_filter", "Turned off")
    await office.pick(ada, "links_filter", "All links")
    await ada.enter("Search", "spring")
    await office.settle()
    for entry in ("Turn off", "Turn on", "QR code", "Share", "Edit", "Duplicate"):
        if entry in ("Share", "Edit", "Duplicate"):
            await _closed(office)
            await office.line(ada, "/paylink list")
        await office.pick(ada, "link_menu", entry)
        if entry == "QR code":
            await ada.close()
    await _closed(office)
    await office.line(ada, "/paylink list")
    await office.submit(ada)
    await _closed(office)
    await office.line(ada, "/paylink notify")
    await office.fill(ada, {"Tell of": ["Refunds", "Failed renewals"], "Where": ["Also send to the channel"]})
    await office.submit(ada)


async def _commands(office: Office) -> None:
    for line in LINES:
        await office.line(office.ada, f"/paylink {line}")
        await _closed(office)
    await office.ada.shortcut("new_link")
    await office.settle()
    message = office.ada.say("We need a link for this", "payments")
    await office.ada.shortcut("new_link_from_message", channel="payments", message=message)
    await office.settle()
    await office.ada.invite_app("random")


async def _items(office: Office) -> None:
    """Each kind of item, the editor's menus, an unfinished draft."""
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur; Travel 20 eur")
    await office.fill(ada, {"Name": "Typed", "Channel": "payments"})
    await office.pick(ada, "item_menu", "Edit", block=row(ada, "Consulting"))
    await office.fill(ada, {"Amount for one": "175.50", "Adjustable": ["The customer can change the quantity"]})
    await office.fill(ada, {"At least": "1", "At most": "5", "Billing": "Another period…"})
    await office.submit(ada)
    await office.fill(ada, {"Billing": "Every month", "Description": "A day\nof work"})
    await office.submit(ada)
    await office.pick(ada, "item_menu", "Duplicate", block=row(ada, "Travel"))
    await office.pick(ada, "item_menu", "Remove", block=row(ada, "Travel"))
    await office.press(ada, "Add item")
    await office.pick(ada, "What is it?", "From the catalog")
    options = await ada.search("Price", "")
    await office.fill(ada, {"Price": options[0]["value"], "Quantity": "3"})
    await office.submit(ada)
    await office.press(ada, "Add item")
    await ada.search("Currency", "kr")
    await _closed(office)
    for button in ("Continue", "Start new", "Throw away"):
        await office.line(ada, "/paylink")
        if "Continue" in str(ada.modal):
            await office.press(ada, button)
        await _closed(office)


async def _options(office: Office) -> None:
    """The form of every group of options, filled in; the drafts stay open."""
    ada = office.ada
    await dashboard(office, "prices", {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Frame"}})
    fixed = {"amount": 500, "currency": "eur"}
    await dashboard(office, "shipping_rates", {"display_name": "Post", "type": "fixed_amount", "fixed_amount": fixed})
    filled: dict[str, tuple[str, Sequence[Json]]] = {
        case.option: (case.line, (*case.wrong, *case.right)) for case in CASES
    }
    for key, group in GROUPS.items():
        line, steps = filled.get(group.title, ("Poster 25 eur", ()))
        await office.line(ada, f"/paylink {line}")
        if group.title == "Shipping rates":
            await office.pick(ada, "add_option", "Shipping address")
            await office.fill(ada, {"Countries you ship to": ["Germany"]})
            await office.submit(ada)
        await office.pick(ada, "add_option", group.title)
        for answers in steps:
            await office.fill(ada, answers)
        await _by_hand(office, group.title)
        await office.submit(ada)
        if f"option:{key}" in str(ada.modal) and "option_menu" in str(ada.modal):
            await office.pick(ada, "option_menu", "Change", block=f"option:{key}")
        await _closed(office)


async def _by_hand(office: Office, option: str) -> None:
    """What the cases don't fill in."""
    ada = office.ada
    if option == "Optional items":
        await ada.search("Item 1: price", "")
        await office.fill(ada, {"Item 1: price": "Frame"})
        await office.fill(ada, {"Item 1: how many": "2"})
    elif option == "Shipping rates":
        await ada.search("Rates", "")
        await office.fill(ada, {"Rates": ["Post"]})
        await office.press(ada, "New shipping rate…")
        await office.press(ada, "Back to the rates")
        await office.press(ada, "New shipping rate…")
        await office.fill(ada, {"Name": "Express", "Price of shipping": "12,50", "Tax": "Is in the price"})
        await office.submit(ada)


async def _discounts(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink coupons")
    await office.press(ada, "New coupon")
    await office.pick(ada, "Discount", "An amount")
    await office.fill(ada, {"Name": "Partners", "Currency": "eur", "Amount off": "5"})
    await office.pick(ada, "Further currency 1: currency", "usd")
    await office.fill(ada, {"Further currency 1: amount off": "6.50"})
    await office.pick(ada, "How long", "The first months of a subscription")
    later = int(office.clock()) + 86_400
    await office.fill(ada, {"Months": "3", "Most redemptions": "100", "Can be redeemed until": later})
    await ada.search("Only for these products", "")
    await office.fill(ada, {"Code": "PARTNER-5", "Code expires": later - 3600, "Most uses of the code": "10"})
    await office.fill(ada, {"Minimum order: currency": "eur", "Minimum order: amount": "50"})
    await office.submit(ada)
    for button in ("Turn off", "Turn on", "Add a code"):
        await office.press(ada, button)
    await office.fill(ada, {"Code": "FRIENDS"})
    await office.submit(ada)
    await ada.close()
    await office.press(ada, "Delete coupon")
    await _closed(office)
    for number in range(12):
        percent = {"percent_off": "5", "duration": "once", "name": f"Sale {number}"}
        await office.paylink.stripe.create_coupon(percent, f"key {number}")
    await office.settle()
    await office.line(ada, "/paylink coupons")
    await office.press(ada, "Older coupons")
    await office.press(ada, "Back to the newest")
    await ada.enter("Search", "sale 7")
    await office.settle()
    await office.press(ada, "open_coupon", block=row(ada, "Sale"))
    await ada.close()
    await office.submit(ada)


async def _products(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink products")
    await office.pick(ada, "products_filter", "Archived")
    await office.pick(ada, "products_filter", "All products")
    await office.press(ada, "New product")
    await office.fill(ada, {"Name": "Team seat", "Description": "A seat", "Metadata": "sku = A-100"})
    await office.fill(ada, {"Web page": "https://example.com/seat", "Is it shipped?": "No"})
    await office.submit(ada)
    kinds: Sequence[tuple[str | None, Json]] = (
        (None, {"Amount for one": "12,50", "Billing": "Every month", "Further currencies": "usd = 13.00\njpy = 1500"}),
        ("An amount for a package of several", {"Amount for a package": "10", "How many in a package": "5"}),
        ("Tiers: the amount depends on the quantity", {"Tiers": "10 = 9.00\nrest = 0.125", "Billing": "Every month"}),
        ("The customer chooses what to pay", {"At least": "5", "At most": "500", "Suggested": "20"}),
    )
    for kind, answers in kinds:
        await office.press(ada, "Add price")
        if kind:
            await office.fill(ada, {"Kind of price": kind})
        for label, answer in {"Currency": "EUR", **answers}.items():
            await office.fill(ada, {label: answer})
        await office.submit(ada)
    await office.press(ada, "Edit product")
    await office.fill(ada, {"Name": "Seat"})
    await office.submit(ada)
    await office.pick(ada, "price_menu", "Edit", block=row(ada, "12.50"))
    await office.fill(ada, {"Note for your team": "Mine", "Lookup key": "seat"})
    await office.submit(ada)
    for entry in ("Archive", "Restore"):
        await office.pick(ada, "price_menu", entry, block=row(ada, "12.50"))
    for button in ("Archive", "Restore"):
        await office.press(ada, button)
    await office.pick(ada, "price_menu", "Use in a new link", block=row(ada, "12.50"))
    await _closed(office)
    await office.line(ada, "/paylink products seat")
    await office.press(ada, "Open")
    await office.press(ada, "Back to all products")
    await office.submit(ada)


async def _templates(office: Office) -> None:
    ada = office.ada
    for line in ("2 x Consulting 150 eur", "Poster 25 eur"):
        await office.line(ada, f"/paylink {line}")
        await office.press(ada, "Save as template")
        await office.fill(ada, {"Name": "Fair day"})
        await office.submit(ada)
        await office.submit(ada) if "Overwrite" in str(ada.modal) else None
        await _closed(office)
    await office.line(ada, "/paylink templates")
    await office.press(ada, "Rename")
    await office.fill(ada, {"Name": "Big fair"})
    await office.submit(ada)
    await office.press(ada, "Use")
    await _closed(office)
    await office.pick(ada, "link_menu", "Save as template", channel="sales")
    await office.submit(ada)
    await _closed(office)
    await office.line(ada, "/paylink templates")
    blocks = [] if ada.modal is None else ada.modal["blocks"]
    await office.press(ada, "Delete", block=next(one["block_id"] for one in blocks if one["type"] == "actions"))


async def _home(office: Office) -> None:
    ada = office.ada
    for _ in range(2):
        await ada.open_home()
        await office.settle()
    await office.pick(ada, "link_menu", "QR code", home=True, block=f"link:{office.links[0]['id']}")
    await _closed(office)
    for button in ("New payment link", "All links", "Templates", "Coupons", "Products"):
        await office.press(ada, button, home=True)
        await _closed(office)


async def _conflict(office: Office) -> None:
    """A link changed by somebody else too, and one that takes another."""
    ada = office.ada
    link = await office.link(name="Contested")
    await office.line(ada, f"/paylink edit {link['id']}")
    await office.fill(ada, {"Name": "Mine"})
    await dashboard(office, f"payment_links/{link['id']}", {"metadata": {"paylink_name": "Theirs"}})
    await office.submit(ada)
    await office.fill(ada, {"Name": "Keep theirs: Theirs"})
    await office.submit(ada)
    await _closed(office)
    await office.line(ada, f"/paylink edit {link['id']}")
    await office.pick(ada, "item_menu", "Edit")
    await office.fill(ada, {"Amount for one": "200"})
    await office.submit(ada)
    await office.submit(ada)
    await office.submit(ada)


async def _payments(office: Office) -> None:
    """What Stripe tells of: paid, settling, failing, renewed, refunded, disputed, expired."""
    stripe = office.stripe
    once, monthly = office.links[0], (await office.link("Support 49.90 eur/month", "Support plan"))
    if not once["active"]:
        await dashboard(office, f"payment_links/{once['id']}", {"active": True})
    paid = await stripe.pay(once["url"], **CUSTOMER)
    slow, lost = [await stripe.pay(once["url"], method="bank_debit") for _ in range(2)]
    await stripe.settle(slow["id"])
    await stripe.fail(lost["id"])
    await stripe.expire(stripe.visit(once["url"])["id"])
    refund = await stripe.refund(slow["id"], 2000)
    await stripe.fail_refund(refund["id"])
    await stripe.refund(paid["id"], 2000)
    disputed = await stripe.dispute(paid["id"])
    await stripe.submit_evidence(disputed["id"])
    await stripe.close_dispute(disputed["id"], won=True)
    subscription = (await stripe.pay(monthly["url"], **CUSTOMER))["subscription"]
    await stripe.renew(subscription)
    await stripe.renew(subscription, fails=True)
    await stripe.retry(subscription)
    await stripe.cancel(subscription, at_period_end=True)
    await stripe.resume(subscription)
    await stripe.cancel(subscription)
    await office.settle()
    await office.press(office.ada, "notices", channel="sales")
