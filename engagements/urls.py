from django.urls import path

from engagements.views import engagements, golive, training, verify

app_name = "engagements"
urlpatterns = [
    path("engagements/", engagements.engagement_list, name="list"),
    path("engagements/new/<slug:kind>/", engagements.engagement_new, name="new"),
    path("engagements/files/<int:pk>/", engagements.message_file, name="file"),
    path("engagements/evidence/<int:pk>/", engagements.evidence, name="evidence"),
    path("engagements/documents/<int:pk>/", engagements.document, name="document"),
    path("engagements/<slug:number>/", engagements.engagement_detail, name="detail"),
    path("engagements/<slug:number>/calendar.ics", engagements.engagement_calendar, name="ics"),
    *golive.ADDRESSES,
    path("engagements/<slug:number>/<slug:name>/", engagements.engagement_action, name="action"),
    path("training/", training.trainings, name="trainings"),
    path("training/verify/", verify.verify, name="training_verify"),
    path("training/verify/<str:number>/", verify.certificate_of, name="training_certificate_of"),
    path("training/courses/<slug:course>/", training.course, name="training_course"),
    path("training/sessions/<int:pk>/", training.session, name="training_session"),
    path(
        "training/sessions/<int:pk>/calendar.ics",
        training.session_calendar,
        name="training_calendar",
    ),
    path(
        "training/registrations/<int:pk>/withdraw/",
        training.registration_withdraw,
        name="training_withdraw",
    ),
    path(
        "training/registrations/<int:pk>/feedback/",
        training.registration_feedback,
        name="training_feedback",
    ),
    path(
        "training/certificates/<int:pk>.pdf", training.certificate_pdf, name="training_certificate"
    ),
    path("training/material/<slug:token>/", training.training_material, name="training_material"),
]
