"""From the report to everybody told, as one line on incident, defect, release and article."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import NotAllowed
from resources.actions.articles.writing import name_defects
from resources.actions.releases import keeping
from resources.errors import FixUnknown
from resources.models import FixNews
from tests import factories as make
from tickets.actions.articles import article_of
from tickets.actions.fix_news import tell_of_fix

pytestmark = pytest.mark.django_db
AT = make.NINE


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def manager():
    return make.make_manager()


@pytest.fixture
def whole(manager):
    """An incident, its defect, the release with the fix, an article; all told."""
    defect = make.make_defect(number="AX-10412")
    licence = make.make_licence()
    incident = make.make_incident(
        organisation=licence.organisation,
        reporter=make.make_contact(licence.organisation),
        licence=licence,
        defect=defect,
    )
    release = make.make_release("10.6.6", published_at=None)
    make.make_release_file(release, content=b"program")
    make.make_fix(release, defect=defect)
    article = make.make_article(title="Wrong hour", audience="registered")
    name_defects(article, ["ax-10412"], by=manager, at=AT)
    keeping.publish_release(release, by=manager, at=AT)
    while tell_of_fix(FixNews.objects.get().pk, at=AT):
        pass
    return incident, release, article


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def line_of(person, address):
    """The words of the page's lines, in their order."""
    page = signed_in(person).get(address).content.decode()
    lines = re.findall(r'<ol class="loop".*?</ol>', page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", one)).strip() for one in lines]


def test_it_is_one_line_on_each_of_them(whole, manager):
    incident, release, article = whole
    reporter = incident.reporter
    known = "Known defect AX-10412 2 Mar 2026 Fixed in 10.6.6, Business edition 2 Mar 2026"
    middle = f"{known} Wrong hour 2 Mar 2026"
    own = f"Reported 2 Mar 2026 {middle} Told by mail 2 Mar 2026"
    assert line_of(reporter, reverse("tickets:detail", args=[incident.number])) == [own]
    assert line_of(manager, reverse("admin:incident", args=[incident.number])) == [own]
    theirs = f"Your incident {incident.number} {middle}"
    assert line_of(reporter, release.get_absolute_url()) == [theirs]
    assert line_of(reporter, article.get_absolute_url()) == [theirs]
    ours = f"1 incident of 1 customer {middle} 1 person told 2 Mar 2026"
    assert line_of(manager, reverse("admin:defect", args=["AX-10412"])) == [ours]
    assert line_of(manager, reverse("admin:release", args=[release.pk])) == [ours]
    assert line_of(manager, reverse("admin:article", args=[article.pk])) == [ours]


def test_another_customer_reads_nothing_of_who_reported_it(whole):
    incident, release, article = whole
    stranger = make.make_contact()
    for address in (release.get_absolute_url(), article.get_absolute_url()):
        (line,) = line_of(stranger, address)
        assert line.startswith("Known defect AX-10412")
        assert incident.number not in signed_in(stranger).get(address).content.decode()
    incident.is_private = True
    incident.save()
    colleague = make.make_contact(incident.organisation)
    (line,) = line_of(colleague, release.get_absolute_url())
    assert line.startswith("Known defect")


def test_what_is_still_to_come_is_said(manager):
    defect = make.make_defect(number="AX-1", state="under_way")
    incident = make.make_incident(defect=defect)
    (line,) = line_of(incident.reporter, reverse("tickets:detail", args=[incident.number]))
    assert line == "Reported 2 Mar 2026 Known defect AX-1 2 Mar 2026 A fix is under way"
    other = make.make_incident()
    assert line_of(other.reporter, reverse("tickets:detail", args=[other.number])) == []


def test_a_page_asks_as_much_for_three_fixes_as_for_one(whole):
    incident, _, _ = whole

    def statements(version, fixes):
        release = make.make_release(version)
        for _ in range(fixes):
            make.make_fix(release)
        with CaptureQueriesContext(connection) as asked:
            signed_in(incident.reporter).get(release.get_absolute_url())
        return len(asked)

    statements("1.0.0", 1)
    assert statements("1.0.1", 1) == statements("1.0.2", 3)


def test_an_article_names_known_defects_and_nothing_else(manager, whole):
    *_, article = whole
    with pytest.raises(FixUnknown):
        name_defects(article, ["AX-99"], by=manager, at=AT)
    with pytest.raises(NotAllowed):
        name_defects(article, [], by=make.make_contact(), at=AT)
    client = signed_in(manager)
    client.post(reverse("admin:article_action", args=[article.pk, "defects"]), {"numbers": " , "})
    assert not article.defects.exists()


def test_an_article_made_of_an_incident_is_about_its_defect(manager, whole):
    incident, *_ = whole
    make.make_solution(incident, text="Install the new release.")
    version = article_of(incident, by=manager, at=AT)
    assert [one.number for one in version.article.defects.all()] == ["AX-10412"]
