"""The tags of one incident, in a line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.staff import ActionForm
from tickets.rules.tags import tags_of


class TagsForm(ActionForm):
    tags = forms.CharField(
        max_length=500,
        required=False,
        label=_("Tags"),
        help_text=_("Such as webmail 10.6.1. Customers never see them."),
    )

    def prepare(self) -> None:
        present = self.incident.tags.values_list("name", flat=True)
        self.fields["tags"].initial = " ".join(present)

    def clean_tags(self) -> list[str]:
        return tags_of(self.cleaned_data["tags"])
