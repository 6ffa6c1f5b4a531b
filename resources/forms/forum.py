"""The forms of the forum: asking, answering, editing, reporting, and its moderators'."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import BlockField
from entitlements.enums import Level
from resources.actions.forum.boards import BoardDraft
from resources.enums import Audience
from resources.models import Board
from resources.rules.forum import LONGEST_TITLE

# The action says what is too much, in words that help; this only keeps out what no page sends.
LONGEST_TYPED = 2_000_000
HINT = "Markdown: `code`, ``` around the lines of a log, > before a quotation."


def fresh_nonce() -> str:
    return secrets.token_hex(16)


class PostFields(forms.Form):
    """A post. `nonce` makes a second click on "Send" harmless."""

    body = BlockField(rows=9, max_length=LONGEST_TYPED, label=_("Your answer"), help_text=HINT)
    nonce = forms.CharField(
        widget=forms.HiddenInput, max_length=64, required=False, initial=fresh_nonce
    )


class AnswerForm(PostFields):
    pass


class TopicForm(PostFields):
    """A question: a title, and what happens."""

    title = forms.CharField(
        max_length=LONGEST_TITLE,
        label=_("Your question, in one line"),
        help_text=_("As somebody with the same problem would search for it."),
    )
    field_order = ("title", "body", "nonce")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "What happens, and what did you try?"


class EditForm(forms.Form):
    """Other words for a post; of a question its title, too."""

    title = forms.CharField(max_length=LONGEST_TITLE, label=_("Title"))
    body = BlockField(rows=12, max_length=LONGEST_TYPED, label=_("Text"), help_text=HINT)

    def __init__(self, *args: Any, with_title: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_title:
            del self.fields["title"]


class ReportForm(forms.Form):
    why = forms.CharField(
        max_length=500,
        label=_("What is wrong with it?"),
        help_text=_("Moderators read it, and nobody else."),
    )


class NamesForm(forms.Form):
    """How an organisation's people are named in the forum."""

    full_name = forms.BooleanField(
        required=False, label=_("Show the full name, not the first alone")
    )
    with_company = forms.BooleanField(required=False, label=_("Show the name of our organisation"))


class FollowForm(forms.Form):
    wanted = forms.TypedChoiceField(
        choices=[("yes", _("yes")), ("no", _("no"))], coerce=lambda said: said == "yes"
    )


class WhyForm(forms.Form):
    """Why a moderator hides something, or does not take it."""

    reason = forms.CharField(max_length=300, label=_("Why"), required=False)


class MoveForm(forms.Form):
    board = forms.ModelChoiceField(
        Board.objects.none(), empty_label=None, label=_("To which board")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards: Any = self.fields["board"]
        boards.queryset = Board.objects.all()


class MergeForm(forms.Form):
    into = forms.IntegerField(
        min_value=1,
        max_value=2**62,
        label=_("Into topic number"),
        help_text=_("The number at the end of its address."),
    )


class BoardForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("Name"))
    what = forms.CharField(max_length=200, required=False, label=_("What belongs there"))
    audience = forms.ChoiceField(
        choices=Audience.choices,
        initial=Audience.REGISTERED,
        label=_("Who reads and writes there"),
        help_text=_(
            "What everybody may read stands in search engines and feeds. Once there are"
            " topics, a board never gets more readers than they were written for."
        ),
    )
    levels = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in Level],
        required=False,
        label=_("Levels"),
        help_text=_("Where it is for customers with one of the levels."),
        widget=forms.CheckboxSelectMultiple,
    )
    position = forms.IntegerField(min_value=0, max_value=999, initial=0, label=_("Place"))

    def draft(self) -> BoardDraft:
        """Call it on a valid form."""
        return BoardDraft(**self.cleaned_data)
