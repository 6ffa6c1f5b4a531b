"""What the managers' figures count: one set of facts a figure, each a row of one moment.

Both the sums by day and the lists of incidents behind a number are made of these, so that a number
opens what it counts. In time and late are the verdicts of `tickets.querysets`, never another rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Extract, Replace

from core.models import JournalEntry
from resources.models import Deflection
from tickets.enums import MessageKind
from tickets.models import (
    Handover,
    Incident,
    InternalTarget,
    Message,
    Rating,
    ResponseTarget,
    Solution,
)
from tickets.querysets import KEPT, broken_at

COLUMNS = ("f_org", "f_at", "f_level", "f_tier", "f_service", "f_cause", "f_person", "f_amount")
_TEXT, _WHOLE = CharField(), BigIntegerField()
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Fact:
    """`rows(at)` has a row with `COLUMNS` and `f_incident` each; `by_hour`: hours are kept, too.

    `at` is now: whether an answer that is still owed is late depends on it.
    """

    key: str
    label: str  # what one is called, in the plural
    rows: Callable[[datetime], Rows]
    by_hour: bool = False


def _text(path: str) -> Any:
    return Coalesce(F(path), Value(""), output_field=_TEXT)


def _person(path: str) -> Any:
    return Coalesce(F(path), Value(0), output_field=_WHOLE)


def _with(rows: Any, moment: str, incident: str, **dims: Any) -> Rows:
    """The rows as facts; `incident` is the path to it, "" for the row itself."""
    to = f"{incident}__" if incident else ""
    whole: dict[str, Any] = {
        "f_org": F("organisation_id"),
        "f_at": F(moment),
        "f_level": _text(f"{to}decision__level__level"),
        "f_tier": Cast(F(f"{to}tier"), IntegerField()),
        "f_service": _text(f"{to}service__key"),
        "f_cause": Value("", output_field=_TEXT),
        "f_person": _person(f"{to}owner"),
        "f_amount": Value(0, output_field=_WHOLE),
        "f_incident": F(f"{incident}_id") if incident else F("pk"),
    }
    found: Rows = rows.order_by().filter(**{f"{moment}__isnull": False}).annotate(**whole | dims)
    return found


def _kept(at: datetime) -> Rows:
    """Answers in time count for who gave them, by the level that promised them."""
    rows = ResponseTarget.objects.filter(KEPT)
    mine = {"f_level": _text("level__level"), "f_person": _person("met_by")}
    return _with(rows, "met_at", "incident", **mine)


def _late(at: datetime) -> Rows:
    """Late ones, given or not, count on their due moment for who owns the incident."""
    rows = ResponseTarget.objects.filter(broken_at(at))
    return _with(rows, "due_at", "incident", f_level=_text("level__level"))


def _owed(at: datetime) -> Rows:
    rows = ResponseTarget.objects.all()
    return _with(rows, "opened_at", "incident", f_level=_text("level__level"))


def _reported(at: datetime) -> Rows:
    return _with(Incident.objects.all(), "received_at", "")


def _solved(at: datetime) -> Rows:
    """What is solved or closed now with an answer of a person, by the last cause that was said."""
    heard = Message.objects.filter(
        incident=OuterRef("pk"), kind=MessageKind.ANSWER, taken_back_at=None
    )
    causes = Solution.objects.filter(incident=OuterRef("pk"), cause__isnull=False)
    last = causes.order_by("-at", "-pk").values("cause__key")[:1]
    cause = Coalesce(Subquery(last), Value(""), output_field=_TEXT)
    ended = Incident.objects.filter(Exists(heard), merged_into=None)
    return _with(ended, "solved_at", "", f_cause=cause)


def _reopened(at: datetime) -> Rows:
    """Each time, as the journal has it."""
    key = Cast(Replace("subject", Value("tickets.incident:"), Value("")), BigIntegerField())
    entries: Any = JournalEntry.objects.filter(kind="incident.reopened").order_by()
    entries = entries.annotate(f_incident=key)
    of = Incident.objects.filter(pk=OuterRef("f_incident"))
    found: Rows = entries.annotate(
        f_org=F("organisation_id"),
        f_at=F("at"),
        f_level=_sub(of, "decision__level__level", "", _TEXT),
        f_tier=_sub(of, "tier", 0, IntegerField()),
        f_service=_sub(of, "service__key", "", _TEXT),
        f_cause=Value("", output_field=_TEXT),
        f_person=_sub(of, "owner", 0, _WHOLE),
        f_amount=Value(0, output_field=_WHOLE),
    )
    return found


def _sub(rows: Any, path: str, without: object, field: Any) -> Any:
    return Coalesce(Subquery(rows.values(path)[:1]), Value(without), output_field=field)


def _escalated(at: datetime) -> Rows:
    up = Handover.objects.filter(to_tier__gt=F("from_tier"))
    mine = {"f_tier": Cast(F("to_tier"), IntegerField()), "f_person": _person("by")}
    return _with(up, "at", "incident", **mine)


def _at_tier(at: datetime) -> Rows:
    """Stays at a tier that are over, with their seconds."""
    spent = Extract(F("ended_at") - F("opened_at"), "epoch", output_field=_WHOLE)
    mine = {"f_tier": Cast(F("tier"), IntegerField()), "f_amount": Cast(spent, _WHOLE)}
    return _with(InternalTarget.objects.all(), "ended_at", "incident", **mine)


def _rated(at: datetime) -> Rows:
    amount = Cast(F("score"), _WHOLE)
    return _with(Rating.objects.all(), "given_at", "incident", f_amount=amount)


def _deflected(at: datetime) -> Rows:
    """Somebody who was about to report was answered by an article, a defect or an old solution."""
    plain = {name: Value("", output_field=_TEXT) for name in ("f_level", "f_service", "f_cause")}
    numbers = {name: Value(0, output_field=_WHOLE) for name in ("f_tier", "f_person", "f_amount")}
    found: Rows = (
        Deflection.objects.order_by()
        .filter(~Q(kind=""))
        .annotate(
            f_org=F("organisation_id"),
            f_at=F("at"),
            f_incident=Value(0, output_field=_WHOLE),
            **plain,
            **numbers,
        )
    )
    return found


FACTS = {
    one.key: one
    for one in (
        Fact("kept", "Answers in time", _kept),
        Fact("late", "Late answers", _late),
        Fact("owed", "Answers that came to be owed", _owed, by_hour=True),
        Fact("reported", "Incidents reported", _reported),
        Fact("solved", "Incidents solved", _solved),
        Fact("reopened", "Times opened again", _reopened),
        Fact("escalated", "Escalations", _escalated),
        Fact("at_tier", "Stays at a technical level", _at_tier),
        Fact("rated", "Ratings", _rated),
        Fact("deflected", "Reports that an article spared", _deflected),
    )
}
