"""`python -m tests.chaos [storm] [burst] [fuzz]`: the long runs. Prints what happened; status 1 when anything is wrong.

Without a name all three, on SQLite and on PostgreSQL. `storm` is processes killed between failing APIs, `burst` 10,000
payments in one channel at once, `fuzz` 100,000 strange requests.
"""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from structlog.testing import capture_logs

from storage import migrate
from tests.chaos.burst import burst
from tests.chaos.cluster import Cluster, binaries, cluster
from tests.chaos.fuzz import fuzz
from tests.chaos.plan import SHORT, Plan, long_plan
from tests.chaos.storm import storm
from tests.databases import PostgresTemplate, SqliteTemplate


def main() -> int:
    arguments = _arguments()
    logging.disable(logging.CRITICAL)
    worked = True
    kinds = ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,)
    with TemporaryDirectory(prefix="paylink-chaos-") as name:
        for run in arguments.runs or RUNS:
            for kind in kinds:
                worked &= RUNS[run](kind, arguments, Path(name))
    return 0 if worked else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos ARGS=…", description=__doc__)
    parser.add_argument("runs", nargs="*", metavar="storm | burst | fuzz")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--payments", type=int, default=10_000, help="of the burst")
    parser.add_argument("--inputs", type=int, default=100_000, help="of the fuzz")
    parser.add_argument("--short", action="store_true", help="the storm that `make test` makes, with this seed")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.runs) - RUNS.keys()):
        parser.error(f"there is no run {unknown[0]!r}")
    return arguments


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    """A fresh, migrated database."""
    template = SqliteTemplate(Path(mkdtemp(dir=folder))) if kind == "sqlite" else PostgresTemplate()
    try:
        with template.copy() as url:
            yield url
    finally:
        template.close()


@contextmanager
def _crashable(kind: str, folder: Path) -> Iterator[tuple[str, Cluster | None]]:
    """The same, on a server of our own where the machine has one."""
    place = binaries() if kind == "postgresql" else None
    if place is None:
        with _database(kind, folder) as url:
            yield url, None
        return
    with cluster(place) as server:
        asyncio.run(migrate.upgrade(server.url))
        yield server.url, server


def _storm(kind: str, arguments: argparse.Namespace, folder: Path) -> bool:
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"  {time.monotonic() - started:6.1f} s  {line}", flush=True)

    with _crashable(kind, folder) as (url, server):
        plan = _plan(kind, arguments, crashable=server is not None)
        print(f"storm, {kind}, seed {plan.seed}: {plan.events:,} events, {plan.kills:,} kills", flush=True)
        figures = asyncio.run(storm(plan, url, folder, say, server))
    for line in figures.lines():
        print(f"  {line}")
    print(f"  {time.monotonic() - started:,.0f} s")
    _judge(figures.problems)
    return not figures.problems


def _plan(kind: str, arguments: argparse.Namespace, *, crashable: bool) -> Plan:
    if arguments.short:
        return replace(SHORT, seed=arguments.seed)
    return long_plan(kind, arguments.seed, arguments.events, arguments.kills, crashable)


def _burst(kind: str, arguments: argparse.Namespace, folder: Path) -> bool:
    print(f"burst, {kind}: {arguments.payments:,} payments in one channel", flush=True)
    with _database(kind, folder) as url, capture_logs():
        figures = asyncio.run(burst(url, arguments.payments))
    print(f"  {figures.messages:,} messages in {figures.seconds:,.0f} s, never closer than {figures.closest:.2f} s")
    _judge(figures.problems)
    return not figures.problems


def _fuzz(kind: str, arguments: argparse.Namespace, folder: Path) -> bool:
    print(f"fuzz, {kind}, seed {arguments.seed}: {arguments.inputs:,} requests", flush=True)
    started = time.monotonic()
    with _database(kind, folder) as url:
        figures = asyncio.run(fuzz(url, arguments.inputs, arguments.seed))
    for answer, count in sorted(figures.answers.items()):
        print(f"    {count:7,} × {answer}")
    print(f"  {figures.inputs:,} requests and {figures.pure:,} lines and amounts, {time.monotonic() - started:,.0f} s")
    _judge(figures.problems)
    return not figures.problems


RUNS: dict[str, Callable[[str, argparse.Namespace, Path], bool]] = {
    "storm": _storm,
    "burst": _burst,
    "fuzz": _fuzz,
}


def _judge(problems: Sequence[str]) -> None:
    print(f"  {len(problems)} problems" if problems else "  all is right", flush=True)
    for problem in problems[:20]:
        print(f"    {problem}")


if __name__ == "__main__":
    sys.exit(main())
