"""What hangs on engagements in the API: what the token's person may see, in a constant number of
statements.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.enums import Kind
from engagements.models import Visit
from tests.factories import (
    NINE,
    days,
    make_audit,
    make_case,
    make_contact,
    make_document_version,
    make_engagement,
    make_engineer,
    make_feature_request,
    make_finding,
    make_organisation,
    make_promise,
    make_run,
    make_setting_change,
    make_visit,
    make_visitor,
)

pytestmark = pytest.mark.django_db
LISTS = (
    "audits",
    "audit-findings",
    "visits",
    "feature-requests",
    "engagement-documents",
    "golive-settings",
)


def filled(organisation):
    """One of each, on engagements of their kinds."""
    audit = make_engagement(organisation, kind=Kind.AUDIT)
    make_audit(audit)
    case = make_case(audit)
    make_run(case)
    make_finding(case)
    visit = make_visit(make_engagement(organisation, kind=Kind.ON_SITE))
    make_visitor(visit, person=make_engineer(name="Ana"))
    feature = make_engagement(organisation, kind=Kind.FEATURE)
    make_feature_request(feature)
    make_promise(feature)
    make_document_version(feature)
    make_setting_change(make_engagement(organisation))
    return audit


def results(client, route, **params):
    answer = client.get(f"/api/v1/{route}/", params)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.fixture
def contact():
    return make_contact(make_organisation())


def test_an_audit_is_told_with_its_cases_scores_and_findings(client, contact):
    audit = filled(contact.organisation)
    client.force_login(contact)

    (row,) = results(client, "audits")
    one = client.get(f"/api/v1/audits/{audit.number}/").json()
    (finding,) = results(client, "audit-findings", engagement=audit.number)

    assert row["number"] == audit.number
    assert sum(row["findings"].values()) == 1
    assert [(case["result"], case["observed"]) for case in one["cases"]] == [("failed", "250 OK")]
    assert one["scores"][0]["percent"] == 0
    assert (finding["title"], finding["owner"]) == ("The relay is open", "Ana Pop")
    assert client.get(f"/api/v1/audits/{make_engagement().number}/").status_code == 404
    assert results(client, "audit-findings", engagement="ENG-0") == []


def test_visits_features_documents_and_settings(client, contact):
    filled(contact.organisation)
    client.force_login(contact)

    (visit,) = results(client, "visits")
    (feature,) = results(client, "feature-requests")
    (document,) = results(client, "engagement-documents")
    (setting,) = results(client, "golive-settings")

    assert (visit["people"], visit["state"]) == (["Ana"], Visit.objects.get().state)
    assert feature["answer_by"].startswith(f"{NINE + days(4):%F}")
    assert feature["is_yes"] is None
    assert (document["title"], document["version"]) == ("Plan of the pilot", 1)
    assert document["url"].endswith(f"/engagements/documents/{document['id']}/")
    assert {"host", "before", "after", "reason"} <= set(setting)


@pytest.mark.parametrize("route", LISTS)
def test_a_stranger_gets_nothing_and_more_rows_cost_no_more(client, contact, route):
    filled(make_organisation())
    client.force_login(contact)
    assert results(client, route) == []

    filled(contact.organisation)
    with CaptureQueriesContext(connection) as first:
        results(client, route)
    for _ in range(2):
        filled(contact.organisation)
    with CaptureQueriesContext(connection) as then:
        assert len(results(client, route)) == 3

    assert len(then) == len(first)
