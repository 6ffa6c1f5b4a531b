"""The profiles of engineers, which managers keep: room, level, services, languages."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from tickets.actions.dispatch.engineers import DISPATCHED, set_profile
from tickets.models import EngineerProfile


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    person = forms.ModelChoiceField(
        Person.objects.active().filter(role__in=DISPATCHED).order_by("name")
    )
    languages = forms.MultipleChoiceField(
        choices=settings.LANGUAGES,
        required=False,
        widget=FilteredSelectMultiple("languages", is_stacked=False),
        help_text="Further ones, besides their own and English.",
    )

    class Meta:
        model = EngineerProfile
        fields = ("person", "capacity", "is_level_2", "services", "languages")
        widgets = {"services": FilteredSelectMultiple("services", is_stacked=False)}


@admin.register(EngineerProfile)
class EngineerProfileAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    form = ProfileForm
    list_display = ("person", "capacity", "is_level_2", "spoken")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email")
    ordering = ("person__name",)

    @admin.display(description="Further languages")
    def spoken(self, profile: EngineerProfile) -> str:
        return ", ".join(profile.languages)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("person",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: EngineerProfile, form: Any, change: bool
    ) -> None:
        said = dict(form.cleaned_data)
        person = obj.person if change else said.pop("person")
        by = cast(Person, request.user)
        obj.pk = set_profile(person, by=by, at=timezone.now(), **said).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The action has kept the services, too."""
