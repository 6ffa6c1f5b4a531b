"""A QR code as squares, drawn with the rest of a page."""

from __future__ import annotations

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

from core.pdf import look
from core.pdf.tagging import TaggedCanvas


def draw_qr(canvas: TaggedCanvas, text: str, x: float, y: float, size: float) -> None:
    """Its left lower corner at (x, y); `size` is without the quiet zone around it."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    count = code.getModuleCount()
    step = size / count
    canvas.setFillColor(look.NIGHT)
    for row in range(count):
        start = None
        for column in range(count + 1):  # neighbours as one bar: no hair line between them
            is_dark = column < count and code.isDark(row, column)
            if is_dark and start is None:
                start = column
            if not is_dark and start is not None:
                bottom = y + size - (row + 1) * step
                canvas.rect(
                    x + start * step, bottom, (column - start) * step, step, stroke=0, fill=1
                )
                start = None
