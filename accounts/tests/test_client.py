"""One name for one network, and no address."""

import pytest
import time_machine

from accounts.client import LETTERS, client_of


def asked_from(rf, address, **headers):
    return client_of(rf.get("/", REMOTE_ADDR=address, **headers))


def test_an_address_has_one_name_today(rf):
    assert asked_from(rf, "203.0.113.9") == asked_from(rf, "203.0.113.9") != asked_from(rf, "203.0.113.10")


def test_the_name_is_no_address_and_fits_its_column(rf):
    name = asked_from(rf, "203.0.113.9")
    assert len(name) == LETTERS
    assert "203" not in name or not name.replace(".", "").isdigit()


def test_tomorrow_it_has_another(rf):
    with time_machine.travel("2026-03-01T23:59:59Z", tick=False):
        today = asked_from(rf, "203.0.113.9")
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False):
        assert asked_from(rf, "203.0.113.9") != today


def test_another_site_knows_it_by_another_name(rf, settings):
    here = asked_from(rf, "203.0.113.9")
    settings.SECRET_KEY = "another" * 10
    assert asked_from(rf, "203.0.113.9") != here


def test_a_household_is_one_however_its_ipv6_address_changes(rf):
    assert asked_from(rf, "2001:db8:1:2::1") == asked_from(rf, "2001:db8:1:2:ffff::9")
    assert asked_from(rf, "2001:db8:1:2::1") != asked_from(rf, "2001:db8:1:3::1")


def test_an_ipv4_address_is_one_however_it_is_written(rf):
    assert asked_from(rf, "::ffff:203.0.113.9") == asked_from(rf, "203.0.113.9")


@pytest.mark.parametrize("count", [0, 1])
def test_what_a_request_says_of_itself_counts_behind_a_proxy_only(rf, settings, count):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
    said = asked_from(rf, "192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9")
    assert said == asked_from(rf, "203.0.113.9" if count else "192.0.2.1")


@pytest.mark.parametrize("address", ["", "nonsense", "unix:"])
def test_nobody_can_tell_where_there_is_no_address(rf, address):
    assert asked_from(rf, address) == ""


def test_fewer_proxies_than_there_should_be_are_no_failure(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert asked_from(rf, "192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.9") == ""
