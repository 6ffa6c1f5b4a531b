"""Every "no" about people and organisations, each with what would help."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class NotYourPeople(Refusal):
    code = "not_your_people"
    status = 403
    text = _(
        "Only an admin contact of the organisation or a support manager may do this. Ask one of "
        "them."
    )


class NoSuchCountry(Refusal):
    code = "no_such_country"
    status = 400
    text = _("{country} is no country. Choose one of the list: two letters, as RO for Romania.")


class ZoneMovesEnds(Refusal):
    code = "zone_moves_ends"
    text = _(
        "Contracts, packs and months begin and end at midnight of {before}. In {after} what runs "
        "ends at another moment: {ends}. Say that it shall, or leave the time zone as it is."
    )


class AlreadyAColleague(Refusal):
    code = "already_a_colleague"
    text = _("{email} is already one of your people. Change their role in the list instead.")


class AlreadyInvited(Refusal):
    code = "already_invited"
    text = _(
        "{email} has an open invitation. Withdraw it first if a new link is to be sent to them."
    )


class NotForCustomers(Refusal):
    code = "not_for_customers"
    status = 400
    text = _("A person of a customer is a contact or an admin contact; choose one of the two.")


class PersonInUse(Refusal):
    code = "person_in_use"
    text = _("{name} has signed in, or is named somewhere by now: close the account instead.")


class NotForStaff(Refusal):
    code = "not_for_staff"
    status = 400
    text = _("A role of the vendor or of a partner is needed here; customers' people are invited.")


class InvitationOver(Refusal):
    code = "invitation_over"
    status = 410
    text = _(
        "This invitation is no longer open: it was used, withdrawn, or is older than 14 days. Ask "
        "for a new one."
    )


class AddressTaken(Refusal):
    code = "address_taken"
    text = _(
        "There is already an account with {email}. Sign in with it, or ask us to move it to your "
        "organisation."
    )


class LastAdminContact(Refusal):
    code = "last_admin_contact"
    text = _(
        "{name} is the only admin contact. Make somebody else an admin contact first, so that the "
        "organisation can still invite people."
    )


class LastManager(Refusal):
    code = "last_manager"
    text = _("{name} is the only support manager. Make somebody else a manager first.")


class NotYourself(Refusal):
    code = "not_yourself"
    text = _("You can not close your own account. Ask a colleague to do it.")


class AlreadyErased(Refusal):
    code = "already_erased"
    text = _("This person is erased already; nobody knows any more who it was.")


class OrganisationHasWork(Refusal):
    code = "organisation_has_work"
    text = _(
        "{name} has {count} incidents that are not finished. Solve or close them first, so that "
        "nobody waits for an answer that never comes."
    )


class OrganisationOpen(Refusal):
    code = "organisation_open"
    text = _("{name} is a customer. Close the organisation first.")


class AddressWorks(Refusal):
    code = "address_works"
    text = _(
        "Mail to {email} does not come back, so it needs no correction here. Invite the new "
        "address, and close the old account."
    )


class NoAddress(Refusal):
    code = "no_address"
    status = 400
    text = _("Write a whole e-mail address, such as ana@example.com.")


class NameWithLink(Refusal):
    code = "name_with_link"
    status = 400
    text = _("A name holds no address and no link. Write it as people say it.")


class TooManyInvitations(Refusal):
    code = "too_many_invitations"
    status = 429
    text = _(
        "Your organisation sent {count} invitations within a day. Invite the others tomorrow, or "
        "ask us to."
    )


class OurOwnAddress(Refusal):
    code = "our_own_address"
    status = 400
    text = _("{email} is an address of this desk. Write the one of the person.")


class TooManyTokens(Refusal):
    code = "too_many_tokens"
    text = _("You have {count} API tokens that work. Revoke one that is not used any more first.")


class TokenTooLong(Refusal):
    code = "token_too_long"
    status = 400
    text = _("A token lasts a day at least and {days} days at most. Choose a nearer end.")


class ReadOnlyToken(Refusal):
    code = "read_only_token"
    status = 403
    text = _("The token \u201c{name}\u201d may only read. Make one that may write, too.")


class FactorKeyMissing(Refusal):
    code = "factor_key_missing"
    status = 503
    text = _(
        "The key that protects second factors is not the one that they were made with. Who runs "
        "this desk must bring back `factor_key` from the backup, or the right FACTOR_KEY."
    )


class NoFactor(Refusal):
    code = "no_factor"
    text = _("{name} has no second factor, so there is none to reset.")


class SameAddress(Refusal):
    code = "same_address"
    status = 400
    text = _("This is your address already. Write the one that you want to have instead.")


class AddressLinkOver(Refusal):
    code = "address_link_over"
    status = 410
    text = _(
        "This link is no longer open: it was used, is older than a day, or belongs to another "
        "account. Sign in with the right one, or ask for a new link in your profile."
    )


class TooManyAsked(Refusal):
    code = "too_many_asked"
    status = 429
    text = _("You asked for this many times today. Try again tomorrow, or write to us.")
