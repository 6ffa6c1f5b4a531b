"""What the office's tables hold about people and what an erasure does to it (`core.personal`)."""

from __future__ import annotations

from django.db.models import Q

from core.personal import Held, harmless, hold
from office.models import AccountNote, OldFile, OldIncident, OldMessage, ReviewPlan

hold(
    Held(
        "office.AccountNote",
        "Account notes that they wrote, or that may name them",
        own=lambda person: AccountNote.objects.filter(Q(by=person) | Q(done_by=person)),
        blot=("text", "next_step"),
        day="at",
    ),
    Held(
        "office.ReviewPlan",
        "Plans of reviews that they made, or that may name them",
        own=lambda person: ReviewPlan.objects.filter(made_by=person),
        blot=("agenda",),
        day="made_at",
    ),
)
harmless("office.HealthRulesVersion", "weights and scales", "scales")
harmless("office.HealthScore", "what was measured of an organisation", "parts")
hold(Held("office.ImportLine", "Lines of tables that were brought in", blot=("cells", "said")))
harmless("office.ImportLine", "names of our own rows, and reasons of ours", "made", "stays")
harmless("office.ImportLine", "what stood in single fields of ours before", "before")
harmless(
    "office.DataImport",
    "a file of the vendor's, gone when it is brought in; its name, columns, counts",
    *("kind", "file", "name", "encoding", "separator", "heads", "mapping", "day_form"),
    *("counts", "said"),
)
harmless("office.Reference", "numbers of other systems", "kind", "text", "subject")
harmless(
    "office.PictureSchedule",
    "a rhythm, keys of people, what narrows figures, and reasons of ours",
    *("every", "timezone", "readers", "show", "query", "window", "stopped_why"),
)
harmless(
    "office.ReportSchedule",
    "a rhythm, keys of people, and reasons of ours",
    *("every", "timezone", "readers", "stopped_why"),
)
harmless("office.DayFigure", "sums of facts", "figure", "level", "service", "cause")

hold(
    Held(
        "office.OldIncident",
        "Earlier incidents that they reported",
        own=lambda person: OldIncident.objects.filter(reporter=person),
        blot=("subject", "reporter_name", "reporter_address"),
        clear={"reporter_name": "", "reporter_address": ""},
        texts={"subject": "[erased]"},
        day="opened_at",
    ),
    Held(
        "office.OldMessage",
        "What they wrote on earlier incidents",
        own=lambda person: OldMessage.objects.filter(author=person),
        blot=("body", "author_name", "author_address"),
        clear={"author_name": "", "author_address": ""},
        texts={"body": ""},
        day="at",
    ),
    Held(
        "office.OldFile",
        "Files of earlier incidents",
        own=lambda person: OldFile.objects.filter(message__author=person),
        blot=("name",),
        file="file",
    ),
)
harmless(
    "office.OldIncident",
    "numbers and words of another desk",
    *("system", "source_id", "number", "state", "queue", "priority", "tags"),
)
harmless("office.OldFile", "a type", "content_type")
