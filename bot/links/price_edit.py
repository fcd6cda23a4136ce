"""What Stripe lets change on a price that is there. Its amount can't change, for what was sold by it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import Field

from bot.errors import Problem
from bot.links.currency_amounts import read_options, write_options
from bot.links.new_price import CURRENCIES, LOOKUP_KEY, NICKNAME, TAX, TRANSFER, reading_problems, with_tax
from bot.links.options.base import Part
from bot.links.products import KEYS, key_changes

_KEPT = "Stripe can change this but not empty it. Write another text."
_SET = "Stripe doesn't let this change once it is set. Leave it as it is, or add a new price."
_NO_OPTIONS = "Stripe takes these currencies only when such a price is made. Add a new price."


class PriceEdit(Part):
    """A price, as far as it can be changed."""

    nickname: Annotated[str | None, NICKNAME] = None
    lookup_key: Annotated[str | None, LOOKUP_KEY] = None
    transfer_lookup_key: Annotated[bool, TRANSFER] = False
    currency_options: Annotated[str | None, CURRENCIES] = None
    tax_behavior: Annotated[str | None, TAX] = None
    metadata: Annotated[dict[str, str], KEYS] = Field(default_factory=dict)

    @classmethod
    def from_stripe(cls, price: Mapping[str, Any]) -> Self:
        """The price as Stripe answers it, its `currency_options` expanded."""
        tax = price.get("tax_behavior")
        known = {name: price.get(name) for name in ("nickname", "lookup_key")}
        return cls(
            **known,
            currency_options=write_options(price.get("currency_options") or {}, price["currency"]) or None,
            tax_behavior=None if tax == "unspecified" else tax,
            metadata=price.get("metadata") or {},
        )

    def problems(self, price: Mapping[str, Any]) -> Iterator[Problem]:
        """What stands against making this of the price as Stripe answers it."""
        before = self.from_stripe(price)
        for name in ("nickname", "lookup_key"):
            if getattr(before, name) and not getattr(self, name):
                yield Problem(name, _KEPT)
        if before.tax_behavior not in (None, self.tax_behavior):
            yield Problem("tax_behavior", _SET)
        if self.currency_options == before.currency_options:
            return
        if price.get("custom_unit_amount") or price.get("billing_scheme") == "tiered":
            yield Problem("currency_options", _NO_OPTIONS)
            return
        wrong = list(reading_problems("currency_options", lambda: self._options(price)))
        yield from wrong
        if not wrong and (gone := before._options(price).keys() - self._options(price).keys()):
            yield Problem("currency_options", f"Stripe takes no currency away: keep {', '.join(sorted(gone))}.")

    def changes(self, price: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters for making this of the price; only where there are no problems."""
        before = self.from_stripe(price)
        names = ("nickname", "lookup_key", "tax_behavior")
        params: dict[str, Any] = {
            one: getattr(self, one) for one in names if getattr(self, one) != getattr(before, one)
        }
        if metadata := key_changes(before.metadata, self.metadata):
            params["metadata"] = metadata
        if self.currency_options != before.currency_options:
            params["currency_options"] = with_tax(self._options(price), self.tax_behavior)
        if "lookup_key" in params and self.transfer_lookup_key:
            params["transfer_lookup_key"] = True
        return params

    def _options(self, price: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return read_options(self.currency_options or "", price["currency"], "flat")
