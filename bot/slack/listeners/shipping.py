"""A new shipping rate, made from the form that picks them."""

from bot.errors import Invalid, NotFound, PaylinkError, StripeUnavailable
from bot.links.options.base import Answer
from bot.links.options.fields import build
from bot.links.options.shipping_rates import MAX_RATES, ShippingRates
from bot.links.shipping import ShippingRate
from bot.slack.listeners import door
from bot.slack.listeners.drafts import put, redraw
from bot.slack.listeners.telling import direct, sentence
from bot.slack.listeners.visit import Json, Said, Visit
from bot.slack.ui import forms
from bot.slack.ui.notice import notice_view
from bot.slack.ui.option_names import known_names
from bot.slack.ui.shipping_rate import RateMemo, errors, first_answers, read_answers, shipping_rate_view

_PICKED = "shipping_options"
_CHANGE = "No rate was made: change it and submit again."


async def new_rate(visit: Visit) -> None:
    """*New shipping rate…*: its form, in the place of the one that picks rates."""
    memo = visit.read_memo(forms.FormMemo)
    opened = await visit.face.services.links.draft(visit.actor, memo.draft)
    picked = Said(forms.parse(ShippingRates, visit.state))[_PICKED]
    rates = picked if isinstance(picked, tuple) else ()
    answers = first_answers(opened.draft.currency or visit.face.settings.currency)
    await redraw(visit, _draw(visit, RateMemo(draft=memo.draft, picked=rates[:MAX_RATES]), answers))


async def redraw_rate(visit: Visit) -> None:
    """An answer that brings other questions with it."""
    memo = visit.read_memo(RateMemo)
    await redraw(visit, _draw(visit, memo, read_answers(visit.state)))


async def back_to_rates(visit: Visit) -> None:
    """*Back to the rates*: no new one, and those that were picked still are."""
    memo = visit.read_memo(RateMemo)
    await redraw(visit, await _picker(visit, memo.draft, memo.picked))


async def submit_rate(visit: Visit) -> door.Reply:
    """Says what is wrong at its field, or that Stripe is being asked; then the picker is back, with the rate picked."""
    memo, answers = visit.read_memo(RateMemo), read_answers(visit.state)
    try:
        rate = build(ShippingRate, answers)
        if problems := list(rate.problems()):
            raise Invalid(problems)
    except Invalid as invalid:
        return door.errors(errors(invalid.problems, visit.state))
    return door.update(notice_view("New shipping rate", "Asking Stripe…"), lambda: _make(visit, memo, answers, rate))


async def _make(visit: Visit, memo: RateMemo, answers: dict[str, Answer], rate: ShippingRate) -> None:
    try:
        made = await visit.face.services.shipping.create(visit.actor, rate, str(visit.view["id"]))
    except PaylinkError as error:
        unsure = isinstance(error, StripeUnavailable)
        words = f"{error} {'Submit this again as it is: nothing is made twice.' if unsure else _CHANGE}"
        await _show(visit, _draw(visit, memo, answers, words), words)
        return
    picked = memo.picked if len(memo.picked) >= MAX_RATES else (*memo.picked, made)
    await _show(visit, await _picker(visit, memo.draft, picked), f"The shipping rate {rate.display_name} is ready.")


async def _picker(visit: Visit, draft_id: str, picked: tuple[str, ...]) -> Json:
    """The form that picks rates, with these picked, if any."""
    try:
        opened = await visit.face.services.links.draft(visit.actor, draft_id)
    except NotFound as gone:
        return notice_view("Shipping rates", str(gone))
    answers: dict[str, Answer] = {_PICKED: picked}
    group = await visit.face.services.facts.informed(build(ShippingRates, answers)) if picked else None
    names = known_names(group, visit.actor.locale)
    return forms.form_view(opened, ShippingRates, answers, locale=visit.actor.locale, names=names)


async def _show(visit: Visit, view: Json, words: str) -> None:
    """Shows what came of it; as a direct message when the modal was closed meanwhile."""
    if not await put(visit, str(visit.view["id"]), view):
        await direct(visit.face.slack, visit.actor.user_id, sentence(words))


def _draw(visit: Visit, memo: RateMemo, answers: dict[str, Answer], news: str = "") -> Json:
    settings = visit.face.settings
    return shipping_rate_view(memo, answers, locale=visit.actor.locale, livemode=settings.livemode, news=news)
