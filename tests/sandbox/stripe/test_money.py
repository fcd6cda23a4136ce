"""Rules of money that hold whatever is sold and whatever happens to it afterwards."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.stripe import Account, PaymentRefused, StripeSandbox, forms
from bot.sandbox.stripe.endpoints import Endpoint
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.resources import coupons, payment_links, promotion_codes, shipping_rates
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON
from tests.conftest import Clock
from tests.sandbox.stripe.api import MONTHLY, flat
from tests.sandbox.stripe.conftest import NOW
from tests.sandbox.stripe.test_shapes import wrong


class Merchant:
    """A sandbox without its server: what the API does, asked directly."""

    def __init__(self) -> None:
        self.sandbox = StripeSandbox(clock=Clock(NOW), seed=1)
        self.ctx = Context(self.sandbox.world, self.sandbox.account)

    def made(self, endpoint: Endpoint, params: JSON) -> JSON:
        return endpoint.handle(self.ctx, endpoint.parse(forms.decode(flat(params))), "")

    def code(self, **coupon: Any) -> str:
        made = self.made(coupons.ENDPOINTS[0], coupon)
        promotion = {"type": "coupon", "coupon": made["id"]}
        code: str = self.made(promotion_codes.ENDPOINTS[0], {"promotion": promotion})["code"]
        return code


def item(currency: str) -> st.SearchStrategy[JSON]:
    price = st.fixed_dictionaries(
        {
            "unit_amount": st.integers(100, 10_000).map(lambda amount: amount * 100),
            "tax_behavior": st.sampled_from(["inclusive", "exclusive", "unspecified"]),
            "product_data": st.sampled_from([{"name": "Mug"}, {"name": "Gift", "tax_code": "txcd_00000000"}]),
        }
    ).map(lambda given: {"currency": currency, **given})
    return st.fixed_dictionaries({"price_data": price, "quantity": st.integers(1, 9)})


@st.composite
def orders(draw: st.DrawFn) -> tuple[JSON, JSON, JSON]:
    """A link's parameters, a shipping rate's, a coupon's."""
    currency = draw(st.sampled_from(["usd", "eur", "jpy"]))
    items = draw(st.lists(item(currency), min_size=1, max_size=5))
    link = {"line_items": items, "automatic_tax": {"enabled": draw(st.booleans())}, "allow_promotion_codes": True}
    rate = {"amount": draw(st.integers(0, 5_000)), "currency": currency}
    percent = st.integers(1, 99).map(lambda number: {"percent_off": number})
    fixed = st.integers(1, 9_000).map(lambda number: {"amount_off": number, "currency": currency})
    behavior = draw(st.sampled_from(["inclusive", "exclusive"]))
    shipping = {"display_name": "Post", "fixed_amount": rate, "tax_behavior": behavior}
    return link, shipping, draw(st.one_of(percent, fixed))


@settings(max_examples=25)
@given(order=orders(), country=st.sampled_from(["US", "DE", "BR"]), discounted=st.booleans())
async def test_a_session_adds_up_and_its_invoice_says_the_same(
    order: tuple[JSON, JSON, JSON], country: str, discounted: bool
) -> None:
    merchant = Merchant()
    link, rate, coupon = order
    shipping = merchant.made(shipping_rates.ENDPOINTS[0], rate)
    made = merchant.made(
        payment_links.ENDPOINTS[0],
        {
            **link,
            "invoice_creation": {"enabled": True},
            "shipping_address_collection": {"allowed_countries": ["US", "DE", "BR"]},
            "shipping_options": [{"shipping_rate": shipping["id"]}],
        },
    )
    code = merchant.code(**coupon) if discounted else None
    address = {"country": country, "line1": "1 Main St", "city": "Town", "postal_code": "1"}
    session = await merchant.sandbox.pay(made["url"], address=address, promotion_code=code)
    lines, totals = merchant.ctx.account.line_items[session["id"]], session["total_details"]
    cost = session["shipping_cost"]
    assert session["amount_total"] == sum(line["amount_total"] for line in lines) + cost["amount_total"]
    assert session["amount_subtotal"] == sum(line["amount_subtotal"] for line in lines)
    assert totals["amount_discount"] == sum(line["amount_discount"] for line in lines)
    assert totals["amount_tax"] == sum(line["amount_tax"] for line in lines) + cost["amount_tax"]
    assert all(0 <= line["amount_discount"] <= line["amount_subtotal"] for line in lines)
    assert (totals["amount_tax"] == 0) or link["automatic_tax"]["enabled"]
    invoice = merchant.ctx.table("invoice")[session["invoice"]]
    assert (invoice["total"], invoice["amount_paid"]) == (session["amount_total"], session["amount_total"])
    assert invoice["subtotal"] == session["amount_subtotal"]
    assert invoice["total_excluding_tax"] == invoice["total"] - totals["amount_tax"]
    charge = next(iter(merchant.ctx.table("charge").values()))
    assert charge["amount"] == session["amount_total"]
    assert wrong(merchant.sandbox) == {}


Deed = Callable[[StripeSandbox, JSON], Any]


def newest(sandbox: StripeSandbox, kind: str, account: Account | None = None) -> str:
    """The id of the newest of a kind; one that isn't there when there is none."""
    return next(reversed(list((account or sandbox.account).tables[kind])), "nothing")


