"""The one small question of an open page: what is new since it was made, where does it listen?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import Person
from core.events.passes import PREFIX, Passes
from core.reading import one_or_404
from notices.bell.ringing import unread_of
from tickets.models import Incident
from tickets.reads.live import page_version, pass_of


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """For `?incident=` and `?list=1`: the page's version now, and an address to listen at.

    Asked when a page opens, when its pass ends, and each minute where events do not come. A few
    statements, none of which reads what the page shows. 401 for whoever was signed out meanwhile:
    what they typed stays on their screen.
    """
    person = request.user
    if not isinstance(person, Person):
        return JsonResponse({"code": "signed_out"}, status=401)
    incident, number = None, request.GET.get("incident", "").replace("\0", "")
    if number:
        found = Incident.objects.visible_to(person)
        incident = one_or_404(
            found.only("number", "organisation_id", "state", "tier", "defect_id"), number=number
        )
    granted = pass_of(person, incident=incident, lists="list" in request.GET)
    signed = Passes(settings.SECRET_KEY).sign(granted)
    said: dict[str, str | int] = {
        "events": f"{PREFIX}?{urlencode({'pass': signed})}",
        "version": page_version(incident, person) if incident else "",
    }
    if person.is_staff:
        said |= {"unread": unread_of(person)}
    return JsonResponse(said, headers={"Cache-Control": "no-store"})
