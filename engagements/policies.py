"""Who may do what in this room. Callers ask before they call an action; actions ask again."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from accounts.enums import VENDOR_ROLES, Role
from accounts.models import Organisation, Person
from engagements.models import Engagement, Member, Registration, Task, TrainingSession

MOST_NAMED = 10  # of those who may accept


def may_request(person: Person, organisation: Organisation) -> bool:
    """Anybody of the organisation; of us whoever sees it, for what came by telephone or mail."""
    if person.is_customer:
        return person.organisation_id == organisation.pk
    if person.role not in VENDOR_ROLES:
        return False
    return Organisation.objects.visible_to(person).filter(pk=organisation.pk).exists()


def may_manage(person: Person, engagement: Engagement) -> bool:
    """Take up, plan, decline, end: the account manager, the owner, and managers."""
    if person.role == Role.MANAGER or engagement.owner_id == person.pk:
        return True
    return person.role == Role.TAM and engagement.organisation.tam_id == person.pk


def may_work(person: Person, engagement: Engagement) -> bool:
    """Write, do tasks, note risks, hand over: who manages it, and the team."""
    if person.is_customer or person.role not in VENDOR_ROLES:
        return False
    return may_manage(person, engagement) or is_member(person, engagement)


def may_join(person: Person, engagement: Engagement) -> bool:
    """One of us in the team: TS2 and TS3 anywhere, the others where they serve the customer."""
    if person.role in (Role.TS2, Role.TS3):
        return True
    if person.role not in VENDOR_ROLES:
        return False
    seen = Organisation.objects.visible_to(person)
    return seen.filter(pk=engagement.organisation_id).exists()


def is_member(person: Person, engagement: Engagement) -> bool:
    return Member.objects.filter(engagement=engagement, person=person).exists()


def may_speak(person: Person, engagement: Engagement) -> bool:
    """Whoever of the customer sees it, and who works on it."""
    if person.is_customer:
        return person.organisation_id == engagement.organisation_id and may_see(person, engagement)
    return may_work(person, engagement)


def may_see(person: Person, engagement: Engagement) -> bool:
    return Engagement.objects.visible_to(person).filter(pk=engagement.pk).exists()


def may_do(person: Person, task: Task, engagement: Engagement) -> bool:
    """A customer's task is done by the customer, or ticked off by who works on it."""
    if person.is_customer:
        return task.for_customer and may_speak(person, engagement)
    return may_work(person, engagement)


def may_accept(person: Person, engagement: Engagement) -> bool:
    """N5: the admin contacts of the organisation, and who asked for it. Never one of us."""
    if not person.is_customer or person.organisation_id != engagement.organisation_id:
        return False
    return person.role == Role.ADMIN_CONTACT or person.pk == engagement.requested_by_id


def who_may_accept(engagement: Engagement) -> Collection[Person]:
    """Those of `may_accept`, by name; `MOST_NAMED` of them, since a sentence names them."""
    people = Person.objects.active().filter(
        Q(role=Role.ADMIN_CONTACT) | Q(role=Role.CONTACT, pk=engagement.requested_by_id),
        organisation=engagement.organisation_id,
    )
    return list(people.order_by("name", "pk")[:MOST_NAMED])


def may_keep_catalogue(person: Person) -> bool:
    """Plan templates, the product's modules: managers."""
    return person.role == Role.MANAGER


def may_keep_roadmap(person: Person) -> bool:
    """What is planned for the product: managers, account managers and developers."""
    return person.role in (Role.MANAGER, Role.TAM, Role.TS3)


def may_read_list(person: Person) -> bool:
    """The team's list of engagements: the vendor's people."""
    return person.role in VENDOR_ROLES


def may_see_training(person: Person) -> bool:
    """The desk's pages of trainings: everybody of the vendor; a local partner has no part."""
    return person.is_active and person.is_staff and person.role in VENDOR_ROLES


def may_keep_courses(person: Person) -> bool:
    """Courses and their material are catalogue data."""
    return person.is_active and person.role == Role.MANAGER


def may_keep_sessions(person: Person) -> bool:
    """Plan, move and cancel sessions, issue certificates: account managers and managers."""
    return person.is_active and person.role in (Role.TAM, Role.MANAGER)


def may_note_attendance(person: Person, session: TrainingSession) -> bool:
    """Who keeps sessions, and its trainer."""
    return may_keep_sessions(person) or (
        may_see_training(person) and session.trainer_id == person.pk
    )


def may_register_for_training(person: Person, organisation: Organisation) -> bool:
    """Somebody of an organisation: its people, and who keeps sessions and serves it."""
    if person.is_customer:
        return person.is_active and person.organisation_id == organisation.pk
    theirs = Organisation.objects.visible_to(person).filter(pk=organisation.pk)
    return may_keep_sessions(person) and theirs.exists()


def may_register_others(person: Person) -> bool:
    """Of a customer's people the admin contact; others register themselves."""
    return not person.is_customer or person.role == Role.ADMIN_CONTACT


def may_touch_registration(person: Person, registration: Registration) -> bool:
    """Withdraw it, read its certificate: the admin contact, whom it is about or who made it."""
    if not person.is_customer:
        return may_register_for_training(person, registration.organisation)
    is_own = person.pk in (registration.person_id, registration.registered_by_id)
    is_theirs = person.organisation_id == registration.organisation_id
    return is_theirs and (is_own or person.role == Role.ADMIN_CONTACT)
