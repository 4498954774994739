"""QR codes for pages: the code as one vector path, so that a page needs no picture from anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.graphics.barcode.qr import QrCodeWidget

QUIET = 4
"""Empty modules around a code, as its standard demands."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code ready to be drawn: the side of its square, and the path of its dark modules."""

    side: int
    path: str


def qr_code(address: str) -> QrCode:
    """The QR code of an address, with a quarter of it allowed to be damaged (level Q): slips get folded."""
    code = QrCodeWidget(address, barLevel="Q").qr
    code.make()
    rows = [
        f"M{QUIET + column} {QUIET + line}h1v1h-1z"
        for line, modules in enumerate(code.modules)
        for column, dark in enumerate(modules)
        if dark
    ]
    return QrCode(len(code.modules) + 2 * QUIET, "".join(rows))
