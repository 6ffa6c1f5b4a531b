"""The kinds of journal entries about organisations and people (`core.kinds`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kinds import Kind, LookUp, Moment, PersonId


class OrganisationMade(Kind, key="organisation.made", text="Organisation added", icon="building"):
    name: str
    slug: str
    timezone: str
    country: str
    language: str
    partner_id: int | None
    tam_id: PersonId | None
    gold_default: str
    shares: str


class OrganisationChanged(
    Kind, key="organisation.changed", text="Organisation changed", icon="building"
):
    name: str
    slug: str
    timezone: str
    country: str
    language: str
    partner_id: int | None
    tam_id: PersonId | None
    gold_default: str
    shares: str
    before: Mapping[str, Any]  # the same facts, as they were


class GoldDefaultChanged(
    Kind, key="organisation.gold_default", text="Use of Gold incidents decided", icon="star"
):
    before: str
    after: str


class SharesChanged(
    Kind, key="organisation.shares", text="Who sees its reports decided", icon="users"
):
    before: str
    after: str

    def said(self, name: LookUp) -> str:
        sees = "each sees their own" if self.after == "own" else "everybody sees all"
        return f"Of its reports {sees} from now on"


class PartnerOfOrganisation(
    Kind, key="organisation.partner", text="Local partner of the organisation changed"
):
    before: int | None
    after: int | None


class AccountManagerLeft(Kind, key="organisation.tam_left", text="Its account manager left"):
    before: PersonId


class PartnerMade(Kind, key="partner.made", text="Local partner added"):
    name: str
    language: str


class PartnerChanged(Kind, key="partner.changed", text="Local partner changed"):
    name: str
    language: str


class PersonAdded(Kind, key="person.added", text="Account made", icon="user", security=True):
    role: str


class ProfileChanged(Kind, key="person.profile", text="Own profile changed", icon="user"):
    changed: list[str]
    before: Mapping[str, Any]


class PersonChanged(
    Kind,
    key="person.changed",
    text="Colleague's role or duties changed",
    icon="user",
    security=True,
):
    changed: list[str]
    before: Mapping[str, Any]


class RoleChanged(Kind, key="person.role", text="Role changed", icon="user", security=True):
    before: str
    after: str


class ReachChanged(
    Kind, key="person.reach", text="Which reports a contact sees changed", icon="user"
):
    before: str
    after: str


class CustomersAssigned(
    Kind, key="person.assigned", text="Whom an engineer serves changed", security=True
):
    before: list[int]  # organisations
    after: list[int]


class PersonMoved(
    Kind, key="person.moved", text="Moved to another organisation", icon="user", security=True
):
    before: int
    after: int


class PersonMovedAway(Kind, key="person.moved_away", text="Somebody moved away", icon="user"):
    person: PersonId
    before: int
    after: int

    def said(self, name: LookUp) -> str:
        return f"{name(self.person)} moved to another organisation"


class PersonTakenBack(
    Kind, key="person.taken_back", text="Somebody added by mistake removed", security=True
):
    person: int  # a key alone: the row is gone


class PersonClosed(
    Kind, key="person.deactivated", text="Account closed", icon="lock", security=True
):
    pass


class PersonOpenedAgain(
    Kind, key="person.reactivated", text="Account opened again", icon="user", security=True
):
    pass


class AddressChanged(
    Kind, key="person.address", text="Address changed", icon="mail", security=True
):
    before: str
    after: str


class InvitationMade(
    Kind, key="invitation.made", text="Invitation sent", icon="mail", security=True
):
    email: str
    role: str


class InvitationAccepted(
    Kind, key="invitation.accepted", text="Invitation accepted", icon="user", security=True
):
    person: PersonId


class InvitationWithdrawn(Kind, key="invitation.withdrawn", text="Invitation withdrawn"):
    pass


class SignedIn(Kind, key="signin.done", text="Signed in", icon="key-round", security=True):
    method: str


class SignInFailed(Kind, key="signin.failed", text="Sign-in failed", tone="warm", security=True):
    step: str


class SignInLocked(
    Kind, key="signin.locked", text="Sign-in locked for a while", tone="red", security=True
):
    pass


class SessionsEnded(Kind, key="sessions.ended", text="Signed out everywhere", security=True):
    browser: str = ""  # of the one session that was ended


class PasswordChanged(Kind, key="password.changed", text="Password changed", security=True):
    pass


class PasswordReset(
    Kind, key="password.reset", text="Password replaced by a mailed link", security=True
):
    pass


class FactorAdded(Kind, key="factor.added", text="Second factor added", security=True):
    pass


class FactorRemoved(Kind, key="factor.removed", text="Second factor removed", security=True):
    pass


class RecoveryCodesMade(Kind, key="factor.codes", text="Recovery codes made", security=True):
    pass


class FactorReset(Kind, key="factor.reset", text="Second factor reset by a manager", security=True):
    count: int


class TokenMade(Kind, key="api_token.made", text="API token made", security=True):
    name: str
    scope: str
    expires_at: Moment | None


class TokenRevoked(Kind, key="api_token.revoked", text="API token revoked", security=True):
    name: str


class Exported(Kind, key="export", text="Exported", icon="download", security=True):
    what: str  # a person, a table, a report


class PersonErased(
    Kind, key="person.erased", text="Person erased", icon="trash-2", tone="warm", security=True
):
    with_texts: bool


class PersonErasedWhole(
    Kind, key="person.erased_whole", text="Nothing names the erased person any more", security=True
):
    rows: int


class OrganisationClosed(
    Kind, key="organisation.closed", text="Organisation closed", icon="building-2", security=True
):
    pass


class OrganisationReopened(
    Kind,
    key="organisation.reopened",
    text="Organisation opened again",
    icon="building-2",
    security=True,
):
    pass
