"""Organisations that are customers no more: closed first, deleted after their time (F2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CASCADE, SET_NULL, FileField, ForeignKey, Model, QuerySet

from accounts import policies
from accounts.actions.erasing import forget_person, forget_where_others_read
from accounts.errors import NotYourPeople, OrganisationHasWork, OrganisationOpen
from accounts.models import Organisation, Person
from core import closing, keeper
from core.journal import label, record
from core.models import JournalEntry
from core.registries import work

LEDGER = "entitlements.ledgerentry"


@transaction.atomic
def close_organisation(organisation: Organisation, *, by: Person, at: datetime) -> None:
    """No customer any more: its accounts are closed, nothing is taken from it. Safe to repeat.

    Errors: `NotYourPeople`, `OrganisationHasWork`.
    """
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.closed_at is not None:
        return
    if count := sum(one.unfinished(organisation) for one in work.values()):
        raise OrganisationHasWork(count=count, name=organisation.name)
    organisation.closed_at = at
    organisation.save(update_fields=["closed_at"])
    record("organisation.closed", organisation, at=at, by=by, rule="F2")
    organisation.invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=at)
    for person in Person.objects.select_for_update(of=("self",)).filter(
        organisation=organisation, is_active=True
    ):
        person.is_active = False
        person.save(update_fields=["is_active"])
        record("person.deactivated", person, at=at, by=by)
        closing.carry_out(person, by=by, at=at)


@transaction.atomic
def reopen_organisation(organisation: Organisation, *, by: Person, at: datetime) -> None:
    """A customer again; its people are let in one by one. Error: `NotYourPeople`."""
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    if Organisation.objects.filter(pk=organisation.pk, closed_at__isnull=False).update(
        closed_at=None
    ):
        record("organisation.reopened", organisation, at=at, by=by, rule="F2")


def rows_of(organisation: Organisation) -> Iterator[tuple[str, int]]:
    """How many rows of each table would go with the organisation, by what they are called."""
    for model in _tables():
        count = model._default_manager.filter(organisation=organisation).count()
        if count:
            yield str(model._meta.verbose_name_plural).capitalize(), count


@transaction.atomic
def delete_organisation(pk: int, *, at: datetime, by: Person | None = None) -> int:
    """Remove all that is there of a closed organisation, and leave tombstones; how many rows.

    In one transaction, whose commit the database refuses while anything still points there. Needs
    an unrestricted one. People whom rows of others name (they moved) stay as nobody.
    Errors: `OrganisationOpen`, `NoKeeper`.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if organisation is None:
        return 0
    if organisation.closed_at is None:
        raise OrganisationOpen(name=organisation.name)
    if why := keeper.missing():
        raise keeper.NoKeeper(why=why)
    subject = label(organisation)
    gone = 0
    for kind in ("ledger.organisation", "journal.organisation"):
        gone += keeper.forget(kind, at=at, by=by, about=pk, subject=subject)
    for person in Person.objects.filter(organisation=organisation):
        forget_where_others_read(person)
    for model in _tables():
        _let_go(model, organisation)
        gone += _remove(model._default_manager.filter(organisation=organisation))
    people = list(Person.objects.filter(organisation=organisation))
    gone += sum(_remove_person(one, at=at, by=by) for one in people)
    days = [organisation.created_at.date(), organisation.closed_at.date()]
    keeper.leave_tombstone(
        "organisation.deleted", at=at, by=by, count=gone + 1, days=days, rows=[pk], subject=subject
    )
    _remove(Organisation.objects.filter(pk=pk))
    return gone + 1


def _tables() -> list[type[Model]]:
    """Every table of tenants but people, journal and ledger, which go in their own ways."""
    others = {"accounts.person", LEDGER, JournalEntry._meta.label_lower}
    return [
        model
        for model in apps.get_models()
        if _names_an_organisation(model) and model._meta.label_lower not in others
    ]


def _names_an_organisation(model: type[Model]) -> bool:
    return any(
        field.name == "organisation" and field.related_model is Organisation
        for field in model._meta.concrete_fields
    )


def _let_go(model: type[Model], organisation: Organisation) -> None:
    """Rows of others that name rows of ours name nothing there from now on (a licence's past)."""
    for link in model._meta.related_objects:
        other, field = link.related_model, link.field
        if not isinstance(field, ForeignKey) or not field.null:
            continue
        if _names_an_organisation(other):
            theirs = other._default_manager.exclude(organisation=organisation)
            theirs = theirs.filter(**{f"{field.name}__organisation": organisation})
            theirs.update(**{field.name: None})


def _remove(rows: QuerySet[Any]) -> int:
    """Without looking what else points there: the database does at the commit."""
    for field in rows.model._meta.concrete_fields:
        if isinstance(field, FileField):
            names = [name for name in rows.values_list(field.name, flat=True) if name]
            transaction.on_commit(lambda names=names: _remove_files(names))  # type: ignore[misc]
    return int(rows._raw_delete(rows.db))


def _remove_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _remove_person(person: Person, *, at: datetime, by: Person | None) -> int:
    """Remove the person with what is theirs alone; who is named elsewhere stays as nobody.

    Whoever moved here reported, wrote or did something where they were before.
    """
    gone, elsewhere = person.erasures.all().delete()[0], 0
    for link in Person._meta.related_objects:
        if not isinstance(link.field, ForeignKey) or not link.field.concrete:
            continue
        rows = link.related_model._default_manager.filter(**{link.field.name: person})
        if link.on_delete is SET_NULL:
            rows.update(**{link.field.name: None})
        elif link.on_delete is CASCADE:
            gone += rows.delete()[0]
        else:
            elsewhere = elsewhere or _organisation_of(rows)
    if not elsewhere:
        return gone + _remove(Person.objects.filter(pk=person.pk))
    person.organisation_id = elsewhere
    person.save(update_fields=["organisation"])
    forget_person(person, by=by, at=at)
    return gone


def _organisation_of(rows: QuerySet[Any]) -> int:
    """Of the first of them; 0 where there is none. What is of no organisation went before."""
    row = rows.first()
    return int(getattr(row, "organisation_id", None) or 0) if row else 0
