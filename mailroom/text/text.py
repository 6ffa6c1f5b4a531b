"""Bytes that claim to be text, made into text that PostgreSQL and a browser can take."""

import codecs
import re
from collections.abc import Iterator

# Control characters but tab and line feed; and what is invisible but turns a line around.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_ODD_NAMES = re.compile(r"[^a-z0-9_.:+-]")

# What senders write, and what they mean (WHATWG's encoding labels where those exist).
_ALIASES = {
    "ansi": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-macroman": "mac_roman",
    "macroman": "mac_roman",
    "apple-roman": "mac_roman",
    "x-mac-ce": "mac_latin2",
    "x-mac-centraleurroman": "mac_latin2",
    "x-mac-turkish": "mac_turkish",
    "x-mac-icelandic": "mac_iceland",
    "x-mac-romanian": "mac_romanian",
    "x-mac-croatian": "mac_croatian",
    "x-mac-arabic": "mac_arabic",
    "x-mac-ukrainian": "mac_cyrillic",
    "x-mac-japanese": "cp932",
    "x-mac-korean": "cp949",
    "x-mac-chinesesimp": "gb18030",
    "x-mac-chinesetrad": "big5hkscs",
    "x-windows-949": "cp949",
    "windows-949": "cp949",
    "windows-31j": "cp932",
    "x-ms-cp932": "cp932",
    "x-euc-jp": "euc_jp",
    "x-x-big5": "big5hkscs",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "csisolatin1": "cp1252",
    "iso_8859-1": "cp1252",
    "l1": "cp1252",
    "x-user-defined": "cp1252",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "dos-874": "cp874",
    "koi8": "koi8_r",
    "x-koi8-r": "koi8_r",
    "x-unknown": "",
    "unknown-8bit": "",
    "x-utf-8": "utf-8",
    "unicode-2-0-utf-8": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-greek": "mac_greek",
    "cp-850": "cp850",
    "koi8-ru": "koi8_u",
    "eucjp-ms": "euc_jp",
    "ibm943": "cp932",
    "windows-874": "cp874",
}
# Codecs that are slow without limit, not meant for bytes, or not meant for text.
_REFUSED = {"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}


def clean(text: str) -> str:
    """`text` with plain line ends and without NUL, control characters and lone surrogates."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """`text` cleaned, with every run of white space as one space."""
    return " ".join(clean(text).split())


def codec(charset: str | None) -> str | None:
    """The name of the codec that `charset` means, or None if there is none to trust."""
    name = _ODD_NAMES.sub("", (charset or "").strip().lower().split("http-equiv")[0])
    found = next((one for one in _spellings(name) if one is not None), None)
    if found is None:
        return None
    if found.name in _REFUSED or not getattr(found, "_is_text_encoding", True):
        return None
    return found.name


def _spellings(name: str) -> Iterator[codecs.CodecInfo | None]:
    """What `name` may mean: as it is, without the "x-" of private names, without the direction
    of right-to-left text ("-i", "-e")."""
    bare = name.removeprefix("x-")
    for one in dict.fromkeys((name, bare, re.sub(r"-[ie]$", "", bare))):
        meant = _ALIASES.get(one, one)
        if not meant:
            return  # an alias that says "unknown"
        try:
            yield codecs.lookup(meant)
        except (LookupError, ValueError):
            yield None


def decode(data: bytes, charset: str | None) -> str:
    """`data` as text: as declared, else as UTF-8, else with marks where it can not be read."""
    declared = codec(charset)
    for name in _attempts(data, declared):
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    # Undecodable either way: the declared one, since then only the broken places are lost.
    return _replacing(data, declared or "cp1252")


def _attempts(data: bytes, declared: str | None) -> list[str]:
    if declared is None or declared == "cp1252":
        # Japanese mail is seven bits wide, with escapes, and often declared as ASCII.
        japanese = ["iso2022_jp_ext"] if b"\x1b$" in data and data.isascii() else []
        return [*japanese, "utf-8", "cp1252"]
    if declared.startswith(("utf-16", "utf-32")) and b"\0" not in data:
        return ["utf-8", declared]
    if declared.startswith("iso2022"):
        return [declared, "iso2022_jp_ext"]
    return [declared, "utf-8"]


def _replacing(data: bytes, name: str) -> str:
    try:
        return data.decode(name, "replace")
    except (UnicodeError, ValueError):
        return data.decode("latin-1")


def from_header(value: str) -> str:
    """A header as the parser gives it (raw bytes as surrogates), with those bytes decoded."""
    if value.isascii():
        return value
    return decode(value.encode("utf-8", "surrogateescape"), None)
