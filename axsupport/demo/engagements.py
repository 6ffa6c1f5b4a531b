"""The demo's engagements: a GoLive project under way, visits, assessments, each in some state."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from accounts.enums import Role
from accounts.models import Person
from axsupport.demo.golive import deploy
from axsupport.demo.setting import Customer
from core.errors import Refusal
from engagements.actions import (
    documents,
    features,
    golive,
    papers,
    planning,
    promises,
    requesting,
    running,
    talking,
    visits,
)
from engagements.actions.documents import Draft, made_file
from engagements.actions.features import Judgement
from engagements.actions.golive import Set
from engagements.actions.kinds import ask
from engagements.actions.requesting import Wish
from engagements.actions.running import NewRisk, NewTask
from engagements.actions.talking import Words
from engagements.actions.visits import Done
from engagements.enums import Kind, RoadmapState
from engagements.models import Engagement, Visit
from engagements.reads.bases import local_day
from engagements.rules.visits import Dates


def run_engagements(customers: list[Customer], ends: datetime) -> None:
    """All of them, as they stand at `ends`."""
    theirs = {one.company.slug: one for one in customers}
    with_project = next((one for one in customers if one.project is not None), None)
    if with_project is not None:
        _golive(with_project, ends)
        _asked(with_project, ends)
    for own in _OTHERS:
        own(theirs, ends)


def _visits(theirs: dict[str, Customer], ends: datetime) -> None:
    """One that was made, signed and reported; one whose dates wait for the customer."""
    customer = theirs.get("northwind")
    if customer is None:
        return
    contact, tam = customer.people[0], _manager_of(customer)
    engineers = list(Person.objects.filter(role=Role.TS1, is_active=True).order_by("pk"))
    _made_visit(customer, contact, tam, engineers, ends - timedelta(days=41))
    one = _visit_of(customer, contact, tam, "Replace the storage in Cluj", ends - timedelta(days=4))
    _propose(one, tam, engineers, ends + timedelta(days=12), at=ends - timedelta(days=1))


def _visit_of(
    customer: Customer, contact: Person, tam: Person, title: str, at: datetime
) -> Engagement:
    wish = Wish(kind=Kind.ON_SITE, title=title)
    details = {
        "place": "Data centre, Strada Fabricii 12",
        "why_on_site": "The nodes have no remote console, and disks have to be changed.",
        "wishes": "Any day but Fridays, from eight o'clock",
    }
    one = ask(customer.organisation, wish, details, contact=contact, by=contact, at=at)
    start = local_day(customer.organisation, at)
    return planning.take_up(
        one,
        owner=tam,
        starts_on=start,
        golive_on=start + timedelta(days=10),
        by=tam,
        at=at + timedelta(hours=3),
    )


def _propose(
    one: Engagement, tam: Person, people: list[Person], day: datetime, *, at: datetime
) -> Visit | None:
    """With the first who can go on that day or one of the next."""
    for later in range(10):
        start = (day + timedelta(days=later)).replace(hour=7, minute=0, second=0, microsecond=0)
        if start.weekday() > 3:
            continue
        for person in people:
            with suppress(Refusal):
                dates = Dates(start, start + timedelta(hours=8))
                return visits.propose(one, dates, [person], by=tam, at=at)
    return None


def _made_visit(
    customer: Customer, contact: Person, tam: Person, people: list[Person], at: datetime
) -> None:
    one = _visit_of(customer, contact, tam, "Two more nodes in the cluster", at)
    day = at + timedelta(days=9)
    visit = _propose(one, tam, people, day, at=at + timedelta(days=1))
    if visit is None:
        return
    visits.agree(visit, by=contact, at=at + timedelta(days=2))
    start = visit.starts_at
    for began, ended, what in (
        (0, 2, "Both nodes racked and cabled, consoles checked"),
        (2, 5, "Installed 10.6.1, storage mounted, joined to the cluster"),
        (6, 7.5, "Fail-over tried twice: no mail was lost, 40 s without IMAP"),
    ):
        done = Done(
            began_at=start + timedelta(hours=began),
            ended_at=start + timedelta(hours=ended),
            what=what,
        )
        visits.note_done(visit, done, by=tam, at=visit.ends_at)
    protocol, _report = papers.close_visit(
        visit,
        summary="The cluster has four nodes. Fail-over works, in 40 seconds.",
        advice="- Label the cables of rack 7\n- Repeat the fail-over each quarter",
        by=tam,
        at=visit.ends_at,
    )
    documents.accept(protocol, name=contact.name, by=contact, at=visit.ends_at)


def _features(theirs: dict[str, Customer], ends: datetime) -> None:
    """One that was answered with yes, one like it that waits for its answer."""
    northwind, adatum = theirs.get("northwind"), theirs.get("adatum")
    if northwind is None or adatum is None:
        return
    tam = _manager_of(northwind)
    item = features.save_item(
        None,
        title="Drafts that colleagues share",
        text="A folder of drafts with rights, in WebMail and by IMAP.",
        state=RoadmapState.PLANNED,
        release="11.0",
        by=tam,
        at=ends - timedelta(days=60),
    )
    first = _feature(adatum, "Shared drafts for our editors", ends - timedelta(days=30))
    features.liken(first, item=item, by=_manager_of(adatum), at=ends - timedelta(days=28))
    judgement = Judgement(
        is_yes=True,
        explanation="It fits the folders that are shared already, and several customers need it.",
        necessity="Texts are written by several people in turn; today they are mailed around.",
        security="Rights are those of the folder, so nobody reads more than before.",
        redundancy="Nothing of the kind is there or planned otherwise.",
        release="11.0",
        advice="Until then a shared IMAP folder holds the drafts; only the last word must be told.",
    )
    features.judge(first, judgement, by=_manager_of(adatum), at=ends - timedelta(days=21))
    second = _feature(northwind, "Drafts in common", ends - timedelta(days=5))
    features.liken(second, item=item, by=tam, at=ends - timedelta(days=4))
    due_at = ends + timedelta(days=6)
    promises.promise_answer(second, due_at=due_at, by=tam, at=ends - timedelta(days=4))


def _feature(customer: Customer, title: str, at: datetime) -> Engagement:
    contact, tam = customer.people[0], _manager_of(customer)
    details = {
        "goal": "Several of us write one text, and each sees what the others wrote.",
        "today": "We mail the draft to each other, and somebody's words get lost.",
        "users": 35,
        "without": "We go on with documents outside of the mail server.",
    }
    wish = Wish(kind=Kind.FEATURE, title=title)
    one = ask(customer.organisation, wish, details, contact=contact, by=contact, at=at)
    return planning.take_up(
        one,
        owner=tam,
        starts_on=local_day(customer.organisation, at),
        golive_on=None,
        by=tam,
        at=at + timedelta(hours=2),
    )


_OTHERS: tuple[Any, ...] = (_visits, _features)


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
    _register(one, contact, tam, ends)
    deploy(one, contact, tam, ends)
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


def _register(one: Engagement, contact: Person, tam: Person, ends: datetime) -> None:
    """The sheet, the settings of the pilot's hosts, and the report that is made of them."""
    sheet = {
        **{"users": 40000, "domains": 12, "messages": 60, "size": 90, "concurrent": 9000},
        **{"quota": 5000, "growth": 8},
        "network": "Two data centres, 10 Gbit/s between them, one directory (LDAP).",
        "musts": "Fail-over in less than a minute, and no mail lost.",
    }
    golive.fill_in(one, sheet, by=contact, at=ends - timedelta(days=50))
    for days, host, module, setting, value, reason in _SETTINGS:
        given = Set(host=host, module=module, setting=setting, value=value, reason=reason)
        golive.change(one, given, by=tam, at=ends - timedelta(days=days))
    golive.report_pilot(one, by=tam, at=ends - timedelta(days=8))


_SETTINGS = (
    (38, "pilot-1", "smtp_in", "state", "on", "Initial set-up"),
    (38, "pilot-1", "smtp_in", "listeners", "25, 587", "No 465: no client needs it"),
    (38, "pilot-1", "imap", "state", "on", "Initial set-up"),
    (38, "pilot-1", "pop3", "state", "off", "Nobody uses it"),
    (38, "pilot-1", "webmail", "state", "on", "Initial set-up"),
    (37, "pilot-2", "imap", "state", "on", "Second node"),
    (37, "pilot-2", "storage", "storages", "4", "One more for each domain"),
    (30, "pilot-1", "filters", "antispam", "on", "Trained on the old platform's mail"),
    (12, "pilot-1", "smtp_in", "connections", "400", "A flood of a newsletter filled the queue"),
)


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
