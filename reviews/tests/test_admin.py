from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import PASSWORD, member
from reviews.models import Comment, ModerationAction, RatingTally, Review
from reviews.models.moderation import AppendOnlyError
from reviews.recount import differences

REASON = "Names the ending in a safe line."


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="He dies in the snow", body="Every *word* of it.")


@pytest.fixture
def comment(bob, review, make_comment):
    return make_comment(bob, review, body="Shame on you")


@pytest.fixture
def browser(as_member, mona):
    return as_member(mona)


def listed(kind):
    return reverse(f"admin:reviews_{kind}_changelist")


def page(text, name="change"):
    return reverse(f"admin:reviews_{text._meta.model_name}_{name}", args=[text.pk])


def is_hidden(text):
    return type(text).objects.get(pk=text.pk).hidden_at is not None


def test_a_moderator_walks_from_the_login_form_to_a_hidden_and_restored_review(mona, review, series, episode):
    browser = Client()
    knock = browser.get("/admin/", follow=True)
    assert knock.redirect_chain[-1][0].startswith(reverse("account_login"))
    answer = browser.post(
        reverse("account_login") + "?next=/admin/", {"login": "mona", "password": PASSWORD, "next": "/admin/"}
    )
    assert answer.headers["Location"] == "/admin/"
    assert "Bonus Track" in browser.get("/admin/").content.decode()

    found = browser.get(listed("review"), {"q": "dies in the snow"})
    assert page(review) in found.content.decode()
    read = browser.get(page(review)).content.decode()
    assert "<em>word</em>" in read
    assert review.get_absolute_url() in read
    assert page(review, "hide") in read

    assert "reason" in browser.get(page(review, "hide")).content.decode()
    done = browser.post(page(review, "hide"), {"reason": REASON}, follow=True)
    assert "1 text hidden." in done.content.decode()
    assert page(review, "restore") in done.content.decode()
    assert is_hidden(review)
    assert RatingTally.objects.get(episode=episode, stars=8).count == 0
    assert differences() == []

    browser.post(page(review, "restore"), {"reason": "A mistake of mine."})
    assert not is_hidden(review)
    assert RatingTally.objects.get(episode=episode, stars=8).count == 1
    assert differences() == []

    log = browser.get(reverse("admin:reviews_moderationaction_changelist")).content.decode()
    assert REASON in log
    assert "A mistake of mine." in log
    acts = ModerationAction.objects.order_by("pk").values_list("verb", "actor__username", "review")
    assert list(acts) == [("hide", "mona", review.pk), ("restore", "mona", review.pk)]


def test_a_comment_is_read_in_its_review_and_thread_and_hidden(browser, review, comment, alice, mona, make_comment):
    answer = make_comment(alice, review, parent=comment, body="I did not mean to")
    comment.edit(body="Shame on you all", spoils_through=0)
    review.hide(mona, "Testing the context")
    shown = browser.get(page(comment)).content.decode()
    for words in ("Shame on you all", "Shame on you", "I did not mean to", "He dies in the snow"):
        assert words in shown
    assert page(answer) in shown
    browser.post(page(comment, "hide"), {"reason": REASON})
    assert is_hidden(comment)
    assert differences() == []
    assert REASON in browser.get(page(comment)).content.decode()


def test_a_comment_in_a_long_thread_is_shown_with_its_neighbours(browser, bob, episode, make_comment):
    root = make_comment(bob, episode, body="First")
    replies = [make_comment(bob, episode, parent=root, body=f"Reply <{number}>") for number in range(45)]
    shown = browser.get(page(replies[22])).content.decode()
    assert "Reply &lt;2&gt;" in shown
    assert "Reply &lt;42&gt;" in shown
    assert "Reply &lt;1&gt;" not in shown
    assert "Reply &lt;43&gt;" not in shown


@pytest.mark.parametrize("reason", ["", "   ", "\n", "a\x00b", "x" * 1001])
def test_without_a_good_reason_nothing_is_hidden_and_the_field_says_why(browser, review, reason):
    answer = browser.post(page(review, "hide"), {"reason": reason})
    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"]
    shown = answer.content.decode()
    assert re.search(r'<ul class="errorlist" id="id_reason_error">', shown)
    assert re.search(r'aria-describedby="[^"]*id_reason_error', shown)
    assert 'id="id_reason_helptext"' in shown
    assert not is_hidden(review)
    assert not ModerationAction.objects.exists()


