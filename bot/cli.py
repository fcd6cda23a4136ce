"""The `paylink` command. The only place that reads the environment."""

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import structlog
import typer
import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot import logs
from bot.app import build
from bot.config import Settings, from_environment
from bot.doctor import examine
from bot.errors import GatewayError, PaylinkError
from bot.identity import recall
from bot.money import Money
from bot.outside import naming_database_trouble, outside
from bot.status import held, measured
from bot.status_page import page
from storage import migrate as migrations

Result = TypeVar("Result")

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


class Part(StrEnum):
    """What `paylink backfill` brings in."""

    ALL = "all"
    CATALOG = "catalog"


app = typer.Typer(
    help="Stripe Payment Links without leaving Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)
log = structlog.get_logger()


def main() -> None:
    """The entry point. A known error ends as one message and exit status 1, without a traceback."""
    try:
        app()
    except PaylinkError as error:
        complaints.print(str(error), style="red", markup=False)
        sys.exit(1)


@app.command()
def demo(port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = 8600) -> None:
    """Slack and Stripe on this machine, and the real app between them. Needs no account."""
    logs.configure("warning", "console")
    _run(_demo(port))


@app.command()
def serve() -> None:
    """Everything in one process."""
    _run(_serve(_settings(), receive=True, work=True))


@app.command()
def web() -> None:
    """Receive only (Slack's requests, Stripe's webhook); any number of these on one PostgreSQL."""
    _run(_serve(_settings(), receive=True, work=False))


@app.command()
def worker() -> None:
    """Work only (events, cards, missed events); any number of these on one PostgreSQL."""
    _run(_serve(_settings(), receive=False, work=True))


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date. SQLite also does this by itself on start."""
    with naming_database_trouble():
        _run(migrations.upgrade(_settings().database_url))
    console.print("The database is up to date.")


@app.command()
def doctor() -> None:
    """Check tokens, scopes, webhook, database and clock; each failure names its cure."""
    if not _run(_examine(_settings())):
        raise typer.Exit(1)


@app.command()
def backfill(
    what: Annotated[Part, typer.Argument(help="all, or only the catalog (coupons and shipping rates too).")] = Part.ALL,
) -> None:
    """Bring in the catalog, links and payments the Stripe account already has. Can be stopped and run again."""
    _run(_backfill(_settings(), what))


@app.command()
def inbox(
    words: Annotated[list[str] | None, typer.Argument(metavar="[retry ID… | retry all]", show_default=False)] = None,
) -> None:
    """List what was given up on (events not handled, cards not sent) with the reason, or try some of it again."""
    if not words:
        _run(_list_dead(_settings()))
    elif words[0] != "retry" or len(words) == 1:
        raise typer.BadParameter("write `paylink inbox retry` and ids from the list, or `paylink inbox retry all`")
    elif not _run(_retry(_settings(), words[1:])):
        raise typer.Exit(1)


@app.command()
def status() -> None:
    """Show what waits and since when, what was given up on, and how long things take in the processes that run here."""
    _run(_status(_settings()))


def _settings() -> Settings:
    settings = from_environment()
    logs.configure(settings.log_level, settings.log_format)
    return settings


def _run(main: Coroutine[Any, Any, Result]) -> Result:
    if sys.platform == "win32":
        return asyncio.run(main)
    import uvloop

    return uvloop.run(main)


async def _serve(settings: Settings, *, receive: bool, work: bool) -> None:
    stop = stop_signal()
    async with AsyncExitStack() as stack:
        paylink = await stack.enter_async_context(build(settings))
        # What writing an amount needs is read from files when the first is written: better now than with an event.
        Money(0, settings.paylink_currency).format(settings.paylink_locale)
        _keep_for_good()
        if work:
            await stack.enter_async_context(paylink.working())
        if receive:
            url = await stack.enter_async_context(paylink.receiving(settings.host, settings.port))
            log.info("listening", url=url, socket_mode=settings.slack_app_token is not None)
        elif settings.paylink_worker_port is not None:
            url = await stack.enter_async_context(paylink.observed(settings.host, settings.paylink_worker_port))
            log.info("listening", url=url, observed_only=True)
        await stop.wait()
        log.info("stopping")


def _keep_for_good() -> None:
    """Takes what stands after the start (modules, models, the wired app) out of the garbage collector's rounds.

    It is some 200,000 objects, none of them garbage; looking through them again stopped everything for a tenth of a
    second now and then, with people waiting for their modal.
    """
    gc.collect()
    gc.freeze()


def stop_signal() -> asyncio.Event:
    """Set by SIGTERM (a platform's "stop") and SIGINT (Ctrl-C)."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _demo(port: int) -> None:
    from bot.sandbox.demo import demo as sandbox_demo  # only here: the app starts without it

    stop = stop_signal()
    manifest = yaml.safe_load(MANIFEST.read_text())
    with TemporaryDirectory(prefix="paylink-") as folder:
        async with sandbox_demo(manifest, port) as sandbox:
            settings = Settings.model_validate({**sandbox.settings, "database_url": f"sqlite:///{folder}/demo.db"})
            async with build(settings) as paylink, paylink.working(), paylink.receiving("127.0.0.1", 0) as url:
                sandbox.connect(url)
                console.print(f"\n  Open [bold]{sandbox.slack.url}[/] and type /paylink in a channel.\n")
                console.print("  Pay with card 4242 4242 4242 4242, any future date, any CVC.")
                console.print(f"  Stripe's side is at {sandbox.stripe.url}/dashboard")
                console.print("  Ctrl-C ends the demo; nothing is kept.\n")
                await stop.wait()


async def _examine(settings: Settings) -> bool:
    """Prints each finding as it comes; whether all is well."""
    well = True
    async with outside(settings) as patient:
        async for finding in examine(patient):
            well &= finding.well
            console.print("[green]✓[/]" if finding.well else "[red]✗[/]", end=" ")
            console.print(f"{finding.name}: {finding.seen}", markup=False)
            if finding.cure:
                console.print(f"  → {finding.cure}", markup=False)
    return well


async def _backfill(settings: Settings, what: Part) -> None:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<17}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    async with build(settings) as paylink:
        with Progress(*columns, console=console) as progress:
            tasks: dict[str, TaskID] = {}
            try:
                steps = paylink.backfill.catalog() if what == Part.CATALOG else paylink.backfill.run()
                async for step in steps:
                    if step.what not in tasks:
                        tasks[step.what] = progress.add_task(step.what, total=None)
                    progress.update(tasks[step.what], completed=step.seen)
            except GatewayError as error:
                raise PaylinkError(f"{error} Run this again to go on from here.") from error


async def _status(settings: Settings) -> None:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    ports = [port for port in (settings.port, settings.paylink_worker_port) if port is not None]
    urls = [f"http://{host}:{port}" for port in ports]
    async with outside(settings) as parts:
        with naming_database_trouble():
            team_id = (await recall(parts)).team_id
            known = await held(parts.db, team_id, parts.clock)
    for part in page(known, await measured(urls), urls):
        console.print(part)


async def _list_dead(settings: Settings) -> None:
    async with build(settings) as paylink:
        letters = await paylink.dead_letters.all()
    if not letters:
        console.print("Nothing was given up on.")
    for letter in letters:
        since = datetime.fromtimestamp(letter.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
        console.print(f"{letter.kind} {letter.id}: {letter.what}", markup=False)
        tries = "1 attempt" if letter.attempts == 1 else f"{letter.attempts} attempts"
        console.print(f"  given up {since} after {tries}: {letter.reason}", markup=False)


async def _retry(settings: Settings, ids: list[str]) -> bool:
    """Whether every id was found."""
    async with build(settings) as paylink:
        letters = paylink.dead_letters
        revived = await (letters.retry_all() if ids == ["all"] else letters.retry(ids))
    console.print(f"{len(revived)} will be tried again.")
    missing = [] if ids == ["all"] else [one for one in ids if one not in revived]
    for one in missing:
        complaints.print(f"{one} is not among what was given up on.", markup=False)
    return not missing
