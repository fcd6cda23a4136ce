import hmac
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from bot.errors import GatewayError, StripeKeyRefused, StripeRefused, StripeUnavailable
from bot.gateways.stripe import KEY_REUSED, REPLAYED, BadSignature, StripeGateway, verify_webhook
from tests.gateways.edge import Edge

KEY = "sk_test_verysecret"
SECRET = "whsec_verysecret"
NOW = 1_800_000_000.0


@pytest.fixture
async def stripe(edge: Edge) -> AsyncIterator[StripeGateway]:
    gateway = StripeGateway(KEY, api_base=edge.url, timeout=2)
    yield gateway
    await gateway.close()


def error(message: str, kind: str = "invalid_request_error", **more: str) -> dict[str, object]:
    return {"error": {"type": kind, "message": message, **more}}


def signed(body: bytes, at: float = NOW, secret: str = SECRET) -> str:
    digest = hmac.new(secret.encode(), f"{at:.0f}.".encode() + body, sha256).hexdigest()
    return f"t={at:.0f},v1={digest},v0=old"


LINK = {
    "id": "plink_1",
    "object": "payment_link",
    "currency": "eur",
    "line_items": {"object": "list", "has_more": False, "data": []},
}


async def test_creating_sends_the_key_and_asks_for_the_items(stripe: StripeGateway, edge: Edge) -> None:
    edge.answer(LINK)
    params = {"line_items": [{"price": "price_1", "quantity": 2}], "metadata": {"paylink_team": "T1"}}
    assert await stripe.create_payment_link(params, "d1:3") == LINK
    asked = edge.asked[0]
    assert (asked.method, asked.path, asked.headers["Idempotency-Key"]) == ("POST", "/v1/payment_links", "d1:3")
    assert asked.given == {
        "line_items[0][price]": "price_1",
        "line_items[0][quantity]": "2",
        "metadata[paylink_team]": "T1",
        "expand[0]": "line_items.data.price.product",
        "expand[1]": "line_items.data.price.tiers",
    }


async def test_decimals_come_as_text(stripe: StripeGateway, edge: Edge) -> None:
    price = {
        "id": "price_1",
        "object": "price",
        "unit_amount_decimal": "0.5",
        "product": {"id": "prod_1", "object": "product"},
    }
    edge.answer(price)
    assert await stripe.price("price_1") == price


async def test_all_line_items_are_read_when_there_are_many(stripe: StripeGateway, edge: Edge) -> None:
    items = [{"id": f"li_{at}", "object": "item", "price": {"currency": "eur"}} for at in range(3)]
    edge.answer({**LINK, "line_items": {"object": "list", "has_more": True, "data": items[:1]}})
    edge.answer({"object": "list", "has_more": True, "data": items[:2]})
    edge.answer({"object": "list", "has_more": False, "data": items[2:]})
    link = await stripe.payment_link("plink_1")
    assert [item["id"] for item in link["line_items"]["data"]] == ["li_0", "li_1", "li_2"]
    assert link["line_items"]["has_more"] is False
    assert edge.asked[2].path == "/v1/payment_links/plink_1/line_items"
    assert edge.asked[2].given["starting_after"] == "li_1"


async def test_a_session_is_read_as_every_other_resource_is(stripe: StripeGateway, edge: Edge) -> None:
    session = {"id": "cs_1", "object": "checkout.session", "line_items": LINK["line_items"]}
    edge.answer(session)
    edge.answer({"id": "acct_1", "object": "account"})
    edge.answer(error("No such checkout session: 'cs/2'", code="resource_missing"), status=404)
    assert await stripe.checkout_session("cs_1") == session
    await stripe.account()
    with pytest.raises(StripeRefused, match="No such checkout session") as refused:
        await stripe.checkout_session("cs/2")
    assert refused.value.code == "resource_missing"
    read, other, missing = edge.asked
    assert (read.method, read.path, missing.path) == ("GET", "/v1/checkout/sessions/cs_1", "/v1/checkout/sessions/cs/2")
    assert read.given["expand[0]"] == "line_items"
    for name in ("Authorization", "Stripe-Version", "User-Agent"):
        assert read.headers[name] == other.headers[name]


async def test_lists_go_on_to_the_end(stripe: StripeGateway, edge: Edge) -> None:
    edge.answer({"object": "list", "has_more": True, "data": [{"id": "evt_2", "object": "event"}]})
    edge.answer({"object": "list", "has_more": False, "data": [{"id": "evt_1", "object": "event"}]})
    found = [event["id"] async for event in stripe.events({"price.created", "checkout.session.completed"}, 17)]
    assert found == ["evt_2", "evt_1"]
    assert edge.asked[1].given == {
        "types[0]": "checkout.session.completed",
        "types[1]": "price.created",
        "created[gte]": "17",
        "starting_after": "evt_2",
        "limit": "100",
    }


async def test_more_types_than_stripe_takes_at_once_are_asked_for_in_groups(stripe: StripeGateway, edge: Edge) -> None:
    for number in range(3):
        edge.answer({"object": "list", "has_more": False, "data": [{"id": f"evt_{number}", "object": "event"}]})
    types = {f"kind.{number:02}" for number in range(45)}
    assert [event["id"] async for event in stripe.events(types, 17)] == ["evt_0", "evt_1", "evt_2"]
    asked = [{value for name, value in one.given.items() if name.startswith("types")} for one in edge.asked]
    assert [len(group) for group in asked] == [20, 20, 5]
    assert set.union(*asked) == types


