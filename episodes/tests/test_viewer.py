import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from conftest import seen, viewer_of
from episodes import viewer as viewer_module
from episodes.models import Progress, Series
from episodes.viewer import (
    COOKIE,
    COOKIE_AGE,
    COOKIE_SALT,
    MOST_EPISODES,
    MOST_SERIES,
    STEP_AGE,
    Point,
    Step,
    Viewer,
    drop_cookie,
    drop_step,
    read_cookie,
    read_revealed,
    write_cookie,
    write_step,
)


def request_with(cookie=None, path="/", method="get"):
    request = getattr(RequestFactory(), method)(path)
    if cookie is not None:
        request.COOKIES[COOKIE] = cookie
    request.user = AnonymousUser()
    return request


def signed(held, salt=COOKIE_SALT):
    return signing.dumps(held, salt=salt)


def written(points):
    response = HttpResponse()
    write_cookie(response, {key: Point.of(held) for key, held in points.items()})
    return response.cookies[COOKIE]


def both(points):
    """Each as it is for who never went back."""
    return {key: (seen, seen) for key, seen in points.items()}


def test_a_visitors_points_come_back_from_the_cookie():
    points = {3: 0, 1: 4, 12: 16}
    assert read_cookie(request_with(written(points).value)) == both(points)


def test_how_far_a_visitor_was_comes_back_too():
    points = {3: (1, 4), 1: (2, 2), 12: (0, 16)}
    assert read_cookie(request_with(written(points).value)) == points


def test_a_cookie_of_plain_numbers_still_reads():
    assert read_cookie(request_with(signed({"3": 0, "1": 4}))) == {3: (0, 0), 1: (4, 4)}


def test_nobody_was_less_far_than_they_are():
    assert read_cookie(request_with(signed({"3": [4, 1]}))) == {3: (4, 4)}


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites():
    cookie = written({1: 2})
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == COOKIE_AGE
    assert cookie["path"] == "/"


@pytest.fixture(params=[False, True])
def is_https(request, monkeypatch, settings):
    settings.IS_HTTPS = request.param
    if request.param:
        monkeypatch.setattr(viewer_module, "STEP_COOKIE", "__Host-step")
    return request.param


def test_the_cookie_of_a_step_is_out_of_reach_too(is_https):
    response = HttpResponse()
    write_step(response, Step(1, 0, None, Point(4, 4), 0, 0))
    (cookie,) = response.cookies.values()
    assert cookie.key == ("__Host-step" if is_https else "step")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is is_https
    assert cookie["max-age"] == STEP_AGE == 600
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_dropping_a_step_ends_the_same_cookie(is_https):
    """A browser drops a `__Host-` cookie only by one that could have set it."""
    response = HttpResponse()
    drop_step(response)
    (cookie,) = response.cookies.values()
    assert cookie.key == ("__Host-step" if is_https else "step")
    assert (cookie.value, cookie["max-age"], cookie["path"], cookie["samesite"]) == ("", 0, "/", "Lax")
    assert bool(cookie["secure"]) is is_https


def test_only_the_newest_fifty_series_are_kept():
    points = read_cookie(request_with(written(dict.fromkeys(range(1, 200), 1)).value))
    assert list(points) == list(range(150, 200))
    assert len(points) == MOST_SERIES


def test_a_full_cookie_fits_into_what_browsers_keep():
    worst = {10**9 + key: (MOST_EPISODES - 1, MOST_EPISODES) for key in range(MOST_SERIES)}
    assert len(written(worst).OutputString()) < 4000


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "1:2",
        "nonsense",
        ":::",
        "\x00",
        "é:é:é",
        "." * 5000,
        signed({"1": 2})[:-1],
        signed({"1": 2}).replace(":", ".", 1),
        "x" + signed({"1": 2}),
        signed({"1": 2}, salt="another"),
        signed([1, 2]),
        signed("words"),
        signed(None),
        signed(7),
        signed({"one": 2}),
        signed({"1": "two"}),
        signed({"1": None}),
        signed({"1": [2]}),
        signed({"1": [2, 3, 4]}),
        signed({"1": [[2], 3]}),
        signed({"1": ["two", 3]}),
        signed({"1": [2, None]}),
        signed({"1": {"seen_through": 2}}),
        signed({"1": float("inf")}),
        signed({"1": float("nan")}),
        signed({"9" * 5000: 2}),
    ],
    ids=map(str, range(27)),  # signatures carry the time: as names they would differ between processes
)
def test_a_cookie_that_is_not_ours_is_as_if_it_were_not_there(cookie):
    assert read_cookie(request_with(cookie)) == {}


