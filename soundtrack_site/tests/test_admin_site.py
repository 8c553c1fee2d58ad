"""Staff are told nothing of tables that are not theirs: what is there is answered like what is not."""

import re

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from accounts.groups import EDITORS
from accounts.models import User
from conftest import member
from episodes.models import Series
from reviews.models import Draft, Review
from reviews.places import Place

MISSING = 900_000
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def edda(db):
    edda = member("edda", is_staff=True)
    edda.groups.add(Group.objects.get(name=EDITORS))
    return edda


def on_site(row, key=None):
    return f"/admin/r/{ContentType.objects.get_for_model(type(row)).pk}/{key or row.pk}/"


def test_staff_are_led_to_the_page_of_what_they_may_see(as_member, mona, edda, alice, episode, make_review):
    review = make_review(alice, episode)
    assert as_member(mona).get(on_site(review))["Location"].endswith(f"/reviews/{review.pk}/")
    assert as_member(edda).get(on_site(episode.series))["Location"].endswith("/series/drama/")


def test_of_what_they_may_not_see_they_are_told_nothing(as_member, mona, edda, alice, series, make_review):
    review = make_review(alice, series)
    Draft.objects.keep(alice, Place("talk", series), {"body": "Half said"})
    rows = {edda: [review, alice, Draft.objects.get()], mona: [Series.objects.get(), Draft.objects.get()]}
    for staff, foreign in rows.items():
        browser = as_member(staff)
        for row in foreign:
            there, nowhere = (browser.get(on_site(row, key)) for key in (row.pk, MISSING))
            assert there.status_code == 404
            assert TOKEN.sub("", there.text) == TOKEN.sub("", nowhere.text)


@pytest.mark.parametrize("key", ["x", "²", "0", "999999999999999999999"])
def test_a_table_that_is_none_is_not_there(as_member, admin_user, key):
    assert as_member(admin_user).get(f"/admin/r/{key}/1/").status_code == 404


@pytest.mark.parametrize("model", [Review, User, Group])
def test_a_history_says_nothing_of_who_is_there(as_member, edda, alice, series, make_review, model):
    make_review(alice, series)
    path = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
    there = model._default_manager.values_list("pk", flat=True)[0]
    answers = [as_member(edda).get(f"{path}{key}/history/") for key in (there, MISSING)]
    assert [answer.status_code for answer in answers] == [403, 403]
