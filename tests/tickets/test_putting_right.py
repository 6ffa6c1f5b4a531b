"""Wrong facts of an incident are put right, and decided again as of the report (G3)."""

from dataclasses import replace
from datetime import datetime

import pytest

from core.errors import NotAllowed
from core.journal import entries_of
from entitlements.enums import EntryKind
from entitlements.models import IncidentPack, LedgerEntry
from reports.actions.drafting import draft
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_organisation,
    make_partner_engineer,
    make_project,
    make_service,
    make_tam,
)
from tests.tickets.desk import covered, filed, journal, level_of, target_of, told
from tests.tickets.staff_pages import action_of, form
from tickets.actions.conversation import answer
from tickets.actions.promises.audit import audit
from tickets.actions.putting_right import RightFacts, put_right
from tickets.errors import (
    EmptyText,
    LicenceNotFound,
    NoColleague,
    NothingToPutRight,
    ProjectNotFound,
)

pytestmark = pytest.mark.django_db

WHY = "The contact named the wrong server."


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def organisation():
    return make_organisation()


@pytest.fixture
def basic(organisation):
    return covered("first", organisation=organisation)


@pytest.fixture
def premium(organisation):
    return covered("premium", organisation=organisation)


def facts_of(incident, **right):
    names = ("licence", "service", "project", "reporter")
    return replace(RightFacts(**{name: getattr(incident, name) for name in names}), **right)


def right(incident, by, at=NINE + hours(1), reason=WHY, **facts):
    put_right(incident, facts_of(incident, **facts), by=by, at=at, reason=reason)
    incident.refresh_from_db()


def test_the_right_licence_promises_what_it_would_have(engineer, basic, premium):
    incident = filed(basic)

    right(incident, engineer, licence=premium)

    incident.refresh_from_db()
    assert (level_of(incident), incident.decision.at) == ("premium", NINE)
    assert target_of(incident).due_at == NINE + hours(6)
    assert told(incident, "incident_corrected") == {incident.reporter.email}
    entry = entries_of(incident).get(kind="incident.put_right")
    assert entry.facts["before"] == {"licence": basic.key}
    assert (entry.facts["after"], entry.facts["reason"]) == ({"licence": premium.key}, WHY)
    assert {"incident.corrected", "response_target.moved"} <= set(journal(incident))


def test_it_may_get_later_since_it_is_a_correction(engineer, basic, premium):
    incident = filed(premium)

    right(incident, engineer, licence=basic)

    assert (level_of(incident), target_of(incident).due_at) == ("first", NINE + hours(24))
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(7))
    assert audit(NINE.date(), at=NINE + days(1)).differences == 0


def test_what_is_late_already_stays_late(engineer, basic, premium):
    incident = filed(premium)

    right(incident, engineer, licence=basic, at=NINE + hours(7))

    assert target_of(incident).due_at == NINE + hours(6)


def test_a_closed_target_never_changes(engineer, basic, premium):
    incident = filed(basic)
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(7))

    right(incident, engineer, licence=premium, at=NINE + hours(8))

    target = target_of(incident)
    assert (target.due_at, target.met_at) == (NINE + hours(24), NINE + hours(7))


def test_what_nothing_covers_keeps_what_was_promised(engineer, premium, organisation):
    incident = filed(premium)

    right(incident, engineer, licence=make_licence(organisation))

    assert (level_of(incident), target_of(incident).due_at) == ("premium", NINE + hours(6))


def test_what_nothing_covered_is_owed_an_answer_as_of_the_report(engineer, premium, organisation):
    incident = filed(make_licence(organisation))
    assert level_of(incident) is None

    right(incident, engineer, licence=premium)

    target = target_of(incident)
    assert (level_of(incident), target.due_at, target.opened_at) == (
        "premium",
        NINE + hours(6),
        NINE + hours(1),
    )


def test_the_gold_incident_moves_to_the_right_pack(engineer, organisation):
    wrong, other = (covered(organisation=organisation, gold=2) for _ in range(2))
    incident = filed(wrong, use_gold=True)

    right(incident, engineer, licence=other)

    left = {one.licence_id: one.available for one in IncidentPack.objects.all()}
    assert left == {wrong.pk: 2, other.pk: 1}
    moved = LedgerEntry.objects.filter(incident=incident).order_by("pk")
    assert [(one.kind, one.pack.licence) for one in moved] == [
        (EntryKind.CONSUME, wrong),
        (EntryKind.REFUND, wrong),
        (EntryKind.REINSTATE, other),
    ]
    assert (level_of(incident), target_of(incident).due_at) == ("gold", NINE + hours(3))


def test_without_a_pack_the_next_best_level_serves_it(engineer, organisation, premium):
    incident = filed(covered(organisation=organisation, gold=2), use_gold=True)

    right(incident, engineer, licence=premium)

    assert IncidentPack.objects.get().available == 2
    assert (level_of(incident), target_of(incident).due_at) == ("premium", NINE + hours(6))


def test_the_reporter_is_a_colleague_and_hears_of_answers(engineer, premium, organisation):
    incident, colleague = filed(premium), make_contact(organisation)
    due = target_of(incident).due_at

    right(incident, engineer, reporter=colleague)
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(2))

    assert told(incident, "incident_answered") == {colleague.email}
    assert target_of(incident).due_at == due
    assert "incident.corrected" not in journal(incident)


def test_refusals(engineer, premium):
    incident, theirs = filed(premium), make_incident()

    for facts, refusal in (
        ({}, NothingToPutRight),
        ({"licence": make_licence()}, LicenceNotFound),
        ({"project": make_project()}, ProjectNotFound),
        ({"reporter": theirs.reporter}, NoColleague),
    ):
        with pytest.raises(refusal):
            right(incident, engineer, **facts)
    with pytest.raises(EmptyText):
        right(incident, engineer, licence=None, reason=" ")
    assert "incident.put_right" not in journal(incident)


def test_who_may(engineer, premium, basic):
    incident = filed(premium)

    for person in (incident.reporter, make_partner_engineer(), make_engineer(make_organisation())):
        with pytest.raises(NotAllowed):
            right(incident, person, licence=basic)


def test_a_report_as_of_its_moment_does_not_change(engineer, basic, premium):
    """Beside a stranger."""
    incident = filed(basic)
    make_tam(incident.organisation)
    filed()
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(7))
    april = datetime.fromisoformat("2026-04-03T09:00:00+00:00")
    before = draft(incident.organisation, Month(2026, 3), at=april).content
    migration = make_service("migration")

    right(incident, engineer, licence=premium, service=migration, at=april + hours(1))

    again = draft(incident.organisation, Month(2026, 3), at=april).content
    assert again == before


def test_it_is_done_on_the_page(client, settings, engineer, basic, premium):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(engineer)
    incident, theirs = filed(basic), filed()
    page = action_of(incident, "put-right")
    sent = {
        "licence": premium.pk,
        "service": incident.service_id,
        "reporter": incident.reporter_id,
        "reason": WHY,
    }

    opened = client.get(page).content.decode()
    stranger = client.post(page, form(**sent | {"licence": theirs.licence_id}))
    done = client.post(page, form(**sent))

    assert premium.key in opened
    assert theirs.licence.key not in opened
    assert (stranger.status_code, done.status_code) == (400, 302)
    incident.refresh_from_db()
    assert incident.licence == premium
