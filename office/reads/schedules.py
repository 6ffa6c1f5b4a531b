"""What goes out by itself, in rows; and who may be chosen to read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Organisation, Person
from office.models import PictureSchedule, ReportSchedule
from office.querysets.schedules import OF_FIGURES, OF_REPORTS
from office.reads.figures.tables import PICTURES
from office.rules.schedules import WINDOWS

MOST = 200  # people to choose from, and rows of each kind


@dataclass(frozen=True)
class Going:
    """One row: `kind` is of its address, `what` its picture or customer, `which` its days."""

    kind: str
    one: PictureSchedule | ReportSchedule
    what: str
    which: str
    readers: Sequence[str]
    is_mine: bool  # comes to whoever looks

    @property
    def turn(self) -> str:
        """What can be done with it: of its address."""
        return "resume" if self.one.stopped_at else "stop"


def going_out(person: Person, *, customer: str = "") -> list[Going]:
    """What this person sees of it: pictures first; `customer` narrows the reports to one (slug)."""
    reports = ReportSchedule.objects.visible_to(person).select_related(
        "organisation", "by", "set_by"
    )
    if customer:
        reports = reports.filter(organisation__slug=customer)
    pictures = PictureSchedule.objects.visible_to(person).select_related("by", "set_by")
    found: list[tuple[str, PictureSchedule | ReportSchedule]] = []
    if not customer:
        found += [("picture", one) for one in pictures[:MOST]]
    found += [("report", one) for one in reports[:MOST]]
    names = _names(person, (one for _, one in found))
    return [
        Going(
            kind,
            one,
            _what(one),
            WINDOWS[one.window] if isinstance(one, PictureSchedule) else "the month before",
            [names[pk] for pk in one.readers if pk in names],
            person.pk in one.readers,
        )
        for kind, one in found
    ]


def readers_of_figures(person: Person) -> list[Person]:
    """Who may get a picture of those whom this person sees."""
    seen = Person.objects.visible_to(person).active().filter(role__in=OF_FIGURES)
    return list(seen.order_by("name", "pk")[:MOST])


def readers_of_reports(person: Person, organisation: Organisation) -> list[Person]:
    """The customer's people who see all its reports, and of the team who may issue them."""
    seen = Person.objects.visible_to(person).active().select_related("organisation")
    theirs = [
        who for who in seen.filter(organisation=organisation).order_by("name") if who.sees_all
    ]
    team = seen.filter(role__in=OF_REPORTS).order_by("name")
    ours = [who for who in team if who.is_manager or who.pk == organisation.tam_id]
    return [*theirs, *ours][:MOST]


def _names(person: Person, rows: Iterable[PictureSchedule | ReportSchedule]) -> dict[int, str]:
    keys = {pk for one in rows for pk in one.readers}
    return dict(Person.objects.visible_to(person).filter(pk__in=keys).values_list("pk", "name"))


def _what(one: PictureSchedule | ReportSchedule) -> str:
    if isinstance(one, ReportSchedule):
        return one.organisation.name
    picture = PICTURES.get(one.show)
    return picture.title if picture else one.show
