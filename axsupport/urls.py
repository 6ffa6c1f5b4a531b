from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from axsupport import api
from core.observe import FROM_ROWS, alive, health, metrics, ready
from mailroom.doors import webhooks
from mailroom.reads.mailboxes import MailboxFigures
from tickets.reads.watchdog import Figures

FROM_ROWS.register(Figures())
FROM_ROWS.register(MailboxFigures())

handler500 = "core.outage.server_error"

urlpatterns = [
    path("livez", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("healthz", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("anymail/", include((webhooks.urlpatterns(), "anymail"))),
    path("api/v1/", include((api.urlpatterns, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("entitlements.urls")),
    path("", include("resources.urls")),
    path("", include("reports.urls")),
    path("", include("tickets.urls")),
    path("", include("telephone.urls")),
    path("", include("engagements.urls")),
    path("", include("mailroom.urls")),
    path("", include("office.urls")),
]
