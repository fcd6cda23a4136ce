"""A receipt or an invoice as one page of PDF, written by hand: text in Helvetica, and lines."""

from datetime import UTC, datetime

from bot.sandbox.stripe.tables import JSON

WIDTH, HEIGHT, MARGIN = 595, 842, 56
_RIGHT = WIDTH - MARGIN
_NUMERALS = {".": 278, ",": 278, "-": 333}
"""Widths in Helvetica, in thousandths of the size; of digits 556."""
_FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold"}


def pdf(paper: JSON) -> bytes:
    """The PDF of what `receipts.paper` says."""
    return _file("\n".join(_Sheet(paper).drawn).encode("cp1252", "replace"))


class _Sheet:
    """One sheet, filled from the top; `drawn` are its operators."""

    def __init__(self, paper: JSON) -> None:
        self.drawn: list[str] = []
        self._decimals: int = paper["decimals"]
        self._y = HEIGHT - MARGIN
        self._head(paper)
        self._table(paper)
        self._y -= 14
        for note in paper["notes"]:
            self._write(_short(note, 100), size=9)

    def _head(self, paper: JSON) -> None:
        made = datetime.fromtimestamp(paper["created"], UTC)
        self._write(paper["title"], size=24, bold=True, step=34)
        mode = [] if paper["livemode"] else ["TEST MODE"]
        for line in (f"Number {paper['number']}", f"{made:%B} {made.day}, {made.year}", paper["status"].upper(), *mode):
            self._write(line)
        self._y -= 12
        top = self._y
        self._write(paper["merchant"], bold=True)
        self._write(paper["merchant_email"])
        bottom, self._y = self._y, top
        customer = paper["customer"]
        for place, line in enumerate([customer["name"], customer["email"], *customer["address"]]):
            if line:
                self._write(line, x=300, bold=place == 0)
        self._y = min(bottom, self._y) - 18

    def _table(self, paper: JSON) -> None:
        self._write("Description", size=9, step=0)
        self._write("Qty", x=380, size=9, step=0)
        self._write(f"Amount ({paper['currency'].upper()})", x=_RIGHT - 59, size=9, step=8)
        self._rule()
        for line in paper["lines"]:
            self._write(_short(line["name"], 58), step=0)
            self._write(str(line["quantity"]), x=380, step=0)
            self._amount(line["amount"])
        self._rule()
        for row in paper["sums"]:
            self._sum(row)
        self._sum({"label": "Total", "amount": paper["total"]}, bold=True)
        for row in paper["after"]:
            self._sum(row)
        if paper["method"]:
            self._write(f"Payment method: {paper['method']}", size=9)

    def _sum(self, row: JSON, *, bold: bool = False) -> None:
        self._write(row["label"], x=300, bold=bold, step=0)
        self._amount(row["amount"], bold=bold)

    def _amount(self, amount: int, *, bold: bool = False) -> None:
        whole, part = divmod(abs(amount), 10**self._decimals)
        text = f"{'-' if amount < 0 else ''}{whole:,}" + (f".{part:0{self._decimals}d}" if self._decimals else "")
        width = sum(_NUMERALS.get(letter, 556) for letter in text) * 11 / 1000
        self._write(text, x=_RIGHT - width, bold=bold, step=20)

    def _write(
        self, text: str, *, x: float = MARGIN, size: int = 11, bold: bool = False, step: int | None = None
    ) -> None:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").replace("\n", " ")
        self.drawn.append(f"BT /{'F2' if bold else 'F1'} {size} Tf {x:.1f} {self._y:.1f} Td ({escaped}) Tj ET")
        self._y -= size + 5 if step is None else step

    def _rule(self) -> None:
        self.drawn.append(f"0.8 G 0.5 w {MARGIN} {self._y:.1f} m {_RIGHT} {self._y:.1f} l S")
        self._y -= 18


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _file(content: bytes) -> bytes:
    fonts = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(_FONTS, start=5))
    page = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R /Resources << /Font << {fonts} >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {page} >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
            for name in _FONTS.values()
        ),
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, item in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = (
        f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(out)}"
    )
    return out + end.encode() + b"\n%%EOF\n"
