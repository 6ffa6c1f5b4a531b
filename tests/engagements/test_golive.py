"""GoLive (rule 13): the sheet, the register (N7), the pilot report that is made of them."""

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowed
from engagements.actions import documents, golive
from engagements.actions.golive import Set
from engagements.errors import NoSuchSetting, NothingChanged, ReasonMissing, RegisterEmpty
from engagements.models import Requirements, SettingChange
from engagements.reads.golive import changes_of
from engagements.rules.modules import MODULES, STATE, settings_of, state_at
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_engagement,
    make_incident,
    make_organisation,
    make_project,
    make_tam,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    organisation = make_organisation()
    make_tam(organisation)
    return make_engagement(organisation, project=make_project(organisation))


def put(engagement, value, at=NINE, **fields):
    given: dict[str, Any] = {"host": "mx1", "module": "imap", "setting": STATE, "reason": "Set up"}
    return golive.change(engagement, Set(value=value, **given | fields), by=engagement.owner, at=at)


def test_the_register_tells_the_state_at_any_moment(engagement):
    put(engagement, "on")
    put(engagement, "off", at=NINE + days(2), reason="Attacked")
    put(engagement, "on", host="mx2", at=NINE + days(1))

    changes = changes_of(engagement)

    assert [(one.before, one.after) for one in changes] == [("", "on"), ("", "on"), ("on", "off")]
    assert state_at(changes, NINE + days(1)) == {
        ("mx1", "IMAP", "State"): "on",
        ("mx2", "IMAP", "State"): "on",
    }
    assert state_at(changes, NINE + days(3))["mx1", "IMAP", "State"] == "off"
    assert changes[-1].reason == "Attacked"


def test_what_can_not_stand_in_the_register(engagement):
    put(engagement, "on")

    with pytest.raises(NothingChanged):
        put(engagement, "on")
    with pytest.raises(ReasonMissing):
        put(engagement, "off", reason=" ")
    for wrong in ({"module": "party"}, {"setting": "party"}, {"host": " "}, {"value": ""}):
        with pytest.raises(NoSuchSetting):
            put(engagement, **{"value": "off"} | wrong)
    with pytest.raises(NotAllowed):
        golive.change(
            engagement,
            Set(host="a", module="imap", setting=STATE, value="off", reason="x"),
            by=engagement.requested_by,
            at=NINE,
        )
    assert SettingChange.objects.count() == 1


def test_nothing_of_the_register_is_changed_afterwards(engagement):
    put(engagement, "on")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SettingChange.objects.update(after="off")


def test_each_module_can_be_on_or_off_and_names_are_once():
    assert all((one.key, STATE) in settings_of(MODULES) for one in MODULES)
    assert len({one.name for one in MODULES}) == len(MODULES) >= 15


def test_the_customer_fills_in_the_sheet(client, engagement):
    client.force_login(engagement.requested_by)
    page = f"/engagements/{engagement.number}/"

    assert client.post(f"{page}requirements/", {"users": "-4"}).status_code == 400
    assert client.post(f"{page}requirements/", {"users": "40000", "musts": "Fail-over"}).url == page
    shown = client.get(page).content.decode()

    assert "40000 users" in shown
    assert Requirements.objects.get().values == {"users": 40000, "musts": "Fail-over"}
    with pytest.raises(NotAllowed):
        golive.fill_in(engagement, {}, by=make_contact(), at=NINE)


def test_the_pilot_report_is_made_of_sheet_and_register_and_accepted(engagement):
    by: dict[str, Any] = {"by": engagement.owner, "at": NINE}
    with pytest.raises(RegisterEmpty):
        golive.report_pilot(engagement, **by)
    golive.fill_in(engagement, {"users": 40000}, **by)
    put(engagement, "on")
    put(engagement, "143, 993", setting="listeners")

    first = golive.report_pilot(engagement, **by)
    documents.accept(first, name="Ana Pop", by=engagement.requested_by, at=NINE)
    put(engagement, "off", at=NINE + days(1), reason="Moved to mx2")
    second = golive.report_pilot(engagement, by=engagement.owner, at=NINE + days(1))

    assert (second.document, second.number, second.verdict) == (first.document, 2, "")
    with second.file.open("rb") as file:
        pages = pypdf.PdfReader(BytesIO(file.read())).pages
    text = "\n".join(page.extract_text() for page in pages)
    for words in ("40000 users", "143, 993", "Moved to mx2", "says nothing of", "ActiveSync"):
        assert words in text


def test_the_page_shows_the_register_and_the_projects_incidents(client, engagement):
    put(engagement, "on")
    make_incident(
        organisation=engagement.organisation, project=engagement.project, subject="Queue stops"
    )
    client.force_login(engagement.owner)
    page = f"/admin/engagements/{engagement.number}/"

    sent = {"what": "imap:state", "host": "mx2", "value": "off", "reason": "Not used"}
    assert client.post(f"{page}setting/", sent).status_code == 302
    shown = client.get(page).content.decode()

    assert "Queue stops" in shown
    assert "Not used" in shown
