"""`/comments/<pk>/report/`: the same of a comment, which has no headline."""

import pytest

from conftest import seen
from reviews.models import Case, Report


@pytest.fixture
def comment(alice, episode, make_comment):
    return make_comment(alice, episode, spoils_through=2)


@pytest.fixture
def path(comment):
    return f"/comments/{comment.pk}/report/"


def test_a_report_reaches_the_desk_and_thanks(as_member, bob, comment, path):
    browser = as_member(bob)
    page = browser.get(path)
    assert page.status_code == 200
    assert "headline" not in page.text.partition("<main")[2].partition("</main")[0]
    answer = browser.post(path, {"kind": "other", "note": "Lyrics"}, follow=True)
    assert "Thank you." in answer.text
    assert Report.objects.get().case.target == comment


def test_it_can_wait_longer_than_it_does_and_no_nearer(as_member, bob, path):
    browser = as_member(bob)
    assert 'value="2"' not in browser.get(path).text.partition('name="spoils_through"')[2].partition("</fieldset>")[0]
    assert browser.post(path, {"kind": "spoiler", "spoils_through": "2"}).status_code == 422
    assert browser.post(path, {"kind": "spoiler", "spoils_through": "4"}).status_code == 302
    assert Report.objects.get().spoils_through == 4


def test_what_waits_to_the_end_cannot_wait_longer(as_member, bob, alice, episode, make_comment):
    last = make_comment(alice, episode, spoils_through=4, body="The end")
    page = as_member(bob).get(f"/comments/{last.pk}/report/").text
    assert "How far should it wait?" not in page


def test_ones_own_is_deleted_by_oneself(as_member, alice, comment, path):
    page = as_member(alice).get(path).text
    assert "This comment is yours" in page
    assert f"/comments/{comment.pk}/delete/" in page
    assert 'name="kind"' not in page


def test_the_link_stands_below_others_comments(as_member, alice, bob, comment, path, series):
    assert path in as_member(bob).get(comment.get_absolute_url()).text  # a stub
    seen(bob, series, 2)
    assert path in as_member(bob).get(comment.get_absolute_url()).text
    assert path not in as_member(alice).get(comment.get_absolute_url()).text


def test_a_gap_cannot_be_reported(as_member, alice, bob, comment, path, make_comment, episode):
    make_comment(bob, episode, parent=comment, spoils_through=2)
    comment.retract()
    for reporter in (alice, bob):
        assert as_member(reporter).get(path).status_code == 404
        assert as_member(reporter).post(path, {"kind": "spam"}).status_code == 404
    assert not Case.objects.exists()


def test_strangers_are_led_to_log_in(client, path):
    assert client.get(path).status_code == 302
    assert client.post(path, {"kind": "spam"}).status_code == 403
