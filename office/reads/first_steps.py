"""From an empty desk to the first answered incident: what is there, what is missing, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.enums import ENGINEER_ROLES, Role
from accounts.models import Organisation, Person
from core.models import JournalEntry
from entitlements.models import CalendarVersion, LevelVersion, Licence
from mailroom.models import InboundMail
from notices.models import Notice
from tickets.enums import MessageKind
from tickets.models import Message

MAIL_TEST = "mail_test"
LOOKED_AT = {"catalogue": "catalogue", "calendars": "calendars"}
_EXAMPLE = (".example", "example.com")


@dataclass(frozen=True)
class Step:
    """`says` is how it stands, `why` why it matters; `url` and `action` lead to where it is done.

    `can_test` and `can_look` offer a button of its own beside that.
    """

    key: str
    title: str
    is_done: bool
    says: str
    why: str
    url: str = ""
    action: str = ""
    can_test: bool = False
    can_look: bool = False


def first_steps() -> list[Step]:
    """In their order; needs an unrestricted transaction."""
    return [_vendor(), _mail_out(), _mail_in(), _calendars(), _catalogue(), *_people(), _answered()]


def _vendor() -> Step:
    vendor = settings.VENDOR
    address = str(vendor["support_address"])
    is_example = address.endswith(_EXAMPLE) or str(vendor["web"]).endswith(_EXAMPLE)
    return Step(
        "vendor",
        "Your name and addresses",
        not is_example,
        f"{vendor['name']}, {address}, {vendor['phone']}, {vendor['web']}."
        + (" These are examples." if is_example else ""),
        "They stand on each page, mail, report and letterhead. Whoever runs the desk sets"
        " VENDOR_NAME, SUPPORT_ADDRESS, VENDOR_PHONE, VENDOR_WEB and VENDOR_ADDRESS, and starts"
        " it again.",
    )


def _mail_out() -> Step:
    last = Notice.objects.filter(template=MAIL_TEST).order_by("-made_at").first()
    says = "No mail was sent as a test yet."
    if last is not None and last.sent_at:
        says = f"The last test went to {last.recipient} and was taken by the mail server."
    elif last is not None and last.last_error:
        says = f"The last test was not sent: {last.last_error}"
    elif last is not None:
        says = f"A test to {last.recipient} is on its way. Look again in a moment."
    is_done = last is not None and last.sent_at is not None
    why = (
        "Acknowledgements, answers and warnings go by mail: without it customers wait for nothing."
    )
    return Step("mail_out", "Mail goes out", is_done, says, why, can_test=True)


def _mail_in() -> Step:
    last = InboundMail.objects.order_by("-received_at").first()
    addresses = ", ".join(settings.SUPPORT_ADDRESSES)
    says = f"No mail came in yet. Write one to {addresses}, or answer the test mail."
    if last is not None:
        says = f"The last one came from {last.sender or 'an unknown sender'}."
    return Step(
        "mail_in",
        "Mail comes in",
        last is not None,
        says,
        "Customers report by mail and answer mails; each has to become an incident or a message.",
        reverse("admin:mail_aside"),
        "Look at what was kept aside",
    )


def _calendars() -> Step:
    edited = CalendarVersion.objects.filter(made_by__isnull=False).exists()
    return Step(
        "calendars",
        "Working hours and holidays",
        edited or _was_looked_at("calendars"),
        "They were changed here." if edited else "They are as delivered.",
        "Working-hour promises count by them: a holiday that is missing makes answers late.",
        reverse("admin:entitlements_calendarversion_changelist"),
        "Look at the calendars",
        can_look=True,
    )


def _catalogue() -> Step:
    edited = LevelVersion.objects.filter(made_by__isnull=False).exists()
    return Step(
        "catalogue",
        "What you sell and promise",
        edited or _was_looked_at("catalogue"),
        "It was changed here." if edited else "It is as delivered.",
        "Each incident is promised an answer by it, and keeps the version that it was promised by.",
        reverse("admin:catalogue"),
        "Look at the catalogue",
        can_look=True,
    )


def _people() -> list[Step]:
    staff = Person.objects.active().filter(role__in=ENGINEER_ROLES).exclude(role=Role.PARTNER)
    engineers = staff.count()
    customers = Organisation.objects.filter(closed_at=None).order_by("pk")
    first = customers.first()
    licences = Licence.objects.counting().count()
    people = Person.objects.active().filter(organisation__isnull=False).count()
    steps = [
        Step(
            "engineer",
            "The first engineer",
            engineers > 0,
            f"{engineers} can take incidents." if engineers else "Nobody can take an incident.",
            "Incidents are given to engineers; without one they wait, and promises are broken.",
            reverse("admin:accounts_person_add"),
            "Add an engineer",
        ),
        Step(
            "customer",
            "The first customer",
            first is not None,
            f"{first} is there." if first else "There is no organisation.",
            "Only people of a customer are served. Many can be brought in from a table at once.",
            reverse("admin:accounts_organisation_add"),
            "Add an organisation",
        ),
    ]
    if first is not None:
        steps.append(
            Step(
                "licence",
                "A licence, and somebody who reports",
                licences > 0 and people > 0,
                f"Licences: {licences}. People of customers: {people}.",
                "What is promised hangs on a licence, and a report needs somebody to answer.",
                reverse("admin:organisation", args=[first.slug]),
                f"Open {first}",
            )
        )
    return steps


def _answered() -> Step:
    answered = Message.objects.filter(kind=MessageKind.ANSWER).exists()
    return Step(
        "answered",
        "The first answered incident",
        answered,
        "It was answered." if answered else "Nothing was answered yet.",
        "File one for the customer, answer it, and read in the mail what the customer reads.",
        reverse("admin:queue"),
        "Open the queue",
    )


def _was_looked_at(step: str) -> bool:
    seen: Any = JournalEntry.objects.filter(kind="first_step.looked_at", facts__step=step)
    return bool(seen.exists())
