"""What a person may decide about a mail that is kept aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.http import QueryDict

from accounts.models import Organisation, Person
from core.widgets import LongSelect
from mailroom.text.automatic import is_machine
from mailroom.text.forwards import forwarded_from
from mailroom.text.reading import ReadMail
from mailroom.text.threading import number_in

if TYPE_CHECKING:  # at run time the class is not generic
    _OrganisationChoice = forms.ModelChoiceField[Organisation]
else:
    _OrganisationChoice = forms.ModelChoiceField


class MailForm(forms.Form):
    """One decision. What the mail says fills the fields in."""

    name_of = ""

    def __init__(
        self, data: QueryDict | None = None, *, person: Person, read: ReadMail | None = None
    ) -> None:
        super().__init__(data, auto_id=f"id_{self.name_of}_%s")
        self.person = person
        if read is not None:
            self.suggest(read)

    def suggest(self, read: ReadMail) -> None:
        """First values."""


class WhoForm(MailForm):
    """Who wrote it."""

    email = forms.EmailField(
        label="Who wrote it", max_length=254, help_text="The address of a contact, or of a new one"
    )
    name = forms.CharField(label="Name, for a new contact", max_length=200, required=False)

    def suggest(self, read: ReadMail) -> None:
        passed_on = forwarded_from(read)
        if not passed_on and is_machine(read.from_address):
            passed_on = read.reply_to  # a form's or a shop's: whom it asks us to answer
        written = {"email": read.from_address, "name": read.from_name}
        self.initial.update({"email": passed_on} if passed_on else written)


class NewIncidentForm(WhoForm):
    name_of = "incident"
    organisation = _OrganisationChoice(
        Organisation.objects.none(),
        label="Organisation, for a new contact",
        widget=LongSelect,
        required=False,
        empty_label="Choose an organisation",
    )

    def __init__(
        self, data: QueryDict | None = None, *, person: Person, read: ReadMail | None = None
    ) -> None:
        super().__init__(data, person=person, read=read)
        chooser = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        chooser.queryset = Organisation.objects.visible_to(person).order_by("name")


class AddForm(WhoForm):
    name_of = "message"
    field_order = ("number",)
    number = forms.CharField(label="Number of the incident", max_length=20)

    def suggest(self, read: ReadMail) -> None:
        super().suggest(read)
        self.initial["number"] = number_in(read.subject)


class DismissForm(MailForm):
    name_of = "dismiss"
    reason = forms.CharField(label="Why does nothing come of it?", max_length=300)


FORMS: dict[str, type[MailForm]] = {
    form.name_of: form for form in (NewIncidentForm, AddForm, DismissForm)
}