def test_several_are_hidden_with_one_reason(browser, review, comment, bob, episode, make_comment):
    other = make_comment(bob, episode, body="Another")
    chosen = {"action": "hide_selected", "_selected_action": [comment.pk, other.pk]}
    asked = browser.post(listed("comment"), chosen)
    assert asked.status_code == 200
    assert not is_hidden(other)

    refused = browser.post(listed("comment"), {**chosen, "confirmed": "yes", "reason": ""})
    assert refused.status_code == 422
    assert [entry.text.pk for entry in refused.context["entries"]] == [other.pk, comment.pk]
    for pk in (comment.pk, other.pk):
        assert f'name="_selected_action" value="{pk}"' in refused.content.decode()
    assert not ModerationAction.objects.exists()

    said = browser.post(listed("comment"), {**chosen, "confirmed": "yes", "reason": REASON}, follow=True)
    assert "2 texts hidden." in said.content.decode()
    assert is_hidden(comment)
    assert is_hidden(other)
    assert differences() == []

    browser.post(listed("comment"), {**chosen, "action": "restore_selected", "confirmed": "yes", "reason": "Sorry"})
    assert not is_hidden(comment)
    assert ModerationAction.objects.count() == 4
    assert differences() == []


def test_too_many_at_once_are_refused(browser, review, comment, bob, episode, make_comment, monkeypatch):
    monkeypatch.setattr("reviews.admin.desk.MOST_AT_ONCE", 1)
    other = make_comment(bob, episode, body="Another")
    chosen = {"action": "hide_selected", "_selected_action": [comment.pk, other.pk], "confirmed": "yes", "reason": "x"}
    assert "At most 1 at a time." in browser.post(listed("comment"), chosen, follow=True).content.decode()
    assert not is_hidden(comment)


@pytest.mark.parametrize("path", ["one", "several"])
def test_sending_it_twice_hides_and_logs_once(browser, review, path):
    url, fields = page(review, "hide"), {"reason": REASON}
    if path == "several":
        url = listed("review")
        fields |= {"action": "hide_selected", "_selected_action": str(review.pk), "confirmed": "yes"}
    for _twice in range(2):
        answer = browser.post(url, fields, follow=True)
        assert answer.status_code == 200
    assert "Nothing was left to do." in answer.content.decode()
    assert ModerationAction.objects.count() == 1
    assert differences() == []


def test_what_its_author_deleted_is_shown_as_such_and_not_acted_upon(browser, comment):
    comment.retract()
    shown = browser.get(page(comment)).content.decode()
    assert "deleted by its author" in shown
    assert page(comment, "hide") not in shown
    browser.post(page(comment, "hide"), {"reason": REASON})
    assert not is_hidden(comment)
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("verb", ["hide", "restore"])
def test_no_reason_is_asked_for_what_cannot_be_done(browser, mona, comment, review, verb):
    comment.hide(mona, REASON)
    comment.refresh_from_db()
    comment.retract()
    assert page(comment, verb) not in browser.get(page(comment)).content.decode()
    answer = browser.get(page(comment, verb), follow=True)
    assert answer.redirect_chain == [(page(comment), 302)]
    assert "Nothing was left to do." in answer.content.decode()
    if verb == "restore":
        assert browser.get(page(review, "restore"))["Location"] == page(review)


def test_a_bulk_act_asks_only_about_those_it_will_touch(browser, bob, comment, episode, make_comment):
    gone = make_comment(bob, episode, body="Gone")
    gone.retract()
    asked = browser.post(listed("comment"), {"action": "hide_selected", "_selected_action": [comment.pk, gone.pk]})
    assert [entry.text.pk for entry in asked.context["entries"]] == [comment.pk]
    none = browser.post(listed("comment"), {"action": "hide_selected", "_selected_action": [gone.pk]}, follow=True)
    assert "Nothing was left to do." in none.content.decode()


def test_the_page_that_hides_says_how_far_the_text_spoils(browser, alice, episode, make_review):
    telling = make_review(alice, episode, body="The snow", spoils_through=1)
    assert "spoils through 1" in browser.get(page(telling, "hide")).content.decode()


def test_stars_are_shown_and_filtered_as_people_read_them(browser, alice, bob, episode, make_review):
    seven, eight = make_review(alice, episode, stars=7), make_review(bob, episode, stars=8)
    shown = browser.get(listed("review"), {"stars": "7"}).content.decode()
    assert '<td class="field-rating">3½</td>' in shown
    assert page(seven) in shown
    assert page(eight) not in shown
    assert '<a href="?stars=9">4½</a>' in shown
    assert "<dd>3½</dd>" in browser.get(page(seven)).content.decode()
    assert browser.get(listed("review"), {"stars": "x"}).status_code == 200


def test_the_log_is_filtered_by_those_who_moderated(browser, mona, admin_user, una, comment, review):
    comment.hide(mona, REASON)
    review.hide(admin_user, REASON)
    shown = browser.get(reverse("admin:reviews_moderationaction_changelist")).content.decode()
    for moderator in (mona, admin_user):
        assert f"actor__id__exact={moderator.pk}" in shown
    assert f"actor__id__exact={una.pk}" not in shown


