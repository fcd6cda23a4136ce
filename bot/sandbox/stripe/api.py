"""The `/v1` face: who asks, with which parameters, was it asked before, and the answer in Stripe's manner."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.sandbox.faults import FAULT_KEY
from bot.sandbox.stripe import forms
from bot.sandbox.stripe.endpoints import Endpoint
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.expansion import expand
from bot.sandbox.stripe.idempotency import Stored, fingerprint
from bot.sandbox.stripe.state import API_VERSION, Account, Context, World
from bot.sandbox.stripe.tables import JSON


@dataclass
class LoggedRequest:
    """One API request as it was answered. `status` is 0 when the connection was cut instead."""

    method: str
    path: str
    params: Mapping[str, Any]
    idempotency_key: str | None
    request_id: str
    status: int = 0
    replayed: bool = False
    fault: str | None = None
    account: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


_ENTRY: web.RequestKey[LoggedRequest] = web.RequestKey("entry", LoggedRequest)
_ACCOUNT: web.RequestKey[Account] = web.RequestKey("account", Account)


class Api:
    """Serves endpoints for the accounts of a world, and logs every request under `/v1`."""

    def __init__(self, world: World, log: Callable[[LoggedRequest], None]) -> None:
        self._world = world
        self._log = log

    def handler(self, endpoint: Endpoint) -> Handler:
        """The aiohttp handler of one endpoint."""

        async def serve(request: web.Request) -> web.Response:
            return self._serve(endpoint, request)

        return serve

    @property
    def middleware(self) -> Middleware:
        """Reads and logs the request, names the account, and holds its idempotency key while it is worked on."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith("/v1/"):
                return await handler(request)
            entry = LoggedRequest(
                method=request.method,
                path=request.path,
                params={},
                idempotency_key=request.headers.get("Idempotency-Key"),
                request_id=f"req_{self._world.ids.letters(14)}",
                headers={k: v for k, v in request.headers.items() if k.lower() != "authorization"},
            )
            request[_ENTRY] = entry
            response = await self._guarded(request, handler, entry)
            entry.fault = request.get(FAULT_KEY)
            entry.status = 0 if str(entry.fault).startswith("drop") else response.status
            self._log(entry)
            return response

        return guard

    async def _guarded(self, request: web.Request, handler: Handler, entry: LoggedRequest) -> web.StreamResponse:
        try:
            account = request[_ACCOUNT] = self._authenticate(request)
            entry.account = account.id
            entry.params = await _parameters(request)
            key = entry.idempotency_key if request.method == "POST" else None
            if key:
                account.idempotency.begin(key, self._world.clock())
            try:
                response = await handler(request)
            finally:
                if key:
                    account.idempotency.end(key)
        except StripeError as error:
            response = _error_response(error, entry)
        except web.HTTPException as error:
            response = _error_response(_unrecognized(request, error.status), entry)
        if not response.prepared:
            response.headers.update(_common_headers(entry))
        return response

    def _authenticate(self, request: web.Request) -> Account:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        key = credentials.strip()
        if scheme.lower() == "basic":
            key = _basic_user(key)
        if not key:
            message = "You did not provide an API key. You need to provide your API key in the Authorization header."
            raise StripeError(message, status=401)
        if key not in self._world.accounts:
            hidden = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * 8
            raise StripeError(f"Invalid API Key provided: {hidden}", status=401)
        return self._world.accounts[key]

    def _serve(self, endpoint: Endpoint, request: web.Request) -> web.Response:
        entry = request[_ENTRY]
        account = request[_ACCOUNT]
        key = entry.idempotency_key if endpoint.method == "POST" else None
        print_of = fingerprint(request.method, request.path, entry.params)
        if key and (stored := account.idempotency.replay(key, print_of)):
            entry.replayed = True
            headers = {"Idempotent-Replayed": "true", "Original-Request": stored.request_id}
            return _json(stored.body, stored.status, headers)
        params = endpoint.parse(entry.params)
        context = Context(self._world, account, entry.request_id, entry.idempotency_key)
        status, body = self._execute(endpoint, context, params, request.match_info.get("id", ""))
        if key:
            answer = Stored(print_of, entry.request_id, status, body, self._world.clock())
            account.idempotency.store(key, answer)
        return _json(body, status, {"Original-Request": entry.request_id} if key else {})

    @staticmethod
    def _execute(endpoint: Endpoint, ctx: Context, params: JSON, object_id: str) -> tuple[int, str]:
        paths = params.pop("expand", [])
        try:
            with ctx.transaction():
                answer = expand(ctx, endpoint.handle(ctx, params, object_id), paths)
        except StripeError as error:
            return error.status, json.dumps(error.body(ctx.request_id))
        return 200, json.dumps(answer)


async def _parameters(request: web.Request) -> dict[str, forms.Raw]:
    query = parse_qsl(request.query_string, keep_blank_values=True)
    if request.method == "GET":
        return forms.decode(query)
    try:
        body = (await request.read()).decode()
        pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body), errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise StripeError("Invalid request body: it must be form-encoded UTF-8.") from error
    return forms.decode([*query, *pairs])


def _basic_user(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def _unrecognized(request: web.Request, status: int) -> StripeError:
    if status == 413:
        return StripeError("Request body is too large.", status=413)
    message = (
        f"Unrecognized request URL ({request.method}: {request.path}). "
        "Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
    )
    return StripeError(message, status=404)


def _error_response(error: StripeError, entry: LoggedRequest) -> web.Response:
    return _json(json.dumps(error.body(entry.request_id)), error.status, {})


def _json(body: str, status: int, headers: Mapping[str, str]) -> web.Response:
    return web.Response(text=body, status=status, content_type="application/json", headers=headers)


def _common_headers(entry: LoggedRequest) -> dict[str, str]:
    headers = {"Request-Id": entry.request_id, "Stripe-Version": API_VERSION}
    if entry.idempotency_key:
        headers["Idempotency-Key"] = entry.idempotency_key
    return headers


@web.middleware
async def should_retry(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Adds `Stripe-Should-Retry` to API answers, as Stripe's libraries expect."""
    response = await handler(request)
    if not request.path.startswith("/v1/") or response.prepared or response.status < 400:
        return response
    retry = response.status in (409, 429) or response.status >= 500
    response.headers.setdefault("Stripe-Should-Retry", "true" if retry else "false")
    return response
