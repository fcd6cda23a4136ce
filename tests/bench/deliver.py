"""From the webhook to the message that Slack has accepted, at fifty payments a second."""

import asyncio
import json
import time

import aiohttp

from bot.sandbox.slack.workspace import Channel
from storage import backlog, cards, links
from storage.database import Database
from tests.bench import databases
from tests.bench.figures import Figure, Row, percentile
from tests.bench.inbox import empty
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.bench.stripe_events import Json, signed
from tests.running.process import PATIENCE
from tests.storage.rows import link as link_row

PER_SECOND = 50


async def measure(scale: Scale) -> list[Row]:
    """Two rows for each database: p50 and p99."""
    return [row for kind in scale.kinds for row in await _on(kind, scale)]


async def _on(kind: str, scale: Scale) -> list[Row]:
    rounds = []
    for _ in range(scale.rounds):
        async with place() as here, databases.migrated(kind, scale.folder) as url:
            bought = await _links(here, url, scale.channels)
            async with program("bot", "serve", settings=here.settings(url)) as app:
                address = await app.url()
                await _posted(here, scale.channels)
                # What the app finds in Stripe's event list on its start isn't what is measured.
                await empty(here, url, (backlog.events, backlog.cards))
                # Paid only now: on its start the app looks for events that it has missed.
                events = [await here.paid(bought[turn % len(bought)], _payer(turn)) for turn in range(scale.payments)]
                # The channels' turns to post come a second after their links' cards.
                await asyncio.sleep(scale.settling)
                rounds.append(await _pay(here, f"{address}/stripe/webhook", events))
    p50, p99 = (Figure(tuple(percentile(one, share) for one in rounds), "ms") for share in (0.5, 0.99))
    how = f"{scale.payments} payments a round, {PER_SECOND}/s over {scale.channels} channels, one process, {kind}"
    return [
        Row(f"webhook to message, {kind}: p50", p50, at_most=60, note=how),
        Row(f"webhook to message, {kind}: p99", p99, at_most=300),
    ]


def _payer(number: int) -> str:
    return f"Payer {number:06d}"


async def _links(here: Place, url: str, count: int) -> list[Json]:
    """So many links, each with a channel of its own where its card is wanted."""
    team, channels = here.sandbox.slack.team, [f"C9{number:08d}" for number in range(count)]
    made = [await here.link(channel) for channel in channels]
    database, now = Database(url), time.time()
    async with database.begin() as session:
        for number, (channel, link) in enumerate(zip(channels, made, strict=True)):
            team.channels[channel] = Channel(channel, team.id, f"bench-{number}", [team.bot_user_id])
            await links.add(
                session,
                link_row(team_id=team.id, id=link["id"], name=f"Link {number}", url=link["url"], channel_id=channel),
            )
            await cards.want(session, team.id, "link", link["id"], channel, now)
    await database.close()
    return made


async def _posted(here: Place, count: int) -> None:
    """Returns once so many messages stand."""
    calls = here.sandbox.slack.calls
    async with asyncio.timeout(PATIENCE):
        while True:
            if sum(call.method == "chat.postMessage" and call.error is None for call in calls) >= count:
                return
            await asyncio.sleep(0.05)


async def _pay(here: Place, webhook: str, events: list[Json]) -> list[float]:
    """Milliseconds from each webhook's leaving to its message being accepted."""
    slack, sent, earlier = here.sandbox.slack, list[float](), len(here.sandbox.slack.calls)
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def send(http: aiohttp.ClientSession, event: Json) -> None:
        body = json.dumps(event, indent=2).encode()
        async with http.post(webhook, data=body, headers=signed(here.webhook_secret, body, time.time())) as answer:
            answer.raise_for_status()

    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        for number, event in enumerate(events):
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - loop.time()))
            sent.append(time.time())
            group.create_task(send(http, event))
    count = sum(call.method == "chat.postMessage" for call in slack.calls[:earlier])
    await _posted(here, count + len(events))
    posts = [call for call in slack.calls[earlier:] if call.method == "chat.postMessage" and call.error is None]
    arrived = {_name(call.args): call.at for call in posts}
    return [(arrived[_payer(number)] - at) * 1000 for number, at in enumerate(sent)]


def _name(args: Json) -> str:
    """The payer's name in a message."""
    text = str(args["text"])
    start = text.index("Payer ")
    return text[start : start + len(_payer(0))]
