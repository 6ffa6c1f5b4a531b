from django.urls import path

from telephone import views

app_name = "telephone"
urlpatterns = [
    path("call-backs/", views.call_back_list, name="call_backs"),
    path("call-backs/number/", views.number_check, name="number_check"),
    path("call-backs/<int:pk>/withdraw/", views.call_back_withdraw, name="call_back_withdraw"),
]
