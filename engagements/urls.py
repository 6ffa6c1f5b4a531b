from django.urls import path

from engagements.views import engagements

app_name = "engagements"
urlpatterns = [
    path("engagements/", engagements.engagement_list, name="list"),
    path("engagements/new/<slug:kind>/", engagements.engagement_new, name="new"),
    path("engagements/files/<int:pk>/", engagements.message_file, name="file"),
    path("engagements/documents/<int:pk>/", engagements.document, name="document"),
    path("engagements/<slug:number>/", engagements.engagement_detail, name="detail"),
    path("engagements/<slug:number>/calendar.ics", engagements.engagement_calendar, name="ics"),
    path("engagements/<slug:number>/<slug:name>/", engagements.engagement_action, name="action"),
]
