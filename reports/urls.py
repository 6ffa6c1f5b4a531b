from django.urls import path

from reports.views import portal

app_name = "reports"
urlpatterns = [
    path("reports/", portal.report_list, name="list"),
    path("reports/<int:pk>/", portal.report_detail, name="detail"),
    path("reports/<int:pk>/pdf/", portal.report_pdf, name="pdf"),
]
