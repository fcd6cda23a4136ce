"""The Dashboard's buttons by their names."""

from collections.abc import Awaitable, Callable

from bot.sandbox.stripe.driver import Driver
from bot.sandbox.stripe.tables import JSON

_DEEDS: dict[str, Callable[[Driver, str], Awaitable[JSON]]] = {
    "settle": Driver.settle,
    "fail": Driver.fail,
    "expire": Driver.expire,
    "settle_refund": Driver.settle_refund,
    "fail_refund": Driver.fail_refund,
    "dispute": Driver.dispute,
    "inquire": lambda driver, payment: driver.dispute(payment, inquiry=True),
    "submit_evidence": Driver.submit_evidence,
    "escalate": Driver.escalate_inquiry,
    "win": lambda driver, dispute: driver.close_dispute(dispute, won=True),
    "lose": lambda driver, dispute: driver.close_dispute(dispute, won=False),
    "renew": Driver.renew,
    "renewal_fails": lambda driver, subscription: driver.renew(subscription, fails=True),
    "retry": Driver.retry,
    "retry_fails": lambda driver, subscription: driver.retry(subscription, fails=True),
    "trial_will_end": Driver.trial_will_end,
    "cancel": Driver.cancel,
    "cancel_later": lambda driver, subscription: driver.cancel(subscription, at_period_end=True),
    "resume": Driver.resume,
}


async def do(driver: Driver, action: str, object_id: str, amount: int | None) -> JSON:
    """Press a button; KeyError for one that isn't there. `amount` is for a refund, in minor units."""
    if action == "refund":
        return await driver.refund(object_id, amount)
    return await _DEEDS[action](driver, object_id)
