"""What the parts of the Stripe gateway have in common: a way to ask, and a way to read lists to their end."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any

Json = dict[str, Any]


class StripePart(ABC):
    """A part of Stripe's API. Inherited by `StripeGateway`, which knows how to ask and raises its errors."""

    _v1: Any

    @abstractmethod
    async def _ask(self, method: Callable[..., Awaitable[Any]], *arguments: Any) -> Json: ...

    @abstractmethod
    def _pages(
        self,
        method: Callable[..., Awaitable[Any]],
        params: Mapping[str, Any],
        starting_after: str | None,
        *owner: str,
    ) -> AsyncGenerator[Json]: ...
