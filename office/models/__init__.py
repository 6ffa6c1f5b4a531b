"""Tables, one file a subject; each file is imported here."""

from office.models.imports import DataImport, ImportLine, Reference

__all__ = ["DataImport", "ImportLine", "Reference"]
