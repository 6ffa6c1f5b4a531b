"""What the team keeps to itself, and what only who has a seat gets, by each way there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.actions import promises, requesting, running
from engagements.actions.training import sessions
from engagements.actions.training.sessions import Plan
from engagements.enums import PlaceState
from engagements.errors import EngagementOver
from engagements.models import Promise, Task
from notices.models import Notice
from notices.readers import is_elsewhere, read_no_more
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "Check who of them may be bribed"
ROOM = "https://rooms.example/secret"


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def owner_of(engagement):
    owner = engagement.owner
    assert owner is not None
    return owner


@pytest.fixture
def project(now):
    """One that runs, with an internal task that is late, and done by now another."""
    organisation = make.make_organisation()
    make.make_tam(organisation)
    contact = make.make_admin_contact(organisation)
    engagement = make.make_engagement(organisation, requested_by=contact)
    phase, by = make.make_phase(engagement), owner_of(engagement)
    for title in (SECRET, f"{SECRET}, again"):
        task = running.NewTask(title=title, is_internal=True, due_on=now.date() - timedelta(days=9))
        made = running.add_task(phase, task, by=by, at=now - timedelta(days=10))
    open_ones = Promise.objects.filter(task__isnull=False)
    promises.tell_due([one.pk for one in open_ones], at=now)
    running.do_task(made, by=by, at=now)
    return engagement


def test_an_internal_task_is_nowhere_in_what_the_customer_reads(project):
    contact, task = project.requested_by, Task.objects.order_by("pk")[0]
    client, page = signed_in(contact), f"/engagements/{project.number}/"

    for address in (page, "/engagements/", f"{page}calendar.ics"):
        assert SECRET not in client.get(address).content.decode()
    form = client.get(f"{page}task-done/?of={task.pk}")
    done = client.post(f"{page}task-done/?of={task.pk}", follow=True)
    assert (form.status_code, done.status_code) == (404, 404)
    assert SECRET not in form.content.decode() + done.content.decode()
    told = Notice.objects.filter(to__organisation=project.organisation)
    assert SECRET not in str([one.context for one in told])


def test_the_team_reads_its_internal_tasks(project):
    page = signed_in(project.owner).get(f"/admin/engagements/{project.number}/").content.decode()

    for words in ("New task: ", "Done: ", "Late: Task “", "“"):
        assert f"{words}{SECRET}" in page


def test_the_room_of_an_online_training_comes_with_the_seat(now):
    session = make.make_training(starts_at=now + timedelta(days=7), place="", link=ROOM)
    seated, waiting = make.make_organisation(), make.make_organisation()
    people = [make.make_contact(seated), make.make_contact(waiting), make.make_contact()]
    states = (PlaceState.SEATED, PlaceState.WAITING)
    for person, state in zip(people, states, strict=False):
        make.make_registration(
            person.organisation, session=session, state=state, person=person, email=person.email
        )
    page = reverse("engagements:training_calendar", args=[session.pk])

    found = [ROOM in signed_in(one).get(page).content.decode() for one in people]

    assert found == [True, False, False]
    assert b"BEGIN:VEVENT" in signed_in(people[2]).get(page).content


def test_who_waits_is_told_of_another_time_without_the_room(now):
    session = make.make_training(starts_at=now + timedelta(days=7), seats=1, place="", link=ROOM)
    organisation = make.make_organisation()
    make.make_registration(organisation, session=session)
    waits = {"state": PlaceState.WAITING, "email": "waits@people.example"}
    make.make_registration(organisation, session=session, **waits)
    start, room = now + timedelta(days=9), f"{ROOM}-moved"
    plan = Plan(
        course=session.course,
        organisation=None,
        times=[(start, start + timedelta(hours=8))],
        place="",
        link=room,
        timezone="Europe/Bucharest",
        seats=1,
        trainer=session.trainer,
    )

    sessions.change_session(session, plan, by=session.trainer, at=now)

    told = Notice.objects.filter(template="training_moved")
    assert {one.address == "waits@people.example": room in str(one.context) for one in told} == {
        True: False,
        False: True,
    }


def test_who_moved_away_hears_no_more_of_the_training_of_their_old_organisation(now):
    organisation = make.make_organisation()
    person = make.make_contact(organisation)
    session = make.make_training(organisation=organisation, starts_at=now + timedelta(days=2))
    one = make.make_registration(organisation, session=session, person=person)
    assert sessions.remind(session.pk, at=now) == 1
    notice = Notice.objects.get(template="training_reminder")
    assert read_no_more(person, [notice]) == set()

    person.organisation = make.make_organisation()
    person.save()

    assert is_elsewhere(person, notice.subject, notice.organisation_id)
    assert read_no_more(person, [notice]) == {notice.pk}
    assert one.organisation == organisation


def test_dates_that_were_only_proposed_hold_nobody_once_it_is_completed(now):
    organisation = make.make_organisation()
    make.make_tam(organisation)
    engagement = make.make_engagement(organisation)
    visit = make.make_visit(engagement)
    visitor = make.make_visitor(visit)
    assert visitor.is_held

    requesting.finish(engagement, reason="Done from afar", by=owner_of(engagement), at=now)

    visitor.refresh_from_db()
    assert not visitor.is_held


def test_what_is_over_promises_no_answer(now):
    organisation = make.make_organisation()
    make.make_tam(organisation)
    engagement = make.make_engagement(organisation)
    requesting.finish(engagement, reason="All is there", by=owner_of(engagement), at=now)

    with pytest.raises(EngagementOver):
        promises.promise_answer(
            engagement, due_at=now + timedelta(days=1), by=owner_of(engagement), at=now
        )

    assert not Promise.objects.open().exists()


def test_a_key_of_five_thousand_digits_is_no_fault_of_ours(now):
    session = make.make_training(starts_at=now - timedelta(days=1))
    long = "1" * 5000
    part = session.parts.order_by("number")[0]
    client = signed_in(make.make_manager())
    steps = ({"part": str(part.pk), "there": long}, {"part": long})
    there = reverse("admin:training_action", args=[session.pk, "attendance"])

    assert [client.post(there, one).status_code for one in steps] == [302, 404]
    release = make.make_release()
    remove = reverse("admin:release_action", args=[release.pk, "remove-file"])
    assert client.post(remove, {"file": long}).status_code == 404
