"""What a link comes to: as amounts, and as a sentence."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.links.line_item import Recurring
from bot.links.options.subscription import Subscription
from bot.links.prices import in_words, once
from bot.money import Money

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft


_LATER = {"shipping_rates": "shipping", "tax": "tax where it applies"}
"""What options add that only the customer's choice or address decides, by group."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the customer pays with the quantities as they stand, before tax and discounts.

    `today` is due on paying: everything once, and the first period of what recurs unless there is a free trial, as
    Stripe charges it; None while no amount is known. `recurring` is due again after each period. `open` says in words
    what isn't known before paying. `trial_days` is the length of the free trial, 0 without one.
    """

    today: Money | None
    recurring: tuple[tuple[Recurring, Money], ...]
    open: tuple[str, ...]
    trial_days: int = 0


def totals(draft: "LinkDraft", locale: str = "en_US") -> Totals:
    """The draft's totals, their words in the reader's locale. Items in more than one currency have none: every field is
    empty then."""
    if len(draft.currencies) > 1:
        return Totals(None, (), ())
    today: Money | None = None
    subscription = draft.options.get(Subscription.key)
    trial_days = subscription.trial_days if isinstance(subscription, Subscription) and draft.is_recurring else 0
    periods: dict[Recurring, Money] = {}
    unknown: list[str] = []
    for item in draft.line_items:
        if item.amount is None:
            unknown.append(f"{item.name} ({in_words(once(item.price), locale)})")
            continue
        if not (item.price.recurring and trial_days):
            today = _sum(today, item.amount)
        if item.price.recurring is not None:
            periods[item.price.recurring] = _sum(periods.get(item.price.recurring), item.amount)
    if draft.line_items:
        unknown += [words for key, words in _LATER.items() if key in draft.options]
    return Totals(today, tuple(periods.items()), tuple(unknown), trial_days)


def totals_in_words(draft: "LinkDraft", locale: str = "en_US") -> str:
    """The totals as one line: `€349.90 today, then €49.90 every month`."""
    if len(draft.currencies) > 1:
        return "No total: the items are in more than one currency"
    found = totals(draft, locale)
    sentence = ", ".join(_known(found, locale))
    if not found.open:
        return sentence or "Nothing to pay yet"
    unknown = " and ".join(found.open)
    return f"{sentence}, plus {unknown}" if sentence else unknown


def _known(found: Totals, locale: str) -> list[str]:
    periods = [f"{money.format(locale)} {period.words}" for period, money in found.recurring]
    if [money for _, money in found.recurring] == [found.today] and not found.trial_days:
        return periods
    today = [f"{found.today.format(locale)} today"] if found.today else []
    free = [f"{found.trial_days} day{'' if found.trial_days == 1 else 's'} free"] if found.trial_days else []
    return [*today, *free, *(f"then {period}" for period in periods)]


def _sum(total: Money | None, more: Money) -> Money:
    return more if total is None else Money(total.amount + more.amount, more.currency)
