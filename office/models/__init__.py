"""Tables, one file a subject; each file is imported here."""

from office.models.accounts import AccountNote, ReviewPlan
from office.models.figures import DayFigure, FiguresRun, PaceVersion
from office.models.health import HealthRulesVersion, HealthScore
from office.models.history import OldFile, OldIncident, OldMessage
from office.models.imports import DataImport, ImportLine, Reference
from office.models.schedules import PictureSchedule, ReportSchedule

__all__ = [
    "AccountNote",
    "DataImport",
    "DayFigure",
    "FiguresRun",
    "HealthRulesVersion",
    "HealthScore",
    "ImportLine",
    "PaceVersion",
    "OldFile",
    "OldIncident",
    "OldMessage",
    "PictureSchedule",
    "Reference",
    "ReportSchedule",
    "ReviewPlan",
]
