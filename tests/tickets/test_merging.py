"""A duplicate is merged into what it repeats, and taken out again (G1)."""

from datetime import datetime, timedelta

import pytest
from django.core import mail as outgoing
from hypothesis import given
from hypothesis import strategies as some

from accounts.enums import Role
from core.errors import NotAllowed
from core.journal import label
from entitlements.enums import EntryKind
from entitlements.models import IncidentPack, LedgerEntry
from notices.models import Notice
from reports.actions.drafting import draft
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    hours,
    make_attachment,
    make_contact,
    make_engineer,
    make_follower,
    make_incident,
    make_message,
    make_organisation,
    make_participant,
    make_tam,
)
from tests.tickets.desk import HANDOVER, covered, filed, journal, level_of, target_of, told
from tickets.actions.conversation import answer, note, write
from tickets.actions.ladder.escalation import escalate
from tickets.actions.lifecycle import close, reopen
from tickets.actions.merging import merge, undo_merge
from tickets.actions.promises.alarms import note_breach
from tickets.actions.promises.audit import audit
from tickets.enums import State
from tickets.errors import (
    AnsweredSince,
    MergeCircle,
    MergedAlready,
    MergeFinished,
    MergeItself,
    MergeNotCovered,
    MergeOrganisation,
    MergeWorkedOn,
    NotMerged,
)
from tickets.models import Attachment, Incident, Message
from tickets.rules.promises.merged import Owed, owed_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def licence():
    return covered(gold=2)


@pytest.fixture
def first(engineer, licence):
    return filed(licence, at=NINE, use_gold=False)


@pytest.fixture
def second(engineer, licence, first):
    """A colleague's report of the same an hour later, due at three in the afternoon plus one."""
    return filed(licence, at=NINE + hours(1), use_gold=False, subject="IMAP hangs")


def differences(at):
    return [audit(day.date(), at=at + days(1)).differences for day in (NINE, at)]


def test_the_words_of_both_stand_in_the_order_of_time_and_files_come_along(first, second, engineer):
    answer(first, author=engineer, body="Please send the log.", at=NINE + hours(2))
    late = make_message(second, sent_at=NINE + hours(3), body="Here it is.")
    file = make_attachment(late)

    merge(second, into=first, by=engineer, at=NINE + hours(4))

    first.refresh_from_db()
    said = list(Message.objects.visible_to(engineer).said_on(first).for_conversation())
    assert [getattr(one, "number", "") for one in said] == [
        first.number,
        second.number,
        first.number,
        second.number,
    ]
    assert said == sorted(said, key=lambda one: one.sent_at)
    assert list(Attachment.objects.visible_to(first.reporter)) == [file]
    assert Message.objects.filter(incident=second).count() == 2  # nothing was moved or copied


def test_the_duplicate_closes_with_a_line_of_history_on_both(first, second, engineer):
    merge(second, into=first, by=engineer, at=NINE + hours(4))

    second.refresh_from_db()
    assert (second.state, second.merged_into) == (State.CLOSED, first)
    assert "incident.merged" in journal(second)
    assert "incident.took_in" in journal(first)


def test_no_customer_is_mailed_and_the_owners_are(first, second, engineer):
    before = Notice.objects.filter(to__organisation__isnull=False).count()
    other = make_engineer()
    Incident.objects.filter(pk=second.pk).update(owner=other)
    second.refresh_from_db()

    merge(second, into=first, by=engineer, at=NINE + hours(4))

    assert Notice.objects.filter(to__organisation__isnull=False).count() == before
    assert told(first, "incident_merged") == {other.email}
    assert outgoing.outbox == []


def test_both_owed_an_answer_so_the_earlier_moment_is_owed_once(second, first, engineer):
    """The later report is kept: it owes what the earlier was promised."""
    due = target_of(first).due_at

    merge(first, into=second, by=engineer, at=NINE + hours(2))

    kept, ended = target_of(second), target_of(first)
    assert kept.due_at == due
    assert kept.first_due_at == due + hours(1)
    assert (ended.is_merged, ended.abandoned_at) == (True, NINE + hours(2))
    answer(second, author=engineer, body="Restart it.", at=due)
    assert target_of(second).met_at == due
    assert differences(NINE + hours(9)) == [0, 0]


def test_what_the_other_did_not_owe_is_carried_to_it(first, second, engineer):
    answer(first, author=engineer, body="We look into it.", at=NINE + hours(2))
    due = target_of(second).due_at

    merge(second, into=first, by=engineer, at=NINE + hours(3))

    carried = target_of(first)
    assert (carried.cycle, carried.opened_at, carried.due_at) == (2, NINE + hours(3), due)
    assert all(one.due_at > NINE + hours(3) for one in carried.warnings.all())
    answer(first, author=engineer, body="Fixed.", at=NINE + hours(4))
    assert differences(NINE + hours(9)) == [0, 0]


