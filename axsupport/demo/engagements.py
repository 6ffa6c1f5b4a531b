"""The demo's engagements: a GoLive project under way, visits, assessments, each in some state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.enums import Role
from accounts.models import Person
from axsupport.demo.setting import Customer
from engagements.actions import documents, planning, requesting, running, talking
from engagements.actions.documents import Draft, made_file
from engagements.actions.requesting import Wish
from engagements.actions.running import NewRisk, NewTask
from engagements.actions.talking import Words
from engagements.enums import Kind
from engagements.models import Engagement
from engagements.reads.bases import local_day


def run_engagements(customers: list[Customer], ends: datetime) -> None:
    """All of them, as they stand at `ends`."""
    theirs = {one.company.slug: one for one in customers}
    with_project = next((one for one in customers if one.project is not None), None)
    if with_project is not None:
        _golive(with_project, ends)
        _asked(with_project, ends)
    for own in _OTHERS:
        own(theirs, ends)


_OTHERS: tuple[Any, ...] = ()


def _manager_of(customer: Customer) -> Person:
    tam = customer.organisation.tam
    return tam or Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]


def _golive(customer: Customer, ends: datetime) -> None:
    """Half way: designed and installed, the pilot runs and is a little late."""
    contact, tam, at = customer.people[0], _manager_of(customer), ends - timedelta(days=58)
    wish = Wish(
        kind=Kind.GOLIVE,
        title="New platform for 40,000 mailboxes",
        summary="Two data centres, 40,000 users, no night without mail.",
    )
    asked = requesting.request(customer.organisation, wish, contact=contact, by=contact, at=at)
    at += timedelta(hours=5)
    starts_on = local_day(customer.organisation, ends) - timedelta(days=52)
    one = planning.take_up(
        asked,
        owner=tam,
        starts_on=starts_on,
        golive_on=starts_on + timedelta(days=98),
        by=tam,
        at=at,
    )
    _go_through(one, tam, contact, ends)
    for engineer in Person.objects.filter(role=Role.TS2).order_by("pk")[:1]:
        running.join(one, person=engineer, part="Pilot installation", by=tam, at=at)
    risk = NewRisk(
        what="The second data centre gets its storage late",
        answer="Begin with one, add the second in week 30",
        likelihood=3,
        impact=3,
        is_shown=True,
    )
    running.note_risk(one, risk, by=tam, at=ends - timedelta(days=12))
    said = "The hosts of the pilot answer. When do we move the first users?"
    talking.say(one, Words(body=said), author=contact, at=ends - timedelta(days=9))
    told = "On **Monday**: the ten of IT first, the others a week later."
    words = Words(body=told, is_markdown=True)
    talking.say(one, words, author=tam, at=ends - timedelta(days=9, hours=-3))


def _go_through(one: Engagement, tam: Person, contact: Person, ends: datetime) -> None:
    """The first phases as they really were."""
    for place, phase in enumerate(one.phases.order_by("place")[:3]):
        on = phase.starts_on
        planning.begin(phase, on=on, by=tam, at=ends)
        if place == 2:
            new = NewTask(title="Measure the login times", person=tam)
            running.add_task(phase, new, by=tam, at=ends)
            continue
        for task in phase.tasks.filter(done_at=None):
            by = contact if task.for_customer else tam
            running.do_task(task, by=by, at=ends - timedelta(days=40 - place * 10))
        planning.finish(phase, on=phase.ends_on, by=tam, at=ends)
    pdf = made_file("pilot-design.pdf", _page("Pilot design"))
    at = ends - timedelta(days=37)
    version = documents.hand_over(one, Draft(title="Pilot design", file=pdf), by=tam, at=at)
    documents.accept(version, name=contact.name, by=contact, at=at + timedelta(hours=6))


def _asked(customer: Customer, ends: datetime) -> None:
    """Asked for an hour ago."""
    contact = customer.people[-1]
    wish = Wish(
        kind=Kind.GOLIVE,
        title="Second site in Constanta",
        summary="4,000 users more, from January on.",
    )
    at = ends - timedelta(hours=1)
    requesting.request(customer.organisation, wish, contact=contact, by=contact, at=at)


def _page(title: str) -> bytes:
    """A document that somebody else made: one page with its title."""
    lines = [
        b"%PDF-1.4",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>endobj",
        b"4 0 obj<</Length 60>>stream\nBT /F1 24 Tf 72 740 Td (" + title.encode() + b") Tj ET",
        b"endstream endobj",
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
        b"trailer<</Root 1 0 R>>",
    ]
    return b"\n".join(lines)
