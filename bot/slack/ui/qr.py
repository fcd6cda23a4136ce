"""A link's address as a QR code."""

from io import BytesIO

import segno


def qr_png(url: str) -> bytes:
    """A picture that scans from a screen and from paper: error correction M or better, the quiet zone of four modules
    that ISO/IEC 18004 asks for."""
    picture = BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()
