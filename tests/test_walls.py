"""The second wall: row-level security on every tenant table, found in the database's catalogue.

Nothing here lists tables. A new one with an `organisation_id` and without `core.rls.protect`
fails at once; one that the factories do not fill fails until it has a function in `_FILL`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Organisation
from core import rls
from core.journal import record
from tests import factories as make
from tests.factories import accounts_kept

TENANT_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
           (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
       AND (c.relname = 'accounts_organisation' OR EXISTS (
            SELECT 1 FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attname = 'organisation_id' AND NOT a.attisdropped))
     ORDER BY c.relname
"""

# One row of the table for an organisation. A factory may fill the tables it needs as well.
_FILL: dict[str, Callable[[Organisation], Any]] = {
    "accounts_organisation": lambda one: one,
    "accounts_person": make.make_contact,
    "accounts_assignment": lambda one: make.make_engineer(one),
    "accounts_invitation": lambda one: make.make_invitation(organisation=one),
    "core_journalentry": lambda one: record("test.made", one, at=make.NINE, by=None),
    "core_searchdocument": make.make_search_document,
    "notices_bouncingaddress": lambda one: make.make_bouncing(make.make_contact(one)),
    "notices_noticechoices": lambda one: make.make_choices(make.make_contact(one)),
    "notices_quiethours": lambda one: make.make_quiet_hours(make.make_contact(one)),
    "notices_notice": lambda one: make.make_notice(organisation=one),
    "entitlements_licence": make.make_licence,
    "entitlements_subscription": lambda one: make.make_subscription(make.make_licence(one)),
    "entitlements_goliveproject": make.make_project,
    "entitlements_incidentpack": lambda one: make.make_pack(make.make_licence(one)),
    "entitlements_ledgerentry": lambda one: make.make_pack(make.make_licence(one)),
    "entitlements_coveragedecision": make.make_decision,
    "entitlements_renewalproposal": lambda one: make.make_renewal(
        make.make_subscription(make.make_licence(one))
    ),
    "entitlements_billing": make.make_billing,
    "entitlements_order": lambda one: make.make_order(make.make_licence(one)),
    "entitlements_technicalcontract": make.make_technical_contract,
    "office_importline": make.make_import_line,
    "office_reference": make.make_reference,
    "office_oldincident": make.make_old_incident,
    "office_oldmessage": lambda one: make.make_old_message(make.make_old_incident(one)),
    "office_oldfile": lambda one: make.make_old_file(
        make.make_old_message(make.make_old_incident(one))
    ),
    "resources_articlevote": make.make_vote,
    "resources_articleuse": make.make_use,
    "resources_deflection": make.make_deflection,
    "resources_download": make.make_download,
    "resources_betamember": make.make_beta_member,
    "resources_betafeedback": make.make_beta_feedback,
    "resources_runningversion": make.make_running,
    "resources_upgradebought": make.make_upgrade_bought,
    "office_accountnote": accounts_kept.make_note,
    "office_reviewplan": accounts_kept.make_plan,
    "office_healthscore": accounts_kept.make_score,
    "office_reportschedule": accounts_kept.make_report_schedule,
    "office_dayfigure": accounts_kept.make_day_figure,
    "resources_newsletterchoice": make.make_news_choice,
    "resources_author": make.make_author,
    "resources_forumchoice": make.make_forum_choice,
    "resources_topicincident": make.make_topic_incident,
    "resources_advisoryreach": make.make_reach,
    "tickets_incident": lambda one: make.make_incident(organisation=one),
    "tickets_message": lambda one: make.make_message(_incident(one)),
    "tickets_draft": lambda one: make.make_draft(_incident(one)),
    "tickets_draftfile": lambda one: make.make_draft_file(make.make_draft(_incident(one))),
    "tickets_attachment": lambda one: make.make_attachment(make.make_message(_incident(one))),
    "tickets_responsetarget": lambda one: make.make_target(_incident(one)),
    "tickets_targetwarning": lambda one: make.make_warning(make.make_target(_incident(one))),
    "tickets_internaltarget": lambda one: make.make_internal_target(_incident(one)),
    "tickets_escalationrequest": lambda one: make.make_escalation_request(_incident(one)),
    "tickets_handover": lambda one: make.make_handover(_incident(one)),
    "tickets_inboundmail": lambda one: make.make_mail(organisation=one),
    "tickets_dispatch": lambda one: make.make_dispatch(_incident(one)),
    "tickets_owedredispatch": lambda one: make.make_owed_redispatch(_incident(one)),
    "tickets_follower": lambda one: make.make_follower(_incident(one)),
    "notices_notification": lambda one: make.make_notification(_incident(one)),
    "tickets_merge": lambda one: make.make_merge(_incident(one)),
    "tickets_participant": lambda one: make.make_participant(_incident(one)),
    "tickets_handledrequest": lambda one: make.make_handled_request(_incident(one)),
    "tickets_call": lambda one: make.make_call(_incident(one)),
    "tickets_callback": lambda one: make.make_call_back(make.make_contact(one)),
    "tickets_phonenumber": lambda one: make.make_phone_number(make.make_contact(one)),
    "tickets_tag": lambda one: make.make_tag(_incident(one)),
    "tickets_aside": lambda one: make.make_aside(_incident(one)),
    "tickets_asidemember": lambda one: make.make_aside_member(make.make_aside(_incident(one))),
    "tickets_asidemessage": lambda one: make.make_aside_message(make.make_aside(_incident(one))),
    "tickets_worked": lambda one: make.make_worked(_incident(one)),
    "tickets_seen": lambda one: make.make_seen(make.make_message(_incident(one)).incident),
    "tickets_solution": lambda one: make.make_solution(_incident(one, state="solved")),
    "tickets_rating": lambda one: make.make_rating(_incident(one, state="solved")),
    "engagements_engagement": make.make_engagement,
    "engagements_featurerequest": lambda one: make.make_feature_request(make.make_engagement(one)),
    "engagements_requirements": lambda one: make.make_requirements(make.make_engagement(one)),
    "engagements_settingchange": lambda one: make.make_setting_change(make.make_engagement(one)),
    "engagements_sizing": lambda one: make.make_sizing(make.make_engagement(one)),
    "engagements_step": lambda one: make.make_step(make.make_engagement(one)),
    "engagements_cutover": lambda one: make.make_cut_over(make.make_engagement(one)),
    "engagements_gonogo": lambda one: make.make_round(make.make_engagement(one)),
    "engagements_criterion": lambda one: make.make_criterion(
        make.make_round(make.make_engagement(one))
    ),
    "engagements_vote": lambda one: make.make_go_vote(make.make_round(make.make_engagement(one))),
    "engagements_visitrequest": lambda one: make.make_visit_request(make.make_engagement(one)),
    "engagements_visit": lambda one: make.make_visit(make.make_engagement(one)),
    "engagements_visitor": lambda one: make.make_visitor(
        make.make_visit(make.make_engagement(one))
    ),
    "engagements_diaryentry": lambda one: make.make_diary_entry(
        make.make_visit(make.make_engagement(one))
    ),
    "engagements_member": lambda one: make.make_member(make.make_engagement(one)),
    "engagements_phase": lambda one: make.make_phase(make.make_engagement(one)),
    "engagements_task": lambda one: make.make_task(make.make_phase(make.make_engagement(one))),
    "engagements_risk": lambda one: make.make_risk(make.make_engagement(one)),
    "engagements_promise": lambda one: make.make_promise(make.make_engagement(one)),
    "engagements_message": lambda one: make.make_engagement_message(make.make_engagement(one)),
    "engagements_messagefile": lambda one: make.make_engagement_file(
        make.make_engagement_message(make.make_engagement(one))
    ),
    "engagements_document": lambda one: make.make_document_version(make.make_engagement(one)),
    "engagements_documentversion": lambda one: make.make_document_version(
        make.make_engagement(one)
    ),
    "engagements_audit": lambda one: make.make_audit(make.make_engagement(one)),
    "engagements_auditcase": lambda one: make.make_case(make.make_engagement(one)),
    "engagements_auditrun": lambda one: make.make_run(make.make_case(make.make_engagement(one))),
    "engagements_auditevidence": lambda one: make.make_evidence(
        make.make_run(make.make_case(make.make_engagement(one)))
    ),
    "engagements_auditfinding": lambda one: make.make_finding(
        make.make_case(make.make_engagement(one))
    ),
    "engagements_trainingsession": lambda one: make.make_training(organisation=one),
    "engagements_sessionpart": lambda one: make.make_training(organisation=one),
    "engagements_registration": make.make_registration,
    "engagements_attendance": lambda one: make.make_attendance(make.make_registration(one)),
    "engagements_trainingfeedback": lambda one: make.make_feedback(make.make_registration(one)),
    "engagements_certificate": lambda one: make.make_certificate(make.make_registration(one)),
    "reports_servicereport": make.make_report,
    "reports_reportdocument": lambda one: make.make_document(
        make.make_report(one, state="issued", month=date(2026, 1, 1))
    ),
}

