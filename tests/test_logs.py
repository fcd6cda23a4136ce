"""The log: a line of JSON for each happening, a reference in each line of a request, and nothing anybody must hide."""

import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from typing import Any, Protocol

import pytest
import structlog

from bot import logs
from tests.conftest import Clock
from tests.harness import World, world
from tests.running.command import own_logging
from tests.running.town import CUSTOMER, LINE, NAME, walk

Json = dict[str, Any]


class Configure(Protocol):
    def __call__(self, level: str = "info", style: str = "json") -> StringIO: ...


@pytest.fixture
def configure() -> Iterator[Configure]:
    """Configures logging and gives what is written from then on; undone afterwards."""

    def configured(level: str = "info", style: str = "json") -> StringIO:
        with redirect_stderr(StringIO()) as written:
            logs.configure(level, style)
        return written

    with own_logging():
        yield configured


def lines(written: StringIO) -> list[Json]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def secrets_of(opened: World) -> set[str]:
    """Everything that must never leave the process."""
    settings = opened.paylink.settings
    hidden = (
        settings.slack_bot_token,
        settings.slack_signing_secret,
        settings.slack_app_token,
        settings.stripe_secret_key,
        settings.stripe_webhook_secret,
    )
    return {secret.get_secret_value() for secret in hidden if secret is not None}


async def trouble(opened: World) -> None:
    """A journey on which much goes wrong, and some of it in ways that nobody foresaw."""
    slack, stripe = opened.slack, opened.stripe
    refusal = {"error": {"type": "invalid_request_error", "message": f"No, {CUSTOMER['name']}, {stripe.secret_key}."}}
    stripe.faults.add("POST /v1/payment_links", "status", status=400, body=refusal)
    slack.faults.add("POST /api/chat.postMessage", "status", status=500)
    slack.faults.add("POST /api/chat.postMessage", "drop_after")
    ada = slack.person("ada")
    await ada.command(LINE, "sales")
    await opened.settle()
    await ada.fill({"Name": NAME})
    await ada.submit()
    await opened.settle()
    await ada.close(clear=True)
    await walk(opened)
    slack.faults.add("POST /api/chat.update", "status", status=200, body={"ok": False, "error": slack.bot_token})
    slack.faults.add("POST /api/views.open", "status", status=200, body={"ok": False, "error": CUSTOMER["email"]})
    await ada.command("/paylink list", "sales")
    await opened.settle()
    (link,) = stripe.payment_links.values()
    await stripe.pay(link["url"], **CUSTOMER)
    await opened.settle()


@pytest.mark.one_database
@pytest.mark.parametrize("level", ["info", "debug"])
@pytest.mark.parametrize("happens", [walk, trouble])
async def test_a_journey_gives_nothing_away(
    database_url: str, clock: Clock, configure: Configure, level: str, happens: Any
) -> None:
    written = configure(level)
    async with world(database_url, clock) as opened:
        await happens(opened)
        hidden = secrets_of(opened)
    assert written.getvalue()
    assert [secret for secret in hidden if secret in written.getvalue()] == []
    assert [line for line in lines(written) if line["level"] != "debug" and tells_of_the_customer(line)] == []


def tells_of_the_customer(line: Json) -> bool:
    return any(words.lower() in json.dumps(line).lower() for words in (*CUSTOMER.values(), "Hamilton"))


@pytest.mark.one_database
async def test_each_line_of_a_request_has_its_reference(database_url: str, clock: Clock, configure: Configure) -> None:
    written = configure("debug")
    async with world(database_url, clock) as opened:
        await walk(opened)
    requests = [line for line in lines(written) if line["event"] == "request"]
    references = {line["reference"] for line in requests}
    assert len(references) == len(requests) > 2
    (submitted,) = [line for line in lines(written) if line["event"] == "link_submitted"]
    assert submitted["reference"] in references


def test_a_line_says_when_how_and_what(configure: Configure) -> None:
    written = configure()
    structlog.get_logger().info("card posted", channel="C1", attempts=2)
    structlog.get_logger().debug("not shown")
    (line,) = lines(written)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "card posted", "level": "info", "channel": "C1", "attempts": 2}


def test_libraries_write_the_same_lines(configure: Configure) -> None:
    written = configure()
    logging.getLogger("somebody.else").warning("%s is full", "disk")
    (line,) = lines(written)
    assert (line["event"], line["level"]) == ("disk is full", "warning")


@pytest.mark.parametrize("logger", ["structlog", "logging"])
def test_an_exception_is_told_by_kind_and_place_without_its_words(configure: Configure, logger: str) -> None:
    written = configure()
    words = " ".join(CUSTOMER.values())
    try:
        try:
            int(words)
        except ValueError as error:
            raise LookupError(words) from error
    except LookupError:
        (structlog.get_logger() if logger == "structlog" else logging.getLogger("x")).exception("failed")
    (line,) = lines(written)
    assert (line["event"], line["level"]) == ("failed", "error")
    assert "builtins.LookupError" in line["exception"]
    assert "caused by\nbuiltins.ValueError" in line["exception"]
    assert "test_logs.py" in line["exception"]
    assert not tells_of_the_customer(line)


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-000000000001-000000000002-abcdef",
        "xapp-1-A0000-1-abcdef",
        "sk_live_51abcdef",
        "rk_test_51abcdef",
        "whsec_abcdef",
    ],
)
@pytest.mark.parametrize("style", ["json", "console"])
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(configure: Configure, secret: str, style: str) -> None:
    written = configure("info", style)
    log = structlog.get_logger()
    log.info(f"called with {secret}")
    log.info("called", token=secret, headers={"Authorization": [f"Bearer {secret}"]})
    logging.getLogger("x").warning("called with %s", {secret: secret})
    assert secret not in written.getvalue()
    assert written.getvalue().count("[secret]") == 5


def test_the_password_in_a_url_is_masked(configure: Configure) -> None:
    written = configure()
    structlog.get_logger().info("connecting", url="postgresql://paylink:pass-word@db.example/paylink")
    (line,) = lines(written)
    assert line["url"] == "postgresql://[secret]@db.example/paylink"
