"""Kinds of journal entries: side conversations of the staff (X4)."""

from __future__ import annotations

from core.kinds import Kind, LookUp, PersonId


class AsideOpened(Kind, key="aside.opened", icon="message-square"):
    incident: str
    people: list[PersonId]

    def said(self, name: LookUp) -> str:
        named = ", ".join(name(one) for one in self.people or [])
        return f"Asked {named} aside about {self.incident}"


class AsideSaid(Kind, key="aside.said", text="Wrote in a side conversation", icon="lock"):
    message: int


class AsideJoined(Kind, key="aside.joined", icon="users"):
    person: PersonId

    def said(self, name: LookUp) -> str:
        return f"{name(self.person)} takes part in a side conversation"


class AsideLeft(Kind, key="aside.left", icon="user"):
    person: PersonId

    def said(self, name: LookUp) -> str:
        return f"{name(self.person)} left a side conversation"
