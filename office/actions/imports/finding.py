"""What a cell names: organisations, licences, people, partners, by what people write for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.enums import Role
from accounts.models import Organisation, Partner, Person, check_timezone
from core.countries import countries
from core.journal import label
from entitlements.actions.licences import as_printed
from entitlements.models import Licence
from office.actions.imports.lines import Cells
from office.errors import CellUnreadable, CustomerLeft, NoSuchThing, NotOnlyOne
from office.models import Reference


def organisation_of(given: str) -> Organisation:
    """By reference, else by short name or whole name.

    Errors: `CustomerLeft`, `NoSuchThing`, `NotOnlyOne`.
    """
    known = referred("organisations", given)
    if known is not None:
        return still_a_customer(Organisation.objects.get(pk=known.key), given)
    fits = Organisation.objects.filter(Q(slug=given.lower()) | Q(name__iexact=given))
    found = list(fits.filter(closed_at=None)[:2])
    if not found:
        raise NoSuchThing(what="organisation", given=given, helps="Bring it in first.")
    if len(found) > 1:
        raise NotOnlyOne(what="organisations", given=given)
    return found[0]


def still_a_customer(organisation: Organisation, given: str) -> Organisation:
    """A reference names what it named, also when that was closed. Error: `CustomerLeft`."""
    if organisation.closed_at is not None:
        day = f"{organisation.closed_at:%-d %B %Y}"
        raise CustomerLeft(given=given, name=organisation.name, day=day)
    return organisation


def licence_of(given: str) -> Licence:
    """A licence on which something can be sold. Errors: `NoSuchThing`, `CustomerLeft`."""
    rows = Licence.objects.counting().select_related("organisation")
    found = rows.filter(key=as_printed(given)).first()
    if found is None:
        raise NoSuchThing(what="licence", given=given, helps="Bring the licences in first.")
    still_a_customer(found.organisation, given)
    return found


def tam_of(given: str) -> Person:
    """Error: `NoSuchThing`."""
    tams = Person.objects.active().filter(role=Role.TAM)
    found: Person | None = tams.filter(Q(email__iexact=given) | Q(name__iexact=given)).first()
    if found is None:
        helps = "Give the address of one whom you have, or leave it empty."
        raise NoSuchThing(what="account manager", given=given, helps=helps)
    return found


def partner_of(given: str) -> Partner:
    """Error: `NoSuchThing`."""
    found = Partner.objects.filter(name__iexact=given).first()
    if found is None:
        raise NoSuchThing(what="local partner", given=given, helps="Add the partner first.")
    return found


def country_of(cells: Cells) -> str:
    """Two letters, from those or the English name. Errors: `CellMissing`, `CellUnreadable`."""
    given = cells.text("country")
    if given.upper() in countries():
        return given.upper()
    for one in countries().values():
        if one.name.casefold() == given.casefold():
            return one.code
    why = f"“{given}” is no country. Write two letters, as RO for Romania."
    raise CellUnreadable(field=cells.label("country"), why=why)


def language_of(cells: Cells) -> str:
    """A code that the desk speaks; "" where it is empty. Error: `CellUnreadable`."""
    given = cells.text("language").casefold()
    codes = {code.casefold(): code for code, _ in settings.LANGUAGES}
    names = {str(name).casefold(): code for code, name in settings.LANGUAGES}
    found = codes.get(given) or names.get(given) or codes.get(given[:2])
    if given and not found:
        why = f"“{given}” is not spoken here. Choose one of: {', '.join(codes.values())}."
        raise CellUnreadable(field=cells.label("language"), why=why)
    return found or ""


def timezone_of(cells: Cells) -> str:
    """An IANA zone; "" where it is empty. Error: `CellUnreadable`."""
    given = cells.text("timezone")
    try:
        if given:
            check_timezone(given)
    except ValidationError as error:
        raise CellUnreadable(field=cells.label("timezone"), why=error.message) from error
    return given


def referred(kind: str, text: str) -> Reference | None:
    """What has this number in the system that it came from."""
    return Reference.objects.filter(kind=kind, text=text).first() if text else None


def refer(kind: str, text: str, subject: Any) -> None:
    """Know it by this number from now on; nothing where there is none. Safe to repeat."""
    if not text:
        return
    is_organisation = isinstance(subject, Organisation)
    organisation = subject.pk if is_organisation else subject.organisation_id
    Reference.objects.get_or_create(
        kind=kind,
        text=text,
        defaults={"organisation_id": organisation, "subject": label(subject)},
    )
