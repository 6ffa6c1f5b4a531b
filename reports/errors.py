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
    text = _("This report was issued as {number} and stays as it is. Correct it in the next one.")


class NotYours(Refusal):
    code = "not_allowed"
    status = 403
    text = _("Reports are issued by the organisation's technical account manager or a manager.")
