"""What managers bring in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Organisation
from core.journal import label
from office.models import DataImport, ImportLine, OldFile, OldIncident, OldMessage, Reference
from tests.factories.base import NINE
from tests.factories.people import make_manager, make_organisation

numbers = count(1)


def make_import(**fields: Any) -> DataImport:
    """Organisations that were brought in; its file is gone."""
    by = fields.pop("begun_by", None) or make_manager()
    defaults = {
        "kind": "organisations",
        "name": f"table-{next(numbers)}.csv",
        "size": 100,
        "encoding": "utf-8-sig",
        "separator": ",",
        "heads": ["Name", "Country"],
        "mapping": {"name": 0, "country": 1},
        "state": "applied",
        "begun_at": NINE,
        "stepped_at": NINE,
        "applied_at": NINE,
    }
    return DataImport.objects.create(begun_by=by, **defaults | fields)


def make_import_line(organisation: Organisation | None = None, **fields: Any) -> ImportLine:
    of = fields.pop("of", None) or make_import()
    cells = fields.pop("values", ["Northwind", "RO"])
    defaults = {"number": next(numbers) + 1, "outcome": "new", "cells": json.dumps(cells)}
    return ImportLine.objects.create(of=of, organisation=organisation, **defaults | fields)


def make_reference(organisation: Organisation | None = None, **fields: Any) -> Reference:
    organisation = organisation or make_organisation()
    text = fields.pop("text", f"C-{next(numbers)}")
    return Reference.objects.create(
        organisation=organisation,
        text=text,
        **{"kind": "organisations", "subject": label(organisation)} | fields,
    )


def make_old_incident(organisation: Organisation | None = None, **fields: Any) -> OldIncident:
    number = next(numbers)
    defaults = {
        "system": "zammad",
        "source_id": str(number),
        "number": f"20{number:03}",
        "subject": f"Old trouble {number}",
        "opened_at": datetime(2024, 3, 1, 9, tzinfo=UTC),
    }
    of = fields.pop("of", None) or make_import(kind="zammad")
    return OldIncident.objects.create(
        organisation=organisation or make_organisation(), of=of, **defaults | fields
    )


def make_old_message(incident: OldIncident | None = None, **fields: Any) -> OldMessage:
    incident = incident or make_old_incident()
    defaults = {"at": incident.opened_at, "author_name": "Ana", "body": "It hangs."}
    return OldMessage.objects.create(
        incident=incident, organisation=incident.organisation, **defaults | fields
    )


def make_old_file(message: OldMessage | None = None, **fields: Any) -> OldFile:
    message = message or make_old_message()
    one = OldFile(
        message=message, organisation=message.organisation, **{"name": "imap.log"} | fields
    )
    one.file.save("file", ContentFile(b"slow"), save=True)
    return one
