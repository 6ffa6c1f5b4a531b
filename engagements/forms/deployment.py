"""The forms and actions of run book and cut-over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions import cutover, deployment_papers, run_books
from engagements.actions.cutover import Window
from engagements.actions.run_books import Said
from engagements.enums import Book, Paper, StepResult
from engagements.errors import CutOverFaulty
from engagements.forms.acting import ActionForm, Asked, Confirm, PageAction, long_field
from engagements.forms.visits import MomentsForm, moment_field
from engagements.models import CutOver, Step
from engagements.rules.books import offset_said, parse_offset

Data = dict[str, Any]
RUN_BOOK, CUT_OVER, GO_NO_GO = "run-book", "cut-over", "go-no-go"


class OffsetField(forms.CharField):
    """hours:minutes from the start, as minutes."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        found = parse_offset(text or "")
        if text and found is None:
            raise forms.ValidationError(_("Write hours:minutes, such as 0:30 or -48:00."))
        return found if text else None

    def prepare_value(self, value: Any) -> Any:
        return offset_said(value) if isinstance(value, int) else value


_FIELDS = {  # what a step says besides who does what
    Book.RUN_BOOK: ("section", "expectation"),
    Book.CUT_OVER: ("offset", "minutes", "is_no_return"),
    Book.WAY_BACK: ("minutes",),
}


class StepForm(ActionForm):
    """The fields of the step's book; `book` is of a step that is new."""

    book: Book | None = None
    section = forms.CharField(label=_("Checklist"), max_length=120)
    title = forms.CharField(label=_("What is done"), max_length=200)
    owner = forms.CharField(label=_("Who does it"), max_length=200)
    for_customer = forms.BooleanField(label=_("The customer ticks it off"), required=False)
    expectation = forms.CharField(label=_("How one sees it"), max_length=300, required=False)
    offset = OffsetField(
        label=_("When, from the start"),
        max_length=10,
        help_text=_("Such as 0:30, or -48:00 before it."),
    )
    minutes = forms.IntegerField(label=_("Minutes that it takes"), min_value=1, max_value=43200)
    is_no_return = forms.BooleanField(label=_("After it there is no way back"), required=False)

    def prepare(self) -> None:
        step = self.asked.row
        book = Book(step.book) if isinstance(step, Step) else self.book
        kept = ("title", "owner", "for_customer", *_FIELDS[book or Book.RUN_BOOK])
        for name in [one for one in self.fields if one not in kept]:
            del self.fields[name]
        for name in kept if isinstance(step, Step) else ():
            self.fields[name].initial = getattr(step, name)


class RunBookStepForm(StepForm):
    book = Book.RUN_BOOK


class CutOverStepForm(StepForm):
    book = Book.CUT_OVER


class BackStepForm(StepForm):
    book = Book.WAY_BACK


class TickForm(ActionForm):
    result = forms.ChoiceField(
        label=_("What came of it"), choices=StepResult.choices, initial=StepResult.DONE
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, help_text=_("Needed unless it is done.")
    )


class ReasonForm(ActionForm):
    reason = long_field("Why", rows=3)


class WindowForm(MomentsForm):
    starts_at = moment_field("It begins")
    until = moment_field("The window ends")
    stop_contact = forms.CharField(
        label=_("Who may stop it"),
        max_length=200,
        help_text=_("Name and telephone, reached at any time."),
    )

    def prepare(self) -> None:
        super().prepare()
        held = CutOver.objects.filter(engagement=self.asked.engagement).first()
        self.fields["stop_contact"].initial = held.stop_contact if held else ""


class SummaryForm(ActionForm):
    summary = long_field("How it went", rows=3, required=False)


class NoteForm(ActionForm):
    note = forms.CharField(
        label=_("What changed since the last one"), max_length=500, required=False
    )


def _lay_out(asked: Asked, data: Data) -> str:
    count = run_books.lay_out_run_book(asked.engagement, **asked.to_do)
    return f"{count} steps were laid out. Change what is different here."


def _add(book: Book) -> Any:
    def act(asked: Asked, data: Data) -> str:
        made = run_books.add_step(asked.engagement, book, Said(**data), **asked.to_do)
        return f"“{made.title}” was added."

    return act


def _change(asked: Asked, data: Data) -> str:
    run_books.change_step(asked.row, Said(**data), **asked.to_do)
    return "Changed."


def _remove(asked: Asked, data: Data) -> str:
    run_books.remove_step(asked.row, **asked.to_do)
    return f"“{asked.row.title}” is not part of it any more."


def _tick(asked: Asked, data: Data) -> str:
    result = StepResult(data.pop("result"))
    step = run_books.tick(asked.row, result, **data, **asked.to_do)
    return f"{step.title}: {step.get_result_display().lower()}."


