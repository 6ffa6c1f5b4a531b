"""Who may read and keep what. Views, API and the desk ask here, and the actions do again."""

from __future__ import annotations

from accounts.enums import VENDOR_ROLES, Role
from accounts.models import Person
from resources.models import ArticleVersion
from resources.querysets.defects import sees_defects


def may_see_defects(person: Person) -> bool:
    """The list of known defects is the vendor's own."""
    return sees_defects(person)


def may_keep_defects(person: Person) -> bool:
    """Record defects and say that they are fixed: those who test and develop, and managers."""
    return person.role in (Role.TS2, Role.TS3, Role.MANAGER)


def may_write_articles(person: Person) -> bool:
    """Draft articles, and see what readers miss: everybody of the vendor."""
    return person.role in VENDOR_ROLES and person.is_staff


def may_publish(person: Person, version: ArticleVersion) -> bool:
    """Publish what somebody else wrote: leads, and the managers, who may publish their own too."""
    if person.is_manager:
        return True
    return may_keep_shelves(person) and version.written_by_id != person.pk


def may_keep_shelves(person: Person) -> bool:
    """Categories, withdrawing, addresses: leads of the vendor, and managers."""
    return may_write_articles(person) and (person.is_manager or person.is_lead)


def may_keep_manuals(person: Person) -> bool:
    """Keep manuals and upload their versions: everybody of the vendor, as with articles."""
    return may_write_articles(person)


def may_publish_manuals(person: Person) -> bool:
    """Publish and retire: leads of the vendor, and managers."""
    return may_keep_shelves(person)


def may_keep_releases(person: Person) -> bool:
    """Prepare releases and add their files: who tests and develops, leads, and managers."""
    return may_keep_defects(person) or may_keep_shelves(person)


def may_publish_releases(person: Person) -> bool:
    """Publish, withdraw, and say that an upgrade was bought: leads of the vendor, and managers."""
    return may_keep_shelves(person)


def may_keep_betas(person: Person) -> bool:
    """Plan beta programmes and write their terms: who tests and develops, leads, and managers."""
    return may_keep_releases(person)


def may_open_betas(person: Person) -> bool:
    """Open and end them: leads of the vendor, and managers."""
    return may_publish_releases(person)


def may_judge_feedback(person: Person) -> bool:
    """Decide what becomes of a member's feedback: the testing team, developers, managers (BT4)."""
    return may_keep_defects(person)


def may_download(person: Person) -> bool:
    """Fetch what a licence gets: the people of the organisation whose licence it is."""
    return person.is_customer and person.organisation_id is not None


def may_judge(person: Person | None) -> bool:
    """Say whether an article helped: customers who are signed in."""
    return person is not None and person.is_customer and person.organisation_id is not None


def may_write_news(person: Person) -> bool:
    """Write issues of newsletters, and try them on oneself: everybody of the vendor."""
    return may_write_articles(person)


def may_send_news(person: Person) -> bool:
    """Send them, and keep the newsletters themselves: leads of the vendor, and managers."""
    return may_keep_shelves(person)


def may_choose_news(person: Person | None) -> bool:
    """Choose what one reads: customers who are signed in; staff read the archive."""
    return may_judge(person)


def may_post(person: Person | None) -> bool:
    """Write in the forum: whoever is signed in, of a customer, a local partner, or the vendor."""
    return person is not None and person.pk is not None and person.is_active


def may_moderate(person: Person | None) -> bool:
    """Show, hide, lock, move and merge: everybody of the vendor, so that nothing waits for one."""
    return person is not None and may_write_articles(person)


def may_keep_boards(person: Person) -> bool:
    """Boards and who reads them: leads of the vendor, and managers."""
    return may_keep_shelves(person)


def may_choose_names(person: Person) -> bool:
    """How an organisation's people are named in the forum: its admin contacts."""
    return person.role == Role.ADMIN_CONTACT and person.organisation_id is not None
