"""How the app is doing, for `paylink status`: what the database knows, and what running processes have measured."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout
from prometheus_client.parser import text_string_to_metric_families

from storage import backlog, workspaces
from storage.backlog import Backlog
from storage.database import Database
from storage.models import Workspace

ANSWER_SECONDS = 5.0

_MEASURED = {
    "paylink_card_seconds": ("Card, from wanted to Slack", ("kind", "outcome")),
    "paylink_pacing_wait_seconds": ("Card, waiting for its turn", ("kind",)),
    "paylink_stripe_event_seconds": ("Event, from received to handled", ("type",)),
    "paylink_api_call_seconds": ("Call", ("api", "method", "outcome")),
    "paylink_http_request_seconds": ("Request", ("route", "status")),
}
_ORDER = tuple(what for what, _ in _MEASURED.values())


@dataclass(frozen=True, slots=True)
class Held:
    """What the database knows. `events` counts by type and state; ages are in seconds, of the oldest that waits."""

    workspace: Workspace | None
    events: Mapping[tuple[str, str], int]
    queues: Mapping[str, Backlog]
    ages: Mapping[str, float]


@dataclass(slots=True)
class Measure:
    """How long something took: how often it was done, seconds in all, and per upper bound in seconds how often it took
    at most that long."""

    what: str
    labels: tuple[str, ...]
    count: int = 0
    seconds: float = 0.0
    within: dict[float, float] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        """In seconds."""
        return self.seconds / self.count if self.count else 0.0

    def quantile(self, part: float) -> float:
        """The least bound, in seconds, within which this part of them stayed; infinite beyond the last."""
        return min((bound for bound, count in self.within.items() if count >= part * self.count), default=float("inf"))

    def add(self, other: "Measure") -> None:
        """Counts what another process has measured as well."""
        self.count += other.count
        self.seconds += other.seconds
        self.within = {bound: count + other.within.get(bound, 0.0) for bound, count in self.within.items()}


async def held(db: Database, team_id: str, clock: Callable[[], float]) -> Held:
    """Reads the database."""
    async with db.read() as session:
        queues = {
            "inbox": await backlog.events(session, team_id),
            "cards": await backlog.cards(session, team_id),
        }
        workspace = await workspaces.get(session, team_id)
        events = await backlog.by_type(session, team_id)
    now = clock()
    ages = {name: max(0.0, now - (queue.oldest or now)) for name, queue in queues.items()}
    return Held(workspace, events, queues, ages)


async def measured(urls: Iterable[str]) -> list[Measure] | None:
    """What the processes that listen at these base URLs have measured since they started; None when none answers."""
    answers = [text for url in urls if (text := await _exposition(url)) is not None]
    found: dict[tuple[str, tuple[str, ...]], Measure] = {}
    for measure in (measure for text in answers for measure in _measures(text)):
        known = found.setdefault((measure.what, measure.labels), measure)
        if known is not measure:
            known.add(measure)
    return sorted(found.values(), key=lambda one: (_ORDER.index(one.what), one.labels)) if answers else None


async def _exposition(url: str) -> str | None:
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=ANSWER_SECONDS)) as client,
            client.get(f"{url}/metrics", raise_for_status=True) as answer,
        ):
            return await answer.text()
    except (ClientError, OSError, TimeoutError):
        return None


def totals(events: Mapping[tuple[str, str], int]) -> dict[str, Counter[str]]:
    """By type: how many events are in each state."""
    found: dict[str, Counter[str]] = {}
    for (type, state), count in sorted(events.items()):
        found.setdefault(type, Counter())[state] += count
    return found


def _measures(exposition: str) -> Iterator[Measure]:
    for family in text_string_to_metric_families(exposition):
        if family.name not in _MEASURED:
            continue
        what, names = _MEASURED[family.name]
        found: dict[tuple[str, ...], Measure] = {}
        for sample in family.samples:
            labels = tuple(sample.labels[name] for name in names)
            measure = found.setdefault(labels, Measure(what, labels))
            if sample.name.endswith("_bucket"):
                measure.within[float(sample.labels["le"])] = sample.value
            elif sample.name.endswith("_count"):
                measure.count = int(sample.value)
            elif sample.name.endswith("_sum"):
                measure.seconds = sample.value
        yield from (found[labels] for labels in sorted(found))
