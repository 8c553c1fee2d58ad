"""A page is read, or sent a form: nothing else is done with any, a library's neither."""

import pytest

METHODS = ("OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "BREW")
PAGES = ("/", "/guidelines/", "/accounts/login/", "/accounts/email/", "/accounts/sessions/", "/admin/", "/nowhere/")


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_are_refused_before_anybody_is_looked_up(
    as_member, admin_user, django_assert_num_queries, method
):
    browser = as_member(admin_user)
    with django_assert_num_queries(0):
        for path in PAGES:
            answer = browser.generic(method, path, b"email=x", "application/x-www-form-urlencoded")
            assert answer.status_code == 405
            assert answer["Allow"] == "GET, HEAD, POST"


def test_it_says_who_may_keep_the_refusal(client):
    assert client.put("/")["Cache-Control"] == "private, no-cache"
