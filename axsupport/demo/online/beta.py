"""A beta that runs: some members, a build, what one of them said, and the build that fixes it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from accounts.models import Organisation, Person
from entitlements.models import Licence
from resources.actions.beta.feedback import Said, answer_feedback, give_feedback, make_defect
from resources.actions.beta.members import join
from resources.actions.beta.programmes import Planned, open_programme, save_programme, write_terms
from resources.actions.releases.files import add_release_file
from resources.actions.releases.keeping import ReleaseDraft, publish_release, save_release
from resources.errors import BetaNotForYou
from resources.models import BetaProgramme, FixNews, Release
from tickets.actions.fix_news import tell_of_fix

ABOUT = """A new WebMail, and search that finds what is written in attachments.

## Please try

1. Open a mailbox with more than 20,000 messages, and look for a word of an attachment.
2. Accept an invitation from another time zone.
3. Use it on a phone for a day.

**No way back:** the message index is converted at the first start. Install it beside your work,
never on it.
"""
TERMS = """1. A beta build is for tests. Do not use it for your work: it may lose mail.
2. What you see is confidential until the release.
3. What you tell us we may use to make the product better; your name stands nowhere in it.
4. You leave when you like. When the beta ends, its builds are offered no more.
"""
MEMBERS = 3


def run_beta(customers: list[Organisation], ends: datetime) -> None:
    """One beta with two builds; the second has the fix of a known defect and of a feedback."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    tester = Person.objects.filter(role=Role.TS2).order_by("pk")[0]
    at = ends - timedelta(days=30)
    planned = Planned(
        name="AXIGEN 11.1 beta",
        product=settings.VENDOR["product"],
        editions=["business"],
        about=ABOUT,
        ends_on=(ends + timedelta(days=60)).date(),
    )
    beta = save_programme(planned, by=tester, at=at)
    write_terms(beta, TERMS, by=tester, at=at)
    beta = open_programme(beta, by=manager, at=at)
    members = _join(beta, customers, at + timedelta(days=2))
    first = _build(beta, "11.1.0-beta.1", (), tester, manager, at + timedelta(days=5))
    if not members:
        return
    words = Said(
        kind="problem",
        subject="Search finds no words of PDF attachments",
        body="We looked for a word that stands in a PDF of 40 pages. Nothing was found; words of"
        " DOCX files are.",
        environment="Debian 12, Firefox 140",
        build=first,
    )
    given = give_feedback(beta, words, by=members[0], at=at + timedelta(days=8))
    make_defect(
        given,
        number="AX-10455",
        title="Search skips PDF attachments over 10 pages",
        answer="We could reproduce it: files of more than ten pages are skipped.",
        by=tester,
        at=at + timedelta(days=9),
    )
    thanks = Said(kind="works", subject="The new WebMail is fast", body="With 60,000 messages.")
    if len(members) > 1:
        other = give_feedback(beta, thanks, by=members[1], at=at + timedelta(days=10))
        answer = "Thank you. That is what we hoped for."
        answer_feedback(other, answer=answer, by=tester, at=at + timedelta(days=11))
    fixes = (
        ("AX-10412", "Invitations without a zone take the organiser's"),
        ("AX-10455", "Search finds what is written in long PDFs"),
    )
    _build(beta, "11.1.0-beta.2", fixes, tester, manager, ends - timedelta(hours=18))
    idea = Said(
        kind="idea", subject="A darker theme for the night shift", body="Ours work until six."
    )
    give_feedback(beta, idea, by=members[-1], at=ends - timedelta(hours=6))


def _join(beta: BetaProgramme, customers: list[Organisation], at: datetime) -> list[Person]:
    """The first person of the first organisations that have a licence which may take part."""
    joined: list[Person] = []
    held = Licence.objects.held().filter(edition__in=beta.editions).order_by("-pk")
    licences = {one.organisation_id: one for one in held.select_related("organisation")}
    people = Person.objects.filter(organisation__in=licences).order_by("-pk")
    first = {one.organisation_id: one for one in people}
    for organisation in customers:
        if len(joined) == MEMBERS:
            break
        if organisation.pk not in first:
            continue
        person, licence = first[organisation.pk], licences[organisation.pk]
        with suppress(BetaNotForYou):
            join(beta, licence, terms=1, signed_name=person.name, by=person, at=at)
            joined.append(person)
    return joined


def _build(
    beta: BetaProgramme,
    version: str,
    fixes: tuple[tuple[str, str], ...],
    tester: Person,
    manager: Person,
    at: datetime,
) -> Release:
    draft = ReleaseDraft(
        product=beta.product,
        edition="business",
        version=version,
        kind="beta",
        summary="The new WebMail, and search in attachments.",
        notes="Look for words of attachments, and accept an invitation from another time zone.",
        fixes=fixes,
        programme=beta,
    )
    build = save_release(draft, by=tester, at=at)
    name = f"axigen-business-{version}.x86_64.rpm"
    upload = SimpleUploadedFile(name, f"{name}: of the demonstration, no program.\n".encode() * 99)
    add_release_file(build, upload, label="Linux x86-64, RPM", by=tester, at=at)
    publish_release(build, by=manager, at=at)
    for news in FixNews.objects.filter(told_at=None, release=build):
        while tell_of_fix(news.pk, at=at + timedelta(minutes=1)):
            pass
    return build
