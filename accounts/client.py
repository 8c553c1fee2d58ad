"""What tells one network from another, for whoever counts how much comes from it. No address is kept."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

SUBSCRIBER = 64  # bits of an IPv6 address that a provider gives to one household; the rest changes as it likes
LETTERS = 32


def client_of(request: HttpRequest) -> str:
    """A name for the network that asks, today; "" where nobody can tell.

    Hashed with the site's secret and the day: tomorrow it is another, and nobody finds the address again.
    """
    try:
        asked = get_client_ip(request)  # behind as many proxies as TRUSTED_PROXY_COUNT says
    except ImproperlyConfigured:  # it came by another way than through all of them
        asked = None
    if not asked:
        return ""
    day = timezone.now().date().isoformat()  # UTC, like the stretches in which acts are counted
    return salted_hmac("accounts.client", f"{day} {network_of(asked)}", algorithm="sha256").hexdigest()[:LETTERS]


def network_of(address: str) -> str:
    found: IPv4Address | IPv6Address | None = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(int(found) >> (128 - SUBSCRIBER))
        found = found.ipv4_mapped
    return str(found)
