from django.urls import path

from office.views import history

app_name = "office"
urlpatterns = [
    path("earlier/", history.old_incidents, name="old_incidents"),
    path("earlier/<int:pk>/", history.old_incident, name="old_incident"),
    path("earlier/files/<int:pk>/", history.old_file, name="old_file"),
]
