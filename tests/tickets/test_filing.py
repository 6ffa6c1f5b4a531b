"""Filing an incident: who serves it, what is owed, what is refused, what is kept."""

import re
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import GoldDefault
from core.journal import entries_of
from core.models import JournalEntry
from entitlements.enums import EntryKind, Level
from entitlements.models import CoverageDecision, LedgerEntry
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_licence,
    make_organisation,
    make_project,
    make_subscription,
)
from tests.tickets.desk import covered, filed, journal, level_of, moment, target_of, told
from tickets.actions.filing import Report, file_incident
from tickets.enums import Priority, State
from tickets.errors import (
    EmptyFile,
    EmptyText,
    FileTooLarge,
    LicenceNotFound,
    ProjectNotFound,
    TooManyFiles,
    UnknownService,
)
from tickets.models import Incident, Message

pytestmark = pytest.mark.django_db


def file(content: bytes = b"imap: refused\n", name: str = "imap.log") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def assert_nothing_was_written() -> None:
    for model in (Incident, Message, CoverageDecision, Notice):
        assert not model._default_manager.exists(), model
    assert not JournalEntry.objects.filter(kind__startswith="incident.").exists()


@pytest.mark.parametrize(
    ("level", "due_at"),
    (
        (Level.PREMIUM, "2026-03-02T15:00+00:00"),
        (Level.FIRST, "2026-03-03T09:00+00:00"),
    ),
)
def test_a_report_is_served_by_the_level_that_was_paid_and_owes_an_answer_by_its_clock(
    level, due_at
):
    incident = filed(covered(level))

    target = target_of(incident)
    assert level_of(incident) == level
    assert (target.cycle, target.opened_at, target.due_at) == (1, NINE, moment(due_at))
    assert (incident.state, incident.tier, incident.received_at) == (State.NEW, 1, NINE)


def test_basic_counts_working_hours_in_berlin():
    licence = make_licence(registered_on=date(2026, 1, 10))

    incident = filed(licence, at=moment("2026-01-12T09:00+01:00"))  # S01

    assert level_of(incident) == Level.BASIC
    assert target_of(incident).due_at == moment("2026-01-14T15:00+01:00")


def test_a_named_golive_project_serves_before_everything_else_and_spends_no_gold():
    licence = covered(gold=3)
    project = make_project(licence.organisation)

    incident = filed(licence, project=project, use_gold=True)

    assert level_of(incident) == Level.GOLIVE
    assert target_of(incident).due_at == NINE + hours(3)
    assert licence.incident_packs.get().available == 3


def test_gold_is_spent_with_the_incident_and_answered_within_three_hours():
    licence = covered(gold=3)

    incident = filed(licence, use_gold=True)

    pack = licence.incident_packs.get()
    consumed = LedgerEntry.objects.get(kind=EntryKind.CONSUME)
    assert level_of(incident) == Level.GOLD
    assert target_of(incident).due_at == NINE + hours(3)
    assert (pack.available, consumed.incident, consumed.balance) == (2, incident, 2)
    assert incident.decision.gold_depleted is False


@pytest.mark.parametrize(
    ("default", "priority", "spent"),
    (
        (GoldDefault.ALWAYS, Priority.LOW, 1),
        (GoldDefault.HIGHEST, Priority.CRITICAL, 1),
        (GoldDefault.HIGHEST, Priority.HIGH, 0),
        (GoldDefault.NEVER, Priority.CRITICAL, 0),
        (GoldDefault.ASK, Priority.CRITICAL, 0),
    ),
)
def test_who_does_not_say_spends_gold_as_their_organisation_decided(default, priority, spent):
    licence = covered(organisation=make_organisation(gold_default=default), gold=3)

    filed(licence, priority=priority)

    assert licence.incident_packs.get().available == 3 - spent


def test_what_the_reporter_says_about_gold_beats_the_default_of_the_organisation():
    licence = covered(organisation=make_organisation(gold_default=GoldDefault.ALWAYS), gold=3)

    incident = filed(licence, use_gold=False)

    assert level_of(incident) == Level.PREMIUM
    assert licence.incident_packs.get().available == 3


