"""Coupons and their promotion codes: found in our mirror, made and changed in Stripe."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Invalid, NotFound, Problem, StripeRefused
from bot.gateways.stripe import KEY_REUSED, REPLAYED, StripeGateway
from bot.links.coupons import Coupon
from bot.links.options.paths import dotted
from bot.links.promotion_code import PromotionCode
from bot.services.actors import Actor, require_editor
from bot.services.mirror import DOUBT_SECONDS
from bot.services.objects import Kind, ObjectMirror
from storage import catalog, stripe_objects
from storage.database import Database
from storage.models import StripeObject

PAGE = 10
CODES = 20
"""As many codes of a coupon are shown; the picker of codes finds all."""

FOUND = 100
_FORM = "paylink_form"
_UNSURE = frozenset({KEY_REUSED, REPLAYED})

CodeState = Literal["active", "off", "expired", "used up"]


@dataclass(frozen=True, slots=True)
class CodeCard:
    """A promotion code as people see it."""

    code: PromotionCode
    state: CodeState


@dataclass(frozen=True, slots=True)
class CouponCard:
    """A coupon as people see it. `active_codes` counts those that customers can use; `codes` are the first of them all
    where they were asked for. `products` are the names of those it is for; empty: everything."""

    coupon: Coupon
    active_codes: int
    codes: tuple[CodeCard, ...] = ()
    products: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.coupon.name or self.coupon.id


@dataclass(frozen=True, slots=True)
class Page:
    """Some coupons, newest first. `next` is the `before` of the page after this one, None on the last."""

    coupons: tuple[CouponCard, ...]
    next: tuple[float, str] | None


class DiscountService:
    """Coupons and codes of one workspace."""

    def __init__(
        self,
        db: Database,
        stripe: StripeGateway,
        objects: ObjectMirror,
        team_id: str,
        clock: Callable[[], float],
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._objects = objects
        self._team_id = team_id
        self._clock = clock

    async def page(self, actor: Actor, text: str = "", before: tuple[float, str] | None = None) -> Page:
        """Coupons, newest first; those whose name, id or one of whose codes holds every word of `text`."""
        async with self._db.read() as session:
            rows = list(
                await stripe_objects.page(session, self._team_id, "coupon", text, before=before, limit=PAGE + 1)
            )
            if text and before is None:
                rows = await self._by_code(session, text, rows)
            shown = rows[:PAGE]
            counts = await stripe_objects.count(session, self._team_id, "promotion_code", [row.id for row in shown])
        cards = tuple(CouponCard(Coupon.from_stripe(row.data), counts.get(row.id, 0)) for row in shown)
        return Page(cards, (shown[-1].created_at, shown[-1].id) if len(rows) > PAGE else None)

    async def coupon(self, actor: Actor, coupon_id: str) -> CouponCard:
        """A coupon with its codes, from our mirror. Raises NotFound."""
        async with self._db.read() as session:
            row = await stripe_objects.get(session, self._team_id, "coupon", coupon_id)
            if row is None or row.deleted:
                raise NotFound("That coupon isn't there any more. Type /paylink coupons to see those that are.")
            codes = await stripe_objects.children(session, self._team_id, "promotion_code", coupon_id, CODES)
            counts = await stripe_objects.count(session, self._team_id, "promotion_code", [coupon_id])
        coupon = Coupon.from_stripe(row.data)
        names = await self.product_names(actor, coupon.applies_to.products)
        shown = tuple(self._code_card(code, coupon) for code in codes)
        products = tuple(names.get(one, one) for one in coupon.applies_to.products)
        return CouponCard(coupon, counts.get(coupon_id, 0), shown, products)

    async def refresh(self, actor: Actor, coupon_id: str) -> CouponCard:
        """Reads the coupon and its codes from Stripe (events don't tell how often they were used), then as `coupon`."""
        at = self._clock()
        try:
            found = [await self._stripe.coupon(coupon_id)]
        except StripeRefused as refused:
            if refused.code != "resource_missing":
                raise
            await self._forget(coupon_id, at)
            return await self.coupon(actor, coupon_id)
        codes = [code async for code in self._stripe.promotion_codes(coupon_id)]
        async with self._db.begin() as session:
            await self._objects.put(session, "coupon", found, at)
            await self._objects.put(session, "promotion_code", codes, at)
        return await self.coupon(actor, coupon_id)

    async def create(self, actor: Actor, form: str, coupon: Coupon) -> str:
        """Makes the coupon and answers its id. `form` names the form it was asked for in: asking again under the same
        name gives the coupon that is there, as it was asked for first.

        Raises Invalid, with every problem at its field, and StripeUnavailable when the outcome is unknown.
        """
        require_editor(actor)
        self.check(coupon)
        params = {**coupon.to_stripe(), "metadata": self._metadata(actor, form)}
        made = await self._made("coupon", form, lambda: self._stripe.create_coupon(params, f"{form}:coupon"))
        return str(made["id"])

    async def add_code(self, actor: Actor, form: str, coupon_id: str, code: PromotionCode) -> str:
        """Makes a promotion code of a coupon and answers what customers type. Otherwise like `create`."""
        require_editor(actor)
        self.check_code(code, (await self.coupon(actor, coupon_id)).coupon)
        params = {**code.to_stripe(coupon_id), "metadata": self._metadata(actor, form)}
        made = await self._made(
            "promotion_code", form, lambda: self._stripe.create_promotion_code(params, f"{form}:code")
        )
        return str(made["code"])

    def check(self, coupon: Coupon) -> None:
        """Raises Invalid for what stands against a new coupon now, as far as can be told without Stripe."""
        if problems := list(coupon.problems(self._clock())):
            raise Invalid(problems)

    def check_code(self, code: PromotionCode, coupon: Coupon) -> None:
        """Raises Invalid for what stands against a new code of this coupon now."""
        if problems := list(code.problems(coupon, self._clock())):
            raise Invalid(problems)

    async def set_active(self, actor: Actor, code_id: str, active: bool) -> CouponCard:
        """Turns a code off or on again; the coupon with its codes. Raises NotFound and StripeRefused."""
        require_editor(actor)
        async with self._db.read() as session:
            row = await stripe_objects.get(session, self._team_id, "promotion_code", code_id)
        if row is None:
            raise NotFound("That promotion code isn't there any more.")
        at = self._clock()
        changed = await self._stripe.update_promotion_code(code_id, {"active": active}, token_hex(16))
        await self._put("promotion_code", changed, at)
        return await self.coupon(actor, row.parent_id)

    async def delete(self, actor: Actor, coupon_id: str) -> None:
        """Deletes a coupon, in Stripe and here; one that is gone already is no error."""
        require_editor(actor)
        await self.coupon(actor, coupon_id)
        try:
            await self._stripe.delete_coupon(coupon_id)
        except StripeRefused as refused:
            if refused.code != "resource_missing":
                raise
        await self._forget(coupon_id, self._clock())

    async def codes(self, actor: Actor, text: str, currency: str | None = None) -> list[tuple[CodeCard, Coupon]]:
        """Promotion codes that customers can use now, in this currency if one is named, and that hold every word of
        `text`, the newest first; at most 100."""
        async with self._db.read() as session:
            rows = await stripe_objects.page(session, self._team_id, "promotion_code", text, active=True, limit=FOUND)
            parents = await stripe_objects.some(session, self._team_id, "coupon", {row.parent_id for row in rows})
        coupons = {parent.id: Coupon.from_stripe(parent.data) for parent in parents.values() if not parent.deleted}
        found = [(self._code_card(row, coupons[row.parent_id]), row) for row in rows if row.parent_id in coupons]
        usable = [(card, coupons[row.parent_id]) for card, row in found if card.state == "active"]
        return [(card, coupon) for card, coupon in usable if currency is None or coupon.takes_off_in(currency)]

    async def code(self, actor: Actor, code_id: str) -> tuple[CodeCard, Coupon]:
        """A promotion code with its coupon. Raises NotFound."""
        async with self._db.read() as session:
            row = await stripe_objects.get(session, self._team_id, "promotion_code", code_id)
            parent = await stripe_objects.get(session, self._team_id, "coupon", row.parent_id) if row else None
        if row is None or parent is None or parent.deleted:
            raise NotFound("That promotion code isn't there any more. Pick another one.")
        coupon = Coupon.from_stripe(parent.data)
        return self._code_card(row, coupon), coupon

    async def products(self, actor: Actor, text: str) -> list[tuple[str, str]]:
        """Products of the catalog, not archived, that hold every word of `text`: (id, name), at most 100."""
        async with self._db.read() as session:
            found = await catalog.product_page(session, self._team_id, text, FOUND, active=True)
        return [(product.id, product.name) for product in found]

    async def product_names(self, actor: Actor, product_ids: tuple[str, ...]) -> dict[str, str]:
        """The names of those of the products that are in the catalog, by id."""
        async with self._db.read() as session:
            found = await catalog.products(session, self._team_id, product_ids)
        return {product.id: product.name for product in found.values()}

    async def _by_code(self, session: AsyncSession, text: str, rows: list[StripeObject]) -> list[StripeObject]:
        """The coupons one of whose codes was asked for, before the others."""
        codes = await stripe_objects.page(session, self._team_id, "promotion_code", text, limit=PAGE)
        parents = await stripe_objects.some(session, self._team_id, "coupon", {code.parent_id for code in codes})
        first = {code.parent_id: parents[code.parent_id] for code in codes if code.parent_id in parents}
        known = [row for row in first.values() if not row.deleted]
        return known + [row for row in rows if row.id not in first]

    async def _made(self, kind: Kind, form: str, make: Callable[[], Any]) -> Mapping[str, Any]:
        at = self._clock()
        try:
            made = await make()
        except StripeRefused as refused:
            earlier = await self._earlier(kind, form) if refused.code in _UNSURE else None
            if earlier is None:
                raise Invalid([Problem(dotted(refused.param or ""), str(refused))]) from None
            made = earlier
        await self._put(kind, made, at)
        return dict(made)

    async def _earlier(self, kind: Kind, form: str) -> Mapping[str, Any] | None:
        """What Stripe made of this form before, though its key can't give it back."""
        since = self._clock() - 2 * 86_400 - DOUBT_SECONDS
        listed: AsyncGenerator[dict[str, Any]]
        listed = self._stripe.coupons() if kind == "coupon" else self._stripe.promotion_codes()
        async with aclosing(listed) as found:
            async for one in found:
                if (one.get("metadata") or {}).get(_FORM) == form:
                    return one
                if one["created"] < since:
                    return None
        return None

    def _metadata(self, actor: Actor, form: str) -> dict[str, str]:
        return {"paylink_team": self._team_id, "paylink_user": actor.user_id, _FORM: form}

    async def _put(self, kind: Kind, found: Mapping[str, Any], at: float) -> None:
        async with self._db.begin() as session:
            await self._objects.put(session, kind, [found], at)

    async def _forget(self, coupon_id: str, at: float) -> None:
        async with self._db.begin() as session:
            await self._objects.delete(session, "coupon", coupon_id, at)

    def _code_card(self, row: StripeObject, coupon: Coupon) -> CodeCard:
        code = PromotionCode.from_stripe(row.data)
        return CodeCard(code, code_state(code, coupon, row.active, self._clock()))


def code_state(code: PromotionCode, coupon: Coupon, active: bool, now: float) -> CodeState:
    """Whether customers can use it at the moment `now` (seconds), and if not why."""
    ends = [end for end in (code.expires_at, coupon.redeem_by) if end is not None]
    if any(end <= now for end in ends):
        return "expired"
    for used, most in (
        (code.times_redeemed, code.max_redemptions),
        (coupon.times_redeemed, coupon.max_redemptions),
    ):
        if most is not None and used >= most:
            return "used up"
    return "active" if active and coupon.valid else "off"
