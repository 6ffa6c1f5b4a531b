"""Beta programmes, their members, and what those said."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from accounts.models import Organisation
from resources.models import BetaFeedback, BetaMember, BetaProgramme, BetaTerms, Release
from tests.factories.base import NINE
from tests.factories.contracts import make_licence
from tests.factories.people import make_contact, make_engineer
from tests.factories.releases import PRODUCT, make_release

numbers = count(1)


def make_beta(**fields: Any) -> BetaProgramme:
    """Open, of the Business edition, with the first version of its terms."""
    number = next(numbers)
    maker = fields.pop("made_by", None) or make_engineer(role="ts2")
    defaults: dict[str, Any] = {
        "name": f"Beta {number}",
        "slug": f"beta-{number}",
        "product": PRODUCT,
        "editions": ["business"],
        "about": "A new WebMail.",
        "about_html": "<p>A new WebMail.</p>",
        "ends_on": date(2026, 6, 30),
        "opened_at": NINE,
    }
    one = BetaProgramme.objects.create(made_by=maker, made_at=NINE, **defaults | fields)
    make_beta_terms(one)
    return one


def make_beta_terms(programme: BetaProgramme, **fields: Any) -> BetaTerms:
    number = programme.terms.count() + 1
    text = f"Do not use it for your work. ({number})"
    defaults = {"number": number, "text": text, "html": f"<p>{text}</p>"}
    return BetaTerms.objects.create(
        programme=programme, made_by=programme.made_by, made_at=NINE, **defaults | fields
    )


def make_beta_member(organisation: Organisation | None = None, **fields: Any) -> BetaMember:
    licence = fields.pop("licence", None) or make_licence(organisation)
    programme = fields.pop("programme", None) or make_beta()
    person = fields.pop("person", None) or make_contact(licence.organisation)
    defaults: dict[str, Any] = {
        "terms": programme.terms.first(),
        "signed_name": person.name or "Ana Pop",
        "accepted_at": NINE,
        "joined_at": NINE,
    }
    return BetaMember.objects.create(
        organisation=licence.organisation,
        programme=programme,
        person=person,
        licence=licence,
        **defaults | fields,
    )


def make_beta_feedback(organisation: Organisation | None = None, **fields: Any) -> BetaFeedback:
    member = fields.pop("member", None) or make_beta_member(organisation)
    defaults = {"kind": "problem", "subject": "Search finds nothing", "body": "I typed a word."}
    return BetaFeedback.objects.create(
        organisation=member.organisation,
        programme=member.programme,
        person=member.person,
        licence=member.licence,
        at=NINE,
        **defaults | fields,
    )


def make_build(programme: BetaProgramme, version: str = "", **fields: Any) -> Release:
    """Published, of the Business edition, unless `published_at` is None."""
    version = version or f"10.7.0-beta.{next(numbers)}"
    return make_release(version, kind="beta", programme=programme, **fields)
