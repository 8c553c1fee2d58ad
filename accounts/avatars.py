"""The picture a member chooses for themselves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from soundtrack_site.pictures import AVATAR
from soundtrack_site.uploads import PictureField


class AvatarForm(forms.Form):
    avatar = PictureField(
        AVATAR,
        label=_("A picture from this device"),
        help_text=_(
            "JPEG, PNG, WebP or GIF, at most 5 MB and 16 megapixels. The middle of it is shown, in a circle. "
            "When and where it was taken is not kept."
        ),
        error_messages={"required": _("Choose a picture first.")},
    )
