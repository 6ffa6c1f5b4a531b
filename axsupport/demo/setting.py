"""The demo's organisations, people and contracts, made from `cast.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Organisation, Partner, Person
from axsupport.demo.cast import COMPANIES, PARTNER, PASSWORD, PHONES, STAFF, Company, Contract
from entitlements.actions.catalogue import calendar_spec, save_calendar
from entitlements.actions.licences import open_project, register_licence
from entitlements.actions.packs import buy_pack
from entitlements.actions.public_holidays import public_holidays
from entitlements.actions.subscriptions import subscribe
from entitlements.models import GoLiveProject, Licence
from entitlements.reads.current import current_calendar
from notices.digests.choices import set_choices
from notices.enums import Wish
from notices.wording.language import Wording, delivered
from notices.wording.versions import reword
from tickets.actions.dispatch.dispatch_rules import change_rules
from tickets.rules.dispatch.settings import AS_DELIVERED


@dataclass(frozen=True)
class Customer:
    """A company of the cast as it is in the database."""

    company: Company
    organisation: Organisation
    people: list[Person]
    licences: list[Licence]
    project: GoLiveProject | None


def set_the_scene(*, begins: datetime, ends: datetime) -> list[Customer]:
    """Everybody, and every contract that began by `begins`; later ones are the story's."""
    password = make_password(PASSWORD)
    partner = Partner.objects.create(name=PARTNER, language="fi")
    staff = {
        one.email: Person.objects.create(
            email=one.email,
            name=one.name,
            role=one.role,
            partner=partner if one.role == Role.PARTNER else None,
            timezone=one.timezone,
            language=one.language,
            is_lead=one.lead,
            password=password,
            joined_at=begins,
        )
        for one in STAFF
    }
    manager = staff["manager@axsupport.example"]
    _give_more_room(manager, begins + timedelta(days=60))
    _word_a_mail(manager, begins + timedelta(days=75))
    _choose(staff, begins + timedelta(days=80))
    _close_on_holidays(range(begins.year - 1, ends.year + 3), at=begins, by=manager)
    return [
        _customer(company, partner, staff[company.tam], manager, password, begins, ends)
        for company in COMPANIES
    ]


def _close_on_holidays(years: range, *, at: datetime, by: Person) -> None:
    """The office is in Germany; round the clock is round the clock."""
    spec = calendar_spec(current_calendar("working_hours"))
    named = public_holidays("DE", first_year=years[0], last_year=years[-1])
    save_calendar(replace(spec, holidays=list(named), holiday_names=named), at=at, by=by)


def admin_of(customer: Customer) -> Person:
    return next(one for one in customer.people if one.role == Role.ADMIN_CONTACT)


def _give_more_room(manager: Person, at: datetime) -> None:
    """The rules of dispatch were changed once: on this desk nobody has so much to do."""
    change_rules(
        replace(AS_DELIVERED, capacity=30),
        reason="Incidents that wait for the customer take room, but no time.",
        by=manager,
        at=at,
    )


def _word_a_mail(manager: Person, at: datetime) -> None:
    """One kind of mail has words of this desk's own."""
    words = delivered("incident_solved")
    ours = "If anything is left to do, answer this mail: the incident is open again then."
    theirs = "If it is not solved for you, answer this mail and we go on."
    text = words.text.replace(theirs, ours)
    reword("incident_solved", Wording(words.subject, text), by=manager, at=at)


def _choose(staff: dict[str, Person], at: datetime) -> None:
    """Some want less mail; the others are notified of each thing at once."""
    for address, wishes, hour in (
        ("manager@axsupport.example", {"sales": Wish.DIGEST}, 7),
        ("tam@axsupport.example", {"sales": Wish.DIGEST, "warnings": Wish.DIGEST}, 8),
        ("ts1@axsupport.example", {"levels": Wish.OFF}, 8),
    ):
        set_choices(staff[address], wishes=wishes, hour=hour, at=at)


def _customer(
    company: Company,
    partner: Partner,
    tam: Person,
    manager: Person,
    password: str,
    begins: datetime,
    ends: datetime,
) -> Customer:
    organisation = Organisation.objects.create(
        name=company.name,
        slug=company.slug,
        country=company.country,
        timezone=company.timezone,
        language=company.language,
        partner=partner if company.partner else None,
        tam=tam,
        gold_default=company.gold_default,
        created_at=begins,
    )
    people = [
        Person.objects.create(
            email=email,
            name=name,
            role=role,
            organisation=organisation,
            timezone=company.timezone,
            language=company.language,
            password=password,
            phone=PHONES.get(email, ""),
            joined_at=begins,
        )
        for name, email, role in company.people
    ]
    licences = [_licence(organisation, one, manager, ends) for one in company.contracts]
    project = None
    if company.project is not None:
        name, ago, lasts = company.project
        starts_on = _day(organisation, ends, ago)
        project = open_project(
            organisation,
            name=name,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=lasts),
            at=min(begins, ends - timedelta(days=ago)),
            by=manager,
        )
    return Customer(company, organisation, people, licences, project)


def _licence(
    organisation: Organisation, contract: Contract, manager: Person, ends: datetime
) -> Licence:
    licence = register_licence(
        organisation,
        key=contract.key,
        edition=contract.edition,
        registered_on=_day(organisation, ends, contract.registered),
        price=Decimal(contract.price),
        at=ends - timedelta(days=contract.registered),
        by=manager,
    )
    for level, ago, lasts in contract.terms:
        starts_on = _day(organisation, ends, ago)
        subscribe(
            licence,
            level=level,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=lasts),
            at=ends - timedelta(days=ago),
            by=manager,
        )
    for pack in contract.packs:
        at = ends - timedelta(days=pack.days_ago)
        buy_pack(licence, quantity=pack.quantity, at=at, by=manager)
    return licence


def _day(organisation: Organisation, ends: datetime, days_ago: int) -> date:
    return (ends - timedelta(days=days_ago)).astimezone(ZoneInfo(organisation.timezone)).date()
