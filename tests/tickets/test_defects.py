"""Known defects: named on many incidents, fixed in a build, told once (rule 7)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from core.errors import NotAllowed
from core.journal import entries_of
from notices.models import Notice
from resources.errors import (
    BuildMissing,
    DefectFixed,
    DefectNotFixed,
    DefectNumberUnusable,
    DefectUnknown,
)
from resources.models import Defect
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_defect,
    make_engineer,
    make_incident,
    make_manager,
    make_partner_engineer,
    make_tam,
)
from tests.tickets.staff_pages import action_of, asks, form, with_tabs
from tickets.actions.defects import fix_defect, link_defect, reopen_defect, unlink_defect
from tickets.errors import NoDefect
from tickets.reads.timeline import events_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def developer():
    return make_engineer(role=Role.TS3)


def told(kind="defect_fixed"):
    return [(one.to, one.subject) for one in Notice.objects.filter(template=kind).order_by("pk")]


def about(incident):
    return f"tickets.incident:{incident.pk}"


def test_a_developer_records_a_defect_once_and_names_it_on_many_incidents(developer):
    first, second = make_incident(tier=3), make_incident(tier=3)

    link_defect(first, number="ax-10412 ", title="IMAP stops", by=developer, at=NINE)
    link_defect(second, number="AX-10412", by=developer, at=NINE)
    link_defect(second, number="AX-10412", by=developer, at=NINE)

    defect = Defect.objects.get()
    assert (defect.number, defect.title) == ("AX-10412", "IMAP stops")
    assert set(defect.incidents.all()) == {first, second}
    assert entries_of(second).count() == 1


def test_ts1_names_what_is_known_but_records_nothing():
    engineer, known = make_engineer(), make_defect(number="AX-1")
    incident = make_incident()

    link_defect(incident, number="AX-1", by=engineer, at=NINE)

    incident.refresh_from_db()
    assert incident.defect == known
    with pytest.raises(DefectUnknown, match="TS2 or TS3 can record it"):
        link_defect(incident, number="AX-2", title="New", by=engineer, at=NINE)


def test_what_can_not_be_linked_is_refused(developer):
    incident = make_incident(tier=3)

    for number in ("", "no number", "AX/1", "A" * 31):
        with pytest.raises(DefectNumberUnusable):
            link_defect(incident, number=number, title="IMAP", by=developer, at=NINE)
    with pytest.raises(DefectUnknown, match="title"):
        link_defect(incident, number="AX-1", by=developer, at=NINE)
    with pytest.raises(NotAllowed):
        link_defect(incident, number="AX-1", by=incident.reporter, at=NINE)
    with pytest.raises(NotAllowed):
        link_defect(make_incident(), number="AX-1", by=developer, at=NINE)  # not at their level
    with pytest.raises(NoDefect):
        unlink_defect(incident, by=developer, at=NINE)


def test_a_partners_engineer_names_none():
    local = make_partner_engineer()
    customer = make_contact()
    customer.organisation.partner = local.partner
    customer.organisation.save()
    incident = make_incident(organisation=customer.organisation, reporter=customer, owner=local)

    with pytest.raises(NotAllowed):
        link_defect(incident, number=make_defect().number, by=local, at=NINE)


def test_owners_of_unfinished_incidents_are_told_of_the_fix_once(developer):
    ana, lead = make_engineer(), make_engineer(is_lead=True)
    defect = make_defect()
    hers = make_incident(owner=ana, defect=defect)
    make_incident(owner=ana, defect=defect, state="solved", solved_at=NINE)
    make_incident(owner=developer, defect=defect, tier=3)
    make_incident(owner=ana)
    nobodys = make_incident(defect=defect)

    number = fix_defect(defect, build="10.6.2", by=developer, at=NINE)
    with pytest.raises(DefectFixed, match="10.6.2"):
        fix_defect(defect, build="10.6.3", by=developer, at=NINE + hours(1))

    assert number == 3
    assert told() == [(ana, about(hers)), (lead, about(nobodys))]
    defect.refresh_from_db()
    assert (defect.fixed_in, defect.fixed_at) == ("10.6.2", NINE)
    assert [one.text for one in events_of(entries_of(hers))] == [
        f"The defect {defect.number} is fixed in 10.6.2"
    ]


def test_a_fix_that_does_not_hold_is_told_and_the_next_one_again(developer):
    ana, defect = make_engineer(), make_defect()
    make_incident(owner=ana, defect=defect)
    fix_defect(defect, build="10.6.2", by=developer, at=NINE)

    reopen_defect(defect, reason="It crashes.", by=developer, at=NINE + hours(1))
    with pytest.raises(DefectNotFixed):
        reopen_defect(defect, reason="It crashes.", by=developer, at=NINE + hours(1))
    fix_defect(defect, build="10.6.3", by=developer, at=NINE + hours(2))

    assert len(told()) == 2
    assert len(told("defect_reopened")) == 1


def test_only_testers_developers_and_managers_say_that_it_is_fixed(developer):
    defect = make_defect()

    for person in (make_engineer(), make_tam(), make_contact(), make_partner_engineer()):
        with pytest.raises(NotAllowed):
            fix_defect(defect, build="10.6.2", by=person, at=NINE)
        with pytest.raises(NotAllowed):
            reopen_defect(defect, reason="Why", by=person, at=NINE)
    with pytest.raises(BuildMissing):
        fix_defect(defect, build=" ", by=make_manager(), at=NINE)


def test_the_database_knows_no_fix_without_a_build():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_defect(fixed_at=NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_defect(fixed_in="10.6.2")


def test_the_customer_reads_the_number_and_the_build_not_the_title(client):
    contact = make_contact()
    defect = make_defect(title="Overrun in the parser")
    incident = make_incident(organisation=contact.organisation, reporter=contact, defect=defect)
    client.force_login(contact)

    before = client.get(f"/incidents/{incident.number}/").content.decode()
    Defect.objects.update(fixed_in="10.6.2", fixed_at=NINE, state="fixed")
    after = client.get(f"/incidents/{incident.number}/").content.decode()

    assert "It is not fixed yet." in before
    assert defect.number in after
    assert "It is fixed in 10.6.2." in after
    assert "Overrun" not in before + after


def test_an_engineer_names_it_on_the_incidents_page_and_takes_it_off(client, developer):
    incident = make_incident(tier=3, owner=developer)
    client.force_login(developer)

    client.post(action_of(incident, "defect"), form(number="AX-7", title="IMAP stops"))
    page = with_tabs(client, incident)
    client.post(action_of(incident, "no-defect"), form())

    assert "It comes from the defect AX-7" in page
    assert reverse("admin:defect", args=["AX-7"]) in page
    incident.refresh_from_db()
    assert incident.defect is None


def test_a_defect_is_fixed_and_opened_again_on_its_page(client, developer):
    defect = make_defect()
    make_incident(owner=make_engineer(), defect=defect, tier=3)
    page = reverse("admin:defect", args=[defect.number])
    client.force_login(developer)

    empty = client.post(page, {"build": ""})
    fixed = client.post(page, {"build": "10.6.2"}, follow=True).content.decode()
    again = client.post(page, {"reason": "It crashes."}, follow=True).content.decode()

    assert empty.status_code == 400
    assert "is fixed in 10.6.2. Those who have the 1 unfinished incident are notified." in fixed
    assert "is open again" in again


def test_whoever_may_not_keep_defects_reads_the_page_without_its_form(client):
    defect = make_defect()
    page = reverse("admin:defect", args=[defect.number])
    client.force_login(make_engineer())

    assert b"It is fixed" not in client.get(page).content
    assert client.post(page, {"build": "10.6.2"}).status_code == 403


def test_partners_do_not_find_the_list(client):
    client.force_login(make_partner_engineer())

    assert client.get(reverse("admin:defects")).status_code == 404
    assert client.get(reverse("admin:defect", args=[make_defect().number])).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_the_lists_ask_the_same_whatever_their_length(client, rows, developer):
    defect = make_defect()
    for _ in range(rows):
        make_incident(defect=defect, tier=3, owner=make_engineer())
        make_incident(defect=make_defect(), tier=3)
    client.force_login(developer)
    client.get(reverse("admin:defects"))

    with asks(6):
        client.get(reverse("admin:defects"))
    with asks(11):
        client.get(reverse("admin:defect", args=[defect.number]))
