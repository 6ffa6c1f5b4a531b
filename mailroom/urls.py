from django.urls import path

from mailroom import views

app_name = "mailroom"
urlpatterns = [
    path("messages/<int:pk>/original/", views.original, name="original"),
    path("messages/<int:pk>/mail/", views.raw, name="message_mail"),
]
