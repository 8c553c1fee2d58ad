"""The addresses of an account."""

import pytest
from allauth.account.models import EmailAddress

EMAIL = "/accounts/email/"


def test_it_needs_a_login(client, db):
    assert client.get(EMAIL)["Location"] == f"/accounts/login/?next={EMAIL}"


def test_an_address_is_added_made_the_main_one_and_the_old_one_removed(alices_browser, alice):
    alices_browser.get(EMAIL)
    alices_browser.post(EMAIL, {"action_add": "", "email": "New@Example.com"})
    alices_browser.post(EMAIL, {"action_primary": "", "email": "new@example.com"})
    alices_browser.post(EMAIL, {"action_remove": "", "email": "alice@example.com"})
    alice.refresh_from_db()
    assert alice.email == "new@example.com"
    assert [address.email for address in EmailAddress.objects.filter(user=alice)] == ["new@example.com"]


@pytest.mark.parametrize("address", ["bob@example.com", "BOB@example.com", "bobs-other@example.com"])
def test_anothers_address_is_refused_before_it_can_collide(alices_browser, alice, bob, address):
    EmailAddress.objects.create(user=bob, email="bobs-other@example.com")
    page = alices_browser.post(EMAIL, {"action_add": "", "email": address}).content.decode()
    assert "already registered" in page
    assert "<title>Error: E-mail" in page
    assert not EmailAddress.objects.filter(user=alice, email=address.lower()).exists()


@pytest.mark.parametrize("address", ["", "nowhere", "a\0b@example.com", "x" * 10_000, "x@" + "ü" * 62 + ".example"])
@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_send", "action_remove", "action_unknown"])
def test_bad_input_changes_nothing_and_is_no_error(alices_browser, alice, action, address):
    response = alices_browser.post(EMAIL, {action: "", "email": address})
    assert response.status_code in (302, 422)
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_the_page_says_where_mails_are(alices_browser):
    assert "This site has no mail server" in alices_browser.get(EMAIL).content.decode()


def test_an_only_address_is_offered_no_act_that_would_do_nothing(alices_browser):
    page = alices_browser.get(EMAIL).content.decode()
    assert 'name="action_send"' in page
    assert 'name="action_primary"' not in page
    assert 'name="action_remove"' not in page
    assert "Your only address" in page


def test_each_address_is_offered_what_would_change_it(alices_browser, alice):
    EmailAddress.objects.create(user=alice, email="other@example.com", verified=True)
    page = alices_browser.get(EMAIL).content.decode()
    assert "Make other@example.com the main one" in page
    assert "Remove other@example.com" in page
    assert "confirmation to other@example.com" not in page
    assert "Make alice@example.com" not in page
    assert "Remove alice@example.com" not in page


@pytest.mark.parametrize("others", [[], ["other@example.com"]])
def test_the_main_address_stays_and_the_page_says_why(alices_browser, alice, others):
    alices_browser.get(EMAIL)
    for other in others:
        EmailAddress.objects.create(user=alice, email=other)
    remove = {"action_remove": "", "email": "alice@example.com"}
    page = alices_browser.post(EMAIL, remove, follow=True).content.decode()
    assert "alice@example.com stays: without a main address nobody could send you a new password." in page
    assert EmailAddress.objects.filter(user=alice, email="alice@example.com").exists()
