"""Each "no" of the office, with what would help."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class NotForOffice(Refusal):
    code = "not_for_office"
    status = 403
    text = "Only a support manager brings data in or takes all of it out. Ask one of them."


class FileTooLarge(Refusal):
    code = "file_too_large"
    status = 400
    text = "{name} has {size} MB; at most {most} MB are taken. Split it into several files."


class NoSuchTable(Refusal):
    code = "no_such_table"
    status = 400
    text = "Say what the lines of the file are: organisations, people, licences, ..."


class FileUnreadable(Refusal):
    code = "file_unreadable"
    status = 400
    text = "{why}"


class ColumnsMissing(Refusal):
    code = "columns_missing"
    status = 400
    text = "No column is chosen for {fields}, without which a line means nothing. Choose one."


class ColumnTwice(Refusal):
    code = "column_twice"
    status = 400
    text = "The column “{column}” is chosen for {fields}: it can be one of them only."


class DayFormMissing(Refusal):
    code = "day_form_missing"
    status = 400
    text = (
        "Days such as {example} can be read in two ways. Say whether the day or the month stands"
        " first."
    )


class ImportBusy(Refusal):
    code = "import_busy"
    text = "This import is “{state}” now, so that this can not be done. Look at its page again."


class LinesAreBad(Refusal):
    code = "lines_are_bad"
    text = (
        "{count} lines can not be taken as they are. Mend the file and send it again, or say that"
        " they are to be left out."
    )


class NothingToBring(Refusal):
    code = "nothing_to_bring"
    text = "No line of this file brings anything new. Nothing has to be done."


class LinesForgotten(Refusal):
    code = "lines_forgotten"
    status = 410
    text = "The lines of this import were forgotten after their days, so it can not be taken back."


class CellMissing(Refusal):
    code = "cell_missing"
    status = 400
    text = "{field} is empty. Fill it in."


class CellUnreadable(Refusal):
    code = "cell_unreadable"
    status = 400
    text = "{field}: {why}"


class CellTooLong(Refusal):
    code = "cell_too_long"
    status = 400
    text = "{field} has {length} characters; at most {most} are kept. Shorten it."


class NoSuchThing(Refusal):
    code = "no_such_thing"
    status = 400
    text = "There is no {what} “{given}”. {helps}"


class CustomerLeft(Refusal):
    code = "customer_left"
    text = (
        "“{given}” is {name}, which was closed on {day}. Leave the line out, or open the"
        " organisation again on its page first."
    )


class NotOnlyOne(Refusal):
    code = "not_only_one"
    status = 400
    text = "Several {what} are called “{given}”. Name it by its reference or short name."


class PersonElsewhere(Refusal):
    code = "person_elsewhere"
    text = (
        "{email} belongs to another organisation ({name}) already. One account has one"
        " organisation: leave the line out, or move the person on their own page."
    )


class PersonIsStaff(Refusal):
    code = "person_is_staff"
    text = "{email} is an account of your own staff, so it can not be a customer's person."


class MoreLeftThanBought(Refusal):
    code = "more_left_than_bought"
    status = 400
    text = "{left} are left of a pack of {quantity}. Check both numbers."


class DayToCome(Refusal):
    code = "day_to_come"
    status = 400
    text = "{field} is {day}, which is still to come. Check it."


class DiffersFromHere(Refusal):
    code = "differs_from_here"
    text = "{what} is here already, but with {here} instead of {given}. Change it on its own page."


class BuiltOn(Refusal):
    code = "built_on"
    text = "It is in use by now ({by}), so it stays."


class ChangedSince(Refusal):
    code = "changed_since"
    text = "It was changed by somebody since, so it stays as it is."


class NoteEmpty(Refusal):
    code = "note_empty"
    status = 400
    text = _("A note needs words. Write what was said, or what you saw.")


class StepWithoutDay(Refusal):
    code = "step_without_day"
    status = 400
    text = _("A next step needs its day, and a day its step. Give both, or leave out both.")


class StepInThePast(Refusal):
    code = "step_in_the_past"
    status = 400
    text = _("The day of the next step is over. Give today, or a later one.")


class StepDone(Refusal):
    code = "step_done"
    text = _("That step is done already, or the note has none.")


class AgendaMissing(Refusal):
    code = "agenda_missing"
    status = 400
    text = _("Say in a few words what the review is about.")


class ScalesUnusable(Refusal):
    code = "scales_unusable"
    status = 400
    text = _("{why}")


class QuarterUnusable(Refusal):
    code = "quarter_unusable"
    status = 400
    text = _("{why}")


class PaceUnusable(Refusal):
    code = "pace_unusable"
    status = 400
    text = _("Give the answers of an hour of duty as a number above 0 and up to 60, such as 2.5.")


class NobodyChosen(Refusal):
    code = "nobody_chosen"
    status = 400
    text = _("Nobody is chosen who would read it. Choose at least one person.")


class ReaderMayNot(Refusal):
    code = "reader_may_not"
    status = 400
    text = _("{name} may not see this, so it can not be sent to them. Leave them out.")


class ScheduleUnusable(Refusal):
    code = "schedule_unusable"
    status = 400
    text = _("{why}")
