"""What customers can add to their order on the payment page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import AfterValidator

from bot.errors import Problem
from bot.links.line_item import (
    DEFAULT_MAXIMUM,
    DEFAULT_MINIMUM,
    MAX_LINE_ITEMS,
    MAX_QUANTITY,
    AdjustableQuantity,
    CatalogPrice,
    adjustable_problems,
)
from bot.links.options.base import Ask, Entries, OptionGroup, Part
from bot.links.options.facts import Facts

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

MAX_OPTIONAL_ITEMS = 10

_CHOSEN = "Not where the customer chooses what to pay: remove that item to use it."
_ENABLED = ".enabled"


class Adjustable(Part):
    enabled: Annotated[bool, Ask("the customer can change how many", "switch")] = False
    minimum: Annotated[
        int | None,
        AfterValidator(lambda number: None if number == DEFAULT_MINIMUM else number),
        Ask(
            "at least",
            "number",
            hint="0 when left empty.",
            minimum=0,
            maximum=MAX_QUANTITY,
            shown_when=(_ENABLED, True),
        ),
    ] = None
    maximum: Annotated[
        int | None,
        AfterValidator(lambda number: None if number == DEFAULT_MAXIMUM else number),
        Ask(
            "at most",
            "number",
            hint=f"{DEFAULT_MAXIMUM} when left empty.",
            minimum=1,
            maximum=MAX_QUANTITY,
            shown_when=(_ENABLED, True),
        ),
    ] = None


class OptionalItem(Part):
    """`known` is what the catalog says of the price, once somebody has looked."""

    price: Annotated[
        str | None,
        Ask("price", "object", hint="From the catalog, in the link's currency.", placeholder="No item", kind="price"),
    ] = None
    quantity: Annotated[int, Ask("how many", "number", minimum=1, maximum=MAX_QUANTITY)] = 1
    adjustable_quantity: Adjustable = Adjustable()
    known: CatalogPrice | None = None

    @property
    def name(self) -> str:
        """The product's name, where it is known."""
        return self.known.name if self.known else "an item"


class OptionalItems(OptionGroup):
    key: ClassVar[str] = "optional_items"
    title: ClassVar[str] = "Optional items"
    description: ClassVar[str] = "Customers can add more to their order: up to ten items."
    cleared: ClassVar[dict[str, Any]] = {"optional_items": ""}
    ours: ClassVar[dict[str, Any]] = {"optional_items": {"__all__": {"known"}}}

    optional_items: Annotated[tuple[OptionalItem, ...], Entries("Item", MAX_OPTIONAL_ITEMS, "price")] = ()

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        prices = [item.price for item in draft.line_items]
        return _CHOSEN if any(isinstance(one, CatalogPrice) and one.customer_chooses for one in prices) else None

    def to_stripe(self) -> dict[str, Any]:
        params = super().to_stripe()
        for item in params.get("optional_items", ()):
            if not item["adjustable_quantity"]["enabled"]:
                del item["adjustable_quantity"]
        return params

    def picked(self) -> tuple[str, ...]:
        return tuple(item.price for item in self.optional_items if item.price)

    def informed(self, facts: Facts) -> Self:
        items = [
            item.model_copy(update={"known": facts.prices.get(item.price or "", item.known)})
            for item in self.optional_items
        ]
        return self.model_copy(update={"optional_items": tuple(items)})

    def summary(self) -> str:
        names = [item.known.name for item in self.optional_items if item.known]
        if names and len(names) == len(self.optional_items):
            return f"Customers can add {', '.join(names)}"
        number = len(self.optional_items)
        return f"Customers can add {number} item{'' if number == 1 else 's'}"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        if not self.optional_items:
            yield Problem("optional_items.0.price", "Pick an item, or remove this option.")
        if len(self.optional_items) > MAX_OPTIONAL_ITEMS:
            most = f"Stripe takes {MAX_OPTIONAL_ITEMS} optional items. Take some away."
            yield Problem(f"optional_items.{MAX_OPTIONAL_ITEMS - 1}.price", most)
        elif len(self.optional_items) + len(draft.line_items) > MAX_LINE_ITEMS:
            most = f"A link holds {MAX_LINE_ITEMS} items, with the optional ones. Take some away."
            yield Problem(f"optional_items.{len(self.optional_items) - 1}.price", most)
        for place, item in enumerate(self.optional_items):
            where = f"optional_items.{place}"
            if item.adjustable_quantity.enabled:
                adjustable = item.adjustable_quantity
                limits = AdjustableQuantity(minimum=adjustable.minimum, maximum=adjustable.maximum)
                yield from adjustable_problems(limits, item.quantity, f"{where}.adjustable_quantity")
            if item.known and draft.line_items and (wrong := _misfit(item.known, draft)):
                yield Problem(f"{where}.price", wrong)


def _misfit(price: CatalogPrice, draft: "LinkDraft") -> str | None:
    """Why the price can't stand beside the link's items, by what the catalog says of it."""
    if price.customer_chooses:
        return f"Customers choose what to pay for {price.name}: pick a price with an amount."
    if price.metered:
        return f"{price.name} is billed by use, which optional items can't be: pick another price."
    if price.currency != draft.currency:
        return f"{price.name} is in {price.currency.upper()}: pick a price in {str(draft.currency).upper()}."
    if price.recurring is None:
        return None
    periods = {item.price.recurring for item in draft.line_items if item.price.recurring}
    if not periods:
        return f"{price.name} recurs: add a recurring item to the link, or pick a one-time price."
    if price.recurring not in periods:
        period = next(iter(periods)).words
        return f"{price.name} is billed {price.recurring.words} and the link {period}: pick a price billed {period}."
    return None
