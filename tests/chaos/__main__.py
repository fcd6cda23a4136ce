"""`python -m tests.chaos [storm] [burst] [fuzz]`: the long runs. Prints what happened; status 1 when anything is wrong.

Without a name all three, on SQLite and on PostgreSQL. `storm` is processes killed between failing APIs, `burst` 10,000
payments in one channel at once, `fuzz` 100,000 strange inputs.
"""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from structlog.testing import capture_logs

from tests.chaos.burst import burst
from tests.chaos.fuzz import fuzz
from tests.chaos.plan import SHORT, Plan
from tests.chaos.storm import Figures, storm
from tests.databases import PostgresTemplate, SqliteTemplate


def main() -> int:
    arguments = _arguments()
    logging.disable(logging.CRITICAL)
    worked = True
    kinds = ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,)
    with TemporaryDirectory(prefix="paylink-chaos-") as name:
        for run in arguments.runs or RUNS:
            for kind in kinds:
                with _database(kind, Path(name)) as url:
                    worked &= RUNS[run](kind, url, arguments, Path(name))
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
    parser.add_argument("--short", action="store_true", help="the storm that `make test` makes")
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


def _storm(kind: str, url: str, arguments: argparse.Namespace, folder: Path) -> bool:
    web, workers = (1, 1) if kind == "sqlite" else (2, 3)
    plan = SHORT if arguments.short else Plan(arguments.seed, arguments.events, arguments.kills, web, workers)
    print(f"storm, {kind}, seed {plan.seed}: {plan.events:,} events, {plan.kills:,} kills", flush=True)
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"  {time.monotonic() - started:6.1f} s  {line}", flush=True)

    figures = asyncio.run(storm(plan, url, folder, say))
    _report(figures, time.monotonic() - started)
    return not figures.problems


def _burst(kind: str, url: str, arguments: argparse.Namespace, folder: Path) -> bool:
    print(f"burst, {kind}: {arguments.payments:,} payments in one channel", flush=True)
    with capture_logs():
        figures = asyncio.run(burst(url, arguments.payments))
    print(f"  {figures.messages:,} messages in {figures.seconds:,.0f} s, never closer than {figures.closest:.2f} s")
    _judge(figures.problems)
    return not figures.problems and figures.closest >= 1.0


def _fuzz(kind: str, url: str, arguments: argparse.Namespace, folder: Path) -> bool:
    print(f"fuzz, {kind}, seed {arguments.seed}: {arguments.inputs:,} inputs", flush=True)
    figures = asyncio.run(fuzz(url, arguments.inputs, arguments.seed))
    for answer, count in sorted(figures.answers.items()):
        print(f"    {count:7,} × {answer}")
    _judge(figures.problems)
    return not figures.problems


RUNS: dict[str, Callable[[str, str, argparse.Namespace, Path], bool]] = {
    "storm": _storm,
    "burst": _burst,
    "fuzz": _fuzz,
}


def _judge(problems: Sequence[str]) -> None:
    print(f"  {len(problems)} problems" if problems else "  all is right", flush=True)
    for problem in problems[:20]:
        print(f"    {problem}")


def _report(figures: Figures, seconds: float) -> None:
    kills = sum(figures.kills.values())
    print(f"  {figures.events:,} events in {figures.deliveries:,} deliveries, {figures.payments:,} payments")
    print(f"  {figures.links:,} links; {figures.faults:,} requests met a fault")
    print(f"  {kills:,} kills, {figures.starts:,} processes, {seconds:,.0f} s")
    for step, count in sorted(figures.kills.items()):
        print(f"    {count:4} × {step}")
    print(f"  two posts in one channel were never closer than {figures.closest:.2f} s")
    for event, count in figures.logged.most_common(12):
        print(f"    logged {count:5} × {event}")
    _judge(figures.problems)


if __name__ == "__main__":
    sys.exit(main())
