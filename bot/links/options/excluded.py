"""Stripe's Payment Link parameters that Paylink doesn't offer, and why. A path stands for all that is below it."""

from collections.abc import Mapping
from types import MappingProxyType

_CATALOG = "Belongs to a product of the catalog: `/paylink products` makes one. One-off items have less."

EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        "currency": "Follows from the items; sent where they are sold in a further currency of theirs.",
        "line_items.price_data.product": _CATALOG,
        "line_items.price_data.unit_amount_decimal": "Paylink's amounts are whole minor units.",
        "line_items.price_data.product_data.images": _CATALOG,
        "line_items.price_data.product_data.metadata": _CATALOG,
        "line_items.price_data.product_data.tax_details": _CATALOG,
        "line_items.price_data.product_data.unit_label": _CATALOG,
    }
)
