"""Releases of the product, their files, and who fetched and runs what."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Organisation
from entitlements.enums import Edition
from entitlements.models import Licence
from resources.models import (
    Download,
    FixNews,
    Release,
    ReleaseFile,
    ReleaseFix,
    ReleaseUpload,
    RunningVersion,
    UpgradeBought,
)
from resources.rules.versions import place_of
from tests.factories.base import NINE
from tests.factories.contracts import make_licence
from tests.factories.incidents import make_defect
from tests.factories.people import make_contact, make_engineer

numbers = count(1)
PRODUCT = "AXIGEN Mail Server"


def make_release(version: str = "", **fields: Any) -> Release:
    """Published a day before nine, of the Business edition, unless `published_at` is None."""
    version = version or f"9.0.{next(numbers)}"
    defaults: dict[str, Any] = {
        "product": PRODUCT,
        "edition": Edition.BUSINESS,
        "kind": "maintenance",
        "place": list(place_of(version) or ()),
        "made_by": fields.pop("made_by", None) or make_engineer(role="ts3"),
        "made_at": NINE,
        "published_at": NINE,
    }
    return Release.objects.create(version=version, **defaults | fields)


def make_release_file(release: Release | None = None, **fields: Any) -> ReleaseFile:
    """One of ten bytes that is in no store, unless `content` is given."""
    release = release or make_release()
    content = fields.pop("content", None)
    defaults: dict[str, Any] = {
        "name": f"axigen-{next(numbers)}.rpm",
        "label": "Linux x86-64, RPM",
        "file": "releases/none",
        "size": 10,
        "sha256": "0" * 64,
        "added_by": release.made_by,
        "added_at": NINE,
    }
    one = ReleaseFile(release=release, **defaults | fields)
    if content is not None:
        one.size = len(content)
        one.file.save(one.name, ContentFile(content), save=False)
    one.save()
    return one


def make_fix(release: Release | None = None, **fields: Any) -> ReleaseFix:
    defect = fields.pop("defect", None) or make_defect()
    defaults = {"words": "Invitations keep their time zone"}
    return ReleaseFix.objects.create(
        release=release or make_release(), defect=defect, **defaults | fields
    )


def make_fix_news(release: Release | None = None, **fields: Any) -> FixNews:
    """Owed and not told, of no defect unless `defects` are given."""
    defects = fields.pop("defects", ())
    one = FixNews.objects.create(
        release=release or make_release(), **{"kind": "fixed", "at": NINE} | fields
    )
    one.defects.set(defects)
    return one


def make_release_upload(release: Release | None = None, **fields: Any) -> ReleaseUpload:
    release = release or make_release(published_at=None)
    defaults: dict[str, Any] = {
        "token": f"token{next(numbers)}",
        "name": "axigen.rpm",
        "file": "releases/incoming/none",
        "size": 10,
        "begun_by": release.made_by,
        "begun_at": NINE,
    }
    return ReleaseUpload.objects.create(release=release, **defaults | fields)


def make_download(organisation: Organisation | None = None, **fields: Any) -> Download:
    licence: Licence = fields.pop("licence", None) or make_licence(organisation)
    person = fields.pop("person", None) or make_contact(licence.organisation)
    file = fields.pop("file", None) or make_release_file()
    return Download.objects.create(
        organisation=licence.organisation, licence=licence, person=person, file=file, at=NINE
    )


def make_running(organisation: Organisation | None = None, **fields: Any) -> RunningVersion:
    licence: Licence = fields.pop("licence", None) or make_licence(organisation)
    version = fields.pop("version", "10.6.1")
    return RunningVersion.objects.create(
        organisation=licence.organisation,
        licence=licence,
        version=version,
        place=list(place_of(version) or ()),
        told_by=fields.pop("told_by", None) or make_contact(licence.organisation),
        told_at=NINE,
    )


def make_upgrade_bought(organisation: Organisation | None = None, **fields: Any) -> UpgradeBought:
    licence: Licence = fields.pop("licence", None) or make_licence(organisation)
    release = fields.pop("release", None) or make_release(kind="upgrade")
    return UpgradeBought.objects.create(
        organisation=licence.organisation,
        licence=licence,
        release=release,
        by=release.made_by,
        at=NINE,
    )
