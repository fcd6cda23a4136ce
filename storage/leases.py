"""Leases that ran out. Whoever held them died, perhaps of what it had in hand.

That counts as an attempt, so that what takes its process down ends as well. A death takes everything along that its
process had in hand, though: what was there more than once is suspected, and taken alone from then on. Should its
holder die again, nothing else goes with it; should it not, it was innocent.
"""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, or_

SUSPECTED_AFTER = 3
"""So many attempts, the last of which ended with its holder's death."""

DIED = "Whoever had it in hand died."
"""The reason that is written down for such an attempt."""


def taken(row: Table) -> dict[str, Any]:
    """What changes in a row with a lease, of whatever kind, when somebody takes it after an earlier lease ran out."""
    return {"attempts": _attempts(row), "reason": case((_ran_out(row), DIED), else_=row.c.reason)}


def suspected(row: Table) -> ColumnElement[bool]:
    """Whether a row that nobody holds any more is to be taken alone."""
    return and_(or_(_ran_out(row), row.c.reason == DIED), _attempts(row) >= SUSPECTED_AFTER)


def _attempts(row: Table) -> ColumnElement[int]:
    return row.c.attempts + case((_ran_out(row), 1), else_=0)


def _ran_out(row: Table) -> ColumnElement[bool]:
    # Whoever lives writes down how it ended, and takes its name off.
    return row.c.lease_owner != ""
