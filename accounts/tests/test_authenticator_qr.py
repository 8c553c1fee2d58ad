"""The secret of an authenticator app as a picture."""

QR = "/accounts/2fa/totp/qr.svg"


def test_it_shows_what_is_being_set_up_and_is_kept_by_nobody(alices_browser):
    assert f'src="{QR}"' in alices_browser.get("/accounts/2fa/totp/activate/").content.decode()
    response = alices_browser.get(QR)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "private, no-store"
    assert b"<svg" in response.content


def test_it_needs_a_login(client, db):
    assert client.get(QR)["Location"].startswith("/accounts/login/")


def test_nothing_being_set_up_is_404(as_member, alice):
    assert as_member(alice).get(QR).status_code == 404


def test_wrong_method(as_member, alice):
    assert as_member(alice).post(QR).status_code == 405