DEEDS: dict[str, Deed] = {
    "renew": lambda sandbox, session: sandbox.renew(session["subscription"]),
    "renewal fails": lambda sandbox, session: sandbox.renew(session["subscription"], fails=True),
    "retry": lambda sandbox, session: sandbox.retry(session["subscription"]),
    "retry fails": lambda sandbox, session: sandbox.retry(session["subscription"], fails=True),
    "trial will end": lambda sandbox, session: sandbox.trial_will_end(session["subscription"]),
    "trial ends": lambda sandbox, session: sandbox.trial_ends(session["subscription"]),
    "cancel": lambda sandbox, session: sandbox.cancel(session["subscription"]),
    "cancel later": lambda sandbox, session: sandbox.cancel(session["subscription"], at_period_end=True),
    "resume": lambda sandbox, session: sandbox.resume(session["subscription"]),
    "settle": lambda sandbox, session: sandbox.settle(session["id"]),
    "bounce": lambda sandbox, session: sandbox.fail(session["id"]),
    "refund": lambda sandbox, session: sandbox.refund(session["id"]),
    "refund some": lambda sandbox, session: sandbox.refund(newest(sandbox, "invoice"), 1000),
    "refund arrives": lambda sandbox, session: sandbox.settle_refund(newest(sandbox, "refund")),
    "refund fails": lambda sandbox, session: sandbox.fail_refund(newest(sandbox, "refund")),
    "dispute": lambda sandbox, session: sandbox.dispute(newest(sandbox, "invoice")),
    "inquire": lambda sandbox, session: sandbox.dispute(session["id"], inquiry=True),
    "answer": lambda sandbox, session: sandbox.submit_evidence(newest(sandbox, "dispute")),
    "escalate": lambda sandbox, session: sandbox.escalate_inquiry(newest(sandbox, "dispute")),
    "win": lambda sandbox, session: sandbox.close_dispute(newest(sandbox, "dispute"), won=True),
    "lose": lambda sandbox, session: sandbox.close_dispute(newest(sandbox, "dispute"), won=False),
}


@settings(max_examples=50)
@given(
    deeds=st.lists(st.sampled_from(sorted(DEEDS)), max_size=14),
    trial=st.booleans(),
    method=st.sampled_from(["card", "bank_debit"]),
    card=st.sampled_from(["4242424242424242", "4000000000000259", "4000000000001976", "4000000000005126"]),
    coupon=st.sampled_from([None, "once", "forever"]),
)
async def test_whatever_happens_the_books_are_right(
    deeds: list[str], trial: bool, method: str, card: str, coupon: str | None
) -> None:
    merchant = Merchant()
    options: JSON = {"subscription_data": {"trial_period_days": 7}} if trial else {}
    link = merchant.made(
        payment_links.ENDPOINTS[0], {"line_items": [MONTHLY], "allow_promotion_codes": True, **options}
    )
    code = merchant.code(percent_off=10, duration=coupon) if coupon else None
    session = await merchant.sandbox.pay(link["url"], method=method, card=card, promotion_code=code)
    for deed in deeds:
        told = len(merchant.sandbox.events)
        try:
            await DEEDS[deed](merchant.sandbox, session)
        except (StripeError, PaymentRefused, KeyError):
            assert len(merchant.sandbox.events) == told, f"{deed} was refused, and yet something happened"
    check_books(merchant.ctx.account.tables)
    assert wrong(merchant.sandbox) == {}


def check_books(tables: Any) -> None:
    """Each invoice, charge and refund agrees with the others."""
    for charge in tables["charge"].values():
        refunds = [one for one in tables["refund"].values() if one["charge"] == charge["id"]]
        kept = sum(one["amount"] for one in refunds if one["status"] != "failed")
        assert charge["amount_refunded"] == kept <= charge["amount"]
        assert charge["refunded"] == (0 < charge["amount"] == kept)
        assert charge["captured"] == (charge["status"] == "succeeded")
    for invoice in tables["invoice"].values():
        assert invoice["amount_remaining"] == (0 if invoice["status"] == "paid" else invoice["amount_due"])
        assert invoice["amount_paid"] + invoice["amount_remaining"] == invoice["total"]
    for subscription in tables["subscription"].values():
        latest = tables["invoice"][subscription["latest_invoice"]]
        assert subscription["status"] != "past_due" or latest["status"] == "open"
        assert (subscription["ended_at"] is not None) == (subscription["status"] == "canceled")
    for dispute in tables["dispute"].values():
        moved = sum(one["amount"] for one in dispute["balance_transactions"])
        gone = dispute["status"] in ("needs_response", "under_review", "lost")
        assert moved == (-dispute["amount"] if gone else 0)


async def test_everything_of_a_live_account_is_live() -> None:
    merchant = Merchant()
    account = merchant.sandbox.add_account("Live", livemode=True)
    merchant.ctx = Context(merchant.sandbox.world, account)
    code = merchant.code(percent_off=10, duration="forever")
    params: JSON = {
        "line_items": [MONTHLY],
        "allow_promotion_codes": True,
        "automatic_tax": {"enabled": True},
        "subscription_data": {"trial_period_days": 7},
    }
    link = merchant.made(payment_links.ENDPOINTS[0], params)
    session = await merchant.sandbox.pay(link["url"], promotion_code=code, address={"country": "DE"})
    await merchant.sandbox.trial_ends(session["subscription"])
    invoice = newest(merchant.sandbox, "invoice", account)
    await merchant.sandbox.refund(invoice, 500)
    await merchant.sandbox.dispute(invoice)
    assert session["id"].startswith("cs_live_")
    assert not any(merchant.sandbox.account.tables.values())
    for kind, table in account.tables.items():
        assert {item.get("livemode", True) for item in table.values()} <= {True}, kind
