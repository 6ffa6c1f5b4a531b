"""Request Tracker: what REST 2 gives. Pure.

`tickets*`, `transactions*` (or `history*`; each names its ticket, or stands within it),
`attachments*` with base64 content, `users*`. 1970 is how RT writes "never".
"""

from __future__ import annotations

import base64
import binascii

from office.rules.history.tickets import (
    Fields,
    Lookup,
    OldFile,
    Said,
    System,
    Table,
    Ticket,
    Who,
    moment,
    needed_moment,
    text_of,
)

_SAID = ("Create", "Correspond", "Comment")


def ticket(row: Fields, lookup: Lookup) -> Ticket | None:
    """None for one that was merged into another: that has its history."""
    key = text_of(row.get("id"))
    effective = text_of(row.get("EffectiveId"))
    if effective and effective != key:
        return None
    requestors = row.get("Requestor") or ()
    requestors = requestors if isinstance(requestors, list) else [requestors]
    requester = _user(requestors[0], lookup) if requestors else Who()
    history = row.get("history") or lookup.many("transactions", key)
    domain = requester.address.rpartition("@")[2]
    return Ticket(
        source_id=key,
        number=key,
        subject=text_of(row.get("Subject")),
        state=text_of(row.get("Status")),
        queue=text_of(row.get("Queue")),
        priority=text_of(row.get("Priority")),
        requester=requester,
        organisations=[domain] if domain else [],
        opened_at=needed_moment(row.get("Created")),
        closed_at=moment(row.get("Resolved")),
        said=[_said(one, lookup) for one in history if one.get("Type") in _SAID],
    )


def _said(row: Fields, lookup: Lookup) -> Said:
    parts = list(row.get("Attachments") or lookup.many("attachments", row.get("id")))
    texts = [one for one in parts if not text_of(one.get("Filename"))]
    plain = [one for one in texts if text_of(one.get("ContentType")) == "text/plain"]
    html = [one for one in texts if "html" in text_of(one.get("ContentType"))]
    body = (plain or html or texts or [{}])[0]
    return Said(
        at=needed_moment(row.get("Created")),
        who=_user(row.get("Creator"), lookup),
        text=_text(body) or text_of(row.get("Content")),
        is_html=not plain and bool(html),
        is_internal=row.get("Type") == "Comment",
        files=[
            OldFile(
                name=text_of(one.get("Filename")),
                content_type=text_of(one.get("ContentType")),
                content=text_of(one.get("Content")),
            )
            for one in parts
            if text_of(one.get("Filename"))
        ],
    )


def _text(row: Fields) -> str:
    """REST 2 writes contents in base64; by hand they are often exported as they are."""
    content = text_of(row.get("Content"))
    try:
        return base64.b64decode(content, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return content


def _user(given: object, lookup: Lookup) -> Who:
    """RT names its people by address, or by a name that `users` knows."""
    key = text_of(given)
    known = lookup.one("users", key)
    name = text_of(known.get("RealName")) or text_of(known.get("Name"))
    address = text_of(known.get("EmailAddress")) or (key if "@" in key else "")
    return Who(name or ("" if address else key), address)


RT = System(
    name="rt",
    label="Request Tracker",
    what="An archive of REST 2: tickets, transactions, attachments (base64), users.",
    tables=(
        Table("tickets", ("tickets",)),
        Table(
            "transactions",
            ("transactions", "history"),
            parent=lambda row: text_of(row.get("Object") or row.get("ticket")),
        ),
        Table(
            "attachments",
            ("attachments",),
            parent=lambda row: text_of(row.get("TransactionId") or row.get("transaction")),
        ),
        Table("users", ("users",), key=lambda row: text_of(row.get("Name") or row.get("id"))),
    ),
    ticket=ticket,
)