pytestmark = pytest.mark.django_db


def _incident(organisation: Organisation, **fields: Any) -> Any:
    return make.make_incident(organisation=organisation, **fields)


def _rows(sql: str, values: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or [])
        return cursor.fetchall() if cursor.description else []


def _changed(sql: str, values: list[Any]) -> int:
    """How many rows an UPDATE or DELETE reached; it is undone at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        reached = int(cursor.rowcount)
        transaction.set_rollback(True)
    return reached


def tenant_tables() -> list[str]:
    return [row[0] for row in _rows(TENANT_TABLES)]


def column_of(table: str) -> str:
    return "id" if table == "accounts_organisation" else "organisation_id"


def is_append_only(table: str) -> bool:
    return bool(_rows("SELECT 1 FROM pg_trigger WHERE tgname = %s", [f"{table}_append_only"]))


def policies_of(table: str) -> str:
    sql = "SELECT coalesce(string_agg(qual, ' '), '') FROM pg_policies WHERE tablename = %s"
    return str(_rows(sql, [table])[0][0])


@pytest.fixture
def two_tenants() -> tuple[Organisation, Organisation]:
    """Each tenant table holds at least one row of both."""
    missing = set(tenant_tables()) - set(_FILL)
    assert not missing, f"tests/test_walls.py: say in _FILL how to make a row of {sorted(missing)}"
    ours, theirs = make.make_organisation(), make.make_organisation()
    for fill in _FILL.values():
        for organisation in (ours, theirs):
            fill(organisation)
    return ours, theirs


def test_every_tenant_table_stands_behind_the_wall():
    found = _rows(TENANT_TABLES)

    assert len(found) >= 20
    assert [row[0] for row in found if not all(row[1:])] == []


def test_no_tenant_table_is_forgotten_by_another_name():
    """A foreign key to the organisation under another name would escape the search above."""
    escaped = _rows(
        """
        SELECT conrelid::regclass::text FROM pg_constraint, unnest(conkey) AS key
          JOIN pg_attribute a ON a.attnum = key
         WHERE contype = 'f' AND confrelid = 'accounts_organisation'::regclass
           AND a.attrelid = conrelid AND a.attname <> 'organisation_id'
        """
    )

    assert escaped == []


def test_the_role_of_the_application_can_not_step_over_the_wall():
    (role,) = _rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    inherited = _rows(
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls)"
        " AND pg_has_role(current_user, oid, 'MEMBER')"
    )

    assert role == (False, False, False)
    assert inherited == []


def test_who_says_nothing_reads_nothing_but_what_is_shared(two_tenants):
    with rls.only(()):
        seen = {
            table: _rows(f"SELECT count(*) FROM {table} WHERE {column_of(table)} IS NOT NULL")
            for table in tenant_tables()
        }

    assert {table for table, ((count,),) in seen.items() if count} == set()


def test_only_the_vendors_own_people_and_open_trainings_are_shared(two_tenants):
    make.make_manager()
    make.make_training()
    make.make_mail()
    make.make_notice()

    with rls.only(()):
        shared = {table for table in tenant_tables() if _rows(f"SELECT 1 FROM {table} LIMIT 1")}

    sessions = {"engagements_trainingsession", "engagements_sessionpart"}  # open to everybody
    assert shared == {"accounts_person"} | sessions


def test_who_says_one_tenant_reads_that_tenants_rows_alone(two_tenants):
    ours, _ = two_tenants

    with rls.only([ours.pk]):
        seen = {
            table: {row[0] for row in _rows(f"SELECT DISTINCT {column_of(table)} FROM {table}")}
            for table in tenant_tables()
        }

    assert {table: found - {None} for table, found in seen.items()} == dict.fromkeys(
        seen, {ours.pk}
    )


def test_who_says_everything_reads_both(two_tenants):
    ours, theirs = two_tenants

    for table in tenant_tables():
        found = {row[0] for row in _rows(f"SELECT DISTINCT {column_of(table)} FROM {table}")}
        assert {ours.pk, theirs.pk} <= found, table


@pytest.mark.parametrize("scope", ("nothing", "another tenant"))
def test_rows_out_of_reach_are_neither_changed_nor_deleted(two_tenants, scope):
    ours, theirs = two_tenants
    reached = {}

    with rls.only([ours.pk] if scope == "another tenant" else ()):
        for table in tenant_tables():
            column = column_of(table)
            where = f"WHERE {column} = %s"
            reached[table] = (
                _changed(f"UPDATE {table} SET id = id {where}", [theirs.pk]),
                _changed(f"DELETE FROM {table} {where}", [theirs.pk]),
            )

    assert reached == dict.fromkeys(reached, (0, 0))


def test_rows_in_reach_are_not_given_away(two_tenants):
    """An UPDATE may not move a row to a tenant out of reach (WITH CHECK)."""
    ours, theirs = two_tenants

    with rls.only([ours.pk]):
        for table in tenant_tables():
            if column_of(table) == "id" or is_append_only(table):
                continue
            sql = f"UPDATE {table} SET organisation_id = %s WHERE organisation_id = %s"
            with pytest.raises(ProgrammingError, match="row-level security"):
                _changed(sql, [theirs.pk, ours.pk])


@pytest.mark.parametrize("scope", ("nothing", "another tenant"))
def test_rows_of_others_are_not_inserted(two_tenants, scope):
    """A copy of a real row, so that only the wall can be what refuses it."""
    ours, theirs = two_tenants

    for table in tenant_tables():
        (row,) = _rows(
            f"SELECT to_jsonb(one)::text FROM {table} one WHERE {column_of(table)} = %s LIMIT 1",
            [theirs.pk],
        )
        with (
            rls.only([ours.pk] if scope == "another tenant" else ()),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            _rows(
                f"INSERT INTO {table}"
                f" SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
                [row[0]],
            )


def test_each_policy_reads_its_settings_once_a_query_and_not_once_a_row():
    make.make_licence()

    plan = "\n".join(row[0] for row in _rows("EXPLAIN SELECT * FROM entitlements_licence"))

    assert "InitPlan 1" in plan
    assert "InitPlan 2" in plan
    for table in tenant_tables():
        assert "( SELECT" in policies_of(table), table
