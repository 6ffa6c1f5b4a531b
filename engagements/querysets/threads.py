from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from engagements.querysets.engagements import HangingQuerySet

if TYPE_CHECKING:
    from accounts.models import Person
    from engagements.models import Message, MessageFile  # noqa: F401 -- quoted below

NOTE = "note"


class TalkQuerySet(HangingQuerySet["Message"]):
    def visible_to(self, person: Person) -> Self:
        """A customer sees no note."""
        found = super().visible_to(person)
        return found.exclude(voice=NOTE) if person.is_customer else found


class FileQuerySet(HangingQuerySet["MessageFile"]):
    def visible_to(self, person: Person) -> Self:
        messages: Any = self.model._meta.get_field("message").related_model
        return self.filter(message__in=messages.objects.visible_to(person))
