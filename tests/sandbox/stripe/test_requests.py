"""Keys, parameters, errors, paging, expanding: what every endpoint has in common."""

from typing import Any

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.api import ONE_OFF, Raw


async def test_a_wrong_key_is_refused_without_showing_it(sandbox: StripeSandbox) -> None:
    status, body = await Raw(sandbox, "sk_test_51" + "x" * 40).request("GET", "/v1/products")
    assert status == 401
    assert body["error"]["message"] == "Invalid API Key provided: sk_test_********xxxx"
    status, _ = await Raw(sandbox, "").request("GET", "/v1/products")
    assert status == 401


async def test_an_unknown_parameter_is_named_as_stripe_does(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    error = await raw.refused("/v1/products", {"name": "X", "foo": 1})
    request_id = raw.headers["Request-Id"]
    assert error == {
        "type": "invalid_request_error",
        "code": "parameter_unknown",
        "message": "Received unknown parameter: foo",
        "param": "foo",
        "doc_url": "https://stripe.com/docs/error-codes/parameter-unknown",
        "request_log_url": f"https://dashboard.stripe.com/test/logs/{request_id}?t=0",
    }
    assert raw.headers["Stripe-Version"] == "2026-10-28.endive"
    assert raw.headers["Stripe-Should-Retry"] == "false"


@pytest.mark.parametrize(
    ("path", "params", "code", "param"),
    [
        ("/v1/payment_links", {}, "parameter_missing", "line_items"),
        ("/v1/products", {}, "parameter_missing", "name"),
        ("/v1/products", {"name": ""}, "parameter_invalid_empty", "name"),
        ("/v1/products", {"name": "X", "active": "yes"}, None, "active"),
        ("/v1/products", {"name": "X", "url": "nowhere"}, "url_invalid", "url"),
        ("/v1/products", {"name": "X", "metadata": {"k" * 41: "v"}}, None, "metadata"),
        ("/v1/products", {"name": "X", "metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ("/v1/products", {"name": "X", "metadata": {str(n): "v" for n in range(51)}}, None, "metadata"),
        (
            "/v1/prices",
            {"currency": "usd", "unit_amount": "12.5"},
            "parameter_invalid_integer",
            "unit_amount",
        ),
        ("/v1/prices", {"currency": "usd", "unit_amount": "１２"}, "parameter_invalid_integer", "unit_amount"),
        ("/v1/prices", {"currency": "usd", "unit_amount": -1}, "parameter_invalid_integer", "unit_amount"),
        ("/v1/prices", {"currency": "xyz", "unit_amount": 1}, None, "currency"),
        ("/v1/payment_links", {"line_items": "x"}, None, "line_items"),
        ("/v1/payment_links", {"line_items": [{"price": "price_x"}]}, "parameter_missing", "line_items[0][quantity]"),
        (
            "/v1/payment_links",
            {"line_items": [{"price": "price_x", "quantity": 1}]},
            "resource_missing",
            "line_items[0][price]",
        ),
        (
            "/v1/payment_links",
            {"line_items": [ONE_OFF], "submit_type": "beg"},
            None,
            "submit_type",
        ),
    ],
)
async def test_wrong_parameters_are_refused_by_name(
    sandbox: StripeSandbox, path: str, params: dict[str, Any], code: str | None, param: str
) -> None:
    error = await Raw(sandbox).refused(path, params)
    assert (error.get("code"), error["param"]) == (code, param)


async def test_what_is_missing_is_404(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await sdk.v1.prices.retrieve_async("price_x")
    assert refusal.value.http_status == 404
    assert refusal.value.code == "resource_missing"
    assert refusal.value.user_message == "No such price: 'price_x'"


async def test_an_unknown_path_and_a_large_body_are_refused(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    status, body = await raw.request("GET", "/v1/nothing")
    assert (status, body["error"]["type"]) == (404, "invalid_request_error")
    status, _ = await raw.request("POST", "/v1/products", {"name": "x" * 1_200_000})
    assert status == 413


async def test_requests_are_logged(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    product = await sdk.v1.products.create_async({"name": "Mug"}, {"idempotency_key": "k1"})
    (entry,) = sandbox.requests
    assert (entry.method, entry.path, entry.params) == ("POST", "/v1/products", {"name": "Mug"})
    assert (entry.idempotency_key, entry.status) == ("k1", 200)
    assert product.last_response is not None
    assert product.last_response.request_id == entry.request_id
    assert sandbox.secret_key not in repr(entry) + str(entry.headers)


async def test_lists_are_newest_first_and_page_both_ways(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    sandbox.seed_catalog(25)
    newest_first = list(sandbox.account.tables["product"])[::-1]
    page = await sdk.v1.products.list_async({"limit": 10})
    assert [item.id for item in page.data] == newest_first[:10]
    assert page.has_more
    everything = [item.id async for item in page.auto_paging_iter()]
    assert everything == newest_first
    back = await sdk.v1.products.list_async({"limit": 10, "ending_before": newest_first[15]})
    assert [item.id for item in back.data] == newest_first[5:15]
    assert back.has_more
    last = await sdk.v1.products.list_async({"limit": 10, "starting_after": newest_first[15]})
    assert [item.id for item in last.data] == newest_first[16:]
    assert not last.has_more
    with pytest.raises(stripe.InvalidRequestError):
        await sdk.v1.products.list_async({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError):
        await sdk.v1.products.list_async({"starting_after": "prod_x"})


async def test_only_what_can_be_expanded_is_expanded(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    link = await Raw(sandbox).link()
    plain = await sdk.v1.payment_links.retrieve_async(link["id"])
    assert "line_items" not in plain
    found = await sdk.v1.payment_links.retrieve_async(link["id"], {"expand": ["line_items.data.price.product"]})
    assert found.line_items is not None
    price = found.line_items.data[0].price
    assert price is not None
    assert isinstance(price.product, stripe.Product)
    assert price.product.name == "T-shirt"
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        await sdk.v1.payment_links.list_async({"expand": ["data.line_items.data.price.product"]})
    for path in ("nothing", "currency", "line_items.data.nothing"):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            await sdk.v1.payment_links.retrieve_async(link["id"], {"expand": [path]})


async def test_accounts_do_not_see_each_other(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link()
    other = Raw(sandbox, sandbox.add_account("Other").secret_key)
    status, body = await other.request("GET", f"/v1/payment_links/{link['id']}")
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    status, body = await other.request("GET", "/v1/events")
    assert (status, body["data"]) == (200, [])
    _, account = await other.request("GET", "/v1/account")
    assert account["settings"]["dashboard"]["display_name"] == "Other"


async def test_ids_are_stripes_and_the_same_for_a_seed() -> None:
    made = []
    for _ in range(2):
        async with StripeSandbox(seed=7) as sandbox:
            made.append((await Raw(sandbox).link())["id"])
    assert made[0] == made[1]
    assert made[0].startswith("plink_1")
