"""Who may do what with an incident. Views, API and admin ask here, and the actions do again."""

from __future__ import annotations

from accounts.enums import ENGINEER_ROLES, VENDOR_ROLES, Role
from accounts.models import Organisation, Person
from resources import policies as resource_policies
from tickets.enums import MeantFor, Tier
from tickets.models import Aside, CannedAnswer, Incident, SavedView

_TIERS = {Role.TS1: Tier.TS1, Role.PARTNER: Tier.TS1, Role.TS2: Tier.TS2, Role.TS3: Tier.TS3}


def tier_of(person: Person) -> Tier | None:
    """The tier at which `person` works incidents; None for those who work none."""
    return _TIERS.get(Role(person.role))


def may_see(person: Person, incident: Incident) -> bool:
    """Whether it is among those that `tickets.visibility` lets the person see."""
    seen = Incident.objects.visible_to(person)
    sees_all = not seen.query.where  # then nothing has to be asked: it is one of them
    return sees_all or seen.filter(pk=incident.pk).exists()


def may_write(person: Person, incident: Incident) -> bool:
    """As the customer: anybody of the organisation."""
    return person.is_customer and may_see(person, incident)


def may_join_others(person: Person, incident: Incident) -> bool:
    """Have a colleague of the customer told: anybody of theirs, and whoever answers them."""
    return may_write(person, incident) or may_answer(person, incident)


def may_keep_private(person: Person, incident: Incident) -> bool:
    """Say who of the organisation sees it: its reporter, who takes part, and who answers them."""
    if not person.is_customer:
        return may_answer(person, incident)
    takes_part = person.pk == incident.reporter_id
    takes_part = takes_part or incident.participants.told().filter(person=person).exists()
    return takes_part and may_see(person, incident)


def may_let_go(person: Person, incident: Incident, other: Person) -> bool:
    """Tell somebody no more: themselves, the reporter, their admin contact, who answers them."""
    if person.is_customer:
        decides = person.pk in (other.pk, incident.reporter_id)
        decides = decides or person.role == Role.ADMIN_CONTACT
        return decides and may_see(person, incident)
    return may_answer(person, incident)


def may_answer(person: Person, incident: Incident) -> bool:
    """As the vendor or the local partner: whoever of the staff sees it.

    A local partner gives TS1: what was escalated its people still see, and among them only the
    owner, who talks to the customer whatever tier works on it (X1), answers.
    """
    works_here = person.is_staff and person.is_active
    return works_here and _is_theirs(person, incident) and may_see(person, incident)


def _is_theirs(person: Person, incident: Incident) -> bool:
    at_ts1 = incident.tier == Tier.TS1
    return person.role != Role.PARTNER or at_ts1 or incident.owner_id in (None, person.pk)


def works_above(person: Person) -> bool:
    """Whether they work at TS2 or TS3: on incidents, and never as who owns their customers (X1)."""
    tier = tier_of(person)
    return tier is not None and tier > Tier.TS1


def may_follow(person: Person, incident: Incident) -> bool:
    """Be told what happens on it: whoever of the staff sees it."""
    return person.is_staff and person.is_active and may_see(person, incident)


def may_ask_aside(person: Person, incident: Incident) -> bool:
    """Begin a side conversation (X4): whoever of the staff sees it."""
    return may_follow(person, incident)


def may_read_aside(person: Person, aside: Aside) -> bool:
    """The vendor's people who see the incident; of a local partner's, who takes part (X4)."""
    works_here = person.is_staff and person.is_active
    return works_here and Aside.objects.visible_to(person).filter(pk=aside.pk).exists()


def may_let_go_aside(person: Person, aside: Aside, other: Person) -> bool:
    """Take somebody out: themselves, who began it, leads and managers."""
    decides = person.pk in (other.pk, aside.opened_by_id) or person.is_manager
    leads = person.is_lead and person.role in VENDOR_ROLES
    return (decides or leads) and may_read_aside(person, aside)


def may_take(person: Person, incident: Incident) -> bool:
    """TS1 and partners to talk to the customer; TS2 and TS3 to work on what is at their level."""
    if person.role not in ENGINEER_ROLES or not _is_theirs(person, incident):
        return False
    is_there = not works_above(person) or tier_of(person) == incident.tier
    return is_there and may_see(person, incident)


