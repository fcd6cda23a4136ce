"""The hosted page's doors: what a browser, a test or the dashboard can do with links and sessions."""

from collections.abc import Mapping
from urllib.parse import quote

from bot.sandbox.stripe.checkout import payment, sessions
from bot.sandbox.stripe.checkout.address import with_campaign
from bot.sandbox.stripe.checkout.choices import choose
from bot.sandbox.stripe.checkout.errors import LinkInactive, PaymentRefused
from bot.sandbox.stripe.checkout.view import page_view
from bot.sandbox.stripe.state import Account, Context, World
from bot.sandbox.stripe.tables import JSON


class Shop:
    """Payment pages of all accounts of a world, by the slugs of their links."""

    def __init__(self, world: World) -> None:
        self._world = world

    def link(self, slug: str) -> tuple[Context, JSON]:
        """The account and link behind a slug; KeyError when there is none."""
        account, link_id = self._world.slugs[slug]
        return Context(self._world, account), account.tables["payment_link"][link_id]

    def visit(self, slug: str, query: Mapping[str, str]) -> JSON:
        """Open a session for someone who opens the link; LinkInactive when it takes no payments."""
        ctx, link = self.link(slug)
        return sessions.open_session(ctx, link, query)

    def view(self, slug: str, session_id: str) -> JSON:
        """The session as the page draws it; KeyError when the link has no such session."""
        ctx, link, session = self._session(slug, session_id)
        return page_view(ctx, session, link)

    def choose(self, slug: str, session_id: str, choices: JSON) -> JSON:
        """Change what is bought; the new view, or PaymentRefused."""
        ctx, link, session = self._session(slug, session_id)
        if session["status"] != "open":
            raise PaymentRefused("This payment page is closed. Open the link again.")
        choose(ctx, session, link, choices)
        return page_view(ctx, session, link)

    def pay(self, slug: str, session_id: str, form: JSON) -> JSON:
        """Pay; the completed session, or PaymentRefused."""
        ctx, _, session = self._session(slug, session_id)
        return payment.pay(ctx, session, form)

    def next_url(self, slug: str, session_id: str) -> str:
        """Where the customer goes after paying: the link's redirect, or the confirmation page."""
        ctx, link, _ = self._session(slug, session_id)
        if link["after_completion"]["type"] == "redirect":
            url: str = link["after_completion"]["redirect"]["url"]
            return with_campaign(ctx, session_id, url.replace("{CHECKOUT_SESSION_ID}", quote(session_id)))
        return f"{ctx.world.url}/pay/{slug}/thanks/{session_id}"

    def confirmation(self, slug: str, session_id: str) -> tuple[JSON, JSON, JSON]:
        """The link, the completed session and its view; KeyError when it isn't complete."""
        ctx, link, session = self._session(slug, session_id)
        if session["status"] != "complete":
            raise KeyError(session_id)
        return link, session, page_view(ctx, session, link)

    def inactive_message(self, slug: str) -> str | None:
        """What a visitor reads instead of a payment page; None when the link takes payments."""
        ctx, link = self.link(slug)
        try:
            sessions.check_open_for_business(ctx, link)
        except LinkInactive as error:
            return error.message
        return None

    def settle(self, account: Account, session_id: str) -> JSON:
        """A bank debit arrives."""
        ctx = Context(self._world, account)
        return payment.settle(ctx, ctx.find("checkout.session", session_id))

    def fail(self, account: Account, session_id: str) -> JSON:
        """A bank debit bounces."""
        ctx = Context(self._world, account)
        return payment.fail(ctx, ctx.find("checkout.session", session_id))

    def expire(self, account: Account, session_id: str) -> JSON:
        """A session's time is up."""
        ctx = Context(self._world, account)
        return sessions.expire_session(ctx, ctx.find("checkout.session", session_id))

    def _session(self, slug: str, session_id: str) -> tuple[Context, JSON, JSON]:
        ctx, link = self.link(slug)
        session = ctx.table("checkout.session")[session_id]
        if session["payment_link"] != link["id"]:
            raise KeyError(session_id)
        return ctx, link, session
