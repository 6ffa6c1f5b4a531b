from django.urls import path

from entitlements.views import coverage

app_name = "entitlements"
urlpatterns = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("programme/", coverage.programme, name="programme"),
]
