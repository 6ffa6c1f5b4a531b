"""What solved an incident and why it happened: asked when it ends, shown, found, counted."""

from datetime import datetime

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from core.journal import entries_of
from core.kinds import kinds
from reports.reads.content import content_of
from reports.rules.months import Month
from tests.factories import (
    NINE,
    hours,
    make_cause,
    make_contact,
    make_defect,
    make_engineer,
    make_incident,
    make_manager,
    make_solution,
)
from tests.tickets.api.client import URL, client_of
from tests.tickets.desk import covered, filed
from tests.tickets.staff_pages import action_of, form, page_of, reported
from tickets.actions.conversation import answer
from tickets.actions.lifecycle import close, go_on, reopen
from tickets.actions.solutions import keep_cause
from tickets.enums import State
from tickets.errors import AlreadyFinished, CauseUnnamed, SolutionMissing
from tickets.forms.ending import moves_of
from tickets.models import Cause, Incident, Solution
from tickets.reads.search.conditions import conditions, parsed_for

pytestmark = pytest.mark.django_db

APRIL = datetime.fromisoformat("2026-04-03T09:00:00+00:00")


@pytest.fixture
def engineer():
    return make_engineer()


def solve(incident, by, at=NINE + hours(1), **fields):
    return answer(incident, author=by, body="Restart it.", at=at, then=State.SOLVED, **fields)


def march(organisation):
    return content_of(organisation, Month.parse("2026-03"), at=APRIL)


def test_it_is_kept_with_the_solution_and_read_by_the_customer(client, engineer):
    incident = filed()
    solve(incident, engineer, solution="The limit was raised.", cause=make_cause())

    entry = entries_of(incident).filter(kind="incident.solution").get()
    assert kinds[entry.kind].read(entry.facts).words(str).text.endswith("down: Configuration")
    client.force_login(incident.reporter)
    page = client.get(reverse("tickets:detail", args=[incident.number])).content.decode()
    assert "The limit was raised." in page
    assert "Configuration" in page
    shown = client_of(incident.reporter).get(f"{URL}{incident.number}/").json()
    assert (shown["solution"], shown["cause"]) == ("The limit was raised.", "Configuration")


def test_what_is_open_again_shows_no_solution(client, engineer):
    incident = filed()
    solve(incident, engineer, solution="The limit was raised.", cause=make_cause())
    reopen(incident, by=engineer, at=NINE + hours(2))

    client.force_login(incident.reporter)
    page = client.get(reverse("tickets:detail", args=[incident.number])).content.decode()
    assert "The limit was raised." not in page


def test_the_report_counts_what_was_solved_by_cause_of_this_customer_alone(engineer):
    licence, theirs = covered(), covered()
    for key in ("how-to", "configuration", "configuration"):
        solve(filed(licence), engineer, solution=f"By {key}.", cause=make_cause(key))
    solve(filed(theirs), engineer, solution="A stranger's.", cause=make_cause("how-to"))
    solve(filed(licence), engineer)
    still = filed(licence)
    answer(still, author=engineer, body="We look.", at=NINE + hours(1))

    content = march(licence.organisation)

    counted = [(one.label, one.count) for one in content.counts.by_cause]
    assert counted == [("Configuration", 2), (make_cause("how-to").name, 1)]
    assert [row.cause for row in content.incidents].count("") == 2


def test_a_later_solution_changes_no_report_of_the_month_before(engineer):
    incident = filed()
    solve(incident, engineer, solution="First.", cause=make_cause("no-fault"))
    before = march(incident.organisation).incidents
    reopen(incident, by=engineer, at=APRIL - hours(3))
    solve(incident, engineer, at=APRIL - hours(2), solution="Then.", cause=make_cause("how-to"))

    assert march(incident.organisation).incidents == before


def test_the_search_finds_it_by_key_and_by_name(engineer):
    wanted, other = make_incident(), make_incident()
    make_solution(wanted, cause=make_cause("how-to"))
    make_solution(other, cause=make_cause("no-fault"))

    def found(words, person=engineer):
        parsed = parsed_for(words, person)
        rows = Incident.objects.visible_to(person).filter(conditions(parsed, person, NINE))
        return list(rows)

    assert found("cause:how-to") == [wanted]
    assert found('cause:"how it is done"') == [wanted]
    assert set(found("-cause:how-to")) == {other}
    assert found("cause:how-to", make_contact()) == []


