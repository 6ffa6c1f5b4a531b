"""Narrowing the list, and writing down a request for a customer."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from engagements.enums import Kind, State
from engagements.forms.kinds import REQUEST_FORMS
from engagements.forms.spine import PersonField, RequestForm
from engagements.querysets.engagements import EngagementQuerySet

MINE, OPEN, ALL = "mine", "open", "all"


class ListForm(forms.Form):
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[(OPEN, _("Open")), (MINE, _("Mine, open")), (ALL, _("All"))],
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Every kind")), *Kind.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Every state")), *State.choices], required=False
    )

    def narrowed(self, rows: EngagementQuerySet, person: Person) -> EngagementQuerySet:
        """What does not read narrows nothing."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        show = data.get("show") or OPEN
        if show in (OPEN, MINE) and not data.get("state"):
            rows = rows.open()
        if show == MINE:
            rows = rows.filter(owner=person)
        for name in ("kind", "state"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        return rows


class _ForSomebody(forms.Form):
    """Who asked, and how."""

    contact = PersonField("Who asks")
    channel = forms.ChoiceField(
        label=_("How"), choices=[("phone", _("By telephone")), ("email", _("By mail"))]
    )


def new_form(kind: Kind, organisation: Organisation, *args: Any) -> RequestForm:
    """The customer's own form of the kind, with who asked and how."""
    base = REQUEST_FORMS.get(kind, RequestForm)
    made: Any = type("NewForm", (_ForSomebody, base), {"field_order": None})
    form: RequestForm = made(*args)
    people = Person.objects.active().filter(organisation=organisation).order_by("name")
    cast(Any, form.fields["contact"]).queryset = people
    form.order_fields(["contact", "channel", "title"])
    return form
