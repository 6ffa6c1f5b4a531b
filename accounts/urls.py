from django.urls import path

from accounts.views import address, people, sessions, tokens

app_name = "accounts"
urlpatterns = [
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/addresses/<int:pk>/<slug:name>/", people.mend_address, name="mend_address"),
    path("people/gold-default/", people.gold_default, name="gold_default"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("people/<int:pk>/role/", people.change_role, name="role"),
    path("people/shares/", people.shares, name="shares"),
    path("people/<int:pk>/reach/", people.change_reach, name="reach"),
    path("people/<int:pk>/factor/", people.reset_factor, name="reset_factor"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("profile/", people.profile, name="profile"),
    # In place of allauth's own pages of addresses, which know nothing of ours.
    path("accounts/email/", address.elsewhere),
    path("accounts/confirm-email/", address.elsewhere),
    path("accounts/confirm-email/<path:key>/", address.elsewhere),
    path("profile/address/", address.ask, name="address"),
    path("profile/address/<str:token>/", address.take, name="address_take"),
    path("profile/sessions/", sessions.session_list, name="sessions"),
    path("profile/sessions/end/", sessions.end_everywhere, name="sessions_end"),
    path("profile/sessions/<int:pk>/end/", sessions.end, name="session_end"),
    path("profile/tokens/", tokens.token_list, name="tokens"),
    path("profile/tokens/new/", tokens.make, name="token_new"),
    path("profile/tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("profile/told/", people.told, name="told"),
    path("invitations/<str:token>/", people.accept, name="accept"),
]
