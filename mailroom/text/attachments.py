"""What a mail carries besides its words, and names that are safe to keep."""

import mimetypes
import re
from dataclasses import dataclass

from mailroom.text.text import clean

MAX_NAME = 150

_UNSAFE = re.compile(r'[<>:"|?*\n\t]')
_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,120}")
# Python's table depends on the machine; these are asked for often and must not.
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/octet-stream": ".bin",
}


@dataclass(frozen=True)
class Attachment:
    """One part of a mail that is kept as a file.

    `name` has no path and no control character, `content_type` is what the sender claims
    (lower case), `content` is decoded, `content_id` has no angle brackets and may be empty;
    `inline` says that the text shows it (an image by its Content-ID).
    """

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        """Bytes of the decoded content."""
        return len(self.content)


def safe_name(name: str, content_type: str, index: int) -> str:
    """`name` fit for a file and a page; made up from type and `index` if nothing is left."""
    name = clean(name).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    name = " ".join(_UNSAFE.sub("_", name).split()).strip()
    if not name.strip(". "):
        stem = "message" if content_type == "message/rfc822" else "attachment"
        return f"{stem}-{index}{_extension(content_type)}"
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        keep = dot + extension if stem and len(extension) <= 10 else ""
        name = name[: MAX_NAME - len(keep)] + keep
    return name


def safe_type(content_type: str) -> str:
    """`content_type` in lower case, or that of plain bytes if it is none."""
    content_type = content_type.strip().lower()
    return content_type if _TYPE.fullmatch(content_type) else "application/octet-stream"


def _extension(content_type: str) -> str:
    known = _EXTENSIONS.get(content_type)
    return known if known is not None else mimetypes.guess_extension(content_type) or ".bin"
