"""The sandbox's Stripe against our declarations: it keeps what we send, and refuses what our own rules refuse."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.links.changes import compare
from bot.links.draft import CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.answers import Answer
from bot.links.options.base import OptionGroup
from bot.links.options.fields import build
from bot.links.options.payment_methods import PaymentMethods
from bot.links.params import create_params, draft_from_stripe, locate
from bot.links.pricing import Chosen
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.forms import decode
from bot.sandbox.stripe.ids import Ids
from bot.sandbox.stripe.links.words import METHOD_CURRENCIES
from bot.sandbox.stripe.resources.payment_links import ENDPOINTS
from bot.sandbox.stripe.resources.prices import ENDPOINTS as PRICE_ENDPOINTS
from bot.sandbox.stripe.resources.shipping_rates import ENDPOINTS as RATE_ENDPOINTS
from bot.sandbox.stripe.state import Account, Context, World
from tests.links.answers import ACCOUNTS, NEEDS_ADDRESS, ONE_TIME_ONLY, PRICES, RATES, RECURRING_ONLY, groups
from tests.links.words import thorough
from tests.sandbox.stripe.api import flat

Json = dict[str, Any]

ONCE = LineItem(row="a", price=OneOffPrice(name="Poster", unit_amount=2500, currency="eur"))
MONTHLY = LineItem(
    row="b", price=OneOffPrice(name="Support", unit_amount=900, currency="eur", recurring=Recurring(interval="month"))
)
METADATA = {"paylink_team": "T1"}
_CREATE, _UPDATE = ENDPOINTS[0], ENDPOINTS[3]
NEW_PRICE, NEW_RATE = PRICE_ENDPOINTS[0], RATE_ENDPOINTS[0]


class Stripe:
    """The sandbox's payment links, without HTTP."""

    def __init__(self) -> None:
        world = World(lambda: 1_800_000_000.0, Ids(1))
        account = Account(id="acct_1", name="Acme", secret_key="sk_test_1")
        account.connected_accounts.update({name: name for name in ACCOUNTS})
        self.context = Context(world, account)
        for price in PRICES:
            self.price(price, unit_amount=900)
        for rate in RATES:
            self.rate(rate)

    def price(self, price_id: str, currency: str = "eur", **params: Any) -> None:
        """A price of this id in the catalog."""
        given = {"currency": currency, "product_data": {"name": price_id}, **params}
        made = NEW_PRICE.handle(self.context, NEW_PRICE.parse(decode(flat(given))), "")
        self.context.table("price").add({**made, "id": price_id})
        self.context.account.price_extras[price_id] = self.context.account.price_extras[made["id"]]

    def rate(self, rate_id: str, currency: str = "eur") -> None:
        """A shipping rate of this id."""
        given = {"display_name": rate_id, "fixed_amount": {"amount": 500, "currency": currency}}
        made = NEW_RATE.handle(self.context, NEW_RATE.parse(decode(flat(given))), "")
        self.context.table("shipping_rate").add({**made, "id": rate_id})

    def create(self, params: Json) -> Json:
        return self._read(_CREATE.handle(self.context, _CREATE.parse(decode(flat(params))), ""))

    def update(self, link: Json, params: Json) -> Json:
        return self._read(_UPDATE.handle(self.context, _UPDATE.parse(decode(flat(params))), link["id"]))

    def _read(self, link: Json) -> Json:
        """With all items, and each price's product expanded."""
        products = self.context.table("product")
        items = [
            {**item, "price": {**item["price"], "product": products[item["price"]["product"]]}}
            for item in self.context.account.line_items[link["id"]]
        ]
        return {**link, "line_items": {"data": items}}


def link_of(group: OptionGroup | None, *, recurring: bool) -> LinkDraft:
    """A link with this option, and one for what it needs."""
    draft = LinkDraft(name="Link", line_items=(MONTHLY if recurring else ONCE,))
    if group is None:
        return draft
    if group.key in NEEDS_ADDRESS:
        draft = draft.with_option(
            build(GROUPS["shipping_address"], {"shipping_address_collection.allowed_countries": ("DE",)})
        )
    return draft.with_option(group)


