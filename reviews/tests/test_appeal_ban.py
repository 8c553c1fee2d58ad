"""`/appeals/banned/<link>/`: somebody who cannot log in appeals by the link that the refusing page shows."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import PASSWORD
from reviews.banned import LASTS, act_of, appeal_url
from reviews.models import Appeal
from reviews.models.sanctions import impose


@pytest.fixture
def act(alice, mona):
    return impose(alice, Sanction.Kind.BAN, mona, "Scarves in every thread")


def refused(client):
    page = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert page.status_code == 403
    return page.text


def way(client):
    return re.findall(r'href="(/appeals/banned/[^"]+)"', refused(client))[0]


@pytest.fixture
def path(client, act):
    return way(client)


def test_the_page_that_refuses_leads_to_the_form(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "Scarves in every thread" in page.text
    assert 'name="body"' in page.text
    assert "no-store" in page.headers["Cache-Control"] or "private" in page.headers["Cache-Control"]


def test_an_appeal_is_lodged_without_logging_in(client, alice, act, path):
    page = client.post(path, {"body": "It was my sister"}, follow=True)
    assert page.redirect_chain == [(path, 302)]
    assert "Your appeal waits for a moderator." in page.text
    appeal = Appeal.objects.with_words().get()
    assert (appeal.by, appeal.action, appeal.body) == (alice, act, "It was my sister")
    client.post(path, {"body": "Again"})
    assert Appeal.objects.with_words().get().body == "It was my sister"
    assert "_auth_user_id" not in client.session


def test_the_answer_is_read_after_the_next_try(client, path):
    client.post(path, {"body": "It was my sister"})
    Appeal.objects.get().hear(User.objects.create_user("otto", is_staff=True), False, "It was not")
    assert "Answer: It was not" in client.get(way(client)).text


def test_a_form_needs_its_token(path):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(path, {"body": "It was my sister"}).status_code == 403
    assert not Appeal.objects.exists()


def test_an_empty_form_is_refused_with_its_words(client, path):
    assert client.post(path, {"body": " "}).status_code == 422
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("token", ["x", "MQ:1abc:zzz", "%00", "x" * 500])
def test_a_link_that_is_not_ours_says_so_and_keeps_the_words(client, act, token):
    assert client.get(f"/appeals/banned/{token}/").status_code == 403
    page = client.post(f"/appeals/banned/{token}/", {"body": "It was my sister"})
    assert page.status_code == 403
    assert "This link no longer works" in page.text
    assert "It was my sister" in page.text
    assert not Appeal.objects.exists()


def test_a_link_lasts_a_day(client, path, monkeypatch):
    later = timezone.now() + LASTS + timedelta(seconds=5)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert client.get(path).status_code == 403


def test_it_opens_nothing_but_the_ban(act, alice, mona):
    silence = impose(alice, Sanction.Kind.SILENCE, mona, "Rude")
    assert appeal_url(silence.sanction) == ""
    assert appeal_url(None) == ""
    token = appeal_url(act.sanction).split("/")[-2]
    assert act_of(token) == act


def test_a_ban_that_no_act_imposed_has_no_link(client, ned):
    page = client.post("/accounts/login/", {"login": "ned", "password": PASSWORD}).text
    assert "/appeals/" not in page
