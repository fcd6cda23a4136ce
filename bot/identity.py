"""Who we are: the Slack workspace and the Stripe account that our tokens belong to."""

from hashlib import sha256

import structlog

from bot.config import ConfigurationError, Settings
from bot.errors import GatewayError, SlackRefused, StripeRefused
from bot.gateways.stripe import StripeGateway
from bot.outside import Outside
from bot.services.access import CURE, NO_ACCESS
from storage import workspaces
from storage.models import Workspace

log = structlog.get_logger()


async def identify(parts: Outside) -> Workspace:
    """Asks Slack and Stripe, and writes it down. While Slack is away, who we were when it last knew this token; also
    when Slack accepts it no more: the workspace is then paused, and payments come in all the same.

    Raises ConfigurationError for a token that was never accepted, GatewayError when Slack can't be reached and was
    never asked about this token.
    """
    digest = _digest(parts.settings)
    try:
        me = await parts.slack.auth()
    except SlackRefused as refused:
        known = await _known(parts, digest)
        if known is None or refused.code not in NO_ACCESS:
            raise ConfigurationError(f"Slack doesn't accept SLACK_BOT_TOKEN ({refused.code}).") from refused
        async with parts.db.begin() as session:
            await workspaces.pause(session, known.team_id, refused.code, parts.clock())
        log.error("workspace is paused", reason=refused.code, cure=CURE)
        return known
    except GatewayError as error:
        known = await _known(parts, digest)
        if known is None:
            raise
        log.warning("Slack is away; starting all the same", team=known.team_id, reason=str(error))
        return known
    workspace = Workspace(
        team_id=me["team_id"],
        name=me["team"],
        bot_user_id=me["user_id"],
        stripe_account=await _stripe_account(parts.stripe),
        livemode=parts.settings.livemode,
        token_digest=digest,
        updated_at=parts.clock(),
    )
    async with parts.db.begin() as session:
        await workspaces.put(session, workspace)
    return workspace


async def recall(parts: Outside) -> Workspace:
    """Who this token has belonged to, without asking anybody; as `identify` when it was never used before."""
    return await _known(parts, _digest(parts.settings)) or await identify(parts)


async def _known(parts: Outside, digest: str) -> Workspace | None:
    async with parts.db.read() as session:
        return await workspaces.of_token(session, digest)


def _digest(settings: Settings) -> str:
    """By this a token is known again; it can't be turned back into the token."""
    return sha256(settings.slack_bot_token.get_secret_value().encode()).hexdigest()


async def _stripe_account(stripe_gateway: StripeGateway) -> str:
    """The account's id; empty when a restricted key may not read it, or Stripe doesn't answer just now."""
    try:
        return str((await stripe_gateway.account())["id"])
    except StripeRefused as refused:
        if refused.code == "invalid_api_key":
            raise ConfigurationError("Stripe doesn't accept STRIPE_SECRET_KEY.") from refused
        return ""
    except GatewayError as error:
        log.warning("Stripe account is unknown", reason=str(error))
        return ""
