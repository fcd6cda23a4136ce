"""The list of coupons, and one coupon with its promotion codes."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from bot.links.coupons import discount_in_words
from bot.links.promotion_code import conditions_in_words
from bot.services.discounts import CODES, CodeCard, CouponCard, Page
from bot.slack.ids import Action, Block, View, block_id
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.memo import Id, Searched
from bot.slack.ui.money import TEST_MODE, count
from bot.slack.ui.search import search_field
from bot.slack.ui.text import line, moment

_STATES = {"active": "🟢 Active", "off": "⛔ Turned off", "expired": "⌛ Expired", "used up": "✔️ Used up"}


class CouponsMemo(BaseModel):
    """What the list carries: which page of which coupons it shows. `before` as `DiscountService.page` takes it."""

    model_config = ConfigDict(frozen=True)

    text: Searched = ""
    before: tuple[float, Id] | None = None
    next: tuple[float, Id] | None = None


class CouponMemo(BaseModel):
    """What a coupon's view carries: which one it is, and the list below it."""

    model_config = ConfigDict(frozen=True)

    coupon: Id
    below: CouponsMemo


def coupons_view(memo: CouponsMemo, page: Page, locale: str, *, livemode: bool) -> Json:
    """The modal for one page of coupons."""
    memo = memo.model_copy(update={"next": page.next})
    return blocks.modal(
        View.COUPONS,
        "Coupons",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            search_field(Block.COUPONS_SEARCH, Action.COUPONS_SEARCH, memo.text, "Name, id or code, then Enter"),
            blocks.actions([blocks.button("New coupon", Action.NEW_COUPON, style="primary")]),
            blocks.divider(),
            *_rows(memo, page, locale),
            *_pages(memo),
        ],
        submit="Search",
        private_metadata=memo.model_dump_json(),
    )


def coupon_view(card: CouponCard, below: CouponsMemo, locale: str, *, livemode: bool, news: str = "") -> Json:
    """One coupon: what it takes off, for what, how often it was used, and its codes. `news` stands on top."""
    return blocks.modal(
        View.COUPON,
        "Coupon",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            *([blocks.section(news)] if news else []),
            blocks.header(card.name),
            blocks.section("\n".join(_facts(card, locale))),
            blocks.header("Promotion codes"),
            *_codes(card, locale),
            _buttons(card),
        ],
        close="Back",
        private_metadata=CouponMemo(coupon=card.coupon.id, below=below).model_dump_json(),
    )


def code_in_words(card: CodeCard, locale: str) -> str:
    """What there is to know of a code, in one line: `🟢 Active · used 3 of 10 times · until …`."""
    code = card.code
    facts = [_STATES[card.state], _used(code.times_redeemed, code.max_redemptions)]
    facts += [f"until {moment(code.expires_at)}"] if code.expires_at else []
    return " · ".join([*facts, *conditions_in_words(code, locale)])


def _rows(memo: CouponsMemo, page: Page, locale: str) -> Iterator[Json]:
    if not page.coupons:
        none = "No coupons yet. Make one, and customers type its code where they pay."
        yield blocks.section("No coupon matches. Clear the search to see them all." if memo.text else none)
    for card in page.coupons:
        codes = count(card.active_codes, "active code")
        facts = [discount_in_words(card.coupon, locale), codes, _used(card.coupon.times_redeemed, None)]
        facts += [] if card.coupon.valid else ["no longer valid"]
        yield blocks.section(
            f"{line(card.name, 200)}\n{line(' · '.join(facts), 500)}",
            block_id=block_id(Block.COUPON, card.coupon.id),
            accessory=blocks.button("Open", Action.OPEN_COUPON, card.coupon.id),
        )


def _pages(memo: CouponsMemo) -> Iterator[Json]:
    buttons = [
        *([blocks.button("Back to the newest", Action.COUPONS_NEWEST)] if memo.before else []),
        *([blocks.button("Older coupons", Action.COUPONS_OLDER)] if memo.next else []),
    ]
    if buttons:
        yield blocks.actions(buttons, block_id=Block.COUPONS_PAGES)


def _facts(card: CouponCard, locale: str) -> Iterator[str]:
    coupon = card.coupon
    yield line(discount_in_words(coupon, locale), 500)
    if card.products:
        yield line(f"Only for {', '.join(card.products)}", 500)
    yield _used(coupon.times_redeemed, coupon.max_redemptions).capitalize()
    if coupon.redeem_by:
        yield f"Can be redeemed until {moment(coupon.redeem_by)}"
    if not coupon.valid:
        yield "No longer valid: customers can't use it or its codes any more."
    yield f"Id in Stripe: {line(coupon.id, 200)}"


def _codes(card: CouponCard, locale: str) -> Iterator[Json]:
    if not card.codes:
        yield blocks.section("No code yet. Customers can only use the coupon on a payment link through a code.")
    for one in card.codes:
        words = f"{line(str(one.code.code), 200)}\n{line(code_in_words(one, locale), 500)}"
        yield blocks.section(words, block_id=block_id(Block.CODE, one.code.id), accessory=_turn(one))
    if len(card.codes) == CODES:
        yield blocks.context("There may be more codes in Stripe; search the list of coupons by code to find them.")


def _turn(card: CodeCard) -> Json | None:
    """Stripe turns a code on only while customers could use it."""
    name = line(str(card.code.code), 100)
    if card.state == "active":
        confirm = blocks.confirm(
            "Turn this code off?", f"Customers can't use {name} any more until it is turned on.", "Turn off"
        )
        return blocks.button("Turn off", Action.CODE_OFF, card.code.id, confirm=confirm)
    return blocks.button("Turn on", Action.CODE_ON, card.code.id) if card.state == "off" else None


def _buttons(card: CouponCard) -> Json:
    text = f"“{line(card.name, 150)}” and its codes can't be used any more. Discounts that customers have stay."
    confirm = blocks.confirm("Delete this coupon?", text, "Delete")
    delete = blocks.button("Delete coupon", Action.DELETE_COUPON, card.coupon.id, style="danger", confirm=confirm)
    add = blocks.button("Add a code", Action.NEW_CODE, card.coupon.id, style="primary")
    return blocks.actions([*([add] if card.coupon.valid else []), delete])


def _used(times: int, most: int | None) -> str:
    if most is not None:
        return f"used {times:,} of {count(most, 'time')}"
    return f"used {count(times, 'time')}" if times else "not used yet"
