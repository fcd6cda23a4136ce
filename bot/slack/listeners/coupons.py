"""Coupons: the list, one of them, and the forms of new ones."""

from secrets import token_hex

from bot.errors import GatewayError, Invalid, PaylinkError, Problem, StripeUnavailable
from bot.links.coupons import Coupon
from bot.links.options.fields import build
from bot.links.promotion_code import PromotionCode
from bot.services.discounts import CouponCard
from bot.slack.ids import Action, Block
from bot.slack.listeners import door
from bot.slack.listeners.drafts import open_on_top, put, redraw
from bot.slack.listeners.telling import direct, sentence
from bot.slack.listeners.visit import Json, Visit, depth
from bot.slack.ui.coupon_form import CODE, COUPON, Filled, FormMemo, coupon_form_view, errors
from bot.slack.ui.coupons import CouponMemo, CouponsMemo, coupon_view, coupons_view
from bot.slack.ui.memo import MAX_SEARCH
from bot.slack.ui.notice import notice_view
from bot.slack.ui.search import read_search
from bot.slack.ui.text import line


async def open_coupons(visit: Visit, words: str) -> None:
    """`/paylink coupons [words]`."""
    await open_on_top(visit, await _listed(visit, CouponsMemo(text=words[:MAX_SEARCH])))


async def all_coupons(visit: Visit) -> None:
    """*Coupons* in the home."""
    await open_coupons(visit, "")


async def redraw_coupons(visit: Visit) -> None:
    """A search or another page."""
    memo, action = _list_memo(visit), visit.action["action_id"]
    before = memo.next if action == Action.COUPONS_OLDER else None
    await redraw(visit, await _listed(visit, memo.model_copy(update={"before": before})))


async def submit_coupons(visit: Visit) -> door.Reply:
    """*Search*: the same modal with what was found."""
    return door.update(await _listed(visit, _list_memo(visit).model_copy(update={"before": None})))


async def open_coupon(visit: Visit) -> None:
    """*Open*: at once with what we know, then with what Stripe says."""
    coupon_id, memo, discounts = str(visit.action["value"]), _list_memo(visit), visit.face.services.discounts
    known = await discounts.coupon(visit.actor, coupon_id)
    view = await open_on_top(visit, _draw(visit, known, memo))
    try:
        latest = await discounts.refresh(visit.actor, coupon_id)
    except GatewayError:
        return
    if latest != known:
        await put(visit, view["id"], _draw(visit, latest, memo), view["hash"])


async def turn_code_on(visit: Visit) -> None:
    """*Turn on* a code."""
    await _turn(visit, active=True)


async def turn_code_off(visit: Visit) -> None:
    """*Turn off* a code."""
    await _turn(visit, active=False)


async def delete_coupon(visit: Visit) -> None:
    """*Delete coupon*, having confirmed it."""
    memo, discounts = visit.read_memo(CouponMemo), visit.face.services.discounts
    name = (await discounts.coupon(visit.actor, memo.coupon)).name
    await discounts.delete(visit.actor, memo.coupon)
    await redraw(visit, notice_view("Coupon", f"“{line(name, 150)}” is deleted, and its codes can't be used any more."))
    await _refresh_below(visit, memo.below)


async def new_coupon(visit: Visit) -> None:
    """*New coupon*."""
    await _open_form(visit, FormMemo(form=token_hex(12), below=_list_memo(visit)))


async def new_code(visit: Visit) -> None:
    """*Add a code* to a coupon."""
    memo = visit.read_memo(CouponMemo)
    await _open_form(visit, FormMemo(form=token_hex(12), coupon=memo.coupon, below=memo.below))


async def redraw_form(visit: Visit) -> None:
    """An answer that brings other questions with it."""
    memo = visit.read_memo(FormMemo)
    await redraw(visit, _draw_form(visit, memo, Filled.read(memo, visit.state)))


async def submit_form(visit: Visit) -> door.Reply:
    """Says what is wrong at its field, or that Stripe is being asked, and then what came of it."""
    memo = visit.read_memo(FormMemo)
    filled, discounts = Filled.read(memo, visit.state), visit.face.services.discounts
    part = COUPON
    try:
        coupon = (await discounts.coupon(visit.actor, memo.coupon)).coupon if memo.coupon else None
        asked = build(Coupon, filled.answers[COUPON]) if coupon is None else None
        if asked is not None:
            discounts.check(asked)
        part = CODE
        code = build(PromotionCode, filled.answers[CODE])
        discounts.check_code(code, coupon or asked or Coupon())
    except Invalid as invalid:
        return door.errors(errors(invalid.problems, part, visit.state))
    working = notice_view(
        "Coupon", "Asking Stripe…", "You can close this: then the answer comes to your messages with Paylink."
    )
    return door.update(working, lambda: _carry_out(visit, memo, filled, asked, code))


