"""Who may read mail as it came in. Views, API and the desk ask here, and the actions do again."""

from __future__ import annotations

from accounts.enums import VENDOR_ROLES
from accounts.models import Person


def may_see_mail(person: Person) -> bool:
    """Raw mails may hold anything: the vendor's own people only."""
    return person.role in VENDOR_ROLES


def may_decide_mail(person: Person) -> bool:
    """What becomes of a mail kept aside: whoever of the vendor sees it; of whom: `may_file_for`."""
    return may_see_mail(person) and person.is_staff
