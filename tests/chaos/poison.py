"""Poison: events and messages that always fail, until what makes them fail is mended."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set

from bot.delivery.attempts import MOST_ATTEMPTS
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.stripe.errors import no_such
from bot.sandbox.stripe.state import Context
from tests.chaos.ledger import Bought
from tests.chaos.letters import Letter, misjudged
from tests.chaos.plan import Plan
from tests.chaos.roads import Roads
from tests.chaos.traffic import Traffic

MALFORMED = "malformed event"
UNKNOWN = "event about what Stripe doesn't know"
REFUSED = "message that Slack refuses"
DEADLY = "event that takes down whoever handles it"
KINDS = (MALFORMED, UNKNOWN, REFUSED)

_MALFORMED_TYPES = ("payment_link.updated", "product.updated", "charge.dispute.created")
_REFUSAL = {"ok": False, "error": "msg_too_long"}


class Poison:
    """As many of each kind as the plan says: events without an object, payments whose session Stripe doesn't find,
    payments whose message Slack refuses, and payments about whose session nobody can ask and live. `given_up` counts by
    kind what was found to be."""

    def __init__(self, plan: Plan, sandbox: Sandbox, traffic: Traffic, roads: Roads) -> None:
        self.given_up = Counter[str]()
        self._most = plan.poison
        self._most_deadly = plan.deadly
        self._random = plan.random("poison")
        self._sandbox = sandbox
        self._traffic = traffic
        self._roads = roads
        self._malformed: list[str] = []
        self._unknown: dict[str, Bought] = {}
        """By the id of the event."""
        self._deadly: dict[str, Bought] = {}
        self._refused: list[Bought] = []
        self._causes: list[tuple[Faults, Fault]] = []

    async def come(self, share: float) -> None:
        """Brings what has come by this share of the run: all of it in the first half, as it takes its time to end,
        and what is deadly at once."""
        while len(self._deadly) < self._most_deadly:
            await self._sell_deadly()
        while len(self._malformed) < min(self._most, 2 * share * self._most):
            self._send_malformed()
            await self._sell_unknown()
            await self._sell_refused()

    @property
    def events(self) -> set[str]:
        """The ids of the events that fail."""
        return {*self._malformed, *self._unknown, *self._deadly}

    @property
    def ids(self) -> set[str]:
        """Those of `events` and of `payments`."""
        return self.events | self.payments

    @property
    def payments(self) -> set[str]:
        """The ids of the payments whose message Slack refuses."""
        return {one.session for one in self._refused}

    def spare(self, sessions: Set[str]) -> None:
        """These payments are told of all the same: in a digest, which Slack doesn't refuse."""
        for one in self._refused:
            if one.session in sessions:
                one.poison = None
        self._refused = [one for one in self._refused if one.poison]

    async def make_up(self) -> None:
        """For those that were spared. To be called when no channel is behind, so that there are no digests."""
        while len(self._refused) < self._most:
            await self._sell_refused()

    async def sell_beside(self) -> None:
        """Payments like others, through the links of those whose messages Slack refuses."""
        for one in self._refused:
            await self._traffic.buy(self._traffic.ledger.links[one.link])

    def mend(self) -> None:
        """Stripe knows the sessions now, nobody dies of them, and Slack takes the messages. What is malformed stays
        so."""
        self._roads.deadly.clear()
        for faults, rule in self._causes:
            faults.remove(rule)
        for one in (*self._unknown.values(), *self._deadly.values(), *self._refused):
            one.poison = None
        self._causes, self._unknown, self._deadly, self._refused = [], {}, {}, []

    def judged(self, listed: Iterable[Letter], closed: Set[str]) -> Iterator[str]:
        """What is wrong with what `paylink inbox` lists. `closed` are channels where cards may have been given up."""
        letters = list(listed)
        expected = self._expected()
        found = {letter.about for letter in letters}
        self.given_up |= Counter(kind for about, (kind, _) in expected.items() if about in found)
        yield from misjudged(letters, {about: least for about, (_, least) in expected.items()}, closed)

    def _expected(self) -> Mapping[str, tuple[str, int]]:
        """By the name it is listed under: the kind, and how many attempts it takes."""
        return {
            **dict.fromkeys(self._malformed, (MALFORMED, 1)),
            **dict.fromkeys(self._unknown, (UNKNOWN, MOST_ATTEMPTS)),
            **dict.fromkeys(self._deadly, (DEADLY, MOST_ATTEMPTS)),
            **{f"payment {one.session}": (REFUSED, MOST_ATTEMPTS) for one in self._refused},
        }

    def _send_malformed(self) -> None:
        stripe = self._sandbox.stripe
        kind = _MALFORMED_TYPES[len(self._malformed) % len(_MALFORMED_TYPES)]
        event = Context(stripe.world, stripe.account).emit(kind, {})
        # It is on its way, and written when it is sent.
        event["data"] = {}
        self._malformed.append(event["id"])

    async def _sell_unknown(self) -> None:
        event, one = await self._sell_in_vain()
        missing = no_such("checkout.session", one.session, "session").body()
        self._break(self._sandbox.stripe.faults, f"GET {_session(one)}", 404, missing)
        self._unknown[event] = one

    async def _sell_deadly(self) -> None:
        event, one = await self._sell_in_vain()
        self._roads.deadly.add(_session(one))
        self._deadly[event] = one

    async def _sell_in_vain(self) -> tuple[str, Bought]:
        """The payment, of which nothing will be learnt, and the id of its event."""
        one = await self._traffic.buy(self._traffic.any_link(self._random))
        one.poison = "unknown"
        events = self._sandbox.stripe.events
        (event,) = [id for id in events if events[id]["data"].get("object", {}).get("id") == one.session]
        return event, one

    async def _sell_refused(self) -> None:
        holding = self._traffic.ledger.next_email
        self._break(self._sandbox.slack.faults, "POST /api/chat.postMessage", 200, _REFUSAL, holding)
        one = await self._traffic.buy(self._traffic.any_link(self._random))
        one.poison = "refused"
        self._refused.append(one)

    def _break(self, faults: Faults, where: str, status: int, body: object, holding: str = "") -> None:
        # Ahead of the weather: a request whose work is done before its connection is cut would not have failed.
        rule = faults.add(where, "status", status=status, body=body, times=None, holding=holding, ahead=True)
        self._causes.append((faults, rule))


def _session(one: Bought) -> str:
    """Where Stripe is asked about it."""
    return f"/v1/checkout/sessions/{one.session}"
