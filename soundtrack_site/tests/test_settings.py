"""An operator's mistakes: one clear sentence each, never a traceback."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ImproperlyConfigured

from soundtrack_site import environment
from soundtrack_site.settings import kept_secret


@pytest.fixture
def own_environment() -> Iterator[None]:
    """What a test reads into the environment ends with it."""
    before = os.environ.copy()
    yield
    os.environ.clear()
    os.environ.update(before)


def manage(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` as an operator would start it, who has set nothing but these."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=site_settings.BASE_DIR,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def setting(name: str, **variables: str) -> str:
    answer = manage(
        "shell", "--no-imports", "-c", f"from django.conf import settings; print(settings.{name})", **variables
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_a_mistake_ends_in_a_sentence_instead_of_a_traceback(tmp_path):
    answer = manage("check", VAR_DIR=str(tmp_path), DEBUG="perhaps")
    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        "The site cannot start: DEBUG is 'perhaps'; expected yes or no (also true/false, on/off, 1/0)."
    )


def test_https_hardens_cookies_and_redirects(tmp_path):
    names = (
        "SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT"
    )
    hardened = setting(names, VAR_DIR=str(tmp_path), SITE_URL="https://fans.example.org", TRUSTED_PROXY_COUNT="1")
    assert hardened == "__Host-sessionid __Host-csrftoken True True"


def test_the_deploy_check_is_clean_as_an_operator_would_set_it(tmp_path):
    answer = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        VAR_DIR=str(tmp_path),
        SITE_URL="https://fans.example.org",
        TRUSTED_PROXY_COUNT="1",
    )
    assert answer.returncode == 0, answer.stderr


def test_the_deploy_check_fails_without_a_trusted_proxy(tmp_path):
    answer = manage("check", "--deploy", VAR_DIR=str(tmp_path), SITE_URL="https://fans.example.org")
    assert answer.returncode == 1
    assert "site.E009" in answer.stderr


def test_every_variable_is_listed_in_the_example():
    code = (site_settings.BASE_DIR / "soundtrack_site" / "settings.py").read_text()
    read = set(re.findall(r'env\.[a-z_]+\("([A-Z_]+)"', code))
    example = (site_settings.BASE_DIR / ".env.example").read_text()
    assert read == set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))


@pytest.mark.usefixtures("own_environment")
def test_the_example_can_be_used_as_it_is(tmp_path):
    example = tmp_path / ".env"
    example.write_text((site_settings.BASE_DIR / ".env.example").read_text())
    environment.read_dotenv(example)
    assert environment.text("SITE_NAME") == "Bonus Track"


@pytest.mark.parametrize("line", ["SITE_NAME", "SITE NAME=x", 'SITE_NAME="unfinished', "=x", "SITE_NAME: x"])
def test_a_broken_line_is_named_but_not_quoted(tmp_path, line):
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"# ours\nTIME_ZONE=UTC\n{line}\n")
    with pytest.raises(ImproperlyConfigured, match=r"\.env, line 3: expected NAME=value") as mistake:
        environment.read_dotenv(dotenv)
    assert line not in str(mistake.value)


def test_an_unreadable_file_is_named(tmp_path):
    (tmp_path / ".env").write_bytes(b"SITE_NAME=\xff\n")
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        environment.read_dotenv(tmp_path / ".env")


def test_a_missing_file_is_no_mistake(tmp_path):
    environment.read_dotenv(tmp_path / ".env")


@pytest.mark.usefixtures("own_environment")
def test_the_environment_has_the_last_word(tmp_path):
    os.environ.pop("TIME_ZONE", None)
    os.environ["SITE_NAME"] = "Ours"
    (tmp_path / ".env").write_text("SITE_NAME=Theirs\nexport TIME_ZONE='Asia/Seoul'\n")
    environment.read_dotenv(tmp_path / ".env")
    assert environment.text("SITE_NAME") == "Ours"
    assert environment.text("TIME_ZONE") == "Asia/Seoul"


def test_an_empty_variable_is_not_set(monkeypatch):
    monkeypatch.setenv("PORT", "")
    assert environment.number("PORT", 8000) == 8000
    assert environment.flag("PORT", default=True) is True
    assert environment.names("PORT", ["a"]) == ["a"]


def test_a_value_that_begins_with_a_dollar_is_itself(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "$HOME")
    assert environment.text("SECRET_KEY") == "$HOME"


@pytest.mark.parametrize(
    ("word", "expected"), [("yes", True), ("ON", True), ("1", True), ("no", False), ("False", False)]
)
def test_words_for_yes_and_no(monkeypatch, word, expected):
    monkeypatch.setenv("DEBUG", word)
    assert environment.flag("DEBUG", default=not expected) is expected


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "8000.5", "٨٠"])
def test_a_bad_port_is_named(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ImproperlyConfigured, match=r"PORT is .*; expected a whole number from 1 to 65535"):
        environment.number("PORT", 8000, least=1)


@pytest.mark.parametrize(
    "address", ["example.org", "ftp://example.org", "https://", "http://a.example/path", "http://a:x"]
)
def test_a_bad_address_is_named(monkeypatch, address):
    monkeypatch.setenv("SITE_URL", address)
    with pytest.raises(ImproperlyConfigured, match=r"SITE_URL is .*; expected an address"):
        environment.web_address("SITE_URL", "")


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://root@db/site",
        "postgres://user@host:port/site",
        "postgres://host",
        "sqlite://host",
        "sqlite:///:memory:",
    ],
)
def test_a_bad_database_is_named_without_its_password(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read; expected postgres://") as mistake:
        environment.database("DATABASE_URL", "")
    assert url not in str(mistake.value)


def test_a_database_is_taken_apart(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ada:s3cret@db.example:5433/site")
    config = environment.database("DATABASE_URL", "")
    assert (config["ENGINE"], config["HOST"], config["PORT"]) == ("django.db.backends.postgresql", "db.example", 5433)


@pytest.mark.parametrize("url", ["mail.example.org", "smtp+tls://", "imap://mail.example.org", "smtp://host:port"])
def test_a_bad_mail_server_is_named(monkeypatch, url):
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_URL cannot be read; expected smtp\+tls://"):
        environment.mail_server("EMAIL_URL")


def test_a_mail_server_is_taken_apart(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://ada:s3cret@mail.example:587")
    config = environment.mail_server("EMAIL_URL")
    assert (config["EMAIL_HOST"], config["EMAIL_PORT"], config["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    monkeypatch.delenv("EMAIL_URL")
    assert environment.mail_server("EMAIL_URL") == {}


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match=r"VAR_DIR .* cannot be made: Not a directory"):
        environment.directory(tmp_path / "file" / "var")


def test_a_directory_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ImproperlyConfigured, match="cannot be written to by this user"):
        environment.directory(tmp_path)


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "secret_key"
    secret = kept_secret(path)
    assert len(secret) > 50
    assert kept_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_of_two_that_make_a_secret_at_once_the_first_one_counts(tmp_path, monkeypatch):
    path = tmp_path / "secret_key"
    link = os.link

    def beaten(draft: Path, target: Path) -> None:
        path.write_text("theirs")
        link(draft, target)

    monkeypatch.setattr(os, "link", beaten)
    assert kept_secret(path) == "theirs"
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