def test_an_empty_pack_leaves_premium_and_says_so_in_the_reasons():
    licence = covered(gold=1)
    filed(licence, use_gold=True)

    incident = filed(licence, use_gold=True)

    codes = {one["level"]: one["code"] for one in incident.decision.considered}
    assert (level_of(incident), codes["gold"]) == (Level.PREMIUM, "pack_empty")
    assert target_of(incident).due_at == NINE + hours(6)


def test_what_nothing_covers_is_kept_without_a_clock_and_the_person_is_told_why():
    licence = make_licence(registered_on=date(2020, 1, 1))
    reporter = make_contact(licence.organisation)

    incident = filed(licence, reporter=reporter)

    assert level_of(incident) is None
    assert not incident.targets.exists()
    assert incident.owner is None
    assert {one["code"] for one in incident.decision.considered} >= {"expired"}
    assert incident.decision.remedies
    notice = Notice.objects.get(to=reporter)
    assert notice.template == "incident_not_covered"
    assert notice.context["reasons"]
    assert notice.context["remedies"] == incident.decision.remedies


def test_a_lapsed_subscription_does_not_cover_and_says_since_when():
    licence = make_licence()
    make_subscription(licence, starts_on=date(2025, 2, 1), ends_on=date(2026, 2, 1))

    incident = filed(licence)

    sentences = " ".join(one["sentence"] for one in incident.decision.considered)
    assert level_of(incident) is None
    assert "31 January 2026" in sentences


def test_a_channel_that_the_level_has_not_does_not_cover():
    incident = filed(covered(Level.FIRST), channel="phone", by=make_engineer(), call_logged=True)

    codes = {one["level"]: one["code"] for one in incident.decision.considered}
    assert (level_of(incident), codes["first"]) == (None, "channel_not_included")


def test_a_report_without_a_licence_is_kept_uncovered():
    reporter = make_contact(covered().organisation)

    incident = file_incident(
        Report(reporter=reporter, service="migration", subject="", body="How do we move?"), at=NINE
    )

    assert (level_of(incident), incident.decision.considered) == (None, [])
    assert incident.decision.remedies
    assert told(incident, "incident_not_covered") == {reporter.email}


def test_s26_premium_that_lapses_keeps_the_running_clock_and_serves_no_later_report():
    licence = make_licence(make_organisation(timezone="Europe/Berlin"))
    make_subscription(licence, starts_on=date(2025, 9, 1), ends_on=date(2026, 9, 1))

    before = filed(licence, at=moment("2026-08-31T23:50+02:00"))
    after = filed(licence, at=moment("2026-09-01T00:00+02:00"))

    assert level_of(before) == Level.PREMIUM
    assert target_of(before).due_at == moment("2026-09-01T05:50+02:00")
    assert level_of(after) != Level.PREMIUM


def test_numbers_say_the_year_and_never_come_twice():
    licence = covered()

    numbers = [filed(licence).number for _ in range(3)]

    assert all(re.fullmatch(r"AX-2026-\d{6}", number) for number in numbers)
    assert len(set(numbers)) == 3


def test_the_reporter_is_told_by_when_and_the_engineer_that_it_is_theirs():
    engineer = make_engineer()
    licence = covered()
    reporter = make_contact(licence.organisation)

    incident = filed(licence, reporter=reporter)

    notice = Notice.objects.get(to=reporter)
    assert told(incident, "incident_filed") == {reporter.email}
    assert told(incident, "incident_assigned") == {engineer.email}
    assert notice.context["due_at"] == "2026-03-02T15:00:00+00:00"
    assert journal(incident) == [
        "incident.filed",
        "response_target.opened",
        "incident.dispatched",
    ]


def test_who_files_for_a_caller_stands_in_the_journal_and_the_caller_is_the_reporter():
    licence, engineer = covered(), make_engineer()
    caller = make_contact(licence.organisation)

    incident = filed(licence, reporter=caller, by=engineer, channel="phone")

    assert (incident.reporter, incident.channel) == (caller, "phone")
    assert entries_of(incident).get(kind="incident.filed").by == engineer
    assert incident.messages.get().author == caller


def test_a_call_that_an_engineer_files_is_served_by_a_level_with_telephone():
    licence = covered(Level.PREMIUM)

    incident = filed(licence, by=make_engineer(), channel="phone", call_logged=True)

    assert level_of(incident) == Level.PREMIUM


