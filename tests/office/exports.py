"""Small exports of other desks, in the forms that they give."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

AT = "2024-03-01T09:00:00Z"
LATER = "2024-03-02T10:30:00Z"
NEVER = "1970-01-01T00:00:00Z"


def archive(**files: Any) -> bytes:
    """Names with `__` for `/` and `_` at the end of JSON; texts and bytes as they are."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            packed.writestr(name.replace("__", "/"), raw)
    return kept.getvalue()


def zammad() -> bytes:
    people = [
        {"id": 1, "firstname": "-", "lastname": "", "email": ""},
        {"id": 5, "firstname": "Ana", "lastname": "Pop", "email": "ana@northwind.example"},
        {"id": 6, "firstname": "Eva", "lastname": "Old", "email": "eva@vendor.example"},
        {"id": 7, "firstname": "No", "lastname": "One", "email": "x@unknown.example"},
    ]
    return archive(
        **{
            "tickets.json": [
                {
                    "id": 11,
                    "number": "20011",
                    "title": "IMAP hangs at night",
                    "state": "closed",
                    "group": "Mail",
                    "priority": "2 normal",
                    "tags": ["imap"],
                    "customer_id": 5,
                    "organization_id": 3,
                    "created_at": AT,
                    "close_at": LATER,
                },
                {"id": 12, "number": "20012", "title": "Lost", "customer_id": 7, "created_at": AT},
            ],
            "articles.json": [
                {
                    "id": 91,
                    "ticket_id": 11,
                    "created_by_id": 5,
                    "body": "<p>It <b>hangs</b>.</p>",
                    "content_type": "text/html",
                    "created_at": AT,
                    "attachments": [
                        {
                            "id": 4,
                            "filename": "imap.log",
                            "preferences": {"Mime-Type": "text/plain"},
                        }
                    ],
                },
                {
                    "id": 92,
                    "ticket_id": 11,
                    "created_by_id": 6,
                    "internal": True,
                    "body": "Whisper: the disk is slow",
                    "created_at": LATER,
                },
            ],
            "users.json": people,
            "organizations.json": [{"id": 3, "name": "Northwind"}],
            "attachments/11/91/4": b"dovecot: slow",
        }
    )


def zendesk() -> bytes:
    """One object a line, comments within."""
    ticket = {
        "id": 35,
        "subject": "Webmail is slow",
        "status": "solved",
        "priority": "high",
        "requester_id": 8,
        "organization_id": 77,
        "tags": ["webmail"],
        "created_at": AT,
        "updated_at": LATER,
    }
    comments = [
        {"id": 1, "ticket_id": 35, "author_id": 8, "body": "Since Monday", "created_at": AT},
        {
            "id": 2,
            "ticket_id": 35,
            "author_id": 9,
            "body": "Whisper: cache",
            "public": False,
            "created_at": LATER,
            "attachments": [{"id": 5, "file_name": "shot.png", "content_type": "image/png"}],
        },
    ]
    users = {
        "users": [
            {"id": 8, "name": "Ana Pop", "email": "ana@northwind.example"},
            {"id": 9, "name": "Eva Old", "email": "eva@vendor.example"},
        ],
        "next_page": None,
    }
    return archive(
        **{
            "tickets.jsonl": json.dumps(ticket).encode() + b"\n",
            "comments.json": comments,
            "users.json": users,
            "organizations.json": [{"id": 77, "name": "Northwind", "external_id": "C-9"}],
            "attachments/5/shot.png": b"\x89PNG",
        }
    )


def rt() -> bytes:
    def content(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    return archive(
        **{
            "tickets.json": [
                {
                    "id": 7,
                    "EffectiveId": {"id": "7", "type": "ticket"},
                    "Queue": {"id": "1", "Name": "support"},
                    "Subject": "Licence does not load",
                    "Status": "resolved",
                    "Requestor": [{"id": "ana@northwind.example", "type": "user"}],
                    "Created": AT,
                    "Resolved": LATER,
                    "Started": NEVER,
                },
                {"id": 8, "EffectiveId": {"id": "7"}, "Subject": "Merged away", "Created": AT},
                {"id": 9, "Subject": "Never opened", "Requestor": [], "Created": NEVER},
            ],
            "transactions.json": [
                {
                    "id": 70,
                    "Type": "Create",
                    "Object": {"id": "7"},
                    "Created": AT,
                    "Creator": {"id": "ana@northwind.example"},
                },
                {
                    "id": 71,
                    "Type": "Comment",
                    "Object": {"id": "7"},
                    "Created": LATER,
                    "Creator": {"id": "root"},
                },
                {"id": 72, "Type": "Status", "Object": {"id": "7"}, "Created": LATER},
            ],
            "attachments.json": [
                {
                    "id": 1,
                    "TransactionId": {"id": "70"},
                    "ContentType": "text/plain",
                    "Content": content("It says: key unknown"),
                },
                {
                    "id": 2,
                    "TransactionId": {"id": "70"},
                    "ContentType": "text/plain",
                    "Filename": "key.txt",
                    "Content": content("AX-0"),
                },
                {
                    "id": 3,
                    "TransactionId": {"id": "71"},
                    "ContentType": "text/plain",
                    "Content": content("Whisper: wrong key"),
                },
            ],
        }
    )


def django_helpdesk() -> bytes:
    rows = [
        ("helpdesk.queue", 1, {"title": "Support", "slug": "support"}),
        ("auth.user", 3, {"username": "eva", "first_name": "Eva", "email": "eva@vendor.example"}),
        (
            "helpdesk.ticket",
            4,
            {
                "title": "Quota is ignored",
                "queue": 1,
                "created": AT,
                "modified": LATER,
                "submitter_email": "ana@northwind.example",
                "status": 4,
                "priority": 2,
                "description": "The quota of 2 GB is ignored.",
                "secret_key": "hush-hush",
            },
        ),
        ("helpdesk.ticket", 5, {"title": "Merged", "created": AT, "merged_to": 4}),
        (
            "helpdesk.followup",
            6,
            {"ticket": 4, "date": LATER, "comment": "Whisper: bug", "public": False, "user": 3},
        ),
        (
            "helpdesk.followupattachment",
            1,
            {
                "followup": 6,
                "file": "helpdesk/a.txt",
                "filename": "a.txt",
                "mime_type": "text/plain",
            },
        ),
    ]
    dumped = [{"model": model, "pk": pk, "fields": fields} for model, pk, fields in rows]
    return archive(**{"dump.json": dumped, "media/helpdesk/a.txt": b"quota=0"})


EXPORTS = {
    "zammad": (zammad, "IMAP hangs at night", "Zammad 20011"),
    "zendesk": (zendesk, "Webmail is slow", "Zendesk 35"),
    "rt": (rt, "Licence does not load", "Request Tracker 7"),
    "django-helpdesk": (django_helpdesk, "Quota is ignored", "django-helpdesk 4"),
}
