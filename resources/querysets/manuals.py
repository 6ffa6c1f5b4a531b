from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from resources.enums import ManualState
from resources.querysets.articles import read_by

if TYPE_CHECKING:
    from resources.models import (  # noqa: F401 -- quoted below
        Manual,
        ManualPage,
        ManualPicture,
        ManualVersion,
    )
    from resources.rules.readers import Reader


def _read(reader: Reader, version: str, manual: str) -> Q:
    """What is published and for this reader; all of it for staff."""
    if reader.is_staff:
        return Q()
    return Q(**{f"{version}state": ManualState.LIVE}) & read_by(reader, manual)


class ManualQuerySet(models.QuerySet["Manual"]):
    def visible_to(self, reader: Reader) -> Self:
        """Those that `reader` may know of; a manual without a published version is not there."""
        if reader.is_staff:
            return self
        live = self.filter(versions__state=ManualState.LIVE).filter(read_by(reader))
        return self.filter(pk__in=live.values("pk"))


class ManualVersionQuerySet(models.QuerySet["ManualVersion"]):
    def visible_to(self, reader: Reader) -> Self:
        return self.filter(_read(reader, "", "manual__"))

    def live(self) -> Self:
        return self.filter(state=ManualState.LIVE)


class ManualPageQuerySet(models.QuerySet["ManualPage"]):
    def visible_to(self, reader: Reader) -> Self:
        return self.filter(_read(reader, "version__", "version__manual__"))


class ManualPictureQuerySet(models.QuerySet["ManualPicture"]):
    def visible_to(self, reader: Reader) -> Self:
        return self.filter(_read(reader, "version__", "version__manual__"))
