"""What a beta member said: it becomes a known defect, an incident of TS2, or is answered (BT4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.form_pages import submitted
from core.reading import one_or_404
from resources import policies
from resources.actions.beta.feedback import answer_feedback, make_defect
from resources.models import BetaFeedback
from tickets.actions.beta_feedback import make_incident
from tickets.forms.beta import DecideForm

SECTION = "Beta programmes"


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: SignedInRequest, pk: int) -> HttpResponse:
    """One with what may become of it."""
    if not policies.may_see_defects(request.user):
        raise Http404
    rows = BetaFeedback.objects.visible_to(request.user).for_list()
    found = one_or_404(rows.select_related("licence", "decided_by"), pk=pk)
    form = DecideForm(request.POST or None, initial={"title": found.subject})

    def decide() -> HttpResponse:
        messages.success(request, _decided(request, found, form.cleaned_data))
        return redirect("admin:beta", found.programme_id)

    done, status = submitted(request, form, decide)
    if done is not None:
        return done
    context = {
        "said": found,
        "form": form,
        "may_decide": found.decided_at is None and policies.may_judge_feedback(request.user),
        "section": SECTION,
    }
    return render(request, "staff/beta_said.html", context, status=status)


def _decided(request: SignedInRequest, found: BetaFeedback, said: dict[str, str]) -> str:
    by, at = request.user, timezone.now()
    if said["do"] == "incident":
        incident = make_incident(found, by=by, at=at)
        return f"It is incident {incident.number} now."
    if said["do"] == "defect":
        words = {"title": said["title"], "answer": said["answer"]}
        defect = make_defect(found, number=said["number"], **words, by=by, at=at)
        return f"It is {defect.number}. The member hears when a build fixes it."
    answer_feedback(found, answer=said["answer"], by=by, at=at)
    return "The member reads your answer."
