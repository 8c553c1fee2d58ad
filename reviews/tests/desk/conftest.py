"""Moderators at the desk, and what lies on it."""

import pytest
from django.contrib.auth.models import Group

from accounts.groups import MODERATORS
from conftest import member, seen
from reviews.models import ReasonTemplate, Rule, RuleWording
from reviews.tests.counting import assert_counted
from reviews.tests.desk.pages import WORDS


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


@pytest.fixture
def browser(as_member, mona, series):
    """Of Mona, who has seen the whole series."""
    seen(mona, series, 4)
    return as_member(mona)


@pytest.fixture
def mori(db):
    """A second moderator."""
    mori = member("mori", is_staff=True)
    mori.groups.add(Group.objects.get(name=MODERATORS))
    return mori


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="A line", body=WORDS, spoils_through=1)


@pytest.fixture
def ready(db):
    rule = Rule.objects.create(anchor="kind", position=1)
    RuleWording.objects.create(rule=rule, language="en", title="Be kind", body="To each other.")
    return ReasonTemplate.objects.create(rule=rule, language="en", name="Insult", words="It insults somebody.")
