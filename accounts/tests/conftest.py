from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from conftest import PASSWORD


@pytest.fixture
def alices_browser(client: Client, alice: User) -> Client:
    """alice, logged in through the front door, who has just given her password once more."""
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client
