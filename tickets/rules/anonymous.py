"""A text of one customer made fit for all: without names, addresses and numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = "…"
_MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
_PHONE = re.compile(r"\+\d[\d\s()./-]{6,}\d")
_NUMBER = re.compile(r"\bAX-\d{4}-\d{4,8}\b")
_HOST = r"(?<![\w@.-])(?:[\w-]+\.)*{domain}(?![\w-])"


def without_customer(text: str, *, names: Iterable[str], domains: Iterable[str]) -> str:
    """`names` are of people, the organisation and its licences; `domains` those of its addresses.

    Any e-mail address, IP address, telephone number and incident's number goes as well.
    """
    text = _NUMBER.sub(GAP, _MAIL.sub(GAP, text))
    for domain in {one for one in domains if "." in one}:
        text = re.sub(_HOST.format(domain=re.escape(domain)), GAP, text, flags=re.IGNORECASE)
    text = _PHONE.sub(GAP, _IP.sub(GAP, text))
    for name in sorted({one for one in names if len(one) > 2}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", GAP, text, flags=re.IGNORECASE)
    return text
