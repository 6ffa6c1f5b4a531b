"""What the account manager keeps about customers, and the managers' figures of the story."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Organisation
from core import rls
from office.actions.figures import keep_days
from office.actions.health import customers, keep_scores
from office.actions.notes import plan_review, write_note

AGENDA = """Look back on the quarter, page by page.
- Premium for the second site
- How many Gold incidents the migration will need
- Who may escalate from January on
"""


def keep_office(ends: datetime) -> None:
    """Two customers with notes and next steps, one with a review planned; scores and figures.

    The last of the story, since it counts all of it.
    """
    with rls.everything():
        northwind, contoso = (
            Organisation.objects.select_related("tam").get(slug=slug)
            for slug in ("northwind", "contoso")
        )
        if (tam := northwind.tam) is None:
            return
        write_note(
            northwind,
            text="Nora called: they open a second site in January and want one contract for both.",
            next_step="Send the offer for the second site",
            next_on=ends.date() + timedelta(days=3),
            by=tam,
            at=ends - timedelta(days=2),
        )
        write_note(
            northwind,
            text="Pleased with the night of the 4th: the answer came within minutes.",
            by=tam,
            at=ends - timedelta(days=9),
        )
        if contoso.tam_id == tam.pk:
            write_note(
                contoso,
                text="The local partner asks for training on the migration tool.",
                next_step="Ask the partner for two dates",
                next_on=ends.date() + timedelta(days=1),
                by=tam,
                at=ends - timedelta(days=1),
            )
        on = ends.date() + timedelta(days=17)
        plan_review(northwind, on=on, agenda=AGENDA, by=tam, at=ends - timedelta(days=2))
        keep_scores(customers(), at=ends)
        keep_days(ends.date() - timedelta(days=400), ends.date(), at=ends)
