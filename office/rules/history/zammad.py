"""Zammad: what `/api/v1` gives, with `expand=true` or without. Pure.

`tickets*.json`, `articles*.json` (or `ticket_articles*`), `users*.json`, `organizations*.json`;
files at `attachments/{ticket}/{article}/{id}`.
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
    who_of,
)

_SYSTEM_USER = "1"  # "-", who is nobody


def ticket(row: Fields, lookup: Lookup) -> Ticket:
    user = lookup.one("users", row.get("customer_id"))
    organisation = lookup.one("organizations", row.get("organization_id"))
    articles = row.get("articles") or lookup.many("articles", row.get("id"))
    return Ticket(
        source_id=text_of(row.get("id")),
        number=text_of(row.get("number")) or text_of(row.get("id")),
        subject=text_of(row.get("title")),
        state=_named(row, "state", "states", lookup),
        queue=_named(row, "group", "groups", lookup),
        priority=_named(row, "priority", "priorities", lookup),
        tags=[text_of(tag) for tag in row.get("tags") or ()],
        requester=_user(user) if user else who_of(row.get("customer")),
        organisations=[
            one
            for one in (
                text_of(row.get("organization_id")),
                text_of(organisation.get("name")),
                text_of(row.get("organization")),
            )
            if one
        ],
        opened_at=needed_moment(row.get("created_at")),
        closed_at=moment(row.get("close_at")),
        said=[_said(one, lookup) for one in articles],
    )


def _said(row: Fields, lookup: Lookup) -> Said:
    author = lookup.one("users", row.get("created_by_id"))
    is_known = author and text_of(row.get("created_by_id")) != _SYSTEM_USER
    place = f"attachments/{text_of(row.get('ticket_id'))}/{text_of(row.get('id'))}"
    return Said(
        at=needed_moment(row.get("created_at")),
        who=_user(author) if is_known else who_of(row.get("from") or row.get("created_by")),
        text=text_of(row.get("body")),
        is_html="html" in text_of(row.get("content_type")),
        is_internal=bool(row.get("internal")),
        files=[
            OldFile(
                name=text_of(one.get("filename")),
                content_type=text_of((one.get("preferences") or {}).get("Mime-Type")),
                place=f"{place}/{text_of(one.get('id'))}",
            )
            for one in row.get("attachments") or ()
        ],
    )


def _user(row: Fields) -> Who:
    name = f"{text_of(row.get('firstname'))} {text_of(row.get('lastname'))}".strip()
    return Who(name, text_of(row.get("email")) or text_of(row.get("login")))


def _named(row: Fields, name: str, table: str, lookup: Lookup) -> str:
    """As `expand=true` writes it, else by its key."""
    return text_of(row.get(name)) or text_of(lookup.one(table, row.get(f"{name}_id")).get("name"))


ZAMMAD = System(
    name="zammad",
    label="Zammad",
    what="An archive of what /api/v1 gives: tickets, articles, users, organizations, attachments.",
    tables=(
        Table("tickets", ("tickets",)),
        Table(
            "articles",
            ("articles", "ticket_articles"),
            parent=lambda row: text_of(row.get("ticket_id")),
        ),
        Table("users", ("users",)),
        Table("organizations", ("organizations", "organisations")),
        Table("groups", ("groups",)),
        Table("states", ("ticket_states", "states")),
        Table("priorities", ("ticket_priorities", "priorities")),
    ),
    ticket=ticket,
)
