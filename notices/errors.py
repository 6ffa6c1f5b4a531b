from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class NothingToRetry(Refusal):
    code = "nothing_to_retry"
    text = _("Only a notice that was given up can be tried again; this one is sent or still owed.")


class WordingNotAllowed(Refusal):
    code = "wording_not_allowed"
    status = 403
    text = _("Only support managers change what the desk writes.")


class WordingUnusable(Refusal):
    code = "wording_unusable"
    status = 400
    text = _("{why}")
