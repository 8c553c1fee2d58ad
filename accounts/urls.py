from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("members/<str:username>/", views.member, name="member"),
    path("settings/", views.settings, name="settings"),
    path("settings/avatar/", views.edit_avatar, name="edit_avatar"),
    path("settings/avatar/delete/", views.delete_avatar, name="delete_avatar"),
    path("preferences/", views.set_preferences, name="set_preferences"),
    path("privacy/", views.privacy, name="privacy"),
    path("accounts/2fa/totp/qr.svg", views.authenticator_qr, name="authenticator_qr"),
]
