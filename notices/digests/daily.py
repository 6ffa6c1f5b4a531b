"""The mail of the day: what a person left for it, told once and together."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template import TemplateDoesNotExist

from notices.kinds import KINDS
from notices.models import Notice, NoticeChoices
from notices.outbox import notify
from notices.readers import read_no_more
from notices.sending.rendering import render, wording_of


@transaction.atomic
def send_digest(person_id: int, *, at: datetime) -> int:
    """Owe a person one mail with everything that is due in it by `at`; how many it tells.

    Each is told in one digest: the person's choices are locked first, so that of several workers
    one finds them all and the others nothing. A worker that dies leaves all of them owed.
    """
    choices = NoticeChoices.objects.select_for_update(of=("self",)).select_related("person")
    who = choices.filter(person=person_id).first()
    if who is None:
        return 0
    due = Notice.objects.owed(at).filter(to=person_id, is_collected=True)
    collected = list(due.select_for_update(of=("self",)).order_by("made_at", "pk"))
    if not collected:
        return 0
    rows = Notice.objects.filter(pk__in=[one.pk for one in collected])
    if not who.person.is_active:
        rows.update(given_up_at=at, last_error="This person's account is closed.")
        return 0
    gone = read_no_more(who.person, collected)
    if gone:
        lost = "This person may not read it any more."
        rows.filter(pk__in=gone).update(given_up_at=at, last_error=lost)
        collected = [one for one in collected if one.pk not in gone]
        rows = rows.exclude(pk__in=gone)
    if not collected:
        return 0
    url, key = f"{settings.SITE_URL}/profile/told/", f"digest:{collected[0].pk}"
    notify(
        [who.person],
        "digest",
        key=key,
        at=at,
        headers={"List-Unsubscribe": f"<{url}>"},
        count=len(collected),
        entries=_entries(collected, who.person.timezone),
        url=url,
    )
    rows.update(told_in=Notice.objects.get(key=key, to=who.person))
    return len(collected)


def _entries(collected: list[Notice], timezone: str) -> list[dict[str, object]]:
    """What is about one thing stands together, in the order in which it came up."""
    found: dict[str, dict[str, object]] = {}
    for one in collected:
        url = str(one.context.get("url", ""))
        entry = found.setdefault(url or f"notice {one.pk}", {"lines": [], "url": url})
        lines = entry["lines"]
        assert isinstance(lines, list)
        lines.append(_line(one, timezone))
    return list(found.values())


def _line(notice: Notice, timezone: str) -> str:
    """Its subject; one that can not be put into words must not hold up the others."""
    kind, words = notice.template, wording_of(notice.template)
    try:
        return render(kind, notice.context, timezone=timezone, wording=words).subject
    except (TemplateDoesNotExist, ValueError):
        return KINDS[kind].name if kind in KINDS else kind
