"""The managers' page of alarms: what counts, changed step by step; nobody else has it."""

import pytest
from django.urls import reverse

from tests.factories import NINE, make_engineer, make_manager, make_tam
from tickets.actions.promises.alarm_policies import change_policy, in_force
from tickets.models import AlarmPolicy
from tickets.rules.promises.alarm_steps import AS_SHIPPED, BREACH, Step, warn_at

pytestmark = pytest.mark.django_db

LIST = reverse("admin:alarm_policies")
GOLD = reverse("admin:alarm_policy", args=["gold"])
DEFAULT = reverse("admin:alarm_policy", args=["default"])


@pytest.fixture
def manager(client):
    manager = make_manager()
    client.force_login(manager)
    return manager


def posted(*steps: Step) -> dict[str, object]:
    """What the form sends for these steps."""
    fields: dict[str, object] = {}
    warnings = [one for one in steps if one.percent < BREACH]
    prefixes = [*(f"warning{n}" for n in range(1, len(warnings) + 1)), "breach"]
    for prefix, one in zip(prefixes, steps, strict=True):
        fields |= {f"{prefix}-percent": one.percent, f"{prefix}-tell": one.notify}
        fields |= {f"{prefix}-call": one.call}
        if one.raise_priority:
            fields[f"{prefix}-raise_priority"] = "on"
    return fields


EDGY = (Step(50, ("owner",)), Step(BREACH, ("owner", "managers"), "on_duty", True))


@pytest.mark.parametrize("make", (make_engineer, make_tam))
@pytest.mark.parametrize("url", (LIST, GOLD))
def test_only_managers_have_the_page(client, make, url):
    client.force_login(make())

    assert client.get(url).status_code == 404


def test_the_list_says_in_words_what_counts(client, manager):
    change_policy("gold", EDGY, by=manager, at=NINE)

    page = client.get(LIST).content.decode()

    assert "mail to the owner, the leads and the account manager" in page
    assert "a call to the engineer on duty, priority up by one" in page
    assert page.count("As every other level") == 4


def test_a_level_gets_its_own_policy(client, manager):
    answer = client.post(GOLD, posted(*EDGY))

    assert answer.url == LIST
    assert in_force()["gold"].steps == EDGY
    assert in_force()["premium"].steps == AS_SHIPPED
    assert AlarmPolicy.objects.get().made_by == manager


def test_the_form_shows_what_counts_and_sent_unchanged_keeps_it(client, manager):
    change_policy("", EDGY, by=manager, at=NINE)
    page = client.get(DEFAULT).content.decode()

    client.post(DEFAULT, posted(*EDGY))

    assert 'value="50"' in page
    assert AlarmPolicy.objects.count() == 1


def test_a_refused_policy_keeps_what_was_typed_and_says_why(client, manager):
    twice = posted(Step(33, ("owner",)), Step(33, ("tam",)), Step(BREACH, ("owner",)))

    answer = client.post(GOLD, twice)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Two warnings are given at the same percent" in page
    assert page.count('value="33"') == 2
    assert not AlarmPolicy.objects.exists()


@pytest.mark.parametrize("percent", ("0", "100", "-5", "many"))
def test_a_percent_that_is_none_is_refused_at_its_field(client, manager, percent):
    fields = posted(*EDGY) | {"warning1-percent": percent}

    answer = client.post(GOLD, fields)

    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not AlarmPolicy.objects.exists()


def test_a_level_follows_the_others_again(client, manager):
    change_policy("gold", EDGY, by=manager, at=NINE)

    client.post(GOLD, {"follow": "1"})

    assert warn_at(in_force()["gold"].steps) == [75, 90]
    assert "version 2" in client.get(LIST).content.decode()


def test_no_other_level_is_known(client, manager):
    assert client.get(reverse("admin:alarm_policy", args=["silver"])).status_code == 404
