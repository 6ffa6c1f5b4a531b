"""What the telephone says no to, each with what would help."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class NotTheirPerson(Refusal):
    code = "not_their_person"
    status = 404
    text = _("The incident's organisation has no such person. Choose one of its contacts.")


class HotlineOff(Refusal):
    code = "hotline_off"
    text = _("The call-back hotline is off. {why} You can report it in the portal or by mail now.")


class BadNumber(Refusal):
    code = "bad_number"
    status = 400
    text = _("We can not call this number. {why}")


class SlotPassed(Refusal):
    code = "slot_passed"
    status = 400
    text = _("This moment has passed. Choose a later one, or be called at once.")


class SlotTooFar(Refusal):
    code = "slot_too_far"
    status = 400
    text = _("A call can be asked for up to {days} days ahead. Choose an earlier moment.")


class AskedAlready(Refusal):
    code = "asked_already"
    text = _("A call is on its way already: we call {number}. Withdraw that one to change it.")


class TooManyCallBacks(Refusal):
    code = "too_many_call_backs"
    text = _("{count} call-backs are waiting already. Withdraw one, or wait for the next call.")


class CallBackOver(Refusal):
    code = "call_back_over"
    text = _("This call-back is over: {state}. Ask for a new one if a call is still wanted.")


class CallBackTaken(Refusal):
    code = "call_back_taken"
    text = _("{person} calls this customer right now. Take another call, or ask {person}.")


class CallBackTooEarly(Refusal):
    code = "call_back_too_early"
    text = _("The customer asked for a later moment. Take it from five minutes before.")


class CallBackNotYours(Refusal):
    code = "call_back_not_yours"
    text = _("Take the call first, so that nobody else calls the same customer.")
