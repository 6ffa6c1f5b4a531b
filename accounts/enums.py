from django.db import models


class Role(models.TextChoices):
    """What a person is to the support programme (docs/rules.md, "People")."""

    CONTACT = "contact", "Contact"
    ADMIN_CONTACT = "admin_contact", "Admin contact"
    TS1 = "ts1", "Support engineer (TS1)"
    TS2 = "ts2", "Beta tester (TS2)"
    TS3 = "ts3", "Developer (TS3)"
    PARTNER = "partner", "Partner engineer (TS1)"
    TAM = "tam", "Technical account manager"
    MANAGER = "manager", "Support manager"


CUSTOMER_ROLES = (Role.CONTACT, Role.ADMIN_CONTACT)
ENGINEER_ROLES = (Role.TS1, Role.TS2, Role.TS3, Role.PARTNER)
STAFF_ROLES = (Role.TS1, Role.TS2, Role.TS3, Role.PARTNER, Role.TAM, Role.MANAGER)
VENDOR_ROLES = (Role.TS1, Role.TS2, Role.TS3, Role.TAM, Role.MANAGER)


class GoldDefault(models.TextChoices):
    """When an organisation spends a Gold incident without being asked."""

    ALWAYS = "always", "Always"
    HIGHEST = "highest", "Only for the highest priority"
    NEVER = "never", "Never"
    ASK = "ask", "Ask at each incident"


class Shares(models.TextChoices):
    """Which reports the people of an organisation see (F4)."""

    ALL = "all", "Everybody sees all reports"
    OWN = "own", "Each sees their own, and those that they take part in"


class Reach(models.TextChoices):
    """Of one contact, where it is not as the organisation chose; admin contacts see all."""

    AS_CHOSEN = "", "As the organisation chose"
    ALL = "all", "Sees all"
    OWN = "own", "Sees own"


class TokenScope(models.TextChoices):
    """What an API token may do of what its person may do."""

    READ = "read", "Read only"
    WRITE = "write", "Read and write"
