"""The forms of releases: what one is, its files, what a customer runs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.widgets import BlockField
from entitlements.enums import Edition
from resources.actions.releases.keeping import ReleaseDraft
from resources.enums import ReleaseKind
from resources.models import BetaProgramme, Release


class ReleaseForm(forms.Form):
    """What a release is, and what customers read of it."""

    product = forms.CharField(max_length=120, label=_("Product"))
    edition = forms.ChoiceField(choices=Edition.choices, label=_("Edition"))
    version = forms.CharField(
        max_length=40, label=_("Version"), help_text=_("Such as 10.6.3 or 10.7.0-beta.2")
    )
    kind = forms.ChoiceField(
        choices=ReleaseKind.choices,
        label=_("Kind"),
        help_text=_("Patches and maintenance come with maintenance; an upgrade is bought."),
    )
    programme = forms.ModelChoiceField(
        BetaProgramme.objects.none(),
        required=False,
        label=_("Beta programme"),
        empty_label=_("None"),
        help_text=_("Of a beta build: its members alone get it."),
    )
    summary = forms.CharField(
        max_length=300, required=False, label=_("In one sentence"), help_text=_("Stands in lists.")
    )
    notes = BlockField(
        rows=12, max_length=100_000, required=False, label=_("Notes"), help_text=_("Markdown.")
    )
    fixes = BlockField(
        rows=4,
        max_length=20_000,
        required=False,
        label=_("Known defects that it fixes"),
        help_text=_(
            "One a line, in the customer's words: AX-10412 Invitations keep their time zone"
        ),
    )
    takes = forms.CharField(
        max_length=300,
        required=False,
        label=_("What it takes"),
        help_text=_("Of an upgrade, in the customer's words: whom to ask, what it costs."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes: Any = self.fields["programme"]
        programmes.queryset = BetaProgramme.objects.order_by("-pk")

    def clean_fixes(self) -> list[tuple[str, str]]:
        lines = (line.strip() for line in self.cleaned_data["fixes"].splitlines())
        parts = (line.replace(":", " ", 1).partition(" ") for line in lines if line)
        return [(number, words.strip()) for number, _, words in parts]

    def draft(self) -> ReleaseDraft:
        """Call it on a valid form."""
        return ReleaseDraft(**self.cleaned_data)


def first_of_build(programme: BetaProgramme) -> dict[str, Any]:
    """What the form shows at first for the next build of a beta."""
    return {
        "product": programme.product,
        "edition": programme.editions[0],
        "kind": ReleaseKind.BETA,
        "programme": programme,
    }


def first_shown(release: Release | None) -> dict[str, Any]:
    """What the form shows at first."""
    if release is None:
        return {"product": settings.VENDOR["product"]}
    names = ("product", "edition", "version", "kind", "programme", "summary", "notes", "takes")
    fixes = (f"{fix.defect.number} {fix.words}".strip() for fix in release.fixes.all())
    return {name: getattr(release, name) for name in names} | {"fixes": "\n".join(fixes)}


class ReleaseFileForm(forms.Form):
    """A file of a release; big ones come in pieces, where JavaScript runs."""

    file = forms.FileField(allow_empty_file=True, label=_("File"))
    label = forms.CharField(
        max_length=80, required=False, label=_("For"), help_text=_("Such as Linux x86-64, RPM")
    )
    signature = BlockField(
        rows=3,
        max_length=16_384,
        required=False,
        label=_("Signature"),
        help_text=_("Detached and armoured: -----BEGIN PGP SIGNATURE----- ..."),
    )


class PieceForm(forms.Form):
    """The beginning of a file that comes in pieces."""

    name = forms.CharField(max_length=255)
    size = forms.IntegerField(min_value=0)
    label = forms.CharField(max_length=80, required=False)
    signature = forms.CharField(max_length=16_384, required=False, strip=False)


class FetchForm(forms.Form):
    licence = forms.IntegerField(min_value=1)


class RunningForm(forms.Form):
    licence = forms.IntegerField(min_value=1)
    version = forms.CharField(max_length=40)


class UpgradeForm(forms.Form):
    licence_key = forms.CharField(max_length=60, label=_("Licence key"))
