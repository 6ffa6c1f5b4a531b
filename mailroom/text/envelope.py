"""What the delivering server says beside the mail itself: from whom, to whom (RFC 5321)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from mailroom.text.parts import without_preface
from notices.rules.threads import Ours, verify_address


def is_ours(
    address: str, *, own_addresses: Collection[str], secret: str, domain: str, local_part: str
) -> bool:
    """Whether a mail for `address` is for this desk: a support address, or a reply address of ours.

    A reply address counts only with our signature, so nobody can fill the desk through guesses.
    Case does not matter; a domain may come in Unicode or in its ASCII form.
    """
    wanted = _plain(address)
    if wanted in {_plain(one) for one in own_addresses}:
        return True
    ours = Ours(secret=secret, domain=_plain(f"@{domain}")[1:], local_part=local_part)
    return (
        verify_address(wanted, secret=secret, domain=ours.domain, local_part=local_part) is not None
        or ours.engineer(wanted) is not None
        or ours.notice(wanted)
        is not None  # whether it is a bounce of ours is asked when it is read
    )


def with_envelope(raw: bytes, *, sender: str, recipients: Sequence[str]) -> bytes:
    """`raw` below the lines that the last server on a mail's way writes (RFC 5321, 4.4).

    Return-Path is how a bounce is known (empty), Delivered-To how a blind copy to a signed reply
    address finds its incident. Addresses are written as UTF-8, without line breaks.
    """
    lines = [f"Return-Path: <{_one_line(sender).strip('<>')}>"]
    lines += [f"Delivered-To: {_one_line(one)}" for one in recipients]
    head = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
    return head + without_preface(raw)


def _plain(address: str) -> str:
    local, at, host = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return f"{local}{at}{host}"
    return f"{local}{at}{host}"


def _one_line(text: str) -> str:
    return "".join(one for one in text if one.isprintable())
