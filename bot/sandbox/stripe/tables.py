"""Objects of one kind in one account: by id, newest first, and page by page."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.sandbox.stripe.errors import no_such_reference

JSON = dict[str, Any]


class Table(Mapping[str, JSON]):
    """Live objects by id, in the order of their creation. The oldest go when there are more than `limit`."""

    def __init__(self, kind: str, limit: int = 1_000_000) -> None:
        self.kind = kind
        self._limit = limit
        self._objects: OrderedDict[str, JSON] = OrderedDict()
        self._number: dict[str, int] = {}
        self._by_number: dict[int, JSON] = {}
        self._next = 0

    def __getitem__(self, object_id: str) -> JSON:
        return self._objects[object_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def add(self, item: JSON) -> JSON:
        """Keep a new object under its id."""
        object_id = item["id"]
        self._objects[object_id] = item
        self._number[object_id] = self._next
        self._by_number[self._next] = item
        self._next += 1
        while len(self._objects) > self._limit:
            self._drop_oldest()
        return item

    def remove(self, object_id: str) -> None:
        """Forget an object."""
        del self._objects[object_id]
        del self._by_number[self._number.pop(object_id)]

    def _drop_oldest(self) -> None:
        self.remove(next(iter(self._objects)))

    def page(
        self,
        *,
        limit: int = 10,
        starting_after: str | None = None,
        ending_before: str | None = None,
        keep: Callable[[JSON], bool] | None = None,
    ) -> tuple[list[JSON], bool]:
        """One page, newest first, and whether there is more in the direction asked for.

        Raises StripeError when a cursor names no object.
        """
        numbers = self._numbers(starting_after, ending_before)
        found: list[JSON] = []
        for number in numbers:
            item = self._by_number.get(number)
            if item is None or (keep is not None and not keep(item)):
                continue
            if len(found) == limit:
                return (found[::-1] if ending_before else found), True
            found.append(item)
        return (found[::-1] if ending_before else found), False

    def _numbers(self, starting_after: str | None, ending_before: str | None) -> range:
        if ending_before:
            return range(self._place(ending_before, "ending_before") + 1, self._next)
        top = self._place(starting_after, "starting_after") if starting_after else self._next
        oldest = self._number[next(iter(self._objects))] if self._objects else top
        return range(top - 1, oldest - 1, -1)

    def _place(self, object_id: str, param: str) -> int:
        if object_id not in self._number:
            raise no_such_reference(self.kind, object_id, param)
        return self._number[object_id]
