"""What the tests of the engineers' pages share."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import hours, make_incident, make_message, make_target
from tickets.desk.tabs import TABS
from tickets.enums import MessageKind
from tickets.models import Incident

_FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "WITH before")  # of the request's transaction
_BANNER = 'SELECT "resources_advisoryreach"'  # one statement in the frame of each portal page


@contextmanager
def asks(expected: int) -> Iterator[None]:
    """The page asks this often, besides what opens and ends its transaction, and for its frame."""
    with CaptureQueriesContext(connection) as captured:
        yield
    said = [one["sql"] for one in captured.captured_queries]
    banners = [one for one in said if one.startswith(_BANNER)]
    asked = [one for one in said if not one.startswith((*_FRAME, _BANNER))] + banners[1:]
    assert len(asked) == expected, "\n".join([f"{len(asked)} queries:", *asked])


def page_of(incident: Incident) -> str:
    return reverse("admin:incident", args=[incident.number])


def action_of(incident: Incident, page_action: str) -> str:
    return reverse("admin:incident_action", args=[incident.number, page_action])


def form(**fields: object) -> dict[str, object]:
    """What a freshly rendered form sends, with its one-time key."""
    return {"key": secrets.token_hex(16), **fields}


def reported(**fields):
    """An incident with the customer's report and a target that runs for six hours more."""
    now = timezone.now()
    incident = make_incident(received_at=now - hours(1), **fields)
    make_message(incident, sent_at=now - hours(1))
    make_target(incident, opened_at=now - hours(1), due_at=now + hours(6))
    return incident


def answer(incident, **fields):
    seen = incident.messages.order_by("-pk").first()
    return form(body="Restart IMAP.", then="open", seen=seen.pk if seen else 0) | fields


def answers(incident):
    return [m.body for m in incident.messages.filter(kind=MessageKind.ANSWER)]


def with_tabs(client, incident: Incident) -> str:
    """All that the page shows, with what its tabs fetch when somebody opens them."""
    names = [tab.url_name for tab in TABS.values()] + ["incident_proof"]
    tabs = [reverse(f"admin:{name}", args=[incident.number]) for name in names]
    return "".join(client.get(one).content.decode() for one in (page_of(incident), *tabs))
