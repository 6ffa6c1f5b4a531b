"""Files that come with a message: checked before anything is written, stored under random names."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile

from core.text import clean
from tickets.errors import EmptyFile, FileTooLarge, TooManyFiles
from tickets.models import Attachment, Message

MB = 1024 * 1024


def check_files(files: Sequence[UploadedFile[Any]]) -> None:
    """Refuse too many, empty, or too large files; `ATTACHMENT_MAX_BYTES` each."""
    if len(files) > settings.ATTACHMENTS_MAX_COUNT:
        raise TooManyFiles(count=len(files), limit=settings.ATTACHMENTS_MAX_COUNT)
    limit = settings.ATTACHMENT_MAX_BYTES
    for file in files:
        size = file.size or 0
        if size > limit:
            raise FileTooLarge(name=file.name, size=-(-size // MB), limit=limit // MB)
        if size == 0:
            raise EmptyFile(name=file.name)


def attach(message: Message, files: Sequence[UploadedFile[Any]]) -> list[Attachment]:
    """Store checked files with a message, in its transaction.

    The bytes are on the disk before the rows commit, and removed when they do not (`core.files`).
    """
    return [_attached(message, file, safe_name(file.name or "")) for file in files]


def _attached(message: Message, file: UploadedFile[Any], name: str) -> Attachment:
    return Attachment.objects.create(
        organisation_id=message.organisation_id,
        message=message,
        file=File(file, name=name),
        name=name,
        content_type=_content_type(name),
        size=file.size or 0,
        sha256=_sha256(file),
        sent_at=message.sent_at,
    )


def safe_name(name: str) -> str:
    """The last part of a name that came from outside, without what could confuse a browser."""
    last = re.split(r"[\\/]", clean(name))[-1]
    return re.sub(r"[\"<>|:*?\n\t]", "_", last).strip(". ")[-200:] or "file"


def _content_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _sha256(file: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
