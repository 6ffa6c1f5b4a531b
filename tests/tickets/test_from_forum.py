"""A topic of the forum becomes an incident: decided like any report, seen by whom it concerns."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import NotAllowed
from entitlements.enums import Level
from resources.models import TopicIncident
from tests import factories as make
from tests.tickets.desk import covered
from tickets.actions.filing import Report, file_incident
from tickets.actions.forum import incident_of_topic, link_topic
from tickets.errors import AskerNotYours
from tickets.models import Incident

pytestmark = pytest.mark.django_db
AT = make.NINE


@pytest.fixture
def asker():
    return make.make_contact(covered().organisation)


@pytest.fixture
def topic(asker):
    return make.make_topic(by=make.make_card(asker), title="IMAP stops", body="At two.")


def browser_of(person):
    client = Client()
    client.force_login(person)
    return client


def test_who_asked_files_it_with_what_stands_there_and_finds_it_again(asker, topic):
    browser = browser_of(asker)
    assert "Make an incident of it" in browser.get(topic.get_absolute_url()).content.decode()
    page = browser.get(f"/incidents/new/?topic={topic.pk}")
    form = page.context["form"]
    assert form["subject"].value() == "IMAP stops"
    assert form["body"].value().startswith("At two.\n\nAsked in the forum before: http")
    names = ("key", "licence", "service", "subject", "body", "use_gold")
    sent = {name: form[name].value() for name in names if name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    sent |= {"licence": asker.organisation.licences.first().pk, "use_gold": "no"}
    sent |= {"topic": topic.pk, "service": "troubleshooting"}
    filed = browser.post(
        "/incidents/new/", sent | {"topic": topic.pk, "service": "troubleshooting"}
    )
    assert filed.status_code == 302, filed.context and filed.context["form"].errors
    incident = Incident.objects.get()
    assert incident.decision.level is not None
    assert incident.number in browser.get(topic.get_absolute_url()).content.decode()
    other = browser_of(make.make_contact(make.make_organisation(name="Other")))
    assert incident.number not in other.get(topic.get_absolute_url()).content.decode()


def test_the_team_files_it_for_whoever_asked_and_once(asker, topic):
    manager = make.make_manager()
    page = browser_of(manager).post(reverse("admin:forum_incident", args=[topic.pk]))
    incident = Incident.objects.get()
    assert page["Location"] == reverse("admin:incident", args=[incident.number])
    assert (incident.reporter, incident.decision.level.level) == (asker, Level.PREMIUM)
    assert incident_of_topic(topic, by=manager, at=AT) == incident
    staff = make.make_topic(by=make.make_engineer())
    with pytest.raises(AskerNotYours):
        incident_of_topic(staff, by=manager, at=AT)


def test_nobody_links_somebody_elses_topic(asker):
    theirs = make.make_topic()
    incident = file_incident(
        Report(reporter=asker, service="troubleshooting", subject="x", body="y"), at=AT
    )
    with pytest.raises(NotAllowed):
        link_topic(incident, theirs, by=asker, at=AT)
    page = browser_of(asker).get(f"/incidents/new/?topic={theirs.pk}")
    assert page.context["topic"] is None
    assert not TopicIncident.objects.exists()
