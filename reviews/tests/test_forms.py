"""What the forms for reviews and comments take, refuse and begin with."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import assume, given
from hypothesis import strategies as st

from conftest import viewer_of
from episodes.guide import Guide
from reviews.forms import CommentEditForm, CommentForm, ReviewForm, scope_choices
from soundtrack_site.forms import LineField, WrittenField
from soundtrack_site.markdown import clean_text, says_nothing

VALUES = {"stars": "9", "headline": "A line", "body": "Words", "spoils_through": "2"}


def data(**values):
    sent = QueryDict(mutable=True)
    sent.update(values)
    return sent


@pytest.fixture
def guide(make_series):
    """A series of four of which three have aired."""
    make_series(aired=3)
    return Guide.of(viewer_of(), "drama")


def test_scopes_go_up_to_the_last_that_has_aired(guide):
    assert scope_choices(guide) == [
        (0, "Safe for everyone: it gives nothing away"),
        (1, "Seen through Track 1"),
        (2, "Seen through Track 2"),
        (3, "Seen through Track 3"),
    ]


def test_scopes_of_a_reply_begin_at_its_parents(guide):
    assert [scope for scope, _label in scope_choices(guide, at_least=2)] == [2, 3]


def test_a_whole_review_is_taken(guide):
    form = ReviewForm(data(**VALUES), guide=guide)
    assert form.is_valid()
    values = {"stars": 9, "headline": "A line", "body": "Words", "spoils_through": 2, "began_with": None}
    assert form.cleaned_data == values


@pytest.mark.parametrize("left_out", ["stars", "headline", "body"])
def test_stars_or_a_text_are_enough(guide, left_out):
    assert ReviewForm(data(**{**VALUES, left_out: ""}), guide=guide).is_valid()


def test_a_wrong_part_is_not_called_a_missing_one(guide):
    form = ReviewForm(data(stars="11", spoils_through="2"), guide=guide)
    assert set(form.errors) == {"stars"}


def test_a_review_begins_with_its_own_episode_or_all_that_has_aired(guide):
    second = guide.episode(2)
    assert ReviewForm.values_of(None, second, guide) == {"spoils_through": 2, "began_with": ""}
    assert ReviewForm.values_of(None, guide.series, guide) == {"spoils_through": 3, "began_with": ""}


def test_a_rating_without_words_begins_with_the_episodes_scope(guide, alice, make_review):
    rating = make_review(alice, guide.episode(2), headline="", body="")
    assert ReviewForm.values_of(rating, guide.episode(2), guide)["spoils_through"] == 2


def test_a_comment_may_be_edited_upwards_only(guide, alice, make_comment):
    """What another tab still offered counts as the lowest that is left."""
    comment = make_comment(alice, guide.episode(2), spoils_through=2)
    lower = CommentEditForm(data(body="Words", spoils_through="1"), guide=guide, comment=comment)
    higher = CommentEditForm(data(body="Words", spoils_through="3"), guide=guide, comment=comment)
    assert [radio.data["value"] for radio in lower["spoils_through"]] == [2, 3]
    for form, scope in ((lower, 2), (higher, 3)):
        assert form.is_valid()
        assert form.cleaned_data["spoils_through"] == scope


def test_a_comment_needs_words(guide):
    assert set(CommentForm(data(body=" \u200b".strip("\u200b"), spoils_through="2"), guide=guide).errors) == {"body"}


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "a\udfffb", b"\xed\xa0\x80".decode(errors="replace")])
@pytest.mark.parametrize("field", [WrittenField(), LineField()])
def test_what_no_database_keeps_is_refused(field, text):
    with pytest.raises(Exception, match="cannot be kept"):
        field.clean(text)


def test_a_line_is_one_line():
    assert LineField().clean(" one \r\n two\tthree\u2028four ") == "one two three four"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffd"), max_size=200))
def test_what_is_taken_can_be_kept_and_is_taken_again_unchanged(text):
    assume(not says_nothing(clean_text(text).strip()))
    field = WrittenField(required=False)
    taken = field.clean(text)
    taken.encode()
    assert "\x00" not in taken
    assert field.clean(taken) == taken


@pytest.mark.parametrize(
    "blank", ["\u200b", "\u3164", "\u2800", "\u00ad", "\ufeff\u200d", "&nbsp;", ">", "- ", "[](http://a.b)", "\u202e"]
)
def test_a_text_that_shows_nothing_is_refused(blank):
    with pytest.raises(ValidationError) as refused:
        WrittenField(required=True).clean(blank)
    assert refused.value.code in {"blank", "required"}


@pytest.mark.parametrize("short", ["?", "💔", "ㅠㅠ", "5", "…", "*!*"])
def test_a_short_text_that_shows_something_is_taken(short):
    assert WrittenField().clean(short) == short