def test_reading_never_writes(browser, review, comment, django_assert_max_num_queries):
    urls = [listed("review"), page(review), page(review, "hide"), page(review, "restore"), page(comment)]
    with django_assert_max_num_queries(200) as queries:
        for url in [*urls, reverse("admin:index"), reverse("admin:reviews_moderationaction_changelist")]:
            assert browser.get(url).status_code in (200, 302)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


@pytest.mark.parametrize("name", ["hide", "restore", "change"])
@pytest.mark.parametrize("key", [99_999, 10**25])
def test_a_text_that_is_not_there_gets_a_message(browser, review, name, key):
    url = reverse(f"admin:reviews_review_{name}", args=[key])
    answer = browser.get(url, follow=True)
    assert answer.status_code == 200
    assert len(answer.context["messages"]) == 1
    assert browser.get("/admin/reviews/review/abc/hide/", follow=True).status_code == 200


WHO = {"alice": 403, "edith": 403, "mona": 200, "admin_user": 200}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("kind", ["review", "comment"])
def test_only_moderators_and_admins_read_and_moderate(request, as_member, review, comment, who, kind):
    text = {"review": review, "comment": comment}[kind]
    browser = as_member(request.getfixturevalue(who))
    refused = WHO[who] == 403
    # Members without a staff bit are turned away at the door, by way of the log-in page.
    for url in (listed(kind), page(text), page(text, "hide"), page(text, "restore")):
        assert browser.get(url, follow=True).status_code == WHO[who], url
    browser.post(page(text, "hide"), {"reason": REASON}, follow=True)
    assert is_hidden(text) is not refused
    assert ModerationAction.objects.exists() is not refused


@pytest.mark.parametrize("who", ["alice", "edith"])
def test_nobody_else_moderates_by_the_list(request, as_member, review, who):
    browser = as_member(request.getfixturevalue(who))
    chosen = {"action": "hide_selected", "_selected_action": [review.pk], "confirmed": "yes", "reason": REASON}
    assert browser.post(listed("review"), chosen, follow=True).status_code == 403
    assert not is_hidden(review)


def test_a_moderator_who_may_only_look_is_offered_no_act(as_member, review):
    looker = member("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_review"))
    browser = as_member(looker)
    assert page(review, "hide") not in browser.get(page(review)).content.decode()
    assert "hide_selected" not in browser.get(listed("review")).content.decode()
    assert browser.post(page(review, "hide"), {"reason": REASON}).status_code == 403
    chosen = {"action": "hide_selected", "_selected_action": [review.pk], "confirmed": "yes", "reason": REASON}
    browser.post(listed("review"), chosen)
    assert not is_hidden(review)


def test_a_stranger_is_sent_to_log_in(client, review):
    answer = client.post(page(review, "hide"), {"reason": REASON})
    assert answer.status_code == 302
    assert not is_hidden(review)


def test_moderators_touch_neither_catalogue_nor_rights(browser, alice, series):
    for url in (
        reverse("admin:episodes_series_changelist"),
        reverse("admin:episodes_series_change", args=[series.pk]),
        reverse("admin:accounts_user_delete", args=[alice.pk]),
        reverse("admin:accounts_user_history", args=[alice.pk]),
        reverse("admin:auth_group_changelist"),
    ):
        assert browser.get(url).status_code == 403, url


@pytest.mark.parametrize("who", ["mona", "admin_user"])
@pytest.mark.parametrize("kind", ["review", "comment", "moderationaction"])
def test_nobody_adds_changes_or_deletes_a_text_or_the_log(request, as_member, mona, review, comment, who, kind):
    review.hide(mona, REASON)
    act = ModerationAction.objects.get()
    row = {"review": review, "comment": comment, "moderationaction": act}[kind]
    browser = as_member(request.getfixturevalue(who))
    assert browser.get(reverse(f"admin:reviews_{kind}_add")).status_code == 403
    assert browser.post(page(row), {"body": "Mine now", "reason": "Mine now"}).status_code == 403
    assert browser.post(page(row, "delete"), {"post": "yes"}).status_code == 403
    wipe = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    browser.post(listed(kind), wipe, follow=True)
    assert type(row).objects.filter(pk=row.pk).exists()
    assert ModerationAction.objects.get().reason == REASON


