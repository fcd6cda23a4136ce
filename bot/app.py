"""The composition root: the one place where the parts are wired together, for production, the demo and the tests."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bot.config import ConfigurationError, Settings
from bot.delivery.card_worker import CardWorker
from bot.delivery.inbox import Inbox
from bot.delivery.inbox_worker import InboxWorker
from bot.delivery.loop import POLL_SECONDS, Loop, Wake, running
from bot.delivery.neighbours import Neighbours
from bot.delivery.periodic import Periodic
from bot.delivery.poller import EventPoller
from bot.errors import SlackRefused
from bot.gateways.slack import SlackGateway
from bot.gateways.stripe import StripeGateway, verify_webhook
from bot.identity import identify
from bot.outside import Clock, Outside, naming_database_trouble, outside
from bot.payments.events import HANDLED
from bot.services import Services
from bot.services.access import AccessService
from bot.services.backfill import BackfillService
from bot.services.catalog import CatalogService
from bot.services.dead_letters import DeadLetterService
from bot.services.discounts import DiscountService
from bot.services.facts import FactService
from bot.services.links import LinkService
from bot.services.members import MemberService
from bot.services.muting import MutingService
from bot.services.notices import NoticeService
from bot.services.objects import ObjectMirror
from bot.services.payments import PaymentService
from bot.services.products import ProductService
from bot.services.shipping import ShippingService
from bot.services.templates import TemplateService
from bot.slack.bolt import bolt_app
from bot.slack.cards import Cards
from bot.slack.listeners import Background, FaceSettings, register
from bot.slack.listeners.telling import about_draft, direct, sentence
from bot.web import app as http
from bot.web import health, slack, stripe
from bot.web.backlog import BacklogGauges
from bot.web.server import listening
from storage import migrate
from storage.database import Database

RESUME_SECONDS = 15.0
"""How often submits that a crash cut short are looked for."""

ACCESS_SECONDS = 10.0
"""How often Slack is asked whether it accepts our token again, while it doesn't."""

FILL_SECONDS = 300.0
"""How soon filling the catalog's mirror is tried again when Stripe failed."""


@dataclass(frozen=True, slots=True)
class Paylink:
    """The app, wired and connected, doing nothing yet: `receiving` and `working` set its two halves going."""

    settings: Settings
    clock: Clock
    db: Database
    slack: SlackGateway
    stripe: StripeGateway
    services: Services
    backfill: BackfillService
    dead_letters: DeadLetterService
    bolt: AsyncApp
    background: Background
    application: web.Application
    observatory: web.Application
    inbox: Inbox
    inbox_worker: InboxWorker
    card_worker: CardWorker
    poller: EventPoller
    event_wake: Wake
    card_wake: Wake
    neighbours: Neighbours

    @asynccontextmanager
    async def receiving(self, host: str, port: int) -> AsyncIterator[str]:
        """Takes requests while the block runs, and gives the base URL. On the way out, what was begun is finished."""
        async with self.neighbours.telling():
            async with AsyncExitStack() as stack:
                url = await stack.enter_async_context(listening(self.application, host, port))
                if self.settings.slack_app_token is not None:
                    await stack.enter_async_context(self._socket_mode(self.settings.slack_app_token.get_secret_value()))
                yield url
            await self.background.drain()
            await self.inbox.settle()

    @asynccontextmanager
    async def observed(self, host: str, port: int) -> AsyncIterator[str]:
        """Takes only the requests of those who watch (health, metrics) while the block runs, and gives the base URL."""
        async with listening(self.observatory, host, port) as url:
            yield url

    @asynccontextmanager
    async def working(self, poll: float = POLL_SECONDS) -> AsyncIterator[None]:
        """Handles events, brings cards up to date, and looks for missed events and unfinished submits.

        What another process left without a word is noticed after `poll` seconds.
        """
        clock = self.clock
        loops = (
            Loop(self.inbox_worker, self.event_wake, clock, poll),
            Loop(self.card_worker, self.card_wake, clock, poll),
            Loop(Periodic(self.poller.take_turn, self.settings.poll_seconds, clock), Wake(), clock),
            Loop(Periodic(self.services.links.resume, RESUME_SECONDS, clock), Wake(), clock),
            Loop(Periodic(self.services.access.check, ACCESS_SECONDS, clock), Wake(), clock),
            Loop(Periodic(self.services.catalog.fill_once, FILL_SECONDS, clock), Wake(), clock),
            Loop(Periodic(self.services.objects.fill_once, FILL_SECONDS, clock), Wake(), clock),
        )
        async with self.neighbours.hearing(), running(*loops):
            yield

    @asynccontextmanager
    async def _socket_mode(self, app_token: str) -> AsyncIterator[None]:
        try:
            await self.slack.connection_url(app_token)
        except SlackRefused as refused:
            raise ConfigurationError(f"Slack doesn't accept SLACK_APP_TOKEN ({refused.code}).") from refused
        handler = AsyncSocketModeHandler(self.bolt, app_token)
        await handler.client.connect()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            await handler.client.close()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def build(settings: Settings, clock: Clock = time.time) -> AsyncIterator[Paylink]:
    """The whole app for these settings; everything it holds open is closed afterwards.

    Raises ConfigurationError when the database can't be used or isn't migrated or a token isn't accepted, GatewayError
    when Slack can't be reached and this token was never used before.
    """
    async with outside(settings, clock) as parts:
        await _migrated(settings, parts.db)
        workspace = await identify(parts)
        team_id = workspace.team_id
        event_wake, card_wake = Wake(), Wake()
        services = _services(parts, team_id, card_wake)
        inbox = Inbox(parts.db, team_id, clock, event_wake)
        cards = Cards(services.notices, settings.paylink_locale)
        bolt = bolt_app(parts.slack.client, team_id=team_id, bot_user_id=workspace.bot_user_id)
        face = FaceSettings(team_id, settings.livemode, settings.paylink_currency, settings.paylink_connect)
        views = _views(parts, team_id)
        yield Paylink(
            settings=settings,
            clock=clock,
            db=parts.db,
            slack=parts.slack,
            stripe=parts.stripe,
            services=services,
            backfill=BackfillService(
                parts.db, parts.stripe, services.catalog, services.objects, services.payments, team_id, clock
            ),
            dead_letters=DeadLetterService(parts.db, team_id, clock),
            bolt=bolt,
            background=register(bolt, services, parts.slack, face),
            application=http.create(_receivers(parts, bolt, inbox), views, parts.metrics),
            observatory=http.create({}, views, parts.metrics),
            inbox=inbox,
            inbox_worker=InboxWorker(
                parts.db, team_id, services.payments.prepare, clock, card_wake, observe=parts.metrics.event
            ),
            card_worker=CardWorker(
                parts.db,
                team_id,
                parts.slack,
                cards.render,
                cards.fallback,
                clock,
                observe=parts.metrics.card,
                waited=parts.metrics.waited,
            ),
            poller=EventPoller(parts.stripe, inbox, parts.db, team_id, HANDLED, clock, settings.poll_seconds),
            event_wake=event_wake,
            card_wake=card_wake,
            neighbours=Neighbours(settings.database_url, team_id, {"event": event_wake, "card": card_wake}, clock),
        )