@pytest.mark.parametrize("missing", ("solution", "cause"))
def test_the_desk_asks_for_both_where_an_answer_solves(client, engineer, missing):
    incident = reported()
    client.force_login(engineer)
    sent = {"body": "Solved.", "then": "solved", "seen": incident.messages.latest("pk").pk}
    sent |= {"solution": "It went away.", "cause": make_cause("no-fault").key}

    refused = client.post(action_of(incident, "answer"), form(**sent | {missing: ""}))
    done = client.post(action_of(incident, "answer"), form(**sent))
    thanks = client.post(
        action_of(incident, "answer"),
        form(body="You are welcome.", then="solved", seen=incident.messages.latest("pk").pk),
    )

    assert (refused.status_code, done.status_code, thanks.status_code) == (400, 302, 302)
    assert Solution.objects.get().cause.key == "no-fault"


def test_a_known_defect_suggests_its_cause(client, engineer):
    make_cause("product-defect")
    client.force_login(engineer)

    page = client.get(page_of(reported(defect=make_defect()))).content.decode()

    assert '<option value="product-defect" selected>' in page


def test_closing_without_an_answer_asks_unless_it_was_solved(client, engineer):
    open_one, solved = make_incident(state=State.OPEN), make_incident(state=State.SOLVED)
    client.force_login(engineer)
    said = {"solution": "It was no report.", "cause": make_cause("other").key}

    statuses = [
        client.post(action_of(open_one, "close"), form()).status_code,
        client.post(action_of(open_one, "close"), form(**said)).status_code,
        client.post(action_of(solved, "close"), form()).status_code,
    ]

    assert statuses == [400, 302, 302]
    assert open_one.solutions.get().text == "It was no report."
    assert not solved.solutions.exists()


def test_a_customer_s_closing_registers_nothing(engineer):
    incident = filed()
    close(
        incident,
        by=incident.reporter,
        at=NINE + hours(1),
        solution="Me.",
        cause=make_cause("other"),
    )

    assert not Solution.objects.exists()


def test_a_cause_without_a_sentence_is_refused(engineer):
    with pytest.raises(SolutionMissing):
        solve(filed(), engineer, cause=make_cause())


def test_programs_may_name_them(engineer):
    incident, api = filed(), client_of(engineer)
    said = {"body": "So.", "then": "solved", "solution": "A setting.", "cause": make_cause().key}

    wrong = api.post(f"{URL}{incident.number}/messages/", said | {"cause": "nonsense"})
    right = api.post(f"{URL}{incident.number}/messages/", said)

    assert (wrong.status_code, right.status_code) == (400, 201)
    assert incident.solutions.get().cause == make_cause()


def test_the_state_is_changed_where_it_stands(client, engineer):
    incident = make_incident(state=State.OPEN)
    client.force_login(engineer)
    said = {"solution": "A setting.", "cause": make_cause().key}

    def to(state, **more):
        client.post(action_of(incident, "state"), form(to=state, **more))
        return Incident.objects.get(pk=incident.pk).state

    assert [to("waiting"), to("open"), to("closed"), to("closed", **said), to("open")] == [
        State.WAITING,
        State.OPEN,
        State.OPEN,  # what solved it was not said
        State.CLOSED,
        State.OPEN,
    ]
    assert to("solved") == State.OPEN  # solving is an answer


@pytest.mark.parametrize("state", State)
def test_from_each_state_to_the_others(state):
    moves = [key for key, _ in moves_of(make_incident(state=state))]

    assert state not in moves
    assert State.SOLVED not in moves
    assert State.NEW not in moves


def test_going_on_is_for_what_is_open_and_who_may(engineer):
    with pytest.raises(AlreadyFinished):
        go_on(make_incident(state=State.SOLVED), by=engineer, at=NINE)
    with pytest.raises(NotAllowed):
        go_on(make_incident(state=State.WAITING), by=make_contact(), at=NINE)


def test_managers_keep_the_list(client, engineer):
    client.force_login(make_manager())
    sent = {"key": "training", "name": "Training", "position": 70, "is_offered": "on"}

    client.post(reverse("admin:tickets_cause_add"), sent)
    cause = Cause.objects.get(key="training")
    changed = {"name": "Lack of training", "position": 5}
    client.post(reverse("admin:tickets_cause_change", args=[cause.pk]), changed)

    cause.refresh_from_db()
    assert (cause.name, cause.is_offered) == ("Lack of training", False)
    for by, name, refusal in ((engineer, "A", NotAllowed), (make_manager(), " ", CauseUnnamed)):
        with pytest.raises(refusal):
            keep_cause("a", name=name, position=1, is_offered=True, by=by, at=NINE)
    client.force_login(engineer)
    assert client.get(reverse("admin:tickets_cause_add")).status_code in (302, 403)
