"""How the demo's newsletters came about: written, sent, read; which versions customers run."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.db.models import F

from accounts.enums import Role
from accounts.models import Organisation, Person
from axsupport.demo.online.letters import LETTERS, Letter
from core.nudges import without_haste
from entitlements.models import Licence
from notices.models import Notice
from resources.actions.newsletters.advisories import mark_read
from resources.actions.newsletters.sending import schedule, work_off
from resources.actions.newsletters.subscribing import choose
from resources.actions.newsletters.writing import IssueDraft, save_issue
from resources.actions.releases.downloading import tell_version
from resources.models import AdvisoryReach, Newsletter, NewsletterIssue, OutsideReader

SEED = 7
OUTSIDE = ("it@harbour-museum.example", "postmaster@dorfschule.example", "noc@isp-west.example")


def send_news(customers: list[Organisation], begins: datetime, ends: datetime) -> None:
    """Six issues; the newest advisory waits to be read by `customers`, of which some left tips."""
    random = Random(SEED)
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    people = list(Person.objects.filter(organisation__in=customers, is_active=True).order_by("pk"))
    kinds = {one.slug: one for one in Newsletter.objects.all()}
    for address in OUTSIDE:
        OutsideReader.objects.create(
            newsletter=kinds["advisories"], address=address, asked_at=begins, confirmed_at=begins
        )
    _say_versions(customers, people, ends - timedelta(days=20))
    for person in random.sample(people, min(4, len(people))):
        wanted = [kinds["advisories"].pk, kinds["releases"].pk]
        choose(wanted, by=person, at=ends - timedelta(days=60))
    with without_haste():
        for letter in LETTERS:
            _send(letter, kinds[letter.newsletter], manager, ends)
    _read(people, ends)


def _say_versions(customers: list[Organisation], people: list[Person], at: datetime) -> None:
    """The first customers have said it; of the others their reports say it, or nobody knows."""
    for organisation, version in zip(customers, ("10.6.1", "10.6.2", "10.6.0"), strict=False):
        person = next((one for one in people if one.organisation_id == organisation.pk), None)
        for licence in Licence.objects.held().filter(organisation=organisation):
            if person is not None:
                tell_version(licence, version, by=person, at=at)


def _send(letter: Letter, newsletter: Newsletter, by: Person, ends: datetime) -> None:
    at = ends - timedelta(days=letter.days or 0, hours=3)
    draft = IssueDraft(
        newsletter,
        letter.subject,
        letter.body,
        summary=letter.summary,
        audience=letter.audience,
        severity=letter.severity,
        affected=letter.affected,
        fixed_in=letter.fixed_in,
    )
    issue = save_issue(draft, by=by, at=at - timedelta(hours=20))
    if letter.days is None:
        schedule(issue, by=by, at=ends, when=ends + timedelta(days=3))
        return
    schedule(issue, by=by, at=at)
    while work_off(issue.pk, at=at):
        pass
    sent = Notice.objects.filter(key=issue.key)
    sent.update(sent_at=F("made_at"))  # as all mails of the demo's half year
    work_off(issue.pk, at=at + timedelta(minutes=4))


def _read(people: list[Person], ends: datetime) -> None:
    """Everybody has read the advisory of before; the last one nobody yet."""
    newest = NewsletterIssue.objects.filter(newsletter__is_advisory=True).order_by("-pk")[0]
    for reach in AdvisoryReach.objects.exclude(issue=newest).select_related("issue"):
        person = next((one for one in people if one.organisation_id == reach.organisation_id), None)
        if person is not None:
            mark_read(reach.pk, by=person, at=reach.made_at + timedelta(hours=5))
