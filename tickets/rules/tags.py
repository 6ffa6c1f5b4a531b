"""How a tag reads: one word, the same however it was typed. Pure."""

from __future__ import annotations

import unicodedata

LONGEST = 30  # letters of a tag
MOST = 12  # tags of an incident: more are no help to whoever reads them


def tag_of(text: str) -> str:
    """ "#Web Mail " as "web-mail"; empty for what has no letter or digit.

    Letters and digits of any script, and . - _ + between them.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    kept = "".join(one if one.isalnum() or one in ".-_+" else " " for one in plain)
    return "-".join(kept.split()).strip(".-_")[:LONGEST].rstrip(".-_")


def changes_of(text: str) -> tuple[list[str], list[str]]:
    """What a line such as "webmail -unclear" adds and takes off, each once, in its order."""
    words = text.replace(",", " ").split()
    added = [tag_of(one) for one in words if not one.startswith("-")]
    taken = [tag_of(one) for one in words if one.startswith("-")]
    return list(dict.fromkeys(filter(None, added))), list(dict.fromkeys(filter(None, taken)))


def tags_of(text: str) -> list[str]:
    """The tags of a line: separated by commas or spaces, each once, in their order."""
    found = (tag_of(one) for one in text.replace(",", " ").split())
    return list(dict.fromkeys(one for one in found if one))
