"""How long a call took and how it ended, for whoever counts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from bot.errors import GatewayError

Observe = Callable[[str, str, float], None]
"""Hears of each call: the method, `ok` or the kind of GatewayError, and seconds."""


def nobody(method: str, outcome: str, seconds: float) -> None:
    """Nobody counts."""


@contextmanager
def observed(observe: Observe, method: str) -> Iterator[None]:
    """Tells `observe` of the call made within."""
    started, outcome = perf_counter(), "ok"
    try:
        yield
    except GatewayError as error:
        outcome = type(error).__name__
        raise
    finally:
        observe(method, outcome, perf_counter() - started)
