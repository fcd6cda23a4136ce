"""What the state machines have in common: a database of their own for each run, and a clock moved by hand."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from storage.database import Database
from tests.conftest import Clock, Templates

Answer = TypeVar("Answer")

LEASE = 30.0
STEPS = 20


class DatabaseMachine(RuleBasedStateMachine):
    """A machine over the real storage code; `check` sets where its databases come from.

    `settle` is called at the end of each run, and asserts what must be true once everything has calmed down.
    """

    templates: Templates
    kind: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.copy = self.templates.of(self.kind).copy()
        self.db = Database(self.copy.__enter__())
        self.clock = Clock()

    def teardown(self) -> None:
        try:
            self.run(self.settle())
        finally:
            self.run(self.db.close())
            self.copy.__exit__(None, None, None)
            self.runner.close()

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Does something asynchronous to its end."""
        return self.runner.run(work)

    async def settle(self) -> None:
        """Lets everything happen that is on its way."""
        raise NotImplementedError


def check(machine: type[DatabaseMachine], templates: Templates, kind: str, examples: int) -> None:
    """Runs a machine so many times on this kind of database, or skips the test when there is none."""
    templates.of(kind)
    run_state_machine_as_test(
        type(machine.__name__, (machine,), {"templates": templates, "kind": kind}),
        settings=settings(
            max_examples=examples, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
