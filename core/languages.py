"""The languages in which the portal, its mails and its papers speak.

English stands in the code. Another language is one file, `locale/<code>/LC_MESSAGES/django.po`
(`make languages` brings it up to date; docs/languages.md), and the mails below
`templates/notices/<code>/`. It is offered when nothing of it is missing, so that no page is half
in one language. The engineers' desk, the admin and the API speak English.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

ENGLISH = "en"


@cache
def offered() -> tuple[str, ...]:
    """Codes of the languages that are whole, English first: "en", "de"."""
    found = sorted(code for code in settings.LANGUAGES_OFFERED if _is_there(code))
    return (ENGLISH, *found)


def choices() -> list[tuple[str, str]]:
    """Code and the language's own name, for a form: ("de", "Deutsch")."""
    return [(code, own_name(code)) for code in offered()]


def own_name(code: str) -> str:
    """ "Deutsch" for "de"; the code itself where nobody knows it."""
    try:
        return (Locale.parse(code, sep="-").get_display_name() or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code


def nearest(code: str) -> str:
    """The offered language for somebody's `code`: "de" for "de-at", English where it is none."""
    code = code.lower()
    return next((one for one in (code, code.partition("-")[0]) if one in offered()), ENGLISH)


def of_browser(accepted: str) -> str:
    """The first offered language of an Accept-Language header."""
    wanted = (code for code, weight in parse_accept_lang_header(accepted) if weight)
    return next((one for one in map(_known, wanted) if one), ENGLISH)


def spoken(code: str) -> AbstractContextManager[object]:
    """Within it everything is said in the offered language nearest to `code`."""
    found = nearest(code)
    return translation.override(settings.LANGUAGE_CODE if found == ENGLISH else found)


def current() -> str:
    """The code of the language that is spoken now, English included."""
    code = (translation.get_language() or ENGLISH).partition("-")[0]
    return code if code in offered() else ENGLISH


def is_english() -> bool:
    """Whether English is spoken now: the quick way of those who write dates and numbers."""
    code = translation.get_language()
    return code is None or code[:2] == ENGLISH


def catalogue(code: str) -> Path:
    """Where the words of a language stand."""
    return Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.po"


def translated() -> Iterable[str]:
    """The codes that have a file, whether they are offered or not."""
    return sorted(one.parent.parent.name for one in catalogue("x").parents[2].glob("*/*/django.po"))


def _known(code: str) -> str:
    found = nearest(code)
    return found if found != ENGLISH or code.startswith(ENGLISH) else ""


def _is_there(code: str) -> bool:
    return code != ENGLISH and catalogue(code).with_suffix(".mo").is_file()
