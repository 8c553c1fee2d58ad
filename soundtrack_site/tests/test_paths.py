"""Which addresses that somebody sent us are pages of ours."""

import pytest

from soundtrack_site.paths import own_path


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/", "/"),
        ("/series/drama/?page=3#review-4", "/series/drama/?page=3#review-4"),
        ("http://testserver/series/drama/?at=90", "/series/drama/?at=90"),
        ("http://testserver//evil.example/x", None),
        ("http://testserver///evil.example/x", None),
        ("http://testserver/\\evil.example/x", None),
        ("http://testserver\\\\evil.example/x", None),
        ("//testserver//evil.example/x", None),
        ("//evil.example/x", None),
        ("///evil.example/x", None),
        ("/\\evil.example/x", None),
        ("/\t/evil.example/x", None),
        ("http://testserver/\n/evil.example/x", None),
        ("https://evil.example/x", None),
        ("http://testserver@evil.example/", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("http://testserver", None),
        ("?page=3", None),
        ("episodes:home", None),
        ("relative/", None),
        ("", None),
    ],
)
def test_only_paths_of_this_site_are_its_own(rf, asked, path):
    assert own_path(rf.get("/"), asked) == path


def test_a_page_read_over_https_leads_to_none_without(rf):
    request = rf.get("/", secure=True)
    assert own_path(request, "http://testserver/series/") is None
    assert own_path(request, "https://testserver/series/") == "/series/"
