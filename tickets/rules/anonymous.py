"""A text of one customer made fit for all: without names, addresses and numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv6Address

import phonenumbers

GAP = "…"
_MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?![\w:])")
_PHONE = re.compile(r"\+\d[\d\s()./-]{6,}\d")
_NUMBER = re.compile(r"\bAX-\d{4}-\d{4,8}\b")
_HOST = r"(?<![\w@.-])(?:[\w-]+\.)*{domain}(?![\w-])"

# Words of an organisation's name that name nobody, and that articles of this product need.
_COMMON = """
    and the of for und der die das de la le les et co company corp corporation group gruppe groupe
    grup gmbh ltd limited inc llc plc kg ohg ag sa srl sarl bv nv oy ab aps spa mbh public private
    mail email server service services systems system net network software solutions online web
    cloud data hosting host domain hotel hotels bank school university city international
"""


def without_customer(
    text: str, *, names: Iterable[str], domains: Iterable[str], country: str = ""
) -> str:
    """`names` are of people, the organisation and its licences; `domains` those of its addresses.

    Any e-mail address, IP address, telephone number and incident's number goes as well; a number
    without "+" is one where it is valid in `country` (ISO 3166, two letters).
    """
    text = _NUMBER.sub(GAP, _MAIL.sub(GAP, text))
    for domain in {one for one in domains if "." in one}:
        text = re.sub(_HOST.format(domain=re.escape(domain)), GAP, text, flags=re.IGNORECASE)
    text = _PHONE.sub(GAP, _IPV6.sub(_without_ipv6, _IP.sub(GAP, text)))
    for found in reversed(list(phonenumbers.PhoneNumberMatcher(text, country or None))):
        text = text[: found.start] + GAP + text[found.end :]
    for name in sorted({one for one in names if len(one) > 2}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", GAP, text, flags=re.IGNORECASE)
    return text


def telling_words(name: str) -> list[str]:
    """The words of an organisation's name that name it alone, too; "Rex" of "Rex Hotels GmbH"."""
    words, common = re.findall(r"\w+", name), _COMMON.split()
    return [word for word in words if len(word) > 2 and word.casefold() not in common]


def _without_ipv6(found: re.Match[str]) -> str:
    """A clock's time and `a::b` of a program look like one; the machine's own names nobody."""
    if len(found[0]) < 6 or not re.search(r"\d", found[0]):
        return found[0]
    try:
        address = IPv6Address(found[0])
    except ValueError:
        return found[0]
    return found[0] if address.is_loopback or address.is_unspecified else GAP
