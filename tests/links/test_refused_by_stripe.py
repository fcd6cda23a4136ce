"""Each rule between the parts of a link, with our own check left out: the sandbox's Stripe says no, and its error comes
back at the field it is about."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.links.draft import CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup
from bot.links.params import create_params, locate
from bot.links.pricing import Chosen
from bot.sandbox.stripe.errors import StripeError
from tests.links.test_option_refusals import MONTHLY, ONCE, Stripe

MONTH, YEAR = Recurring(interval="month"), Recurring(interval="year")


def item(row: str, **changes: Any) -> LineItem:
    return LineItem(row=row, price=OneOffPrice(**{"name": "Tea", "unit_amount": 300, "currency": "eur", **changes}))


def catalog(row: str, price: str, **changes: Any) -> LineItem:
    return LineItem(
        row=row, price=CatalogPrice(**{"price": price, "product_name": "Tea", "currency": "eur", **changes})
    )


def with_options(*groups: OptionGroup, of: LineItem = ONCE) -> LinkDraft:
    draft = LinkDraft(line_items=(of,))
    for group in groups:
        draft = draft.with_option(group)
    return draft


def group(key: str, params: dict[str, Any]) -> OptionGroup:
    return GROUPS[key].model_validate(params)


ADDRESS = group("shipping_address", {"shipping_address_collection": {"allowed_countries": ["DE"]}})
FRAME = CatalogPrice(price="price_frame", product_name="Frame", currency="eur")
GIFT = catalog("gift", "price_gift", pricing=Chosen())


def optional(price: str, known: CatalogPrice | None = None, count: int = 1, **more: Any) -> OptionGroup:
    return group("optional_items", {"optional_items": [{"price": price, "known": known, **more}] * count})


def rates(*ids: str, currency: str = "eur") -> OptionGroup:
    known = {"words": "Post", "currencies": [currency]}
    return group("shipping_rates", {"shipping_options": [{"shipping_rate": one, "known": known} for one in ids]})


def connect(**params: Any) -> OptionGroup:
    return group("connect", {"currency": "eur", **params})


TO_GALLERY = {"destination": "acct_gallery"}

BROKEN: dict[str, tuple[LinkDraft, str]] = {
    "one currency": (
        LinkDraft(line_items=(catalog("a", "price_frame"), catalog("b", "price_dollars", currency="usd"))),
        "line_items.b.price",
    ),
    "one currency, typed": (LinkDraft(line_items=(item("a"), item("b", currency="usd"))), "line_items.b.price"),
    "one period": (LinkDraft(line_items=(item("a", recurring=MONTH), item("b", recurring=YEAR))), "line_items"),
    "customer chooses alone": (LinkDraft(line_items=(GIFT, item("a"))), "line_items"),
    "customer chooses, with optional items": (with_options(optional("price_frame"), of=GIFT), "line_items"),
    "customer chooses one": (
        LinkDraft(line_items=(GIFT.model_copy(update={"quantity": 2}),)),
        "line_items.gift.quantity",
    ),
    "customer chooses, without codes": (
        with_options(group("promotion_codes", {}), of=GIFT),
        "options.promotion_codes.allow_promotion_codes",
    ),
    "twenty items": (LinkDraft(line_items=tuple(item(f"r{at}") for at in range(21))), "line_items"),
    "an amount": (LinkDraft(line_items=(item("a", unit_amount=-1),)), "line_items.a.unit_amount"),
    "not too much": (LinkDraft(line_items=(item("a", unit_amount=10**9),)), "line_items.a.unit_amount"),
    "a tax code": (LinkDraft(line_items=(item("a", tax_code="digital"),)), "line_items.a.tax_code"),
    "one-time: payment": (
        with_options(group("payment", {"payment_intent_data": {"description": "x"}}), of=MONTHLY),
        "options.payment.payment_intent_data",
    ),
    "one-time: shipping": (
        with_options(ADDRESS, rates("shr_standard"), of=MONTHLY),
        "options.shipping_rates.shipping_options",
    ),
    "recurring: subscription": (
        with_options(group("subscription", {"subscription_data": {"trial_period_days": 7}})),
        "options.subscription.subscription_data",
    ),
    "submit type: a word for subscriptions": (
        with_options(group("submit_type", {"submit_type": "subscribe"})),
        "options.submit_type.submit_type",
    ),
    "submit type: a word for payments": (
        with_options(group("submit_type", {"submit_type": "donate"}), of=MONTHLY),
        "options.submit_type.submit_type",
    ),
    "https": (
        with_options(
            group(
                "after_completion",
                {"after_completion": {"type": "redirect", "redirect": {"url": "http://example.com/"}}},
            )
        ),
        "options.after_completion.after_completion.redirect.url",
    ),
    "rates need countries": (with_options(rates("shr_standard")), "options.shipping_rates.shipping_options"),
    "rates in the link's currency": (
        with_options(ADDRESS, rates("shr_dollars", currency="usd")),
        "options.shipping_rates.shipping_options.0.shipping_rate",
    ),
    "five rates": (
        with_options(ADDRESS, rates(*(f"shr_{at}" for at in range(6)))),
        "options.shipping_rates.shipping_options",
    ),
    "optional: ten": (
        with_options(optional("price_frame", FRAME, count=11)),
        "options.optional_items.optional_items",
    ),
    "optional: twenty together": (
        LinkDraft(line_items=tuple(item(f"r{at}") for at in range(15))).with_option(optional("price_frame", FRAME, 6)),
        "options.optional_items.optional_items",
    ),
    "optional: currency": (
        with_options(optional("price_dollars", FRAME.model_copy(update={"currency": "usd"}))),
        "options.optional_items.optional_items.0.price",
    ),
    "optional: recurring": (
        with_options(optional("price_monthly", FRAME.model_copy(update={"recurring": MONTH}))),
        "options.optional_items.optional_items",
    ),
    "optional: an amount": (
        with_options(optional("price_gift", FRAME.model_copy(update={"pricing": Chosen()}))),
        "options.optional_items.optional_items.0.price",
    ),
    "optional: limits": (
        with_options(optional("price_frame", FRAME, quantity=5, adjustable_quantity={"enabled": True, "maximum": 3})),
        "options.optional_items.optional_items.0.quantity",
    ),
    "fee: amounts are for payments": (
        with_options(connect(application_fee_amount=100, transfer_data=TO_GALLERY), of=MONTHLY),
        "options.connect.application_fee_amount",
    ),
    "fee: percentages are for subscriptions": (
        with_options(connect(application_fee_percent="5", transfer_data=TO_GALLERY)),
        "options.connect.application_fee_percent",
    ),
    "fee: needs a destination": (
        with_options(connect(application_fee_amount=100)),
        "options.connect.application_fee_amount",
    ),
    "fee: or an amount": (
        with_options(connect(application_fee_amount=100, transfer_data={**TO_GALLERY, "amount": 50})),
        "options.connect.application_fee_amount",
    ),
    "transfer: amounts are for payments": (
        with_options(connect(transfer_data={**TO_GALLERY, "amount": 50}), of=MONTHLY),
        "options.connect.transfer_data.amount",
    ),
    "an account's id": (with_options(connect(on_behalf_of="gallery")), "options.connect.on_behalf_of"),
    "who is liable": (
        with_options(group("tax", {"automatic_tax": {"liability": {"type": "account", "account": "gallery"}}})),
        "options.tax.automatic_tax.liability.account",
    ),
    "who issues the invoice": (
        with_options(
            group("invoice", {"invoice_creation": {"invoice_data": {"issuer": {"type": "account", "account": "me"}}}})
        ),
        "options.invoice.invoice_creation.invoice_data.issuer.account",
    ),
    "managed payments": (
        with_options(group("managed_payments", {}), group("tax", {})),
        "options.tax.automatic_tax",
    ),
    "lines of an invoice": (
        with_options(
            group(
                "invoice",
                {"invoice_creation": {"invoice_data": {"custom_fields": [{"name": "n" * 41, "value": "v"}]}}},
            )
        ),
        "options.invoice.invoice_creation.invoice_data.custom_fields.0.name",
    ),
}


@pytest.fixture
def stripe() -> Stripe:
    stripe = Stripe()
    stripe.price("price_dollars", "usd", unit_amount=500)
    stripe.price("price_monthly", unit_amount=500, recurring={"interval": "month"})
    stripe.price("price_gift", custom_unit_amount={"enabled": True})
    stripe.rate("shr_dollars", "usd")
    return stripe


@pytest.mark.parametrize("rule", BROKEN)
def test_stripe_says_no_too_and_it_comes_back_at_the_field(rule: str, stripe: Stripe) -> None:
    draft, where = BROKEN[rule]
    assert draft.problems()
    with pytest.raises(StripeError) as refused:
        stripe.create(create_params(draft, {}))
    assert locate(refused.value.param, draft) == where


def test_the_same_link_without_the_mistake_is_taken(stripe: Stripe) -> None:
    good: list[Callable[[], LinkDraft]] = [
        lambda: with_options(ADDRESS, rates("shr_standard", "shr_express"), optional("price_frame", FRAME)),
        lambda: with_options(connect(application_fee_amount=100, transfer_data=TO_GALLERY)),
        lambda: with_options(connect(application_fee_percent="5", transfer_data=TO_GALLERY), of=MONTHLY),
        lambda: LinkDraft(line_items=(GIFT,)),
    ]
    for make in good:
        assert make().problems() == []
        assert stripe.create(create_params(make(), {}))["active"]
