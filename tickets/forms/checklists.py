"""The form of the hand-over checklists: a text a service, an item a line."""

from __future__ import annotations

from typing import Any

from django import forms

from entitlements.models import Service
from tickets.models import HandoverChecklist


class ChecklistsForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = HandoverChecklist.objects.order_by("service_id", "-version").distinct("service_id")
        now = {one.service_id: one.items for one in newest}
        for service in Service.objects.all():
            self.fields[f"items{service.pk}"] = forms.CharField(
                label=service.name,
                required=False,
                initial="\n".join(now.get(service.pk, [])),
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def wanted(self) -> dict[int, list[str]]:
        """Call it on a valid form."""
        return {
            int(name.removeprefix("items")): text.splitlines()
            for name, text in self.cleaned_data.items()
        }
