from django.apps import AppConfig


class SoundtrackSiteConfig(AppConfig):
    name = "soundtrack_site"

    def ready(self) -> None:
        from soundtrack_site import checks  # noqa: F401 - importing registers them
