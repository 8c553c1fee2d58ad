from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every template may say of the site. `site_url` has no slash at its end: paths begin with one."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "has_mail_server": settings.HAS_MAIL_SERVER,
    }
