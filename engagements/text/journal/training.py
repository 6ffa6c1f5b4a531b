"""Entries about technical trainings."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class CourseKept(Kind, key="course.kept", icon="book-open"):
    name: str

    def said(self, name: LookUp) -> str:
        return f"Course kept: {self.name}"


class MaterialAdded(Kind, key="course.material_added", icon="paperclip"):
    file: str
    version: int

    def said(self, name: LookUp) -> str:
        return f"Material added: {self.file}, version {self.version}"


class Planned(Kind, key="training.planned", icon="calendar-clock"):
    course: str

    def said(self, name: LookUp) -> str:
        return f"Training planned: {self.course}"


class Changed(Kind, key="training.changed", icon="pencil"):
    is_moved: bool

    def said(self, name: LookUp) -> str:
        return "Time or place of the training changed" if self.is_moved else "Training changed"


class Cancelled(Kind, key="training.cancelled", text="Training cancelled", icon="x", tone="warm"):
    reason: str


class Registered(Kind, key="training.registered", icon="user-plus", tone="green"):
    basis: str

    def said(self, name: LookUp) -> str:
        return f"Registered for the training: {self.basis}"


class Waits(Kind, key="training.waits", icon="clock"):
    basis: str

    def said(self, name: LookUp) -> str:
        return f"On the waiting list of the training: {self.basis}"


class Seated(
    Kind, key="training.seated", text="A seat became free", icon="circle-check", tone="green"
):
    pass


class Withdrawn(Kind, key="training.withdrawn", text="Registration withdrawn", icon="x"):
    pass


class AttendanceNoted(Kind, key="training.attendance", icon="list-checks"):
    part: int
    there: int
    seats: int
    was: list[int] | None  # registrations that were noted as there before; None: nobody noted it

    def said(self, name: LookUp) -> str:
        return f"Part {self.part}: {self.there} of {self.seats} were there"


class ExamNoted(Kind, key="training.exam", icon="check"):
    result: str

    def said(self, name: LookUp) -> str:
        return {"passed": "Exam passed", "failed": "Exam not passed"}.get(
            self.result or "", "Exam without a result"
        )


class FeedbackGiven(Kind, key="training.feedback", icon="message-square"):
    score: int

    def said(self, name: LookUp) -> str:
        return f"Feedback: {self.score} of 5"


class Certified(Kind, key="training.certified", icon="circle-check", tone="green"):
    number: str

    def said(self, name: LookUp) -> str:
        return f"Certificate {self.number} issued"


class CertificateRevoked(Kind, key="training.certificate_revoked", icon="x", tone="warm"):
    number: str
    reason: str

    def said(self, name: LookUp) -> str:
        return f"Certificate {self.number} revoked"