def test_absurd_points_are_left_out_and_the_others_kept():
    held = {"1": 2, "0": 1, "-3": 1, "2": -1, "3": MOST_EPISODES + 1, "4": 10**30, str(10**30): 1}
    pairs = {"5": [1, MOST_EPISODES + 1], "6": [-1, 3], "7": [1, -3], "8": [1, 10**30]}
    assert read_cookie(request_with(signed({**held, **pairs}))) == {1: (2, 2), 7: (1, 1)}


def test_a_cookie_ends_after_four_hundred_days():
    cookie = signed({"1": 2})
    with time_machine.travel(timezone.now() + timedelta(seconds=COOKIE_AGE - 60)):
        assert read_cookie(request_with(cookie)) == {1: (2, 2)}
    with time_machine.travel(timezone.now() + timedelta(seconds=COOKIE_AGE + 60)):
        assert read_cookie(request_with(cookie)) == {}


@given(cookie=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_no_cookie_breaks_a_page(cookie):
    assert read_cookie(request_with(cookie)) == {}


PLAIN = st.none() | st.booleans() | st.integers() | st.integers(-2, 20) | st.floats() | st.text()


@given(
    held=st.recursive(PLAIN, st.lists)
    | st.dictionaries(st.text() | st.integers().map(str), PLAIN | st.lists(PLAIN) | st.tuples(PLAIN, PLAIN))
    | st.dictionaries(st.integers(1, 9).map(str), st.integers(-2, 20) | st.tuples(st.integers(), st.integers(-2, 20)))
)
def test_whatever_was_signed_is_read_as_sane_points(held):
    for key, point in read_cookie(request_with(signed(json.loads(json.dumps(held))))).items():
        assert 0 < key < 2**63
        assert 0 <= point.seen_through <= point.furthest <= MOST_EPISODES


def test_forgetting_ends_the_cookie():
    response = HttpResponse()
    drop_cookie(response)
    assert response.cookies[COOKIE]["max-age"] == 0


@pytest.mark.parametrize(
    ("asked", "revealed"),
    [
        ("", set()),
        ("reveal=review-12", {("review", 12)}),
        ("reveal=comment-3&reveal=ending-1", {("ending", 1)}),
        ("reveal=comment-3&reveal=all", set()),
        ("reveal=review-012", set()),
        ("reveal=review-%EF%BC%93", set()),
        ("reveal=review-12x", set()),
        ("reveal=xreview-12", set()),
        ("reveal=review-", set()),
        ("reveal=review--1", set()),
        ("reveal=review-12%0A", set()),
        ("reveal=review-12,review-13", set()),
        ("reveal=user-1", set()),
        ("reveal=all", set()),
        ("reveal=review-" + "9" * 18, {("review", int("9" * 18))}),
        ("reveal=review-" + "9" * 19, set()),
    ],
)
def test_a_reveal_names_one_text(asked, revealed):
    assert read_revealed(request_with(path=f"/?{asked}")) == revealed


def test_moderators_open_ten_texts_side_by_side_and_no_more():
    asked = "&".join(f"reveal=review-{key}" for key in range(1, 31))
    request = request_with(path=f"/admin/?{asked}")
    request.resolver_match = resolve("/admin/")
    assert read_revealed(request) == {("review", key) for key in range(21, 31)}


@pytest.mark.parametrize(("site", "opens"), [("cross-site", False), ("same-origin", True), ("none", True)])
def test_a_link_on_another_site_reveals_nothing(site, opens):
    request = request_with(path="/?reveal=review-1")
    request.META["HTTP_SEC_FETCH_SITE"] = site
    assert bool(read_revealed(request)) == opens


def test_only_reading_reveals():
    assert read_revealed(request_with(path="/?reveal=review-1", method="head"))
    assert not read_revealed(request_with(path="/?reveal=review-1", method="post"))


def test_a_viewer_is_made_of_the_request():
    viewer = Viewer.of(request_with(signed({"1": 2}), "/?reveal=review-12"))
    assert viewer.cookie == {1: (2, 2)}
    assert viewer.revealed("review") == [12]
    assert viewer.revealed("comment") == []
    assert (viewer.member, viewer.member_id) == (None, None)


@pytest.mark.parametrize(
    ("cookie", "answer", "point"), [({}, None, 0), ({7: 0}, 0, 0), ({7: 3}, 3, 3), ({8: 3}, None, 0)]
)
def test_a_visitors_point_costs_no_query(cookie, answer, point):
    viewer, series = viewer_of(cookie=cookie), Series(pk=7)
    assert viewer.seen_through(series) == answer
    assert viewer.point(series) == point
    assert viewer.furthest(series) == point


def test_a_members_point_costs_one_query(alice, series, django_assert_num_queries):
    seen(alice, series, 3)
    seen(alice, series, 1)
    viewer = viewer_of(alice, cookie={series.pk: 4})
    with django_assert_num_queries(1):
        assert viewer.seen_through(series) == 1
        assert viewer.furthest(series) == 3
        assert viewer.point(series) == 1


def test_a_member_who_was_never_asked_has_not_started(alice, series, django_assert_num_queries):
    viewer = viewer_of(alice, cookie={series.pk: 4})
    with django_assert_num_queries(1):
        assert viewer.seen_through(series) is None
        assert viewer.point(series) == 0
        assert viewer.furthest(series) == 0


def test_an_episode_is_seen_up_to_the_point(series):
    viewer = viewer_of(cookie={series.pk: 2})
    episodes = series.episodes.select_related("series")
    assert [viewer.has_seen(episode) for episode in episodes] == [True, True, False, False]


def test_a_visitors_answer_goes_into_the_cookie(series):
    viewer, response = viewer_of(cookie={series.pk: 1, 99: 5}), HttpResponse()
    viewer.record(response, series, 3)
    assert viewer.seen_through(series) == 3
    assert list(read_cookie(request_with(response.cookies[COOKIE].value)).items()) == [
        (99, (5, 5)),
        (series.pk, (3, 3)),
    ]
    assert not Progress.objects.exists()


def test_a_visitor_who_goes_back_was_further(series):
    viewer, response = viewer_of(cookie={series.pk: 4}), HttpResponse()
    viewer.record(response, series, 1)
    viewer.record(response, series, 2)
    assert (viewer.seen_through(series), viewer.point(series), viewer.furthest(series)) == (2, 2, 4)
    assert read_cookie(request_with(response.cookies[COOKIE].value)) == {series.pk: (2, 4)}


def test_a_visitor_who_starts_again_has_not_started(series):
    viewer = viewer_of(cookie={series.pk: Point(0, 4)})
    assert (viewer.seen_through(series), viewer.furthest(series)) == (0, 4)


def test_a_member_who_was_moved_is_looked_at_again(alice, series):
    viewer = viewer_of(alice)
    assert viewer.point(series) == 0
    seen(alice, series, 3)
    assert viewer.point(series) == 0
    viewer.forget(series)
    assert viewer.point(series) == 3


def test_a_members_answer_goes_into_their_row_and_not_into_the_cookie_of_visitors(alice, series):
    viewer, response = viewer_of(alice), HttpResponse()
    viewer.record(response, series, 3)
    assert viewer.seen_through(series) == 3
    assert Progress.objects.get(member=alice).seen_through == 3
    assert COOKIE not in response.cookies