@pytest.mark.parametrize("who", ("nobody", "a colleague"))
def test_a_call_that_no_engineer_logged_is_not_covered_and_the_remedy_says_so(who):
    licence = covered(Level.PREMIUM)
    by = make_contact(licence.organisation) if who == "a colleague" else None

    incident = filed(licence, by=by, channel="phone")

    codes = {one["level"]: one["code"] for one in incident.decision.considered}
    assert (level_of(incident), codes["premium"]) == (None, "no_call_logged")
    assert "Call us, so that an engineer logs the call." in incident.decision.remedies
    assert "Report it through the web portal or by e-mail." in incident.decision.remedies


def test_a_missing_subject_is_the_first_line_of_the_text():
    incident = filed(subject=" \n ", body="\r\n  No mail since ten.\r\nQueue is full.")

    assert incident.subject == "No mail since ten."
    assert incident.messages.get().body == "  No mail since ten.\nQueue is full."


def test_nul_and_other_control_characters_are_left_out_of_what_is_kept():
    incident = filed(subject="IM\0AP\r\nstops", body="a\0b\x1b[31mc\td", version="10\0.5")

    message = incident.messages.get()
    assert (incident.subject, incident.version) == ("IMAP stops", "10.5")
    assert message.body == "ab[31mc\td"


def test_files_are_kept_under_names_that_nobody_guesses(settings: LazySettings):
    incident = filed(files=[file(name="../../etc/imap\0.log"), file(b"\x89PNG", "shot.png")])

    log, shot = incident.messages.get().attachments.all()
    assert (log.name, log.content_type, log.size) == ("imap.log", "application/octet-stream", 14)
    assert (shot.name, shot.content_type) == ("shot.png", "image/png")
    assert "imap" not in str(log.file.name)
    with log.file.open() as kept:
        assert kept.read() == b"imap: refused\n"
    assert log.file.path.startswith(str(settings.MEDIA_ROOT))


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (EmptyText, {"body": ""}, "Say in a few words"),
    (EmptyText, {"body": " \n\0\t "}, "Say in a few words"),
    (UnknownService, {"service": "astrology"}, "There is no service “astrology”"),
    (UnknownService, {"service": "trouble\0shooting!"}, "Choose one of: "),
    (EmptyFile, {"files": [file(b"")]}, "“imap.log” is empty"),
    (TooManyFiles, {"files": [file()] * 11}, "11 files are too many; up to 10"),
]


@pytest.mark.parametrize(("error", "asked", "says"), REFUSED)
def test_a_report_that_can_not_be_taken_is_refused_and_nothing_is_written(error, asked, says):
    with pytest.raises(error, match=says):
        filed(**asked)

    assert_nothing_was_written()


def test_a_file_of_60_mb_is_refused_with_its_size_and_the_limit():
    big = file()
    big.size = 60 * 2**20

    with pytest.raises(FileTooLarge, match="“imap.log” has 60 MB; a file may have 25 MB"):
        filed(files=[big])

    assert_nothing_was_written()


def test_the_licence_of_somebody_else_is_refused_as_if_it_did_not_exist():
    theirs = covered(gold=1)

    with pytest.raises(LicenceNotFound):
        filed(theirs, reporter=make_contact(), use_gold=True)

    assert_nothing_was_written()
    assert theirs.incident_packs.get().available == 1


def test_the_project_of_somebody_else_is_refused():
    with pytest.raises(ProjectNotFound):
        filed(project=make_project())

    assert_nothing_was_written()


def test_a_refused_file_gives_no_gold_away():
    licence = covered(gold=1)

    with pytest.raises(EmptyFile):
        filed(licence, use_gold=True, files=[file(b"")])

    assert licence.incident_packs.get().available == 1


def test_warnings_are_due_at_three_quarters_and_nine_tenths_of_the_way():
    incident = filed(at=moment("2026-09-08T09:00+02:00"))  # S39

    due = dict(target_of(incident).warnings.values_list("percent", "due_at"))
    assert due == {
        75: moment("2026-09-08T13:30+02:00"),
        90: moment("2026-09-08T14:24+02:00"),
    }


def test_an_evaluation_of_thirty_days_is_over_on_the_thirty_first():
    licence = make_licence(edition="evaluation", registered_on=NINE.date() - days(40))

    assert level_of(filed(licence)) is None
