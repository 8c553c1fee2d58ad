"""A form of allauth's or of the admin that is refused says so to the browser as well."""

import pytest

from conftest import PASSWORD


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_what_is_refused_is_422(client, db, path):
    assert client.get(path).status_code == 200
    answer = client.post(path, {})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert answer.text.index('class="error-summary"') < answer.text.index("<h1>")
    assert "autofocus" in answer.text.split('class="error-summary"')[1].split(">")[0]


def test_the_admin_says_so_too(admin_client):
    answer = admin_client.post("/admin/password_change/", {})
    assert answer.status_code == 422
    assert "errornote" in answer.text


def test_what_is_right_goes_on(client, alice):
    assert client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}).status_code == 302


def test_a_page_that_refuses_in_another_way_keeps_its_number(client, ned):
    assert client.post("/accounts/login/", {"login": "ned", "password": PASSWORD}).status_code == 403
