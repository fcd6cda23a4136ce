"""A whole run in which something never went wrong has shown less than it claims."""

from collections import Counter
from dataclasses import replace

from tests.chaos.figures import Figures, missing
from tests.chaos.plan import STEPS, TROUBLES, Trouble, long_plan
from tests.chaos.poison import DEADLY, KINDS, REFUSED
from tests.chaos.strikes import ANYWHERE

PLAN = long_plan("sqlite", 1, 20_000, 200)
FIGURES = Figures(
    events=20_000,
    deliveries=40_000,
    refused=1,
    repeated=1,
    late=1,
    unsent=1,
    payments=14_000,
    links=160,
    kills=Counter([ANYWHERE, *(step.name for step in STEPS)]),
    starts=200,
    faults=Counter({"Slack: 500": 1}),
    troubles=Counter(TROUBLES["sqlite"]),
    poison=Counter((*KINDS, DEADLY)),
    closest=1.0,
    problems=[],
    logged=Counter(),
)


def test_nothing_is_missing_when_all_went_wrong() -> None:
    assert PLAN.whole
    assert list(missing(PLAN, FIGURES)) == []


def test_what_never_went_wrong_is_missing() -> None:
    calm = replace(FIGURES, refused=0, late=0, unsent=0, faults=Counter({"Slack: 500": 0}), troubles=Counter[Trouble]())
    found = list(missing(PLAN, replace(calm, kills=Counter[str](), poison=Counter[str]())))
    assert "no request met the fault 'Slack: 500'" in found
    assert "there was no trouble 'a channel archived'" in found
    assert f"no process was killed at the step {STEPS[0].name!r}" in found
    assert f"no {REFUSED} was given up on" in found
    assert "no delivery was answered 503, though the database failed" in found
    assert len(found) == 1 + len(set(PLAN.troubles)) + 1 + len(STEPS) + len(KINDS) + 1 + 3


def test_a_small_run_is_not_whole() -> None:
    assert not long_plan("sqlite", 1, 400, 6).whole


def test_a_server_that_is_not_ours_is_not_crashed() -> None:
    assert Trouble.CRASHED in long_plan("postgresql", 1, 400, 6).troubles
    assert Trouble.CRASHED not in long_plan("postgresql", 1, 400, 6, crashable=False).troubles
