"""Every parameter of creating and updating a Payment Link, with Stripe's types and limits.

One declaration serves both: on update more of them can be unset by an empty string, some don't exist, and line
items go by their ids.
"""

from decimal import Decimal

from bot.sandbox.stripe.amounts import INLINE_PRICE, Currency
from bot.sandbox.stripe.links.words import CARD_BRANDS, PAYMENT_METHODS, SHIPPING_COUNTRIES
from bot.sandbox.stripe.schema import (
    Boolean,
    Choice,
    Hash,
    Integer,
    ListOf,
    Metadata,
    Number,
    Param,
    Text,
    Url,
)

MAX_QUANTITY = 999_999
_ADJUSTABLE = Hash(
    {"enabled": Boolean(), "maximum": Integer(1, MAX_QUANTITY), "minimum": Integer(0, MAX_QUANTITY)}, ("enabled",)
)
_ACCOUNT = Hash({"account": Text(), "type": Choice(("account", "self"))}, ("type",))
_INVOICE_FIELDS = ListOf(
    Hash({"name": Text(maximum=40), "value": Text(maximum=140)}, ("name", "value")), maximum=4, unset=True
)
_TAX_IDS = ListOf(Text(), maximum=25, unset=True)
_MESSAGE = Hash({"message": Text(maximum=1200)}, ("message",), unset=True)
_ALPHANUMERIC = r"[A-Za-z0-9]+"
_FREE_TEXT = Hash(
    {"default_value": Text(maximum=255), "maximum_length": Integer(1, 255), "minimum_length": Integer(1, 255)}
)
_CUSTOM_FIELD = Hash(
    {
        "dropdown": Hash(
            {
                "default_value": Text(maximum=100),
                "options": ListOf(
                    Hash(
                        {
                            "label": Text(maximum=100),
                            "value": Text(maximum=100, pattern=_ALPHANUMERIC, what="must be alphanumeric"),
                        },
                        ("label", "value"),
                    ),
                    minimum=1,
                    maximum=200,
                ),
            },
            ("options",),
        ),
        "key": Text(maximum=200, pattern=_ALPHANUMERIC, what="must be alphanumeric"),
        "label": Hash({"custom": Text(maximum=100), "type": Choice(("custom",))}, ("custom", "type")),
        "numeric": _FREE_TEXT,
        "optional": Boolean(),
        "text": _FREE_TEXT,
        "type": Choice(("dropdown", "numeric", "text")),
    },
    ("key", "label", "type"),
)
_NAME = Hash({"enabled": Boolean(), "optional": Boolean()}, ("enabled",))
_AFTER_COMPLETION = Hash(
    {
        "hosted_confirmation": Hash({"custom_message": Text(maximum=500)}),
        "redirect": Hash({"url": Url(maximum=2048, schemes=("https",))}, ("url",)),
        "type": Choice(("hosted_confirmation", "redirect")),
    },
    ("type",),
)
_CONSENT = Hash(
    {
        "payment_method_reuse_agreement": Hash({"position": Choice(("auto", "hidden"))}, ("position",)),
        "promotions": Choice(("auto", "none")),
        "terms_of_service": Choice(("none", "required")),
    }
)
_INVOICE_DATA = Hash(
    {
        "account_tax_ids": _TAX_IDS,
        "custom_fields": _INVOICE_FIELDS,
        "description": Text(maximum=1500),
        "footer": Text(maximum=5000),
        "issuer": _ACCOUNT,
        "metadata": Metadata(unset=True),
        "rendering_options": Hash(
            {
                "amount_tax_display": Choice(("exclude_tax", "include_inclusive_tax"), unset=True),
                "template": Text(),
            },
            unset=True,
        ),
    }
)
_CUSTOM_TEXT = Hash(
    dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"), _MESSAGE)
)
_RESTRICTIONS = {"completed_sessions": Hash({"limit": Integer(1)}, ("limit",))}
_OPTIONAL_ITEM = Hash(
    {"adjustable_quantity": _ADJUSTABLE, "price": Text(), "quantity": Integer(1, MAX_QUANTITY)},
    ("price", "quantity"),
)
_TRIAL_END = Hash(
    {"missing_payment_method": Choice(("cancel", "create_invoice", "pause"))}, ("missing_payment_method",)
)


def _payment_intent_data(update: bool) -> Hash:
    descriptor = r"(?=.*[A-Za-z])[ !#-&(-)+-;=?-\[\]-~À-ɏ]+"
    what = "must be Latin characters with at least one letter, and none of < > \\ ' \" *"
    fields: dict[str, Param] = {
        "description": Text(maximum=1000, unset=update),
        "metadata": Metadata(unset=update),
        "setup_future_usage": Choice(("off_session", "on_session"), unset=update),
        "statement_descriptor": Text(22, 5, unset=update, pattern=descriptor, what=what),
        "statement_descriptor_suffix": Text(22, unset=update, pattern=descriptor, what=what),
        "transfer_group": Text(unset=update),
    }
    if not update:
        fields["capture_method"] = Choice(("automatic", "automatic_async", "manual"))
    return Hash(fields)


