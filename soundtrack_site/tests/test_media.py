"""Uploaded pictures, as they are sent: to whoever knows the name, as nothing but pictures, without a query."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from soundtrack_site.pictures import POSTER, address, develop, small, stored


@pytest.fixture
def picture(media, make_picture):
    developed = develop(make_picture(), POSTER)
    with stored(developed):
        developed.is_taken = True
    return developed


def test_it_sends_both_sizes(client, picture):
    for name, content in ((picture.name, picture.large), (small(picture.name), picture.small)):
        response = client.get(address(name))
        assert response.status_code == 200
        assert response.content == content


def test_a_picture_can_do_nothing_but_be_seen(client, picture):
    headers = client.get(address(picture.name)).headers
    assert headers["Content-Type"] == "image/webp"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith('inline; filename="')
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_it_may_be_kept_for_ever_by_everybody(client, as_member, alice, picture):
    for reader in (client, as_member(alice)):
        answer = reader.get(address(picture.name))
        headers = answer.headers
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Vary" not in headers
        assert not answer.cookies
    again = client.get(address(picture.name), headers={"if-none-match": headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_costs_no_query_whoever_asks(client, as_member, alice, picture, queries_of):
    for reader in (client, as_member(alice)):
        assert queries_of(reader, address(picture.name)) == 0


def test_only_reading_is_answered(client, picture):
    head = client.head(address(picture.name))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(picture.large))
    for method in ("post", "put", "delete", "trace", "options"):
        assert getattr(client, method)(address(picture.name)).status_code == 405


TOKEN = "0" * 32


@pytest.mark.parametrize(
    "name",
    [
        f"posters/{TOKEN}.webp",
        f"posters/{TOKEN}-small.webp",
        "",
        "posters",
        "posters/",
        "../db.sqlite3",
        "posters/../../db.sqlite3",
        "posters/..%2f..%2fdb.sqlite3",
        "posters/%00.webp",
        f"posters/{TOKEN}.webp%0a",
        f"posters/{TOKEN}.png",
        f"posters/{TOKEN}-large.webp",
        f"posters/{TOKEN.replace('0', 'A')}.webp",
        f"other/{TOKEN}.webp",
        f"posters//{TOKEN}.webp",
        "posters/secret.webp",
    ],
)
def test_any_other_name_is_not_there(client, db, media, name):
    default_storage.save("posters/secret.webp", ContentFile(b"RIFF"))
    default_storage.save(f"posters/{TOKEN}.png", ContentFile(b"PNG"))
    for address_ in (f"/media/{name}", f"/media/{name}/"):
        assert client.get(address_, follow=True).status_code == 404
