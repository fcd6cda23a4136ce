"""Stripe's Payment Link parameters that Paylink doesn't offer, and why. A path stands for all that is below it."""

from collections.abc import Mapping
from types import MappingProxyType

_CONNECT = "Connect: only for platforms, which collect money for other Stripe accounts."
_CATALOG = "Belongs to the product or price in the catalog; one-off items are a name and an amount."

EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        "application_fee_amount": _CONNECT,
        "application_fee_percent": _CONNECT,
        "on_behalf_of": _CONNECT,
        "transfer_data": _CONNECT,
        "automatic_tax.liability": _CONNECT,
        "invoice_creation.invoice_data.issuer": _CONNECT,
        "subscription_data.invoice_settings.issuer": _CONNECT,
        "optional_items": "Needs the catalog's picker inside a form.",
        "shipping_options": "Needs a picker of the account's shipping rates.",
        "managed_payments": "Stripe as the merchant of record: an agreement of the whole account, not of one link.",
        "currency": "Follows from the items: a link has the currency of its first one.",
        "line_items.price_data.product": _CATALOG,
        "line_items.price_data.tax_behavior": _CATALOG,
        "line_items.price_data.unit_amount_decimal": "Paylink's amounts are whole minor units.",
        "line_items.price_data.product_data.description": _CATALOG,
        "line_items.price_data.product_data.images": _CATALOG,
        "line_items.price_data.product_data.metadata": _CATALOG,
        "line_items.price_data.product_data.tax_code": _CATALOG,
        "line_items.price_data.product_data.tax_details": _CATALOG,
        "line_items.price_data.product_data.unit_label": _CATALOG,
    }
)
