"""`/settings/avatar/`: the picture by which a member is shown."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Sanction, User
from soundtrack_site.pictures import AVATAR, address, develop, small

PATH = "/settings/avatar/"


@pytest.fixture
def browser(as_member, alice):
    return as_member(alice)


@pytest.fixture(autouse=True)
def _kept_apart(media):
    pass


def worn(member):
    return User.objects.get(pk=member.pk).avatar.name


def test_a_picture_is_kept_in_two_sizes_and_shown(browser, alice, media, make_picture):
    answer = browser.post(PATH, {"avatar": make_picture()})
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    name = worn(alice)
    assert media() == {name, small(name)}
    assert browser.get(address(name)).headers["Content-Type"] == "image/webp"
    for path in (PATH, alice.get_absolute_url()):
        assert f'src="{address(small(name))}"' in browser.get(path).text
    assert User.objects.get(pk=alice.pk).version == alice.version + 1


def test_another_takes_its_place(browser, alice, media, make_picture, django_capture_on_commit_callbacks):
    browser.post(PATH, {"avatar": make_picture()})
    first = worn(alice)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(PATH, {"avatar": make_picture(name="other.png")})
    assert worn(alice) != first
    assert media() == {worn(alice), small(worn(alice))}


def test_a_file_that_fails_to_be_kept_leaves_all_as_it_was(alice, media, make_picture, monkeypatch):
    picture = develop(make_picture(), AVATAR)
    alice.wear(picture)

    def fail(name: str) -> None:
        raise LookupError

    monkeypatch.setattr(alice, "change_avatar", fail)
    with pytest.raises(LookupError):
        alice.wear(develop(make_picture(), AVATAR))
    assert media() == {picture.name, small(picture.name)}
    assert worn(alice) == picture.name


def test_needs_a_login(client, db, media, make_picture):
    assert client.get(PATH)["Location"] == f"/accounts/login/?next={PATH}"
    assert client.post(PATH, {"avatar": make_picture()}).status_code == 403
    assert not media()


def test_bob_changes_only_himself(as_member, alice, bob, make_picture):
    as_member(bob).post(PATH, {"avatar": make_picture(), "member": alice.pk, "username": "alice"})
    assert worn(bob)
    assert not worn(alice)


def test_a_silenced_member_may_look_but_not_choose(browser, alice, mona, media, make_picture):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Too loud.")
    assert browser.get(PATH).status_code == 200
    answer = browser.post(PATH, {"avatar": make_picture()})
    assert answer.status_code == 403
    assert "Too loud." in answer.text
    assert not media()


FILES = {
    "none": (None, "Choose a picture first."),
    "empty": (b"", "That file is empty."),
    "script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a picture that can be read here"),
    "words": ("no file at all", "Choose a picture first."),
    "heavy": (bytes(6_000_000), "At most 5 MB"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_refused_file_is_explained_beside_the_field(browser, alice, media, case):
    content, said = FILES[case]
    values = {"avatar": SimpleUploadedFile("me.png", content) if isinstance(content, bytes) else content or ""}
    answer = browser.post(PATH, values)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<title>Error:" in answer.text
    assert not media()
    assert not worn(alice)


def test_a_small_picture_is_told_its_size(browser, make_picture):
    answer = browser.post(PATH, {"avatar": make_picture(1, 1)})
    assert "At least 80 pixels each way, please. That picture has 1 × 1." in answer.text


def test_more_files_than_any_form_has_are_refused(browser, media, make_picture):
    answer = browser.post(PATH, {f"avatar{place}": make_picture() for place in range(9)})
    assert answer.status_code == 400
    assert not media()


def test_what_is_drawn_instead(browser, alice, series, make_review):
    assert '<circle r="4" stroke-width="6"/>' in browser.get(PATH).text
    make_review(alice, series, stars=10)
    page = browser.get(PATH).text
    assert '<circle r="17.0" stroke-width="2.1"/>' in page
    assert "my last ratings" in page


def test_it_costs_as_much_with_a_picture(browser, queries_of, make_picture):
    before = queries_of(browser, PATH)
    browser.post(PATH, {"avatar": make_picture()})
    browser.get(PATH)  # which takes the message
    assert queries_of(browser, PATH) == before


def test_settings_lead_there(browser):
    assert f'href="{PATH}"' in browser.get(reverse("accounts:settings")).text
