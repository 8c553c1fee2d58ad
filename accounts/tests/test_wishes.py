"""A member's language, time zone and theme rule their pages, and nobody else's."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from accounts.middleware import as_member_likes
from accounts.models import User


def says(request):
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


urlpatterns = [path("says/", says)]

pytestmark = pytest.mark.urls(__name__)


def wish(member, **values):
    User.objects.filter(pk=member.pk).update(**values)


def test_a_members_wishes_rule_their_page(as_member, alice):
    wish(alice, language="ko", time_zone="Asia/Seoul")
    page = as_member(alice).get("/says/", headers={"accept-language": "en"})
    assert page.text == "ko Asia/Seoul"
    assert page["Content-Language"] == "ko"


def test_they_end_with_the_request(as_member, client, alice):
    wish(alice, language="ko", time_zone="Asia/Seoul")
    with translation.override("en"):  # whatever the request of another test has left behind
        as_member(alice).get("/says/")
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("en", "UTC")
    assert client.get("/says/").text == "en UTC"


def test_without_wishes_the_browser_and_the_site_decide(as_member, alice):
    page = as_member(alice).get("/says/", headers={"accept-language": "ko"})
    assert page.text == "ko UTC"
    assert page["Content-Language"] == "ko"


def test_a_visitors_browser_decides(client, db):
    assert client.get("/says/", headers={"accept-language": "ko"}).text == "ko UTC"


@pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "../../etc/passwd", "Asia", "/", "x" * 64, "asia/seoul"])
@pytest.mark.parametrize("language", ["xx", "kok-", "", "EN"])
def test_what_is_not_known_here_is_no_wish(as_member, alice, zone, language):
    wish(alice, language=language, time_zone=zone)
    assert as_member(alice).get("/says/").text == "en UTC"


def test_nobody_is_looked_up_for_a_request_without_a_session_cookie(rf):
    def fail():
        raise AssertionError("looked up")

    request = rf.get("/says/")
    request.user = SimpleLazyObject(fail)
    assert as_member_likes(says)(request).status_code == 200


def test_a_visitor_costs_no_query(client, db):
    with CaptureQueriesContext(connection) as asked:
        client.get("/says/")
    assert len(asked) == 0


@pytest.mark.urls("soundtrack_site.urls")
@pytest.mark.parametrize(
    ("theme", "said"), [("system", "<html lang="), ("light", 'data-theme="light"'), ("dark", 'data-theme="dark"')]
)
def test_the_theme_stands_on_the_root(as_member, client, alice, theme, said):
    wish(alice, theme=theme)
    page = as_member(alice).get("/series/")
    assert said in page.text
    assert page.text.count("data-theme") == (theme != "system")
    assert "data-theme" not in client.get("/series/").text
