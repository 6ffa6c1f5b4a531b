"""Mails written for the benches, in the shapes that servers and Outlook give them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

Bounced = tuple[bytes, Sequence[str], Sequence[str]]  # mail, for now, for good


def _mail(subject: str, body: str, **headers: str) -> bytes:
    fields = {
        "From": "Mail Delivery System <MAILER-DAEMON@mx.northwind.example>",
        "To": "support@desk.example",
        "Subject": subject,
        "Return-Path": "<>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"{head}\n{body}\n".encode()


def _report(*recipients: tuple[str, str, str]) -> bytes:
    """As RFC 3464 has it, of (address, action, status)."""
    blocks = "\n".join(
        f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"
        for address, action, status in recipients
    )
    body = (
        "--edge\nContent-Type: text/plain\n\nYour mail did not reach everybody.\n"
        f"--edge\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n{blocks}\n"
        "--edge\nContent-Type: text/rfc822-headers\n\nSubject: An answer\n\n--edge--"
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="edge"'
    return _mail("Undelivered Mail", body, MIME_Version="1.0", Content_Type=kind)


BOUNCES: Sequence[Bounced] = (
    (_report(("a@x.example", "failed", "5.1.1")), (), ("a@x.example",)),
    (_report(("a@x.example", "delayed", "4.4.1")), ("a@x.example",), ()),
    (_report(("a@x.example", "delivered", "2.0.0")), (), ()),
    # The address is a good one, its mailbox is full.
    (_report(("a@x.example", "failed", "4.2.2")), ("a@x.example",), ()),
    (
        _report(("a@x.example", "failed", "5.1.1"), ("b@x.example", "relayed", "2.0.0")),
        (),
        ("a@x.example",),
    ),
    (
        _mail(
            "failure notice",
            "Hi. This is the program at x.example.\n\n<a@x.example>:\nNo mailbox here by that"
            " name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n",
        ),
        (),
        ("a@x.example",),
    ),
    (
        _mail(
            "Mail delivery failed: returning message to sender",
            "A message that you sent could not be delivered to one or more of its recipients.\n\n"
            "  a@x.example\n    550 Unknown user\n  b@x.example\n    550 Unknown user\n",
        ),
        (),
        ("a@x.example", "b@x.example"),
    ),
    (
        _mail("Delivery failure", "See the log.", X_Failed_Recipients="a@x.example, b@x.example"),
        (),
        ("a@x.example", "b@x.example"),
    ),
    (
        _mail(
            "Unzustellbar: Antwort",
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger:\n\n<a@x.example>\n"
            "550 5.1.1 unbekannt\n",
        ),
        (),
        ("a@x.example",),
    ),
    (
        _mail(
            "Delivery Status Notification (Delay)",
            "Your mail for <a@x.example> has not yet been delivered and will be retried.",
        ),
        ("a@x.example",),
        (),
    ),
    # A person asks about bounces: none.
    (
        _mail(
            "Undeliverable mails since noon",
            "Customers tell of them, a@x.example for one.",
            From="postmaster@northwind.example",
            Return_Path="<postmaster@northwind.example>",
            User_Agent="Thunderbird",
        ),
        (),
        (),
    ),
)


def winmail(name: str, content: bytes, text: str) -> bytes:
    """A winmail.dat with one attachment, the way Outlook writes it."""
    long_name = name.encode("utf-16-le") + b"\0\0"
    properties = struct.pack("<IHHII", 1, 0x001F, 0x3707, 1, len(long_name)) + long_name
    attributes = (
        (1, 0x0002800C, text.encode("cp1252") + b"\0"),
        (2, 0x00069002, b"\1\0" + b"\xff" * 12),
        (2, 0x00018010, b"SHORT~1.TXT\0"),
        (2, 0x0006800F, content),
        (2, 0x00069005, properties + b"\0" * (-len(long_name) % 4)),
    )
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, tag, value in attributes:
        out += struct.pack("<BII", level, tag, len(value)) + value
        out += struct.pack("<H", sum(value) & 0xFFFF)
    return out
