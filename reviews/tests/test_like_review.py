"""`/reviews/<id>/like/`: "I felt that", and not any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Sanction
from conftest import seen
from reviews.models import Like, Review
from reviews.recount import differences

FELT = "I felt that 공감"


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, body="the words")


def path(review):
    return f"/reviews/{review.pk}/like/"


def likes(review):
    return Review.objects.get(pk=review.pk).like_count


def test_it_is_felt_and_counted_and_leads_back_to_the_review(as_member, bob, review):
    answer = as_member(bob).post(path(review), {"liked": "true"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/reviews/{review.pk}/#review-{review.pk}"
    assert likes(review) == 1
    assert Like.objects.get().member == bob
    assert differences() == []


def test_it_is_felt_no_more(as_member, bob, review):
    browser = as_member(bob)
    browser.post(path(review), {"liked": "true"})
    browser.post(path(review), {"liked": "false"})
    assert likes(review) == 0
    assert not Like.objects.exists()


@pytest.mark.parametrize("liked", ["true", "false"])
def test_twice_is_once(as_member, bob, una, review, liked):
    as_member(una).post(path(review), {"liked": "true"})
    browser = as_member(bob)
    for _ in range(3):
        assert browser.post(path(review), {"liked": liked}).status_code == 302
    assert likes(review) == 1 + (liked == "true")
    assert differences() == []


def test_the_button_works_as_it_stands_on_the_page(as_member, bob, review):
    """Its value is the state that pressing it asks for, its address leads back to where it stood."""
    browser = as_member(bob)
    where = "/series/drama/episodes/2/reviews/"
    page = browser.get(where)
    back = f"{where}%23review-{review.pk}".replace("/", "%2F")
    assert f'form="act" formaction="{path(review)}?next={back}"' in page.text
    assert 'name="liked" value="true" aria-pressed="false"' in page.text
    answer = browser.post(f"{path(review)}?next={back}", {"liked": "true"})
    assert answer.headers["Location"] == f"{where}#review-{review.pk}"
    page = browser.get(where)
    assert 'name="liked" value="false" aria-pressed="true"' in page.text
    assert f'{FELT} <span class="felt__count number">1</span>' in page.text


def test_it_leads_back_to_the_page_of_a_list_with_all_that_was_asked(as_member, bob, review):
    browser = as_member(bob)
    where = f"/reviews/{review.pk}/?reveal=review-{review.pk}"
    page = browser.get(where)
    assert f"?next=%2Freviews%2F{review.pk}%2F%3Freveal%3Dreview-{review.pk}%23review-{review.pk}" in page.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00", ""])
def test_it_leads_nowhere_else(as_member, bob, review, elsewhere):
    answer = as_member(bob).post(f"{path(review)}?" + f"next={elsewhere}", {"liked": "true"})
    assert answer.headers["Location"] == f"/reviews/{review.pk}/#review-{review.pk}"


def test_a_visitor_is_led_to_log_in_and_back_to_the_spot(client, bob, review):
    Like.objects.feel(bob, review, wanted=True)
    page = client.get(f"/reviews/{review.pk}/")
    login = f"/accounts/login/?next=%2Freviews%2F{review.pk}%2F%23review-{review.pk}"
    assert (
        f'<a class="felt" href="{login}" rel="nofollow">{FELT} <span class="felt__count number">1</span>' in page.text
    )
    assert "/like/" not in page.text.split('id="main"')[1]


def test_a_strangers_press_changes_nothing(client, review):
    answer = client.post(path(review), {"liked": "true"})
    assert answer.status_code == 403
    assert "/accounts/login/?next=" in answer.text
    assert not Like.objects.exists()


def test_a_silenced_member_is_told_so(as_member, bob, mona, review):
    Sanction.objects.impose(bob, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    answer = as_member(bob).post(path(review), {"liked": "true"})
    assert answer.status_code == 403
    assert "Shouted." in answer.text
    assert not Like.objects.exists()


def test_ones_own_shows_the_count_alone_and_is_never_felt(as_member, alice, bob, review):
    browser = as_member(alice)
    assert FELT not in browser.get(f"/reviews/{review.pk}/").text
    Like.objects.feel(bob, review, wanted=True)
    page = browser.get(f"/reviews/{review.pk}/")
    assert f'<span class="felt">{FELT} <span class="felt__count number">1</span></span>' in page.text
    assert path(review) not in page.text
    answer = browser.post(path(review), {"liked": "true"}, follow=True)
    assert "It is yours" in answer.text
    assert likes(review) == 1


@pytest.mark.parametrize("data", [{}, {"liked": ""}, {"liked": "yes"}, {"liked": "1"}, {"liked": "\x00"}])
def test_a_press_that_does_not_say_which_is_refused(as_member, bob, review, data):
    answer = as_member(bob).post(path(review), data)
    assert answer.status_code == 400
    assert "Nothing was changed." in answer.text
    assert not Like.objects.exists()


def test_what_is_gone_cannot_be_felt(as_member, bob, mona, review):
    browser = as_member(bob)
    review.hide(mona, "Rude")
    assert browser.post(path(review), {"liked": "true"}).status_code == 404
    review.restore(mona, "Fine")
    review.retract()
    assert browser.post(path(review), {"liked": "true"}).status_code == 404
    for key in ("999999", "9" * 20):
        assert browser.post(f"/reviews/{key}/like/", {"liked": "true"}).status_code == 404
    assert not Like.objects.exists()


@pytest.mark.parametrize("published_at", [None, timezone.now() + timedelta(days=1)])
def test_nor_what_is_said_of_an_unpublished_series(as_member, bob, series, review, published_at):
    type(series).objects.filter(pk=series.pk).update(published_at=published_at)
    assert as_member(bob).post(path(review), {"liked": "true"}).status_code == 404


def test_a_stub_shows_neither_button_nor_count(client, as_member, alice, bob, una, series, episode, make_review):
    seen(alice, series, 2)
    waiting = make_review(alice, episode, body="later words", spoils_through=2)
    Like.objects.feel(una, waiting, wanted=True)
    for reader in (client, as_member(bob)):
        page = reader.get(f"/reviews/{waiting.pk}/")
        assert "waiting after" in page.text
        assert FELT not in page.text
        assert path(waiting) not in page.text
        revealed = reader.get(f"/reviews/{waiting.pk}/?reveal=review-{waiting.pk}")
        assert FELT in revealed.text


def test_a_hidden_one_has_no_button_for_its_author_either(as_member, alice, bob, mona, review):
    Like.objects.feel(bob, review, wanted=True)
    review.hide(mona, "Rude")
    assert FELT not in as_member(alice).get(f"/reviews/{review.pk}/").text


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(as_member, bob, review, method):
    assert getattr(as_member(bob), method)(path(review)).status_code == 405
    assert not Like.objects.exists()


def test_buttons_cost_no_query(as_member, bob, crowd, episode, make_review, queries_of):
    authors = crowd(20)
    make_review(authors[0], episode)
    where = "/series/drama/episodes/2/reviews/"
    few = queries_of(as_member(bob), where)
    for author in authors[1:]:
        Like.objects.feel(bob, make_review(author, episode), wanted=True)
    assert queries_of(as_member(bob), where) <= few
