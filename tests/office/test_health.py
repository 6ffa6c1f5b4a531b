"""The health score: a pure rule, its data, its history."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowed
from core.models import JournalEntry
from office.actions.health import keep_scores, set_rules
from office.errors import ScalesUnusable
from office.models import HealthScore
from office.reads.health import counting_rules, scores_before, weeks_of
from office.rules.health import DEFAULT, MEASURES, Scale, health_of, in_words, mood_of
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_incident,
    make_manager,
    make_organisation,
    make_rating,
    make_tam,
)
from tests.factories.accounts_kept import make_score

VALUES = st.dictionaries(
    st.sampled_from([one.key for one in MEASURES]), st.none() | st.floats(-10, 1000)
)


@given(VALUES)
def test_a_score_lies_between_0_and_100_and_its_parts_weigh_all_of_it(values):
    found = health_of(values, DEFAULT)

    if found.score is None:
        assert not found.parts
        return
    assert 0 <= found.score <= 100
    assert 97 <= sum(one.weight for one in found.parts) <= 103  # each is rounded
    points = [one.points for one in found.parts]
    assert min(points) <= found.score <= max(points)


def test_what_can_not_be_measured_weighs_nothing():
    assert health_of({"promises": 100, "satisfaction": None}, DEFAULT).score == 100
    assert health_of({}, DEFAULT).score is None
    assert mood_of(None, DEFAULT) == ""


def test_a_scale_may_run_either_way():
    assert [Scale(1, 5, 0).points(n) for n in (0, 1, 5, 9)] == [100, 80, 0, 0]
    assert [Scale(1, 80, 100).points(n) for n in (70, 90, 100)] == [0, 50, 100]


def test_the_words_name_what_pulls_it_down_most():
    found = health_of({"promises": 80, "satisfaction": 4.8, "old": 2, "contact": 0}, DEFAULT)

    assert (
        in_words(found) == "Pulled down most by answers in time (80 %) and old incidents (2 open)."
    )
    assert mood_of(found.score, DEFAULT) == "watch"


@pytest.mark.django_db
def test_a_managers_weights_count_from_then_on_and_stand_in_the_journal():
    manager = make_manager()
    rules = replace(DEFAULT, good_from=90)

    made = set_rules(rules, by=manager, at=NINE)

    assert made is not None
    assert counting_rules().rules == rules
    assert set_rules(rules, by=manager, at=NINE) is None  # nothing was different
    entry = JournalEntry.objects.get(kind="health_rules.changed")
    assert (entry.facts["before"]["good_from"], entry.facts["after"]["good_from"]) == (75, 90)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rules",
    (
        replace(DEFAULT, watch_from=80),
        replace(DEFAULT, scales={"old": Scale(0, 5, 0)}),
        replace(DEFAULT, scales={"old": Scale(5, 3, 3)}),
    ),
)
def test_scales_that_say_nothing_are_refused(rules):
    with pytest.raises(ScalesUnusable):
        set_rules(rules, by=make_manager(), at=NINE)


@pytest.mark.django_db
def test_only_managers_change_them_and_only_they_see_the_page(client):
    with pytest.raises(NotAllowed):
        set_rules(DEFAULT, by=make_tam(), at=NINE)
    client.force_login(make_tam())
    assert client.get(reverse("admin:health_rules")).status_code == 404


@pytest.mark.django_db
def test_the_page_keeps_what_was_typed_and_shows_the_versions(client):
    client.force_login(make_manager(name="Maria Manager"))
    url = reverse("admin:health_rules")
    fields: dict[str, float] = {"good_from": 80, "watch_from": 40}
    for one in MEASURES:
        scale = DEFAULT.scales[one.key]
        fields |= {f"weight_{one.key}": scale.weight, f"worst_{one.key}": scale.worst}
        fields |= {f"best_{one.key}": scale.best}

    refused = client.post(url, fields | {"weight_gold": "x"})
    assert refused.status_code == 400
    assert client.post(url, fields).status_code == 302
    assert "Maria Manager" in client.get(url).content.decode()
    assert counting_rules().rules.good_from == 80


@pytest.mark.django_db
def test_the_night_keeps_one_score_a_day_for_each_customer():
    organisation, stranger = make_organisation(), make_organisation()
    solved = make_incident(
        organisation=organisation, reporter=make_contact(organisation), state="solved"
    )
    make_rating(solved, score=5, given_at=NINE - days(2))
    both = [organisation.pk, stranger.pk]

    assert keep_scores(both, at=NINE) == 2
    assert keep_scores(both, at=NINE) == 0

    kept = HealthScore.objects.get(organisation=organisation)
    assert kept.score == 100
    assert {one["key"] for one in kept.parts} == {"satisfaction", "old"}


@pytest.mark.django_db
def test_history_is_that_of_the_customer_by_weeks():
    organisation = make_organisation()
    make_score(organisation, on=(NINE - days(31)).date(), score=60)
    make_score(organisation, on=(NINE - days(29)).date(), score=90)
    make_score(make_organisation(), on=(NINE - days(31)).date(), score=1)

    assert scores_before([organisation.pk], at=NINE) == {organisation.pk: 60}
    weeks = weeks_of(organisation.pk, at=NINE)
    assert len(weeks) == 18
    assert [one.score for one in weeks if one.score is not None] in ([75], [60, 90])
