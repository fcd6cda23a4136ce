"""Shared type names of the sandbox Slack."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
"""A JSON object, in Slack's own field names."""

Clock = Callable[[], float]
"""Seconds since 1970, like `time.time`."""
