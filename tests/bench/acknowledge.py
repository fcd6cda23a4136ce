"""Acknowledging a slash command: the app beside Bolt's defaults (a peer) and a bare aiohttp handler (the floor)."""

import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.bench import databases
from tests.bench.figures import Figure, Row
from tests.bench.load import CLIENT, Loaded, LoadFailed, load, write_requests
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.running.process import Running

CONNECTIONS = 16


async def measure(scale: Scale) -> list[Row]:
    """Two rows: as a multiple of the peer's rate, and of the floor's."""
    rates: dict[str, list[float]] = {"app": [], "peer": [], "floor": []}
    async with place() as here, databases.migrated("sqlite", scale.folder) as url:
        secret = here.sandbox.slack.signing_secret
        requests = _requests(here, scale.folder / "commands")
        for _ in range(scale.rounds):
            rates["peer"].append(await _rate(program("tests.bench.floors.ack_bolt", secret), requests, scale))
            rates["floor"].append(await _rate(program("tests.bench.floors.ack_aiohttp", secret), requests, scale))
            rates["app"].append(await _rate(program("bot", "web", settings=here.settings(url)), requests, scale))
    app, peer, floor = (Figure(tuple(rates[name]), "/s") for name in ("app", "peer", "floor"))
    how = f"{CLIENT}, {CONNECTIONS} connections"
    return [
        Row("/paylink help acknowledged", app.over(peer), at_least=4, note=f"{app} to {peer} of Bolt's default; {how}"),
        Row("/paylink help acknowledged", app.over(floor), at_least=0.45, note=f"{app} to {floor} of bare aiohttp"),
    ]


def _requests(here: Place, file: Path) -> Path:
    team = here.sandbox.slack.team
    body = urlencode(
        {
            "token": "unused",
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": here.sandbox.slack.channel("sales").id,
            "channel_name": "sales",
            "user_id": here.sandbox.slack.person("ada").id,
            "user_name": "ada",
            "command": "/paylink",
            "text": "help",
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": f"{here.sandbox.slack.url}/commands/1",
            "trigger_id": "1.2.3",
        }
    )
    now = str(int(time.time()))
    signature = SignatureVerifier(here.sandbox.slack.signing_secret).generate_signature(timestamp=now, body=body)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(signature),
    }
    write_requests(file, [(headers, body.encode())])
    return file


async def _rate(starting: AbstractAsyncContextManager[Running], requests: Path, scale: Scale) -> float:
    async with starting as running:
        address = await running.url()
        done: Loaded = await load(f"{address}/slack/events", requests, connections=CONNECTIONS, seconds=scale.seconds)
    if done.errors:
        raise LoadFailed(f"{done.errors} commands of {done.requests} weren't acknowledged")
    return done.rate
