"""What the things of this room are called."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    """What is delivered as a whole. Which contract allows each is in `rules/eligibility.py`."""

    GOLIVE = "golive", "GoLive project"
    ON_SITE = "on_site", "On-site visit"
    FEATURE = "feature", "Feature assessment"
    AUDIT = "audit", "Operations audit"
    TRAINING = "training", "Technical training"

    @property
    def drawn(self) -> str:
        """Its icon."""
        return {
            Kind.GOLIVE: "layers",
            Kind.ON_SITE: "building-2",
            Kind.FEATURE: "star",
            Kind.AUDIT: "shield-check",
            Kind.TRAINING: "book-open",
        }[self]


class State(models.TextChoices):
    """Where an engagement stands. The last three are ends, for good."""

    REQUESTED = "requested", "Requested"
    RUNNING = "running", "In progress"
    DONE = "done", "Completed"
    DECLINED = "declined", "Declined"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def tone(self) -> str:
        """The badge's class."""
        return {
            State.REQUESTED: "badge-warm",
            State.RUNNING: "badge-blue",
            State.DONE: "badge-green",
        }.get(self, "")


ENDED = (State.DONE, State.DECLINED, State.CANCELLED)
OPEN = (State.REQUESTED, State.RUNNING)


class Light(models.TextChoices):
    """The traffic light of an engagement that runs."""

    GREEN = "green", "On track"
    AMBER = "amber", "At risk"
    RED = "red", "Late"

    @property
    def tone(self) -> str:
        return {Light.GREEN: "badge-green", Light.AMBER: "badge-warm", Light.RED: "badge-red"}[self]


class Voice(models.TextChoices):
    """Who speaks in a message; a note is the team's own."""

    CUSTOMER = "customer", "Customer"
    TEAM = "team", "Team"
    NOTE = "note", "Internal note"


class Owed(models.TextChoices):
    """What is owed by a moment."""

    REPLY = "reply", "Reply to the request"
    ANSWER = "answer", "Answer of the assessment"
    PHASE = "phase", "Phase"
    TASK = "task", "Task"


class Verdict(models.TextChoices):
    """What the customer says of a version of a document. Silence is no verdict."""

    ACCEPTED = "accepted", "Accepted"
    SENT_BACK = "sent_back", "Sent back"


class Paper(models.TextChoices):
    """What a document is."""

    DOCUMENT = "document", "Document"
    VISIT_REPORT = "visit_report", "Visit report"
    PROTOCOL = "protocol", "Signed protocol"
    LETTER = "letter", "Assessment letter"
    PILOT_REPORT = "pilot_report", "Pilot project report"
    RUN_BOOK = "run_book", "Run book"
    AUDIT_REPORT = "audit_report", "Audit report"
    PLANNING = "planning", "System planning report"
    CUT_OVER = "cut_over", "Cut-over plan"
    GO_NO_GO = "go_no_go", "Go / no-go sheet"


class VisitState(models.TextChoices):
    """What became of dates that were proposed."""

    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Does not suit"
    CANCELLED = "cancelled", "Cancelled"
    MADE = "made", "Made"

    @property
    def tone(self) -> str:
        return {
            VisitState.PROPOSED: "badge-warm",
            VisitState.AGREED: "badge-blue",
            VisitState.MADE: "badge-green",
        }.get(self, "")


class Covers(models.TextChoices):
    """What a course is about: the four subjects of the programme's technical training."""

    INSTALLATION = "installation", "Installation"
    CONFIGURATION = "configuration", "Configuration"
    OPERATION = "operation", "Operation"
    MAINTENANCE = "maintenance", "Maintenance"


class SessionState(models.TextChoices):
    """Where a training session stands. That it is over is said by the clock."""

    PLANNED = "planned", "Planned"
    CANCELLED = "cancelled", "Cancelled"


class PlaceState(models.TextChoices):
    """Where a registration stands."""

    SEATED = "seated", "Has a seat"
    WAITING = "waiting", "On the waiting list"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ExamResult(models.TextChoices):
    NONE = "", "No result"
    PASSED = "passed", "Passed"
    FAILED = "failed", "Not passed"


class RoadmapState(models.TextChoices):
    """Where an idea for the product stands."""

    CONSIDERED = "considered", "Considered"
    PLANNED = "planned", "Planned"
    SHIPPED = "shipped", "Shipped"
    REJECTED = "rejected", "Not planned"

    @property
    def tone(self) -> str:
        return {
            RoadmapState.PLANNED: "badge-blue",
            RoadmapState.SHIPPED: "badge-green",
            RoadmapState.CONSIDERED: "badge-warm",
        }.get(self, "")


class CaseArea(models.TextChoices):
    """What a case of an operations audit is about (rule 13)."""

    SECURITY = "security", "Security"
    PERFORMANCE = "performance", "Performance"
    RELIABILITY = "reliability", "Reliability"


class Severity(models.TextChoices):
    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class CaseResult(models.TextChoices):
    """What came of a case. Without a run it has none, and never passes."""

    OK = "ok", "Passed"
    PARTIAL = "partial", "In part"
    FAILED = "failed", "Failed"
    UNVERIFIABLE = "unverifiable", "Unverifiable"

    @property
    def tone(self) -> str:
        return {
            CaseResult.OK: "badge-green",
            CaseResult.PARTIAL: "badge-warm",
            CaseResult.FAILED: "badge-red",
        }.get(self, "badge-line")


class Subject(models.TextChoices):
    """What managers keep for GoLive projects, in versions."""

    MODULES = "modules", "Modules and settings of the product"
    PLANNING = "planning", "Assumptions and prices of the system planning"
    RUN_BOOK = "run_book", "Run book"
    CUT_OVER = "cut_over", "Cut-over plan"
    GO_NO_GO = "go_no_go", "Go / no-go sheet"


class Book(models.TextChoices):
    """Where a step of a deployment stands."""

    RUN_BOOK = "run_book", "Run book"
    CUT_OVER = "cut_over", "Cut-over"
    WAY_BACK = "way_back", "Way back"


class StepResult(models.TextChoices):
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    SKIPPED = "skipped", "Left out"

    @property
    def tone(self) -> str:
        return {StepResult.DONE: "badge-green", StepResult.FAILED: "badge-red"}.get(self, "")


class CutOverState(models.TextChoices):
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
    TURNED_BACK = "turned_back", "Turned back"

    @property
    def tone(self) -> str:
        return {
            CutOverState.RUNNING: "badge-blue",
            CutOverState.DONE: "badge-green",
            CutOverState.TURNED_BACK: "badge-red",
        }.get(self, "")


class Decision(models.TextChoices):
    """A vote, and what all of them come to."""

    GO = "go", "Go"
    NO_GO = "no_go", "No-go"

    @property
    def tone(self) -> str:
        return "badge-green" if self == Decision.GO else "badge-red"


class Criterium(models.TextChoices):
    """What was found of a criterion."""

    MET = "met", "Met"
    NOT_MET = "not_met", "Not met"
    WAIVED = "waived", "Waived"

    @property
    def tone(self) -> str:
        return {Criterium.MET: "badge-green", Criterium.NOT_MET: "badge-red"}.get(
            self, "badge-warm"
        )
