from __future__ import annotations

from django.conf import settings
from whitenoise.runserver_nostatic.management.commands.runserver import Command as RunserverCommand


class Command(RunserverCommand):  # type: ignore[misc] # WhiteNoise finds its own base when it runs
    """The development server listens where the site does, unless it is told otherwise."""

    default_addr = settings.HOST
    default_port = str(settings.PORT)
