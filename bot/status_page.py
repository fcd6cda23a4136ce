"""What `paylink status` prints."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot.status import Held, Measure, totals

_STATES = ("new", "done", "ignored", "dead")


def page(held: Held, measured: Sequence[Measure] | None, urls: Sequence[str]) -> Iterator[RenderableType]:
    """The screen, from top to bottom. `urls` are where running processes were asked."""
    yield _standing(held)
    yield _queues(held)
    if held.events:
        yield _events(held)
    if measured is None:
        yield Text(f"No process answers at {' or '.join(urls)}, so nothing is known of its latencies.")
    elif measured:
        for what in dict.fromkeys(one.what for one in measured):
            yield _latencies(what, [one for one in measured if one.what == what])


def _standing(held: Held) -> Text:
    workspace = held.workspace
    if workspace is None:
        return Text("This workspace was never served.")
    mode = "live mode" if workspace.livemode else "TEST MODE"
    if workspace.paused_since is None:
        return Text(f"{workspace.name}: running, {mode}.")
    since = datetime.fromtimestamp(workspace.paused_since, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Text(
        f"{workspace.name}: PAUSED since {since}, {mode}. Slack doesn't accept the token ({workspace.pause_reason}).\n"
        "Install the app again, set SLACK_BOT_TOKEN and restart; everything that waits is then posted.",
        style="red",
    )


def _queues(held: Held) -> Table:
    table = _table("What waits", "queue", ">waiting", ">oldest", ">given up on")
    for name, queue in held.queues.items():
        age = _duration(held.ages[name]) if queue.waiting else "–"
        table.add_row(name, f"{queue.waiting:,}", age, f"{queue.counts['dead']:,}")
    return table


def _events(held: Held) -> Table:
    table = _table("Stripe's events", "type", *(f">{state}" for state in _STATES))
    for type, counts in totals(held.events).items():
        table.add_row(type, *(f"{counts[state]:,}" for state in _STATES))
    return table


def _latencies(what: str, measures: Sequence[Measure]) -> Table:
    table = _table(f"{what}, since the start", "", ">times", ">mean", ">half within", ">95 % within")
    for one in measures:
        within = (_duration(one.quantile(part)) for part in (0.5, 0.95))
        table.add_row(" ".join(one.labels), f"{one.count:,}", _duration(one.mean), *within)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.removeprefix(">"), justify="right" if right else "left", no_wrap=right, overflow="fold")
    return table


def _duration(seconds: float) -> str:
    if seconds == float("inf"):
        return "longer"
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
