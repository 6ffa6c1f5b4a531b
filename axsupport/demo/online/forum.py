"""How the demo's forum came about: asked, answered, accepted, moderated, over half a year."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from accounts.enums import Role
from accounts.models import Organisation, Person
from axsupport.demo.online.threads import ASKER, BOARDS, CUSTOMER, THREADS, WAITS, Thread
from core.nudges import without_haste
from resources.actions.forum.accepting import accept
from resources.actions.forum.boards import BoardDraft, keep_board
from resources.actions.forum.cards import choose_names
from resources.actions.forum.moderating import show
from resources.actions.forum.ordering import lock
from resources.actions.forum.posting import answer, ask
from resources.enums import PostState
from resources.models import Board, ForumNews, Post
from resources.reads.readers import reader_of
from resources.rules.boards import may_read

SEED = 16
WRITERS = 9  # of customers: few people write most of a forum


def fill_forum(customers: list[Organisation], ends: datetime) -> None:
    """Thirty threads of `customers` and the team; one is locked, and one first post waits."""
    random = Random(SEED)
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    team = list(Person.objects.filter(role__in=(Role.TS1, Role.TS2)).order_by("pk"))
    people = list(
        Person.objects.filter(organisation__in=customers, is_active=True)
        .select_related("organisation")
        .order_by("pk")
    )
    writers = random.sample(people, min(WRITERS, len(people)))
    boards = [
        keep_board(
            BoardDraft(name, what, audience, levels, position=10 * place),
            by=manager,
            at=ends - timedelta(days=180),
        )
        for place, (name, what, audience, levels) in enumerate(BOARDS)
    ]
    with without_haste():
        for thread in THREADS:
            _tell_thread(thread, boards, writers, team, ends, random)
        newcomer = next((one for one in people if one not in writers), people[0])
        ask(boards[0], title=WAITS.title, body=WAITS.body, by=newcomer, at=ends)
    _choose_names(people, ends)
    # Their followers heard of them in the story's time; nobody gets half a year of mails today.
    ForumNews.objects.filter(told_at=None).update(told_at=ends)


def _tell_thread(
    thread: Thread,
    boards: list[Board],
    writers: list[Person],
    team: list[Person],
    ends: datetime,
    random: Random,
) -> None:
    at = ends - timedelta(days=thread.days, hours=random.randrange(1, 9), minutes=7)
    board = boards[thread.board]
    writers = [one for one in writers if _reads(one, board, ends)] or team
    asker = random.choice(writers if thread.by == CUSTOMER else team)
    topic = ask(board, title=thread.title, body=thread.body, by=asker, at=at)
    _welcome(topic.posts.get(), team[0], at)
    topic.refresh_from_db()
    others = [one for one in writers if one != asker] or team
    for said in thread.answers:
        by = asker
        if said.by != ASKER:
            by = random.choice(others if said.by == CUSTOMER else team)
        when = min(at + timedelta(hours=said.hours), ends)
        post = answer(topic, body=said.body, by=by, at=when)
        _welcome(post, team[0], when)
        if said.helped:
            accept(post, wanted=True, by=asker, at=min(when + timedelta(hours=3), ends))
    if thread.locked:
        lock(topic, wanted=True, by=team[0], at=at + timedelta(hours=30))


def _reads(person: Person, board: Board, at: datetime) -> bool:
    return may_read(reader_of(person, at), (board.audience, board.levels))


def _welcome(post: Post, moderator: Person, at: datetime) -> None:
    """An author's first post waits until somebody looked (FO3)."""
    if post.state == PostState.HELD:
        show(post, by=moderator, at=at + timedelta(minutes=25))


def _choose_names(people: list[Person], at: datetime) -> None:
    """One organisation shows its name; the others stay with first names."""
    admins = [one for one in people if one.role == Role.ADMIN_CONTACT]
    if admins:
        choose_names(full_name=False, with_company=True, by=admins[0], at=at)
