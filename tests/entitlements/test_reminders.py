"""Reminders that support ends: to whom, when, once, and over their indexes."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.journal import entries_of
from entitlements import tasks
from entitlements.actions.reminders import (
    due_basic_reminders,
    due_reminders,
    remind,
    remind_of_basic,
)
from entitlements.models import Licence, Subscription
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    make_admin_contact,
    make_contact,
    make_licence,
    make_organisation,
    make_pack,
    make_subscription,
    make_tam,
)
from tests.tickets.desk import moment
from tests.tickets.test_plans import copies, fill
from tests.tickets.test_races import at_once

pytestmark = pytest.mark.django_db

LAST = date(2026, 12, 31)  # of the subscriptions that the factory makes


def noon(day: date) -> datetime:
    return moment(f"{day}T12:00+00:00")


def sweep(at: datetime) -> int:
    told = sum(remind(one.pk, at=at) for one in due_reminders(at))
    return told + sum(remind_of_basic(one.pk, at=at) for one in due_basic_reminders(at))


def contracted(level: str = "premium", **fields) -> Subscription:
    """A year that ends with `LAST`, of a customer in UTC with an admin contact."""
    organisation = make_organisation(timezone="UTC")
    make_admin_contact(organisation)
    return make_subscription(make_licence(organisation), level=level, **fields)


def told_on() -> list[tuple[str, str]]:
    told = Notice.objects.order_by("made_at", "pk").values_list("template", "made_at")
    return [(template, f"{at:%m-%d}") for template, at in told]


def test_people_are_told_60_30_and_7_days_before_and_the_day_after_each_once():
    contracted()

    for n in range(-65, 20):
        sweep(noon(LAST + timedelta(days=n)))
        sweep(noon(LAST + timedelta(days=n)) + timedelta(hours=1))

    assert told_on() == [
        ("subscription_ends", "11-01"),
        ("subscription_ends", "12-01"),
        ("subscription_ends", "12-24"),
        ("subscription_ended", "01-01"),
    ]


def test_admin_contacts_and_the_account_manager_are_told_and_the_journal_says_so():
    subscription = contracted()
    organisation = subscription.organisation
    admin = organisation.people.get()
    make_contact(organisation)
    make_admin_contact(organisation, is_active=False)
    tam = make_tam(organisation)
    make_admin_contact()

    sweep(noon(LAST - days(7)))

    told = {one.to: one.context["url"].partition("/")[2] for one in Notice.objects.all()}
    assert set(told) == {admin, tam}
    assert told[admin].endswith(f"/orders/new/?licence={subscription.licence_id}")
    assert told[tam].endswith(f"/admin/organisations/{organisation.slug}/")
    (entry,) = entries_of(subscription)
    assert (entry.kind, entry.facts["last_on"]) == ("subscription.reminded", str(LAST))


def test_where_nobody_is_admin_all_contacts_are_told_and_where_nobody_is_nothing_is_written():
    people = [make_contact(make_organisation(timezone="UTC"))]
    people.append(make_contact(people[0].organisation))
    make_subscription(make_licence(people[0].organisation))
    lonely = make_subscription()

    sweep(noon(LAST - days(7)))

    assert {one.to for one in Notice.objects.all()} == set(people)
    assert not entries_of(lonely).exists()


def test_after_an_outage_only_the_nearest_is_told():
    contracted()

    sweep(noon(LAST - days(5)))

    (notice,) = Notice.objects.all()
    assert notice.key.endswith(":7")
    assert notice.context["day"] == "Thursday 31 December 2026"


def test_what_ended_long_ago_or_was_bought_after_the_day_is_not_told():
    contracted(bought_at=noon(LAST - days(20)))

    for at in (LAST - days(20), LAST - days(8), LAST + days(8)):
        assert sweep(noon(at)) == 0
    assert sweep(noon(LAST - days(7))) == 1


@pytest.mark.parametrize(
    ("level", "after", "told"),
    (
        ("premium", {"level": "premium", "starts_on": date(2027, 1, 1)}, 0),
        ("first", {"level": "premium", "starts_on": date(2026, 6, 1)}, 0),
        ("premium", {"level": "first", "starts_on": date(2027, 1, 1)}, 1),
        ("premium", {"level": "premium", "starts_on": date(2027, 1, 2)}, 1),
        ("premium", {"level": "premium", "starts_on": date(2027, 1, 1), "void_at": NINE}, 1),
    ),
)
def test_who_has_what_follows_without_a_gap_is_not_told(level, after, told):
    subscription = contracted(level)
    make_subscription(subscription.licence, **after | {"ends_on": date(2028, 1, 1)})

    assert sweep(noon(LAST - days(30))) == told


def test_nothing_is_told_of_what_is_void_or_was_transferred():
    contracted(void_at=NINE)
    gone = contracted()
    Licence.objects.filter(pk=gone.licence_id).update(transferred_at=NINE)

    assert sweep(noon(LAST - days(30))) == 0
    assert sweep(noon(LAST + days(1))) == 0


def test_people_are_told_in_their_own_morning():
    west = make_organisation(timezone="America/Los_Angeles")
    make_admin_contact(west)
    make_subscription(make_licence(west))

    assert sweep(moment("2026-12-24T07:59-08:00")) == 0
    assert sweep(moment("2026-12-24T08:00-08:00")) == 1


def test_what_becomes_of_gold_is_said():
    subscription = contracted()
    make_pack(subscription.licence, quantity=3)

    sweep(noon(LAST - days(7)))
    sweep(noon(LAST + days(1)))

    before, after = Notice.objects.order_by("made_at")
    assert "3 Gold incidents that are left end with Premium" in before.context["gold"]
    assert "from Friday 1 January 2027 on, without a gap" in after.context["gold"]


def test_a_renewal_between_the_look_and_the_telling_is_seen():
    subscription = contracted()
    (due,) = due_reminders(noon(LAST - days(7)))
    term = {"starts_on": date(2027, 1, 1), "ends_on": date(2028, 1, 1)}
    make_subscription(subscription.licence, **term)

    assert remind(due.pk, at=noon(LAST - days(7))) is False


@pytest.mark.parametrize(
    ("edition", "registered_on", "last_on"),
    (
        ("business", date(2025, 3, 20), date(2026, 3, 20)),
        ("office", date(2024, 2, 29), date(2025, 2, 28)),
        ("business", date(2027, 3, 5), date(2028, 3, 5)),
        ("evaluation", date(2026, 3, 20), date(2026, 4, 18)),
    ),
)
def test_the_end_of_basic_is_told_once_seven_days_before(edition, registered_on, last_on):
    organisation = make_organisation(timezone="UTC")
    make_admin_contact(organisation)
    made_at = noon(registered_on)
    make_licence(organisation, edition=edition, registered_on=registered_on, made_at=made_at)

    told = [n for n in range(-12, 4) if sweep(noon(last_on + timedelta(days=n)))]

    assert told == [-7]
    assert [one.template for one in Notice.objects.all()] == ["basic_ends"]


def test_the_end_of_basic_is_nothing_to_who_has_more_or_only_just_registered():
    organisation = make_organisation(timezone="UTC")
    make_admin_contact(organisation)
    basic = {"registered_on": date(2025, 3, 5), "made_at": noon(date(2025, 3, 5))}
    make_subscription(make_licence(organisation, **basic))
    make_licence(organisation, **basic | {"made_at": NINE})
    make_licence(organisation, **basic, transferred_at=NINE)

    assert sweep(NINE) == 0


# The sweep


def today() -> date:
    return timezone.now().date()


def awake(name: str = "UTC"):
    """An organisation where it is morning or later now, whenever the test runs."""
    at = timezone.now()
    zone = name if at.hour >= 9 else "Pacific/Auckland"
    organisation = make_organisation(timezone=zone)
    make_admin_contact(organisation)
    return organisation


def ending_soon() -> Subscription:
    ends_on = today() + days(5)
    return make_subscription(make_licence(awake()), starts_on=ends_on - days(365), ends_on=ends_on)


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(row[0] for row in cursor.fetchall())


def asked_for(table: str, asked) -> str:
    return next(
        str(one["sql"]) for one in asked if re.match(rf'SELECT "{table}"\."id"', one["sql"])
    )


def test_the_sweep_tells_and_reads_over_the_partial_indexes():
    soon = ending_soon()
    basic = make_licence(
        awake(),
        registered_on=today() - days(365 - 4),
        made_at=timezone.now() - days(365 - 4),
    )
    old = make_licence(transferred_at=NINE)
    fill(Licence, copies(old, key=lambda n: f"OLD-{n}"))
    over = make_licence(registered_on=date(2001, 1, 1))
    fill(Licence, copies(over, key=lambda n: f"OVER-{n}"))
    term = {"starts_on": lambda n: date(2001, 1, 1) + 2 * n * days(1)}
    term["ends_on"] = lambda n: date(2001, 1, 2) + 2 * n * days(1)
    fill(Subscription, copies(make_subscription(), **term))

    with CaptureQueriesContext(connection) as captured:
        told = tasks.remind()

    assert told == 2
    assert {one.subject.partition(":")[2] for one in Notice.objects.all()} == {
        str(soon.pk),
        str(basic.pk),
    }
    subscriptions = explained(asked_for("entitlements_subscription", captured))
    licences = explained(asked_for("entitlements_licence", captured))
    assert "subscription_ending" in subscriptions
    assert "Seq Scan on entitlements_subscription" not in subscriptions
    assert "licence_registered" in licences
    assert "Seq Scan on entitlements_licence" not in licences


def test_looking_costs_the_same_for_one_and_for_three():
    counts = []
    for _ in range(3):
        ending_soon()
        with CaptureQueriesContext(connection) as captured:
            due_reminders(timezone.now())
            due_basic_reminders(timezone.now())
        counts.append(len([one for one in captured if one["sql"].startswith("SELECT")]))

    assert counts == [4, 4, 4]


@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_once_tell_each_person_once():
    for _ in range(3):
        ending_soon()

    told = at_once(lambda _: tasks.remind(), 4)

    assert sum(told) == 3
    assert Counter(Notice.objects.values_list("key", flat=True)).most_common(1)[0][1] == 1
    assert Notice.objects.count() == 3
