"""Stripe's API, as far as we use it, through the official SDK's async client. Answers are plain dicts.

The only module that imports `stripe`. No key and no body ever reaches an error's text.
"""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import stripe
from stripe import WebhookSignature

from bot.errors import GatewayError, PaylinkError, StripeKeyRefused, StripeRefused, StripeUnavailable
from bot.gateways.observing import Observe, nobody, observed
from bot.gateways.stripe_catalog import StripeCatalog
from bot.gateways.stripe_discounts import StripeDiscounts

Json = dict[str, Any]

REPLAYED: Final = "replayed_failure"
"""Our own `StripeRefused.code`: Stripe failed under this idempotency key and, by its rules, always will."""

KEY_REUSED: Final = "idempotency_error"
"""Our own `StripeRefused.code`: this idempotency key came with other parameters before."""

_PAGE = 100
_MOST_TYPES = 20
"""How many event types Stripe takes in one list ("List all events", `types`)."""

_ITEMS: Final = ["line_items.data.price.product", "line_items.data.price.tiers"]
_SESSION: Final = (
    "line_items",
    "payment_intent.latest_charge",
    "subscription",
    "invoice.payments",
    "discounts.promotion_code",
    "discounts.coupon",
    "shipping_cost.shipping_rate",
)
"""What we read of a session besides itself. Stripe goes four levels deep at most, a list's `data` included."""

_LATEST = 10
"""Among so many of a customer's sessions one is looked for that was paid just now."""

_KEY = re.compile(r"\b((?:sk|rk|pk|whsec)_)\S+")


class BadSignature(PaylinkError):
    """A webhook request that isn't from Stripe, or not from now."""


