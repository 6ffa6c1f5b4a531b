"""django-helpdesk: what `manage.py dumpdata helpdesk auth.user` writes. Pure.

One JSON file of all tables, alone or in an archive with the files at their paths. Secret keys are
never read.
"""

from __future__ import annotations

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

_STATES = {1: "Open", 2: "Reopened", 3: "Resolved", 4: "Closed", 5: "Duplicate", 6: "New"}
_PRIORITIES = {1: "Critical", 2: "High", 3: "Normal", 4: "Low", 5: "Very low"}
_ENDED = (3, 4, 5)


def ticket(row: Fields, lookup: Lookup) -> Ticket | None:
    """None for one that was merged into another."""
    if row.get("merged_to"):
        return None
    opened_at = needed_moment(row.get("created"))
    address = text_of(row.get("submitter_email"))
    requester = Who("", address)
    said = [_said(one, lookup) for one in lookup.many("followups", row.get("id"))]
    if text_of(row.get("description")):
        said.insert(0, Said(opened_at, requester, text_of(row.get("description"))))
    status, domain = row.get("status"), address.rpartition("@")[2]
    return Ticket(
        source_id=text_of(row.get("id")),
        number=text_of(row.get("id")),
        subject=text_of(row.get("title")),
        state=_STATES.get(status, text_of(status)) if isinstance(status, int) else "",
        queue=text_of(lookup.one("queues", row.get("queue")).get("title")),
        priority=_PRIORITIES.get(int(row.get("priority") or 3), ""),
        requester=requester,
        organisations=[domain] if domain else [],
        opened_at=opened_at,
        closed_at=moment(row.get("modified")) if status in _ENDED else None,
        said=said,
    )


def _said(row: Fields, lookup: Lookup) -> Said:
    user = lookup.one("users", row.get("user"))
    name = f"{text_of(user.get('first_name'))} {text_of(user.get('last_name'))}".strip()
    files = lookup.many("files", row.get("id"))
    return Said(
        at=needed_moment(row.get("date")),
        who=Who(name or text_of(user.get("username")), text_of(user.get("email"))),
        text=text_of(row.get("comment")) or text_of(row.get("title")),
        is_internal=not row.get("public"),
        files=[
            OldFile(
                name=text_of(one.get("filename")) or text_of(one.get("file")).rpartition("/")[2],
                content_type=text_of(one.get("mime_type")),
                place=text_of(one.get("file")),
            )
            for one in files
        ],
    )


_MODELS = {
    "helpdesk.queue": "queues",
    "helpdesk.ticket": "tickets",
    "helpdesk.followup": "followups",
    "helpdesk.followupattachment": "files",
    "helpdesk.attachment": "files",
    "auth.user": "users",
}


def _of_one_file(row: Fields) -> tuple[str, Fields]:
    fields = row.get("fields") or {}
    return _MODELS.get(text_of(row.get("model")).lower(), ""), {**fields, "id": row.get("pk")}


DJANGO_HELPDESK = System(
    name="django-helpdesk",
    label="django-helpdesk",
    what="The JSON of dumpdata helpdesk auth.user, alone or in an archive with the files.",
    tables=(
        Table("tickets", ("tickets",)),
        Table("followups", ("followups",), parent=lambda row: text_of(row.get("ticket"))),
        Table("files", ("followupattachments",), parent=lambda row: text_of(row.get("followup"))),
        Table("queues", ("queues",)),
        Table("users", ("users",)),
    ),
    ticket=ticket,
    of_one_file=_of_one_file,
)
