"""What a run does.

With the same seed the same links are paid for in the same order, and the steps to be killed at and the troubles come in
the same order. Which request meets a fault, and which process a kill takes, hangs on the moments as well, which no seed
fixes.
"""

from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Literal

When = Literal["before", "during", "after"]
To = Literal["paylink", "slack", "stripe"]


class Role(Enum):
    """What a process does: everything, receive, or work."""

    SERVE = "serve"
    WEB = "web"
    WORKER = "worker"


@dataclass(frozen=True)
class Step:
    """A moment in the life of a request at which the process at its other end is killed.

    `before` the request arrives, `during` the work, or `after` the work was done and before the answer arrives.
    """

    name: str
    roles: tuple[Role, ...]
    to: To
    method: str
    path: str
    when: When


_RECEIVERS = (Role.SERVE, Role.WEB)
_WORKERS = (Role.SERVE, Role.WORKER)
_POST, _UPDATE = "/api/chat.postMessage", "/api/chat.update"

STEPS = (
    Step("event received, perhaps not stored", _RECEIVERS, "paylink", "POST", "/stripe/webhook", "during"),
    Step("event stored, not acknowledged", _RECEIVERS, "paylink", "POST", "/stripe/webhook", "after"),
    Step("event taken, Stripe being asked", _WORKERS, "stripe", "GET", "/v1/checkout/sessions/", "after"),
    Step("message about to be posted", _WORKERS, "slack", "POST", _POST, "before"),
    Step("message accepted, answer lost", _WORKERS, "slack", "POST", _POST, "after"),
    Step("message about to be updated", _WORKERS, "slack", "POST", _UPDATE, "before"),
    Step("message updated, answer lost", _WORKERS, "slack", "POST", _UPDATE, "after"),
)


class Trouble(Enum):
    """What befalls everybody at once, beside the kills and the weather."""

    ARCHIVED = "a channel archived"
    REMOVED = "the app removed from a channel, and invited again"
    REVOKED = "the token revoked, and the app installed again"
    HOURS = "hours gone by between an event and its delivery"
    LOCKED = "the database locked by another process"
    FULL = "no file may become longer, an I/O error as on a full disk"
    CRASHED = "the database server crashed"
    CUT = "all connections to the database cut"


_ANYWHERE = (
    *(Trouble.ARCHIVED, Trouble.ARCHIVED, Trouble.ARCHIVED),
    *(Trouble.REMOVED, Trouble.REMOVED, Trouble.REMOVED),
    *(Trouble.REVOKED, Trouble.REVOKED),
    Trouble.HOURS,
)
TROUBLES = {
    "sqlite": (*_ANYWHERE, *3 * (Trouble.LOCKED, Trouble.FULL)),
    "postgresql": (*_ANYWHERE, *3 * (Trouble.CRASHED, Trouble.CUT)),
}
"""Those of a long run, by the kind of its database."""


@dataclass(frozen=True)
class Plan:
    """`stride` is how far all clocks jump after a kill, in seconds, so that leases run out; 0: time is real.

    `web` and `workers` are numbers of processes; without any `web`, one process does everything. `kills` happen evenly
    over `events`; with `steps` they go through these in turn, without they come at random moments and steps. The events
    of each take `pace` seconds at least, and up to `open_strikes` kills may be still to come when the next events do.
    `calm_links` of the links are made before it begins, the others until half of the events have happened. The
    `troubles` come one after another, evenly over the events, in an order of the seed's. `late` is the part of the
    events that Stripe delivers when hours have gone by, `poison` how much there is of each kind of it, and
    `deadly` how many events take down whoever handles them. A run that is `whole` has failed when one of the things
    that may go wrong never did.
    """

    seed: int = 1
    events: int = 20_000
    kills: int = 200
    web: int = 0
    workers: int = 0
    channels: int = 40
    links: int = 160
    calm_links: int = 40
    stride: float = 0.0
    steps: tuple[Step, ...] = ()
    weather: bool = True
    pace: float = 0.0
    open_strikes: int = 0
    troubles: tuple[Trouble, ...] = ()
    late: float = 0.0
    poison: int = 0
    deadly: int = 0
    whole: bool = False

    def random(self, purpose: str) -> Random:
        """The seed's chance for this purpose, which nothing that is drawn for another one changes."""
        return Random(f"{self.seed}/{purpose}")


SHORT = Plan(
    events=42,
    kills=len(STEPS),
    channels=5,
    links=5,
    calm_links=5,
    stride=40.0,
    steps=STEPS,
    weather=False,
    troubles=(Trouble.ARCHIVED,),
    poison=1,
)
"""One kill at each step, of the one process that does everything; clocks jump, so that nothing waits for a lease."""


WHOLE_EVENTS, WHOLE_KILLS = 10_000, 100
"""With so many of them it is next to impossible that something never happens by chance."""


def long_plan(kind: str, seed: int, events: int, kills: int, crashable: bool = True) -> Plan:
    """A run on this kind of database with all there is: two processes on SQLite, five on PostgreSQL. Unless the
    database is `crashable` it isn't crashed. With few events or kills it can't be whole."""
    web, workers = (1, 1) if kind == "sqlite" else (2, 3)
    troubles = tuple(one for one in TROUBLES[kind] if crashable or one is not Trouble.CRASHED)
    whole = events >= WHOLE_EVENTS and kills >= WHOLE_KILLS
    return Plan(
        *(seed, events, kills, web, workers),
        pace=4.0,
        open_strikes=3,
        troubles=troubles,
        late=0.02,
        poison=3,
        # Only there is the time for so many leases to run out.
        deadly=int(whole),
        whole=whole,
    )
