"""What is handed over, and what the customer says of exactly that file (N5)."""

import pytest

from core.models import JournalEntry
from engagements import policies
from engagements.actions import documents
from engagements.actions.documents import Draft, made_file
from engagements.enums import Verdict
from engagements.errors import (
    FileMissing,
    MayNotAccept,
    NameMissing,
    NotNewest,
    RemarksMissing,
    SameFile,
    TitleMissing,
    VerdictGiven,
)
from engagements.models import DocumentVersion
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    make_admin_contact,
    make_contact,
    make_engagement,
    make_organisation,
    make_tam,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    organisation = make_organisation()
    make_tam(organisation)
    return make_engagement(organisation)


@pytest.fixture
def first(engagement):
    return hand_over(engagement, b"one")


def hand_over(engagement, content, document=None, **fields):
    draft = Draft(title="Plan", file=made_file("plan.pdf", content), **fields)
    return documents.hand_over(engagement, draft, by=engagement.owner, at=NINE, document=document)


def test_accepted_by_name_bound_to_the_file(engagement, first):
    asks = Notice.objects.get(template="engagement_document")
    assert asks.context["asks"]

    documents.accept(first, name="Ana Pop", by=engagement.requested_by, at=NINE)

    kept = DocumentVersion.objects.get()
    assert (kept.verdict, kept.signed_name) == (Verdict.ACCEPTED, "Ana Pop")
    facts = JournalEntry.objects.get(kind="engagement.accepted").facts
    assert facts["sha256"] == kept.sha256
    assert len(kept.sha256) == 64
    with pytest.raises(VerdictGiven, match="Ana Pop"):
        documents.send_back(first, name="A", remarks="No", by=engagement.requested_by, at=NINE)


def test_a_new_version_asks_anew_and_keeps_what_was_said(engagement, first):
    contact = engagement.requested_by
    documents.send_back(first, name="Ana", remarks="Name the hosts", by=contact, at=NINE)
    second = hand_over(engagement, b"two", first.document, note="Hosts named")

    assert (second.number, second.verdict) == (2, "")
    with pytest.raises(NotNewest):
        documents.accept(first, name="Ana", by=contact, at=NINE)
    with pytest.raises(SameFile):
        hand_over(engagement, b"two", first.document)
    documents.accept(second, name="Ana", by=contact, at=NINE + days(1))
    first.refresh_from_db()
    assert first.remarks == "Name the hosts"


def test_who_may_not_accept_and_what_is_missing(engagement, first):
    colleague = make_contact(engagement.organisation)
    boss = make_admin_contact(engagement.organisation, name="Boss")

    for other in (colleague, engagement.owner, make_contact()):
        with pytest.raises(MayNotAccept, match="Boss"):
            documents.accept(first, name="X", by=other, at=NINE)
    with pytest.raises(NameMissing):
        documents.accept(first, name=" ", by=boss, at=NINE)
    with pytest.raises(RemarksMissing):
        documents.send_back(first, name="X", remarks="", by=boss, at=NINE)
    assert DocumentVersion.objects.get().verdict == "", "nothing was written"
    assert not JournalEntry.objects.filter(kind="engagement.accepted").exists()


def test_what_can_not_be_handed_over(engagement):
    by = {"by": engagement.owner, "at": NINE}

    with pytest.raises(TitleMissing):
        documents.hand_over(engagement, Draft(title=" ", file=made_file("a", b"a")), **by)
    with pytest.raises(FileMissing):
        documents.hand_over(engagement, Draft(title="A", file=None), **by)


def test_who_may_accept_is_one_bounded_query(engagement, django_assert_num_queries):
    organisation, asker = engagement.organisation, engagement.requested_by
    admins = [make_admin_contact(organisation, name=f"Admin {n}") for n in range(3)]
    make_contact(organisation)
    make_admin_contact()
    make_admin_contact(organisation, is_active=False)

    with django_assert_num_queries(1):
        found = list(policies.who_may_accept(engagement))
    assert set(found) == {*admins, asker}
    assert all(policies.may_accept(one, engagement) for one in found)

    for n in range(policies.MOST_NAMED):
        make_admin_contact(organisation, name=f"More {n}")
    assert len(policies.who_may_accept(engagement)) == policies.MOST_NAMED