def test_the_log_cannot_be_rewritten(mona, review):
    review.hide(mona, REASON)
    act = ModerationAction.objects.get()
    act.reason = "Never happened"
    rewrites: list[Callable[[], object]] = [
        act.save,
        act.delete,
        ModerationAction.objects.all().delete,
        lambda: ModerationAction.objects.update(reason="Never happened"),
        lambda: ModerationAction.objects.bulk_update([act], ["reason"]),
        lambda: ModerationAction.objects.update_or_create(pk=act.pk, defaults={"reason": "Never happened"}),
        lambda: review.moderation_actions.update(reason="Never happened"),
        lambda: review.moderation_actions.all().delete(),
        lambda: ModerationAction.objects.bulk_create([act], update_conflicts=True, update_fields=["reason"]),
        lambda: ModerationAction.objects.all()._raw_delete("default"),
    ]
    for rewrite in rewrites:
        with pytest.raises(AppendOnlyError):
            rewrite()
    forged = ModerationAction(pk=act.pk, actor=mona, verb="keep", review=review, reason="Never happened")
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()
    assert ModerationAction.objects.get().reason == REASON


STATES = ["live", "hidden", "deleted", "held"]


def test_the_list_filters_by_state_and_finds_by_author_and_words(browser, mona, alice, bob, series, make_review):
    texts = {
        name: make_review(alice, series.episodes.get(number=number), headline=f"Headline {name}", body=f"Body {name}")
        for number, name in enumerate(STATES, 1)
    }
    texts["hidden"].hide(mona, REASON)
    texts["deleted"].retract()
    Review.objects.filter(pk=texts["held"].pk).update(held_at=timezone.now(), held_for="first")
    for name in STATES:
        found = browser.get(listed("review"), {"state": name}).context["cl"].result_list
        assert [text.pk for text in found] == [texts[name].pk]
    make_review(bob, series, headline="Bob's", body="Something else")
    for words, count in (("alice", 4), ("Headline live", 1), ("Body hidden", 1), ("nowhere", 0)):
        assert len(browser.get(listed("review"), {"q": words}).context["cl"].result_list) == count


@pytest.mark.parametrize("kind", ["review", "comment", "moderationaction"])
def test_a_list_costs_the_same_at_one_row_and_at_twenty(browser, mona, series, make_review, make_comment, kind):
    def write(number):
        author = member(f"writer{number}")
        review = make_review(author, series.episodes.get(number=1 + number % 4))
        make_comment(author, review)
        review.hide(mona, REASON)

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(listed(kind)).status_code == 200
        return len(captured)

    write(0)
    queries()
    at_one = queries()
    for number in range(1, 20):
        write(number)
    assert queries() == at_one


def test_a_page_costs_the_same_whatever_the_length_of_its_thread(browser, bob, review, comment, make_comment):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(page(comment)).status_code == 200
        return len(captured)

    queries()
    at_one = queries()
    for number in range(10):
        make_comment(bob, review, parent=comment, body=f"Again {number}")
    assert queries() == at_one


@pytest.mark.parametrize("name", ["change", "hide"])
def test_pages_carry_nothing_inline_under_a_strict_policy(browser, review, name):
    answer = browser.get(page(review, name))
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "style=" not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_words_of_members_are_escaped_wherever_the_admin_shows_them(browser, alice, bob, episode, make_review):
    review = make_review(alice, episode, headline="<b>x</b>", body="<script>y</script>")
    Comment.objects.post(bob, review, body="<i>z</i>", spoils_through=0)
    for url in (listed("review"), page(review), page(review, "hide"), listed("comment")):
        shown = browser.get(url).content.decode()
        assert "<b>x</b>" not in shown
        assert "<script>y" not in shown
        assert "<i>z</i>" not in shown


def test_everything_that_was_said_is_there_to_be_judged(browser, alice, series, make_review, make_comment):
    """Answers to the prompts and the names of songs are words too, now and as they were before."""
    season = make_review(alice, series, headline="", body="", stayed="Rude about the song")
    make_review(alice, series, headline="", body="", stayed="Ruder")
    song = make_comment(alice, series, kind="song", song_name="A rude name for a song")
    page = browser.get(f"/admin/reviews/review/{season.pk}/change/").text
    assert "Ruder" in page
    assert "Rude about the song" in page
    assert "A rude name for a song" in browser.get(f"/admin/reviews/comment/{song.pk}/change/").text
    assert "Ruder" in browser.get("/admin/reviews/review/?q=ruder").text
    assert f"/comment/{song.pk}/change/" in browser.get("/admin/reviews/comment/?q=rude+name").text


def test_the_first_page_begins_with_what_members_say(client, admin_user):
    client.force_login(admin_user)
    page = client.get("/admin/").content.decode()
    assert re.findall(r'<div class="app-(\w+) module', page)[:3] == ["reviews", "accounts", "episodes"]
    tables = re.findall(r'<tr class="model-(\w+)', page)
    assert tables[:5] == ["case", "appeal", "review", "comment", "moderationaction"]
    assert tables[10:12] == ["series", "episode"]
