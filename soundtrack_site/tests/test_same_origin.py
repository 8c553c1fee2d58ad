"""Small forms without a token: from our own pages they pass, from anywhere else we ask once more."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from soundtrack_site.same_origin import same_origin_or_asks
from soundtrack_site.urls import handler404, urlpatterns

FORM = {"seen_through": "2", "tag": ["a", '<b>"']}
ORIGIN = "http://testserver"


@same_origin_or_asks
def small_form(request, number):
    return HttpResponse(f"{request.method} {number} {request.POST.getlist('tag')}")


class _Urls:
    urlpatterns = [path("small/<int:number>/", small_form), *urlpatterns]
    handler404 = handler404


@pytest.fixture
def strict(db, settings):
    settings.ROOT_URLCONF = _Urls
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def behind_any_method(strict, settings):
    """The decorator by itself, where the site would have refused the method before."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith(".known_methods")]
    return Client(enforce_csrf_checks=True)


def post(client, form=FORM, **headers):
    return client.post("/small/7/?next=/x/", form, headers=headers)


def token_in(response):
    (token,) = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', response.content.decode())
    return token


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": ORIGIN},
    ],
)
def test_from_our_own_page_it_passes_and_sets_no_cookie(strict, headers):
    response = post(strict, **headers)
    assert response.status_code == 200
    assert response.content.startswith(b"POST 7")
    assert not response.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
        {"Sec-Fetch-Site": "same-site", "Origin": ORIGIN},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://testserver"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver.evil.example"},
        {"Referer": "http://testserver/"},
    ],
)
def test_from_anywhere_else_it_asks_again_with_the_fields_as_they_were(strict, headers):
    response = post(strict, **headers)
    page = response.content.decode()
    assert response.status_code == 403
    assert "Was that you?" in page
    assert 'action="/small/7/?next=/x/"' in page
    assert '<input type="hidden" name="seen_through" value="2">' in page
    assert '<input type="hidden" name="tag" value="a">' in page
    assert '<input type="hidden" name="tag" value="&lt;b&gt;&quot;">' in page
    assert page.count("csrfmiddlewaretoken") == 1


def test_the_second_press_passes_by_its_token(strict):
    response = post(strict, {**FORM, "csrfmiddlewaretoken": token_in(post(strict))})
    assert response.status_code == 200
    assert "a" in response.content.decode()


def test_a_token_does_not_help_across_sites(strict):
    form = {**FORM, "csrfmiddlewaretoken": token_in(post(strict))}
    assert post(strict, form, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_wrong_token_asks_again_and_is_not_repeated(strict):
    post(strict)
    response = post(strict, {**FORM, "csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
    assert "x" * 64 not in response.content.decode()


def test_members_are_asked_as_well(strict, alice):
    strict.force_login(alice, backend="accounts.backends.MemberBackend")
    assert post(strict).status_code == 403
    assert post(strict, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_is_never_asked_about(strict, method):
    response = getattr(strict, method)("/small/7/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert not response.cookies


def test_asking_for_options_is_no_change_either(behind_any_method):
    response = behind_any_method.options("/small/7/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_that_change_things_are_asked_about(behind_any_method, method):
    assert getattr(behind_any_method, method)("/small/7/").status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}])
@pytest.mark.parametrize("method", ["options", "put", "patch", "delete"])
def test_the_site_asks_nobody_about_a_method_that_it_does_not_know(strict, method, headers):
    response = getattr(strict, method)("/small/7/", headers=headers)
    assert response.status_code == 405
    assert "Was that you?" not in response.text
    assert not response.cookies