class StripeGateway(StripeCatalog, StripeDiscounts):
    """Every method raises StripeRefused (asking again won't help; StripeKeyRefused: not before the key is mended) or
    StripeUnavailable (it may)."""

    def __init__(
        self,
        secret_key: str,
        *,
        api_base: str | None = None,
        timeout: float = 20.0,
        retries: int = 2,
        observe: Observe = nobody,
    ) -> None:
        """`timeout` is in seconds, for each attempt; `retries` are the SDK's own, under the same idempotency key."""
        self._observe = observe
        self._http = stripe.AIOHTTPClient(timeout=aiohttp.ClientTimeout(total=timeout))
        self._client = stripe.StripeClient(
            secret_key,
            http_client=self._http,
            base_addresses={"api": api_base} if api_base else None,
            max_network_retries=retries,
        )
        self._v1 = self._client.v1

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def account(self) -> Json:
        """The account the key belongs to."""
        return await self._ask(self._v1.accounts.retrieve_current_async)

    async def create_payment_link(self, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Creates the link, or answers the one already created under this key; line items included."""
        wanted = {**params, "expand": _ITEMS}
        link = await self._ask(self._v1.payment_links.create_async, wanted, {"idempotency_key": idempotency_key})
        return await self._with_all_items(link)

    async def update_payment_link(self, link_id: str, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Changes the link; answers it with its line items."""
        wanted = {**params, "expand": _ITEMS}
        link = await self._ask(
            self._v1.payment_links.update_async, link_id, wanted, {"idempotency_key": idempotency_key}
        )
        return await self._with_all_items(link)

    async def payment_link(self, link_id: str) -> Json:
        """The link with all its line items, their prices' products and tiers expanded."""
        return await self._with_all_items(
            await self._ask(self._v1.payment_links.retrieve_async, link_id, {"expand": _ITEMS})
        )

    async def payment_links(self, starting_after: str | None = None) -> AsyncGenerator[Json]:
        """Every link of the account, newest first, with all its line items; from after `starting_after`.

        Stripe expands four levels at most: in a list of links that doesn't reach the products of their items.
        """
        params = {"expand": ["data.line_items"]}
        async with aclosing(self._pages(self._v1.payment_links.list_async, params, starting_after)) as links:
            async for link in links:
                yield await self._with_all_items(link, deep=False)

    async def checkout_session(self, session_id: str) -> Json:
        """The session whole: all its line items, and what it led to (payment intent, charge, invoice, subscription)."""
        path = f"/v1/checkout/sessions/{quote(session_id, safe='')}"
        return await self._with_all_lines(await self._get("SessionService.retrieve", path, expand=list(_SESSION)))

    async def checkout_sessions(
        self, payment_link: str | None = None, starting_after: str | None = None
    ) -> AsyncGenerator[Json]:
        """Sessions, newest first, each as `checkout_session` answers it; of one link when it is named."""
        expand = [f"data.{path}" for path in _SESSION]
        params = {"expand": expand, **({"payment_link": payment_link} if payment_link else {})}
        async with aclosing(self._pages(self._v1.checkout.sessions.list_async, params, starting_after)) as sessions:
            async for session in sessions:
                yield await self._with_all_lines(session)

    async def session_of_intent(self, payment_intent: str) -> Json | None:
        """The session that made this payment intent, as `checkout_session` answers it; None when there is none."""
        return await self._session({"payment_intent": payment_intent})

    async def session_of_subscription(self, subscription: str) -> Json | None:
        """The session that began this subscription, as `checkout_session` answers it; None when there is none."""
        return await self._session({"subscription": subscription})

    async def session_of_invoice(self, invoice: str, customer: str) -> Json | None:
        """The session that this invoice was made for, among the customer's latest, as `checkout_session` answers it;
        None when there is none. Stripe finds sessions by their customer, not by their invoice."""
        expand = [f"data.{path}" for path in _SESSION]
        params = {"customer": customer, "expand": expand, "limit": _LATEST}
        found = await self._ask(self._v1.checkout.sessions.list_async, params)
        mine = (one for one in found["data"] if isinstance(one["invoice"], Mapping) and one["invoice"]["id"] == invoice)
        session = next(mine, None)
        return await self._with_all_lines(session) if session else None

    async def invoice_paid_by(self, payment_intent: str) -> Json | None:
        """The invoice that this payment intent is for, None when it is for none."""
        paid_by = {"type": "payment_intent", "payment_intent": payment_intent}
        params = {"payment": paid_by, "expand": ["data.invoice"], "limit": 1}
        found = await self._ask(self._v1.invoice_payments.list_async, params)
        return next((dict(one["invoice"]) for one in found["data"] if isinstance(one["invoice"], Mapping)), None)

    async def _session(self, named: Json) -> Json | None:
        params = {**named, "expand": [f"data.{path}" for path in _SESSION], "limit": 1}
        found = await self._ask(self._v1.checkout.sessions.list_async, params)
        return await self._with_all_lines(found["data"][0]) if found["data"] else None

    async def events(self, types: Iterable[str], created_gte: int) -> AsyncGenerator[Json]:
        """Events of these types since that moment (seconds); Stripe keeps 30 days.

        Stripe takes some types at a time: the events of each such group come newest first.
        """
        wanted = sorted(types)
        for start in range(0, len(wanted), _MOST_TYPES):
            params = {"types": wanted[start : start + _MOST_TYPES], "created": {"gte": created_gte}}
            async with aclosing(self._pages(self._v1.events.list_async, params, None)) as events:
                async for event in events:
                    yield event

    async def webhook_endpoints(self) -> list[Json]:
        """All webhook endpoints of the account."""
        return [endpoint async for endpoint in self._pages(self._v1.webhook_endpoints.list_async, {}, None)]

    async def _with_all_items(self, link: Json, *, deep: bool = True) -> Json:
        """`deep` says that those which are there have their products and tiers.

        A price that is sold in another of its currencies than its own is read with the amounts of all of them.
        """
        if not deep:
            link["line_items"]["has_more"] = True
        list_items = self._v1.payment_links.line_items.list_async
        expand = ["data.price.product", "data.price.tiers"]
        link = await self._complete(link, list_items, {"expand": expand})
        if any(item["price"]["currency"] != link["currency"] for item in link["line_items"]["data"]):
            link["line_items"]["has_more"] = True
            link = await self._complete(link, list_items, {"expand": [*expand, "data.price.currency_options"]})
        return link

    async def _with_all_lines(self, session: Json) -> Json:
        return await self._complete(session, self._v1.checkout.sessions.line_items.list_async, {})

    async def _complete(self, owner: Json, method: Callable[..., Awaitable[Any]], params: Json) -> Json:
        """Stripe expands the first ten line items only."""
        if owner["line_items"]["has_more"]:
            items = [item async for item in self._pages(method, params, None, owner["id"])]
            owner["line_items"] |= {"data": items, "has_more": False}
        return owner

    async def _pages(
        self,
        method: Callable[..., Awaitable[Any]],
        params: Mapping[str, Any],
        starting_after: str | None,
        *owner: str,
    ) -> AsyncGenerator[Json]:
        more = True
        while more:
            after = {"starting_after": starting_after} if starting_after else {}
            page = await self._ask(method, *owner, {**params, **after, "limit": _PAGE})
            for found in page["data"]:
                starting_after = found["id"]
                yield found
            more = page["has_more"]

    async def _ask(self, method: Callable[..., Awaitable[Any]], *arguments: Any) -> Json:
        with observed(self._observe, method.__qualname__.removesuffix("_async")), _our_errors():
            answer = await method(*arguments)
            return dict(_plain(answer))

    async def _get(self, name: str, path: str, **params: Any) -> Json:
        """As `_ask`, for what is asked at every payment: making the SDK's objects of an answer, and plain ones of
        these, takes longer than all the rest of the call. `name` is what the call is counted under."""
        with observed(self._observe, name), _our_errors():
            answer = await self._client.raw_request_async("get", path, **params)
            return dict(answer.data)


def verify_webhook(body: bytes, header: str | None, secret: str, now: float, tolerance: int = 300) -> None:
    """Raises BadSignature unless Stripe signed these very bytes within `tolerance` seconds of `now`, before or after.

    The SDK's check is used for the signature alone: it reads the clock itself and lets future timestamps pass.
    """
    try:
        WebhookSignature.verify_header(body, header, secret)
    except (stripe.SignatureVerificationError, UnicodeDecodeError, TypeError):
        # The SDK compares signatures as text, which Python refuses with a TypeError for anything but ASCII.
        raise BadSignature("The request isn't signed by Stripe with our webhook secret.") from None
    signed_at = next(int(part.split("=")[1]) for part in (header or "").split(",") if part.startswith("t="))
    if abs(now - signed_at) > tolerance:
        raise BadSignature("The request was signed too long ago, or in the future.")


def _plain(value: Any) -> Any:
    """The SDK's `to_dict` leaves its own objects in place where they are values of a map (`currency_options`)."""
    if isinstance(value, stripe.StripeObject):
        value = value.to_dict(for_json=True)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        raise _translated(error) from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise StripeUnavailable("Stripe's answer broke off.") from None


def _translated(error: stripe.StripeError) -> GatewayError:
    status = error.http_status
    if status is not None and status >= 500 and error.headers and "idempotent-replayed" in error.headers:
        return StripeRefused("Stripe ran into an error of its own. Please submit again.", code=REPLAYED)
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError | stripe.APIError) or (
        status is not None and (status >= 500 or status in (409, 429))
    ):
        return StripeUnavailable("Stripe is not answering at the moment.")
    if isinstance(error, stripe.AuthenticationError):
        return StripeKeyRefused(
            "Stripe doesn't accept the app's API key. Ask whoever runs Paylink to check it.", code="invalid_api_key"
        )
    if isinstance(error, stripe.IdempotencyError):
        return StripeRefused("Stripe was asked for something else under the same key.", code=KEY_REUSED)
    message = _KEY.sub(r"\1…", error.user_message or "Stripe refused the request")
    kind = StripeKeyRefused if isinstance(error, stripe.PermissionError) else StripeRefused
    return kind(_sentence(message), code=error.code, param=getattr(error, "param", None))


def _sentence(text: str) -> str:
    """Stripe leaves the full stop off some of its messages."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
