"""Telephone numbers: read, formatted, and whether the vendor calls them back. Pure.

Numbers are kept as E.164 text (+40215550100). What the programme refuses to call (rule 9:
standard-charge numbers only) is told by the plans of `phonenumbers`, which know premium-rate and
shared-cost ranges, and by the lists below: satellites and costly destinations read as ordinary
mobiles there.
"""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, shortnumberinfo

MAX_LENGTH = 60  # of what is typed
E164_LENGTH = 16  # with the plus

# Country codes that are no country: satellites and networks of the whole world.
SATELLITE = frozenset({870, 881})
WORLDWIDE = frozenset({878, 882, 883, 888})
# What costs far more than it reads: the islands of "one ring" calls, and who can hardly be reached.
# Whoever is at home there is called all the same.
_COSTLY = (
    "AG AI AS BB BM BS DM DO GD JM KN KY LC MS SX TC TT VC VG"  # +1, though not North America
    " AC CU FK GW IO KI KP NR NU SB SH SO TK TV WF"
)
COSTLY = frozenset(_COSTLY.split())
# 03 there costs what a geographic number does, by law; elsewhere such numbers are for firms to
# earn on.
COMPANY_NUMBERS_AT_STANDARD = frozenset({"GB"})

_TYPES = {
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "not_a_telephone",
    PhoneNumberType.VOICEMAIL: "not_a_telephone",
}
_LENGTHS = {
    phonenumbers.ValidationResult.TOO_SHORT: "too_short",
    phonenumbers.ValidationResult.TOO_LONG: "too_long",
}

# code: why, and what would help.
_WHY = {
    "empty": ("There is no number.", "Give one such as +40 21 555 0100."),
    "unreadable": ("This is no telephone number.", "Write it as +40 21 555 0100."),
    "no_country": ("The country is missing.", "Write the country's prefix first, such as +40."),
    "too_short": ("The number is too short to be called.", "Give it whole, with its area code."),
    "too_long": ("The number is too long to be called.", "Look whether a digit came twice."),
    "not_in_use": (
        "No telephone has this number: it fits no range of its country.",
        "Look whether the prefix and every digit are right.",
    ),
    "emergency": ("This is an emergency number.", "Give the number at which you answer."),
    "short": (
        "A short number works inside one country or network only.",
        "Give the whole number, with the country's prefix.",
    ),
    "short_premium": (
        "This is a premium-rate short number, and we call standard-charge numbers only.",
        "Give an ordinary fixed or mobile number.",
    ),
    "premium_rate": (
        "This is a premium-rate number, and we call standard-charge numbers only.",
        "Give an ordinary fixed or mobile number.",
    ),
    "shared_cost": (
        "This is a shared-cost number, and we call standard-charge numbers only.",
        "Give an ordinary fixed or mobile number.",
    ),
    "toll_free": (
        "A freephone number can seldom be reached from another country.",
        "Give the fixed or mobile number behind it.",
    ),
    "personal": (
        "A number that follows its owner is charged far above the standard.",
        "Give the fixed or mobile number behind it.",
    ),
    "company": (
        "A nation-wide company number is not charged at the standard rate everywhere.",
        "Give a fixed number with its area code, or a mobile one.",
    ),
    "not_a_telephone": (
        "A pager or a mailbox can not be talked to.",
        "Give a number at which somebody answers.",
    ),
    "satellite": (
        "A satellite telephone costs far more than a standard call.",
        "Give a fixed or mobile number, or write to us while you are out of their reach.",
    ),
    "worldwide": (
        "A number of no country is not charged at the standard rate.",
        "Give a fixed or mobile number of a country.",
    ),
    "costly": (
        "Calls to this destination cost far more than the standard.",
        "Give a number in your own country, or call us.",
    ),
}


@dataclass(frozen=True)
class Number:
    """A number that can be dialled. `region` is its ISO 3166 country; `extension` digits or ""."""

    e164: str
    region: str
    extension: str = ""


@dataclass(frozen=True)
class Fault:
    """Why a number is not called: a stable code, a sentence, and one with what would help."""

    code: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.why} {self.remedy}"


def e164_of(text: str, region: str) -> str:
    """What was typed or shown by a telephone, as E.164; "" for what can be no number.

    `region` (ISO 3166) says where a number without a prefix is from. For finding who called:
    whatever is possible counts, charge and range do not.
    """
    parsed = _parsed(text, region)
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        return ""
    return _e164(parsed)


def callable_number(text: str, region: str) -> Number | Fault:
    """The number that a call-back goes to, or why it does not (rule 9).

    `region` is the customer's country: of numbers without a prefix, and no costly destination to
    itself.
    """
    typed = text.strip()[:MAX_LENGTH]
    if not typed:
        return _fault("empty")
    parsed = _parsed(typed, region)
    if parsed is None:
        digits = sum(one.isdigit() for one in typed)
        return _fault("unreadable" if region or digits < 3 else "no_country")
    code = _short(typed, parsed, region) or _out_of_plan(parsed) or _not_standard(parsed, region)
    if code:
        return _fault(code)
    found = phonenumbers.region_code_for_number(parsed) or ""
    return Number(_e164(parsed), found, parsed.extension or "")


def shown(e164: str) -> str:
    """+40 21 555 0100, for people; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def region_of(e164: str) -> str:
    """The country (ISO 3166) whose plan the number fits, the main one where it fits none; or ""."""
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return ""
    code = parsed.country_code or 0
    found = phonenumbers.region_code_for_number(parsed)
    found = found or phonenumbers.region_code_for_country_code(code)
    return found if found and found.isalpha() and found != "ZZ" else ""


def _parsed(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text.strip()[:MAX_LENGTH], region or None)
    except phonenumbers.NumberParseException:
        return None


def _e164(parsed: PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _fault(code: str) -> Fault:
    return Fault(code, *_WHY[code])


def _short(typed: str, parsed: PhoneNumber, region: str) -> str:
    """112, 118118 and the like: typed without a prefix, and short enough to be one."""
    if typed.startswith(("+", "00")) or len(str(parsed.national_number)) > 6:
        return ""
    digits = "".join(one for one in typed if one.isdigit())
    if region and shortnumberinfo.is_emergency_number(digits, region):
        return "emergency"
    if not shortnumberinfo.is_possible_short_number_for_region(parsed, region):
        return ""
    cost = shortnumberinfo.expected_cost_for_region(parsed, region)
    return "short_premium" if cost == shortnumberinfo.ShortNumberCost.PREMIUM_RATE else "short"


def _out_of_plan(parsed: PhoneNumber) -> str:
    """What can not be dialled at all; costly networks are told by their code alone."""
    if parsed.country_code in SATELLITE:
        return "satellite"
    if parsed.country_code in WORLDWIDE:
        return "worldwide"
    if parsed.country_code == 979:
        return "premium_rate"
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible in _LENGTHS:
        return _LENGTHS[possible]
    return "" if phonenumbers.is_valid_number(parsed) else "not_in_use"


def _not_standard(parsed: PhoneNumber, home: str) -> str:
    kind = phonenumbers.number_type(parsed)
    region = phonenumbers.region_code_for_number(parsed) or ""
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == PhoneNumberType.UAN and region not in COMPANY_NUMBERS_AT_STANDARD:
        return "company"
    return "costly" if region in COSTLY and region != home else ""
