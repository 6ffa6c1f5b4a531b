"""Why a level serves a report or does not, and what would help, in the reader's language.

The resolver finds codes and facts (`rules.resolver`), a decision keeps them, and they become
sentences here, when somebody looks. Decisions older than that keep the sentences of their day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core.words import day_in_words, listed
from entitlements.channels import Channel
from entitlements.levels import SUBSCRIBED_LEVELS, carrying_words
from entitlements.rules.words import promise_in_words

Facts = Mapping[str, Any]


def considered_in_words(considered: Iterable[Facts]) -> list[dict[str, Any]]:
    """Each entitlement that was weighed: `id`, `level`, `label`, `code` and its `sentence`."""
    return [
        {
            **{key: value for key, value in one.items() if key != "facts"},
            "sentence": one["sentence"] if "sentence" in one else _sentence(one),
        }
        for one in considered
    ]


def remedies_in_words(remedies: Iterable[Facts | str]) -> list[str]:
    """What would cover the report, a sentence each, most likely first."""
    return [
        one if isinstance(one, str) else _REMEDIES[one["code"]](one["facts"]) for one in remedies
    ]


def _sentence(one: Facts) -> str:
    return _REASONS[one["code"]]({"label": one["label"], **one["facts"]})


def _chosen(facts: Facts) -> str:
    target = timedelta(seconds=facts["seconds"])
    promise = promise_in_words(target, round_the_clock=facts["round_the_clock"])
    return _(
        "%(label)s serves this report: an answer within %(promise)s. It lasts until %(until)s."
    ) % {"label": facts["label"], "promise": promise, "until": _day(facts["last_on"])}


def _also_applies(facts: Facts) -> str:
    if facts["is_another_pack"]:
        said = _(
            "Another pack of %(label)s incidents would apply too; the one that ends first, or was"
            " bought first, is spent first."
        )
        return said % facts
    return _("%(label)s would apply too; %(chosen)s comes before it.") % facts


def _channel_not_included(facts: Facts) -> str:
    names = {"label": facts["label"], "channel": _channel(facts["channel"])}
    others = [_channel(one) for one in facts["others"]]
    if not others:
        return _("%(label)s does not include %(channel)s.") % names
    names["others"] = listed(others, _("or"))
    return _("%(label)s does not include %(channel)s; use %(others)s.") % names


def _service_not_included(facts: Facts) -> str:
    names = {"label": facts["label"], "service": str(facts["service"]).lower()}
    return _("%(label)s does not include %(service)s.") % names


def _carrier(said: str) -> str:
    return said % {"carrier": carrying_words()}


def _day(day: str) -> str:
    return day_in_words(date.fromisoformat(day))


def _channel(key: str) -> str:
    return Channel(key).facts.name


_REASONS: dict[str, Callable[[Facts], str]] = {
    "chosen": _chosen,
    "also_applies": _also_applies,
    "not_this_project": lambda facts: (
        _("%(label)s serves its project; this report names another or none.") % facts
    ),
    "other_licence": lambda facts: _("%(label)s belongs to another licence.") % facts,
    "licence_not_confirmed": lambda facts: (
        _("%(label)s waits until the registered licence is confirmed.") % facts
    ),
    "not_started": lambda facts: (
        _("%(label)s begins on %(day)s.")
        % {"label": facts["label"], "day": _day(facts["starts_on"])}
    ),
    "expired": lambda facts: (
        _("%(label)s ended on %(day)s.") % {"label": facts["label"], "day": _day(facts["last_on"])}
    ),
    "channel_not_included": _channel_not_included,
    "no_call_logged": lambda facts: (
        _("%(label)s needs the telephone call logged by an engineer.") % facts
    ),
    "service_not_included": _service_not_included,
    "no_technical_contract": lambda facts: (
        _("%(service)s needs a special technical contract, and none runs.") % facts
    ),
    "premium_not_active": lambda facts: _carrier(
        _("Gold incidents count only while %(carrier)s is active.")
    ),
    "pack_empty": lambda facts: _("No Gold incidents are left in this pack."),
    "not_elected": lambda facts: _(
        "Gold was not chosen for this report, so no Gold incident is spent."
    ),
}


def _report_otherwise(facts: Facts) -> str:
    ways = [Channel(one).facts.advice for one in facts["channels"]]
    return _("Report it %(ways)s.") % {"ways": listed(ways, _("or"))}


def _buy_level(facts: Facts) -> str:
    sold: Sequence[str] = [one.label for one in reversed(SUBSCRIBED_LEVELS)]
    return _("Buy or renew %(levels)s for this licence.") % {"levels": listed(sold, _("or"))}


_REMEDIES: dict[str, Callable[[Facts], str]] = {
    "name_licence": lambda facts: _("Name the licence that the report is about."),
    "report_otherwise": _report_otherwise,
    "call": lambda facts: _("Call us, so that an engineer logs the call."),
    "choose_gold": lambda facts: _("Choose to spend a Gold incident on this report."),
    "wait_for_confirmation": lambda facts: _(
        "Wait until the licence is confirmed: the report is taken up then. The invoice, sent to us,"
        " makes it faster."
    ),
    "wait_for_start": lambda facts: _(
        "Wait until the support that you bought begins, or have it begin earlier."
    ),
    "buy_level": _buy_level,
    "buy_including": lambda facts: (
        _("Buy a level that includes %(service)s; the support programme lists them.")
        % {"service": str(facts["service"]).lower()}
    ),
    "buy_pack": lambda facts: _carrier(_("Buy %(carrier)s, and a pack of Gold incidents with it.")),
    "ask_for_contract": lambda facts: _("Ask us for a special technical contract."),
    "ask_account_manager": lambda facts: _("Ask your account manager which level fits."),
}

# A test gives each code its facts, so that none can be found that has no words.
REASON_CODES = frozenset(_REASONS)
REMEDY_CODES = frozenset(_REMEDIES)