async def _carry_out(visit: Visit, memo: FormMemo, filled: Filled, coupon: Coupon | None, code: PromotionCode) -> None:
    """Makes the coupon, then the code. What is made once is never made again: what is left to do is asked for anew."""
    discounts, part, coupon_id = visit.face.services.discounts, COUPON, memo.coupon
    try:
        if coupon is not None:
            coupon_id = await discounts.create(visit.actor, memo.form, coupon)
        part = CODE
        typed = await discounts.add_code(visit.actor, memo.form, coupon_id, code)
    except StripeUnavailable:
        words = "Stripe is not answering at the moment. Submit again in a while, unchanged: nothing is made twice."
        await _tell(visit, words, _draw_form(visit, memo, filled, news=words))
    except Invalid as invalid:
        await _ask_again(visit, memo, filled, invalid, coupon_id if part == CODE else "")
    except PaylinkError as error:
        await _tell(visit, str(error), notice_view("Coupon", str(error)))
    else:
        news = f"✅ The code {line(typed, 100)} is ready. It works where a payment link allows promotion codes."
        await _show_made(visit, memo, await discounts.coupon(visit.actor, coupon_id), news)


async def _show_made(visit: Visit, memo: FormMemo, card: CouponCard, news: str) -> None:
    """The coupon with its codes, in the form's place, or below it where the form was opened from there."""
    coupon = _draw(visit, card, memo.below, news)
    if depth(visit.view) == 3:
        await put(visit, str(visit.view["previous_view_id"]), coupon)
        await _tell(visit, news, notice_view("Coupon", news))
    else:
        await _tell(visit, news, coupon)
    await _refresh_below(visit, memo.below)


async def _ask_again(visit: Visit, memo: FormMemo, filled: Filled, invalid: Invalid, coupon_id: str) -> None:
    """Stripe said no, so nothing was made under the form's name and it gets another one. With `coupon_id` only the code
    is missing."""
    again = memo.model_copy(update={"form": token_hex(12), "coupon": coupon_id})
    part, news = (CODE if coupon_id else COUPON), ""
    if coupon_id and not memo.coupon:
        news = "The coupon is made. Its code isn't yet: change what is marked and add it."
        await _refresh_below(visit, memo.below)
    problems = {part: [Problem(one.where, one.message) for one in invalid.problems]}
    view = _draw_form(visit, again, filled, problems=problems, news=news)
    await _tell(visit, " ".join(filter(None, (news, str(invalid)))), view)


async def _turn(visit: Visit, *, active: bool) -> None:
    memo, discounts = visit.read_memo(CouponMemo), visit.face.services.discounts
    card = await discounts.set_active(visit.actor, str(visit.action["value"]), active)
    await redraw(visit, _draw(visit, card, memo.below))
    await _refresh_below(visit, memo.below)


async def _open_form(visit: Visit, memo: FormMemo) -> None:
    await open_on_top(visit, _draw_form(visit, memo, Filled.empty(memo)))


async def _refresh_below(visit: Visit, memo: CouponsMemo) -> None:
    """The list that the modal stands on, so that it is right when the person goes back to it."""
    root = visit.view.get("root_view_id")
    if root and root != visit.view["id"]:
        await put(visit, root, await _listed(visit, memo))


async def _tell(visit: Visit, words: str, view: Json) -> None:
    """Shows what came of it; as a direct message when the modal was closed meanwhile."""
    if not await put(visit, visit.view["id"], view):
        await direct(visit.face.slack, visit.actor.user_id, sentence(words))


def _draw(visit: Visit, card: CouponCard, below: CouponsMemo, news: str = "") -> Json:
    return coupon_view(card, below, visit.actor.locale, livemode=visit.face.settings.livemode, news=news)


def _draw_form(
    visit: Visit, memo: FormMemo, filled: Filled, problems: dict[str, list[Problem]] | None = None, news: str = ""
) -> Json:
    livemode = visit.face.settings.livemode
    return coupon_form_view(memo, filled, visit.actor.locale, livemode=livemode, problems=problems, news=news)


def _list_memo(visit: Visit) -> CouponsMemo:
    """What the list shows, with what now stands in its search."""
    memo = visit.read_memo(CouponsMemo)
    typed = read_search(Block.COUPONS_SEARCH, Action.COUPONS_SEARCH, visit.state)
    return memo.model_copy(update={"text": typed})


async def _listed(visit: Visit, memo: CouponsMemo) -> Json:
    page = await visit.face.services.discounts.page(visit.actor, memo.text, memo.before)
    return coupons_view(memo, page, visit.actor.locale, livemode=visit.face.settings.livemode)
