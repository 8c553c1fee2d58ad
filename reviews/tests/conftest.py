from collections.abc import Callable
from datetime import datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.visits import COOKIE, Visit


@pytest.fixture
def was_here() -> Callable[[Client, User, datetime], None]:
    """Let this browser remember when the member's visit before this one ended."""

    def remember(browser: Client, member: User, ended: datetime) -> None:
        answer = HttpResponse()
        Visit(timezone.now(), ended).keep(answer, member)
        browser.cookies[COOKIE] = answer.cookies[COOKIE].value

    return remember
