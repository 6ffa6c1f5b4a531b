"""Every "no" of the incident desk, each with what would help."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class EmptyText(Refusal):
    code = "empty_text"
    status = 400
    text = _("There is no text. Say in a few words what happens, and what you expected.")


class AsideNobody(Refusal):
    code = "aside_nobody"
    status = 400
    text = _("Name a colleague: a side conversation is with somebody.")


class AsideUnseen(Refusal):
    code = "aside_unseen"
    text = _(
        "{person} may not see this incident. Ask TS2, TS3, or somebody who serves {organisation}."
    )


class AsideFull(Refusal):
    code = "aside_full"
    text = _("{limit} people take part, and no more can. Write a note, which all colleagues read.")


class UnknownService(Refusal):
    code = "unknown_service"
    status = 400
    text = _("There is no service “{service}”. Choose one of: {choices}.")


class LicenceNotFound(Refusal):
    code = "licence_not_found"
    status = 404
    text = _("Your organisation has no such licence. Choose one from your list of licences.")


class ProjectNotFound(Refusal):
    code = "project_not_found"
    status = 404
    text = _("Your organisation has no such GoLive project.")


class FileTooLarge(Refusal):
    code = "file_too_large"
    status = 413
    text = _(
        "“{name}” has {size} MB; a file may have {limit} MB. Compress it, or give us a link to it."
    )


class TooManyFiles(Refusal):
    code = "too_many_files"
    status = 400
    text = _("{count} files are too many; up to {limit} go with one message. Pack them together.")


class EmptyFile(Refusal):
    code = "empty_file"
    status = 400
    text = _("“{name}” is empty. Attach it again, or leave it out.")


class NoColleague(Refusal):
    code = "no_colleague"
    text = _(
        "{person} can not be told: only people of {organisation} with an open account can. Its"
        " admin contact can invite them."
    )


class TooManyParticipants(Refusal):
    code = "too_many_participants"
    text = _("{most} people are notified already. Take somebody off the list first.")


class NotDispatched(Refusal):
    code = "not_dispatched"
    text = _("{person} works above TS1, where incidents come by escalation, not by dispatch.")


class GoldNotPossible(Refusal):
    code = "gold_not_possible"
    text = _("No Gold incident was spent. {why}")


class IncidentClosed(Refusal):
    code = "incident_closed"
    text = _("Incident {number} is closed. Reopen it to write on it.")


class ChangedMeanwhile(Refusal):
    """Somebody else did something since the page was loaded that this must know of."""

    code = "changed_meanwhile"
    text = _("Since you opened the page: {what}. Look again, then do it if it still fits.")


class AnsweredMeanwhile(ChangedMeanwhile):
    code = "answered_meanwhile"
    text = _("Somebody wrote while you did. Read the marked messages, then send your answer again.")


class AnsweredJustNow(AnsweredMeanwhile):
    code = "answered_just_now"
    text = _(
        "{name} sent an answer a moment ago: it can be taken back still, and goes out in seconds. "
        "Read it here when it is out, then send yours if it is still needed: nothing was lost."
    )


class DraftChanged(Refusal):
    code = "draft_changed"
    text = _("You changed or sent this in another tab since. Nothing was overwritten.")


class DraftTooLarge(Refusal):
    code = "draft_too_large"
    status = 413
    text = _("A draft holds {limit} MB of text. Attach what is longer as a file: nothing was cut.")


class UnknownPlaceholder(Refusal):
    code = "unknown_placeholder"
    status = 400
    text = _("Nothing can be filled in for: {names}. The placeholders are listed beside the text.")


class NotReopenable(Refusal):
    code = "not_reopenable"
    text = _(
        "Incident {number} was closed over {days} days ago. File a new incident; we link the two."
    )


class NotFinished(Refusal):
    code = "not_finished"
    text = _("Incident {number} is still being worked on, so there is nothing to reopen.")


class AlreadyFinished(Refusal):
    code = "already_finished"
    text = _("Incident {number} is {state} already.")


class AnswerOwed(Refusal):
    code = "answer_owed"
    text = _("The customer of {number} still waits for an answer. Answer first, then close it.")


class AnswerOwedFirst(Refusal):
    code = "answer_owed_first"
    text = _("The customer of {number} still waits for an answer: it is not their turn. Answer.")


class TagUnusable(Refusal):
    code = "tag_unusable"
    status = 400
    text = _("“{tag}” is no tag: a tag is a word of letters or digits.")


class MinutesNotKept(Refusal):
    code = "minutes_not_kept"
    text = _("This desk keeps no minutes worked. Its operator can switch that on (NOTE_MINUTES).")


class MinutesNotNoted(Refusal):
    code = "minutes_not_noted"
    text = _("You noted {noted} minutes on it so far: you can take back no more than that.")


class TooManyTags(Refusal):
    code = "too_many_tags"
    text = _("{number} can have {most} tags at most. Take one away first.")


class ChangedSince(Refusal):
    code = "changed_since"
    text = _("{number} changed since you chose it: look at it, then choose it again.")


class NothingChosen(Refusal):
    code = "nothing_chosen"
    status = 400
    text = _("No incident was chosen. Pick some in the list first.")


class TooManyChosen(Refusal):
    code = "too_many_chosen"
    text = _("{count} incidents were chosen; at once it can be done to {most}. Choose fewer.")


class HighestTier(Refusal):
    code = "highest_tier"
    text = _("TS3 is the highest level. Give the incident back with the result, or answer it.")


class LowestTier(Refusal):
    code = "lowest_tier"
    text = _("{number} is with {tier} already; it can only be given back to a lower level.")


class HandoverIncomplete(Refusal):
    code = "handover_incomplete"
    status = 400
    text = _("The next team can not start without: {missing}.")


class WrongOwner(Refusal):
    code = "wrong_owner"
    text = _("{person} can not own this incident: {why}.")


class OwnerAway(Refusal):
    code = "owner_away"
    text = _(
        "{person} is away until {until}. Choose somebody else, or say that it is to be theirs "
        "anyway."
    )


class OwnerFull(Refusal):
    code = "owner_full"
    text = _(
        "{person} has {count} open incidents, and no room for another. Choose somebody else, or "
        "say that it is to be theirs anyway."
    )


class AlreadyCovered(Refusal):
    code = "already_covered"
    text = _("Incident {number} is covered by {level} already.")


class RatingClosed(Refusal):
    code = "rating_closed"
    text = _("An answer can be changed for {days} days. Thank you for the one that you gave.")


class NotRateable(Refusal):
    code = "not_rateable"
    text = _("Incident {number} is not solved yet, so there is nothing to rate.")


class BadRating(Refusal):
    code = "bad_rating"
    status = 400
    text = _("Choose one of the five answers.")


class BadLink(Refusal):
    code = "bad_link"
    status = 404
    text = _("This link is not valid. Use the one in our mail, or sign in to the portal.")


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 422
    text = _("This Idempotency-Key was used for another report. Use a new one for a new report.")


class NoReason(Refusal):
    code = "no_reason"
    status = 400
    text = _("Say why, for the colleague who looks for this mail later.")


class TooManyToReplay(Refusal):
    code = "too_many_to_replay"
    status = 400
    text = _("{number} incidents came in these days; up to {most} can be replayed. Choose fewer.")


class PolicyUnusable(Refusal):
    code = "policy_unusable"
    status = 400
    text = _("{why}")


class CalendarChanged(Refusal):
    code = "calendar_changed"
    text = _("{name} has a newer version now. Look at what that one would change.")


class TierTargetUnusable(Refusal):
    code = "tier_target_unusable"
    status = 400
    text = _("A level's own target is more than nothing and at most 1,000 working hours.")


class PriorityUnknown(Refusal):
    code = "priority_unknown"
    status = 400
    text = _("Say whom it hits and how hard, or choose the priority itself.")


class EscalationAsked(Refusal):
    code = "escalation_asked"
    text = _("Somebody of yours asked for this already. A lead decides, and you are notified.")


class NothingAsked(Refusal):
    code = "nothing_asked"
    text = _("Nobody asks for the next level now, or it was decided already.")


class NoDefect(Refusal):
    code = "no_defect"
    text = _("No defect is named on incident {number}.")


class OtherDefect(Refusal):
    code = "other_defect"
    text = _("{number} does not come from {defect}, or no more.")


class OnlyAcknowledged(Refusal):
    code = "only_acknowledged"
    status = 400
    text = _(
        "The text says neither what helps meanwhile nor the build that has the fix. That we know of"
        " it is no answer: put the workaround or the build of {defect} into it."
    )


class NotFilledIn(Refusal):
    code = "not_filled_in"
    status = 400
    text = _("Nothing is known for {place}. Write it out, or give other words after a bar.")


class MergeItself(Refusal):
    code = "merge_itself"
    status = 400
    text = _("{number} can not be merged into itself. Name the incident that it repeats.")


class MergeOrganisation(Refusal):
    code = "merge_organisation"
    text = _(
        "{other} is another customer's. Incidents of two customers are never merged: link both to "
        "the same known defect instead."
    )


class MergeCircle(Refusal):
    code = "merge_circle"
    text = _("{other} was merged into {number}. Undo that first, to merge them the other way.")


class MergedAlready(Refusal):
    code = "merged_already"
    text = _("{number} was merged into {into}. Go on there, or undo that first.")


class MergePrivate(Refusal):
    code = "merge_private"
    text = _(
        "Not all who see {number} may read {other}: one is private, or its reporter sees their own "
        "reports alone. Answer both, or have them opened to their colleagues first."
    )


class MergeFinished(Refusal):
    code = "merge_finished"
    text = _("{number} is closed. Open it again first, or link to it in a note.")


class MergeWorkedOn(Refusal):
    code = "merge_worked_on"
    text = _(
        "{number} is with {tier}, who work on it. Merge {other} into {number}, or have it given "
        "back first."
    )


class MergeNotCovered(Refusal):
    code = "merge_not_covered"
    text = _("Nothing covers {other}, so no answer would be owed. Merge {other} into {number}.")


class NotMerged(Refusal):
    code = "not_merged"
    text = _("{number} is not merged into another incident, or no more.")


class AnsweredSince(Refusal):
    code = "answered_since"
    text = _(
        "{number} was answered since, for both. Split what belongs apart into an incident of its "
        "own instead."
    )


class NoSuchIncident(Refusal):
    code = "no_such_incident"
    status = 400
    text = _("No incident of this customer is meant by that. Type its number, or words of it.")


class SplitNothing(Refusal):
    code = "split_nothing"
    status = 400
    text = _("Choose messages of the customer that are still part of {number}.")


class SplitReport(Refusal):
    code = "split_report"
    text = _("The first message is what {number} is about. Take the others out of it instead.")


class NothingToPutRight(Refusal):
    code = "nothing_to_put_right"
    status = 400
    text = _("That is what it says already. Choose what is right instead.")


class NobodyElse(Refusal):
    code = "nobody_else"
    text = _(
        "Nobody else fits now, so it stays where it is. Give it to a colleague, or ask a lead."
    )


class SolutionMissing(Refusal):
    code = "solution_missing"
    status = 400
    text = _("Say in a sentence what solved it: the customer reads it with the cause.")


class OutsideAlready(Refusal):
    code = "outside_already"
    text = _("{number} is outside the limits of support already, as the customer has read.")


class CauseUnnamed(Refusal):
    code = "cause_unnamed"
    status = 400
    text = _("A cause has a key and a name, in the customer's words.")


class ChecklistTooLong(Refusal):
    code = "checklist_too_long"
    status = 400
    text = _("A checklist has up to {most} items of up to {longest} characters each.")


class SentAlready(Refusal):
    code = "sent_already"
    text = _("It is on its way already. Write another answer to say what else is so.")


class ViewNameTaken(Refusal):
    code = "view_name_taken"
    text = _("A view named “{name}” is there already. Choose another name, or change that one.")


class ViewNotUnderstood(Refusal):
    code = "view_not_understood"
    status = 400
    text = _("{problems}")


class TooManyViews(Refusal):
    code = "too_many_views"
    text = _("There are {most} such views already. Delete one that nobody needs any more first.")


class NoSolution(Refusal):
    code = "no_solution"
    text = _("{number} has no registered solution that an article could be made of.")


class NoShelf(Refusal):
    code = "no_category"
    text = _("There is no category yet in which an article could stand. A lead makes one.")


class AskerNotYours(Refusal):
    code = "asker_not_yours"
    text = _(
        "Whoever asked is no customer of yours, or of none any more. Ask a colleague who serves"
        " them, or them to make an incident of it on the topic's page."
    )
