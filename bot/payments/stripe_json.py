"""What all of Stripe's objects have in common."""

from collections.abc import Mapping
from typing import Any


def id_of(value: Any) -> str | None:
    """The id of something Stripe answers as an id, or whole when expanded."""
    found: str | None = value["id"] if isinstance(value, Mapping) else value
    return found


def team_of(data: Mapping[str, Any]) -> str | None:
    """The workspace whose Paylink made the link (Stripe copies a link's metadata to its sessions)."""
    return (data.get("metadata") or {}).get("paylink_team") or None
