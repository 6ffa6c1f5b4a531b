from django.urls import path

from entitlements.views import coverage, licences, what_if

app_name = "entitlements"
urlpatterns = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/what-if/", what_if.what_if, name="what_if"),
    path("licences/new/", licences.licence_new, name="licence_new"),
    path("programme/", coverage.programme, name="programme"),
]
