"""What can be done on the page of an engagement: one form and one action each.

A page action is reached by its name below the engagement's address: GET shows its form alone on a
page (so that it works without JavaScript), POST does it. `?of=` names the row that it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.http import layout_of
from accounts.models import Person
from core.form_pages import submitted
from engagements.models import Engagement


@dataclass(frozen=True)
class Asked:
    """By whom an action is asked for, on what, when."""

    engagement: Engagement
    person: Person
    at: datetime
    row: Any = None

    @property
    def to_do(self) -> dict[str, Any]:
        """As every action takes it."""
        return {"by": self.person, "at": self.at}


class ActionForm(forms.Form):
    """A form that knows what it is about. `prepare` fills in choices and first values."""

    def __init__(self, asked: Asked, *args: Any) -> None:
        super().__init__(*args)
        self.asked = asked
        self.prepare()

    def prepare(self) -> None:
        """Nothing to fill in."""


class Confirm(ActionForm):
    """Nothing to fill in: the button says it all."""


def day_field(label: str, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def long_field(label: str, *, rows: int = 4, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=20000, **more)


@dataclass(frozen=True)
class PageAction:
    """`act` does it with what the form found and says what was done; `of` is what `?of=` names.

    `page` is the page below the engagement's to which it leads back, by default its own.
    `may` says who is offered it; the action itself asks again.
    """

    title: str
    button: str
    form: type[ActionForm]
    act: Callable[[Asked, dict[str, Any]], str]
    of: type[Model] | None = None
    hint: str = ""
    page: str = ""


Table = Mapping[str, PageAction]


def answer(
    request: HttpRequest,
    table: Table,
    name: str,
    engagement: Engagement,
    *,
    at: datetime,
    back: str,
) -> HttpResponse:
    """The form of a page action, or what came of it; `back` is the address of the page."""
    action = table.get(name)
    person = request.user
    if action is None or not isinstance(person, Person):
        raise Http404
    back = f"{back}{action.page}/" if action.page else back
    asked = Asked(engagement, person, at, _row(request, action, engagement, person))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = action.form(asked, *given)

    def act() -> HttpResponse:
        said = action.act(asked, dict(form.cleaned_data))
        if said:
            messages.success(request, said)
        return redirect(back)

    done, status = submitted(request, form, act)
    if done is not None:
        return done
    context = {
        "layout": layout_of(person),
        "engagement": engagement,
        "action": action,
        "form": form,
        "row": asked.row,
        "back": back,
        "section": "Engagements",
    }
    return render(request, "engagements/act.html", context, status=status)


def _row(request: HttpRequest, action: PageAction, engagement: Engagement, person: Person) -> Any:
    if action.of is None:
        return None
    key = request.GET.get("of", "")
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        raise Http404
    manager: Any = action.of._default_manager
    seen = manager.visible_to(person)  # such as no internal task
    return get_object_or_404(seen.select_related("engagement"), pk=key, engagement=engagement)
