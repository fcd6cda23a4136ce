"""What every request has in common: a reference, a limit, errors as JSON that give nothing away."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO, StringIO

import pytest
from aiohttp import ClientSession, web
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from bot import logs
from bot.errors import PaylinkError
from bot.web import app as http
from bot.web.metrics import Metrics
from bot.web.server import listening
from tests.running.command import own_logging


async def fail(request: web.Request) -> web.Response:
    raise RuntimeError(await request.text())


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def client(metrics: Metrics) -> AsyncIterator[ClientSession]:
    application = http.create({"/echo": echo, "/fail": fail}, {"/healthz": echo}, metrics)
    async with listening(application, "127.0.0.1", 0) as url, ClientSession(url) as session:
        yield session


async def test_every_answer_has_a_reference_of_its_own(client: ClientSession) -> None:
    seen = set()
    for path in ("/healthz", "/healthz", "/nowhere"):
        async with client.get(path) as answer:
            seen.add(answer.headers["X-Request-Id"])
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/nowhere", 404, "Not Found"),
        ("GET", "/echo/../../etc/passwd", 404, "Not Found"),
        ("GET", "/echo", 405, "Method Not Allowed"),
        ("DELETE", "/healthz", 405, "Method Not Allowed"),
    ],
)
async def test_unknown_paths_and_wrong_methods(
    client: ClientSession, method: str, path: str, status: int, error: str
) -> None:
    async with client.request(method, path) as answer:
        assert (answer.status, await answer.json()) == (status, {"error": error})
        assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("size", [http.MAX_BODY, http.MAX_BODY + 1])
async def test_a_body_may_have_one_mebibyte(client: ClientSession, size: int) -> None:
    async with client.post("/echo", data=BytesIO(b" " * size)) as answer:
        assert answer.status == (200 if size == http.MAX_BODY else 413)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_not_encoded_as_it_says_is_the_sender_s_mistake(
    client: ClientSession, encoding: str
) -> None:
    async with client.post("/echo", data=BytesIO(b"plain"), headers={"Content-Encoding": encoding}) as answer:
        assert (answer.status, await answer.json()) == (400, {"error": "malformed_body"})


async def test_a_sender_who_goes_before_the_end_is_no_failure(client: ClientSession, metrics: Metrics) -> None:
    async with client.get("/healthz") as answer:
        at = answer.url
    with capture_logs() as logged:
        reader, writer = await asyncio.open_connection(at.host, at.port)
        writer.write(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf")
        writer.write_eof()
        await reader.read()
        writer.close()
        while b'route="/echo"' not in metrics.render():  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert logged == []
    assert b'status="500"' not in metrics.render()


async def test_a_failure_is_a_reference_that_is_also_in_the_log(
    client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = StringIO()
    monkeypatch.setattr("sys.stderr", written)
    with own_logging():
        logs.configure()
        async with client.post("/fail", data="the customer is Margaret, the key sk_test_12345678") as answer:
            assert answer.status == 500
            told = await answer.json()
    assert told == {"error": "internal_error", "reference": answer.headers["X-Request-Id"]}
    (line,) = [json.loads(text) for text in written.getvalue().splitlines()]
    assert (line["event"], line["level"], line["path"]) == ("request failed", "error", "/fail")
    assert line["reference"] == told["reference"]
    assert "RuntimeError" in written.getvalue()
    assert "Margaret" not in written.getvalue()
    assert "12345678" not in written.getvalue()


async def test_made_up_paths_do_not_become_labels(client: ClientSession, metrics: Metrics) -> None:
    for path in ("/a", "/b", "/healthz"):
        async with client.get(path):
            pass
    families = text_string_to_metric_families(metrics.render().decode())
    samples = [sample for family in families for sample in family.samples]
    routes = {sample.labels["route"] for sample in samples if "route" in sample.labels}
    assert routes == {"other", "/healthz"}


async def test_an_address_that_is_taken(client: ClientSession, metrics: Metrics) -> None:
    async with listening(http.create({}, {}, metrics), "127.0.0.1", 0) as url:
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(PaylinkError, match=f"Can't listen on 127.0.0.1:{port}"):
            async with listening(http.create({}, {}, metrics), "127.0.0.1", port):
                pass
