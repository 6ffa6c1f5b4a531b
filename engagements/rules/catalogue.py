"""How the text of each list that managers keep is checked, and what it is as delivered. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engagements.rules import books_shipped
from engagements.rules.books import read_cut_over, read_run_book, read_sheet
from engagements.rules.modules import MODULES
from engagements.rules.modules_list import read_modules, write_modules
from engagements.rules.planning_list import price_list_as_delivered, read_prices, write_prices


@dataclass(frozen=True)
class Format:
    """`check` raises `ValueError` with the line that is wrong; `help` says how it is written."""

    check: Callable[[str], object]
    delivered: Callable[[], str]
    help: tuple[str, ...]


FORMATS: dict[str, Format] = {
    "modules": Format(
        read_modules,
        lambda: write_modules(MODULES),
        (
            "A line a module: name | key. Its settings stand below it:"
            " - name | key | value as delivered | assumed.",
            "Each module has the setting State, with the key state: on or off.",
            "The register keeps the names that it was written with: what is renamed begins anew.",
        ),
    ),
    "planning": Format(
        read_prices,
        lambda: write_prices(price_list_as_delivered()),
        (
            "A line each: key = value. What follows # is a remark.",
            "Every value counts as assumed, until a project sets its own.",
        ),
    ),
    "run_book": Format(
        read_run_book,
        books_shipped.RUN_BOOK.strip,
        (
            "A line names a checklist; its steps stand below: - step | who | how one sees it.",
            "A step of which who begins with Customer is ticked off by the customer.",
        ),
    ),
    "cut_over": Format(
        read_cut_over,
        books_shipped.CUT_OVER.strip,
        (
            "A step is hours:minutes from the start | minutes that it takes | step | who.",
            "Exactly one ends with | no return: after it there is no way back.",
            "Below the line: way back, its steps are minutes | step | who.",
        ),
    ),
    "go_no_go": Format(
        read_sheet,
        books_shipped.GO_NO_GO.strip,
        (
            "Below criteria, one after each dash; below roles: - role | customer, or | vendor.",
            "Both sides decide, so each has a role.",
        ),
    ),
}
