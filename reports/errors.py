from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class MonthNotOver(Refusal):
    code = "month_not_over"
    text = _("{month} is not over yet. Its report can be issued from {day} on.")


class MonthNotBegun(Refusal):
    code = "month_not_begun"
    text = _("{month} has not begun yet, so there is nothing to report.")


class AlreadyIssued(Refusal):
    code = "already_issued"
    text = _("This report was issued as {number} and stays as it is. Revise it, with the reason.")


class NotIssued(Refusal):
    code = "not_issued"
    text = _("This report is a draft: change it as it is, and issue it.")


class AlreadyRevised(Refusal):
    code = "already_revised"
    text = _("{number} was revised already. Go on with {revision}.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = _("Say why the report is revised: the customer reads it.")


class NotYours(Refusal):
    code = "not_allowed"
    status = 403
    text = _("Reports are issued by the organisation's technical account manager or a manager.")


class JournalGone(Refusal):
    code = "journal_gone"
    text = _(
        "The journal of {month} is not kept any more, so that its figures can not be told again. "
        "What was issued stays as it is."
    )
