"""Who is told that a release fixes what they reported, or fixes it no more (FX2).

Of each incident that comes from the defect, whatever its state: its reporter and the colleagues
who take part, so that a private report is told to nobody else (F4), and whoever owns it while it
is unfinished. One mail a person and release, however many of their incidents it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import Organisation, Person
from core.journal import entry, record, record_all
from entitlements.models import Licence
from notices.models import Notice
from notices.outbox import notices_to, owe
from resources.enums import NewsOfFix
from resources.models import Defect, FixNews, Release
from resources.querysets.fixes import TO_TELL
from resources.reads.releases.holding import got_by, published_releases, what_licences_have
from tickets.actions import audience
from tickets.actions.beta_news import tell_of_build
from tickets.models import Incident, Participant

RULE = "FX2"
TOGETHER = 50  # organisations whose people are told in one transaction


@dataclass
class _Told:
    """What one batch owes; `by_person` are their incidents, in the order of the reports."""

    incidents: list[Incident] = field(default_factory=list)
    by_person: dict[Person, list[Incident]] = field(default_factory=dict)
    licences: Mapping[int, Sequence[str]] = field(default_factory=dict)  # lines by incident


@transaction.atomic
def tell_of_fix(pk: int, *, at: datetime) -> int:
    """The sweep's next step of one piece of news; 0 where another worker has it, or it is told.

    Safe to repeat and to race: each organisation is told in the transaction that notes so. Needs
    an open wall.
    """
    due = FixNews.objects.filter(TO_TELL, pk=pk).select_related("release__programme", "by")
    news = due.select_for_update(of=("self",), skip_locked=True).first()
    if news is None:
        return 0
    defects = list(news.defects.order_by("number"))
    if news.release.programme_id is not None:
        return tell_of_build(news, defects, at=at)
    organisations = _next(news, defects)
    if not organisations:
        return _finish(news, defects, at)
    told = _concerned(news, defects, organisations, at)
    owe([*_to_customers(news, told, at), *_to_desk(news, told.incidents, at)])
    _journal(news, told, at)
    news.told_to = max(organisations)
    news.incidents += len(told.incidents)
    news.people += len(told.by_person)
    news.save(update_fields=["told_to", "incidents", "people"])
    return 1


def _next(news: FixNews, defects: Sequence[Defect]) -> list[int]:
    found = Incident.objects.filter(defect__in=defects, organisation__gt=news.told_to)
    keys = found.order_by("organisation").values_list("organisation", flat=True).distinct()
    return list(keys[:TOGETHER])


def _finish(news: FixNews, defects: Sequence[Defect], at: datetime) -> int:
    news.told_at = at
    news.save(update_fields=["told_at"])
    facts = {"incidents": news.incidents, "people": news.people, "news": news.kind}
    record("release.fixes_told", news.release, at=at, by=None, rule=RULE, **facts)
    for one in defects:
        facts = {"version": news.release.version, "people": news.people, "news": news.kind}
        record("defect.told", one, at=at, by=None, rule=RULE, **facts)
    return 1


def _concerned(
    news: FixNews, defects: Sequence[Defect], organisations: Sequence[int], at: datetime
) -> _Told:
    """The incidents whose licence is of the release's product and edition, or names none while
    their organisation has one that is.
    """
    rows = Incident.objects.filter(defect__in=defects, organisation__in=organisations)
    found = list(rows.select_related("organisation", "reporter", "owner", "defect").order_by("pk"))
    fitting = _licences(news.release, organisations)
    told = _Told(incidents=[one for one in found if _fits(one, fitting)])
    told.licences = _lines(news, told.incidents, fitting, at)
    taking = Participant.objects.told().filter(incident__in=told.incidents)
    colleagues: defaultdict[int, list[Person]] = defaultdict(list)
    for other in taking.select_related("person").order_by("pk"):
        colleagues[other.incident_id].append(other.person)
    for one in told.incidents:
        for person in (one.reporter, *colleagues[one.pk]):
            if person.is_active and person.organisation_id == one.organisation_id:
                told.by_person.setdefault(person, []).append(one)
    return told


def _licences(release: Release, organisations: Collection[int]) -> dict[int, dict[int, Licence]]:
    """Of the release's product and edition, by organisation and key."""
    alike = Q(product__iexact=release.product, edition=release.edition)
    held = Licence.objects.filter(alike, organisation__in=organisations).held()
    found: defaultdict[int, dict[int, Licence]] = defaultdict(dict)
    for one in held.select_related("organisation").order_by("key"):
        found[one.organisation_id][one.pk] = one
    return found


