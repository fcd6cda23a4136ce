"""`python -m tests.bench [measure …]`: measures, prints the table, and writes RESULTS.md when all was measured."""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop
from rich.console import Console
from rich.table import Table

from tests.bench import acknowledge, browse, deliver, inbox, opening, picker, receive, start
from tests.bench.figures import HEAD, Row, cells
from tests.bench.report import report
from tests.bench.scale import Scale

MEASURES: Mapping[str, Callable[[Scale], Awaitable[list[Row]]]] = {
    "receive": receive.measure,
    "acknowledge": acknowledge.measure,
    "open": opening.measure,
    "deliver": deliver.measure,
    "picker": picker.measure,
    "browse": browse.measure,
    "inbox": inbox.measure,
    "two": inbox.measure_two,
    "start": start.measure,
}
RESULTS = Path(__file__).with_name("RESULTS.md")


async def run(scale: Scale, names: Sequence[str], say: Callable[[str], None]) -> list[Row]:
    """Measures these, one after the other, and says what each has shown: a run takes long, and may be broken off."""
    rows: list[Row] = []
    for name in names:
        say(f"{name} …")
        found = await MEASURES[name](scale)
        for row in found:
            say(f"  {row.measure}: {row.figure}, target {row.target}, {row.verdict}")
        rows += found
    return rows


def main(names: Sequence[str]) -> int:
    """The exit status: 2 for a measure that isn't there."""
    console = Console(soft_wrap=False)
    if unknown := sorted(set(names) - set(MEASURES)):
        console.print(f"There is no measure {', '.join(unknown)}. There are: {', '.join(MEASURES)}.", markup=False)
        return 2
    with TemporaryDirectory(prefix="paylink-bench-") as folder:
        rows = uvloop.run(
            run(Scale(Path(folder)), names or tuple(MEASURES), lambda line: console.print(line, markup=False))
        )
    table = Table(*HEAD)
    for line in cells(rows):
        table.add_row(*line)
    console.print(table)
    if not names:
        RESULTS.write_text(report(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
