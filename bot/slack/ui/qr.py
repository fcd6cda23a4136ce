"""An address as a QR code."""

from io import BytesIO

import segno

from bot.gateways.slack import Upload
from bot.slack.ui.text import line


def qr_code(name: str, link_id: str, url: str) -> tuple[Upload, ...]:
    """The code as a picture (PNG) and as a drawing of any size (SVG). `url` is what it opens, exactly."""
    name = line(name, 150)
    alt_text = line(f"QR code that opens the payment link {name}, {url}", 1000)
    return tuple(
        Upload(f"paylink-{link_id}.{kind}", draw_qr(url, kind), f"QR code: {name} ({kind.upper()})", alt_text)
        for kind in ("png", "svg")
    )


def draw_qr(url: str, kind: str) -> bytes:
    """A code that scans from a screen and from paper: error correction M or better, the quiet zone of four modules
    that ISO/IEC 18004 asks for. `kind` is `png` or `svg`."""
    picture = BytesIO()
    segno.make_qr(url, error="m").save(picture, kind=kind, scale=10, border=4)
    return picture.getvalue()