def _open_again(asked: Asked, data: Data) -> str:
    run_books.open_again(asked.row, **data, **asked.to_do)
    return f"“{asked.row.title}” is open again."


def _plan(asked: Asked, data: Data) -> str:
    if data["starts_at"] is None or data["until"] is None:
        raise CutOverFaulty(why="say when it begins and when its window ends.")
    moments = {name: data.pop(name).at for name in ("starts_at", "until")}
    cutover.plan(asked.engagement, Window(**moments, **data), **asked.to_do)
    return "Planned; everybody who takes part was notified."


def _begin(asked: Asked, data: Data) -> str:
    cutover.begin(asked.engagement, **asked.to_do)
    return "It began. Tick off each step when it is done."


def _finish(asked: Asked, data: Data) -> str:
    cutover.finish(asked.engagement, **data, **asked.to_do)
    return "The cut-over is done; everybody was notified."


def _turn_back(asked: Asked, data: Data) -> str:
    cutover.turn_back(asked.engagement, **data, **asked.to_do)
    return "Turned back: take the way back, step by step."


def _paper(paper: Paper) -> Any:
    def act(asked: Asked, data: Data) -> str:
        deployment_papers.hand_over_as_it_stands(asked.engagement, paper, **data, **asked.to_do)
        return f"{paper.label} was handed over."

    return act


def _ticking(page: str) -> PageAction:
    return PageAction("What came of the step", "Keep it", TickForm, _tick, of=Step, page=page)


def _hand_over(title: str, paper: Paper, page: str) -> PageAction:
    hint = "As it stands now, with who did what when. The customer accepts it or sends it back."
    return PageAction(title, "Hand it over", NoteForm, _paper(paper), hint=hint, page=page)


_ADD_BOOK, _ADD_CUT, _ADD_BACK = _add(Book.RUN_BOOK), _add(Book.CUT_OVER), _add(Book.WAY_BACK)
_TURN = PageAction(
    "Turn back",
    "Turn back now",
    ReasonForm,
    _turn_back,
    hint="The way back is taken, and a new date needs a new go.",
    page=CUT_OVER,
)
OF_THE_TEAM = {
    "run-book-lay-out": PageAction(
        "Lay out the run book", "Lay it out", Confirm, _lay_out, page=RUN_BOOK
    ),
    "run-book-add": PageAction("A new step", "Add it", RunBookStepForm, _ADD_BOOK, page=RUN_BOOK),
    "run-book-change": PageAction(
        "Change a step", "Change it", StepForm, _change, of=Step, page=RUN_BOOK
    ),
    "run-book-remove": PageAction(
        "Take a step out", "Take it out", Confirm, _remove, of=Step, page=RUN_BOOK
    ),
    "run-book-tick": _ticking(RUN_BOOK),
    "run-book-again": PageAction(
        "Open a step again", "Open it again", ReasonForm, _open_again, of=Step, page=RUN_BOOK
    ),
    "run-book-paper": _hand_over("The run book as a PDF", Paper.RUN_BOOK, RUN_BOOK),
    "cut-over-plan": PageAction(
        "When the cut-over is",
        "Plan it so",
        WindowForm,
        _plan,
        hint="A go counts for the moment that it was decided for: another one asks anew.",
        page=CUT_OVER,
    ),
    "cut-over-add": PageAction("A new step", "Add it", CutOverStepForm, _ADD_CUT, page=CUT_OVER),
    "cut-over-back-add": PageAction(
        "A new step of the way back", "Add it", BackStepForm, _ADD_BACK, page=CUT_OVER
    ),
    "cut-over-change": PageAction(
        "Change a step", "Change it", StepForm, _change, of=Step, page=CUT_OVER
    ),
    "cut-over-remove": PageAction(
        "Take a step out", "Take it out", Confirm, _remove, of=Step, page=CUT_OVER
    ),
    "cut-over-tick": _ticking(CUT_OVER),
    "cut-over-again": PageAction(
        "Open a step again", "Open it again", ReasonForm, _open_again, of=Step, page=CUT_OVER
    ),
    "cut-over-begin": PageAction("Begin the cut-over", "It begins", Confirm, _begin, page=CUT_OVER),
    "cut-over-done": PageAction(
        "The cut-over is done", "It is done", SummaryForm, _finish, page=CUT_OVER
    ),
    "cut-over-turn": _TURN,
    "cut-over-paper": _hand_over("The cut-over plan as a PDF", Paper.CUT_OVER, CUT_OVER),
    "go-no-go-paper": _hand_over("The go / no-go sheet as a PDF", Paper.GO_NO_GO, GO_NO_GO),
}
OF_THE_CUSTOMER = {
    "run-book-tick": _ticking(RUN_BOOK),
    "cut-over-tick": _ticking(CUT_OVER),
    "cut-over-turn": _TURN,
}
