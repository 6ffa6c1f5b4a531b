"""What stands to be translated, and the file of each language, for `manage.py languages`.

Texts are taken out of the code by Babel, templates by Django's own reader of them, so no program
of the system is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from core.languages import catalogue

_LAZY = ("gettext", "ngettext", "pgettext", "npgettext")
_KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    **{f"{one}_lazy": DEFAULT_KEYWORDS[one] for one in _LAZY},
}
_METHODS = [
    ("templates/notices/**", "ignore"),  # whole mails have a file in each language
    ("templates/**.html", "core.catalogues:from_template"),
    ("templates/**.txt", "core.catalogues:from_template"),
    ("**.py", "python"),
]
_LEFT_OUT = frozenset({"tests", "bench", "migrations", "node_modules", "locale", "static"})
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*[^{}]*\}")
# A file says what it holds, not when it was written: else each run would be a change.
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def from_template(
    source: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterable[tuple[Any, ...]]:
    """Babel's reader of a Django template."""
    lines = templatize(source.read().decode()).splitlines()
    code = "\n".join(one.strip() for one in lines)  # what is indented means nothing here
    return extract_python(BytesIO(code.encode()), keywords, comment_tags, {"encoding": "utf-8"})


def asked() -> Catalog:
    """All texts of the code and the templates, without translations."""
    found = Catalog(fuzzy=False)
    for _, _, message, _, context in extract_from_dir(
        settings.BASE_DIR,
        method_map=_METHODS,
        keywords=_KEYWORDS,
        directory_filter=_is_ours,
    ):
        found.add(message, context=context)
    return found


def brought_up_to_date(code: str) -> Catalog:
    """The file of a language with the texts of today: what is new has no translation yet."""
    kept = _read(code)
    fresh = _empty(code)
    for message in _messages(asked()):
        before = kept.get(message.id, context=message.context)
        fresh.add(message.id, before.string if before else None, context=message.context)
    return fresh


def missing(one: Catalog) -> list[str]:
    """The texts that have no translation, or one with other placeholders."""
    return [str(message.id) for message in _messages(one) if not _is_whole(message, one)]


def as_po(one: Catalog) -> bytes:
    """The file that people edit: by the alphabet, so that two who add to it seldom collide."""
    written = BytesIO()
    write_po(written, one, no_location=True, sort_output=True, width=100)
    return written.getvalue()


def as_mo(one: Catalog) -> bytes:
    """The file that the desk reads."""
    written = BytesIO()
    write_mo(written, one)
    return written.getvalue()


def save(code: str, one: Catalog) -> None:
    """Write what people edit, and what the desk reads where nothing is missing."""
    path = catalogue(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_po(one))
    compiled = path.with_suffix(".mo")
    if missing(one):
        compiled.unlink(missing_ok=True)
    else:
        compiled.write_bytes(as_mo(one))


def _is_ours(folder: str | Path) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in _LEFT_OUT


def _empty(code: str) -> Catalog:
    made = Catalog(locale=code, fuzzy=False, creation_date=_ANY_DAY, revision_date=_ANY_DAY)
    made.header_comment = f"# {made.locale.english_name if made.locale else code}"
    return made


def _read(code: str) -> Catalog:
    path = catalogue(code)
    if not path.is_file():
        return _empty(code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _messages(one: Catalog) -> Iterator[Message]:
    return (message for message in one if message.id)


def _is_whole(message: Message, one: Catalog) -> bool:
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if isinstance(message.id, tuple | list) and len(said) != one.num_plurals:
        return False
    source = message.id[-1] if isinstance(message.id, tuple | list) else message.id
    wanted = sorted(_PLACEHOLDER.findall(source))
    return all(text and _fits(sorted(_PLACEHOLDER.findall(text)), wanted, message) for text in said)


def _fits(found: list[str], wanted: list[str], message: Message) -> bool:
    """The singular of a plural may leave its number out."""
    if isinstance(message.id, tuple | list):
        return set(found) <= set(wanted)
    return found == wanted
