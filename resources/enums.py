"""What online resources can be."""

from django.db import models


class Audience(models.TextChoices):
    """Who reads an article, a manual, a release's notes."""

    EVERYBODY = "everybody", "Everybody, without signing in"
    REGISTERED = "registered", "Customers who sign in"
    LEVELS = "levels", "Customers with one of the levels"
    STAFF = "staff", "Our own people"


class VersionState(models.TextChoices):
    """Where a version of an article stands."""

    DRAFT = "draft", "Draft"
    REVIEW = "review", "In review"
    READY = "ready", "Will be published"
    LIVE = "live", "Published"
    OLD = "old", "Replaced"


# At most one version of an article is in any of these: the next one.
OPEN_STATES = (VersionState.DRAFT, VersionState.REVIEW, VersionState.READY)


class ReleaseKind(models.TextChoices):
    """What a release brings; an upgrade is bought, the others come with maintenance (D1)."""

    PATCH = "patch", "Patch"
    MAINTENANCE = "maintenance", "Maintenance release"
    UPGRADE = "upgrade", "Upgrade"
    BETA = "beta", "Beta build"  # of a programme, for its members alone (BT3)


class ManualKind(models.TextChoices):
    """What a piece of documentation is."""

    MANUAL = "manual", "Manual"
    NOTES = "release_notes", "Release notes"
    PAPER = "white_paper", "White paper"


class ManualState(models.TextChoices):
    """Where a version of a manual stands."""

    DRAFT = "draft", "Draft"
    LIVE = "live", "Published"
    RETIRED = "retired", "Retired"


class Answered(models.TextChoices):
    """What answered somebody who was about to report."""

    ARTICLE = "article", "Article"
    DEFECT = "defect", "Known defect"
    INCIDENT = "incident", "Their own incident"


class IssueState(models.TextChoices):
    """Where an issue of a newsletter stands. It is sent once all of it was handed over."""

    DRAFT = "draft", "Draft"
    READY = "ready", "Will be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"


class Severity(models.TextChoices):
    """How bad what a security advisory tells of is."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MODERATE = "moderate", "Moderate"
    LOW = "low", "Low"


class How(models.TextChoices):
    """By what somebody chose a newsletter, or left it."""

    PAGE = "page", "On the page"
    ONE_CLICK = "one_click", "By the link of a mail"


class NewsOfFix(models.TextChoices):
    """What is told of a release and the defects that it fixes."""

    FIXED = "fixed", "It fixes them"
    WITHDRAWN = "withdrawn", "It was withdrawn, or fixes them no more"
    REOPENED = "reopened", "The fix does not hold"


class CardKind(models.TextChoices):
    """Whose an author card of the forum is."""

    CUSTOMER = "customer", "Customer"
    PARTNER = "partner", "Local partner"
    STAFF = "staff", "Our own people"


class PostState(models.TextChoices):
    """Whether readers see a post, or the topic that begins with it."""

    SHOWN = "shown", "Shown"
    HELD = "held", "Waits for a moderator"
    HIDDEN = "hidden", "Hidden"
    REFUSED = "refused", "Not taken"


class NewsOfForum(models.TextChoices):
    """What followers and authors are told of."""

    ASKED = "asked", "A new topic"
    ANSWERED = "answered", "An answer"
    ACCEPTED = "accepted", "An accepted answer"
    SHOWN = "shown", "A post that waited is shown"
    REFUSED = "refused", "A post is not taken"


class FeedbackKind(models.TextChoices):
    """What a member of a beta programme says."""

    PROBLEM = "problem", "Something does not work"
    IDEA = "idea", "Something could be better"
    WORKS = "works", "It works for us"


class FeedbackFate(models.TextChoices):
    """What became of it; a member of the team decides (BT4)."""

    WAITS = "waits", "We read it soon"
    DEFECT = "defect", "A known defect"
    INCIDENT = "incident", "An incident"
    ANSWERED = "answered", "Answered"
