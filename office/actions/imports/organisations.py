"""Organisations as they are brought in: a new one, or what differs at one that is here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from accounts.actions.customers_leaving import close_organisation, delete_organisation, rows_of
from accounts.actions.organisations import save_organisation
from accounts.models import Organisation, Person
from core.countries import countries
from core.keeper import NoKeeper, missing
from office.actions.imports import finding
from office.actions.imports.lines import Brought, Cells
from office.enums import Outcome
from office.errors import BuiltOn, ChangedSince, NotOnlyOne

KIND = "organisations"
_OURS = {"References", "Import lines"}  # what an import itself leaves at an organisation


def key(cells: Cells) -> str:
    return cells.text("reference") or cells.text("name").casefold()


def bring(cells: Cells, *, by: Person, at: datetime) -> Brought:
    """Errors: those of `finding` and `save_organisation`, `NotOnlyOne`."""
    reference, name = cells.text("reference"), cells.text("name")
    wanted = _wanted(cells, name)
    found = _found(reference, name)
    if found is None:
        return _made(reference, name, wanted, by=by, at=at)
    finding.refer(KIND, reference, found)
    before = {field: getattr(found, field) for field in wanted}
    changed = {field: value for field, value in wanted.items() if before[field] != value}
    if not changed:
        return Brought(Outcome.SAME, found, f"{found.name} is here already")
    for field, value in changed.items():
        setattr(found, field, value)
    save_organisation(found, by=by, at=at)
    what = ", ".join(_WORDS[field] for field in changed)
    return Brought(
        Outcome.CHANGED,
        found,
        f"{found.name}: {what}",
        before={field: before[field] for field in changed},
        after=changed,
    )


def take_back(pk: int, change: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    """Errors: `ChangedSince`, `BuiltOn`, `NoKeeper`."""
    found = Organisation.objects.filter(pk=pk).first()
    if found is None:
        return
    if change:
        if any(getattr(found, field) != value for field, value in change["after"].items()):
            raise ChangedSince()
        for field, value in change["before"].items():
            setattr(found, field, value)
        save_organisation(found, by=by, at=at, moves_ends=True)
        return
    built = [f"{count} {name.lower()}" for name, count in rows_of(found) if name not in _OURS]
    people = found.people.count()
    if people:
        built.insert(0, f"{people} {'person' if people == 1 else 'people'}")
    if built:
        raise BuiltOn(by=", ".join(built[:4]))
    if why := missing():
        raise NoKeeper(why=why)
    close_organisation(found, by=by, at=at)
    delete_organisation(pk, at=at, by=by)


_WORDS = {
    "name": "name",
    "country": "country",
    "language": "language",
    "timezone": "time zone",
    "tam_id": "account manager",
    "partner_id": "local partner",
}


def _wanted(cells: Cells, name: str) -> dict[str, Any]:
    """What the line says; an empty cell says nothing, and leaves what is there."""
    tam, partner = cells.text("tam"), cells.text("partner")
    said: dict[str, Any] = {
        "name": name,
        "country": finding.country_of(cells),
        "language": finding.language_of(cells),
        "timezone": finding.timezone_of(cells),
        "tam_id": finding.tam_of(tam).pk if tam else None,
        "partner_id": finding.partner_of(partner).pk if partner else None,
    }
    return {field: value for field, value in said.items() if value}


def _found(reference: str, name: str) -> Organisation | None:
    known = finding.referred(KIND, reference)
    if known is not None:
        found = Organisation.objects.filter(pk=known.key).first()
        return finding.still_a_customer(found, reference) if found is not None else None
    alike = list(Organisation.objects.filter(name__iexact=name, closed_at=None)[:2])
    if len(alike) > 1:
        raise NotOnlyOne(what="organisations", given=name)
    return alike[0] if alike else None


def _made(
    reference: str, name: str, wanted: dict[str, Any], *, by: Person, at: datetime
) -> Brought:
    made = Organisation(slug=_free_slug(name))
    made.timezone = countries()[wanted["country"]].zones[0]
    for field, value in wanted.items():
        setattr(made, field, value)
    save_organisation(made, by=by, at=at)
    finding.refer(KIND, reference, made)
    return Brought(Outcome.NEW, made, made.name)


def _free_slug(name: str) -> str:
    """Of the name; with a number where another has it already."""
    plain = slugify(name)[:60] or "customer"
    taken = set(Organisation.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    number, slug = 1, plain
    while slug in taken:
        number += 1
        slug = f"{plain}-{number}"
    return slug
