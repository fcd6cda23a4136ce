"""The pages a person sees: payment, confirmation, receipts, and the Dashboard's few screens."""

import html
import json
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.stripe.checkout.address import prefilled_email
from bot.sandbox.stripe.checkout.errors import PaymentRefused
from bot.sandbox.stripe.dashboard.board import Dashboard
from bot.sandbox.stripe.driver import Driver
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.papers.pdf import pdf
from bot.sandbox.stripe.papers.receipts import paper
from bot.sandbox.stripe.state import Account
from bot.sandbox.stripe.tables import JSON
from bot.sandbox.stripe.webhooks import Webhooks

_FOLDER = Path(__file__).parent / "pages"
_FRAME = re.compile(r"\{\{(\w+)\}\}")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: https: http:; frame-ancestors 'self'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def page(script: str, data: JSON, title: str, *, style: str = "notice", lang: str = "en") -> web.Response:
    """A page with its data in it, for one of the scripts to draw in one of the styles."""
    boot = json.dumps(data).replace("<", "\\u003c")
    filled = {"script": script, "style": style, "lang": html.escape(lang), "title": html.escape(title), "data": boot}
    text = _FRAME.sub(lambda place: filled[place[1]], (_FOLDER / "page.html").read_text(encoding="utf-8"))
    return web.Response(text=text, content_type="text/html", headers=_HEADERS)


def answering(action: Callable[[Any, web.Request], Awaitable[JSON]]) -> Callable[[Any, web.Request], Any]:
    """A JSON endpoint: a refusal becomes 402 with its field, and something that isn't there 404."""

    @wraps(action)
    async def answer(self: Any, request: web.Request) -> web.Response:
        try:
            return web.json_response(await action(self, request))
        except PaymentRefused as error:
            body = {"message": error.message, "field": error.field, "code": getattr(error, "code", None)}
            return web.json_response({"error": body}, status=402)
        except StripeError as error:
            return web.json_response(error.body(), status=error.status)
        except KeyError:
            return web.json_response({"error": {"message": "Not found."}}, status=404)

    return answer


async def json_body(request: web.Request) -> JSON:
    """The JSON object sent; only `application/json` is taken, so that no other site can post here."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType()
    try:
        body = await request.json()
    except ValueError as error:
        raise web.HTTPBadRequest() from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest()
    return body


class Pages:
    """Routes of everything outside `/v1`. The Dashboard is the first account's."""

    def __init__(self, driver: Driver, webhooks: Webhooks, account: Account) -> None:
        self._shop = driver.shop
        self._world = driver.world
        self._dashboard = Dashboard(driver, webhooks, account)

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        router = app.router
        router.add_get("/", self._home)
        router.add_static("/assets", _FOLDER / "assets")
        router.add_get("/pay/{slug}", self._pay_page)
        router.add_get("/pay/{slug}/thanks/{session}", self._thanks)
        router.add_post("/pay/{slug}/{session}/choose", self._choose)
        router.add_post("/pay/{slug}/{session}/pay", self._pay)
        router.add_get("/receipts/{id}", self._paper)
        router.add_get("/invoices/{id}", self._paper)
        router.add_get("/invoices/{id}/pdf", self._pdf)
        router.add_get("/dashboard", self._dashboard_page)
        router.add_get("/dashboard/data", self._dashboard_data)
        router.add_post("/dashboard/act", self._dashboard_act)

    async def _home(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/dashboard")

    async def _pay_page(self, request: web.Request) -> web.Response:
        slug = request.match_info["slug"]
        try:
            ctx, _ = self._shop.link(slug)
            inactive = self._shop.inactive_message(slug)
            if inactive is not None:
                data = {"merchant": ctx.account.name, "livemode": ctx.account.livemode, "message": inactive}
                return page("inactive", data, f"{ctx.account.name} — link inactive")
            session_id = request.query.get("session") or self._shop.visit(slug, request.query)["id"]
            view = self._shop.view(slug, session_id)
        except KeyError as error:
            raise web.HTTPNotFound(text="Something went wrong: there is no such payment page.") from error
        prefilled = prefilled_email(request.query)
        data = {**view, "base": f"/pay/{slug}/{session_id}", "prefilled_email": prefilled}
        lang = "en" if view["locale"] == "auto" else view["locale"]
        return page("pay", data, f"{ctx.account.name} — checkout", style="pay", lang=lang)

    @answering
    async def _choose(self, request: web.Request) -> JSON:
        choices = await json_body(request)
        return self._shop.choose(request.match_info["slug"], request.match_info["session"], choices)

    @answering
    async def _pay(self, request: web.Request) -> JSON:
        slug, session_id = request.match_info["slug"], request.match_info["session"]
        self._shop.pay(slug, session_id, await json_body(request))
        return {"next": self._shop.next_url(slug, session_id)}

    async def _thanks(self, request: web.Request) -> web.Response:
        try:
            link, session, view = self._shop.confirmation(request.match_info["slug"], request.match_info["session"])
        except KeyError as error:
            raise web.HTTPNotFound(text="There is no such payment.") from error
        data = {
            **view,
            "message": (link["after_completion"].get("hosted_confirmation") or {}).get("custom_message"),
            "payment_status": session["payment_status"],
            "email": session["customer_details"]["email"],
        }
        return page("thanks", data, f"{view['merchant']} — thank you")

    async def _paper(self, request: web.Request) -> web.Response:
        data = self._read_paper(request)
        return page("paper", data, f"{data['merchant']} — {data['title']} {data['number']}")

    async def _pdf(self, request: web.Request) -> web.Response:
        data = self._read_paper(request)
        name = f"{data['title']}-{data['number']}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"', **_HEADERS}
        return web.Response(body=pdf(data), content_type="application/pdf", headers=headers)

    def _read_paper(self, request: web.Request) -> JSON:
        data = paper(self._world, request.match_info["id"])
        if data is None:
            raise web.HTTPNotFound(text="There is no such receipt or invoice.")
        return data

    async def _dashboard_page(self, request: web.Request) -> web.Response:
        data = self._dashboard.data()
        return page("dashboard", data, f"{data['merchant']} — Dashboard", style="dashboard")

    async def _dashboard_data(self, request: web.Request) -> web.Response:
        return web.json_response(self._dashboard.data())

    @answering
    async def _dashboard_act(self, request: web.Request) -> JSON:
        body = await json_body(request)
        amount = body.get("amount")
        if amount is not None and (not isinstance(amount, int) or amount < 1):
            raise PaymentRefused("Enter an amount.", "amount")
        return await self._dashboard.act(str(body.get("action")), str(body.get("id")), amount)
