"""One function a model. Each gives the least valid object; a test names what it is about.

Rows are written as they are, without the actions, so that a test can put the world into any
state. Moments are UTC.
"""

from tests.factories.base import NINE, PASSWORD, TODAY, days, hours
from tests.factories.contracts import (
    make_calendar,
    make_decision,
    make_ledger_entry,
    make_level,
    make_licence,
    make_order,
    make_pack,
    make_project,
    make_round_the_clock,
    make_service,
    make_subscription,
    make_technical_contract,
)
from tests.factories.incidents import (
    make_attachment,
    make_handled_request,
    make_handover,
    make_incident,
    make_mail,
    make_message,
    make_participant,
    make_rating,
    make_target,
    make_warning,
)
from tests.factories.people import (
    make_admin_contact,
    make_contact,
    make_engineer,
    make_invitation,
    make_manager,
    make_notice,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_person,
    make_tam,
)
from tests.factories.service_reports import (
    make_document,
    make_report,
)

__all__ = [
    "NINE",
    "PASSWORD",
    "TODAY",
    "days",
    "hours",
    "make_admin_contact",
    "make_attachment",
    "make_calendar",
    "make_contact",
    "make_decision",
    "make_document",
    "make_engineer",
    "make_handled_request",
    "make_handover",
    "make_incident",
    "make_invitation",
    "make_ledger_entry",
    "make_level",
    "make_licence",
    "make_mail",
    "make_manager",
    "make_message",
    "make_notice",
    "make_organisation",
    "make_pack",
    "make_participant",
    "make_partner",
    "make_partner_engineer",
    "make_person",
    "make_order",
    "make_project",
    "make_rating",
    "make_report",
    "make_round_the_clock",
    "make_service",
    "make_subscription",
    "make_tam",
    "make_target",
    "make_technical_contract",
    "make_warning",
]
