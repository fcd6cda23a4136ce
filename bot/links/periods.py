"""The billing periods that people pick from."""

from collections.abc import Mapping
from types import MappingProxyType

ONCE = "once"
CUSTOM = "custom"
BILLING: Mapping[str, str] = MappingProxyType(
    {
        ONCE: "Once",
        "day:1": "Every day",
        "week:1": "Every week",
        "month:1": "Every month",
        "month:3": "Every 3 months",
        "month:6": "Every 6 months",
        "year:1": "Every year",
        CUSTOM: "Another period…",
    }
)
"""Those that are one pick away, as `interval:interval_count`, with their words."""
