"""Making and changing products and prices: a form, then Stripe, then the product as it stands."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Generic, TypeVar

from bot.errors import Invalid, PaylinkError, Problem, StripeUnavailable
from bot.links.new_price import NewPrice
from bot.links.options.answers import Answer
from bot.links.options.base import Part
from bot.links.options.fields import build, leaves, values
from bot.links.price_edit import PriceEdit
from bot.links.products import Product
from bot.slack.ids import View
from bot.slack.listeners import door
from bot.slack.listeners.drafts import put, redraw
from bot.slack.listeners.telling import direct, sentence
from bot.slack.listeners.visit import Json, Visit
from bot.slack.ui import forms
from bot.slack.ui.catalog_forms import catalog_form, saving_view
from bot.slack.ui.product import product_view
from bot.slack.ui.products import CatalogMemo
from bot.slack.ui.touched import fingerprints, touched

Answers = Mapping[str, Answer]
Whole = TypeVar("Whole", bound=Part)

_UNSURE = "Stripe didn't answer, so it may be there or not. Submit this again as it is: nothing is made twice."


async def new_product(visit: Visit) -> None:
    """*New product* in the list."""
    await _open(visit, View.PRODUCT_FORM, _memo(visit).model_copy(update={"product": None}), _defaults(Product))


async def edit_product(visit: Visit) -> None:
    """*Edit product*."""
    memo = _memo(visit)
    card = await visit.face.services.products.product(visit.actor, str(memo.product))
    await _open(visit, View.PRODUCT_FORM, _opened(memo, card.product), values(card.product))


async def new_price(visit: Visit) -> None:
    """*Add price*, in the currency of the prices that are there."""
    memo = _memo(visit)
    card = await visit.face.services.products.product(visit.actor, str(memo.product))
    currency = card.prices[0].price.currency if card.prices else visit.face.settings.currency
    await _open(visit, View.PRICE_FORM, memo, {**_defaults(NewPrice), "currency": currency})


async def edit_price(visit: Visit, memo: CatalogMemo, price_id: str) -> None:
    """*Edit* in a price's menu."""
    card = await visit.face.services.products.price(visit.actor, price_id)
    price = PriceEdit.from_stripe(card.data)
    await _open(visit, View.PRICE_EDIT, _opened(memo.model_copy(update={"price": price_id}), price), values(price))


async def redraw_price(visit: Visit) -> None:
    """An answer that brings other questions with it."""
    answers = {**_defaults(NewPrice), **forms.parse(NewPrice, visit.state)}
    await redraw(visit, _draw(visit, View.PRICE_FORM, _memo(visit), answers))


async def submit_product(visit: Visit) -> door.Reply:
    """Makes the product, or changes the one that is there."""
    memo, products, actor = _memo(visit), visit.face.services.products, visit.actor
    if memo.product is None:
        made = _Wish(Product, None, lambda new: new.problems(), lambda new: products.create(actor, memo.form, new))
        return _reply(visit, View.PRODUCT_FORM, made)
    card = await products.product(actor, memo.product)
    before = card.product
    changed = _Wish(
        Product,
        before,
        lambda wanted: wanted.problems(before),
        lambda wanted: products.change(actor, memo.form, card.id, before, wanted),
    )
    return _reply(visit, View.PRODUCT_FORM, changed)


async def submit_price(visit: Visit) -> door.Reply:
    """Makes the price."""
    memo, products, actor = _memo(visit), visit.face.services.products, visit.actor
    made = _Wish(
        NewPrice,
        None,
        lambda new: new.problems(),
        lambda new: products.add_price(actor, memo.form, str(memo.product), new),
    )
    return _reply(visit, View.PRICE_FORM, made)


async def submit_price_edit(visit: Visit) -> door.Reply:
    """Changes the price."""
    memo, products, actor = _memo(visit), visit.face.services.products, visit.actor
    card = await products.price(actor, str(memo.price))
    changed = _Wish(
        PriceEdit,
        PriceEdit.from_stripe(card.data),
        lambda wanted: wanted.problems(card.data),
        lambda wanted: products.change_price(actor, memo.form, card.data, wanted),
    )
    return _reply(visit, View.PRICE_EDIT, changed)


@dataclass(frozen=True, slots=True)
class _Wish(Generic[Whole]):
    """What a form asks for: how it is read (`before` is what is being changed), checked and sent to Stripe."""

    part: type[Whole]
    before: Whole | None
    problems: Callable[[Whole], Iterable[Problem]]
    save: Callable[[Whole], Awaitable[str]]


def _reply(visit: Visit, view: View, wish: _Wish[Whole]) -> door.Reply:
    """Says at which field it can't be, or that Stripe is being asked, and then what came of it."""
    known = values(wish.before) if wish.before else {}
    answers = forms.parse(wish.part, visit.state, known)
    try:
        asked = touched(wish.part, _memo(visit).opened, answers, known)
        wanted = build(wish.part, asked, wish.before)
        if problems := list(wish.problems(wanted)):
            raise Invalid(problems)
    except Invalid as invalid:
        return door.errors(forms.errors(invalid.problems, answers))
    return door.update(saving_view(), lambda: _carry_out(visit, view, answers, lambda: wish.save(wanted)))


async def _carry_out(visit: Visit, view: View, answers: Answers, save: Callable[[], Awaitable[str]]) -> None:
    memo, locale = _memo(visit), visit.actor.locale
    try:
        made = await save()
    except PaylinkError as error:
        problems = error.problems if isinstance(error, Invalid) else (Problem("", _sentence(error)),)
        text = f"That isn't in the catalog yet: {' '.join(problem.message for problem in problems)}"
        again = memo if isinstance(error, StripeUnavailable) else memo.model_copy(update={"form": token_hex(8)})
        shown = _draw(visit, view, again, answers, problems)
    else:
        card = await visit.face.services.products.product(visit.actor, memo.product or made)
        shown = product_view(
            memo.model_copy(update={"opened": {}}), card, locale, livemode=visit.face.settings.livemode
        )
        text = f"“{card.product.name}” is saved. Type /paylink products to see it."
    await _show(visit, shown, text)


def _sentence(error: PaylinkError) -> str:
    return _UNSURE if isinstance(error, StripeUnavailable) else str(error)


async def _show(visit: Visit, view: Json, text: str) -> None:
    """What came of it; as a message when the modal was closed meanwhile."""
    if not await put(visit, str(visit.view["id"]), view):
        await direct(visit.face.slack, visit.actor.user_id, sentence(text))


async def _open(visit: Visit, view: View, memo: CatalogMemo, answers: Answers) -> None:
    """The form in the modal's place, under a name of its own."""
    named = memo.model_copy(update={"form": token_hex(8)})
    await redraw(visit, _draw(visit, view, named, answers))


def _opened(memo: CatalogMemo, before: Part) -> CatalogMemo:
    return memo.model_copy(update={"opened": fingerprints(type(before), values(before))})


def _draw(visit: Visit, view: View, memo: CatalogMemo, answers: Answers, problems: Sequence[Problem] = ()) -> Json:
    livemode = visit.face.settings.livemode
    return catalog_form(view, memo, answers, visit.actor.locale, problems, livemode=livemode)


def _defaults(part: type[Part]) -> dict[str, Answer]:
    return {leaf.path: leaf.default for leaf in leaves(part)}


def _memo(visit: Visit) -> CatalogMemo:
    return visit.read_memo(CatalogMemo)
