from django.urls import path

from tickets.views import (
    answers_beside,
    attachments,
    drafts,
    gold_links,
    lists,
    live,
    participants,
    portal,
    ratings,
    search,
)

app_name = "tickets"
urlpatterns = [
    path("", portal.overview, name="overview"),
    path("search/", search.search, name="search"),
    path("incidents/", lists.incident_list, name="list"),
    path("incidents/export.<slug:kind>", lists.incident_export, name="export"),
    path("incidents/new/", portal.incident_new, name="new"),
    path("incidents/new/answers/", answers_beside.answers_beside, name="answers_beside"),
    path("incidents/new/answered/", answers_beside.answered, name="answered"),
    path("incidents/new/gold/", portal.incident_gold, name="gold_choice"),
    path("incidents/new/draft/", drafts.report_draft, name="report_draft"),
    path("incidents/<slug:number>/draft/", drafts.message_draft, name="message_draft"),
    path("incidents/<slug:number>/", portal.incident_detail, name="detail"),
    path("incidents/<slug:number>/close/", portal.incident_close, name="close"),
    path("incidents/<slug:number>/reopen/", portal.incident_reopen, name="reopen"),
    path(
        "incidents/<slug:number>/next-level/",
        portal.incident_ask_escalation,
        name="ask_escalation",
    ),
    path("incidents/<slug:number>/gold/", portal.incident_elect, name="elect_gold"),
    path("incidents/<slug:number>/join/", participants.join, name="join"),
    path("incidents/<slug:number>/leave/", participants.leave, name="leave"),
    path("incidents/<slug:number>/private/", participants.privacy, name="privacy"),
    path("incidents/<slug:number>/rate/", portal.incident_rate, name="rate_own"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("attachments/<int:pk>/view/", attachments.attachment_page, name="attachment_page"),
    path("live/", live.live, name="live"),
    path("rate/<str:token>/", ratings.rate, name="rate"),
    path("gold/<str:token>/", gold_links.choose, name="gold_link"),
]
