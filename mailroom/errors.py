"""What the mailroom says no to, each with what would help."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class MailTooLarge(Refusal):
    code = "mail_too_large"
    status = 413
    text = _("The mail has {size} MB; up to {limit} MB are taken. Send large files by a link.")


class MailDecided(Refusal):
    code = "mail_decided"
    text = _("Somebody decided about this mail already: {outcome}.")


class MailTakenBefore(Refusal):
    code = "mail_taken_before"
    text = _("Their organisation has this very mail already. Dismiss this copy.")


class WhoseCustomer(Refusal):
    code = "whose_customer"
    status = 400
    text = _(
        "{email} is no contact of a customer you serve. Choose the organisation to make them one,"
        " or give the address of a contact."
    )


class NoSuchIncident(Refusal):
    code = "no_such_incident"
    status = 404
    text = _("There is no incident {number} among those you see. Check the number.")


class NotTheirIncident(Refusal):
    code = "not_their_incident"
    text = _("{person} belongs to another organisation than incident {number}. Check the number.")


class OriginalGone(Refusal):
    code = "original_gone"
    status = 410
    text = _(
        "The original of this mail is kept no longer; it went on {day}. Its message and its files "
        "are on the incident."
    )
