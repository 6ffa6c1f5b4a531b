from django.db import models


class State(models.TextChoices):
    """Where an incident stands, in the customer's words."""

    NEW = "new", "New"
    OPEN = "open", "Open"
    WAITING = "waiting", "Waiting for customer"
    SOLVED = "solved", "Solved"
    CLOSED = "closed", "Closed"


UNFINISHED = (State.NEW, State.OPEN, State.WAITING)
FINISHED = (State.SOLVED, State.CLOSED)
# How an incident ended that lies outside the limits of support (rule 14), shown as its state.
OUTSIDE, OUTSIDE_WORDS = "outside", "Outside the limits"


class Priority(models.IntegerChoices):
    """1 is the most urgent."""

    CRITICAL = 1, "Critical"
    HIGH = 2, "High"
    NORMAL = 3, "Normal"
    LOW = 4, "Low"


# As programs may write them.
PRIORITY_NAMES = {one.name.lower(): one.value for one in Priority}


class Impact(models.IntegerChoices):
    """Who is hit, in the customer's words; 1 is the worst."""

    EVERYBODY = 1, "Everybody, or a whole service"
    SEVERAL = 2, "Several people"
    ONE = 3, "One person"


class Urgency(models.IntegerChoices):
    """How hard it hits them, in the customer's words; 1 is the worst."""

    STOPPED = 1, "Work stands still"
    HINDERED = 2, "Work is hindered"
    GOES_ON = 3, "Work goes on"


class Tier(models.IntegerChoices):
    """The technical support level that works on an incident (X1)."""

    TS1 = 1, "TS1"
    TS2 = 2, "TS2"
    TS3 = 3, "TS3"


class MessageKind(models.TextChoices):
    REPORT = "report", "From the customer"
    ANSWER = "answer", "Answer"
    NOTE = "note", "Internal note"
    AUTOMATIC = "automatic", "Automatic message"


class TextFormat(models.TextChoices):
    """How a message's text is read. What came by mail, from customers or programs is plain."""

    PLAIN = "plain", "Plain text"
    MARKDOWN = "markdown", "Markdown"


class DraftKind(models.TextChoices):
    """What a draft becomes when it is sent."""

    ANSWER = "answer", "Answer"
    NOTE = "note", "Internal note"
    MESSAGE = "message", "Message of the customer"
    REPORT = "report", "New report"
    SENDING = "sending", "Answer that can still be taken back"


class MeantFor(models.TextChoices):
    """Who uses a canned answer, or a saved view."""

    ME = "me", "Only me"
    TEAM = "team", "A team"
    ALL = "all", "Everybody"


class ListOrder(models.TextChoices):
    """How a list of incidents is ordered."""

    DUE = "due", "Owed soonest first"
    PRIORITY = "priority", "Most urgent first"
    NEWEST = "newest", "Newest first"
    OLDEST = "oldest", "Oldest first"
    ACTIVE = "active", "Last word first"
    WROTE = "wrote", "Customer wrote last first"


PUBLIC_KINDS = (MessageKind.REPORT, MessageKind.ANSWER, MessageKind.AUTOMATIC)


class Proof(models.TextChoices):
    """How far a mail proves who sent it (M1); the words of `mailroom/text/authentication.py`."""

    PROVEN = "proven", "The sender is proven"
    UNPROVEN = "unproven", "The sender is not proven"
    REFUTED = "refuted", "Not from its sender"
