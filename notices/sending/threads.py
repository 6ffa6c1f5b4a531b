"""Where the mail of a notice is answered to, where a bounce of it comes to, and what it says.

What a notice is about belongs to an app above this one: it says so here when it starts. Nothing is
written; each answer is the same for the same notice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notices.models import Notice

# Of some notices, by their keys.
Threads = Callable[[Collection["Notice"]], Mapping[int, Mapping[str, str]]]
Facts = Callable[["Notice"], Mapping[str, Any]]
Paper = tuple[str, bytes]  # a PDF's name, and what is in it
Papers = Callable[["Notice"], Sequence[Paper]]
ReturnPath = Callable[["Notice"], str]

_threads: dict[str, Threads] = {}
_facts: dict[str, Facts] = {}
_papers: dict[str, Papers] = {}
_return_paths: list[ReturnPath] = []  # at most one


def answer_notices_about(kind: str, headers: Threads) -> None:
    """Mails about subjects of `kind` ("app.model") get these headers, Reply-To among them.

    Asked about many at once; safe to repeat.
    """
    _threads[kind] = headers


def fill_notices(template: str, facts: Facts) -> None:
    """Notices of that kind say these facts, too, looked up as each is sent. Safe to repeat.

    For what is the same for thousands, or must stand in no row, such as a link that is a key.
    """
    _facts[template] = facts


def attach_papers(template: str, papers: Papers) -> None:
    """Mails of that kind carry these PDFs, made as each is sent, for whom it goes to.

    Safe to repeat. A row of the outbox never holds them.
    """
    _papers[template] = papers


def papers_of(notice: Notice) -> Sequence[Paper]:
    made = _papers.get(notice.template)
    return made(notice) if made else ()


def facts_of(notice: Notice) -> Mapping[str, Any]:
    """All that the words of a notice are filled in with."""
    made = _facts.get(notice.template)
    return {**notice.context, **(made(notice) if made else {})}


def take_bounces(return_path: ReturnPath) -> None:
    """The envelope sender of each mail, one of its own. Safe to repeat."""
    _return_paths[:] = [return_path]


def threads_of(notices: Collection[Notice]) -> dict[int, Mapping[str, str]]:
    """By key, the headers by which an answer finds what a notice is about, where anybody takes it.

    Asks once for each kind of subject.
    """
    by_kind: dict[str, list[Notice]] = {}
    for one in notices:
        by_kind.setdefault(one.subject.partition(":")[0], []).append(one)
    found: dict[int, Mapping[str, str]] = {}
    for kind, theirs in by_kind.items():
        if kind in _threads:
            found |= _threads[kind](theirs)
    return found


def return_path_of(notice: Notice) -> str:
    """The envelope sender of the notice's mail; empty for that of its From."""
    return _return_paths[0](notice) if _return_paths else ""