@pytest.mark.parametrize(
    ("status", "body", "headers", "expected"),
    [
        (400, error("No such price.", code="resource_missing", param="line_items[0][price]"), {}, StripeRefused),
        (402, error("Declined.", "card_error", code="card_declined"), {}, StripeRefused),
        (401, error(f"Invalid API Key provided: {KEY}"), {}, StripeKeyRefused),
        (403, error(f"The provided key {KEY} is restricted."), {}, StripeKeyRefused),
        (400, error("Same key, other parameters.", "idempotency_error"), {}, StripeRefused),
        (429, error("Too many requests.", code="rate_limit"), {}, StripeUnavailable),
        (409, error("In use.", code="idempotency_key_in_use"), {"Stripe-Should-Retry": "false"}, StripeUnavailable),
        (500, error("Oops.", "api_error"), {"Stripe-Should-Retry": "false"}, StripeUnavailable),
        (
            500,
            error("Oops.", "api_error"),
            {"Stripe-Should-Retry": "false", "Idempotent-Replayed": "true"},
            StripeRefused,
        ),
        (502, "<html>Bad gateway</html>", {"Stripe-Should-Retry": "false"}, StripeUnavailable),
    ],
)
async def test_what_an_error_means(
    stripe: StripeGateway,
    edge: Edge,
    status: int,
    body: dict[str, object] | str,
    headers: dict[str, str],
    expected: type[GatewayError],
) -> None:
    edge.answer(body, status, headers)
    with pytest.raises(expected) as caught:
        await stripe.create_payment_link({"line_items": []}, "d1:1")
    assert type(caught.value) is expected
    assert "verysecret" not in str(caught.value)
    assert "req_" not in str(caught.value)


async def test_a_refusal_names_its_parameter(stripe: StripeGateway, edge: Edge) -> None:
    edge.answer(error("No such price: 'price_x'", code="resource_missing", param="line_items[0][price]"), 400)
    with pytest.raises(StripeRefused) as caught:
        await stripe.create_payment_link({}, "d1:1")
    refused = caught.value
    assert (str(refused), refused.code, refused.param) == (
        "No such price: 'price_x'.",
        "resource_missing",
        "line_items[0][price]",
    )


async def test_codes_of_our_own(stripe: StripeGateway, edge: Edge) -> None:
    edge.answer(error("Oops.", "api_error"), 500, {"Stripe-Should-Retry": "false", "Idempotent-Replayed": "true"})
    edge.answer(error("Invalid API Key"), 401)
    edge.answer(error("Same key, other parameters.", "idempotency_error"), 400)
    codes = []
    for _ in range(3):
        with pytest.raises(StripeRefused) as caught:
            await stripe.create_payment_link({}, "d1:1")
        codes.append(caught.value.code)
    assert codes == [REPLAYED, "invalid_api_key", KEY_REUSED]


async def test_nobody_there(edge: Edge) -> None:
    gateway = StripeGateway(KEY, api_base=edge.url, timeout=2)
    edge.hang_up()
    edge.hang_up()
    edge.hang_up()
    edge.answer(LINK)
    with pytest.raises(StripeUnavailable):
        await gateway.create_payment_link({}, "d1:1")
    assert {asked.headers["Idempotency-Key"] for asked in edge.asked} == {"d1:1"}
    assert len(edge.asked) == 3
    await gateway.close()


async def test_the_other_calls_go_where_they_should(stripe: StripeGateway, edge: Edge) -> None:
    edge.answer({"id": "acct_1", "object": "account"})
    edge.answer({"object": "list", "has_more": False, "data": [{"id": "x_1", "object": "thing"}]})
    assert (await stripe.account())["id"] == "acct_1"
    assert await stripe.webhook_endpoints() == [{"id": "x_1", "object": "thing"}]
    assert [product["id"] async for product in stripe.products()] == ["x_1"]
    assert [price["id"] async for price in stripe.prices("price_9")] == ["x_1"]
    assert edge.asked[-1].given["starting_after"] == "price_9"


@pytest.mark.parametrize("at", [NOW, NOW - 300, NOW + 300])
def test_a_good_signature_passes(at: float) -> None:
    verify_webhook(b'{"id":"evt_1"}', signed(b'{"id":"evt_1"}', at), SECRET, NOW)


@pytest.mark.parametrize("also", ["=1", "=", ",t=x", ",v1=", ",v0=a=b,,"])
def test_what_the_sdk_lets_pass_besides_is_let_pass(also: str) -> None:
    at, _, signatures = signed(b"{}", NOW).partition(",")
    verify_webhook(b"{}", f"{at}{also},{signatures}", SECRET, NOW)


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (b"{}", None),
        (b"{}", ""),
        (b"{}", "v1=abc"),
        (b"{}", "t=abc,v1=abc"),
        (b"{}", f"t={NOW:.0f}"),
        (b"{ }", signed(b"{}")),
        (b"{}", signed(b"{}", secret="whsec_other")),
        (b"{}", signed(b"{}", NOW - 301)),
        (b"{}", signed(b"{}", NOW + 301)),
        (b"\xff\xfe", signed(b"\xff\xfe")),
    ],
)
def test_a_bad_signature_a_stale_and_a_future_one_do_not(body: bytes, header: str | None) -> None:
    with pytest.raises(BadSignature) as caught:
        verify_webhook(body, header, SECRET, NOW)
    assert "verysecret" not in str(caught.value)
