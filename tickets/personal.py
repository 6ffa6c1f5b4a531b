"""What incidents hold about somebody, and what the erasure does to it.

The conversation keeps its shape: who was it that wrote, when, of what kind, with how many files.
Its words stay, unless they are to go with their writer, but nobody is named in them any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from accounts.models import Person
from core.blotting import BLOT, Words
from core.personal import Held, Rows, harmless, hold
from tickets.enums import TextFormat
from tickets.models import (
    Aside,
    AsideMember,
    AsideMessage,
    Attachment,
    CannedAnswer,
    Dispatch,
    Draft,
    DraftFile,
    EngineerProfile,
    EscalationRequest,
    HandledRequest,
    Handover,
    Incident,
    Message,
    Participant,
    Rating,
    SavedView,
    Solution,
    Tag,
)
from tickets.rules.text_files import is_text

LONGEST = 5_000_000  # bytes of a text file that is looked into
ERASED_FILE = b"The person who sent this file was erased, and the file with them.\n"


def concerning(person: Person) -> QuerySet[Incident]:
    """The incidents that they reported, wrote on or took part in."""
    wrote = Message.objects.filter(author=person).order_by().values("incident")
    took_part = Participant.objects.filter(person=person).order_by().values("incident")
    return Incident.objects.filter(Q(reporter=person) | Q(pk__in=wrote) | Q(pk__in=took_part))


def _on_theirs(model: type[Model]) -> Rows:
    """Rows of incidents that concern them: there a part of the name means them, too."""

    def rows(person: Person) -> QuerySet[Any]:
        return model._default_manager.filter(
            incident__in=concerning(person).order_by().values("pk")
        )

    return rows


def _empty_files(rows: QuerySet[Attachment]) -> int:
    """Put a sentence in the place of each file."""
    files = list(rows.select_for_update())
    for one in files:
        one.name, one.content_type = "erased.txt", "text/plain"
        _replace(one, ERASED_FILE)
    return len(files)


def _blot_text_files(keys: Collection[int], words: Words, at: datetime) -> int:
    """Blot in plain text, which search reads, too; other files are looked into by nobody here."""
    changed = 0
    for one in Attachment.objects.filter(pk__in=keys, size__lte=LONGEST):
        if not is_text(one.name, one.content_type):
            continue
        try:
            with one.file.open("rb") as opened:
                text = opened.read().decode("utf-8", "surrogateescape")
        except OSError:  # the row says that there was one
            continue
        if words.are_in(text):
            _replace(one, words.blotted(text).encode("utf-8", "surrogateescape"))
            changed += 1
    return changed


def _drop_tags(keys: Collection[int], words: Words, at: datetime) -> int:
    """A tag that names them goes: blotted out it would be a word that says nothing."""
    found = Tag.objects.filter(pk__in=keys)
    named = [one.pk for one in found if words.are_in(one.name.replace("-", " "))]
    return Tag.objects.filter(pk__in=named).delete()[0]


def _replace(one: Attachment, content: bytes) -> None:
    """The file with other content; the old one goes when that is committed."""
    storage, old = one.file.storage, str(one.file.name)
    one.file.save(one.name, ContentFile(content), save=False)
    one.size, one.sha256 = len(content), hashlib.sha256(content).hexdigest()
    one.save()
    transaction.on_commit(lambda: storage.delete(old))


hold(
    Held(
        "tickets.Incident",
        "Incidents that they reported",
        own=lambda person: Incident.objects.filter(reporter=person),
        near=concerning,
        texts={"subject": BLOT},
        blot=("subject", "product", "version"),
        day="received_at",
    ),
    Held(
        "tickets.Message",
        "Messages that they wrote",
        own=lambda person: Message.objects.filter(author=person),
        near=_on_theirs(Message),
        texts={"body": BLOT, "quoted": "", "html": "", "format": TextFormat.PLAIN},
        blot=("body", "quoted", "html"),
        secret=("message_id",),
        day="sent_at",
    ),
    Held(
        "tickets.Aside",
        "Side conversations that they began",
        own=lambda person: Aside.objects.filter(opened_by=person),
        near=_on_theirs(Aside),
        texts={"topic": BLOT},
        blot=("topic",),
        day="opened_at",
    ),
    Held(
        "tickets.AsideMessage",
        "What they wrote in side conversations",
        own=lambda person: AsideMessage.objects.filter(author=person),
        near=lambda person: AsideMessage.objects.filter(
            aside__incident__in=concerning(person).order_by().values("pk")
        ),
        texts={"body": BLOT, "quoted": "", "html": ""},
        blot=("body", "quoted", "html"),
        secret=("message_id",),
        day="sent_at",
    ),
    Held(
        "tickets.AsideMember",
        "Side conversations in which they take part",
        own=lambda person: AsideMember.objects.filter(person=person),
        day="joined_at",
    ),
    Held(
        "tickets.Attachment",
        "Files that they sent",
        own=lambda person: Attachment.objects.filter(message__author=person),
        texts_by_hand=_empty_files,
        by_hand=_blot_text_files,
        file="file",
        blot=("name",),
        day="sent_at",
    ),
    Held(
        "tickets.Rating",
        "What they said of our help",
        own=lambda person: Rating.objects.filter(incident__reporter=person),
        near=_on_theirs(Rating),
        texts={"comment": ""},
        blot=("comment",),
        day="given_at",
    ),
    Held(
        "tickets.EscalationRequest",
        "What they asked to go further",
        own=lambda person: EscalationRequest.objects.filter(asked_by=person),
        near=_on_theirs(EscalationRequest),
        texts={"reason": BLOT},
        blot=("reason", "answer"),
        day="asked_at",
    ),
    Held(
        "tickets.Handover",
        "Hand-overs that they wrote",
        own=lambda person: Handover.objects.filter(by=person),
        near=_on_theirs(Handover),
        blot=("reason", "tried", "reproduction", "environment", "logs", "ticked")
        + ("unticked_because",),
        day="at",
    ),
    Held(
        "tickets.Solution",
        "Solutions that they registered",
        own=lambda person: Solution.objects.filter(by=person),
        near=_on_theirs(Solution),
        blot=("text",),
        day="at",
    ),
    Held(
        "tickets.Tag",
        "Tags that they set",
        own=lambda person: Tag.objects.filter(by=person),
        by_hand=_drop_tags,
        day="at",
    ),
    Held(
        "tickets.CannedAnswer",
        "Their own canned answers",
        own=lambda person: CannedAnswer.objects.filter(owner=person),
        is_deleted=True,
        near=lambda person: CannedAnswer.objects.filter(kept_by=person),
        blot=("title", "text", "tags"),
        day="kept_at",
    ),
    Held(
        "tickets.SavedView",
        "Their own views of the queue",
        own=lambda person: SavedView.objects.filter(owner=person),
        is_deleted=True,
        near=lambda person: SavedView.objects.filter(kept_by=person),
        blot=("name", "words"),
        day="kept_at",
    ),
    # Their files go from the disk by night (`axsupport.operating.housekeeping`).
    Held(
        "tickets.DraftFile",
        "Files of what they have not sent",
        own=lambda person: DraftFile.objects.filter(draft__person=person),
        is_deleted=True,
        file="file",
        blot=("name",),
        day="added_at",
    ),
    Held(
        "tickets.Draft",
        "What they have not sent",
        own=lambda person: Draft.objects.filter(person=person),
        is_deleted=True,
        blot=("body", "fields"),
        day="saved_at",
    ),
    Held(
        "tickets.Participant",
        "Incidents that they follow",
        own=lambda person: Participant.objects.filter(person=person),
        day="joined_at",
    ),
    Held(
        "tickets.Dispatch",
        "Incidents that were given to them",
        own=lambda person: Dispatch.objects.filter(to=person),
        blot=("considered", "reason"),
        day="at",
    ),
    Held(
        "tickets.EngineerProfile",
        "What they know, and how much they take",
        own=lambda person: EngineerProfile.objects.filter(person=person),
    ),
    Held(
        "tickets.HandledRequest",
        "Requests that are done once",
        own=lambda person: HandledRequest.objects.filter(person=person),
        is_deleted=True,
        day="at",
    ),
    Held("tickets.OwedRedispatch", "Reasons of a re-dispatch", blot=("reason",)),
    Held("tickets.DispatchRulesVersion", "Rules of dispatch", blot=("reason",)),
    Held("tickets.HandoverChecklist", "Checklists", blot=("items",)),
)
harmless("tickets.Merge", "keys of people and incidents, and no words", "joined", "carried")
harmless("tickets.Incident", "a number, a language, one of a list", "number", "language", "channel")
harmless("tickets.Cause", "of a list that names nobody", "key", "name")
harmless("tickets.SavedView", "chosen from a list", "columns")
harmless("tickets.Tag", "one that names somebody goes: _drop_tags", "name")
harmless("tickets.Message", "one of a list", "channel")
harmless("tickets.AsideMessage", "one of a list", "channel")
harmless("tickets.Attachment", "a type, a check sum", "content_type", "sha256")
harmless("tickets.EngineerProfile", "chosen from a list", "languages")
harmless("tickets.DispatchRulesVersion", "chosen from lists", "wishes", "order")
harmless("tickets.AlarmPolicy", "moments and roles", "level", "steps")
harmless("tickets.TierTargetVersion", "a calendar's name", "calendar")
harmless("tickets.InternalTarget", "moments", "pauses")
