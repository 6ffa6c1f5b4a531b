"""Reports that were issued by an earlier version of this code, read as today's.

Nothing is invented: what the first schema did not keep (which incidents a figure counted, answers
after the first) stays empty, nor does the second know a cause, nor the third an engagement;
`schema` says so.

A new field of `content` needs a step, or what was issued can not be read any more: make SCHEMA one
more and add it to READABLE; write a function like `_with_causes`, which gives reports of earlier
schemas what they know of the field (mostly nothing); let `upgraded` call it last (outermost).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCHEMA = 4
READABLE = (1, 2, 3, 4)
NAMES_ITS_ROWS = 2  # the first that kept which incidents a figure counted

_NEW = {"revision": 0, "revises": "", "revision_reason": ""}


def upgraded(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """`raw` with the fields of today's schema; what is no earlier report stays as it is."""
    return _with_engagements(_with_causes(_with_rows(raw)))


def _with_engagements(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of schema 1 to 3: engagements were no part of the report."""
    if raw.get("schema") not in (1, 2, 3) or "engaged" in raw:
        return raw
    parts = ("engagements", "contracts", "trainings", "findings")
    return dict(raw) | {"engaged": {name: [] for name in parts}}


def _with_causes(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of schema 1 or 2: nobody said why anything happened."""
    if raw.get("schema") not in (1, 2) or "by_cause" in raw.get("counts", {}):
        return raw
    incidents = [one | {"cause": ""} for one in raw["incidents"]]
    return dict(raw) | {"counts": raw["counts"] | {"by_cause": []}, "incidents": incidents}


def _with_rows(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    if raw.get("schema") != 1 or "computed_at" not in raw:
        return raw
    kept = {name: value for name, value in raw.items() if name != "computed_at"}
    return (
        kept
        | _NEW
        | {
            "as_of": raw["computed_at"],
            "known_at": raw["computed_at"],
            "counts": raw["counts"] | {"closed_unanswered": 0},
            "incidents": [_incident(one) for one in raw["incidents"]],
            "people": [one | {"incidents": [], "steps": 0} for one in raw["people"]],
            "gold": [_pack(one) for one in raw["gold"]],
            "satisfaction": _satisfaction(raw["satisfaction"]),
        }
    )


_GONE = ("first_answer_seconds", "target_seconds", "in_working_time", "target_met")


def _incident(one: Mapping[str, Any]) -> dict[str, Any]:
    """Its first answer, without the moments that were not kept: those are the report's own."""
    seconds, met = one["first_answer_seconds"], one["target_met"]
    at = one["reported_at"]
    first = {
        "cycle": 1,
        "opened_at": at,
        "due_at": at,
        "target_seconds": one["target_seconds"],
        "in_working_time": one["in_working_time"],
        "answered_at": None if seconds is None else at,
        "answer_seconds": seconds,
        "met": met,
        "counts": met is not None,
    }
    kept = {name: value for name, value in one.items() if name not in _GONE}
    return kept | {
        "solution": "",
        "targets": [] if one["target_seconds"] is None else [first],
        "ended_at": None if one["solving_seconds"] is None else at,
        "was_answered": seconds is not None,
        "escalated_in_month": "",
    }


def _pack(one: Mapping[str, Any]) -> dict[str, Any]:
    """The incidents were not named: what moved stands in one sum."""
    return {
        "bought_on": one["bought_on"],
        "size": one["bought"],
        "opening": one["remaining"] + one["spent"] - one["refunded"],
        "bought": 0,
        "spent_on": [],
        "refunded_on": [],
        "other": one["refunded"] - one["spent"],
        "remaining": one["remaining"],
    }


def _satisfaction(one: Mapping[str, Any]) -> dict[str, Any]:
    """Ratings without words follow those with words, of incidents that were not kept."""
    given = [dict(comment) for comment in one["comments"]]
    for rating, count in enumerate(one["ratings"], 1):
        silent = count - sum(comment["rating"] == rating for comment in one["comments"])
        given += [{"incident": "", "rating": rating, "text": ""}] * silent
    return {"asked": one["asked"], "given": given}
