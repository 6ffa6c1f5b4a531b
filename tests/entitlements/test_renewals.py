"""Renewals: drafted once, sent by people, accepted without gap, or lapsed (RN1 to RN3)."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from core import rls
from core.models import JournalEntry
from core.registries import badges
from entitlements import policies, tasks
from entitlements.actions import changes, order_steps, orders, renewals
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import OrderState, RenewalState
from entitlements.errors import (
    BillingMissing,
    OrderedAlready,
    OrderStays,
    RenewalChanged,
    RenewalNotOpen,
    RenewalOver,
    RenewalPriceMissing,
    RenewalReasonMissing,
    RenewedOtherwise,
)
from entitlements.models import Licence, Order, RenewalProposal, Subscription
from entitlements.reads.renewals import lapsed_of, lines_for, told
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    make_admin_contact,
    make_billing,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_order,
    make_organisation,
    make_renewal,
    make_subscription,
    make_tam,
)
from tests.tickets.test_plans import copies, fill, plan_of

pytestmark = pytest.mark.django_db
DUE = NINE + days(216)  # 4 October 2026; Premium ends with 31 December


@pytest.fixture
def licence() -> Licence:
    """Premium of 2026, 1,000 EUR, in Berlin."""
    licence = make_licence(make_organisation(timezone="Europe/Berlin"), key="AXI-1")
    make_subscription(licence)
    make_billing(licence.organisation)
    return licence


@pytest.fixture
def admin(licence):
    return make_admin_contact(licence.organisation)


def told_of(template: str) -> set[str]:
    return set(Notice.objects.filter(template=template).values_list("to__email", flat=True))


def propose_all(at) -> int:
    due = list(Subscription.objects.to_propose(at).values_list("pk", flat=True))
    return sum(renewals.propose(pk, at=at) for pk in due)


def test_it_is_drafted_90_days_before_the_end_once_for_the_tam_alone(licence):
    tam = make_tam(licence.organisation)
    early = NINE.replace(month=10, day=2, hour=21, minute=59)  # 23:59 of 2 October in Berlin

    assert propose_all(early) == 0
    assert [propose_all(early + days(1 / 24)), propose_all(DUE), propose_all(DUE)] == [1, 0, 0]

    (made,) = RenewalProposal.objects.all()
    assert (made.starts_on, made.ends_on) == (date(2027, 1, 1), date(2028, 1, 1))
    assert (made.price, made.state) == (Decimal("350.00"), RenewalState.DRAFTED)
    assert told_of("renewal_drafted") == {tam.email}
    assert JournalEntry.objects.get(kind="renewal.proposed").by is None
    assert lines_for(licence.organisation, at=DUE) == []  # a draft is ours alone


@pytest.mark.parametrize(
    ("what", "count"),
    (("followed", 0), ("better", 0), ("worse", 1), ("void", 1), ("transferred", 0), ("closed", 0)),
)
def test_only_what_nothing_as_good_follows_is_proposed(what, count):
    licence = make_licence()
    ending = make_subscription(licence, level="first")
    after = {"starts_on": date(2027, 1, 1), "ends_on": date(2028, 1, 1)}
    if what == "followed":
        make_subscription(licence, level="first", **after)
    elif what == "better":
        make_subscription(licence, level="premium", **after)
    elif what == "worse":
        Subscription.objects.filter(pk=ending.pk).update(level="premium")
        make_subscription(licence, level="first", **after)
    elif what == "void":
        make_subscription(licence, level="first", void_at=NINE, **after)
    elif what == "transferred":
        Licence.objects.update(transferred_at=NINE)
    else:
        licence.organisation.closed_at = NINE
        licence.organisation.save()

    assert propose_all(DUE) == count


def test_the_sweep_drafts_and_a_licence_without_price_waits_for_one(monkeypatch):
    licence = make_licence(price=0)
    make_subscription(licence)
    monkeypatch.setattr(tasks, "database_now", lambda: DUE)

    assert (tasks.propose_renewals(), tasks.propose_renewals()) == (1, 0)

    made = RenewalProposal.objects.get()
    assert made.price is None
    with pytest.raises(RenewalPriceMissing):
        renewals.send_proposal(made, by=make_manager(), at=DUE)


def test_the_tam_prices_and_sends_it_and_the_customer_is_told(licence, admin):
    tam = make_tam(licence.organisation)
    propose_all(DUE)
    draft = RenewalProposal.objects.get()

    renewals.change_proposal(draft, price=Decimal(300), note="As agreed", by=tam, at=DUE)
    sent = renewals.send_proposal(draft, by=tam, at=DUE)
    with pytest.raises(RenewalNotOpen, match="is sent already"):
        renewals.change_proposal(draft, price=Decimal(1), note="", by=tam, at=DUE)

    assert (sent.price, sent.sent_by, sent.note) == (Decimal(300), tam, "As agreed")
    changed = JournalEntry.objects.get(kind="renewal.changed")
    assert (changed.facts["before"], changed.facts["after"]) == ("350.00", "300")
    assert told_of("renewal_sent") == {admin.email}
    (line,) = lines_for(licence.organisation, at=DUE)
    assert line.number == sent.number


@pytest.mark.parametrize("late", (-60, 0, 30))
def test_accepting_orders_it_and_has_it_without_gap_or_overlap(licence, admin, late):
    """Early, on the day after the end, and on the last day of grace."""
    tam = make_tam(licence.organisation)
    proposal = make_renewal(licence.subscriptions.get())
    at = NINE.replace(year=2027, month=1, day=1) + days(late)

    done = renewals.accept_proposal(proposal, by=admin, at=at, purchase_reference="PO 3")
    with pytest.raises(RenewalNotOpen, match="is accepted already"):
        renewals.accept_proposal(proposal, by=admin, at=at)

    order = done.order
    assert order is not None
    assert (order.state, order.price, order.vat) == ("confirmed", Decimal(350), Decimal("73.50"))
    assert (order.purchase_reference, order.ordered_by, done.answered_by) == ("PO 3", admin, admin)
    assert order.subscription.starts_on == date(2027, 1, 1)
    assert order.subscription.ends_on == date(2028, 1, 1)
    assert order.subscription.price == Decimal(350)
    assert told_of("renewal_answered") == {tam.email}
    assert lines_for(licence.organisation, at=at) == []
    manager = make_manager()
    order_steps.invoice_order(order, by=manager, at=at)
    assert order_steps.mark_paid(order, by=manager, at=at).state == OrderState.DELIVERED
    assert licence.subscriptions.count() == 2


def test_what_does_not_fit_any_more_is_refused_and_changes_nothing(licence, admin):
    proposal = make_renewal(licence.subscriptions.get())
    accept = partial(renewals.accept_proposal, proposal, by=admin)
    late = NINE.replace(year=2027, month=2, day=1)

    with pytest.raises(RenewalOver, match="until 31 January 2027"):
        accept(at=late)
    waiting = make_order(
        licence, kind="subscription", quantity=None, level="premium", starts_on=date(2027, 1, 1)
    )
    with pytest.raises(OrderedAlready, match=waiting.number):
        accept(at=DUE)
    waiting.delete()
    Subscription.objects.update(ends_on=date(2026, 12, 1))
    with pytest.raises(RenewalChanged):
        accept(at=DUE)
    Subscription.objects.update(ends_on=date(2027, 1, 1))
    subscribe(licence, level="premium", starts_on=date(2027, 1, 1), at=DUE, by=None)
    with pytest.raises(RenewedOtherwise, match="goes on from 1 January 2027 already"):
        accept(at=DUE)

    assert RenewalProposal.objects.get().state == RenewalState.SENT
    assert not Order.objects.exists()


def test_it_needs_to_know_to_whom_the_invoice_goes():
    licence = make_licence()
    proposal = make_renewal(make_subscription(licence))

    with pytest.raises(BillingMissing):
        renewals.accept_proposal(proposal, by=make_admin_contact(licence.organisation), at=DUE)

    assert licence.subscriptions.count() == 1


def test_cancelled_before_it_begins_it_goes_and_once_it_runs_it_stays(licence, admin):
    manager = make_manager()
    proposal = make_renewal(licence.subscriptions.get())
    order = renewals.accept_proposal(proposal, by=admin, at=DUE).order
    assert order is not None

    with pytest.raises(OrderStays, match="end that subscription first"):
        order_steps.cancel_order(order, by=manager, at=DUE + days(100), reason="Unpaid")
    order_steps.cancel_order(order, by=admin, at=DUE, reason="Merged")

    assert Subscription.objects.standing().count() == 1
    late = DUE + days(100)
    assert [told(one, at=late).why for one in lapsed_of(manager, at=late)] == [
        "Accepted, and its order cancelled"
    ]


def test_what_was_not_paid_is_ended_first_and_then_its_order_cancelled(licence, admin):
    manager, late = make_manager(), DUE + days(100)
    order = renewals.accept_proposal(
        make_renewal(licence.subscriptions.get()), by=admin, at=DUE
    ).order
    assert order is not None
    assert order.subscription is not None
    changes.cancel(order.subscription, at=late, by=manager, reason="Unpaid")

    with pytest.raises(OrderStays):
        order_steps.cancel_order(order, by=admin, at=late, reason="We had it for nothing")
    order_steps.cancel_order(order, by=manager, at=late, reason="Unpaid")

    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert order.subscription is not None
    had = Subscription.objects.standing().get(pk=order.subscription.pk)
    assert had.ends_on == date(2027, 1, 13), "it was had until then"
    assert orders.place_order(licence, kind="subscription", level="premium", by=admin, at=late)


def test_a_refusal_needs_a_reason_and_lapses_with_it(licence, admin):
    manager = make_manager()
    proposal = make_renewal(licence.subscriptions.get())

    with pytest.raises(RenewalReasonMissing):
        renewals.decline_proposal(proposal, reason=" \x00", by=admin, at=DUE)
    renewals.decline_proposal(proposal, reason="Too dear", by=admin, at=DUE)

    assert told_of("renewal_answered") == {manager.email}
    late = DUE + days(100)
    (line,) = [told(one, at=late) for one in lapsed_of(manager, at=late)]
    assert (line.why, line.said) == ("Declined", "Too dear")
    (own,) = lines_for(licence.organisation, at=late)
    assert "You declined our proposal: “Too dear”" in own.words


@pytest.mark.parametrize(
    ("state", "why"),
    (
        (None, "No renewal was proposed"),
        ("drafted", "The proposal was never sent"),
        ("sent", "No answer to the proposal; it can be accepted until 31 January 2027"),
        ("withdrawn", "We withdrew the proposal"),
    ),
)
def test_whoever_lapsed_is_listed_with_the_reason_that_is_known(licence, state, why):
    ending = licence.subscriptions.get()
    if state:
        answered = {"answered_at": NINE, "reason": "x"} if state == "withdrawn" else {}
        sent_at = None if state == "drafted" else NINE
        make_renewal(ending, state=state, sent_at=sent_at, **answered)
    at, manager = NINE.replace(year=2027, month=1, day=5), make_manager()

    assert [told(one, at=at).why for one in lapsed_of(manager, at=at)] == [why]
    assert not lapsed_of(manager, at=at - days(10)).exists()  # it runs
    assert not lapsed_of(make_tam(make_organisation()), at=at).exists()  # a stranger's
    make_subscription(licence, starts_on=date(2027, 1, 3), ends_on=date(2028, 1, 3))
    assert not lapsed_of(manager, at=at).exists()  # came back after a gap


def test_who_may_send_and_who_may_answer(licence, admin):
    people = {
        "admin": admin,
        "contact": make_contact(licence.organisation),
        "stranger": make_admin_contact(),
        "manager": make_manager(),
        "tam": make_tam(licence.organisation),
        "other tam": make_tam(make_organisation()),
        "engineer": make_engineer(),
    }

    def those(policy):
        return {name for name, one in people.items() if policy(one, licence.organisation)}

    assert those(policies.may_send_renewal) == {"manager", "tam"}
    assert those(policies.may_answer_renewal) == {"admin"}
    make_renewal(licence.subscriptions.get(), state="drafted", sent_at=None)
    counted = {name: badges["renewals"].rows(one) for name, one in people.items()}
    assert {name for name, rows in counted.items() if rows is not None and rows.exists()} == {
        "manager",
        "tam",
    }


def test_a_reminder_leads_to_the_proposal_that_waits(licence, admin, monkeypatch):
    proposal = make_renewal(licence.subscriptions.get())
    monkeypatch.setattr(tasks, "database_now", lambda: NINE.replace(month=12, day=2))

    tasks.remind()

    notice = Notice.objects.get(template="subscription_ends", to=admin)
    assert notice.context["proposal"] == proposal.number
    assert notice.context["url"].endswith(f"/renewals/{proposal.number}/")


def test_the_sweep_reads_the_partial_index_however_much_ended_before():
    ended = make_subscription(ends_on=date(2020, 1, 1), starts_on=date(2019, 1, 1))
    old = date(1000, 1, 1)
    fill(
        Subscription,
        copies(
            ended,
            starts_on=lambda n: old + days(2 * n),
            ends_on=lambda n: old + days(2 * n + 1),
            proposed_at=lambda n: NINE if n % 2 else None,
        ),
    )
    with rls.everything():
        _, plan = plan_of(tasks.propose_renewals, "entitlements_subscription")

    assert "subscription_unproposed" in plan
