"""Structured logs: one line per happening, with a reference id. Never a secret, no customer data above debug."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"(?:xox[a-z]-|xapp-|[rs]k_(?:org_)?(?:live|test)_|whsec_)[\w-]+|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")
"""Slack's tokens, Stripe's keys and webhook secrets, and the name and password in a URL."""


def configure(level: str = "info", style: str = "json") -> None:
    """Send everything, our own and the libraries' logs, through structlog to standard error."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        place_only,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer, redact],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # Bolt's warnings quote whole request bodies, aiosqlite's lines whole rows; aiohttp's access log repeats ours, and
    # Alembic speaks on every start.
    for name, floor in (
        ("aiosqlite", "WARNING"),
        ("alembic", "WARNING"),
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


def place_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its kind and place, and those of its causes. Its words may quote a customer, so they stay out."""
    error = event.pop("exc_info", None)
    if error is True or isinstance(error, tuple):
        error = sys.exc_info()[1] if error is True else error[1]
    places = []
    while isinstance(error, BaseException):
        frames = "".join(traceback.format_tb(error.__traceback__))
        places.append(f"{type(error).__module__}.{type(error).__qualname__}\n{frames}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if places:
        event["exception"] = "caused by\n".join(places)
    return event


def redact(_logger: Any, _method: str, line: Any) -> str:
    """The last line of defence: whatever looks like a token or a key is masked in the finished line."""
    return _SECRET.sub("[secret]", str(line))
