"""Deployment (N9, N10): run book, cut-over with a way back, go / no-go by both sides."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowed
from engagements.actions import cutover, gonogo, requesting, run_books
from engagements.actions.catalogue import keep_list
from engagements.actions.cutover import Window
from engagements.actions.deployment_papers import hand_over_as_it_stands
from engagements.actions.run_books import Said
from engagements.enums import Book, Criterium, CutOverState, Decision, Paper, StepResult, Subject
from engagements.errors import (
    BookThere,
    CutOverBusy,
    CutOverFaulty,
    CutOverMissing,
    CutOverNotOn,
    CutOverStepsOpen,
    EngagementOver,
    NameMissing,
    NotAsked,
    NotGone,
    NothingToHandOver,
    NoWayBack,
    ReasonMissing,
    RoundIncomplete,
    RoundOneSided,
    RoundOpen,
    RoundOver,
    StepIncomplete,
    StepNotNow,
    StepNotYours,
    StepOpen,
    StepOver,
    VotedTwice,
)
from engagements.models import CutOver, GoNoGo, Member, Step, Vote
from engagements.reads.deployment import cut_over_page
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    hours,
    make_admin_contact,
    make_contact,
    make_criterion,
    make_cut_over,
    make_engagement,
    make_go_vote,
    make_manager,
    make_organisation,
    make_project,
    make_round,
    make_step,
    make_tam,
)

pytestmark = pytest.mark.django_db
WHEN = NINE + days(7)


@pytest.fixture
def engagement():
    organisation = make_organisation()
    make_tam(organisation)
    found = make_engagement(organisation, project=make_project(organisation))
    found.starts_on = NINE.date()
    found.save()
    return found


@pytest.fixture
def by(engagement) -> dict[str, Any]:
    return {"by": engagement.owner, "at": NINE}


def window(**more):
    given: dict[str, Any] = {"starts_at": WHEN, "until": WHEN + hours(4), "stop_contact": "Ana"}
    return Window(**given | more)


def called(engagement, by, *, roles=None):
    admin = make_admin_contact(engagement.organisation)
    roles = roles or [("Head of IT", admin), ("Account manager", engagement.owner)]
    return gonogo.call(engagement, roles, meets_at=NINE + days(6), **by)


def gone(engagement, by):
    """A round in which everything is met and everybody said go."""
    made = called(engagement, by)
    for one in made.criteria.all():
        gonogo.check(one, Criterium.MET, **by)
    for vote in made.votes.all():
        gonogo.give_vote(made, Decision.GO, name=str(vote.person), by=vote.person, at=NINE)
    return gonogo.decide(made, **by)


def test_a_run_book_is_laid_out_changed_and_ticked_off_by_name(engagement, by):
    keep_list(
        Subject.RUN_BOOK, "Hosts\n- Rack | Team\n- DNS | Customer", by=make_manager(), at=NINE
    )
    assert run_books.lay_out_run_book(engagement, **by) == 2
    with pytest.raises(BookThere):
        run_books.lay_out_run_book(engagement, **by)
    rack, dns = Step.objects.all()
    more = run_books.add_step(engagement, Book.RUN_BOOK, Said(title="Test", owner="Team"), **by)
    run_books.change_step(rack, Said(title="Rack it", owner="Bo", section="Hosts"), **by)
    with pytest.raises(StepIncomplete):
        run_books.change_step(rack, Said(title=" ", owner="Bo"), **by)

    run_books.tick(rack, StepResult.DONE, **by)
    run_books.tick(dns, StepResult.DONE, by=engagement.requested_by, at=NINE)
    with pytest.raises(StepNotYours):
        run_books.tick(more, StepResult.DONE, by=engagement.requested_by, at=NINE)
    with pytest.raises(NotAllowed):
        run_books.tick(more, StepResult.DONE, by=make_contact(), at=NINE)
    with pytest.raises(ReasonMissing):
        run_books.tick(more, StepResult.FAILED, **by)
    for again in (
        lambda: run_books.tick(rack, StepResult.DONE, **by),
        lambda: run_books.remove_step(rack, **by),
        lambda: run_books.change_step(rack, Said(title="x", owner="y"), **by),
    ):
        with pytest.raises(StepOver):
            again()

    rack.refresh_from_db()
    assert (rack.title, rack.result, rack.done_by) == ("Rack it", "done", engagement.owner)
    with pytest.raises(StepOpen):
        run_books.open_again(more, reason="x", **by)
    run_books.open_again(rack, reason="Ticked the wrong one", **by)
    run_books.remove_step(more, **by)
    assert list(Step.objects.values_list("result", flat=True)) == ["", "done"]


def test_a_plan_without_a_go_does_not_begin_and_its_steps_wait(engagement, by):
    with pytest.raises(CutOverMissing):
        cutover.begin(engagement, **by)
    with pytest.raises(CutOverFaulty, match="ends before it begins"):
        cutover.plan(engagement, window(until=WHEN), **by)
    with pytest.raises(CutOverFaulty, match="who may stop"):
        cutover.plan(engagement, window(stop_contact=" "), **by)
    cutover.plan(engagement, window(), **by)
    early = Step.objects.filter(book=Book.CUT_OVER, offset__lt=0)[0]
    first = Step.objects.get(book=Book.CUT_OVER, offset=0)
    back = Step.objects.filter(book=Book.WAY_BACK)[0]

    with pytest.raises(NotGone):
        cutover.begin(engagement, **by)
    run_books.tick(early, StepResult.DONE, **by)
    for step in (first, back):
        with pytest.raises(StepNotNow):
            run_books.tick(step, StepResult.DONE, **by)
    cutover.plan(engagement, window(until=WHEN + hours(3)), **by)
    with pytest.raises(CutOverNotOn):
        cutover.turn_back(engagement, reason="x", **by)
    assert Notice.objects.filter(template="engagement_cut_over").count() == 1


def test_a_cut_over_from_the_go_to_its_end(engagement, by):
    cutover.plan(engagement, window(), **by)
    gone(engagement, by)
    cutover.begin(engagement, by=engagement.owner, at=WHEN)
    with pytest.raises(CutOverBusy):
        cutover.plan(engagement, window(), **by)
    with pytest.raises(CutOverBusy):
        run_books.add_step(
            engagement, Book.CUT_OVER, Said(title="x", owner="y", offset=1, minutes=1), **by
        )
    with pytest.raises(CutOverStepsOpen, match="Export the DNS zone"):
        cutover.finish(engagement, summary="", **by)
    last = Step.objects.get(is_no_return=True)
    run_books.tick(last, StepResult.FAILED, remark="The file was locked", **by)
    run_books.open_again(last, reason="Once more", **by)  # nothing was passed yet
    for step in Step.objects.filter(book=Book.CUT_OVER):
        run_books.tick(step, StepResult.DONE, **by)

    with pytest.raises(NoWayBack, match=last.title):
        cutover.turn_back(engagement, reason="Too slow", **by)
    with pytest.raises(StepNotNow):
        run_books.open_again(last, reason="x", **by)
    assert cutover.finish(engagement, summary="All moved", **by).state == CutOverState.DONE


def test_who_turns_back_needs_a_new_moment_and_a_new_go(engagement, by):
    cutover.plan(engagement, window(), **by)
    gone(engagement, by)
    cutover.begin(engagement, by=engagement.owner, at=WHEN)
    first = Step.objects.get(book=Book.CUT_OVER, offset=0)
    run_books.tick(first, StepResult.FAILED, remark="Locked", **by)
    contact = make_contact(engagement.organisation)
    with pytest.raises(NotAllowed):
        cutover.turn_back(engagement, reason="Stop", by=contact, at=WHEN)
    with pytest.raises(ReasonMissing):
        cutover.turn_back(engagement, reason=" ", by=engagement.requested_by, at=WHEN)

    cutover.turn_back(engagement, reason="Logins fail", by=engagement.requested_by, at=WHEN)
    back = Step.objects.filter(book=Book.WAY_BACK)[0]
    run_books.tick(back, StepResult.DONE, **by)
    with pytest.raises(StepNotNow):
        run_books.tick(Step.objects.get(is_no_return=True), StepResult.DONE, **by)
    later = window(starts_at=WHEN + days(7), until=WHEN + days(7) + hours(4))
    cutover.plan(engagement, later, **by)

    assert not Step.objects.exclude(result="").exists()
    with pytest.raises(NotGone):
        cutover.begin(engagement, **by)
    gone(engagement, by)
    assert cutover.begin(engagement, **by).state == CutOverState.RUNNING


def test_a_go_is_for_one_beginning_and_a_cut_over_that_is_over_stays_as_it_was(engagement, by):
    """N9: after the way back the same moment takes a new go as well."""
    cutover.plan(engagement, window(), **by)
    gone(engagement, by)
    cutover.begin(engagement, **by)
    cutover.turn_back(engagement, reason="Logins fail", **by)
    for starts_at in (WHEN + days(7), WHEN):
        moved = window(starts_at=starts_at, until=starts_at + hours(4))
        held = cutover.plan(engagement, moved, **by)
    assert not cut_over_page(engagement, engagement.owner, works=True).has_go
    with pytest.raises(NotGone):
        cutover.begin(engagement, **by)
    gone(engagement, by)
    cutover.begin(engagement, **by)
    steps = list(Step.objects.filter(book=Book.CUT_OVER))
    for step in steps:
        run_books.tick(step, StepResult.DONE, **by)
    cutover.finish(engagement, summary="All moved", **by)
    held.refresh_from_db()
    assert held.state == CutOverState.DONE
    for step in steps:
        with pytest.raises(CutOverBusy):
            run_books.open_again(step, reason="Wrong", **by)


def test_nobody_votes_on_a_project_that_is_over(engagement, by):
    cutover.plan(engagement, window(), **by)
    made = called(engagement, by)
    requesting.cancel(engagement, reason="No more", **by)
    with pytest.raises(EngagementOver):
        gonogo.give_vote(made, Decision.GO, name="Bo", **by)


def test_a_round_takes_both_sides_and_everybody_votes_for_themselves(engagement, by):
    admin = make_admin_contact(engagement.organisation)
    owner = engagement.owner
    with pytest.raises(CutOverMissing):
        called(engagement, by)
    cutover.plan(engagement, window(), **by)
    with pytest.raises(RoundOneSided):
        called(engagement, by, roles=[("Owner", owner)])
    with pytest.raises(VotedTwice):
        called(engagement, by, roles=[("Owner", owner), ("IT", admin), ("Ops", admin)])
    with pytest.raises(NotAllowed):
        called(engagement, by, roles=[("Owner", owner), ("IT", make_contact())])
    made = called(engagement, by, roles=[("Owner", owner), ("IT", admin)])
    with pytest.raises(RoundOpen):
        called(engagement, by)

    assert Member.objects.filter(engagement=engagement, person=admin, part="IT").exists()
    assert Notice.objects.filter(template="engagement_vote").count() == 2
    go: dict[str, Any] = {"name": "Ana Pop", "at": NINE}
    with pytest.raises(NotAsked, match=str(admin)):
        gonogo.give_vote(made, Decision.GO, by=make_manager(), **go)
    with pytest.raises(NameMissing):
        gonogo.give_vote(made, Decision.GO, name=" ", by=admin, at=NINE)
    with pytest.raises(ReasonMissing):
        gonogo.give_vote(made, Decision.NO_GO, by=admin, **go)
    with pytest.raises(RoundIncomplete, match="the vote of"):
        gonogo.decide(made, **by)
    gonogo.give_vote(made, Decision.NO_GO, reason="No backup", by=admin, **go)
    gonogo.give_vote(made, Decision.GO, by=admin, **go)  # until the decision
    assert Vote.objects.get(person=admin).vote == "go"


def test_a_no_go_keeps_the_date_open(engagement, by):
    cutover.plan(engagement, window(), **by)
    made = called(engagement, by)
    criterion = made.criteria.all()[0]
    with pytest.raises(ReasonMissing):
        gonogo.check(criterion, Criterium.NOT_MET, **by)
    gonogo.check(criterion, Criterium.NOT_MET, remark="Sent back", **by)
    own = gonogo.add_criterion(made, "Shops are closed", **by)

    made = gonogo.decide(made, reason="We meet again in May.", **by)

    held = CutOver.objects.get()
    assert (made.decision, held.starts_at, held.until) == ("no_go", None, None)
    assert made.for_starts_at == WHEN
    assert f"Not met: {criterion.text}" in made.reason
    for late in (
        lambda: gonogo.check(criterion, Criterium.MET, **by),
        lambda: gonogo.give_vote(made, Decision.GO, name="Bo", **by),
        lambda: gonogo.decide(made, **by),
    ):
        with pytest.raises(RoundOver):
            late()
    assert Notice.objects.filter(template="engagement_decided").exists()
    cutover.plan(engagement, window(starts_at=WHEN + days(1), until=WHEN + days(2)), **by)
    again = gone(engagement, by)
    assert again.number == 2
    assert own.text in [one.text for one in again.criteria.all()]


def test_what_the_database_refuses(engagement):
    one = make_round(engagement)
    make_step(engagement, book=Book.CUT_OVER, offset=0, minutes=5, is_no_return=True)
    vote = make_go_vote(one)
    for wrong in (
        lambda: make_step(engagement, book=Book.CUT_OVER, offset=9, minutes=5, is_no_return=True),
        lambda: make_step(engagement, book=Book.CUT_OVER),
        lambda: make_step(engagement, result="done"),
        lambda: make_round(engagement),
        lambda: make_go_vote(one, person=vote.person),
        lambda: Vote.objects.filter(pk=vote.pk).update(vote="go"),
        lambda: GoNoGo.objects.update(decision="go"),
        lambda: make_cut_over(engagement, until=NINE),
        lambda: make_criterion(one, result="met"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_the_papers_say_who_did_what(engagement, by):
    for paper in (Paper.RUN_BOOK, Paper.CUT_OVER, Paper.GO_NO_GO):
        with pytest.raises(NothingToHandOver):
            hand_over_as_it_stands(engagement, paper, **by)
    run_books.lay_out_run_book(engagement, **by)
    run_books.tick(Step.objects.all()[0], StepResult.FAILED, remark="No console", **by)
    cutover.plan(engagement, window(), **by)
    gone(engagement, by)

    for paper, words in (
        (Paper.RUN_BOOK, ("No console", "rehearsed", "Failed")),
        (Paper.CUT_OVER, ("Point of no return", "The way back", "Ana")),
        (Paper.GO_NO_GO, ("Go", "Head of IT", str(engagement.owner))),
    ):
        version = hand_over_as_it_stands(engagement, paper, **by)
        with version.file.open("rb") as file:
            pages = pypdf.PdfReader(BytesIO(file.read())).pages
        text = "\n".join(page.extract_text() for page in pages)
        for word in words:
            assert word in text


def test_the_pages_of_both_sides(client, engagement, by):
    contact = engagement.requested_by
    desk, portal = (
        f"{one}{engagement.number}/" for one in ("/admin/engagements/", "/engagements/")
    )
    client.force_login(engagement.owner)
    for page in ("run-book", "cut-over", "go-no-go"):
        assert client.get(f"{desk}{page}/").status_code == 200
    assert client.post(f"{desk}run-book-lay-out/").url == f"{desk}run-book/"
    sent = {"starts_at": f"{WHEN:%Y-%m-%dT%H:%M}", "until": f"{WHEN + hours(5):%Y-%m-%dT%H:%M}"}
    assert client.post(f"{desk}cut-over-plan/", sent | {"stop_contact": "Ana"}).status_code == 302
    people = {"role_0": contact.pk, "role_2": engagement.owner.pk}
    meets = {"meets_at": f"{WHEN - days(1):%Y-%m-%dT%H:%M}"}
    assert client.post(f"{desk}go-no-go-call/", people | meets).url == f"{desk}go-no-go/"
    theirs = Step.objects.filter(book=Book.RUN_BOOK, for_customer=True)[0]

    client.force_login(contact)
    tick = client.post(f"{portal}run-book-tick/?of={theirs.pk}", {"result": "done"})
    voted = client.post(f"{portal}go-no-go-vote/", {"vote": "go", "name": "Ana Pop"})
    shown = [client.get(f"{portal}{one}/").content.decode() for one in ("run-book", "go-no-go")]
    plan = client.get(f"{portal}cut-over/").content.decode()

    assert (tick.url, voted.url) == (f"{portal}run-book/", f"{portal}go-no-go/")
    assert "Change your vote" in shown[1]
    assert "Point of no return" in plan
    assert "Turn back by" in plan
    other = make_step(engagement, title="Ours")
    assert (
        client.post(f"{portal}run-book-tick/?of={other.pk}", {"result": "done"}).status_code == 409
    )


@pytest.mark.parametrize("count", (1, 3))
@pytest.mark.parametrize("page", ("run-book", "cut-over", "go-no-go"))
def test_the_pages_ask_the_same_however_many(
    client, engagement, count, page, django_assert_max_num_queries
):
    make_cut_over(engagement)
    for number in range(count):
        make_step(engagement, result="done", done_at=NINE, done_by=engagement.owner)
        make_step(engagement, book=Book.CUT_OVER, offset=number, minutes=1)
        one = make_round(
            engagement,
            decision="no_go",
            decided_at=NINE,
            decided_by=engagement.owner,
        )
        make_go_vote(one)
        make_criterion(one, result="met", checked_by=engagement.owner, checked_at=NINE)
    client.force_login(engagement.owner)
    address = f"/admin/engagements/{engagement.number}/{page}/"
    client.get(address)

    with django_assert_max_num_queries(18):
        client.get(address)
