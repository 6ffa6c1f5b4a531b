"""The one family of errors that users see."""

from typing import ClassVar

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """The programme's rules say no, and nothing was written.

    A subclass is one reason. `code` is stable, for API clients; `text` is one sentence that says
    what is wrong and what would help. Facts fill the text and travel with the error:
    `raise IncidentClosed(number="AX-2026-000042")`.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    text: ClassVar[str | LazyText] = _("This can not be done now.")

    def __init__(self, **facts: object) -> None:
        super().__init__(str(self.text).format(**facts))
        self.facts = facts


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403
    text = _("Your role does not allow this. Ask your support manager.")