@thorough
@given(st.data(), st.sampled_from(list(GROUPS)), st.booleans())
def test_stripe_keeps_what_is_sent_and_changes_what_differs(data: st.DataObject, key: str, recurring: bool) -> None:
    assume(key not in (ONE_TIME_ONLY if recurring else RECURRING_ONLY))
    before, after = (data.draw(st.none() | groups(key, recurring=recurring)) for _ in range(2))
    assume(all(in_euros(group) for group in (before, after)))
    stripe, wanted = Stripe(), link_of(before, recurring=recurring)
    link = stripe.create(create_params(wanted, METADATA))
    live = draft_from_stripe(link)
    assert live.options == wanted.options
    edited = live.without_option(key)
    for group in link_of(after, recurring=recurring).options.values():
        edited = edited.with_option(group)
    changes = compare(live, edited)
    changed = stripe.update(link, changes.params)
    if not changes.refused:
        assert draft_from_stripe(changed).options == edited.options


def in_euros(group: OptionGroup | None) -> bool:
    """Some payment methods take one currency only, as Stripe alone knows."""
    if not isinstance(group, PaymentMethods):
        return True
    return all("eur" in METHOD_CURRENCIES.get(method, ("eur",)) for method in group.payment_method_types)


@pytest.mark.parametrize(
    ("key", "answers", "recurring", "where"),
    [
        ("payment", {"payment_intent_data.description": "Fair"}, True, "options.payment"),
        ("invoice", {}, True, "options.invoice"),
        ("customer_creation", {}, True, "options.customer_creation"),
        ("subscription", {"subscription_data.trial_period_days": 14}, False, "options.subscription"),
        ("subscription", {"payment_method_collection": "if_required"}, False, "options.subscription"),
        (
            "subscription",
            {"subscription_data.trial_settings.end_behavior.missing_payment_method": "cancel"},
            True,
            "options.subscription.subscription_data.trial_settings",
        ),
        ("submit_type", {"submit_type": "donate"}, True, "options.submit_type.submit_type"),
        ("submit_type", {"submit_type": "subscribe"}, False, "options.submit_type.submit_type"),
        (
            "payment",
            {"payment_intent_data.statement_descriptor": "Fair"},
            False,
            "options.payment.payment_intent_data.statement_descriptor",
        ),
        (
            "payment",
            {"payment_intent_data.statement_descriptor_suffix": "2026"},
            False,
            "options.payment.payment_intent_data.statement_descriptor_suffix",
        ),
        (
            "consent",
            {"custom_text.shipping_address.message": "No PO boxes."},
            False,
            "options.consent.custom_text.shipping_address",
        ),
        (
            "custom_fields",
            {
                "custom_fields.0.type": "text",
                "custom_fields.0.label.custom": "Size",
                "custom_fields.0.text.minimum_length": 9,
                "custom_fields.0.text.maximum_length": 3,
            },
            False,
            "options.custom_fields.custom_fields.0.text.minimum_length",
        ),
        (
            "custom_fields",
            {
                "custom_fields.0.type": "dropdown",
                "custom_fields.0.label.custom": "Size",
                "custom_fields.0.dropdown.options": "Small",
                "custom_fields.0.dropdown.default_value": "Huge",
            },
            False,
            "options.custom_fields.custom_fields.0.dropdown.default_value",
        ),
    ],
)
def test_stripe_refuses_what_the_rules_refuse(
    key: str, answers: dict[str, Answer], recurring: bool, where: str
) -> None:
    draft = LinkDraft(line_items=(MONTHLY if recurring else ONCE,)).with_option(build(GROUPS[key], answers))
    assert draft.problems()
    with pytest.raises(StripeError) as refused:
        Stripe().create(create_params(draft, {}))
    assert locate(refused.value.param, draft).startswith(where)


def test_promotion_codes_do_not_go_with_an_amount_the_customer_chooses() -> None:
    stripe = Stripe()
    stripe.price("price_gift", custom_unit_amount={"enabled": True})
    chosen = CatalogPrice(price="price_gift", product_name="Gift", currency="eur", pricing=Chosen())
    draft = LinkDraft(line_items=(LineItem(price=chosen),)).with_option(build(GROUPS["promotion_codes"], {}))
    assert [problem.where for problem in draft.problems()] == ["options.promotion_codes"]
    with pytest.raises(StripeError, match="Promotion codes"):
        stripe.create(create_params(draft, {}))
