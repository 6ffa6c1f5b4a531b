"""Zendesk: its JSON export (one object a line), and pages of its API. Pure.

`tickets*`, `comments*` (each with its `ticket_id`, or within the ticket), `users*`,
`organizations*`; files at `attachments/{id}/{file_name}`.
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

_ENDED = ("closed", "solved")


def ticket(row: Fields, lookup: Lookup) -> Ticket:
    requester = lookup.one("users", row.get("requester_id"))
    organisation = lookup.one("organizations", row.get("organization_id"))
    comments = list(row.get("comments") or lookup.many("comments", row.get("id")))
    said = [_said(one, lookup) for one in comments]
    opened_at = needed_moment(row.get("created_at"))
    if not said and text_of(row.get("description")):
        said = [Said(opened_at, _user(requester), text_of(row.get("description")))]
    return Ticket(
        source_id=text_of(row.get("id")),
        number=text_of(row.get("id")),
        subject=text_of(row.get("subject") or row.get("raw_subject")),
        state=text_of(row.get("status")),
        queue=text_of(lookup.one("groups", row.get("group_id")).get("name")),
        priority=text_of(row.get("priority")),
        tags=[text_of(tag) for tag in row.get("tags") or ()],
        requester=_user(requester),
        organisations=[
            one
            for one in (
                text_of(organisation.get("external_id")),
                text_of(row.get("organization_id")),
                text_of(organisation.get("name")),
            )
            if one
        ],
        opened_at=opened_at,
        closed_at=moment(row.get("updated_at")) if row.get("status") in _ENDED else None,
        said=said,
    )


def _said(row: Fields, lookup: Lookup) -> Said:
    html = text_of(row.get("html_body"))
    return Said(
        at=needed_moment(row.get("created_at")),
        who=_user(lookup.one("users", row.get("author_id"))),
        text=text_of(row.get("plain_body")) or html or text_of(row.get("body")),
        is_html=bool(html) and not row.get("plain_body"),
        is_internal=row.get("public") is False,
        files=[
            OldFile(
                name=text_of(one.get("file_name")),
                content_type=text_of(one.get("content_type")),
                place=f"attachments/{text_of(one.get('id'))}/{text_of(one.get('file_name'))}",
            )
            for one in row.get("attachments") or ()
        ],
    )


def _user(row: Fields) -> Who:
    return Who(text_of(row.get("name")), text_of(row.get("email")))


ZENDESK = System(
    name="zendesk",
    label="Zendesk",
    what="The JSON export with comments, or an archive of API pages and attachments.",
    tables=(
        Table("tickets", ("tickets",)),
        Table("comments", ("comments",), parent=lambda row: text_of(row.get("ticket_id"))),
        Table("users", ("users",)),
        Table("organizations", ("organizations", "organisations")),
        Table("groups", ("groups",)),
    ),
    ticket=ticket,
)
