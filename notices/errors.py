from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class NothingToRetry(Refusal):
    code = "nothing_to_retry"
    text = _("Only a notice that was given up can be tried again; this one is sent or still owed.")
