from django.apps import AppConfig
from django.contrib.admin import apps as admin


class SoundtrackSiteConfig(AppConfig):
    name = "soundtrack_site"

    def ready(self) -> None:
        from soundtrack_site import checks  # noqa: F401 - importing registers them


class AdminConfig(admin.AdminConfig):
    default = False  # of this module; the settings name it
    default_site = "soundtrack_site.admin.Site"
