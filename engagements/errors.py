"""Each "no" of this room, with its sentence."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class NotEntitled(Refusal):
    code = "not_entitled"
    text = "{what} is not included: {why}"


class EngagementOver(Refusal):
    code = "engagement_over"
    text = "{number} is {state} and can not be changed. Write to us, and we open a new one."


class NotRequested(Refusal):
    code = "not_requested"
    text = "{number} was taken up already. Change its plan instead."


class NotRunning(Refusal):
    code = "not_running"
    text = "{number} was not taken up yet. Take it up first."


class PlanWrong(Refusal):
    code = "plan_wrong"
    status = 400
    text = "This makes no plan: {why}"


class PhaseInverted(Refusal):
    code = "phase_inverted"
    status = 400
    text = "“{name}” would end before it starts. Choose a last day on or after {starts_on}."


class PhaseOver(Refusal):
    code = "phase_over"
    text = "“{name}” is finished. What is over is not planned again."


class PhaseNotBegun(Refusal):
    code = "phase_not_begun"
    text = "“{name}” has not begun on that day. Say first when it began."


class DayToCome(Refusal):
    code = "day_to_come"
    status = 400
    text = "That day is still to come. Write down what was."


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = "Say why: it is kept, and whoever it concerns reads it."


class TitleMissing(Refusal):
    code = "title_missing"
    status = 400
    text = "Say in a few words what it is."


class NotInTheirTeam(Refusal):
    code = "not_in_their_team"
    status = 400
    text = "{person} does not see this customer, so they can not be in the team. Assign them first."


class TaskDone(Refusal):
    code = "task_done"
    text = "“{title}” is done already."


class NotYoursToDo(Refusal):
    code = "not_yours_to_do"
    status = 403
    text = "“{title}” is ours to do. Write to us if something hinders it."


class RiskClosed(Refusal):
    code = "risk_closed"
    text = "This risk is closed already."


class MayNotAccept(Refusal):
    code = "may_not_accept"
    status = 403
    text = (
        "Only {people} may accept or send back what we hand over. Ask one of them, or have an"
        " admin contact name you."
    )


class NameMissing(Refusal):
    code = "name_missing"
    status = 400
    text = "Write your name as you sign: it stands on the document."


class RemarksMissing(Refusal):
    code = "remarks_missing"
    status = 400
    text = "Say what has to change before you accept it."


class VerdictGiven(Refusal):
    code = "verdict_given"
    text = "Version {number} was {verdict} by {name}. What changes since comes as a new version."


class NotNewest(Refusal):
    code = "not_newest"
    text = "Version {number} is not the newest any more. Look at version {newest}."


class DocumentAccepted(Refusal):
    code = "document_accepted"
    text = "An accepted document is not changed. Say what changed, and it becomes a new version."


class FileMissing(Refusal):
    code = "file_missing"
    status = 400
    text = "Choose the file to hand over."


class SameFile(Refusal):
    code = "same_file"
    text = "This is the very file of version {number}. A new version takes a changed one."


class TextMissing(Refusal):
    code = "text_missing"
    status = 400
    text = "Write something first."


class DueInThePast(Refusal):
    code = "due_in_the_past"
    status = 400
    text = "That moment has passed. Promise a later one."


class PlaceMissing(Refusal):
    code = "place_missing"
    status = 400
    text = "Say where the visit is, and why help from afar does not do."


class VisitInverted(Refusal):
    code = "visit_inverted"
    status = 400
    text = "The visit would end before it begins. Choose a later end."


class VisitTooLong(Refusal):
    code = "visit_too_long"
    status = 400
    text = "A visit lasts at most {days} days. Propose two."


class VisitInThePast(Refusal):
    code = "visit_in_the_past"
    status = 400
    text = "These dates have passed. Propose later ones."


class NobodyGoes(Refusal):
    code = "nobody_goes"
    status = 400
    text = "Choose at least one person who goes."


class PersonTaken(Refusal):
    code = "person_taken"
    text = "{person} is on another visit at that time. Choose somebody else, or other dates."


class PersonAway(Refusal):
    code = "person_away"
    text = "{person} is away or not on duty on {day}. Choose somebody else, or other dates."


class NotAllowedThen(Refusal):
    code = "not_allowed_then"
    text = "{reference} does not allow this visit: {why}"


class VisitNotOpen(Refusal):
    code = "visit_not_open"
    text = "These dates are not open any more: {state}. Look at the newest proposal."


class VisitPassed(Refusal):
    code = "visit_passed"
    text = "These dates have passed, so they can not be confirmed. We propose others."


class VisitAgreedAlready(Refusal):
    code = "visit_agreed_already"
    text = "A visit is agreed already. Cancel it before you propose other dates."


class VisitNotAgreed(Refusal):
    code = "visit_not_agreed"
    text = "The customer has not agreed to these dates."


class VisitToCome(Refusal):
    code = "visit_to_come"
    text = "The visit has not begun yet. Write down what was done when it was."


class VisitStillAgreed(Refusal):
    code = "visit_still_agreed"
    text = (
        "The visit of {day} is agreed and was never closed, so its people are still held. "
        "Close it with what was done, or cancel it; then complete the engagement."
    )


class DiaryInverted(Refusal):
    code = "diary_inverted"
    status = 400
    text = "The entry would end before it begins, or lies in the future."


class DiaryElsewhere(Refusal):
    code = "diary_elsewhere"
    status = 400
    text = (
        "The entry lies outside the visit. Write down what was done from {first} to {last}: "
        "the days of the visit and one on either side."
    )


class DiaryEmpty(Refusal):
    code = "diary_empty"
    text = "Nothing stands in the diary yet. Write down what was done before the visit is closed."


class NoTrainingRight(Refusal):
    code = "no_training_right"
    text = _("{reason}")


class TrainingBegun(Refusal):
    code = "training_begun"
    text = _("This training began on {day}: registration is closed. Choose a later session.")


class TrainingCancelled(Refusal):
    code = "training_cancelled"
    text = _("This session was cancelled: {reason} Choose another one.")


class RegisteredAlready(Refusal):
    code = "registered_already"
    text = _("{email} is registered for this session already.")


class RegisteredEnough(Refusal):
    code = "registered_enough"
    status = 429
    text = _(
        "You registered {most} people within a day, which is the most. Go on tomorrow, or ask your "
        "account manager to register the others."
    )


class WaitingListFull(Refusal):
    code = "waiting_list_full"
    text = _(
        "All seats are taken, and {most} people of yours wait for one, which is the most. Choose "
        "another session, or ask your account manager for one of your own."
    )


class ParticipantUnusable(Refusal):
    code = "participant_unusable"
    status = 400
    text = _("Give the name and the address of who takes part, as they stand on the certificate.")


class OthersByAdminContact(Refusal):
    code = "others_by_admin_contact"
    status = 403
    text = _("You register yourself here. Your admin contact registers colleagues.")


class RegistrationGone(Refusal):
    code = "registration_gone"
    text = _("This registration was withdrawn already.")


class TooLateToWithdraw(Refusal):
    code = "too_late_to_withdraw"
    text = _("The training has begun: what was attended is kept. Tell your account manager.")


class SessionUnusable(Refusal):
    code = "session_unusable"
    status = 400
    text = _("{problem}")


class SeatsTaken(Refusal):
    code = "seats_taken"
    text = _("{taken} seats are taken: a session can not have {seats}.")


class AttendanceWithoutRegistration(Refusal):
    code = "attendance_without_registration"
    status = 400
    text = _("Attendance is noted of those who have a seat in this session. Register them first.")


class PartNotBegun(Refusal):
    code = "part_not_begun"
    text = _("Part {number} begins {when}. Attendance is noted once it has begun.")


class NoExam(Refusal):
    code = "no_exam"
    status = 400
    text = _("This course has no exam.")


class CertificateNotEarned(Refusal):
    code = "certificate_not_earned"
    text = _("{name} can not have a certificate: {reason}")


class CertificateIssued(Refusal):
    code = "certificate_issued"
    text = _("{name} has certificate {number} already. Revoke it before you issue another one.")


class CertificateRevoked(Refusal):
    code = "certificate_revoked"
    text = _("This certificate was revoked already.")


class TrainingReasonMissing(Refusal):
    code = "training_reason_missing"
    status = 400
    text = _("Say why: those who are concerned read it.")


class FeedbackTooEarly(Refusal):
    code = "feedback_too_early"
    text = _("Say what you think of it once the training is over.")


class FeedbackUnusable(Refusal):
    code = "feedback_unusable"
    status = 400
    text = _("Choose from 1 (poor) to 5 (very good).")


class CourseUnusable(Refusal):
    code = "course_unusable"
    status = 400
    text = _("{problem}")


class MaterialUnusable(Refusal):
    code = "material_unusable"
    status = 400
    text = _("“{name}” can not be added: {why}")


class TooManyVerifications(Refusal):
    code = "too_many_verifications"
    status = 429
    text = _("Too many numbers were asked from your network. Try again in an hour.")


class FeatureUnclear(Refusal):
    code = "feature_unclear"
    status = 400
    text = "Say what you want to reach, and how you do it today: we assess it by that."


class ExplanationMissing(Refusal):
    code = "explanation_missing"
    status = 400
    text = "A yes or no takes its explanation, and what was found of need, security, redundancy."


class JudgedAlready(Refusal):
    code = "judged_already"
    text = "The answer was given already, on {day}. A new request is assessed anew."


class ReleaseMissing(Refusal):
    code = "release_missing"
    status = 400
    text = "A yes names the release in which it is expected."


class ShippedAlready(Refusal):
    code = "shipped_already"
    text = "“{title}” shipped already, in {release}."


class AuditNotAgreed(Refusal):
    code = "audit_not_agreed"
    text = _(
        "Nothing is run before permission, window, stop contact and the way back are written down."
    )


class AuditOutsideWindow(Refusal):
    code = "audit_outside_window"
    text = _(
        "Cases are run within the agreed window, {window}. What was tried within it can be written"
        " down later: say when. For anything else agree on another window first."
    )


class RunToCome(Refusal):
    code = "audit_run_to_come"
    status = 400
    text = _("That moment is still to come. Say when the case was tried.")


class AuditIncomplete(Refusal):
    code = "audit_incomplete"
    status = 400
    text = _("Say {what}: nothing is run without it.")


class CaseIncomplete(Refusal):
    code = "case_incomplete"
    status = 400
    text = _("A case has a title, a procedure and what is expected.")


class CaseThere(Refusal):
    code = "case_there"
    text = _("“{title}” is among the cases already.")


class UnreachedNeverPasses(Refusal):
    code = "unreached_never_passes"
    status = 400
    text = _("What was not reached is unverifiable. Try it again once it can be reached.")


class ObservationMissing(Refusal):
    code = "observation_missing"
    status = 400
    text = _("Say what was seen: the report shows it beside the result.")


class FindingIncomplete(Refusal):
    code = "finding_incomplete"
    status = 400
    text = _("A finding has a title, a recommendation, an owner and a day that is still to come.")


class CaseNotRun(Refusal):
    code = "case_not_run"
    text = _("“{title}” was not run yet. A finding needs a result.")


class CasePassed(Refusal):
    code = "case_passed"
    text = _("“{title}” passed last time. A finding needs a result that is not passed.")


class FindingFixed(Refusal):
    code = "finding_fixed"
    text = _("“{title}” is fixed: its retest passed.")


class FindingReported(Refusal):
    code = "finding_reported"
    text = _("“{title}” is incident {number} already.")


class NobodyReports(Refusal):
    code = "nobody_reports"
    text = (
        "Whoever asked for {number} is not the customer's any more, and they have no admin"
        " contact. Add one, then make it an incident."
    )


class NothingTried(Refusal):
    code = "nothing_tried"
    text = _("No case was run yet: there is nothing to report.")


class NoSuchSetting(Refusal):
    code = "no_such_setting"
    status = 400
    text = "The product has no such setting. Choose one of the list."


class NothingChanged(Refusal):
    code = "nothing_changed"
    status = 400
    text = "It is “{value}” already. Write down what was changed."


class RegisterEmpty(Refusal):
    code = "register_empty"
    text = "The register is empty. Write down the settings first: the report is made of them."


class CatalogueWrong(Refusal):
    code = "catalogue_wrong"
    status = 400
    text = "This can not be read: {why}"


class CatalogueSame(Refusal):
    code = "catalogue_same"
    status = 400
    text = "This is what version {version} says already. Change something first."


class SheetIncomplete(Refusal):
    code = "sheet_incomplete"
    text = "The planning needs the sheet of requirements first. It does not say: {what}."


class AssumptionWrong(Refusal):
    code = "assumption_wrong"
    status = 400
    text = "The planning can not go by this: {why}"


class NotPlanned(Refusal):
    code = "not_planned"
    text = "Nothing was computed yet. Compute the planning first, then hand it over."


class PlanningHandedOver(Refusal):
    code = "planning_handed_over"
    text = "Version {number} was handed over already. Compute a new version first."


class BookThere(Refusal):
    code = "book_there"
    text = "It has steps already. Add to them, or change them."


class StepIncomplete(Refusal):
    code = "step_incomplete"
    status = 400
    text = "A step says what is done and who does it{more}."


class StepOver(Refusal):
    code = "step_over"
    text = "“{title}” is {result} already. Open it again first, with a reason."


class StepOpen(Refusal):
    code = "step_open"
    text = "“{title}” is open: nothing was noted of it yet."


class StepNotNow(Refusal):
    code = "step_not_now"
    text = "“{title}” is not done yet: {why}"


class StepNotYours(Refusal):
    code = "step_not_yours"
    text = "“{title}” is ours to do. Write to us if something is wrong with it."


class CutOverMissing(Refusal):
    code = "cut_over_missing"
    text = "No cut-over is planned yet. Say first when it begins and until when it lasts."


class CutOverFaulty(Refusal):
    code = "cut_over_faulty"
    text = "The cut-over can not begin: {why}"


class CutOverBusy(Refusal):
    code = "cut_over_busy"
    text = "The cut-over is {state}. Its plan does not change any more."


class CutOverNotOn(Refusal):
    code = "cut_over_not_on"
    text = "The cut-over is {state}: there is nothing to end or to turn back."


class CutOverStepsOpen(Refusal):
    code = "cut_over_steps_open"
    text = "Still open: {steps}. Tick them off, or leave them out with a reason."


class NoWayBack(Refusal):
    code = "no_way_back"
    text = "“{title}” is done: that was the point of no return. Go on, and mend what is wrong."


class RoundOpen(Refusal):
    code = "round_open"
    text = "Go / no-go {number} is not decided yet. Decide it first."


class RoundOver(Refusal):
    code = "round_over"
    text = "Go / no-go {number} is decided: {decision}. Call another one to decide anew."


class RoundOneSided(Refusal):
    code = "round_one_sided"
    status = 400
    text = "Both sides decide: name somebody of the customer and somebody of us."


class VotedTwice(Refusal):
    code = "voted_twice"
    status = 400
    text = "{person} is named for two roles. Everybody has one vote."


class NotAsked(Refusal):
    code = "not_asked"
    text = "Your vote is not asked for in this round. Those named are: {people}."


class RoundIncomplete(Refusal):
    code = "round_incomplete"
    text = "Nothing can be decided yet. Missing: {what}."


class NotGone(Refusal):
    code = "not_gone"
    text = "There is no go for this moment. Call a go / no-go, and let everybody named vote."


class NothingToHandOver(Refusal):
    code = "nothing_to_hand_over"
    text = "There is nothing to hand over yet. Lay it out or plan it first."
