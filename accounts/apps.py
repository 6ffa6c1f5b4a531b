from django.apps import AppConfig

from core.security import SecurityKind, register

SECURITY = (
    SecurityKind("signin.done", "Signed in"),
    SecurityKind("signin.failed", "Sign-in failed"),
    SecurityKind("signin.locked", "Sign-in locked for a while"),
    SecurityKind("sessions.ended", "Signed out everywhere"),
    SecurityKind("password.changed", "Password changed"),
    SecurityKind("password.reset", "Password replaced by a mailed link"),
    SecurityKind("factor.added", "Second factor added"),
    SecurityKind("factor.removed", "Second factor removed"),
    SecurityKind("factor.codes", "Recovery codes made"),
    SecurityKind("factor.reset", "Second factor reset by a manager"),
    SecurityKind("person.address", "Address changed"),
    SecurityKind("api_token.made", "API token made"),
    SecurityKind("api_token.revoked", "API token revoked"),
    SecurityKind("person.added", "Account made"),
    SecurityKind("person.role", "Role changed"),
    SecurityKind("person.changed", "Colleague's role or duties changed"),
    SecurityKind("person.assigned", "Whom an engineer serves changed"),
    SecurityKind("person.moved", "Moved to another organisation"),
    SecurityKind("person.deactivated", "Account closed"),
    SecurityKind("person.reactivated", "Account opened again"),
    SecurityKind("invitation.made", "Invitation sent"),
    SecurityKind("invitation.accepted", "Invitation accepted"),
)


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        register(*SECURITY)
