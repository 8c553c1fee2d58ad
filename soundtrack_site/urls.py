from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter

from soundtrack_site.icons import favicon, webmanifest
from soundtrack_site.media import PictureName, media

# The admin's door is the members' door: same limits, same second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

register_converter(PictureName, "picture")

urlpatterns = [
    path("", include("episodes.urls")),
    path("", include("reviews.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("site.webmanifest", webmanifest, name="webmanifest"),
    path("favicon.ico", favicon, name="favicon"),
    path("media/<picture:name>", media, name="media"),
]

if "debug_toolbar" in settings.INSTALLED_APPS:
    urlpatterns += [path("__debug__/", include("debug_toolbar.urls"))]

handler400 = "soundtrack_site.views.bad_request"
handler403 = "soundtrack_site.views.permission_denied"
handler404 = "soundtrack_site.views.page_not_found"
handler429 = "soundtrack_site.views.too_many_requests"
handler500 = "soundtrack_site.views.server_error"