async def _migrated(settings: Settings, db: Database) -> None:
    with naming_database_trouble():
        if db.dialect == "sqlite":
            await migrate.upgrade(settings.database_url)
        elif not await migrate.is_current(settings.database_url):
            raise ConfigurationError("The database's tables are not up to date. Run `paylink migrate` first.")


def _services(parts: Outside, team_id: str, wake: Wake) -> Services:
    catalog = CatalogService(parts.db, parts.stripe, team_id, parts.clock)
    objects = ObjectMirror(parts.db, parts.stripe, team_id, parts.clock)
    foreign = parts.settings.paylink_default_channel

    async def tell(user_id: str, text: str, draft_id: str | None = None) -> None:
        await direct(parts.slack, user_id, about_draft(text, draft_id) if draft_id else sentence(text))

    return Services(
        access=AccessService(parts.db, parts.slack, team_id, parts.clock, wake),
        links=LinkService(parts.db, parts.stripe, team_id, parts.clock, wake, tell),
        catalog=catalog,
        discounts=DiscountService(parts.db, parts.stripe, objects, team_id, parts.clock),
        products=ProductService(parts.db, parts.stripe, catalog, team_id, parts.clock),
        facts=FactService(parts.db, team_id),
        members=MemberService(parts.db, parts.slack, team_id, parts.clock),
        muting=MutingService(parts.db, team_id, parts.clock),
        notices=NoticeService(parts.db, team_id),
        objects=objects,
        shipping=ShippingService(parts.db, parts.stripe, objects, team_id, parts.clock),
        payments=PaymentService(parts.db, parts.stripe, catalog, objects, team_id, parts.clock, foreign),
        templates=TemplateService(parts.db, team_id, parts.clock),
    )


def _receivers(parts: Outside, bolt: AsyncApp, inbox: Inbox) -> Mapping[str, Handler]:
    """By path: who takes what Slack and Stripe send."""
    settings, clock = parts.settings, parts.clock
    posts: dict[str, Handler] = {}
    if settings.slack_signing_secret is not None:
        posts["/slack/events"] = slack.receiver(bolt, settings.slack_signing_secret.get_secret_value(), clock)
    if settings.stripe_webhook_secret is not None:
        secret = settings.stripe_webhook_secret.get_secret_value()
        posts["/stripe/webhook"] = stripe.receiver(
            inbox, lambda body, header: verify_webhook(body, header, secret, clock())
        )
    return posts


def _views(parts: Outside, team_id: str) -> Mapping[str, Handler]:
    """By path: what platforms and Prometheus look at."""
    longest = parts.settings.paylink_ready_backlog_seconds
    gauges = BacklogGauges(parts.db, team_id, parts.clock, parts.metrics, longest)
    return {
        "/healthz": health.healthz,
        "/readyz": health.readyz({"database": gauges.complaint, "backlog": gauges.delay}, {"slack": gauges.pause}),
        "/metrics": health.exposition(parts.metrics, gauges.refresh),
    }
