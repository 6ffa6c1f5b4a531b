"""Visits on site (rule 10): asked for, proposed, agreed, made; each "no" in words."""

from datetime import UTC, date, datetime
from io import BytesIO

import pypdf
import pytest

from core.models import JournalEntry
from engagements.actions import papers, planning, replanning, requesting, visits
from engagements.actions.kinds import ask
from engagements.actions.requesting import Wish
from engagements.actions.visits import Done
from engagements.enums import Kind, Paper, VisitState
from engagements.errors import (
    DiaryElsewhere,
    DiaryEmpty,
    DiaryInverted,
    MayNotAccept,
    NobodyGoes,
    NotAllowedThen,
    NotEntitled,
    PersonAway,
    PersonTaken,
    PlaceMissing,
    PlanWrong,
    ReasonMissing,
    VisitAgreedAlready,
    VisitInThePast,
    VisitInverted,
    VisitNotAgreed,
    VisitNotOpen,
    VisitPassed,
    VisitStillAgreed,
    VisitToCome,
    VisitTooLong,
)
from engagements.models import Document, Engagement, Visit, Visitor
from engagements.reads.visits import days_of
from engagements.rules.visits import Dates, first_day_away
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    hours,
    make_absence,
    make_contact,
    make_engineer,
    make_organisation,
    make_pattern,
    make_tam,
    make_technical_contract,
)

pytestmark = pytest.mark.django_db

WHERE = {"place": "Cluj", "why_on_site": "No remote console", "wishes": "Mondays"}
VISIT = Dates(NINE + days(14), NINE + days(14) + hours(8))


@pytest.fixture
def customer():
    organisation = make_organisation()
    make_tam(organisation)
    make_technical_contract(organisation, reference="TC-9", days=3)
    return organisation


def asked(customer):
    contact = make_contact(customer)
    wish = Wish(kind=Kind.ON_SITE, title="Rack the nodes")
    one = ask(customer, wish, WHERE, contact=contact, by=contact, at=NINE)
    return planning.take_up(
        one,
        owner=customer.tam,
        starts_on=NINE.date(),
        golive_on=date(2026, 3, 12),
        by=customer.tam,
        at=NINE,
    )


@pytest.fixture
def engagement(customer):
    return asked(customer)


@pytest.fixture
def by(customer):
    return {"by": customer.tam, "at": NINE}


def propose(engagement, by, dates=VISIT, people=None):
    return visits.propose(engagement, dates, people or [make_engineer()], **by)


def agreed(engagement, by, **more):
    visit = propose(engagement, by, **more)
    return visits.agree(visit, by=engagement.requested_by, at=NINE)


def test_without_a_technical_contract_it_says_what_it_takes_and_writes_nothing():
    organisation = make_organisation()
    contact = make_contact(organisation)
    wish = Wish(kind=Kind.ON_SITE, title="Come")

    with pytest.raises(NotEntitled, match="special technical contract, at every support level"):
        ask(organisation, wish, WHERE, contact=contact, by=contact, at=NINE)
    assert not Engagement.objects.exists()


def test_where_and_why_are_needed(customer):
    contact = make_contact(customer)
    wish = Wish(kind=Kind.ON_SITE, title="Come")

    with pytest.raises(PlaceMissing):
        ask(customer, wish, WHERE | {"place": " "}, contact=contact, by=contact, at=NINE)
    assert not Engagement.objects.exists(), "in one transaction"


def test_proposed_agreed_and_the_plan_moves_there(engagement, by):
    visit = propose(engagement, by)
    mail = Notice.objects.get(template="engagement_visit_proposed")
    assert mail.to == engagement.requested_by

    visits.agree(visit, by=engagement.requested_by, at=NINE)

    engagement.refresh_from_db()
    assert engagement.golive_on == date(2026, 3, 16)
    phase = engagement.phases.get(name="Visit")
    assert (phase.starts_on, phase.baseline_starts_on) == (date(2026, 3, 16), date(2026, 3, 12))
    assert days_of(engagement).left == 2
    assert JournalEntry.objects.get(kind="visit.agreed").rule == "rule 10"


@pytest.mark.parametrize(
    ("dates", "says"),
    (
        (Dates(VISIT.ends_at, VISIT.starts_at), VisitInverted),
        (Dates(NINE - days(1), NINE), VisitInThePast),
        (Dates(VISIT.starts_at, VISIT.starts_at + days(40)), VisitTooLong),
        (Dates(VISIT.starts_at, VISIT.starts_at + days(5)), NotAllowedThen),
        (
            Dates(datetime(2027, 1, 4, 9, tzinfo=UTC), datetime(2027, 1, 4, 17, tzinfo=UTC)),
            NotAllowedThen,
        ),
    ),
)
def test_dates_that_can_not_be_proposed(engagement, by, dates, says):
    with pytest.raises(says):
        propose(engagement, by, dates=dates)
    assert not Visit.objects.exists()


