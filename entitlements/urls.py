from django.urls import path

from entitlements import views

app_name = "entitlements"
urlpatterns = [
    path("coverage/", views.coverage, name="coverage"),
    path("programme/", views.programme, name="programme"),
]
