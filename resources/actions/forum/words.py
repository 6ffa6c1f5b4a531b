"""What somebody typed, as a post may be: within its limits, and clean."""

from __future__ import annotations

from core.markdown import render
from core.text import clean_block, one_line
from resources.errors import PostIncomplete, PostTooLong, PostTooManyLinks
from resources.rules.forum import (
    LONGEST_POST,
    LONGEST_TITLE,
    MOST_LINKS,
    below_the_page,
    links_made,
    links_typed,
)


def checked_words(typed: str) -> tuple[str, str]:
    """The text and its clean HTML (FO4).

    Errors: `PostIncomplete`, `PostTooManyLinks`, `PostTooLong`.
    """
    body = clean_block(typed)
    if not body:
        raise PostIncomplete()
    if len(body) > LONGEST_POST:
        count = links_typed(body)
        if count > MOST_LINKS:
            raise PostTooManyLinks(count=count, most=MOST_LINKS)
        raise PostTooLong(count=len(body), most=LONGEST_POST)
    html = render(body)
    count = links_made(html)
    if count > MOST_LINKS:
        raise PostTooManyLinks(count=count, most=MOST_LINKS)
    return body, below_the_page(html)


def checked_title(typed: str) -> str:
    """Error: `PostIncomplete`."""
    title = one_line(typed)[:LONGEST_TITLE]
    if not title:
        raise PostIncomplete()
    return title
