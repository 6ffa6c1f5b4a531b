"""A beta build is there: its members are told, and which of their own reports it fixes (BT5).

One mail a member and build. Who does not take part hears nothing: neither of the build nor that
somebody else reported the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import F, Q

from accounts.models import Person
from core.journal import entry, record, record_all
from core.words import listed
from notices.models import Notice
from notices.outbox import notices_to, owe
from resources.enums import NewsOfFix
from resources.models import BetaFeedback, BetaMember, Defect, FixNews
from resources.querysets.beta import BetaMemberQuerySet
from tickets.models import Incident, Participant

RULE = "BT5"
TOGETHER = 50  # organisations whose members are told in one transaction


def tell_of_build(news: FixNews, defects: Sequence[Defect], *, at: datetime) -> int:
    """The next step of one piece of news of a build, which the caller holds locked."""
    present = _members(news).filter(organisation__gt=news.told_to).order_by("organisation")
    keys = list(present.values_list("organisation", flat=True).distinct()[:TOGETHER])
    if not keys:
        return _finish(news, at)
    members = list(_members(news).filter(organisation__in=keys).select_related("person"))
    people = [one.person for one in members]
    incidents = _incidents_of(people, defects) if news.kind == NewsOfFix.FIXED else {}
    said = _said_by(people, defects) if news.kind == NewsOfFix.FIXED else {}
    owe([notice for one in members for notice in _notices(news, one, incidents, said, at)])
    hearing = _journal(news, incidents, at)
    news.told_to, news.people = max(keys), news.people + len(members)
    news.incidents += hearing
    news.save(update_fields=["told_to", "incidents", "people"])
    return 1


def _members(news: FixNews) -> BetaMemberQuerySet:
    """Who takes part now with a licence of the build's edition; of an ended beta nobody."""
    programme = news.release.programme
    assert programme is not None
    if not programme.is_running:
        return BetaMember.objects.none()
    present = BetaMember.objects.present().filter(programme=programme, person__is_active=True)
    own = present.filter(person__organisation=F("organisation"))
    return own.filter(licence__edition=news.release.edition)


def _finish(news: FixNews, at: datetime) -> int:
    news.told_at = at
    news.save(update_fields=["told_at"])
    facts = {"incidents": news.incidents, "people": news.people, "news": news.kind}
    record("release.fixes_told", news.release, at=at, by=None, rule=RULE, **facts)
    return 1


def _incidents_of(
    people: Sequence[Person], defects: Collection[Defect]
) -> dict[int, list[Incident]]:
    """By person, what they reported or take part in, in the order of the reports.

    Whoever moved to another customer hears of nothing that is the former one's.
    """
    taking = Participant.objects.told().filter(person__in=people)
    concerned = Q(reporter__in=people) | Q(pk__in=taking.values("incident"))
    rows = Incident.objects.filter(concerned, defect__in=defects).select_related("defect")
    known = {one.pk: one for one in rows.order_by("pk")}
    found: defaultdict[int, list[Incident]] = defaultdict(list)
    theirs = {one.pk: one.organisation_id for one in people}
    for one in known.values():
        if theirs.get(one.reporter_id) == one.organisation_id:
            found[one.reporter_id].append(one)
    pairs = taking.filter(incident__in=known).order_by("incident")
    for incident, person in pairs.values_list("incident", "person"):
        if theirs[person] == known[incident].organisation_id:
            found[person].append(known[incident])
    return found


def _said_by(people: Sequence[Person], defects: Collection[Defect]) -> dict[int, list[str]]:
    """By person, what they said of earlier builds and the build fixes."""
    rows = BetaFeedback.objects.filter(person__in=people, defect__in=defects).order_by("at", "pk")
    rows = rows.filter(organisation=F("person__organisation"))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for person, subject in rows.values_list("person", "subject"):
        found[person].append(f"“{subject}”")
    return found


def _notices(
    news: FixNews,
    member: BetaMember,
    incidents: dict[int, list[Incident]],
    said: dict[int, list[str]],
    at: datetime,
) -> list[Notice]:
    release, programme = news.release, news.release.programme
    assert programme is not None
    theirs = incidents.get(member.person_id, [])
    owed = notices_to(
        [member.person],
        "beta_build" if news.kind == NewsOfFix.FIXED else "beta_build_withdrawn",
        key=f"fix:{news.pk}",
        at=at,
        about=release,
        beta=programme.name,
        version=release.version,
        summary=release.summary,
        reason=news.reason,
        incidents=listed([f"{one.number} ({one.subject})" for one in theirs]) if theirs else "",
        said=listed(said[member.person_id]) if member.person_id in said else "",
        url=f"{settings.SITE_URL}{programme.get_absolute_url()}",
    )
    for notice in owed:
        notice.organisation_id = member.organisation_id
    return owed


def _journal(news: FixNews, incidents: dict[int, list[Incident]], at: datetime) -> int:
    """How many incidents it fixes."""
    hearing: defaultdict[Incident, int] = defaultdict(int)
    for theirs in incidents.values():
        for one in theirs:
            hearing[one] += 1
    record_all(
        entry(
            "incident.fix_in_beta",
            one,
            at=at,
            by=news.by,
            rule=RULE,
            defect=one.defect.number if one.defect else "",
            version=news.release.version,
            people=people,
        )
        for one, people in hearing.items()
    )
    return len(hearing)
