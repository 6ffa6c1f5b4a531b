"""The first steps: what is missing on an empty desk, done by what really happened."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from notices.models import Notice
from notices.sending.delivery import send_one
from office.actions.first_steps import look_at, test_mail
from office.reads.first_steps import first_steps
from tests.factories import (
    NINE,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_manager,
    make_message,
    make_organisation,
    make_tam,
)

pytestmark = pytest.mark.django_db
test_mail.__test__ = False  # type: ignore[attr-defined]  # an action, not a test of ours


def done() -> set[str]:
    return {one.key for one in first_steps() if one.is_done}


def test_an_empty_desk_says_what_is_missing_and_each_step_leads_somewhere(client):
    manager = make_manager()
    client.force_login(manager)

    page = client.get(reverse("admin:first_steps")).content.decode()

    assert "0 of 8 are done" in page
    for step in first_steps():
        assert step.title in page
        if step.url:
            assert client.get(step.url).status_code == 200, step.key
    empty = client.get(reverse("admin:customers")).content.decode()
    assert reverse("admin:first_steps") in empty


def test_steps_are_done_by_what_happened_and_by_a_humans_look(client):
    manager = make_manager()
    client.force_login(manager)
    for name in ("mail", "catalogue", "calendars"):
        answer = client.post(reverse("admin:first_step", args=[name]), follow=True)
        assert answer.status_code == 200
    notice = Notice.objects.get(template="mail_test")
    assert "is on its way" in next(one.says for one in first_steps() if one.key == "mail_out")
    assert send_one(notice.pk, at=notice.next_at)
    make_engineer()
    organisation = make_organisation()
    assert "licence" not in done()
    incident = make_incident(organisation=organisation, reporter=make_contact(organisation))
    make_licence(organisation)
    make_message(incident, kind="answer")

    wanted = {"mail_out", "catalogue", "calendars", "engineer", "customer", "licence", "answered"}
    assert done() >= wanted
    assert client.post(reverse("admin:first_step", args=["other"])).status_code == 404


def test_nobody_but_a_manager_takes_them(client):
    for act in (
        lambda by: test_mail(by=by, at=NINE),
        lambda by: look_at("catalogue", by=by, at=NINE),
    ):
        with pytest.raises(NotAllowed):
            act(make_tam())
    client.force_login(make_tam())
    assert client.get(reverse("admin:first_steps")).status_code == 404
