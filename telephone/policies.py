"""Who may call whom back. Views, API and the desk ask here, and the actions do again."""

from __future__ import annotations

from accounts.models import Organisation, Person
from telephone.models import CallBack
from tickets.policies import may_file_for


def may_ask_call_back(person: Person, organisation: Organisation) -> bool:
    """Anybody of the organisation; staff log what was asked by mail, telephone, fax or chat."""
    if person.is_customer:
        return person.organisation_id == organisation.pk
    return may_file_for(person, organisation)


def may_call_back(person: Person, call_back: CallBack) -> bool:
    """An engineer or the account manager calls (rule 9): whoever of us sees it."""
    return person.is_staff and may_see_call_back(person, call_back)


def may_see_call_back(person: Person, call_back: CallBack) -> bool:
    return CallBack.objects.visible_to(person).filter(pk=call_back.pk).exists()