def _payment_method_options(update: bool) -> Hash:
    blocked = ListOf(Choice(CARD_BRANDS), unset=update, unique=True)
    card = Hash({"restrictions": Hash({"brands_blocked": blocked}, unset=update)}, unset=update)
    return Hash({"card": card}, unset=update)


def _subscription_data(update: bool) -> Hash:
    invoice_settings: dict[str, Param] = {
        "account_tax_ids": _TAX_IDS,
        "custom_fields": _INVOICE_FIELDS,
        "description": Text(maximum=1500),
        "footer": Text(maximum=5000),
        "issuer": _ACCOUNT,
    }
    fields: dict[str, Param] = {
        "invoice_settings": Hash(invoice_settings),
        "metadata": Metadata(unset=update),
        "trial_period_days": Integer(1, 730, unset=update),
        "trial_settings": Hash({"end_behavior": _TRIAL_END}, ("end_behavior",), unset=update),
    }
    if not update:
        fields["description"] = Text(maximum=500)
    return Hash(fields)


def _options(update: bool) -> dict[str, Param]:
    """The parameters that create and update share."""
    countries = ListOf(Choice(SHIPPING_COUNTRIES), minimum=1, unique=True)
    return {
        "after_completion": _AFTER_COMPLETION,
        "allow_promotion_codes": Boolean(),
        "application_fee_amount": Integer(0, 999_999_999_999, unset=update),
        "application_fee_percent": Number(maximum=Decimal(100), places=2, unset=update),
        "automatic_tax": Hash({"enabled": Boolean(), "liability": _ACCOUNT}, ("enabled",)),
        "billing_address_collection": Choice(("auto", "required")),
        "consent_collection": _CONSENT,
        "custom_fields": ListOf(_CUSTOM_FIELD, maximum=3, unset=update),
        "custom_text": _CUSTOM_TEXT,
        "customer_creation": Choice(("always", "if_required")),
        "inactive_message": Text(maximum=500, unset=update),
        "invoice_creation": Hash({"enabled": Boolean(), "invoice_data": _INVOICE_DATA}, ("enabled",)),
        "metadata": Metadata(unset=update),
        "name_collection": Hash({"business": _NAME, "individual": _NAME}, unset=update),
        "on_behalf_of": Text(unset=update),
        "optional_items": ListOf(_OPTIONAL_ITEM, maximum=10, unset=update),
        "payment_intent_data": _payment_intent_data(update),
        "payment_method_collection": Choice(("always", "if_required")),
        "payment_method_options": _payment_method_options(update),
        "payment_method_types": ListOf(Choice(PAYMENT_METHODS), minimum=1, unset=update, unique=True),
        "phone_number_collection": Hash({"enabled": Boolean()}, ("enabled",)),
        "restrictions": Hash(_RESTRICTIONS, ("completed_sessions",), unset=update),
        "shipping_address_collection": Hash({"allowed_countries": countries}, ("allowed_countries",), unset=update),
        "shipping_options": ListOf(Hash({"shipping_rate": Text()}), maximum=5, unset=update),
        "submit_type": Choice(("auto", "book", "donate", "pay", "subscribe")),
        "subscription_data": _subscription_data(update),
        "tax_id_collection": Hash({"enabled": Boolean(), "required": Choice(("if_supported", "never"))}, ("enabled",)),
        "transfer_data": Hash(
            {"amount": Integer(1, 999_999_999_999, unset=update), "destination": Text()},
            ("destination",),
            unset=update,
        ),
    }


_NEW_ITEM = Hash(
    {
        "adjustable_quantity": _ADJUSTABLE,
        "price": Text(),
        "price_data": INLINE_PRICE,
        "quantity": Integer(1, MAX_QUANTITY),
    },
    ("quantity",),
)
_OLD_ITEM = Hash({"adjustable_quantity": _ADJUSTABLE, "id": Text(), "quantity": Integer(1, MAX_QUANTITY)}, ("id",))

CREATE = Hash(
    {
        **_options(update=False),
        "currency": Currency(),
        "line_items": ListOf(_NEW_ITEM, minimum=1, maximum=20),
        "managed_payments": Hash({"enabled": Boolean()}),
    },
    ("line_items",),
)
UPDATE = Hash(
    {
        **_options(update=True),
        "active": Boolean(),
        "line_items": ListOf(_OLD_ITEM, minimum=1, maximum=20),
    }
)