def test_a_breach_stays_where_it_happened_and_is_counted_once(first, second, engineer):
    answer(second, author=engineer, body="We look into it.", at=NINE + hours(2))
    late = target_of(first)
    note_breach(late.pk, at=late.due_at + hours(1))

    merge(first, into=second, by=engineer, at=late.due_at + hours(2))

    late.refresh_from_db()
    assert late.breach_noted_at == late.due_at + hours(1)
    assert target_of(second).due_at == late.due_at + hours(2) + hours(6)  # a promise from now on


def test_gold_is_given_back_once(first, licence, engineer):
    gold = filed(licence, use_gold=True)

    merge(gold, into=first, by=engineer, at=NINE + hours(1))

    assert IncidentPack.objects.get().available == 2
    back = LedgerEntry.objects.get(incident=gold, kind=EntryKind.REFUND)
    assert (back.refund_reason, back.reason) == ("duplicate", f"A duplicate of {first.number}")


def test_who_followed_it_follows_the_other(first, second, engineer):
    colleague = make_participant(second).person
    left = make_participant(second, left_at=NINE + hours(1)).person
    watcher = make_follower(second).person

    merge(second, into=first, by=engineer, at=NINE + hours(4))
    answer(first, author=engineer, body="Restart it.", at=NINE + hours(5))

    reached = told(first, "incident_answered")
    assert reached == {first.reporter.email, second.reporter.email, colleague.email}
    assert left.email not in reached
    assert first.followers.get().person == watcher


def test_what_is_written_on_it_goes_to_the_other(first, second, engineer):
    merge(second, into=first, by=engineer, at=NINE + hours(4))

    said = write(second, author=second.reporter, body="Any news?", at=NINE + hours(5))

    second.refresh_from_db()
    assert (said.incident, second.state) == (first, State.CLOSED)
    with pytest.raises(MergedAlready):
        reopen(second, by=second.reporter, at=NINE + hours(5))


def test_ts2_reads_what_was_merged_into_what_came_up(first, second, engineer):
    tester = make_engineer(role=Role.TS2)
    escalate(first, by=engineer, at=NINE + hours(1), **HANDOVER)
    before = Message.objects.visible_to(tester).count()

    merge(second, into=first, by=engineer, at=NINE + hours(4))

    assert (before, Message.objects.visible_to(tester).count()) == (1, 2)


def test_a_chain_of_duplicates_leads_to_the_last(first, second, engineer, licence):
    third = filed(licence, at=NINE + hours(2), use_gold=False)
    merge(third, into=second, by=engineer, at=NINE + hours(3))

    merge(second, into=first, by=engineer, at=NINE + hours(4))

    third.refresh_from_db()
    assert third.merged_into == first
    with pytest.raises(MergedAlready):  # that one first
        undo_merge(third, by=engineer, at=NINE + hours(5))
    undo_merge(second, by=engineer, at=NINE + hours(5))
    third.refresh_from_db()
    assert third.merged_into == second


def test_refusals(first, second, engineer, licence):
    theirs, bare = filed(), make_incident(organisation=licence.organisation, level=None)
    up = filed(licence, use_gold=False)
    escalate(up, by=engineer, at=NINE + hours(1), **HANDOVER)
    done = make_incident(organisation=licence.organisation, state=State.CLOSED)

    for source, into, refusal in (
        (first, first, MergeItself),
        (first, theirs, MergeOrganisation),
        (first, done, MergeFinished),
        (done, first, MergeFinished),
        (up, first, MergeWorkedOn),
        (first, bare, MergeNotCovered),
    ):
        with pytest.raises(refusal):
            merge(source, into=into, by=engineer, at=NINE + hours(2))
    merge(second, into=first, by=engineer, at=NINE + hours(2))
    for source, into, later in (
        (first, second, MergeCircle),
        (second, up, MergedAlready),
        (up, second, MergedAlready),
    ):
        with pytest.raises(later):
            merge(source, into=into, by=engineer, at=NINE + hours(3))
    with pytest.raises(NotMerged):
        undo_merge(first, by=engineer, at=NINE + hours(3))


@pytest.mark.parametrize("who", ("contact", "elsewhere", "ts2"))
def test_only_who_may_answer_both_merges(first, second, who):
    person = {
        "contact": first.reporter,
        "elsewhere": make_engineer(make_organisation()),
        "ts2": make_engineer(role=Role.TS2),
    }[who]

    with pytest.raises(NotAllowed):
        merge(second, into=first, by=person, at=NINE + hours(2))


def test_undoing_owes_the_answer_at_its_old_moment(first, second, engineer):
    due = target_of(second).due_at
    answer(first, author=engineer, body="We look into it.", at=NINE + hours(2))
    merge(second, into=first, by=engineer, at=NINE + hours(3))

    undo_merge(second, by=engineer, at=NINE + hours(4))

    second.refresh_from_db()
    again = target_of(second)
    assert (second.state, second.merged_into, second.due_at) == (State.NEW, None, due)
    assert (again.cycle, again.opened_at, again.due_at) == (2, NINE + hours(4), due)
    assert target_of(first).abandoned_at == NINE + hours(4)  # what it owed for the other
    answer(second, author=engineer, body="Restart it.", at=NINE + hours(5))
    assert differences(NINE + hours(9)) == [0, 0]


