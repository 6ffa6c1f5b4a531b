"""Twelve releases of half a year, as small files; who fetched them, and what customers run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from accounts.models import Organisation, Person
from core.errors import Refusal
from entitlements.models import Licence
from resources.actions.releases.downloading import fetch, tell_version
from resources.actions.releases.files import add_release_file
from resources.actions.releases.keeping import (
    ReleaseDraft,
    publish_release,
    save_release,
    withdraw_release,
)
from resources.models import FixNews, Release, ReleaseFile
from tickets.actions.fix_news import tell_of_fix

SEED = 16
SIGNATURE = "-----BEGIN PGP SIGNATURE-----\n\nDemonstration only.\n-----END PGP SIGNATURE-----"
PLATFORMS = (("Linux x86-64, RPM", "x86_64.rpm"), ("Linux x86-64, DEB", "amd64.deb"))
NEW = 10  # days; older ones have one file here, which keeps the first start short
TAKES = "An upgrade from 10.6 costs 40 % of the licence price. Ask your account manager."


@dataclass(frozen=True)
class Shipped:
    """`back` is how many days before the demo's end it was published."""

    back: int
    version: str
    edition: str
    kind: str
    summary: str
    notes: str
    fixes: tuple[tuple[str, str], ...] = ()
    takes: str = ""
    withdrawn: str = ""


SHIPPED = (
    Shipped(
        178,
        "10.6.0",
        "business",
        "maintenance",
        "Faster webmail, and shared folders that count towards one quota.",
        "* The inbox opens in half the time with 50,000 messages.\n* Shared folders count once.\n"
        "* TLS 1.0 and 1.1 are off by default; switch them on per listener if you must.",
    ),
    Shipped(
        176,
        "10.6.0",
        "office",
        "maintenance",
        "Faster webmail, and shared folders that count towards one quota.",
        "The same as the Business edition, without clustering.",
    ),
    Shipped(
        131,
        "10.6.1",
        "business",
        "patch",
        "Mends delivery to servers that answer EHLO in two parts.",
        "Restart the SMTP service after the update; mail that waits in the queue is tried again.",
    ),
    Shipped(
        94,
        "10.6.2",
        "business",
        "maintenance",
        "Logs rotate by size; a failover takes half the time.",
        "* A failover takes half the time.\n* Logs rotate by size as well as by day.",
    ),
    Shipped(
        92,
        "10.6.2",
        "office",
        "maintenance",
        "Logs rotate by size as well as by day.",
        "Nothing changes until you set a size in WebAdmin.",
    ),
    Shipped(
        67,
        "10.6.3",
        "business",
        "patch",
        "Mends a certificate check that was too strict.",
        "Chains whose root is signed with SHA-1 are accepted again: roots prove nothing by it.",
        withdrawn="It leaves connections to the directory open. Use 10.6.4 instead.",
    ),
    Shipped(
        61,
        "10.6.4",
        "business",
        "patch",
        "Replaces 10.6.3: the same, without connections that stay open.",
        "Whoever installed 10.6.3 updates to this one; no data is touched.",
    ),
    Shipped(
        45,
        "11.0.0",
        "business",
        "upgrade",
        "Calendars and contacts by CalDAV and CardDAV, archiving to object storage.",
        "# New\n\n* CalDAV and CardDAV for every account.\n* An archive in object storage.\n\n# Before"
        " you upgrade\n\nThe first start converts the message index: about a minute for each 100 GB.",
        takes=TAKES,
    ),
    Shipped(
        30,
        "10.5.9",
        "business",
        "patch",
        "For those who stay on 10.5: the last security patch of that line.",
        "10.5 ends with this patch. Update to 10.6 when you can.",
    ),
    Shipped(
        23,
        "11.0.1",
        "business",
        "patch",
        "Mends invitations that CalDAV clients saw twice.",
        "Only for 11.0.",
    ),
    Shipped(
        9,
        "10.6.5",
        "business",
        "maintenance",
        "Quota warnings in the user's language; push mail comes back at once after a failover.",
        "* Phones are told within seconds after a failover.\n* Warnings are written in the"
        " language of the account.\n* The first start after an update takes seconds.",
        fixes=(("AX-10387", "Push no longer waits for the next poll after a failover"),),
    ),
    Shipped(
        8,
        "10.6.5",
        "office",
        "maintenance",
        "Quota warnings in the user's language.",
        "The same as the Business edition, without clustering.",
    ),
)
RUN = ("10.6.5", "10.6.4", "10.6.2", "10.6.1", "10.5.8")


def publish_releases(ends: datetime) -> None:
    """Prepared by a developer, published by the manager; one was withdrawn, one is a draft."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    developer = Person.objects.filter(role=Role.TS3).order_by("pk")[0]
    for one in SHIPPED:
        at = ends - timedelta(days=one.back)
        release = _prepare(one, developer, at - timedelta(hours=3))
        publish_release(release, by=manager, at=at)
        if one.withdrawn:
            gone = at + timedelta(days=5)
            withdraw_release(release, reason=one.withdrawn, by=manager, at=gone)
    for news in FixNews.objects.filter(told_at=None).order_by("at"):
        while tell_of_fix(news.pk, at=news.at + timedelta(minutes=1)):
            pass
    next_one = Shipped(
        0,
        "10.6.6",
        "business",
        "patch",
        "Mends invitations without a zone.",
        "",
        fixes=(("AX-10412", "Invitations without a zone take the organiser's"),),
    )
    _prepare(next_one, developer, ends - timedelta(hours=5))


def _prepare(one: Shipped, by: Person, at: datetime) -> Release:
    draft = ReleaseDraft(
        product=settings.VENDOR["product"],
        edition=one.edition,
        version=one.version,
        kind=one.kind,
        summary=one.summary,
        notes=one.notes,
        takes=one.takes,
        fixes=one.fixes,
    )
    release = save_release(draft, by=by, at=at)
    for label, ending in PLATFORMS if one.back < NEW else PLATFORMS[:1]:
        name = f"axigen-{one.edition}-{one.version}.{ending}"
        content = f"{name}: a file of the demonstration, no program.\n".encode() * 400
        upload = SimpleUploadedFile(name, content)
        add_release_file(release, upload, label=label, signature=SIGNATURE, by=by, at=at)
    return release


def fetch_releases(customers: list[Organisation], ends: datetime) -> None:
    """What customers run, and who of them fetched the newest that their licence gets."""
    random = Random(SEED)
    licences = Licence.objects.counting().filter(organisation__in=customers[:5])
    people = {one.organisation_id: one for one in Person.objects.filter(organisation__in=customers)}
    files = list(ReleaseFile.objects.filter(release__published_at__isnull=False).order_by("pk"))
    for place, licence in enumerate(licences.select_related("organisation").order_by("pk")):
        person = people.get(licence.organisation_id)
        if person is None:
            continue
        at = ends - timedelta(days=random.randrange(1, 40))
        tell_version(licence, RUN[place % len(RUN)], by=person, at=at)
        fitting = [one for one in files if one.release.edition == licence.edition]
        if not fitting:
            continue
        with suppress(Refusal):  # its maintenance is over, as in life
            fetch(fitting[-1], licence, by=person, at=at)
