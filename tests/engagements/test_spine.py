"""Asking for an engagement, taking it up, its plan, what is owed, tasks, risks, the light."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from core.errors import NotAllowed
from core.models import JournalEntry
from engagements import policies
from engagements.actions import planning, promises, requesting, running, talking
from engagements.actions.requesting import Wish
from engagements.actions.running import NewRisk, NewTask
from engagements.actions.talking import Words
from engagements.enums import Kind, Owed, State
from engagements.errors import (
    DayToCome,
    DueInThePast,
    EngagementOver,
    NotEntitled,
    NotInTheirTeam,
    NotRequested,
    NotYoursToDo,
    PhaseInverted,
    PhaseNotBegun,
    PhaseOver,
    PlanWrong,
    ReasonMissing,
    TaskDone,
    TextMissing,
)
from engagements.models import Engagement, Message, Promise
from engagements.tasks import tell_of_promises
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engagement,
    make_engineer,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_phase,
    make_project,
    make_promise,
    make_risk,
    make_tam,
    make_task,
)

pytestmark = pytest.mark.django_db
GOLIVE = date(2026, 6, 1)


@pytest.fixture
def customer():
    organisation = make_organisation()
    make_tam(organisation)
    make_project(organisation, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    return organisation


@pytest.fixture
def asked(customer):
    contact = make_contact(customer)
    wish = Wish(kind=Kind.GOLIVE, title="Move", summary="Two sites")
    return requesting.request(customer, wish, contact=contact, by=contact, at=NINE)


@pytest.fixture
def running_one(asked, customer):
    return planning.take_up(
        asked, owner=customer.tam, starts_on=NINE.date(), golive_on=GOLIVE, by=customer.tam, at=NINE
    )


def told(template):
    return sorted(one.to.email for one in Notice.objects.filter(template=template))


def test_a_request_keeps_what_allows_it_and_owes_a_reply(asked, customer):
    assert asked.number.startswith("ENG-2026-")
    assert asked.basis["considered"][0]["code"] == "chosen"
    assert asked.project == customer.golive_projects.get()
    reply = asked.promises.get()
    assert (reply.what, reply.due_at.isoformat()) == (Owed.REPLY, "2026-03-04T22:00:00+00:00")
    assert told("engagement_requested") == [asked.requested_by.email]
    assert told("engagement_asked") == [customer.tam.email]
    assert JournalEntry.objects.get(kind="engagement.requested").rule == "N1"


def test_without_the_right_nothing_is_written_and_it_says_what_it_takes():
    organisation = make_organisation()
    contact = make_contact(organisation)
    wish = Wish(kind=Kind.ON_SITE, title="Come")

    with pytest.raises(NotEntitled, match="special technical contract"):
        requesting.request(organisation, wish, contact=contact, by=contact, at=NINE)
    assert not Engagement.objects.exists()
    with pytest.raises(NotAllowed):
        requesting.request(make_organisation(), wish, contact=contact, by=contact, at=NINE)


def test_a_plan_from_the_template_with_a_frozen_baseline(running_one, customer):
    phases = list(running_one.phases.all())

    assert running_one.state == State.RUNNING
    assert [one.name for one in phases][:2] == ["Pilot design", "Pilot installation"]
    assert phases[-2].ends_on == GOLIVE
    assert running_one.tasks.filter(for_customer=True).exists()
    assert Promise.objects.open().filter(what=Owed.PHASE).count() == len(phases)
    assert not Promise.objects.open().filter(what=Owed.REPLY).exists(), "the reply was given"
    first, second = phases[:2]

    planning.move(
        first,
        starts_on=first.starts_on,
        ends_on=date(2026, 3, 17),  # two working days later
        with_followers=True,
        reason="The hosts are late",
        by=customer.tam,
        at=NINE,
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.baseline_ends_on == date(2026, 3, 13)
    assert second.starts_on == date(2026, 3, 18)
    assert second.baseline_starts_on == date(2026, 3, 16)
    assert second.promise.due_at > second.promise.made_at
    moved = JournalEntry.objects.get(kind="engagement.phase_moved").facts
    assert moved["followers"] == len(phases) - 1
    with pytest.raises(PhaseInverted):
        planning.move(
            first,
            starts_on=GOLIVE,
            ends_on=NINE.date(),
            with_followers=False,
            reason="x",
            by=customer.tam,
            at=NINE,
        )


def test_what_makes_no_plan_is_refused(asked, customer):
    wrong = {"owner": customer.tam, "by": customer.tam, "at": NINE}

    with pytest.raises(PlanWrong, match="before the start"):
        planning.take_up(asked, starts_on=GOLIVE, golive_on=NINE.date(), **wrong)
    with pytest.raises(PlanWrong, match="say when that is"):
        planning.take_up(asked, starts_on=NINE.date(), golive_on=None, **wrong)
    with pytest.raises(NotAllowed):
        planning.take_up(
            asked,
            starts_on=NINE.date(),
            golive_on=GOLIVE,
            owner=customer.tam,
            by=asked.requested_by,
            at=NINE,
        )
    assert not asked.phases.exists()


def test_a_phase_begins_and_ends_and_a_late_end_moves_what_follows(running_one, customer):
    tam = customer.tam
    first, second = running_one.phases.all()[:2]

    with pytest.raises(PhaseNotBegun):
        planning.finish(first, on=NINE.date(), by=tam, at=NINE)
    with pytest.raises(DayToCome):
        planning.begin(first, on=date(2026, 3, 3), by=tam, at=NINE)
    planning.begin(first, on=NINE.date(), by=tam, at=NINE)
    late = NINE + days(14)  # Monday 16 March, one working day late
    planning.finish(first, on=late.date(), by=tam, at=late)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.finished_on, first.ends_on) == (late.date(), late.date())
    assert second.starts_on == date(2026, 3, 17)
    assert first.promise.kept_at == late
    assert first.promise.breached_at == first.promise.due_at, "it was late, whatever came later"
    with pytest.raises(PhaseOver):
        planning.finish(first, on=late.date(), by=tam, at=late)


def test_warnings_and_lateness_are_told_once(customer, monkeypatch):
    engagement = make_engagement(customer)
    lead = make_manager(is_lead=True)
    make_promise(engagement)  # four days
    looks = [(70, 0), (80, 1), (80, 1), (91, 2), (120, 3), (200, 3)]

    for hour, expected in looks:
        monkeypatch.setattr("engagements.tasks.database_now", lambda h=hour: NINE + hours(h))
        tell_of_promises()
        told_so_far = Notice.objects.filter(to=lead).count()
        assert told_so_far == expected, hour

    entry = JournalEntry.objects.get(kind="engagement.late")
    assert entry.at == NINE + days(4), "the moment that was promised"
    assert Promise.objects.get().breached_at == NINE + days(4)


def test_after_an_outage_only_the_last_step_is_told(customer, monkeypatch):
    make_promise(make_engagement(customer))
    monkeypatch.setattr("engagements.tasks.database_now", lambda: NINE + days(30))

    assert tell_of_promises() == 1
    assert tell_of_promises() == 0
    assert set(Notice.objects.values_list("template", flat=True)) == {"engagement_late"}


def test_the_sweep_reads_its_partial_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        plan = Promise.objects.to_tell(NINE).order_by("next_at").explain()

    assert "promise_alarm_owed" in plan


def test_the_answer_is_promised_moved_with_a_reason_and_told(customer):
    engagement, tam = make_engagement(customer, kind=Kind.FEATURE), customer.tam
    by_when = {"by": tam, "at": NINE}

    with pytest.raises(DueInThePast):
        promises.promise_answer(engagement, due_at=NINE, **by_when)
    promises.promise_answer(engagement, due_at=NINE + days(5), **by_when)
    with pytest.raises(ReasonMissing):
        promises.promise_answer(engagement, due_at=NINE + days(9), **by_when)
    promises.promise_answer(engagement, due_at=NINE + days(9), reason="Ill", **by_when)
    with pytest.raises(NotAllowed):
        promises.promise_answer(
            engagement, due_at=NINE + days(9), by=engagement.requested_by, at=NINE
        )

    assert Promise.objects.get().due_at == NINE + days(9)
    assert len(told("engagement_answer_promised")) == 2
    assert JournalEntry.objects.get(kind="engagement.promise_moved").facts["reason"] == "Ill"


def test_tasks_of_the_customer_and_ours(running_one, customer):
    phase, contact = running_one.phases.first(), running_one.requested_by
    theirs = make_task(phase, for_customer=True)
    new = NewTask(title="Ours", due_on=date(2026, 3, 4))
    ours = running.add_task(phase, new, by=customer.tam, at=NINE)

    running.do_task(theirs, by=contact, at=NINE)
    with pytest.raises(NotYoursToDo):
        running.do_task(ours, by=contact, at=NINE)
    running.do_task(ours, by=customer.tam, at=NINE)
    with pytest.raises(TaskDone):
        running.do_task(ours, by=customer.tam, at=NINE)

    ours.promise.refresh_from_db()
    assert ours.promise.kept_at == NINE
    assert ours.promise.due_at.isoformat() == "2026-03-04T22:00:00+00:00"


def test_who_may_be_in_the_team_and_what_that_opens(running_one, customer):
    tester = make_engineer(role=Role.TS2)
    elsewhere = make_engineer(make_organisation())
    by = {"by": customer.tam, "at": NINE}
    assert not Engagement.objects.visible_to(tester).exists()

    running.join(running_one, person=tester, part="Tests", **by)

    assert Engagement.objects.visible_to(tester).get() == running_one
    assert policies.may_work(tester, running_one)
    for other in (elsewhere, make_contact(), make_partner_engineer()):
        with pytest.raises(NotInTheirTeam):
            running.join(running_one, person=other, part="", **by)
    running.leave(running_one, person=tester, **by)
    assert not Engagement.objects.visible_to(tester).exists()


def test_partners_and_strangers_see_nothing(running_one, customer):
    customer.partner = make_partner()
    customer.save()

    assert not Engagement.objects.visible_to(make_partner_engineer(customer.partner)).exists()
    assert not Engagement.objects.visible_to(make_contact()).exists()
    assert Engagement.objects.visible_to(make_contact(customer)).exists()


def test_where_people_see_their_own_alone(running_one, customer):
    colleague = make_contact(customer, reach="own")
    by = {"by": customer.tam, "at": NINE}
    assert not Engagement.objects.visible_to(colleague).exists()

    running.join(running_one, person=colleague, part="", **by)

    assert Engagement.objects.visible_to(colleague).exists()


def test_the_light_by_hand_needs_a_reason(running_one, customer):
    by = {"by": customer.tam, "at": NINE}

    with pytest.raises(ReasonMissing):
        running.set_light(running_one, light="red", reason=" ", **by)
    running.set_light(running_one, light="red", reason="The budget is gone", **by)
    assert Engagement.objects.get().light_reason == "The budget is gone"
    running.set_light(running_one, light="", reason="", **by)
    assert Engagement.objects.get().light == ""


def test_what_is_over_is_not_changed_and_owes_nothing(running_one, customer):
    by = {"by": customer.tam, "at": NINE}
    phase = running_one.phases.first()

    with pytest.raises(ReasonMissing):
        requesting.finish(running_one, reason="", **by)
    requesting.finish(running_one, reason="All is delivered", **by)

    assert not Promise.objects.open().exists()
    assert not Promise.objects.exclude(next_at=None).exists()
    with pytest.raises(EngagementOver):
        running.note_risk(running_one, NewRisk(what="x", likelihood=1, impact=1), **by)
    with pytest.raises(EngagementOver):
        planning.begin(phase, on=NINE.date(), **by)
    with pytest.raises(EngagementOver):
        requesting.cancel(running_one, reason="No", by=running_one.requested_by, at=NINE)
    talking.say(running_one, Words(body="Thanks"), author=running_one.requested_by, at=NINE)


def test_declined_only_before_it_was_taken_up(running_one, customer):
    with pytest.raises(NotRequested):
        requesting.decline(running_one, reason="x", by=customer.tam, at=NINE)


def test_the_conversation_reaches_the_others_and_notes_stay_ours(running_one, customer):
    contact, tam = running_one.requested_by, customer.tam
    Notice.objects.all().delete()

    talking.say(running_one, Words(body="When?"), author=contact, at=NINE)
    assert told("engagement_written") == [tam.email]
    answer = talking.say(running_one, Words(body="**Soon**", is_markdown=True), author=tam, at=NINE)
    talking.note(running_one, Words(body="Careful"), author=tam, at=NINE)

    assert told("engagement_said") == [contact.email]
    mail = Notice.objects.get(template="engagement_said")
    assert mail.headers["Message-ID"] == answer.message_id
    assert running_one.number.lower() in mail.headers["Reply-To"]
    seen = Message.objects.visible_to(contact)
    assert [one.body for one in seen] == ["When?", "**Soon**"]
    assert Message.objects.visible_to(tam).count() == 3
    with pytest.raises(TextMissing):
        talking.say(running_one, Words(body="  "), author=contact, at=NINE)
    with pytest.raises(NotAllowed):
        talking.note(running_one, Words(body="x"), author=contact, at=NINE)


def test_risks_and_what_the_database_refuses(running_one):
    risk = make_risk(running_one)
    running.close_risk(risk, by=running_one.owner, at=NINE)

    for bad in (
        lambda: make_risk(running_one, impact=6),
        lambda: make_phase(running_one, starts_on=GOLIVE, ends_on=NINE.date()),
        lambda: make_engagement(state=State.DONE),
        lambda: make_engagement(light="red"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            bad()
