"""Documentation: manuals, versions, pages, pictures."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from resources.models import Manual, ManualPage, ManualPicture, ManualVersion
from resources.rules.versions import place_of
from tests.factories.base import NINE
from tests.factories.people import make_engineer

numbers = count(1)


def make_manual(**fields: Any) -> Manual:
    """For everybody, without a version."""
    number = next(numbers)
    defaults: dict[str, Any] = {
        "slug": f"manual-{number}",
        "title": f"Manual {number}",
        "kind": "manual",
        "product": "AXIGEN Mail Server",
        "audience": "everybody",
        "made_by": fields.pop("made_by", None) or make_engineer(),
        "made_at": NINE,
    }
    return Manual.objects.create(**defaults | fields)


def make_manual_version(manual: Manual | None = None, **fields: Any) -> ManualVersion:
    """Published, with the page index.html, unless `state` is draft."""
    manual = manual or make_manual()
    version, state = fields.pop("version", "10.6"), fields.pop("state", "live")
    defaults: dict[str, Any] = {
        "place": list(place_of(version) or ()),
        "home": "index.html",
        "file": "manuals/none",
        "file_name": "manual.zip",
        "size": 10,
        "added_by": manual.made_by,
        "added_at": NINE,
        "published_at": None if state == "draft" else NINE,
    }
    one = ManualVersion(manual=manual, version=version, state=state, **defaults | fields)
    one.save()
    make_manual_page(one, path="index.html")
    return one


def make_manual_page(version: ManualVersion | None = None, **fields: Any) -> ManualPage:
    defaults = {"path": "a.html", "title": "Ports", "html": "<h1>Ports</h1>", "text": "Ports"}
    return ManualPage.objects.create(version=version or make_manual_version(), **defaults | fields)


def make_manual_picture(version: ManualVersion | None = None, **fields: Any) -> ManualPicture:
    content = fields.pop("content", None)
    defaults = {"path": "a.png", "file": "manuals/none", "content_type": "image/png"}
    one = ManualPicture(version=version or make_manual_version(), **defaults | fields)
    if content is not None:
        one.file.save("a", ContentFile(content), save=False)
    one.save()
    return one
