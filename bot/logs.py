"""Structured logs: one line per happening, with a reference id. Never a secret, no customer data above debug."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"\b(?:xox[a-z]-|xapp-|sk_|rk_|whsec_)[\w-]+")


def configure(level: str = "info", style: str = "json") -> None:
    """Send everything, our own and the libraries' logs, through structlog to standard error."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # Bolt's warnings quote whole request bodies, and aiohttp's access log repeats ours.
    for name, floor in (
        ("slack_bolt", "ERROR"),
        ("slack_sdk", "ERROR"),
        ("aiohttp.access", "ERROR"),
        ("stripe", "ERROR"),
    ):
        logging.getLogger(name).setLevel(floor)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last line of defence: whatever looks like a token or a key is masked, wherever it came from."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _SECRET.sub("[secret]", value)
    return event
