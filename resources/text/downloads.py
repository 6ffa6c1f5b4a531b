"""Why a licence does not get a release, in the customer's words, and what would help (D1)."""

from __future__ import annotations

from collections.abc import Mapping

from core.words import day_in_words
from resources.rules.downloads import Verdict, Why


def why_not(verdict: Verdict, facts: Mapping[str, str]) -> str:
    """One or two sentences; "" for what the licence gets.

    `facts` are "edition", the licence's in words; "published", the day in words; "levels", those
    that give maintenance; "withdrawn", the reason; "upgrade", the release to be bought, and
    "takes", what that takes.
    """
    said = _SAID[verdict.why].format_map(dict(facts))
    if verdict.why in (Why.LAPSED, Why.NEVER):
        if verdict.why is Why.LAPSED and verdict.until_on is not None:
            said = said.format(until=day_in_words(verdict.until_on))
        if verdict.from_on is not None:
            begins = day_in_words(verdict.from_on)
            return f"{said} The one that you bought begins on {begins}; you get it then."
        return f"{said} {facts['levels']} gives maintenance: with it you get this at once."
    if verdict.why is Why.UPGRADE:
        takes = facts.get("takes") or "Ask your account manager, or our support, for an offer."
        return f"{said} {takes}"
    return said


_SAID = {
    Why.GETS: "",
    Why.WITHDRAWN: "Withdrawn: {withdrawn}",
    Why.OTHER_PRODUCT: "It is of another product than this licence.",
    Why.OTHER_EDITION: (
        "Your licence is of the {edition}. Another edition is an upgrade: ask your account manager,"
        " or our support, for an offer."
    ),
    Why.WAITS: (
        "We are still checking the registration of this licence. Once it is confirmed, you get what"
        " it includes."
    ),
    Why.UPGRADE: "{upgrade}, which this licence does not have.",
    Why.LAPSED: "It came on {published}; the maintenance of this licence ended on {{until}}.",
    Why.NEVER: "It came on {published}, after the licence was bought, which has no maintenance.",
}
