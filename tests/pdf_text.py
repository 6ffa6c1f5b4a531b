"""What stands in a PDF, as text on one line."""

from io import BytesIO

import pypdf


def pdf_text(content: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
