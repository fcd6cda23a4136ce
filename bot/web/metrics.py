"""What this process counts, in its own Prometheus registry (so that two apps in one process don't share one)."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_DELIVERY_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400)
_CALL_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The app's instruments. Durations are in seconds."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "paylink_http_request_seconds", "HTTP requests answered", ["route", "status"], registry=self._registry
        )
        # Every request is counted, and looking its series up by labels is a good part of that. There are few series.
        self._answered = cache(self._requests.labels)
        self._calls = Histogram(
            "paylink_api_call_seconds",
            "Calls to Slack and Stripe",
            ["api", "method", "outcome"],
            buckets=_CALL_BUCKETS,
            registry=self._registry,
        )
        self._events = Counter(
            "paylink_stripe_events", "Stripe events handled", ["type", "outcome"], registry=self._registry
        )
        self._handled = Histogram(
            "paylink_stripe_event_seconds",
            "From receiving an event to the end of an attempt to handle it",
            ["type"],
            buckets=_DELIVERY_BUCKETS,
            registry=self._registry,
        )
        self._cards = Histogram(
            "paylink_card_seconds",
            "From when a card was behind to the end of an attempt to send it",
            ["kind", "outcome"],
            buckets=_DELIVERY_BUCKETS,
            registry=self._registry,
        )
        self._waits = Histogram(
            "paylink_pacing_wait_seconds",
            "How long a due card waited for its turn in its channel",
            ["kind"],
            buckets=_DELIVERY_BUCKETS,
            registry=self._registry,
        )
        self._paused = Gauge(
            "paylink_workspace_paused", "1 while Slack doesn't accept our token", registry=self._registry
        )
        self._backlog = Gauge("paylink_backlog", "Rows that wait", ["queue", "state"], registry=self._registry)
        self._oldest = Gauge(
            "paylink_backlog_oldest_seconds", "Age of the oldest waiting row", ["queue"], registry=self._registry
        )

    def request(self, route: str, status: int, seconds: float) -> None:
        self._answered(route, status).observe(seconds)

    def slack_call(self, method: str, outcome: str, seconds: float) -> None:
        self._calls.labels("slack", method, outcome).observe(seconds)

    def stripe_call(self, method: str, outcome: str, seconds: float) -> None:
        self._calls.labels("stripe", method, outcome).observe(seconds)

    def event(self, kind: str, outcome: str, seconds: float) -> None:
        self._events.labels(kind, outcome).inc()
        self._handled.labels(kind).observe(seconds)

    def card(self, kind: str, outcome: str, seconds: float) -> None:
        self._cards.labels(kind, outcome).observe(seconds)

    def waited(self, kind: str, seconds: float) -> None:
        self._waits.labels(kind).observe(seconds)

    def paused(self, paused: bool) -> None:
        self._paused.set(paused)

    def backlog(self, queue: str, counts: dict[str, int], oldest_seconds: float) -> None:
        for state, count in counts.items():
            self._backlog.labels(queue, state).set(count)
        self._oldest.labels(queue).set(oldest_seconds)

    def backlog_unknown(self) -> None:
        """Shows no backlog rather than an old one."""
        self._backlog.clear()
        self._oldest.clear()

    def render(self) -> bytes:
        """The text exposition."""
        return generate_latest(self._registry)
