"""An API endpoint as data, and what all list endpoints share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.stripe.schema import Either, Hash, Integer, ListOf, Param, Text
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON, Table

Handle = Callable[[Context, JSON, str], JSON]
"""Takes the context, the read parameters and the id in the path ('' when there is none)."""

EXPAND = ListOf(Text(maximum=200), maximum=20)
CREATED = Either(Integer(), Hash({"gt": Integer(), "gte": Integer(), "lt": Integer(), "lte": Integer()}))


@dataclass(frozen=True)
class Endpoint:
    """`path` may hold one `{id}`. `schema` holds every parameter but `expand`, which all endpoints take."""

    method: str
    path: str
    schema: Hash
    handle: Handle

    def parse(self, raw: Any) -> JSON:
        """Read the parameters strictly."""
        fields = {**self.schema.fields, "expand": EXPAND}
        return Hash(fields, self.schema.required).parse(raw) or {}


def retrieve(kind: str, param: str) -> Handle:
    """Answers the object in the path; `param` is what Stripe calls its id in the error when there is none."""
    return lambda ctx, params, object_id: ctx.find(kind, object_id, param)


def list_schema(**filters: Param) -> Hash:
    """Pagination and the endpoint's own filters."""
    return Hash(
        {
            "limit": Integer(minimum=1, maximum=100),
            "starting_after": Text(),
            "ending_before": Text(),
            **filters,
        }
    )


def list_page(url: str, table: Table, params: JSON, equal: Mapping[str, object] | None = None) -> JSON:
    """A Stripe list: one page of a table, filtered by `created` and by fields that must be equal."""
    wanted = {key: value for key, value in (equal or {}).items() if value is not None}
    created = params.get("created")

    def keep(item: JSON) -> bool:
        return all(item.get(key) == value for key, value in wanted.items()) and created_within(item, created)

    return page_where(url, table, params, keep if wanted or created is not None else None)


def page_where(url: str, table: Table, params: JSON, keep: Callable[[JSON], bool] | None) -> JSON:
    """A Stripe list of what `keep` lets through."""
    data, has_more = table.page(
        limit=params.get("limit", 10),
        starting_after=params.get("starting_after"),
        ending_before=params.get("ending_before"),
        keep=keep,
    )
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def created_within(item: JSON, created: int | JSON | None) -> bool:
    """Whether the object's `created` passes the filter: one second, or `gt`, `gte`, `lt`, `lte`."""
    if created is None:
        return True
    at = int(item["created"])
    if isinstance(created, int):
        return at == created
    tests = {
        "gt": lambda bound: at > bound,
        "gte": lambda bound: at >= bound,
        "lt": lambda bound: at < bound,
        "lte": lambda bound: at <= bound,
    }
    return all(tests[name](bound) for name, bound in created.items())


def item_list(url: str, items: list[JSON], params: JSON | None = None) -> JSON:
    """A Stripe list of line items, in their own order, a page at a time."""
    table = Table("line item")
    for item in reversed(items):
        table.add(item)
    return page_where(url, table, params or {}, None)