def test_nobody_is_on_two_visits_at_once_though_only_the_hours_in_between_overlap(
    engagement, customer, by
):
    engineer = make_engineer()
    propose(engagement, by, people=[engineer])
    other = asked(customer)
    inside = Dates(VISIT.starts_at - hours(3), VISIT.starts_at + hours(1))

    with pytest.raises(PersonTaken, match=str(engineer)):
        propose(other, by, dates=inside, people=[engineer])
    after = Dates(VISIT.ends_at, VISIT.ends_at + hours(2))
    propose(other, by, dates=after, people=[engineer])
    assert Visitor.objects.filter(person=engineer).count() == 2


def test_duty_and_absence_of_each_day_count_and_not_only_the_start(engagement, by):
    engineer = make_engineer()
    make_absence(
        person=engineer, starts_at=VISIT.starts_at + days(1), ends_at=VISIT.starts_at + days(2)
    )
    two = Dates(VISIT.starts_at, VISIT.ends_at + days(1))

    with pytest.raises(PersonAway, match="17 March 2026"):
        propose(engagement, by, dates=two, people=[engineer])
    off_duty = make_engineer()
    make_pattern(person=off_duty)  # a pattern, and no shift was laid out
    with pytest.raises(PersonAway):
        propose(engagement, by, people=[off_duty])
    with pytest.raises(NobodyGoes):
        visits.propose(engagement, VISIT, [], **by)


def test_the_rule_of_days():
    duty = [(VISIT.starts_at, VISIT.starts_at + hours(1))]
    two = Dates(VISIT.starts_at, VISIT.ends_at + days(1))

    assert first_day_away(VISIT, "UTC", duty=duty, absent=[]) is None
    assert first_day_away(two, "UTC", duty=duty, absent=[]) == date(2026, 3, 17)
    away = [(VISIT.ends_at - hours(1), VISIT.ends_at)]
    assert first_day_away(VISIT, "UTC", duty=duty, absent=away) == date(2026, 3, 16)
    midnight = Dates(VISIT.starts_at, datetime(2026, 3, 17, tzinfo=UTC))
    assert midnight.days("UTC") == [date(2026, 3, 16)], "the end is not part of it"


def test_what_was_refused_or_cancelled_lets_people_and_days_go(engagement, by):
    engineer = make_engineer()
    contact = engagement.requested_by
    visit = propose(engagement, by, people=[engineer])

    with pytest.raises(ReasonMissing):
        visits.refuse(visit, words="", by=contact, at=NINE)
    visits.refuse(visit, words="Tuesdays only", by=contact, at=NINE)
    with pytest.raises(VisitNotOpen):
        visits.agree(visit, by=contact, at=NINE)
    second = agreed(engagement, by, people=[engineer])
    assert days_of(engagement).left == 2
    with pytest.raises(VisitAgreedAlready):
        propose(engagement, by)

    visits.cancel(second, words="The engineer is ill", **by)

    assert days_of(engagement).left == 3
    assert not Visitor.objects.filter(is_held=True).exists()
    assert engagement.phases.filter(finished_on__isnull=False).count() == 0, "nothing is done"
    assert Notice.objects.filter(template="engagement_visit_cancelled").exists()


def test_when_the_engagement_is_over_nobody_is_held(engagement, by):
    agreed(engagement, by)

    requesting.cancel(engagement, reason="No budget", by=engagement.requested_by, at=NINE)

    assert Visit.objects.get().state == VisitState.CANCELLED
    assert not Visitor.objects.filter(is_held=True).exists()
    assert days_of(engagement).left == 3


def test_it_is_not_completed_while_an_agreed_visit_was_never_closed(engagement, by):
    visit, after = agreed(engagement, by), by | {"at": VISIT.ends_at}

    with pytest.raises(VisitStillAgreed, match=r"16 March 2026.*[Cc]lose.*cancel"):
        requesting.finish(engagement, reason="All delivered", **after)
    engagement.refresh_from_db()
    assert engagement.ended_at is None, "nothing was written"

    visits.cancel(visit, words="Nobody came", **after)
    requesting.finish(engagement, reason="All delivered", **after)
    assert not Visitor.objects.filter(is_held=True).exists()


