from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("people/", views.people_list, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/addresses/<int:pk>/<slug:name>/", views.mend_address, name="mend_address"),
    path("people/gold-default/", views.gold_default, name="gold_default"),
    path("people/invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<int:pk>/role/", views.change_role, name="role"),
    path("people/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("profile/", views.profile, name="profile"),
    path("profile/told/", views.told, name="told"),
    path("invitations/<str:token>/", views.accept, name="accept"),
]
