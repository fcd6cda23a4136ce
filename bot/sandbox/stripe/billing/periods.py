"""Billing periods."""

import calendar
from datetime import UTC, datetime, timedelta

from bot.sandbox.stripe.tables import JSON


def period_end(start: int, recurring: JSON) -> int:
    """When a billing period that starts then ends: the same day of a later month, or its last day."""
    count = recurring["interval_count"]
    if recurring["interval"] in ("day", "week"):
        days = count * (7 if recurring["interval"] == "week" else 1)
        return start + int(timedelta(days=days).total_seconds())
    months = count * (12 if recurring["interval"] == "year" else 1)
    at = datetime.fromtimestamp(start, UTC)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return int(at.replace(year=year, month=month + 1, day=day).timestamp())
