"""The desks of which old incidents are understood. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from office.rules.history.django_helpdesk import DJANGO_HELPDESK
from office.rules.history.request_tracker import RT
from office.rules.history.tickets import System
from office.rules.history.zammad import ZAMMAD
from office.rules.history.zendesk import ZENDESK

SYSTEMS: Mapping[str, System] = {one.name: one for one in (ZAMMAD, ZENDESK, RT, DJANGO_HELPDESK)}
