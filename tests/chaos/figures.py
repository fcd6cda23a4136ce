"""What happened in a run, counted at the sandboxes' side."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.payments.events import HANDLED
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.stripe.webhooks import Attempt
from tests.chaos import verdict
from tests.chaos.fleet import Fleet
from tests.chaos.plan import STEPS, Plan, Trouble
from tests.chaos.poison import DEADLY, KINDS
from tests.chaos.strikes import ANYWHERE

if TYPE_CHECKING:
    from tests.chaos.storm import Storm

FAILING = {Trouble.LOCKED, Trouble.FULL, Trouble.CRASHED}
"""Troubles in which the database takes nothing for a while."""

_LOGGED = ("event", "worker", "kind", "type", "reason", "error", "origin")


@dataclass(frozen=True)
class Figures:
    """`kills` is by the step at which they came, `faults` by what a request met. `deliveries` and `refused` are
    Stripe's attempts that were answered 2xx and 503, `repeated` the events that came more than once; `late` events came
    for the first time after hours, `unsent` ones were never delivered. `closest` are the seconds between two posts in
    one channel. `poison` is what was given up on before its cause was mended, by kind."""

    events: int
    deliveries: int
    refused: int
    repeated: int
    late: int
    unsent: int
    payments: int
    links: int
    kills: Counter[str]
    starts: int
    faults: Counter[str]
    troubles: Counter[Trouble]
    poison: Counter[str]
    closest: float
    problems: list[str]
    logged: Counter[str]

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.events:,} events of {self.payments:,} payments by {self.links:,} links"
        yield (
            f"{self.deliveries:,} deliveries: {self.repeated:,} events came more than once, {self.late:,} hours late, "
            f"{self.unsent:,} never; {self.refused:,} deliveries were answered 503"
        )
        yield f"{self.kills.total():,} kills; {self.starts:,} processes"
        yield from _listed(self.kills)
        yield f"{self.faults.total():,} requests met a fault"
        yield from _listed(self.faults)
        yield f"{self.troubles.total():,} troubles"
        yield from _listed(Counter({trouble.value: count for trouble, count in self.troubles.items()}))
        yield f"{self.poison.total():,} times poison was given up on"
        yield from _listed(self.poison)
        yield f"two posts in one channel were never closer than {self.closest:.2f} s"
        for event, count in self.logged.most_common(12):
            yield f"  logged {count:5} × {event}"


def count(run: "Storm", sandbox: Sandbox, members: Fleet, problems: Sequence[str]) -> Figures:
    """Counts what there is to count when everything has stopped."""
    handled = [event["id"] for event in sandbox.stripe.events.values() if event["type"] in HANDLED]
    attempts = [sandbox.stripe.webhooks.attempts(event) for event in handled]
    return Figures(
        events=len(handled),
        deliveries=sum(map(_taken, attempts)),
        refused=sum(one.status == 503 for tried in attempts for one in tried),
        repeated=sum(_taken(tried) > 1 for tried in attempts),
        late=run.deliveries.hours_late,
        unsent=run.deliveries.never,
        payments=len(run.traffic.ledger.bought),
        links=len(sandbox.stripe.payment_links),
        kills=run.strikes.kills,
        starts=members.starts,
        faults=run.weather.struck,
        troubles=run.troubles.met,
        poison=run.poison.given_up,
        closest=verdict.fastest(sandbox.slack.calls),
        problems=list(problems),
        logged=Counter(
            " ".join(str(line[key]) for key in _LOGGED if key in line) for line in members.log if "event" in line
        ),
    )


def missing(plan: Plan, figures: Figures) -> Iterator[str]:
    """What never went wrong, though all of it should have in a whole run."""
    for fault, count in figures.faults.items():
        if not count:
            yield f"no request met the fault {fault!r}"
    for trouble in set(plan.troubles):
        if not figures.troubles[trouble]:
            yield f"there was no trouble {trouble.value!r}"
    for name in (ANYWHERE, *(step.name for step in STEPS)):
        if not figures.kills[name]:
            yield f"no process was killed at the step {name!r}"
    for kind in (*KINDS, DEADLY):
        if not figures.poison[kind]:
            yield f"no {kind} was given up on"
    for words, count in (("was hours late", figures.late), ("was never delivered", figures.unsent)):
        if not count:
            yield f"no event {words}"
    if not figures.refused and FAILING & set(plan.troubles):
        yield "no delivery was answered 503, though the database failed"


def _taken(attempts: Sequence[Attempt]) -> int:
    return sum(one.ok for one in attempts)


def _listed(counter: Counter[str]) -> Iterator[str]:
    for name, count in sorted(counter.items()):
        yield f"  {count:6,} × {name}"
