"""What the duty rota says no to."""

from core.errors import Refusal


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403
    text = "Only a manager changes other people's duty. Ask one."


class BadPattern(Refusal):
    code = "bad_pattern"
    status = 400
    text = "{why}"


class PatternsOverlap(Refusal):
    code = "patterns_overlap"
    text = "{person} has another weekly pattern in these days. Remove that one, or choose others."


class AbsenceBackwards(Refusal):
    code = "absence_backwards"
    status = 400
    text = "An absence ends after it begins. Give a later end."


class AbsencesOverlap(Refusal):
    code = "absences_overlap"
    text = "{person} is absent in a part of this time already. Withdraw that absence first."


class AbsenceOver(Refusal):
    code = "absence_over"
    text = "This absence is over, and what is past stays as it was. Choose an end that is to come."


class NoDuty(Refusal):
    code = "no_duty"
    status = 400
    text = "{person} is no engineer of the desk. The rota plans active engineers only."


class ShiftOver(Refusal):
    code = "shift_over"
    text = "This shift has begun, and what is past stays as it was. Choose one that is to come."


class SwapWithOneself(Refusal):
    code = "swap_with_oneself"
    status = 400
    text = "{person} has this shift already. Choose a colleague."


class ColleagueAbsent(Refusal):
    code = "colleague_absent"
    text = "{person} is absent in this time. Choose somebody else."


class ColleagueBusy(Refusal):
    code = "colleague_busy"
    text = "{person} has another shift in this time. Choose somebody else."


class NotYourShift(Refusal):
    code = "not_your_shift"
    status = 403
    text = "This shift is not yours to give. Ask about one of your own."


class NotOfTheTeam(Refusal):
    code = "not_of_the_team"
    status = 400
    text = "{person} does not work in your team. Ask a colleague who does, or a manager."


class NotTheirShift(Refusal):
    code = "not_their_shift"
    status = 400
    text = "{person} does not have that shift. Choose one of theirs in return."


class SwapAsked(Refusal):
    code = "swap_asked"
    text = "Somebody is asked about this shift already. Withdraw that first."


class SwapSettled(Refusal):
    code = "swap_settled"
    text = "This was answered or withdrawn already, or the shift has begun."
