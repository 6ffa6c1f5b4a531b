"""A release fixes what was reported: who is affected is told once (FX1, FX2)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.journal import entries_of
from core.models import JournalEntry
from notices.enums import Wish
from notices.models import Notice
from notices.sending.delivery import send_one
from resources.actions.releases import keeping
from resources.models import FixNews
from tests import factories as make
from tickets.actions.defects import fix_defect, reopen_defect
from tickets.actions.fix_news import tell_of_fix
from tickets.tasks import tell_of_fixes

pytestmark = pytest.mark.django_db
AT = make.NINE


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    for module in ("tickets.tasks", "resources.tasks"):
        monkeypatch.setattr(f"{module}.database_now", lambda: AT + make.hours(2))


@pytest.fixture
def manager():
    return make.make_manager()


@pytest.fixture
def defect():
    return make.make_defect(number="AX-10412")


@pytest.fixture
def release(defect, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return drafted("10.6.6", defect)


def drafted(version, *defects, **fields):
    one = make.make_release(version, published_at=None, **fields)
    make.make_release_file(one, content=b"program")
    for defect in defects:
        make.make_fix(one, defect=defect)
    return one


def reported(defect, **fields):
    """An incident with a licence that has maintenance."""
    contact = fields.pop("reporter", None) or make.make_contact()
    licence = fields.pop("licence", None) or make.make_licence(
        contact.organisation, registered_on=date(2026, 1, 1)
    )
    return make.make_incident(
        organisation=contact.organisation,
        reporter=contact,
        licence=licence,
        defect=defect,
        **fields,
    )


def told(kind="fix_released"):
    found = Notice.objects.filter(template=kind).order_by("pk")
    return [(one.to, one.context["number"]) for one in found]


def test_publishing_fixes_the_defect_once_and_tells_everybody_affected_once(
    manager, defect, release
):
    ana = make.make_engineer()
    open_one = reported(defect, owner=ana)
    closed = reported(defect, state="closed", solved_at=AT, closed_at=AT)
    colleague = make.make_participant(open_one).person
    left = make.make_participant(open_one, left_at=AT)
    unconcerned = make.make_contact(open_one.organisation)

    keeping.publish_release(release, by=manager, at=AT)
    assert told() == []
    while tell_of_fixes():
        pass

    defect.refresh_from_db()
    assert (defect.fixed_in, defect.fixed_with, defect.fixed_at) == ("10.6.6", release, AT)
    assert set(told()) == {
        (open_one.reporter, open_one.number),
        (colleague, open_one.number),
        (closed.reporter, closed.number),
    }
    assert not {left.person, unconcerned} & {person for person, _ in told()}
    assert told("defect_fixed") == [(ana, open_one.number)]
    news = FixNews.objects.get()
    assert (news.incidents, news.people) == (2, 3)
    assert news.told_at is not None
    kinds = set(entries_of(open_one).values_list("kind", flat=True))
    assert kinds == {"incident.fix_released"}
    assert JournalEntry.objects.filter(kind="defect.fixed").count() == 1
    assert JournalEntry.objects.filter(kind="release.fixes_told").count() == 1


def test_one_person_gets_one_mail_a_release_however_many_incidents_it_fixes(manager, defect):
    other = make.make_defect(number="AX-10413")
    first = reported(defect)
    second = reported(other, reporter=first.reporter, licence=first.licence)
    release = drafted("10.6.6", defect, other)

    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fixes():
        pass

    notice = Notice.objects.get(template="fix_released")
    assert notice.context["number"] == second.number
    assert notice.context["others"] == first.number
    assert notice.context["defects"] == "AX-10412, AX-10413"


def test_who_has_another_edition_is_not_told_and_the_mail_says_what_the_licence_gets(
    manager, defect, release
):
    make.make_level("premium", maintenance=True)
    kept, never = reported(defect), reported(defect)
    make.make_subscription(kept.licence)
    office = make.make_licence(edition="office")
    reported(defect, reporter=make.make_contact(office.organisation), licence=office)

    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fixes():
        pass

    said = {
        one.to: one.context["licences"] for one in Notice.objects.filter(template="fix_released")
    }
    assert set(said) == {kept.reporter, never.reporter}
    assert said[kept.reporter] == f"Licence {kept.licence.key} gets it."
    assert said[never.reporter].startswith(f"Licence {never.licence.key}: ")


def test_a_private_report_is_told_to_its_reporter_alone(manager, defect, release):
    private = reported(defect, is_private=True)
    make.make_admin_contact(private.organisation)
    gone = reported(defect)
    gone.reporter.organisation = make.make_organisation()
    gone.reporter.save()

    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fixes():
        pass

    assert told() == [(private.reporter, private.number)]


def test_who_does_not_want_these_mails_gets_none(manager, defect, release):
    incident = reported(defect)
    make.make_choices(incident.reporter, wishes={"fixes": Wish.OFF})

    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fixes():
        pass
    notice = Notice.objects.get(template="fix_released")
    send_one(notice.pk, at=AT + make.hours(3))

    notice.refresh_from_db()
    assert notice.sent_at is None


def test_a_withdrawn_release_opens_what_it_fixed_again_and_says_so(manager, defect, release):
    incident = reported(defect)
    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fixes():
        pass

    keeping.withdraw_release(release, reason="It loses mail.", by=manager, at=AT + make.hours(1))
    while tell_of_fixes():
        pass

    defect.refresh_from_db()
    assert (defect.fixed_in, defect.fixed_with, defect.state) == ("", None, "known")
    assert told("fix_withdrawn") == [(incident.reporter, incident.number)]
    assert Notice.objects.get(template="fix_withdrawn").context["reason"] == "It loses mail."


def test_another_release_with_the_fix_takes_over(manager, defect, release):
    other = drafted("10.6.6", defect, edition="office")
    keeping.publish_release(release, by=manager, at=AT)
    keeping.publish_release(other, by=manager, at=AT + make.hours(1))

    keeping.withdraw_release(release, reason="It loses mail.", by=manager, at=AT + make.hours(2))

    defect.refresh_from_db()
    assert (defect.fixed_with, defect.state) == (other, "fixed")


def test_what_nobody_heard_yet_is_not_taken_back_by_mail(manager, defect, release):
    reported(defect)
    keeping.publish_release(release, by=manager, at=AT)
    keeping.withdraw_release(release, reason="It loses mail.", by=manager, at=AT)
    while tell_of_fixes():
        pass

    assert (told(), told("fix_withdrawn")) == ([], [])


def test_a_crowd_hears_of_no_fix_any_more_once_it_is_withdrawn(
    manager, defect, release, monkeypatch
):
    monkeypatch.setattr("tickets.actions.fix_news.TOGETHER", 1)
    first, second = reported(defect), reported(defect)
    keeping.publish_release(release, by=manager, at=AT)
    assert tell_of_fix(FixNews.objects.get().pk, at=AT) == 1  # and the worker is stopped
    keeping.withdraw_release(release, reason="It loses mail.", by=manager, at=AT)
    while tell_of_fixes():
        pass

    assert told() == [(first.reporter, first.number)]
    assert (second.reporter, second.number) in told("fix_withdrawn")
    assert not FixNews.objects.filter(told_at=None).exists()


def test_what_somebody_said_by_hand_stays_and_is_told_once_it_can_be_fetched(
    manager, defect, release
):
    incident = reported(defect)
    fix_defect(defect, build="10.6.5-hotfix", by=manager, at=AT)
    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fixes():
        pass
    keeping.withdraw_release(release, reason="It loses mail.", by=manager, at=AT)

    defect.refresh_from_db()
    assert (defect.fixed_in, defect.fixed_with) == ("10.6.5-hotfix", None)
    assert told() == [(incident.reporter, incident.number)]


def test_a_fix_added_to_a_published_release_counts_and_one_taken_off_counts_no_more(
    manager, defect
):
    release = drafted("10.6.6")
    keeping.publish_release(release, by=manager, at=AT)
    said = {"product": release.product, "edition": release.edition, "kind": release.kind}
    fixing = keeping.ReleaseDraft(version="10.6.6", fixes=[("AX-10412", "")], **said)
    keeping.save_release(fixing, by=manager, at=AT, release=release)
    keeping.save_release(fixing, by=manager, at=AT, release=release)
    defect.refresh_from_db()
    assert defect.fixed_in == "10.6.6"
    assert FixNews.objects.count() == 1

    keeping.save_release(
        keeping.ReleaseDraft(version="10.6.6", **said), by=manager, at=AT, release=release
    )
    defect.refresh_from_db()
    assert defect.fixed_in == ""


def test_a_fix_that_does_not_hold_is_told_to_who_heard_of_it(manager, defect, release):
    ana = make.make_engineer()
    incident = reported(defect, owner=ana)
    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fixes():
        pass

    reopen_defect(defect, reason="It crashes.", by=manager, at=AT + make.hours(1))
    while tell_of_fixes():
        pass

    assert told("fix_withdrawn") == [(incident.reporter, incident.number)]
    assert Notice.objects.get(template="fix_withdrawn").context["reason"] == ""  # ours alone
    assert len(told("defect_reopened")) == 1


def test_a_fix_that_does_not_hold_is_told_to_who_heard_of_it_from_any_release(manager, defect):
    """Of each edition, also where the fix had been said by hand; and once."""
    fix_defect(defect, build="10.6.5-hotfix", by=manager, at=AT)
    people = []
    for edition in ("business", "office"):
        contact = make.make_contact()
        licence = make.make_licence(contact.organisation, edition=edition)
        people.append(reported(defect, reporter=contact, licence=licence).reporter)
        keeping.publish_release(drafted("10.6.6", defect, edition=edition), by=manager, at=AT)
    while tell_of_fixes():
        pass
    assert [person for person, _ in told()] == people

    for _ in range(2):
        reopen_defect(defect, reason="It crashes.", by=manager, at=AT + make.hours(1))
        while tell_of_fixes():
            pass
        fix_defect(defect, build="10.6.7", by=manager, at=AT + make.hours(2))

    assert [person for person, _ in told("fix_withdrawn")] == people


def test_the_sweep_asks_as_much_for_three_of_a_customer_as_for_one(manager, defect):
    def statements(version, incidents):
        one = make.make_defect()
        contact = make.make_contact()
        licence = make.make_licence(contact.organisation)
        for _ in range(incidents):
            reported(one, reporter=contact, licence=licence)
        keeping.publish_release(drafted(version, one), by=manager, at=AT)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            while tell_of_fixes():
                pass
        return len(asked)

    statements("1.0.0", 1)
    assert statements("1.0.1", 1) == statements("1.0.2", 3)
