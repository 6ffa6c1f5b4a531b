"""Between incidents and articles: one is made of a solution, others are named in answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Person
from core.errors import NotAllowed
from resources.actions.articles.heard import note_use
from resources.actions.articles.writing import Draft, name_defects, save_draft
from resources.models import Article, ArticleVersion, Category
from tickets import policies
from tickets.enums import MessageKind
from tickets.errors import NoShelf, NoSolution
from tickets.models import Incident, Message
from tickets.rules.anonymous import telling_words, without_customer

_NAMED = re.compile(r"/help/([a-z0-9]+(?:-[a-z0-9]+)*)/")
MOST_NAMED = 20  # articles of one answer that are counted


@transaction.atomic
def article_of(incident: Incident, *, by: Person, at: datetime) -> ArticleVersion:
    """A draft of what happened and what solved it, without what names the customer.

    Nobody reads it before it was reviewed: what no rule finds, a person does. Errors: `NotAllowed`,
    `NoSolution`, `NoShelf` and those of `save_draft`.
    """
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    solution = incident.solutions.order_by("-at", "-pk").first()
    if solution is None:
        raise NoSolution(number=incident.number)
    shelf = Category.objects.first()
    if shelf is None:
        raise NoShelf()
    names, domains = list(_names(incident)), _domains(incident)
    country = incident.organisation.country

    def cleaned(text: str) -> str:
        return without_customer(text, names=names, domains=domains, country=country)

    of_customer = incident.messages.filter(kind=MessageKind.REPORT).first()
    happened = cleaned(of_customer.body[:4000]) if of_customer else ""
    of_product = incident.version
    draft = Draft(
        title=cleaned(incident.subject)[:150],
        summary=cleaned(solution.text)[:300],
        body=f"# What happens\n\n{happened}\n\n# What helps\n\n{cleaned(solution.text)}\n",
        category=shelf,
        versions=[of_product] if of_product and cleaned(of_product) == of_product else [],
        change=f"Made of {incident.number}",
    )
    version = save_draft(draft, by=by, at=at, made_of=incident.number)
    if incident.defect is not None:
        name_defects(version.article, [incident.defect.number], by=by, at=at)
    return version


def note_articles_named(message: Message, *, by: Person, at: datetime) -> None:
    """Count the published articles that an answer links to; in the answer's transaction."""
    if "/help/" not in message.body:
        return
    slugs = list(dict.fromkeys(_NAMED.findall(message.body)))[:MOST_NAMED]
    for one in Article.objects.filter(slug__in=slugs, live__isnull=False):
        note_use(
            one,
            organisation=message.organisation_id,
            incident=message.incident_id,
            by=by,
            at=at,
        )


def _names(incident: Incident) -> Iterator[str]:
    organisation = incident.organisation
    yield organisation.name
    yield from telling_words(organisation.name)
    theirs = Q(organisation=organisation) | Q(pk__in=incident.messages.values("author"))
    theirs |= Q(pk=incident.reporter_id) | Q(pk__in=incident.participants.values("person"))
    # Who wrote on it may be of another organisation by now. Ours name nobody.
    for person in Person.objects.filter(theirs, organisation__isnull=False):
        yield person.name
        yield from (word for word in person.name.split() if len(word) > 2)
        yield person.phone
    yield from organisation.licences.values_list("key", flat=True)


def _domains(incident: Incident) -> set[str]:
    people = Person.objects.filter(organisation=incident.organisation_id)
    return {email.rpartition("@")[2] for email in people.values_list("email", flat=True)}
