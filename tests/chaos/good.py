"""Good inputs for a fuzz to change: what both sandboxes sent during the journey, and Stripe's events as files."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from random import Random
from typing import Any

from sqlalchemy import select

from bot.links.draft import LinkDraft
from bot.payments.events import HANDLED
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.outgoing.http import Kind
from bot.slack.listeners import ACTIONS, SUBMISSIONS
from storage.database import Database
from storage.models import Draft
from tests.harness import World
from tests.payments.told import FIXTURES, fixture

Json = dict[str, Any]

UNHANDLED = 0.05
"""Which part of the events are of types that nobody handles."""

USES = 12
"""How many inputs are about a draft before it is made anew: an input may submit it, or throw it away."""

_SEEN_BY_SLACK = ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata")


class GoodEvents:
    """Stripe's events, each handled type as often as any other."""

    def __init__(self, town: World) -> None:
        session = next(one for one in town.stripe.sessions.values() if one["status"] == "complete")
        renewing = next(one for one in town.stripe.sessions.values() if one["subscription"])
        told = [fixture(path.stem) for path in sorted(FIXTURES.glob("*.json"))]
        known = [_about(event, session["payment_intent"], renewing["subscription"]) for event in told]
        self._by_type: dict[str, list[Json]] = defaultdict(list)
        for event in chain(town.stripe.events.values(), told, known):
            self._by_type[event["type"]].append(event)
        for kind in HANDLED - self._by_type.keys():
            noun = kind.rpartition(".")[0]
            like = next(one for one in self._by_type if one.startswith(noun))
            self._by_type[kind] = [{**event, "type": kind} for event in self._by_type[like]]
        self._handled = sorted(HANDLED)
        self._others = sorted(self._by_type.keys() - HANDLED)

    def one(self, random: Random) -> Json:
        """An event, not to be changed."""
        kinds = self._others if random.random() < UNHANDLED else self._handled
        return random.choice(self._by_type[random.choice(kinds)])


def _about(event: Json, intent: str, subscription: str) -> Json:
    """The same event about a payment that was really made."""
    text = re.sub(r'"pi_\w+"', json.dumps(intent), json.dumps(event))
    about: Json = json.loads(re.sub(r'"sub_\w+"', json.dumps(subscription), text))
    return about


class GoodRequests:
    """Slack's requests as they would be sent now: about drafts that are open, with the view on the person's screen and
    a trigger that can be used."""

    def __init__(self, town: World, drafts: Mapping[str, Draft]) -> None:
        self._town = town
        self._drafts = drafts
        self._now: dict[str, tuple[str, int]] = {}
        self._by_kind: dict[tuple[str, ...], list[tuple[Kind, str]]] = defaultdict(list)
        for sent in town.slack.line.sent:
            self._by_kind[_kind(sent.payload)].append((sent.kind, json.dumps(sent.payload)))
        self._submissions = [kind for kind in self._by_kind if kind[0] == "view_submission"]
        self._kinds = list(self._by_kind)
        self._remembering = [kind for kind in self._kinds if _remembers(json.loads(self._by_kind[kind][0][1]))]
        missing = SUBMISSIONS.keys() - {callback_id for _, callback_id, _ in self._submissions}
        assert not missing, f"the journey submits no {', '.join(sorted(missing))}"

    async def one(self, random: Random) -> tuple[Kind, Json]:
        """A request of any kind, each kind as often as any other."""
        kind, payload = await self._fresh(*random.choice(self._by_kind[random.choice(self._kinds)]))
        if payload.get("type") == "block_actions" and random.random() < 0.05:
            payload["actions"][0]["action_id"] = str(random.choice(list(ACTIONS)))
        if payload.get("type") == "view_submission" and random.random() < 0.05:
            payload["type"] = "view_closed"
        self._on_screen(payload)
        return kind, payload

    async def remembering(self, random: Random) -> tuple[Kind, Json, View]:
        """A request from a modal that carries JSON, and the modal as it stands in Slack."""
        return await self._in_modal(random.choice(self._remembering), random)

    async def submission(self, random: Random) -> tuple[Kind, Json, View]:
        """A submitted view, and the view as it stands in Slack."""
        return await self._in_modal(random.choice(self._submissions), random)

    async def _in_modal(self, of: tuple[str, ...], random: Random) -> tuple[Kind, Json, View]:
        kind, payload = await self._fresh(*random.choice(self._by_kind[of]))
        view = self._on_screen(payload)
        assert view is not None
        return kind, payload, view

    async def _fresh(self, kind: Kind, text: str) -> tuple[Kind, Json]:
        for draft_id in re.findall(r"\b[0-9a-f]{16}\b", text):
            if draft_id in self._drafts:
                text = text.replace(draft_id, await self._open(draft_id))
                break
        payload: Json = json.loads(text)
        return kind, payload

    async def _open(self, draft_id: str) -> str:
        now, uses = self._now.get(draft_id, ("", USES))
        if uses >= USES:
            row, services = self._drafts[draft_id], self._town.paylink.services
            actor = await services.members.actor(row.user_id)
            opened = await services.links.start(actor, row.channel_id, LinkDraft.model_validate(row.data))
            now, uses = opened.id, 0
        self._now[draft_id] = now, uses + 1
        return now

    def _on_screen(self, payload: Json) -> View | None:
        engine, sent = self._town.slack.engine, payload.get("view")
        user_id = payload.get("user_id") or (payload.get("user") or {}).get("id")
        if user_id is None:
            return None
        team, user = engine.who(user_id)
        channel_id = payload.get("channel_id") or (payload.get("channel") or {}).get("id")
        view = None
        if sent and sent["type"] == "modal":
            seen = {key: sent[key] for key in _SEEN_BY_SLACK if sent.get(key)}
            view = engine.views.open(team, user, seen, None)
            if sent.get("previous_view_id"):
                view = engine.views.push(view, seen)
            payload["view"] = {**view.payload(), "state": sent["state"]}
        where = {"channel_id": channel_id, "view_id": view.id if view else None}
        payload["trigger_id"] = engine.triggers.give(user.id, team.id, **where)
        if payload.get("response_url"):
            payload["response_url"] = engine.response_urls.give(team.id, user.id, str(channel_id))
        return view


def _kind(payload: Json) -> tuple[str, ...]:
    view, actions = payload.get("view") or {}, payload.get("actions") or [payload]
    kind = payload.get("type") or payload["command"]
    return kind, str(view.get("callback_id") or payload.get("callback_id")), str(actions[0].get("action_id"))


def _remembers(payload: Json) -> bool:
    view = payload.get("view") or {}
    return view.get("type") == "modal" and str(view["private_metadata"]).startswith("{")


async def good_requests(town: World, database_url: str) -> GoodRequests:
    """What was sent so far, about the drafts of new links that were written."""
    database = Database(database_url)
    try:
        async with database.read() as session:
            rows = list(await session.scalars(select(Draft).where(Draft.base.is_(None))))  # type: ignore[union-attr]
    finally:
        await database.close()
    return GoodRequests(town, {row.id: row for row in rows})
