"""The certificate as it is drawn: nothing is cut, and nothing stands on the QR code."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from core.pdf.paper import Letterhead
from core.pdf.typesetting import Typesetter
from engagements.pdf import certificate
from engagements.pdf.certificate import CertificateText

SENDER = Letterhead(
    name="Axigen",
    address=("1 Long Street", "Bucharest"),
    support_address="support@axsupport.example",
    phone="+40 21 000 0000",
    web="axsupport.example",
)
SAID: dict[str, Any] = {
    "number": "TC-7K3F-9QXM-2D8J",
    "organisation": "Example SA",
    "course": "Operation and maintenance",
    "covers": ("Installation", "Configuration", "Operation", "Maintenance"),
    "first_on": date(2026, 3, 1),
    "last_on": date(2026, 3, 3),
    "hours": "24 hours",
    "percent": 100,
    "passed_exam": True,
    "issued_at": datetime(2026, 3, 4, tzinfo=UTC),
    "issued_on": date(2026, 3, 4),
    "expires_on": date(2029, 3, 3),
}
LONG = "Maria-Alexandra Constantinescu-Brâncoveanu von Hohenstauffen"  # 60 characters
URL = "https://{}.example/training/verify/TC-7K3F-9QXM-2D8J/"


@pytest.mark.parametrize(
    ("holder", "trainer", "organisation", "host", "least"),
    (
        (LONG, LONG[::-1], "Example SA", "support", 7),
        ("W" * 120, "W" * 150, "M" * 200, "m" * 120, 2),
        ("Maximilian Wolfgang " * 6, "Maximilian Wolfgang " * 7, "Muster GmbH " * 16, "m" * 60, 5),
    ),
)
def test_long_names_are_set_smaller_and_never_cut(
    monkeypatch, holder, trainer, organisation, host, least
):
    drawn, draw = [], Typesetter.draw

    def noted(self, canvas, x, y, line, font, size):
        drawn.append((x + self.width(line, font, size), y, size, line))
        draw(self, canvas, x, y, line, font, size)

    monkeypatch.setattr(Typesetter, "draw", noted)
    names = {"holder": holder, "trainer": trainer, "organisation": organisation}
    url = URL.format(host)
    said = CertificateText(**SAID | names, verify_url=url)

    paper = certificate.render(said, SENDER)

    text = re.sub(r"\s", "", PdfReader(BytesIO(paper)).pages[0].extract_text())
    for whole in (*names.values(), url):
        assert re.sub(r"\s", "", whole) in text
    right = certificate.WIDE - certificate.LEFT
    for end, y, size, line in drawn:
        is_beside_code = y < certificate.CODE_TOP
        assert end <= right - (certificate.CODE if is_beside_code else 0) + 0.1, line
        assert y > 9.5 * mm, line
        assert size >= least, line
