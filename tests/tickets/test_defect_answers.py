"""What is known of a defect, found by words; and one answer to all who have it (C8)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from core.errors import NotAllowed
from core.models import JournalEntry
from notices.models import Notice
from resources.actions.defects import Known, describe
from resources.errors import DefectUntitled
from resources.models import DefectState
from tests.factories import (
    NINE,
    hours,
    make_cause,
    make_contact,
    make_defect,
    make_engineer,
    make_incident,
    make_organisation,
    make_partner_engineer,
)
from tests.tickets.desk import covered, filed, target_of
from tests.tickets.staff_pages import action_of, asks, form, reported
from tickets.actions.bulk import MOST, Choice
from tickets.actions.conversation import note
from tickets.actions.defect_answers import ToAll, answer_all, answer_one, rehearse_all
from tickets.actions.defects import fix_defect, reopen_defect
from tickets.enums import MessageKind, State
from tickets.errors import NotFilledIn, OnlyAcknowledged, OtherDefect
from tickets.models import Incident
from tickets.reads.canned import draft_for
from tickets.reads.queue import STAMPED, stamp_of
from tickets.rules.defects import says_what_helps

pytestmark = pytest.mark.django_db
HELPS = "Set the idle timeout to 15 minutes, then restart IMAP."


@pytest.fixture
def engineer():
    return make_engineer(name="Elena Dumitru")


@pytest.fixture
def developer():
    return make_engineer(role=Role.TS3)


@pytest.fixture
def defect():
    return make_defect(number="AX-7", title="IMAP stops after a failover", workaround=HELPS)


def choices(*incidents):
    rows = Incident.objects.filter(pk__in=[one.pk for one in incidents]).values("pk", *STAMPED)
    return [Choice(one["pk"], stamp_of(one)) for one in rows]


def having(defect, *incidents):
    for one in incidents:
        Incident.objects.filter(pk=one.pk).update(defect=defect)
        one.refresh_from_db()
    return incidents


def answers(incident):
    return [one.body for one in incident.messages.filter(kind=MessageKind.ANSWER)]


# What is known of it


def test_what_is_known_is_kept_by_those_who_keep_the_list(developer, engineer, defect):
    known = Known(title="IMAP stops", description="Idle", affected="10.5", state="under_way")

    describe(defect, known, by=developer, at=NINE)
    describe(defect, known, by=developer, at=NINE)

    defect.refresh_from_db()
    assert (defect.title, defect.affected, defect.state) == ("IMAP stops", "10.5", "under_way")
    assert defect.workaround == ""
    assert JournalEntry.objects.filter(kind="defect.described").count() == 1
    with pytest.raises(NotAllowed):
        describe(defect, known, by=engineer, at=NINE)
    with pytest.raises(DefectUntitled):
        describe(defect, Known(title=" "), by=developer, at=NINE)


def test_fixed_is_a_build_and_nothing_else(developer, defect):
    describe(defect, Known(title="T", state=DefectState.FIXED), by=developer, at=NINE)
    defect.refresh_from_db()
    assert defect.state == DefectState.KNOWN

    fix_defect(defect, build="10.6.2", by=developer, at=NINE)
    describe(defect, Known(title="T", state=DefectState.STAYS), by=developer, at=NINE)
    defect.refresh_from_db()
    assert defect.state == DefectState.FIXED
    reopen_defect(defect, reason="No.", by=developer, at=NINE)
    defect.refresh_from_db()
    assert defect.state == DefectState.KNOWN
    defect.state = DefectState.FIXED
    with pytest.raises(IntegrityError), transaction.atomic():
        defect.save()


def test_its_page_says_what_is_known_and_how_many_have_it(client, developer, defect):
    organisation = make_organisation()
    for state in (State.OPEN, State.SOLVED):
        make_incident(organisation=organisation, defect=defect, state=state, tier=3)
    make_incident(defect=defect, tier=3)
    make_incident(defect=defect)  # of another level: the developer does not see it
    client.force_login(developer)

    page = client.get(reverse("admin:defect", args=["AX-7"])).content.decode()
    known = reverse("admin:defect_known", args=["AX-7"])
    empty = client.post(known, {"title": "", "state": "known"})
    client.post(known, {"title": "IMAP stops", "workaround": "Restart it.", "state": "stays"})

    defect.refresh_from_db()
    assert "3 incidents of 2 customers, 2 open" in page
    assert HELPS in page
    assert empty.status_code == 400
    assert (defect.workaround, defect.state) == ("Restart it.", "stays")


@pytest.mark.parametrize("count", (1, 3))
def test_its_page_costs_the_same_for_any_number(client, engineer, defect, count):
    for _ in range(count):
        make_incident(defect=defect)
    client.force_login(engineer)

    with asks(11):  # four of them for the line from incident to article
        client.get(reverse("admin:defect", args=["AX-7"]))


def test_ts1_writes_nothing_and_partners_see_nothing(client, engineer, defect):
    addresses = [reverse(f"admin:defect_{one}", args=["AX-7"]) for one in ("known", "answer")]
    client.force_login(engineer)
    assert client.get(addresses[0]).status_code == 404

    client.force_login(make_partner_engineer())
    assert [client.get(one).status_code for one in addresses] == [404, 404]
    names = client.get(reverse("admin:defect_names"), {"number": "imap"})
    assert names.content == b""


# Named by words


@pytest.mark.parametrize(
    ("typed", "status"),
    (
        ("ax-7", 302),
        ("AX-7 IMAP stops after a failover", 302),
        ("imap failover", 302),
        ("imap", 400),  # two have it
        ("no such words", 400),
        ("AX-99", 404),  # a number that nobody recorded
    ),
)
def test_it_is_named_by_number_or_words(client, engineer, defect, typed, status):
    make_defect(number="AX-8", title="IMAP is slow")
    incident = reported()
    client.force_login(engineer)

    answer = client.post(action_of(incident, "defect"), form(number=typed))

    incident.refresh_from_db()
    assert answer.status_code == status
    assert incident.defect == (defect if status == 302 else None)


def test_what_fits_is_offered_while_one_types(client, engineer, defect):
    make_defect(number="AX-8", title="SMTP is slow")
    client.force_login(engineer)

    offered = client.get(reverse("admin:defect_names"), {"number": "imap fail"}).content.decode()

    assert 'value="AX-7 IMAP stops after a failover"' in offered
    assert "AX-8" not in offered


# One answer to all


def test_each_gets_an_answer_of_its_own_that_meets_its_target(engineer, defect):
    first, second = having(defect, filed(), filed())
    stranger = filed()
    said = ToAll(text="Dear {{ reporter.name }}, {{ incident.number }}: {{ defect.workaround }}")

    found = answer_all(
        defect, choices(first, second, stranger), said, by=engineer, at=NINE + hours(1)
    )

    assert [one.is_done for one in found] == [True, True, False]
    for one in (first, second):
        assert answers(one) == [f"Dear {one.reporter.name}, {one.number}: {HELPS}"]
        assert target_of(one).met_at == NINE + hours(1)
        assert Notice.objects.filter(to=one.reporter, template="incident_answered").count() == 1
    assert target_of(stranger).met_at is None
    assert not answers(stranger)
    entry = JournalEntry.objects.get(kind="defect.answered")
    assert entry.facts == {"answered": 2, "refused": 1}
    entries = JournalEntry.objects.filter(kind="incident.answered")
    assert entries.count() == 2


def test_a_rehearsal_writes_nothing_and_counts_the_mails(engineer, defect):
    (incident,) = having(defect, filed())

    (found,) = rehearse_all(
        defect, choices(incident), ToAll(text=HELPS), by=engineer, at=NINE + hours(1)
    )

    assert found.customers == [incident.reporter]
    assert not answers(incident)
    assert target_of(incident).met_at is None


def test_that_it_is_known_is_no_answer(engineer, defect):
    (incident,) = having(defect, filed())

    def say(text):
        answer_one(incident, defect, ToAll(text=text), by=engineer, at=NINE + hours(1))

    for text in ("We know of it, please be patient.", "It is AX-7: {{ defect.title }}."):
        with pytest.raises(OnlyAcknowledged):
            say(text)
    with pytest.raises(NotFilledIn):
        say("Fixed in {{ defect.fixed_in }}.")  # in none yet
    with pytest.raises(OtherDefect):
        answer_one(filed(), defect, ToAll(text=HELPS), by=engineer, at=NINE + hours(1))
    assert target_of(incident).met_at is None


def test_who_may(defect):
    (incident,) = having(defect, filed())
    for person in (
        incident.reporter,
        make_contact(),
        make_partner_engineer(),
        make_engineer(make_organisation()),
    ):
        with pytest.raises(NotAllowed):
            answer_one(incident, defect, ToAll(text=HELPS), by=person, at=NINE + hours(1))


def test_what_changed_since_is_left_out(engineer, defect):
    first, second = having(defect, filed(), filed())
    chosen = choices(first, second)
    note(first, author=make_engineer(), body="Wait.", at=NINE + hours(1))

    found = answer_all(defect, chosen, ToAll(text=HELPS), by=engineer, at=NINE + hours(2))

    assert [one.is_done for one in found] == [False, True]


@pytest.mark.parametrize(
    ("text", "helps"),
    (
        ("Install  10.6.2 today.", True),
        ("set the idle\ntimeout to 15 minutes", True),
        ("Restart it.", False),  # too short a line to say it alone
        ("We are working on it.", False),
        ("", False),
    ),
)
def test_what_says_more_than_that_it_is_known(text, helps):
    workaround = "Set the idle timeout to 15 minutes\nRestart it."

    assert says_what_helps(text, workaround=workaround, build="10.6.2") is helps


def test_nothing_known_says_nothing():
    assert not says_what_helps("We know.", workaround="", build="")
    assert says_what_helps("Restart it.", workaround="Restart it.", build="")


def test_the_draft_says_what_is_known_and_fits(engineer, defect):
    (incident,) = having(defect, filed(covered()))
    answer_one(incident, defect, ToAll(text=draft_for(defect)), by=engineer, at=NINE + hours(1))
    assert HELPS in answers(incident)[0]

    defect.fixed_in, defect.fixed_at, defect.state = "10.6.2", NINE, "fixed"
    defect.save()
    (other,) = having(defect, filed())
    answer_one(other, defect, ToAll(text=draft_for(defect)), by=engineer, at=NINE + hours(1))
    assert "10.6.2" in answers(other)[0]


def test_it_is_written_looked_at_and_sent(client, engineer, defect):
    first, second = having(defect, reported(), reported())
    make_incident(defect=defect, state=State.SOLVED)
    client.force_login(engineer)
    address = reverse("admin:defect_answer", args=["AX-7"])

    page = client.get(address)
    picks = [f"{one.pk}.{one.stamp}" for one in page.context["choices"]]
    sent = {"pick": picks, "body": HELPS, "then": "solved"}
    unsaid = client.post(address, sent | {"step": "review"})
    sent |= {"solution": "A longer timeout.", "cause": make_cause("product-defect").key}
    review = client.post(address, sent | {"step": "review"})
    assert not answers(first)
    done = client.post(address, sent | {"step": "do"})

    assert len(picks) == 2
    assert "{{ incident.number }}" in page.content.decode()
    assert unsaid.status_code == 400
    assert "2 mails to customers" in review.content.decode()
    assert done.url == reverse("admin:defect", args=["AX-7"])
    for one in (first, second):
        assert answers(one) == [HELPS]
        assert Incident.objects.get(pk=one.pk).state == State.SOLVED
        assert one.solutions.get().cause.key == "product-defect"


@pytest.mark.parametrize(
    ("fields", "status"),
    (
        ({"body": "{{ reporter.nmae }}", "step": "review"}, 400),
        ({"body": "We know.", "step": "review"}, 200),  # said of each that it is refused
        ({"pick": [], "body": HELPS, "step": "do"}, 400),
        ({"pick": [f"{n}.a" for n in range(1, MOST + 2)], "body": HELPS, "step": "do"}, 409),
        ({"pick": ["x", "9" * 30], "body": HELPS, "step": "do"}, 400),
    ),
)
def test_bad_input_is_refused_in_words(client, engineer, defect, fields, status):
    (incident,) = having(defect, reported())
    client.force_login(engineer)
    (picked,) = choices(incident)
    sent = {"pick": [f"{picked.pk}.{picked.stamp}"], "then": "open"} | fields

    answer = client.post(reverse("admin:defect_answer", args=["AX-7"]), sent)

    assert answer.status_code == status
    assert not answers(incident)