def test_undoing_after_the_old_moment_is_late_at_once(first, second, engineer):
    due = target_of(second).due_at
    merge(second, into=first, by=engineer, at=NINE + hours(3))

    undo_merge(second, by=engineer, at=due + hours(1))

    again = target_of(second)
    assert (again.due_at, again.opened_at) == (due, due + hours(1))
    assert note_breach(again.pk, at=due + hours(2))


def test_undoing_takes_the_gold_incident_back(first, licence, engineer):
    gold = filed(licence, use_gold=True)
    merge(gold, into=first, by=engineer, at=NINE + hours(1))

    undone = undo_merge(gold, by=engineer, at=NINE + hours(2))

    gold.refresh_from_db()
    assert (undone.without_gold, level_of(gold)) == (False, "gold")
    assert IncidentPack.objects.get().available == 1
    taken = LedgerEntry.objects.get(incident=gold, kind=EntryKind.REINSTATE)
    assert taken.reverses.kind == EntryKind.REFUND
    merge(gold, into=first, by=engineer, at=NINE + hours(2.5))  # and once more
    assert IncidentPack.objects.get().available == 2


def test_undoing_at_an_empty_pack_goes_on_at_the_next_best_level(first, licence, engineer):
    gold = filed(licence, use_gold=True)
    merge(gold, into=first, by=engineer, at=NINE + hours(1))
    IncidentPack.objects.update(available=0)

    undone = undo_merge(gold, by=engineer, at=NINE + hours(2))

    gold.refresh_from_db()
    assert (undone.without_gold, level_of(gold)) == (True, "premium")
    assert gold.decision.gold_depleted
    assert target_of(gold).due_at == NINE + hours(6)


def test_what_was_answered_since_is_not_taken_apart(first, second, engineer):
    merge(second, into=first, by=engineer, at=NINE + hours(3))
    note(first, author=engineer, body="Both the same.", at=NINE + hours(3.5))
    answer(first, author=engineer, body="Restart it.", at=NINE + hours(4))

    with pytest.raises(AnsweredSince):
        undo_merge(second, by=engineer, at=NINE + hours(5))


def test_a_solved_one_that_takes_in_an_open_one_is_worked_on_again(first, second, engineer):
    answer(first, author=engineer, body="Solved.", at=NINE + hours(2), then=State.SOLVED)

    merge(second, into=first, by=engineer, at=NINE + hours(3))

    first.refresh_from_db()
    assert first.state == State.OPEN


def test_a_report_of_a_past_month_does_not_change(first, second, engineer, licence):
    """Beside a stranger, who has one just like it."""
    make_tam(licence.organisation)
    filed()
    for one in (first, second):
        answer(one, author=engineer, body="We look into it.", at=NINE + hours(3))
    april = datetime.fromisoformat("2026-04-03T09:00:00+00:00")
    before = draft(licence.organisation, Month(2026, 3), at=april).content
    write(second, author=second.reporter, body="Still so.", at=april + hours(1))

    merge(second, into=first, by=engineer, at=april + hours(2))

    after = draft(licence.organisation, Month(2026, 3), at=april + hours(3)).content
    assert after == before


def test_merging_again_is_refused_and_closes_nothing_twice(first, second, engineer):
    merge(second, into=first, by=engineer, at=NINE + hours(3))
    written = journal(second)

    with pytest.raises(MergedAlready):
        merge(second, into=first, by=engineer, at=NINE + hours(4))
    close(first, by=first.reporter, at=NINE + hours(4))

    assert journal(second) == written
    assert Notice.objects.filter(subject=label(second), template="incident_merged").count() == 0


def test_strangers_see_nothing_of_it(first, second, engineer):
    merge(second, into=first, by=engineer, at=NINE + hours(3))

    stranger = make_contact()
    assert not Message.objects.visible_to(stranger).said_on(first).exists()


MOMENTS = some.none() | some.integers(0, 20).map(lambda n: NINE + timedelta(hours=n))


@given(ours=MOMENTS, theirs=MOMENTS, at=some.integers(0, 20).map(lambda n: NINE + hours(n)))
def test_nothing_is_owed_later_and_nothing_is_lost(ours, theirs, at):
    """Whatever ran is owed by its moment or earlier; what is late already is not late twice."""
    found = owed_after(ours, theirs, at)

    owed = {
        Owed.KEEPS: ours,
        Owed.EARLIER: theirs,
        Owed.CARRIED: theirs,
        Owed.ANEW: at + hours(1),
    }[found]
    running = [one for one in (ours, theirs) if one is not None and one > at]
    assert (owed is None) == (ours is None and theirs is None)
    if running:
        assert owed <= min(running)
    if ours is not None and ours <= at:
        assert owed == ours


def test_a_duplicate_due_at_the_same_moment_makes_nothing_earlier():
    assert owed_after(NINE + hours(1), NINE + hours(1), NINE) == Owed.KEEPS
    assert owed_after(NINE + hours(1), NINE, NINE) == Owed.KEEPS
    assert owed_after(None, NINE, NINE) == Owed.ANEW
