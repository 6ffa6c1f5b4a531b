"""The form in which managers word a notice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.crypto import get_random_string

from notices.wording.language import Wording, problems


class WordingForm(forms.Form):
    """Subject and text of one kind; says everything that is wrong with them at once."""

    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=300)
    text = forms.CharField(
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true", "class": "mono"}),
        help_text="An empty line ends a paragraph. Links, greeting and end are placeholders, too.",
    )

    def __init__(self, kind: str, now: Wording, data: Any = None) -> None:
        asked = {"subject": now.subject, "text": now.text, "key": get_random_string(16)}
        super().__init__(data, initial=asked)
        self.kind = kind

    def wording(self) -> Wording:
        return Wording(self.cleaned_data["subject"], self.cleaned_data["text"])

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"subject", "text"} <= given.keys():
            for sentence in problems(self.kind, Wording(given["subject"], given["text"])):
                self.add_error(None, sentence)
        return given
