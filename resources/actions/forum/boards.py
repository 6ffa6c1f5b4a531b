"""Boards, and who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from entitlements.enums import Level
from resources import policies
from resources.enums import Audience
from resources.errors import BoardIncomplete, BoardNamed, LevelsMissing, WouldPublish
from resources.models import Board
from resources.rules.addresses import slug_of
from resources.rules.boards import has_more_readers
from resources.rules.forum import RESERVED


@dataclass(frozen=True)
class BoardDraft:
    """What a board is to be."""

    name: str
    what: str
    audience: str
    levels: Sequence[str] = ()
    position: int = 0


@transaction.atomic
def keep_board(draft: BoardDraft, *, by: Person, at: datetime, old: Board | None = None) -> Board:
    """A new one, or `old` changed; its address stays.

    One with topics never gets more readers than they were written for (FO7). Errors: `NotAllowed`,
    `BoardIncomplete`, `BoardNamed`, `LevelsMissing`, `WouldPublish`.
    """
    if not policies.may_keep_boards(by):
        raise NotAllowed()
    name = one_line(draft.name)[:80]
    if not name or draft.audience not in Audience.values:
        raise BoardIncomplete()
    of_levels = draft.audience == Audience.LEVELS
    levels = [one for one in Level.values if one in draft.levels] if of_levels else []
    if of_levels and not levels:
        raise LevelsMissing()
    one = old or Board(slug=slug_of(name))
    others = Board.objects.exclude(pk=one.pk)
    is_taken = others.filter(name=name).exists() or others.filter(slug=one.slug).exists()
    if is_taken or one.slug in RESERVED or not one.slug:
        raise BoardNamed(name=name)
    if old is not None and old.topics.exists():
        _check_readers(old, name, draft.audience, levels)
    one.name, one.what, one.position = name, one_line(draft.what)[:200], draft.position
    one.audience, one.levels = draft.audience, levels
    one.save()
    record("forum.board_kept", one, at=at, by=by, name=name, audience=one.audience)
    return one


def _check_readers(old: Board, name: str, audience: str, levels: Sequence[str]) -> None:
    if has_more_readers((audience, levels), (old.audience, old.levels)):
        raise WouldPublish(to=name, board=old.name)
