"""What a search costs on a large desk: a common word, a rare one, phrases, a typo, fields.

Ten messages an incident, of about 25 words of a vocabulary of 20,000 in which few are common. The
documents are written by SQL, as the indexing would write them; what indexing one costs is measured
by itself. Each search is the whole of it: parsing, finding behind the wall, ranking, highlights,
rows. Last the same under the policies alone, as on a desk whose set-up lacks search's role.

`python -m bench.search [INCIDENTS]`, 100,000 unless said.
"""

from __future__ import annotations

import sys
import time
from statistics import median, quantiles

from django.db import connection
from django.utils import timezone

from accounts.models import Person
from accounts.tenancy import working_for
from bench.tools.desk import fill, open_desk
from bench.tools.measure import milliseconds, once, print_table, queries
from core import rls
from core.search import indexing, wall
from core.search.results import find
from tickets.models import Incident
from tickets.reads.search.conditions import parsed_for

SIZE = 100_000
MESSAGES, WORDS = 10, 25  # of an incident, of a message
VOCABULARY = 20_000
AT_ONCE = 5_000
TIMES = 40
ASKED = (
    ("a common word (1 of 4)", "certificate"),
    ("two common words", "certificate relay"),
    ("a common phrase (1 of 6)", '"relay certificate"'),
    ("a rare word (1 of 5,000)", "zanzibar"),
    ("a rare phrase", '"zanzibar gateway"'),
    ("a typo of a rare word", "zanzibra"),
    ("a common word and fields", "certificate state:closed priority:normal after:2026-01"),
    ("a rare word and fields", "zanzibar state:closed"),
    ("nothing", "qqqqzzzz"),
    ("a number", "#1451"),
)
# A word is letters alone, so that it is worth mending; the cube makes few of them common.
_WORD = "translate(substr(md5(n::text), 1, 4 + n %% 6), '0123456789', 'ghijklmnop')"
_DOCUMENTS = f"""
    INSERT INTO core_searchdocument
        (kind, subject_id, organisation_id, for_customers, for_staff, at, text, vector)
    SELECT 'incident', id, organisation_id, true, true, received_at, said,
        setweight(to_tsvector('simple', lower(subject)), 'A')
        || setweight(to_tsvector('simple', said), 'C') || strip(to_tsvector('english', said))
    FROM (
        SELECT i.id, i.organisation_id, i.received_at, i.subject, concat_ws(' ',
            (SELECT string_agg({_WORD}, ' ') FROM (
                SELECT floor(power(random(), 3) * {VOCABULARY})::int AS n
                FROM generate_series(1, %(many)s) WHERE i.id IS NOT NULL) drawn),
            CASE WHEN i.id %% 6 = 0 THEN 'the relay certificate expired'
                 WHEN i.id %% 12 = 1 THEN 'certificates of one relay' END,
            CASE WHEN i.id %% 5000 = 7 THEN 'behind the zanzibar gateway' END) AS said
        FROM tickets_incident i WHERE i.id BETWEEN %(first)s AND %(last)s
    ) written
"""
_KNOWN = f"""
    INSERT INTO core_searchword (word)
    SELECT DISTINCT {_WORD} FROM generate_series(0, %s) n
    UNION SELECT unnest(ARRAY['certificate', 'relay', 'zanzibar', 'gateway'])
    ON CONFLICT DO NOTHING
"""


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    at = timezone.now()
    with rls.everything():
        desk = open_desk(at)
    fill(desk, size)
    started = time.perf_counter()
    with rls.everything():
        _write_documents()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE core_searchdocument, core_searchword")
    seconds = time.perf_counter() - started
    print(f"\n{size:,} incidents, {size * MESSAGES:,} messages; indexed by SQL in {seconds:.0f} s")
    with rls.everything():
        newest = list(Incident.objects.order_by("-pk").values_list("pk", flat=True)[:100])
        each = milliseconds(lambda: indexing.index("incident", newest), times=3) / len(newest)
    print(f"Indexing one incident by the sweep, among a hundred: {each:.1f} ms")
    with rls.everything():
        people = {
            "engineer of all": Person.objects.get(pk=desk.engineer.pk),
            # With the organisation, which says who sees what, while the wall is open.
            "customer": Person.objects.select_related("organisation").get(pk=desk.contact.pk),
        }
        _write_documents(only=newest)
    for who, person in people.items():
        print_table(
            f"A search by {who}, behind the wall, in ms",
            ("search", "found", "statements", "p50", "p95"),
            [_measured(name, text, person) for name, text in ASKED],
        )
    _under_the_policies()
    print_table(
        "The same by the engineer under the policies, without search's role, in ms",
        ("search", "found", "statements", "p50", "p95"),
        [_measured(name, text, people["engineer of all"], times=5) for name, text in ASKED[:6]],
    )
    print_table(
        "And by the customer",
        ("search", "found", "statements", "p50", "p95"),
        [_measured(name, text, people["customer"], times=5) for name, text in ASKED[:6]],
    )


def _measured(name: str, text: str, person: Person, *, times: int = TIMES) -> tuple[object, ...]:
    at = timezone.now()

    def work() -> object:
        return find(parsed_for(text, person), person, at)

    with working_for(person):
        found = find(parsed_for(text, person), person, at)
        asked = queries(work)
        taken = sorted(once(work) for _ in range(times))
    number = f"{found.number}{'+' if found.more else ''}"
    return name, number, asked, median(taken), quantiles(taken, n=20)[-1]


def _write_documents(only: list[int] | None = None) -> None:
    with connection.cursor() as cursor:
        if only is not None:
            cursor.execute("DELETE FROM core_searchdocument WHERE subject_id = ANY (%s)", [only])
            spans = [(one, one) for one in only]
        else:
            cursor.execute("TRUNCATE core_searchdocument, core_searchowed")
            cursor.execute("DROP INDEX search_document_words")
            cursor.execute("SELECT min(id), max(id) FROM tickets_incident")
            first, last = cursor.fetchone()
            spans = [(n, n + AT_ONCE - 1) for n in range(first, last + 1, AT_ONCE)]
        for first, last in spans:
            asked = {"first": first, "last": last, "many": MESSAGES * WORDS}
            cursor.execute(_DOCUMENTS, asked)
        if only is None:
            cursor.execute(
                "CREATE INDEX search_document_words ON core_searchdocument USING gin (vector)"
            )
            cursor.execute(_KNOWN, [VOCABULARY - 1])


def _under_the_policies() -> None:
    """As the database is where nobody made the role: the function is the desk's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema()), quote_ident(current_user)")
        schema, desk = cursor.fetchone()
        cursor.execute(f"SET ROLE {wall.ROLE}")
        cursor.execute(f"DROP FUNCTION {wall.FUNCTION}(tsquery, text, boolean, integer)")
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP POLICY {wall.POLICY} ON core_searchdocument")
        cursor.execute(wall.DEFINITION.format(schema=schema, desk=desk))


if __name__ == "__main__":
    main()
