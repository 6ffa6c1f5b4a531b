"""Forms whose text and files are kept while they are filled in, and what their pages send then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.dateformat import format as in_words

from core.errors import Refusal
from core.nesting import BadJson, read
from tickets.actions import drafts
from tickets.actions.drafts import DraftOf
from tickets.models import Draft, DraftFile


class KeptFilesField(forms.Field):
    """Ids of files of the draft that go with the message; what is no number is left out."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.MultipleHiddenInput)

    def clean(self, value: Any) -> list[int]:
        given = [str(one) for one in value or ()]
        return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]


class DraftFields(forms.Form):
    """The fields by which a form names its draft. Its owner says which one by `take_up`."""

    draft = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )
    kept = KeptFilesField()

    draft_of: DraftOf | None = None
    draft_url = ""
    draft_files: Iterable[DraftFile] = ()
    draft_at: datetime | None = None
    _opened: Sequence[UploadedFile[Any]] = ()

    def take_up(self, of: DraftOf, url: str, found: Draft | None) -> None:
        """Show what was kept in a fresh form; a form that was sent keeps what was sent."""
        self.draft_of, self.draft_url = of, url
        self.fields["draft"].initial = found.version if found else 0
        if found is None:
            return
        self.draft_files, self.draft_at = list(found.files.all()), found.saved_at
        if self.is_bound:
            return
        for name, value in {**found.fields, "body": found.body}.items():
            if name in self.fields:
                self.initial[name] = value

    def all_files(self) -> list[UploadedFile[Any]]:
        """Those that came with the form, and those that were uploaded to the draft before.

        The latter are open until `close_kept`.
        """
        chosen: list[UploadedFile[Any]] = list(self.cleaned_data["files"])
        ids = self.cleaned_data["kept"]
        if ids and self.draft_of is not None:
            self._opened = drafts.kept_files(self.draft_of, ids)
            chosen += self._opened
        return chosen

    def close_kept(self) -> None:
        for file in self._opened:
            file.close()

    def was_sent(self) -> None:
        """Call it in the transaction of the sending."""
        if self.draft_of is not None:
            version, body = self.cleaned_data["draft"] or 0, self.cleaned_data.get("body", "")
            drafts.used(self.draft_of, version=version, body=body)

    def keep(self, files: Iterable[UploadedFile[Any]], *, at: datetime) -> None:
        """After a refusal: what was chosen stays with the draft; one bad file costs no other."""
        if self.draft_of is None:
            return
        for file in files:
            try:
                drafts.add_file(self.draft_of, file, at=at)
            except Refusal as refusal:
                self.add_error("files", str(refusal))
        found = self.draft_of.found()
        if found is not None:
            self.draft_files, self.draft_at = list(found.files.all()), found.saved_at
            data = cast(QueryDict, self.data).copy()
            data["draft"] = str(found.version)  # so that the sending knows it, and it goes
            self.data = data


@contextmanager
def closing_kept(form: forms.Form) -> Iterator[None]:
    """Around a sending: files of the draft are closed, whatever became of it."""
    try:
        yield
    finally:
        if isinstance(form, DraftFields):
            form.close_kept()


def typed_meanwhile(request: HttpRequest, of: DraftOf, *, at: datetime) -> JsonResponse:
    """What a page asks for while somebody types: `do` is save, file, drop or discard.

    A GET gives what is kept now, for the tab that was overtaken.
    """
    if request.method != "POST":
        return JsonResponse(_shown(of.found()))
    asked = request.POST.get("do", "")
    try:
        if asked == "save":
            version = drafts.save_draft(
                of,
                body=request.POST.get("body", ""),
                fields=_fields(request),
                version=_number(request.POST.get("version", "")),
                at=at,
            )
            said: dict[str, Any] = {"version": version, "at": _clock(at)}
        elif asked == "file" and "file" in request.FILES:
            file = request.FILES["file"]
            assert isinstance(file, UploadedFile)
            said = _file(drafts.add_file(of, file, at=at))
            said["version"] = found.version if (found := of.found()) else 0
        elif asked == "drop":
            drafts.drop_file(of, _number(request.POST.get("file", "")))
            said = {}
        elif asked == "discard":
            drafts.discard(of)
            said = {"version": 0}
        else:
            return JsonResponse({"code": "bad_request", "detail": "Say what to do."}, status=400)
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code, "detail": str(refusal)}, status=refusal.status)
    return JsonResponse(said)


def _fields(request: HttpRequest) -> dict[str, str]:
    try:
        given = read(request.POST.get("fields", "{}"))
    except BadJson:
        return {}
    if not isinstance(given, dict):
        return {}
    pairs = list(given.items())[:50]
    return {name[:60]: value for name, value in pairs if isinstance(value, str)}


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _shown(found: Draft | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0, "body": "", "fields": {}, "files": []}
    return {
        "version": found.version,
        "body": found.body,
        "fields": found.fields,
        "files": [_file(one) for one in found.files.all()],
        "at": _clock(found.saved_at),
    }


def _file(one: DraftFile) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "size": one.size}


def _clock(at: datetime) -> str:
    return in_words(timezone.localtime(at), "H:i")