@pytest.mark.parametrize("away", (days(-700), days(-2), days(2)))
def test_the_diary_takes_no_days_but_the_visits_and_one_on_either_side(engagement, by, away):
    visit = agreed(engagement, by)
    began = VISIT.starts_at + away

    def note(began_at):
        done = Done(began_at=began_at, ended_at=began_at + hours(1), what="Racked")
        return visits.note_done(visit, done, by=by["by"], at=VISIT.ends_at + days(9))

    with pytest.raises(DiaryElsewhere, match="15 March 2026 to 17 March 2026"):
        note(began)
    for near in (days(-1), days(0), days(1)):
        note(VISIT.starts_at + near)
    assert visit.diary.count() == 3


def test_who_may_not_agree_and_what_has_passed(engagement, by, customer):
    visit = propose(engagement, by)

    for other in (make_contact(customer), customer.tam):
        with pytest.raises(MayNotAccept):
            visits.agree(visit, by=other, at=NINE)
    with pytest.raises(VisitPassed):
        visits.agree(visit, by=engagement.requested_by, at=VISIT.starts_at)


def test_two_proposals_that_together_take_more_days_than_are_left(customer, by):
    first, second = asked(customer), asked(customer)
    two_days = Dates(VISIT.starts_at, VISIT.ends_at + days(1))
    one = propose(first, by, dates=two_days)
    other = propose(second, by, dates=two_days)
    visits.agree(one, by=first.requested_by, at=NINE)

    with pytest.raises(NotAllowedThen, match="1 of its 3 days"):
        visits.agree(other, by=second.requested_by, at=NINE)


def test_the_diary_the_protocol_and_the_report(engagement, by, customer):
    visit, tam = agreed(engagement, by), customer.tam
    at = VISIT.ends_at
    done = Done(began_at=VISIT.starts_at, ended_at=VISIT.starts_at + hours(2), what="Racked")

    with pytest.raises(VisitToCome):
        visits.note_done(visit, done, **by)
    with pytest.raises(DiaryEmpty):
        papers.close_visit(visit, summary="Done", advice="", by=tam, at=at)
    with pytest.raises(DiaryInverted):
        visits.note_done(
            visit, Done(began_at=at, ended_at=at + hours(1), what="Later"), by=tam, at=at
        )
    visits.note_done(visit, done, by=tam, at=at)
    with pytest.raises(ReasonMissing):
        papers.close_visit(visit, summary=" ", advice="", by=tam, at=at)
    versions = papers.close_visit(
        visit, summary="Both nodes run.", advice="- Label the cables", by=tam, at=at
    )

    assert [one.document.paper for one in versions] == [Paper.PROTOCOL, Paper.VISIT_REPORT]
    with versions[1].file.open("rb") as file:
        report = pypdf.PdfReader(BytesIO(file.read()))
    text = "\n".join(page.extract_text() for page in report.pages)
    for words in ("Both nodes run.", "Label the cables", "Racked", "2 h 00 min", "TC-9", "Cluj"):
        assert words in text
    with pytest.raises(VisitNotAgreed):
        visits.note_done(visit, done, by=tam, at=at)
    assert days_of(engagement).used == 1
    assert Document.objects.filter(needs_acceptance=True).count() == 2


def test_another_day_of_the_go_live(engagement, by):
    with pytest.raises(ReasonMissing):
        replanning.change_golive(engagement, golive_on=date(2026, 3, 20), reason="", **by)
    with pytest.raises(PlanWrong):
        replanning.change_golive(engagement, golive_on=date(2026, 2, 20), reason="x", **by)
    replanning.change_golive(engagement, golive_on=date(2026, 3, 20), reason="Hosts", **by)

    phase = engagement.phases.get(name="Visit")
    assert phase.starts_on == date(2026, 3, 20)
    assert phase.promise.due_at.date() == date(2026, 3, 20)
    assert engagement.phases.get(name="Report").starts_on == date(2026, 3, 23)


def test_from_request_to_signed_protocol_on_the_pages(client, customer):
    contact, tam = make_contact(customer), customer.tam
    client.force_login(contact)
    given = {"title": "Rack", "place": "Cluj", "why_on_site": "No console", "wishes": "Mondays"}
    sent = client.post("/engagements/new/on_site/", given | {"summary": ""})
    number = sent["Location"].split("/")[2]
    client.force_login(tam)
    page = f"/admin/engagements/{number}"
    days_ahead = {"owner": tam.pk, "starts_on": "2100-01-04", "golive_on": "2100-01-05"}
    assert client.post(f"{page}/take-up/", days_ahead).status_code == 302
    wrong = client.post(f"{page}/visit/", {"starts": "x", "ends": "", "people": [tam.pk]})
    assert wrong.status_code == 400
    dates = {"starts": "2026-12-01 09:00", "ends": "2026-12-01 17:00", "people": [tam.pk]}
    refused = client.post(f"{page}/visit/", dates | {"ends": "2026-11-01 09:00"})
    assert refused.status_code in (400, 409)
    assert "Cluj" in client.get(f"{page}/").content.decode()
