"""Fetching files of releases, and what goes with it: upgrades that were bought, what one runs."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.events.file_passes import FilePass, FilePasses
from core.journal import record
from core.text import one_line
from entitlements.models import Licence
from resources import policies
from resources.actions.newsletters.advisories import look_again
from resources.enums import ReleaseKind
from resources.errors import (
    NotAnUpgrade,
    NotInYourLicence,
    ReleaseFileGone,
    VersionUnusable,
)
from resources.models import Download, Release, ReleaseFile, RunningVersion, UpgradeBought
from resources.reads.releases.holding import got_by, published_releases, what_licences_have
from resources.rules.versions import place_of

RULE = "D1"


@transaction.atomic
def fetch(file: ReleaseFile, licence: Licence, *, by: Person, at: datetime) -> str:
    """The address from which `by` may fetch the file within a minute (D3); journalled.

    Both came out of `visible_to`. Errors: `NotAllowed`, `NotInYourLicence`, `ReleaseFileGone`.
    """
    if not policies.may_download(by) or licence.organisation_id != by.organisation_id:
        raise NotAllowed()
    has = what_licences_have([licence], licence.organisation.timezone)[licence.pk]
    got = got_by(licence, has, published_releases(), at).get(file.release_id)
    if got is None or not got.gets:
        raise NotInYourLicence(why=got.said if got is not None else "It is not published.")
    link = link_to(file)
    Download.objects.create(
        organisation_id=licence.organisation_id, licence=licence, file=file, person=by, at=at
    )
    record(
        "release.downloaded",
        licence,
        at=at,
        by=by,
        rule=RULE,
        file=file.name,
        version=got.release.version,
        sha256=file.sha256,
    )
    return link


@transaction.atomic
def fetch_as_staff(file: ReleaseFile, *, by: Person, at: datetime) -> str:
    """The same for the vendor's own people, who may fetch what is not published yet.

    Errors: `NotAllowed`, `ReleaseFileGone`.
    """
    if not policies.may_see_defects(by):
        raise NotAllowed()
    link = link_to(file)
    facts = {"file": file.name, "version": file.release.version, "sha256": file.sha256}
    record("release.downloaded", file.release, at=at, by=by, **facts)
    return link


@transaction.atomic
def grant_upgrade(licence: Licence, release: Release, *, by: Person, at: datetime) -> UpgradeBought:
    """The licence's owner bought the upgrade. Safe to repeat. Errors: `NotAllowed`,
    `NotAnUpgrade`.
    """
    if not policies.may_publish_releases(by):
        raise NotAllowed()
    is_one = release.kind == ReleaseKind.UPGRADE and release.published_at is not None
    if not is_one or release.edition != licence.edition:
        raise NotAnUpgrade(version=release.version)
    bought, is_new = UpgradeBought.objects.get_or_create(
        licence=licence,
        release=release,
        defaults={"organisation_id": licence.organisation_id, "by": by, "at": at},
    )
    if is_new:
        record("release.upgrade_bought", licence, at=at, by=by, rule=RULE, version=release.version)
    return bought


@transaction.atomic
def tell_version(licence: Licence, version: str, *, by: Person, at: datetime) -> RunningVersion:
    """What the licence's installation runs; the last word counts. Safe to repeat.

    Errors: `NotAllowed`, `VersionUnusable`.
    """
    if by.organisation_id != licence.organisation_id and not by.is_staff:
        raise NotAllowed()
    version = one_line(version)[:40]
    place = place_of(version)
    if place is None:
        raise VersionUnusable(version=version)
    said = {"version": version.removeprefix("v"), "place": list(place)}
    known = RunningVersion.objects.select_for_update().filter(licence=licence).first()
    if known is not None and known.place == said["place"]:
        return known
    running, _ = RunningVersion.objects.update_or_create(
        licence=licence,
        defaults={
            **said,
            "organisation_id": licence.organisation_id,
            "told_by": by,
            "told_at": at,
        },
    )
    record("licence.running", licence, at=at, by=by, version=running.version)
    look_again(licence.organisation_id, at=at)
    return running


def link_to(file: ReleaseFile) -> str:
    """A signed link to the file; who may have it was decided. Errors: `ReleaseFileGone`."""
    stored = str(file.file.name)
    if not default_storage.exists(stored):
        raise ReleaseFileGone(names=file.name)
    granted = FilePass(path=stored, name=file.name, size=file.size, sha256=file.sha256)
    return FilePasses(settings.SECRET_KEY).link(granted)
