"""`python -m tests.chaos`: the long run. Prints what happened, and ends with status 1 when anything isn't right."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.plan import SHORT, Plan
from tests.chaos.storm import Figures, storm
from tests.databases import PostgresTemplate, SqliteTemplate


def main() -> int:
    arguments = _arguments()
    worked = True
    with TemporaryDirectory(prefix="paylink-chaos-") as name:
        folder = Path(name)
        for kind in ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,):
            figures = _one(kind, arguments, folder)
            worked &= not figures.problems
    return 0 if worked else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos ARGS=…", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--short", action="store_true")
    return parser.parse_args()


def _one(kind: str, arguments: argparse.Namespace, folder: Path) -> Figures:
    template = SqliteTemplate(_made(folder / kind)) if kind == "sqlite" else PostgresTemplate()
    web, workers = (1, 1) if kind == "sqlite" else (2, 3)
    plan = Plan(arguments.seed, arguments.events, arguments.kills, web, workers)
    if arguments.short:
        plan = SHORT
    print(f"{kind}, seed {plan.seed}: {plan.events:,} events, {plan.kills:,} kills", flush=True)
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"  {time.monotonic() - started:6.1f} s  {line}", flush=True)

    copy: Callable[[], AbstractContextManager[str]] = template.copy
    try:
        with copy() as url:
            figures = asyncio.run(storm(plan, url, folder, say))
    finally:
        template.close()
    _report(figures, time.monotonic() - started)
    return figures


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


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
    print(f"  {len(figures.problems)} problems" if figures.problems else "  all is right")
    for problem in figures.problems[:20]:
        print(f"    {problem}")


if __name__ == "__main__":
    sys.exit(main())
