"""Things to draw."""

from decimal import Decimal

from hypothesis import strategies as st

from bot.links.draft import AdjustableQuantity, CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.answers import Answer as Typed
from bot.links.options.fields import build
from bot.money import Money
from bot.payments.parts import Answer, Customer, Item
from bot.payments.payment import Payment, Status
from bot.services.drafts import OpenDraft
from bot.services.notices import LinkCard, PaymentCard

URL = "https://buy.stripe.com/test_28E00k"

CONSULTING = LineItem(row="row1", price=OneOffPrice(name="Consulting", unit_amount=15000, currency="eur"), quantity=2)
SUPPORT = LineItem(
    row="row2",
    price=OneOffPrice(
        name="Support", unit_amount=4990, currency="eur", recurring=Recurring(interval="month", interval_count=1)
    ),
    adjustable_quantity=AdjustableQuantity(minimum=1, maximum=5),
)
SEATS = LineItem(
    row="row3",
    price=CatalogPrice(price="price_1", product_name="Seats", currency="eur", unit_amount_decimal=Decimal("1000")),
)
DRAFT = LinkDraft(name="Spring fair", line_items=(CONSULTING, SUPPORT), notify_channel="C0SALES")
AFTER_PAYMENT = build(
    GROUPS["after_completion"],
    {
        "after_completion.type": "redirect",
        "after_completion.redirect.url": "https://example.com/thanks?session={CHECKOUT_SESSION_ID}",
    },
)
FILLED: dict[str, dict[str, Typed]] = {
    "optional_items": {f"optional_items.{place}.price": f"price_{place}" for place in range(10)},
    "completed_sessions": {"restrictions.completed_sessions.limit": 10, "inactive_message": "Sold out. " * 40},
    "tax": {"automatic_tax.liability.type": "account", "automatic_tax.liability.account": "acct_1"},
    "name_collection": {"name_collection.individual.enabled": True, "name_collection.business.enabled": True},
    "custom_fields": {
        f"custom_fields.{place}.{name}": value
        for place in range(3)
        for name, value in {"type": "text", "label.custom": "Question " * 10}.items()
    },
    "shipping_address": {"shipping_address_collection.allowed_countries": ("DE", "FR", "US")},
    "shipping_rates": {"shipping_options": ("shr_1", "shr_2", "shr_3", "shr_4", "shr_5")},
    "payment_methods": {"payment_method_types": ("card", "ideal")},
    "payment": {"payment_intent_data.description": "Spring " * 100},
    "subscription": {"subscription_data.trial_period_days": 14},
    "invoice": {"invoice_creation.invoice_data.description": "Thank you. " * 100},
    "submit_type": {"submit_type": "pay"},
    "consent": {"consent_collection.terms_of_service": "required", "custom_text.submit.message": "Welcome. " * 100},
    "connect": {"transfer_data.destination": "acct_1", "currency": "eur", "application_fee_amount": "10"},
    "metadata": {"metadata": "campaign = spring\nregion = north"},
}
"""Good answers to the fields of each group, where it needs any."""

FULL_DRAFT = LinkDraft(
    name="Everything at once",
    line_items=tuple(CONSULTING.model_copy(update={"row": f"row{number}"}) for number in range(20)),
    options={
        key: AFTER_PAYMENT if key == "after_completion" else build(group, FILLED.get(key, {}))
        for key, group in GROUPS.items()
    },
    notify_channel="C0SALES",
)

nasty = st.text(max_size=300) | st.sampled_from(
    [
        "<!channel>",
        "<!here|x> <@U0ADA> <#C0SALES>",
        "a & b < c > d",
        "*bold* _italic_ ~gone~ `code` ```block```",
        "\u202egnp.exe\u2066\u2069 \u200f\u200e",
        "שלום עולם",
        "x" * 300,
        "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 30,
        "&" * 300,
        "\x00\x1b[31m\n\r\n\t",
        "   ",
        ":smile: @channel @everyone",
    ]
)
"""Words that would break a view or wake people up, if they could."""


def opened(draft: LinkDraft = DRAFT, base: LinkDraft | None = None) -> OpenDraft:
    return OpenDraft(
        id="d1",
        revision=1,
        draft=draft,
        base=base,
        link_id="plink_1" if base else None,
        channel_id="C0SALES",
        state="open",
    )


def link_card(
    name: str = "Spring fair",
    draft: LinkDraft = DRAFT,
    *,
    active: bool = True,
    livemode: bool = False,
    foreign: bool = False,
    processing: int = 0,
    note: str = "",
    hint_channel: str | None = None,
    paid: tuple[tuple[Money, int], ...] = ((Money(60000, "eur"), 2),),
    link_id: str = "plink_1",
) -> LinkCard:
    return LinkCard(
        link_id=link_id,
        name=name,
        url=URL,
        active=active,
        livemode=livemode,
        draft=draft,
        foreign=foreign,
        created_by="U0ADA",
        channel_id="C0SALES",
        created_at=1_800_000_000.0,
        paid=paid,
        processing=processing,
        note=note,
        hint_channel=hint_channel,
    )


def payment_card(
    status: Status = "paid",
    *,
    name: str = "Jenny Rosen",
    answer: str = "Yellow",
    description: str = "Consulting",
    reference: str | None = "order-7",
    hint_channel: str | None = None,
    created_by: str | None = "U0ADA",
    link_name: str = "Spring fair",
) -> PaymentCard:
    payment = Payment(
        id="cs_1",
        link_id="plink_1",
        status=status,
        amount_total=30000,
        currency="eur",
        livemode=False,
        created_at=1_800_000_000,
        customer=Customer(name=name, email="jenny@example.com", phone="+4930123456"),
        items=(Item(description=description, quantity=2, amount_total=30000),),
        custom_fields=(Answer(label="Colour", value=answer),),
        reference=reference,
        payment_intent="pi_1",
    )
    return PaymentCard(
        payment=payment,
        link_name=link_name,
        link_url=URL,
        created_by=created_by,
        livemode=False,
        hint_channel=hint_channel,
    )
