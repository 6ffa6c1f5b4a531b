from django.urls import path

from entitlements.views import coverage, what_if

app_name = "entitlements"
urlpatterns = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/what-if/", what_if.what_if, name="what_if"),
    path("programme/", coverage.programme, name="programme"),
]
