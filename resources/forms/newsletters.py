"""The forms of newsletters: issues, kinds, who reads them, which version somebody runs."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import BlockField
from entitlements.enums import Level
from resources.actions.newsletters.writing import IssueDraft
from resources.enums import Audience, Severity
from resources.models import Newsletter, NewsletterIssue

AUDIENCES = [(one.value, one.label) for one in Audience if one != Audience.STAFF]


class IssueForm(forms.Form):
    """What an issue says, and to whom. The last fields are read of an advisory alone."""

    newsletter = forms.ModelChoiceField(
        Newsletter.objects.none(), empty_label=None, label=_("Newsletter")
    )
    subject = forms.CharField(max_length=150, label=_("Subject"))
    summary = forms.CharField(
        max_length=300,
        required=False,
        label=_("In one sentence"),
        help_text=_("Stands in the archive."),
    )
    body = BlockField(rows=18, max_length=100_000, label=_("Text"), help_text=_("Markdown."))
    audience = forms.ChoiceField(
        choices=AUDIENCES,
        initial=Audience.EVERYBODY,
        label=_("Who may read it"),
        help_text=_(
            "What everybody may read stands in the archive and the feed without signing in."
        ),
    )
    levels = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in Level],
        required=False,
        label=_("Levels"),
        widget=forms.CheckboxSelectMultiple,
    )
    severity = forms.ChoiceField(
        choices=[("", "—"), *Severity.choices], required=False, label=_("How bad")
    )
    products = forms.CharField(
        max_length=400,
        required=False,
        label=_("Products"),
        help_text=_("As licences name them, with commas between. None: each."),
    )
    affected = forms.CharField(
        max_length=2000,
        required=False,
        label=_("Affected versions"),
        help_text=_("A range a line: 10.5.0 to 10.6.1, before 10.4.9, 10.3 and later, 10.6, all."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fixed_in = forms.CharField(
        max_length=60, required=False, label=_("Repaired in"), help_text=_("Such as 10.6.2.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["newsletter"]
        kinds.queryset = Newsletter.objects.all()

    def draft(self) -> IssueDraft:
        """Call it on a valid form."""
        said = dict(self.cleaned_data)
        said["products"] = [one.strip() for one in said["products"].split(",") if one.strip()]
        lines = re.split(r"[\n;,]+", said["affected"])
        said["affected"] = [one.strip() for one in lines if one.strip()]
        return IssueDraft(**said)


def first_shown(issue: NewsletterIssue) -> dict[str, Any]:
    """What the form shows of an issue that is there."""
    names = (
        *("newsletter", "subject", "summary", "body", "audience", "levels", "severity"),
        "fixed_in",
    )
    return {name: getattr(issue, name) for name in names} | {
        "products": ", ".join(issue.products),
        "affected": "\n".join(issue.affected),
    }


class NewsletterForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("Name"))
    what = forms.CharField(max_length=200, label=_("What comes, in one sentence"))
    position = forms.IntegerField(min_value=0, max_value=999, initial=0, label=_("Place"))
    is_advisory = forms.BooleanField(
        required=False,
        label=_("Security advisories"),
        help_text=_("Issues name versions, and go to those who run them. It stays as it is."),
    )
    comes_with_support = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Comes with e-mail support"),
        help_text=_("Customers read it until they leave. Otherwise those alone who chose it."),
    )


class ChooseForm(forms.Form):
    """The newsletters that a customer's person ticked."""

    wanted = forms.ModelMultipleChoiceField(Newsletter.objects.all(), required=False)


class AskForm(forms.Form):
    """A stranger's address and wishes."""

    address = forms.EmailField(max_length=254, label=_("Your e-mail address"))
    wanted = forms.ModelMultipleChoiceField(
        Newsletter.objects.all(), label=_("Newsletters"), widget=forms.CheckboxSelectMultiple
    )