def may_be_given(person: Person, incident: Incident) -> bool:
    """Whether dispatch, or a colleague, would give it to them now: they serve it or its level.

    TS2 and TS3 to work on, others to talk to the customer (X1). The `organisation` is loaded with
    the incident.
    """
    if person.role not in ENGINEER_ROLES or not person.is_active:
        return False
    if person.role == Role.PARTNER:
        return incident.organisation.partner_id == person.partner_id
    if person.role == Role.TS1:
        serves = person.assignments.filter(organisation=incident.organisation_id)
        return person.serves_everybody or serves.exists()
    return tier_of(person) == incident.tier


def may_assign(person: Person, incident: Incident) -> bool:
    """Leads and managers give incidents to others; who has one may hand theirs over."""
    has_it = person.pk in (incident.owner_id, incident.worker_id)
    leads = person.is_manager or (person.is_lead and person.is_staff)
    return may_see(person, incident) and (leads or has_it)


def may_give_customer(person: Person, incident: Incident) -> bool:
    """Say who talks to the customer: not whoever only works on it at TS2 or TS3 (X1)."""
    return may_assign(person, incident) and (
        not works_above(person) or person.is_lead or incident.owner_id == person.pk
    )


def may_escalate(person: Person, incident: Incident) -> bool:
    """Whoever works at the incident's present tier, its owner, its worker, or a manager.

    A local partner's people hand up from TS1 only, also where they own it.
    """
    owns = incident.owner_id == person.pk and person.role != Role.PARTNER
    ours = tier_of(person) == incident.tier or owns
    return may_answer(person, incident) and (ours or person.is_manager)


def may_ask_escalation(person: Person, incident: Incident) -> bool:
    """As the customer: anybody of the organisation, of what is covered."""
    return incident.decision.level_id is not None and may_write(person, incident)


def may_decline_escalation(person: Person, incident: Incident) -> bool:
    """The vendor's leads and managers decide what a customer asks for."""
    leads = person.is_manager or (person.is_lead and person.role in VENDOR_ROLES)
    return leads and may_see(person, incident)


def may_give_back(person: Person, incident: Incident) -> bool:
    return may_escalate(person, incident) and incident.tier > Tier.TS1


def may_accept_goodwill(person: Person, incident: Incident) -> bool:
    """Goodwill costs the vendor money: the TAM of the organisation or a manager."""
    return person.role in (Role.TAM, Role.MANAGER) and may_see(person, incident)


def may_refund(person: Person, incident: Incident) -> bool:
    """An engineer can give a Gold incident back (rule 4); not the partner's."""
    return person.role != Role.PARTNER and may_answer(person, incident)


def may_file_for(person: Person, organisation: Organisation) -> bool:
    """Staff file for the customers they see, after a call for example (E2)."""
    theirs = Organisation.objects.visible_to(person)
    return person.is_staff and theirs.filter(pk=organisation.pk).exists()


def may_link_defect(person: Person, incident: Incident) -> bool:
    """Say from which defect it comes: the vendor's people who may answer it."""
    return resource_policies.may_see_defects(person) and may_answer(person, incident)


def may_merge(person: Person, incident: Incident) -> bool:
    """Say that it repeats another, or is repeated: whoever may answer it, if it is not closed."""
    return may_answer(person, incident)


def may_put_right(person: Person, incident: Incident) -> bool:
    """Say of which licence, service and person it is: the vendor's people who may answer it."""
    return person.role != Role.PARTNER and may_answer(person, incident)


def may_keep_for(person: Person, meant_for: str, tier: int | None) -> bool:
    """Canned answers, saved views: one's own; a team's are its leads', everybody's the leads'."""
    if meant_for == MeantFor.ME:
        return person.is_staff
    leads = person.is_manager or (person.is_lead and person.role in VENDOR_ROLES)
    if meant_for == MeantFor.TEAM:
        return leads and (person.is_manager or tier_of(person) == tier)
    return leads


def may_change_kept(person: Person, one: CannedAnswer | SavedView) -> bool:
    """Change it or take it away."""
    if one.meant_for == MeantFor.ME:
        return one.owner_id == person.pk
    return may_keep_for(person, one.meant_for, one.tier)


def may_keep_causes(person: Person) -> bool:
    """Say which causes are offered when an incident is solved."""
    return person.is_manager


def may_see_journal(person: Person) -> bool:
    return person.role in (Role.MANAGER, Role.TAM)


def may_set_alarms(person: Person) -> bool:
    """Say what is done at warnings and breaches."""
    return person.is_manager


def may_set_dispatch(person: Person) -> bool:
    """Rules of dispatch are the managers'."""
    return person.is_manager


def may_see_watchdog(person: Person) -> bool:
    """Managers, and the vendor's leads: they answer for the sweeps."""
    return person.is_manager or (person.is_lead and person.role in VENDOR_ROLES)
