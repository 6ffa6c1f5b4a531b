"""Documents: handed over in versions, accepted or sent back by name (N5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, clean_block, one_line
from core.words import listed
from engagements import policies
from engagements.actions.common import locked, tell_customer, tell_team
from engagements.actions.talking import digest_of
from engagements.enums import Paper, Verdict
from engagements.errors import (
    FileMissing,
    MayNotAccept,
    NameMissing,
    NotNewest,
    RemarksMissing,
    SameFile,
    TitleMissing,
    VerdictGiven,
)
from engagements.models import Document, DocumentVersion, Engagement
from tickets.actions.files import check_files, safe_name


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is handed over. `note` says what changed since the version before."""

    title: str
    file: Any  # an uploaded file, or one that we made
    paper: Paper = Paper.DOCUMENT
    note: str = ""
    needs_acceptance: bool = True


def made_file(name: str, content: bytes) -> File[Any]:
    """A file that we made, as `hand_over` takes it."""
    return ContentFile(content, name=name)


@transaction.atomic
def hand_over(
    engagement: Engagement,
    draft: Draft,
    *,
    by: Person,
    at: datetime,
    document: Document | None = None,
) -> DocumentVersion:
    """Hand the customer a document, or a new version of `document`; they are mailed.

    What was said of earlier versions stays with those; the new one is asked for anew (N5).
    Errors: `NotAllowed`, `TitleMissing`, `FileMissing`, `SameFile`, those of `check_files`.
    """
    if not policies.may_work(by, engagement):
        raise NotAllowed()
    engagement = locked(engagement)
    title = one_line(draft.title)[:200]
    if not title and document is None:
        raise TitleMissing()
    if draft.file is None:
        raise FileMissing()
    check_files([draft.file])
    if document is None:
        document = Document.objects.create(
            organisation_id=engagement.organisation_id,
            engagement=engagement,
            paper=draft.paper,
            title=title,
            needs_acceptance=draft.needs_acceptance,
            made_at=at,
        )
    version = _next_version(engagement, document, draft, by=by, at=at)
    facts = {"document": document.pk, "version": version.number, "title": document.title}
    facts |= {"sha256": version.sha256, "note": version.note}
    record("engagement.handed_over", engagement, at=at, by=by, rule="N5", **facts)
    tell_customer(
        engagement,
        "engagement_document",
        key=f"document:{version.pk}",
        at=at,
        document=document.title,
        version=version.number,
        note=version.note,
        asks="accept it" if document.needs_acceptance else "",
        who=listed([str(one) for one in policies.who_may_accept(engagement)], "or"),
    )
    return version


def _next_version(
    engagement: Engagement, document: Document, draft: Draft, *, by: Person, at: datetime
) -> DocumentVersion:
    newest = document.versions.select_for_update().order_by("-number").first()
    digest = digest_of(draft.file)
    if newest is not None and newest.sha256 == digest:
        raise SameFile(number=newest.number)
    name = safe_name(draft.file.name or "")
    return DocumentVersion.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        document=document,
        number=newest.number + 1 if newest else 1,
        file=File(draft.file, name=name),
        name=name,
        size=draft.file.size or 0,
        sha256=digest,
        note=clean(draft.note)[:500],
        made_by=by,
        sent_at=at,
    )


@transaction.atomic
def accept(version: DocumentVersion, *, name: str, by: Person, at: datetime) -> DocumentVersion:
    """`by` accepts exactly this file, and signs with a name (N5).

    Errors: `MayNotAccept`, `NameMissing`, `NotNewest`, `VerdictGiven`.
    """
    return _judge(version, Verdict.ACCEPTED, name=name, remarks="", by=by, at=at)


@transaction.atomic
def send_back(
    version: DocumentVersion, *, name: str, remarks: str, by: Person, at: datetime
) -> DocumentVersion:
    """`by` wants it changed, and says what. Errors as of `accept`, and `RemarksMissing`."""
    remarks = clean_block(remarks)
    if not remarks:
        raise RemarksMissing()
    return _judge(version, Verdict.SENT_BACK, name=name, remarks=remarks, by=by, at=at)


def _judge(
    version: DocumentVersion,
    verdict: Verdict,
    *,
    name: str,
    remarks: str,
    by: Person,
    at: datetime,
) -> DocumentVersion:
    engagement = Engagement.objects.select_related("organisation", "owner", "requested_by").get(
        pk=version.engagement_id
    )
    if not policies.may_accept(by, engagement):
        names = listed([str(one) for one in policies.who_may_accept(engagement)], "or")
        raise MayNotAccept(people=names or "an admin contact")
    name = one_line(name)[:200]
    if not name:
        raise NameMissing()
    document = Document.objects.select_for_update().get(pk=version.document_id)
    newest = document.versions.order_by("-number").first()
    assert newest is not None, "it has at least this version"
    if newest.pk != version.pk:
        raise NotNewest(number=version.number, newest=newest.number)
    if newest.verdict:
        told = newest.get_verdict_display().lower()
        raise VerdictGiven(number=newest.number, verdict=told, name=newest.signed_name)
    newest.verdict, newest.verdict_at, newest.verdict_by = verdict, at, by
    newest.signed_name, newest.remarks = name, remarks
    newest.save(update_fields=["verdict", "verdict_at", "verdict_by", "signed_name", "remarks"])
    facts: dict[str, Any] = {"document": document.pk, "version": newest.number}
    facts |= {"title": document.title, "sha256": newest.sha256, "signed_name": name}
    if remarks:
        facts["remarks"] = remarks
    record(f"engagement.{verdict}", engagement, at=at, by=by, rule="N5", **facts)
    tell_team(
        engagement,
        "engagement_verdict",
        key=f"verdict:{newest.pk}",
        at=at,
        document=document.title,
        version=newest.number,
        verdict=verdict.label.lower(),
        signed_name=name,
        remarks=remarks,
    )
    return newest
