"""Contracts and coverage in `/api/v1/`. Customers register licences; selling is the manager's."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Person
from entitlements import policies
from entitlements.actions.attempts import note_registration
from entitlements.actions.claims import register_own
from entitlements.actions.coverage import decide
from entitlements.errors import LicenceUnknown, ProjectUnknown
from entitlements.models import CoverageDecision, GoLiveProject, IncidentPack, Licence, Service
from entitlements.reads.availability import Way, Ways, ways_for
from entitlements.reads.explaining import explain, promised_clock
from entitlements.serializers import (
    CoverageQuestionSerializer,
    CoverageSerializer,
    IncidentPackSerializer,
    LicenceSerializer,
    NewLicenceSerializer,
)

# An offset whose plus sign a client forgot to escape: "2026-01-12T09:00 01:00".
_LOST_PLUS = re.compile(r"(T\d{2}:\d{2}\S*) (\d{2}:?\d{2})$")


class LicenceViewSet(viewsets.ReadOnlyModelViewSet[Licence]):
    """The licences that the token's person may see, with their subscriptions."""

    queryset = Licence.objects.none()
    serializer_class = LicenceSerializer
    filterset_fields = ("edition",)

    def get_queryset(self) -> QuerySet[Licence]:
        found = Licence.objects.visible_to(_person(self.request)).held()
        return found.for_list().prefetch_related("subscriptions")

    @extend_schema(request=NewLicenceSerializer, responses={201: LicenceSerializer})
    def create(self, request: Request) -> Response:
        """A customer registers a licence, once: the same key again is 409 `licence_registered`.

        It counts once it is confirmed (`state`), by the vendor's check or by people; until then
        nothing is promised on it, and what is reported on it is kept. A key that is somebody
        else's is answered as one that does not exist: it waits. What can be no key is 400.
        """
        person = _person(request)
        organisation = person.organisation
        if organisation is None or not policies.may_register_for(person, organisation):
            raise PermissionDenied("Licences of customers are registered in the admin.")
        asked = NewLicenceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        note_registration(organisation)
        made = register_own(organisation, at=timezone.now(), by=person, **asked.validated_data)
        return Response(LicenceSerializer(made).data, status=201)


class IncidentPackViewSet(viewsets.ReadOnlyModelViewSet[IncidentPack]):
    """The packs of Gold incidents, with what is `available` in each."""

    queryset = IncidentPack.objects.none()
    serializer_class = IncidentPackSerializer

    def get_queryset(self) -> QuerySet[IncidentPack]:
        found = IncidentPack.objects.visible_to(_person(self.request))
        return found.for_list().select_related("licence")


class CoverageView(APIView):
    """Which level would serve a report, until when, and why each other one does not."""

    @extend_schema(parameters=[CoverageQuestionSerializer], responses=CoverageSerializer)
    def get(self, request: Request) -> Response:
        """Decides as filing does (R1 to R3), stores nothing and spends nothing."""
        asked = _asked(request)
        licence = _licence(_person(request), asked["licence"])
        project = _project(_person(request), licence, asked.get("project"))
        at = asked.get("at") or timezone.now()
        decision = decide(
            organisation=licence.organisation,
            licence=licence,
            project=project,
            service=asked["service"],
            channel=asked["channel"],
            use_gold=asked["use_gold"],
            at=at,
            call_logged=True,  # what if an engineer did
            save=False,
        )
        ways = ways_for(licence, project, at=at)
        return Response(CoverageSerializer(_answer(decision, licence, ways)).data)


def _person(request: Request) -> Person:
    assert isinstance(request.user, Person)  # IsAuthenticated let nobody else through
    return request.user


def _asked(request: Request) -> dict[str, Any]:
    """The checked query; 400 that names what is wrong."""
    query = request.query_params.dict()
    query["at"] = _LOST_PLUS.sub(r"\1+\2", query.get("at", ""))
    if not query["at"]:
        del query["at"]
    elif not re.search(r"(Z|[+-]\d{2}:?\d{2})$", query["at"], re.IGNORECASE):
        raise ValidationError({"at": ["Give an offset, as 2026-01-12T09:00:00+01:00."]})
    asked = CoverageQuestionSerializer(data=query)
    asked.is_valid(raise_exception=True)
    known = list(Service.objects.values_list("key", flat=True))
    if asked.validated_data["service"] not in known:
        raise ValidationError({"service": [f"Unknown. Choose one of: {', '.join(known)}."]})
    return dict(asked.validated_data)


def _licence(person: Person, given: str) -> Licence:
    """By key, or by id. The same answer for one that is missing and for a stranger's."""
    match = Q(key__iexact=given)
    if given.isascii() and given.isdigit() and len(given) < 19:
        match |= Q(pk=int(given))
    visible = Licence.objects.visible_to(person).held().select_related("organisation")
    found = sorted(visible.filter(match), key=lambda one: (not one.counts, one.pk))
    if not found:
        raise LicenceUnknown()
    return found[0]  # for staff the one that counts, where several claim the key


def _project(person: Person, licence: Licence, given: int | None) -> GoLiveProject | None:
    """A project of the licence's organisation. A stranger's is answered like a missing one."""
    if given is None:
        return None
    theirs = GoLiveProject.objects.visible_to(person).filter(organisation=licence.organisation_id)
    found = theirs.filter(pk=given).first()
    if found is None:
        raise ProjectUnknown()
    return found


def _answer(decision: CoverageDecision, licence: Licence, ways: Ways) -> dict[str, Any]:
    level, clock = decision.level, promised_clock(decision)
    return {
        "licence": licence.key,
        "project": decision.project_id,
        "service": decision.service,
        "channel": decision.channel,
        "at": decision.at,
        "covered": level is not None,
        "level": level.level if level else None,
        "level_version": level.version if level else None,
        "promise": explain(decision).headline if level else None,
        "response_seconds": int(level.response_time.total_seconds()) if level else None,
        "due_at": clock.due_at if clock else None,
        "due_lines": clock.lines if clock else [],
        "covered_until_at": decision.covered_until_at,
        "pack": decision.pack_id,
        "reasons": decision.considered,
        "remedies": decision.remedies,
        "availability": {
            "telephone": _way(ways.telephone, settings.VENDOR["phone"]),
            "callback": _way(ways.callback),
            "onsite": _way(ways.onsite),
        },
    }


def _way(way: Way, number: str | None = None) -> dict[str, Any]:
    """`number` is notified only to whom telephone is included."""
    return {
        "on": way.is_on,
        "reason": way.reason,
        "until_on": way.until_on,
        "number": number if way.is_on else None,
    }


ROUTES = [
    ("licences", LicenceViewSet, "licence"),
    ("incident-packs", IncidentPackViewSet, "incident-pack"),
]
PATHS = [path("coverage/", CoverageView.as_view(), name="coverage")]
