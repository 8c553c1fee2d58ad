from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("accounts/2fa/totp/qr.svg", views.authenticator_qr, name="authenticator_qr"),
]
