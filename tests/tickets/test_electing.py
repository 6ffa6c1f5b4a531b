"""Spending a Gold incident on an incident that was filed without it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import GoldDefault
from core import rls
from core.errors import NotAllowed
from entitlements.actions.packs import refund
from entitlements.enums import Level, RefundReason
from entitlements.models import IncidentPack, LedgerEntry
from notices.models import Notice
from notices.sending.rendering import mail_of
from tests.at_once import at_once
from tests.factories import NINE, hours, make_contact, make_engineer
from tests.tickets.desk import covered, filed
from tickets.actions import conversation
from tickets.actions.electing import elect_gold
from tickets.errors import GoldNotPossible
from tickets.models import Incident

pytestmark = pytest.mark.django_db

TEN = NINE + hours(1)


def owed(incident):
    return incident.targets.open().get()


def test_it_is_due_by_gold_from_now_and_one_is_spent():
    incident = filed(covered(gold=2), use_gold=False)

    elect_gold(incident, by=incident.reporter, at=TEN)

    incident.refresh_from_db()
    assert incident.decision.level.level == Level.GOLD
    assert owed(incident).due_at == TEN + hours(3)
    assert IncidentPack.objects.get().available == 1
    assert LedgerEntry.objects.filter(kind="consume", incident=incident).count() == 1


def test_it_never_makes_a_promise_later():
    incident = filed(covered(gold=2), use_gold=False)

    with pytest.raises(GoldNotPossible, match="due sooner than Gold"):
        elect_gold(incident, by=incident.reporter, at=NINE + hours(4))

    assert owed(incident).due_at == NINE + hours(6)
    assert IncidentPack.objects.get().available == 2


def test_each_no_says_why():
    engineer, theirs = make_engineer(), make_contact()
    gold = filed(covered(gold=2), use_gold=True)
    bare = filed(covered(), use_gold=False)
    answered = filed(covered(gold=1), use_gold=False)
    conversation.answer(answered, author=engineer, body="Done.", at=TEN)

    for incident, why in (
        (gold, "Gold serves this incident already"),
        (bare, "never had a pack"),
        (answered, "No answer is owed"),
    ):
        with pytest.raises(GoldNotPossible, match=why):
            elect_gold(incident, by=incident.reporter, at=TEN)
    with pytest.raises(NotAllowed):
        elect_gold(bare, by=theirs, at=TEN)


def test_one_that_was_given_back_is_not_spent_again():
    incident = filed(covered(gold=2), use_gold=True)
    refund(incident, kind=RefundReason.DEFECT, reason="A defect", by=None, at=TEN)

    with pytest.raises(GoldNotPossible):
        elect_gold(incident, by=incident.reporter, at=TEN)


def _elect(pk: int, number: int) -> str:
    with rls.everything():
        incident = Incident.objects.select_related("reporter").get(pk=pk + number)
        try:
            elect_gold(incident, by=incident.reporter, at=TEN)
        except GoldNotPossible:
            return "no"
    return "yes"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_the_last():
    licence = covered(gold=1)
    first = filed(licence, use_gold=False)
    filed(licence, use_gold=False)

    assert sorted(at_once(partial(_elect, first.pk), 2)) == ["no", "yes"]
    assert IncidentPack.objects.get().available == 0


def test_the_page_offers_it_with_what_is_left_and_carries_it_out(client):
    now = timezone.now()
    licence = covered(gold=1)
    licence.subscriptions.update(ends_on=now.date() + timedelta(days=30))
    incident = filed(licence, use_gold=False, at=now)
    client.force_login(incident.reporter)
    page = reverse("tickets:detail", args=[incident.number])

    assert "It is the last one, and the call-back hotline is off after it." in client.get(page).text
    client.post(reverse("tickets:elect_gold", args=[incident.number]))

    assert IncidentPack.objects.get().available == 0
    assert "Spend a Gold incident" not in client.get(page).text


def test_the_acknowledgement_of_a_mail_says_where_to_choose():
    licence = covered(gold=1)
    licence.organisation.gold_default = GoldDefault.ASK
    licence.organisation.save()

    incident = filed(licence, channel="email")

    notice = Notice.objects.get(key=f"filed:{incident.pk}")
    assert incident.decision.level.level == Level.PREMIUM
    assert "You want to be asked before a Gold incident is spent." in mail_of(notice).body