def _fits(one: Incident, fitting: Mapping[int, Mapping[int, Licence]]) -> bool:
    theirs = fitting.get(one.organisation_id, {})
    return one.licence_id in theirs if one.licence_id else bool(theirs)


def _lines(
    news: FixNews,
    incidents: Sequence[Incident],
    fitting: Mapping[int, Mapping[int, Licence]],
    at: datetime,
) -> dict[int, list[str]]:
    """By incident, what its licences may do with the release: the one rule of all pages (D1)."""
    if news.kind != NewsOfFix.FIXED:
        return {}
    releases = published_releases()
    said: dict[int, str] = {}
    for licences in fitting.values():
        zone = _organisation(licences).timezone
        has = what_licences_have(licences.values(), zone)
        for pk, licence in licences.items():
            got = got_by(licence, has[pk], releases, at).get(news.release_id)
            gets = got is not None and got.gets
            why = "" if got is None else got.said
            said[pk] = (
                f"Licence {licence.key} gets it." if gets else f"Licence {licence.key}: {why}"
            )
    return {
        one.pk: [said[one.licence_id]]
        if one.licence_id
        else [said[pk] for pk in fitting[one.organisation_id]]
        for one in incidents
    }


def _organisation(licences: Mapping[int, Licence]) -> Organisation:
    return next(iter(licences.values())).organisation


def _to_customers(news: FixNews, told: _Told, at: datetime) -> Iterator[Notice]:
    kind = "fix_released" if news.kind == NewsOfFix.FIXED else "fix_withdrawn"
    release = news.release
    for person, theirs in told.by_person.items():
        first = theirs[-1]  # the latest is what they have in mind, and where an answer goes
        lines = [line for one in theirs for line in told.licences.get(one.pk, ())]
        yield from notices_to(
            [person],
            kind,
            key=f"fix:{news.pk}",
            at=at,
            about=first,
            **audience.customer_facts(first),
            defects=_named(theirs),
            others=", ".join(one.number for one in theirs[:-1]),
            product=release.product,
            version=release.version,
            edition=release.get_edition_display(),
            reason=news.reason,
            licences="\n".join(dict.fromkeys(lines)),
            release_url=f"{settings.SITE_URL}{release.get_absolute_url()}",
        )


def _to_desk(news: FixNews, incidents: Sequence[Incident], at: datetime) -> Iterator[Notice]:
    """Whoever owns one that is still worked on; of those that nobody owns, the leads.

    Of a defect that was opened again by hand they were told with it.
    """
    if news.kind == NewsOfFix.REOPENED:
        return
    open_ones = [one for one in incidents if not one.is_finished]
    leads = list(Person.objects.leads()) if any(one.owner is None for one in open_ones) else []
    is_fixed = news.kind == NewsOfFix.FIXED
    for one in open_ones:
        people = [one.owner] if one.owner else leads
        yield from notices_to(
            [person for person in people if person != news.by],
            "defect_fixed" if is_fixed else "defect_reopened",
            key=f"fix:{news.pk}:{one.pk}",
            at=at,
            about=one,
            **audience.facts(one),
            defect=str(one.defect),
            build=news.release.version,
            reason=news.reason,
            told=True,
        )


def _journal(news: FixNews, told: _Told, at: datetime) -> None:
    hearing: defaultdict[int, int] = defaultdict(int)
    for theirs in told.by_person.values():
        for one in theirs:
            hearing[one.pk] += 1
    kind = "incident.fix_released" if news.kind == NewsOfFix.FIXED else "incident.fix_withdrawn"
    record_all(
        entry(
            kind,
            one,
            at=at,
            by=news.by,
            rule=RULE,
            defect=one.defect.number if one.defect else "",
            version=news.release.version,
            people=hearing[one.pk],
        )
        for one in told.incidents
    )


def _named(incidents: Sequence[Incident]) -> str:
    return ", ".join(dict.fromkeys(one.defect.number for one in incidents if one.defect))
