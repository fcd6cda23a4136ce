"""What all of Stripe's objects have in common."""

import re
from collections.abc import Mapping
from typing import Any

_ID = re.compile(r"[!-~]{1,255}")


def id_of(value: Any) -> str | None:
    """The id of something Stripe answers as an id, or whole when expanded. Raises ValueError when it is no id."""
    return None if value is None else named(value["id"] if isinstance(value, Mapping) else value)


def named(value: Any) -> str:
    """The value, which has to be an id. Raises ValueError when it isn't."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("no id")
    return value


def team_of(data: Mapping[str, Any]) -> str | None:
    """The workspace whose Paylink made the link (Stripe copies a link's metadata to its sessions)."""
    team_id: str | None = (data.get("metadata") or {}).get("paylink_team") or None
    return team_id
