"""A link in one line: `2 x Consulting 150 eur; Support 49.90 eur/month`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import Invalid, Problem
from bot.links import quick_words as words
from bot.links.draft import LinkDraft
from bot.links.line_item import MAX_LINE_ITEMS, LineItem, OneOffPrice, Recurring
from bot.links.quick_words import Span
from bot.money import AmountError, parse_amount

EXAMPLE = "2 x Consulting 150 eur; Support 49.90 eur/month"

_ITEM = re.compile(r"[^;\n\r]+")
_QUANTITY = re.compile(r"([0-9]{1,12})\s*[x×*]\s+", re.IGNORECASE)


class QuickError(Invalid):
    """A mistake in the text, and exactly where: `text[start:end]`, on line number `line` (from 1).

    `message` says what to do and `example` is a text that would do.
    """

    def __init__(self, text: str, span: Span, message: str) -> None:
        self.start, self.end = span
        self.line = text.count("\n", 0, self.start) + 1
        self.message = message
        self.example = EXAMPLE
        super().__init__([Problem("", message)])


@dataclass(frozen=True, slots=True)
class _Found:
    """An item as it stands in the text. `spans` are the places of its parts, named as in `Problem.where`."""

    name: str
    amount: str
    currency: str | None
    recurring: Recurring | None
    quantity: int
    whole: Span
    spans: dict[str, Span]


def parse(text: str, default_currency: str) -> LinkDraft:
    """The draft that the text describes. Raises `QuickError` at the first mistake.

    One item for each `;` or line: an optional `2 x`, the name, the amount with its currency before or after it, and
    for a subscription `/month`, `every 2 weeks`, `monthly`, …. An item without a currency takes that of the others, and
    `default_currency` where none has one.
    """
    found = [_read(text, span, default_currency.lower()) for span in _items(text)]
    if not found:
        raise QuickError(text, (0, len(text)), "Write at least one item: a name and an amount.")
    currency = next((item.currency for item in found if item.currency), default_currency.lower())
    draft = LinkDraft(line_items=tuple(_line_item(text, item, currency) for item in found))
    for problem in draft.problems():
        raise QuickError(text, _place(problem.where, draft, found), problem.message)
    return draft


def _items(text: str) -> Iterator[Span]:
    for match in _ITEM.finditer(text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            yield start, start + len(stripped)


def _read(text: str, whole: Span, default_currency: str) -> _Found:
    start, end = whole
    quantity = _QUANTITY.match(text, start, end)
    body = quantity.end() if quantity else start
    period = words.period(text, (body, end))
    price = words.price(text, (body, period.span[0] if period else end), default_currency)
    if price is None:
        raise QuickError(text, *_no_price(text, whole, (body, end)))
    if "/" in price.amount and not price.amount.rpartition("/")[2].isdecimal():
        at = price.amount_span[0] + price.amount.index("/") + 1
        raise QuickError(text, (at, end), words.NOT_A_PERIOD)
    name = text[body : price.span[0]].strip()
    if not name:
        raise QuickError(text, price.span, "Write a name before the amount: the customer sees it when paying.")
    name_start = text.index(name, body)
    spans = {
        "name": (name_start, name_start + len(name)),
        "unit_amount": price.amount_span,
        "currency": price.currency_span or price.amount_span,
        "quantity": quantity.span(1) if quantity else whole,
        "recurring": period.span if period else whole,
    }
    count = int(quantity.group(1)) if quantity else 1
    return _Found(name, price.amount, price.currency, period.recurring if period else None, count, whole, spans)


def _no_price(text: str, whole: Span, body: Span) -> tuple[Span, str]:
    """Where and why no amount was found at the end of the item."""
    tail = words.after_last_number(text, body)
    if tail is None:
        return whole, "Write the amount after the name, like 150 eur."
    said = text[tail[0] : tail[1]]
    head, slash, _ = said.partition("/")
    if slash and (not head or words.currency(head.strip(), "usd")):
        return (tail[0] + len(head) + 1, tail[1]), words.NOT_A_PERIOD
    if said.lower().startswith(("every ", "each ", "per ")):
        return tail, words.NOT_A_PERIOD
    code = head.strip()
    if len(code) == 3 and code.isalpha():
        reason = f"{code.upper()} isn't a currency that Stripe supports. Write a code like eur or usd."
        return (tail[0], tail[0] + len(code)), reason
    return tail, "After the amount only a currency and a billing period can stand. Put the name before it."


def _line_item(text: str, found: _Found, currency: str) -> LineItem:
    currency = found.currency or currency
    try:
        money = parse_amount(found.amount, currency)
    except AmountError as error:
        raise QuickError(text, found.spans["unit_amount"], str(error)) from error
    price = OneOffPrice(name=found.name, unit_amount=money.amount, currency=currency, recurring=found.recurring)
    return LineItem(price=price, quantity=found.quantity)


def _place(where: str, draft: LinkDraft, found: list[_Found]) -> Span:
    for item, at in zip(draft.line_items, found, strict=True):
        prefix = f"line_items.{item.row}."
        if where.startswith(prefix):
            return at.spans.get(where.removeprefix(prefix), at.whole)
    first = MAX_LINE_ITEMS if len(found) > MAX_LINE_ITEMS else 0
    return found[first].whole[0], found[-1].whole[1]
