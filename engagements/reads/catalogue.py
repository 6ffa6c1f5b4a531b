"""What managers keep for GoLive projects, as it is now."""

from __future__ import annotations

from engagements.enums import Subject
from engagements.models import CatalogueVersion
from engagements.rules.books import (
    CutOverTemplate,
    SheetTemplate,
    StepTemplate,
    read_cut_over,
    read_run_book,
    read_sheet,
)
from engagements.rules.catalogue import FORMATS
from engagements.rules.modules import Module
from engagements.rules.modules_list import read_modules
from engagements.rules.planning_list import PriceList, read_prices

AS_DELIVERED = 0  # the version of what no manager wrote yet


def newest_text(subject: Subject) -> tuple[int, str]:
    """Version and text: the managers' newest, else as delivered. One query."""
    found = CatalogueVersion.objects.filter(subject=subject).order_by("-version").first()
    if found is None:
        return AS_DELIVERED, FORMATS[subject].delivered()
    return found.version, found.text


def modules_now() -> tuple[Module, ...]:
    return read_modules(newest_text(Subject.MODULES)[1])


def prices_now() -> PriceList:
    return read_prices(newest_text(Subject.PLANNING)[1])


def run_book_now() -> list[StepTemplate]:
    return read_run_book(newest_text(Subject.RUN_BOOK)[1])


def cut_over_now() -> CutOverTemplate:
    return read_cut_over(newest_text(Subject.CUT_OVER)[1])


def sheet_now() -> SheetTemplate:
    return read_sheet(newest_text(Subject.GO_NO_GO)[1])
