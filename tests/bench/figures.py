"""What was measured, and against what; as a table for the terminal and for RESULTS.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured several times. The median stands for it; the spread is from the least to the greatest."""

    values: tuple[float, ...]
    unit: str

    @property
    def middle(self) -> float:
        return median(self.values)

    def __str__(self) -> str:
        least, greatest = min(self.values), max(self.values)
        return f"{_number(self.middle)} {self.unit} ({_number(least)}–{_number(greatest)})"

    def over(self, other: "Figure") -> "Figure":
        """How many times the other it is, round by round (the rounds lie next to each other in time)."""
        return Figure(tuple(mine / its for mine, its in zip(self.values, other.values, strict=True)), "×")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure, what it has to keep (`at_least` or `at_most`), and how it came about."""

    measure: str
    figure: Figure
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {_number(self.at_least)} {self.figure.unit}"
        return f"≤ {_number(self.at_most)} {self.figure.unit}" if self.at_most is not None else "–"

    @property
    def verdict(self) -> str:
        """`met`, or by how much it is missed, in per cent of the target."""
        middle = self.figure.middle
        if self.at_least is not None:
            return "met" if middle >= self.at_least else f"missed by {1 - middle / self.at_least:.0%}"
        if self.at_most is not None:
            return "met" if middle <= self.at_most else f"missed by {middle / self.at_most - 1:.0%}"
        return ""


HEAD = ("measure", "median of the rounds (spread)", "target", "verdict", "how")


def cells(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The rows of the table as text, in the order of HEAD."""
    return [(row.measure, str(row.figure), row.target, row.verdict, row.note) for row in rows]


def markdown(rows: Sequence[Row]) -> str:
    """The table in Markdown."""
    lines = [HEAD, tuple("---" for _ in HEAD), *cells(rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least this share (0 to 1) of the values doesn't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
