"""What changed between a live link and the draft of its edit, and what of it Stripe lets change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.errors import Problem
from bot.links.draft import LinkDraft
from bot.links.line_item import (
    DEFAULT_MAXIMUM,
    DEFAULT_MINIMUM,
    AdjustableQuantity,
    CatalogPrice,
    LineItem,
    OneOffPrice,
)
from bot.links.options import GROUPS, updates
from bot.links.params import CHANNEL, NAME, bought_by, keys_of
from bot.links.prices import in_words


@dataclass(frozen=True, slots=True)
class Changes:
    """`params` are Stripe's update parameters: differences only, {} when there is nothing to send. `refused` is what
    was asked for and can't be had on this link: it takes a new one. `summary` has one plain-text line for each thing
    that changes."""

    params: dict[str, Any]
    refused: tuple[Problem, ...]
    summary: tuple[str, ...]


def compare(live: LinkDraft, wanted: LinkDraft) -> Changes:
    """What it takes to make the live link what is wanted. Items are told apart by their `stripe_id`."""
    params: dict[str, Any] = {}
    if metadata := _metadata(live, wanted):
        params["metadata"] = metadata
    if line_items := list(_line_items(live, wanted)):
        params["line_items"] = line_items
    for key in GROUPS:
        _join(params, updates.update_params(GROUPS[key], *_option(key, live, wanted)))
    if keys_of(live) != keys_of(wanted):
        mode = bought_by(live)
        params[mode] = {**params.get(mode, {}), "metadata": {**live.payment_metadata, **keys_of(wanted)} or ""}
    refused = (*_refused_items(live, wanted), *_refused_options(live, wanted))
    return Changes(params, refused, tuple(_summary(live, wanted)))


def needs_new_link(live: LinkDraft | None, wanted: LinkDraft) -> bool:
    """Whether what is wanted can't be had of the live link; never without one."""
    return live is not None and bool(compare(live, wanted).refused)


def problems(live: LinkDraft | None, wanted: LinkDraft) -> list[Problem]:
    """What stands against making the link, or against changing the live one, in place or by a new one. Of a link that
    stays, what it already had is left alone: it may have been made elsewhere."""
    found = wanted.problems()
    if live is None or needs_new_link(live, wanted):
        return found
    known = live.problems()
    return [problem for problem in found if problem not in known]


def _metadata(live: LinkDraft, wanted: LinkDraft) -> dict[str, str]:
    """Stripe merges metadata by key; an empty value removes the key."""
    changed = {}
    if live.title != wanted.title:
        changed[NAME] = wanted.title
    if live.notify_channel != wanted.notify_channel:
        changed[CHANNEL] = wanted.notify_channel or ""
    return changed


def _pairs(live: LinkDraft, wanted: LinkDraft) -> Iterator[tuple[LineItem, LineItem]]:
    standing = {item.stripe_id: item for item in live.line_items if item.stripe_id}
    for item in wanted.line_items:
        if item.stripe_id in standing:
            yield standing[item.stripe_id], item


def _line_items(live: LinkDraft, wanted: LinkDraft) -> Iterator[dict[str, Any]]:
    for before, after in _pairs(live, wanted):
        changed: dict[str, Any] = {}
        if before.quantity != after.quantity:
            changed["quantity"] = after.quantity
        if before.adjustable_quantity != after.adjustable_quantity:
            changed["adjustable_quantity"] = _adjustable(after.adjustable_quantity)
        if changed:
            yield {"id": after.stripe_id, **changed}


def _adjustable(adjustable: AdjustableQuantity | None) -> dict[str, Any]:
    """Limits left out are sent as Stripe's defaults, so that one set before doesn't stay."""
    if adjustable is None:
        return {"enabled": False}
    minimum = DEFAULT_MINIMUM if adjustable.minimum is None else adjustable.minimum
    maximum = DEFAULT_MAXIMUM if adjustable.maximum is None else adjustable.maximum
    return {"enabled": True, "minimum": minimum, "maximum": maximum}


