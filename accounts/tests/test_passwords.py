"""What a password may be."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from conftest import PASSWORD


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery", "눈 오는 날의 사운드트랙", "x9!Kq2#vTz", "lyric " * 166]
)
def test_what_takes_long_to_guess_is_taken(password):
    validate_password(password)


@pytest.mark.parametrize("password", ["", "password12", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "a" * 10_000])
def test_what_a_guesser_tries_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_a_password_longer_than_any_is_refused_with_a_message():
    validate_password("lyric " * 166 + "song")
    with pytest.raises(ValidationError) as refused:
        validate_password("lyric " * 166 + "songs")
    assert refused.value.messages == ["That is too long: 1000 characters are enough."]


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/change/"])
def test_before_anything_is_typed_the_help_is_advice(request, client, db, path):
    browser = client if "signup" in path else request.getfixturevalue("alices_browser")
    page = browser.get(path).content.decode()
    help_text = page.split('id="id_password1_helptext">')[1].split("</div>")[0]
    assert "A few unrelated words in a row are strong and easy to keep." in help_text
    assert "At least 10 characters" in help_text
    assert "oo easy" not in help_text
    assert "<" not in help_text


def test_ones_own_name_and_address_make_no_password():
    user = User(username="seonwooscarf", email="eunsoo.lyric@example.com")
    for password in ("seonwooscarf", "seonwooscarf1", "eunsoo.lyric@example.com"):
        with pytest.raises(ValidationError):
            validate_password(password, user)


@pytest.mark.parametrize("password", ["", "1\n95", "1\n1\n95", "\0" * 12, "🎧" * 5])
def test_odd_characters_are_refused_and_trip_nothing(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_guessable" in {error.code for error in refused.value.error_list}


def test_line_ends_between_digits_trip_nothing():
    validate_password("2\x001 08035196\n\t\x7f\x7f8\n8739 104\x000\n \t413")
