"""A training from its registration to a certificate that anybody verifies, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import rls
from engagements.models import TrainingSession
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_putting_right import sign_in
from tests.factories import (
    make_admin_contact,
    make_course,
    make_manager,
    make_material,
    make_organisation,
    make_project,
    make_training,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page, phone: tuple[int, int] = (390, 844)) -> None:
    for wide, high in (phone, (1280, 900)):
        page.set_viewport_size({"width": wide, "height": high})
        check_fits(page)
    check_accessible(page)


def register(page: Page, site: str, session: TrainingSession) -> None:
    page.goto(f"{site}/training/")
    look(page)
    page.get_by_role("link", name=session.course.name).first.click()
    page.get_by_label("Name on the certificate").fill("Ștefan Ünal")
    page.get_by_label("E-mail address").fill("stefan@people.example")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Ștefan Ünal has a seat.")).to_be_visible()
    look(page)


def certify(page: Page, site: str, session: TrainingSession) -> str:
    """The number of the certificate that was downloaded."""
    page.goto(f"{site}/admin/training/{session.pk}/")
    page.get_by_label("Ștefan Ünal was in part 1").check()
    page.get_by_role("button", name="Note attendance of part 1").click()
    expect(page.get_by_text("Part 1: 1 were there.")).to_be_visible()
    page.get_by_label("Exam of Ștefan Ünal").select_option("passed")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Ștefan Ünal: passed.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Issue 1 certificate").click()
    link = page.get_by_role("link", name="TC-")
    number = link.inner_text().strip()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"certificate-{number}.pdf"
    return number


def test_from_the_registration_to_a_verified_certificate(page: Page, site: str) -> None:
    now = timezone.now()
    with rls.everything():
        organisation = make_organisation()
        since, until = now.date() - timedelta(days=5), now.date() + timedelta(days=60)
        make_project(organisation, starts_on=since, ends_on=until)
        admin, manager = make_admin_contact(organisation), make_manager()
        course = make_course(name="Operation " + "Donaudampfschifffahrt" * 3, has_exam=True)
        make_material(course)
        session = make_training(
            course=course, trainer=manager, starts_at=now + timedelta(days=3), parts=1
        )
    sign_in(page, site, admin)
    register(page, site, session)

    with rls.everything():  # days later
        held = TrainingSession.objects.get(pk=session.pk)
        for row in (held, held.parts.get()):
            row.starts_at, row.ends_at = now - timedelta(hours=9), now - timedelta(hours=1)
            row.save()
    sign_in(page, site, manager)
    number = certify(page, site, session)
    page.goto(f"{site}/admin/training/courses/{course.key}/")
    look(page)

    page.context.clear_cookies()
    page.goto(f"{site}/training/verify/")
    page.get_by_label("Number of the certificate").fill(number.lower())
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name="This certificate is valid")).to_be_visible()
    look(page)