def _option(key: str, live: LinkDraft, wanted: LinkDraft) -> tuple[dict[str, Any], dict[str, Any]]:
    """The group's parameters before and after, {} without it."""
    before, after = live.options.get(key), wanted.options.get(key)
    return before.to_stripe() if before else {}, after.to_stripe() if after else {}


def _join(params: dict[str, Any], more: dict[str, Any]) -> None:
    """The name and the channel stand in the link's metadata, like what the group of that name holds."""
    for name, value in more.items():
        params[name] = {**params.get(name, {}), **value} if name == "metadata" else value


def _refused_items(live: LinkDraft, wanted: LinkDraft) -> Iterator[Problem]:
    kept = {after.row: before for before, after in _pairs(live, wanted)}
    for item in wanted.line_items:
        where = f"line_items.{item.row}"
        if item.row not in kept:
            yield Problem(where, f"{item.name} is added.")
        elif not _same_price(kept[item.row], item):
            yield Problem(f"{where}.price", _price_change(kept[item.row], item))
    standing = {before.row for before in kept.values()}
    for item in live.line_items:
        if item.row not in standing:
            yield Problem("line_items", f"{item.name} is removed.")


def _refused_options(live: LinkDraft, wanted: LinkDraft) -> Iterator[Problem]:
    for key, group_type in GROUPS.items():
        for problem in updates.refused(group_type, *_option(key, live, wanted)):
            yield Problem(f"options.{key}.{problem.where}", f"{group_type.title}: {problem.message}")


def _price_change(before: LineItem, after: LineItem) -> str:
    """`Coffee: €3.00 → €4.00.`, or what else is another now."""
    old, new = in_words(before.price), in_words(after.price)
    if changed := _beside_the_amount(before, after):
        return f"{before.name}: another {changed}."
    if old == new:
        return f"{before.name} is replaced by {after.name}."
    name = before.name if before.name == after.name else f"{before.name} is replaced by {after.name}"
    return f"{name}: {old} → {new}."


def _beside_the_amount(before: LineItem, after: LineItem) -> str:
    """What else than the amount and the name of a one-off item is another now: `description, tax code`."""
    old, new = before.price, after.price
    if not (isinstance(old, OneOffPrice) and isinstance(new, OneOffPrice)):
        return ""
    words = {"description": "description", "tax_behavior": "tax", "tax_code": "tax code"}
    changed = [name for name in words if getattr(old, name) != getattr(new, name)]
    if old != new.model_copy(update={name: getattr(old, name) for name in changed}):
        return ""
    return ", ".join(words[name] for name in changed)


def _same_price(before: LineItem, after: LineItem) -> bool:
    """A price of the catalog is its id: its product may have been renamed meanwhile."""
    if isinstance(before.price, CatalogPrice) and isinstance(after.price, CatalogPrice):
        return before.price.price == after.price.price
    return before.price == after.price


def _summary(live: LinkDraft, wanted: LinkDraft) -> Iterator[str]:
    if live.title != wanted.title:
        yield f"Name: {live.title} → {wanted.title}"
    if live.notify_channel != wanted.notify_channel:
        yield "Where to notify"
    yield from (problem.message for problem in _refused_items(live, wanted))
    for before, after in _pairs(live, wanted):
        if before.quantity != after.quantity:
            yield f"{after.name} ({in_words(after.price)}): {before.quantity:,} → {after.quantity:,}"
        if before.adjustable_quantity != after.adjustable_quantity:
            yield f"{after.name}: {_adjustable_words(after.adjustable_quantity)}"
    for key, group_type in GROUPS.items():
        standing, asked = _option(key, live, wanted)
        if standing != asked:
            group = wanted.options.get(key)
            yield f"{group_type.title}: {group.summary() if group else 'removed'}"


def _adjustable_words(adjustable: AdjustableQuantity | None) -> str:
    if adjustable is None:
        return "the customer can't change the quantity"
    limits = _adjustable(adjustable)
    return f"the customer can choose {limits['minimum']:,} to {limits['maximum']:,}"
