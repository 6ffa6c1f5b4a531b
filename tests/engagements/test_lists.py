"""What managers keep: modules, lists, plans, in versions; what runs stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from engagements.actions import golive, planning
from engagements.actions.catalogue import keep_list
from engagements.actions.golive import Set
from engagements.enums import Kind, Subject
from engagements.errors import CatalogueWrong, NoSuchSetting
from engagements.models import CatalogueVersion, PlanVersion
from engagements.reads.catalogue import modules_now
from engagements.reads.golive import pilot_of
from engagements.reads.templates import template_of
from engagements.rules.modules import MODULES
from engagements.rules.modules_list import ModulesFault, read_modules, write_modules
from tests.factories import (
    NINE,
    make_catalogue_version,
    make_engagement,
    make_engineer,
    make_manager,
    make_organisation,
    make_plan_version,
    make_tam,
)

pytestmark = pytest.mark.django_db
CALENDAR = "Calendar | caldav\n- State | state | on\n- Port | port | 8443 | assumed"


def test_the_modules_are_read_as_they_are_written():
    assert read_modules(write_modules(MODULES)) == MODULES
    for wrong in (
        "",
        "- State | state",
        "IMAP",
        "IMAP | Imap Key",
        "IMAP | imap",
        "IMAP | imap\n- State | state\n- State | state",
        "IMAP | imap\n- State | state\nIMAP | other\n- State | state",
        "IMAP | imap\n- State | state | on | perhaps",
    ):
        with pytest.raises(ModulesFault):
            read_modules(wrong)


def test_a_module_that_a_manager_adds_can_be_set_and_the_register_keeps_what_it_said():
    organisation = make_organisation()
    make_tam(organisation)
    engagement, manager = make_engagement(organisation), make_manager()
    by: dict[str, Any] = {"by": engagement.owner, "at": NINE}

    def put(module: str, setting: str) -> None:
        given = Set(host="mx1", module=module, setting=setting, value="8443", reason="Set up")
        golive.change(engagement, given, **by)

    put("imap", "listeners")
    with pytest.raises(NoSuchSetting):
        put("caldav", "port")
    keep_list(Subject.MODULES, CALENDAR, by=manager, at=NINE)
    put("caldav", "port")
    with pytest.raises(NoSuchSetting):
        put("imap", "listeners")

    report = pilot_of(engagement, at=NINE)
    assert [one.name for one in modules_now()] == ["Calendar"]
    assert {one.module for one in report.modules} == {"IMAP", "Calendar"}
    assert report.untouched == []


def test_a_manager_writes_a_version_others_read_it(client):
    page = reverse("admin:engagement_list_kept", args=["modules"])
    client.force_login(make_manager())
    assert client.post(page, {"text": "IMAP"}).status_code == 400
    assert client.post(page, {"text": CALENDAR}).url == page
    shown = client.get(page).content.decode()
    first = client.get(f"{page}?version=0").content.decode()

    assert "8443" in shown
    assert "SMTP Receiving" in first
    assert "not the newest" in first
    client.force_login(make_engineer())
    assert "Keep it as a new version" not in client.get(page).content.decode()
    assert client.post(page, {"text": "x"}).status_code == 403
    for wrong in ("party", "plan-party"):
        assert client.get(page.replace("modules", wrong)).status_code == 404


def test_a_plan_of_a_kind_is_written_and_running_engagements_keep_theirs(client):
    organisation = make_organisation()
    make_tam(organisation)
    engagement = make_engagement(organisation, template_version=0)
    manager = make_manager()
    client.force_login(manager)
    page = reverse("admin:engagement_list_kept", args=["plan-golive"])

    assert client.post(page, {"text": "Pilot | moon | 0 | 3"}).status_code == 400
    assert client.post(page, {"text": "Pilot | start | 0 | 3\n- Hosts (customer)"}).url == page

    made = PlanVersion.objects.get()
    assert (made.kind, made.version, made.phases[0]["name"]) == (Kind.GOLIVE, 1, "Pilot")
    assert template_of(engagement)[0].name == "Pilot design"
    planning.save_template(Kind.GOLIVE, "Later | start | 0 | 1", by=manager, at=NINE)
    assert "Pilot | start" in client.get(f"{page}?version=1").content.decode()


@pytest.mark.parametrize("count", (1, 3))
def test_the_pages_ask_the_same_however_many_versions(client, count, django_assert_max_num_queries):
    for version in range(1, count + 1):
        make_catalogue_version(version=version)
        make_plan_version(version=version)
    client.force_login(make_manager())
    pages = [reverse("admin:engagement_lists")]
    pages += [
        reverse("admin:engagement_list_kept", args=[one]) for one in ("planning", "plan-golive")
    ]
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(11):
            client.get(page)


def test_a_list_that_is_wrong_is_not_kept():
    for subject, text in (
        (Subject.RUN_BOOK, "- x"),
        (Subject.CUT_OVER, "x"),
        (Subject.GO_NO_GO, "x"),
    ):
        with pytest.raises(CatalogueWrong):
            keep_list(subject, text, by=make_manager(), at=NINE)

    assert not CatalogueVersion.objects.exists()
