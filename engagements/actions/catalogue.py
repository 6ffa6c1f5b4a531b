"""The lists that managers keep: each edit is a version, and what was made of one stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from engagements import policies
from engagements.enums import Subject
from engagements.errors import CatalogueSame, CatalogueWrong
from engagements.models import CatalogueVersion
from engagements.reads.catalogue import newest_text
from engagements.rules.catalogue import FORMATS


@transaction.atomic
def keep_list(subject: Subject, text: str, *, by: Person, at: datetime) -> CatalogueVersion:
    """Errors: `NotAllowed`, `CatalogueWrong`, `CatalogueSame`."""
    if not policies.may_keep_catalogue(by):
        raise NotAllowed()
    text = clean(text)
    try:
        FORMATS[subject].check(text)
    except ValueError as fault:
        raise CatalogueWrong(why=str(fault)) from fault
    version, held = newest_text(subject)
    if clean(held) == text:
        raise CatalogueSame(version=version)
    made = CatalogueVersion.objects.create(
        subject=subject, version=version + 1, text=text, made_at=at, made_by=by
    )
    record("catalogue.saved", made, at=at, by=by, list=subject, version=made.version)
    return made
