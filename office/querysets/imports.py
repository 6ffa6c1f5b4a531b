"""What is to be done of what is brought in."""

from django.db.models import Q

from office.enums import BUSY, WRITES

# Imports that a worker has to go on with, and the lines that an import still has to write or to
# take back. Their partial indexes are built on the same Q.
TO_WORK = Q(state__in=BUSY)
TO_WRITE = Q(outcome__in=WRITES, done_at=None)
TO_UNDO = Q(done_at__isnull=False, undone_at=None, stays="")
# Imports of which more than the counts is still kept.
WITH_LINES = Q(lines_gone_at=None)
