"""The one picture of a series or an episode, as editors send it, change it and take it away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from soundtrack_site import pictures
from soundtrack_site.uploads import ACCEPT, PictureField, developed


class AdminPictureField(PictureField):
    widget = AdminFileWidget(attrs={"accept": ACCEPT})

    def __init__(self, shape: pictures.Shape, label: Any) -> None:
        told = _("JPEG, PNG, WebP or GIF, at most 5 MB and 16 megapixels. With a picture go all three lines below.")
        super().__init__(shape, label=label, help_text=told, required=False)


class PictureForm(forms.ModelForm):
    """A row with one picture. Nobody is shown it without its words for who cannot see it, a caption and a credit."""

    picture: ClassVar[str]  # the column

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if self.cleaned_data.get(self.picture):
            for name in (f"{self.picture}_{part}" for part in ("alt", "caption", "credit")):
                if name in self.cleaned_data and not self.cleaned_data[name]:
                    self.add_error(name, ValidationError(_("The picture needs this."), code="required"))
        return self.cleaned_data


class PicturedAdmin(admin.ModelAdmin):
    """Rows that have a picture: its files come before the row has them, and go only after it has let go."""

    picture: ClassVar[str]  # the column of its picture
    shape: ClassVar[pictures.Shape]

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """A picture is developed and stored before the transaction that Django opens here, never in it.

        Django asks in there who may save this; so that question comes here too, before the work.
        """
        may = self.has_add_permission(request) if object_id is None else self.has_change_permission(request)
        with self.stored_picture(request) if may else nullcontext():
            return super().changeform_view(request, object_id, *args, **kwargs)

    @contextmanager
    def stored_picture(self, request: HttpRequest) -> Iterator[None]:
        upload: Any = request.FILES.get(self.picture)
        try:
            picture = developed(upload, self.shape) if upload is not None else None
        except ValidationError:
            picture = None  # the form says so
        if picture is None:
            yield
            return
        with pictures.stored(picture):
            yield

    def take_picture(self, request: HttpRequest, obj: Any, form: Any) -> set[str]:
        """Give the row the picture that its form was sent, or none. Answers the columns that stay as they are.

        The one before goes after the commit.
        """
        columns = {self.picture, f"{self.picture}_width", f"{self.picture}_height"}
        if self.picture not in form.changed_data:
            return columns
        before = self.get_queryset(request).filter(pk=obj.pk).select_for_update(of=("self",))
        pictures.forget(before.values_list(self.picture, flat=True).first() or "")
        picture = form.cleaned_data[self.picture]
        if picture:
            values = [picture.name, picture.width, picture.height]
            picture.is_taken = True
        else:
            values = ["", None, None]
        for name, value in zip((self.picture, f"{self.picture}_width", f"{self.picture}_height"), values, strict=True):
            setattr(obj, name, value)
        return set()

    def forget_pictures(self, request: HttpRequest, keys: list[int]) -> None:
        for name in self.get_queryset(request).filter(pk__in=keys).values_list(self.picture, flat=True):
            pictures.forget(name)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.forget_pictures(request, [obj.pk])
        super().delete_model(request, obj)

    @transaction.atomic  # the files go only with their rows
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.forget_pictures(request, list(queryset.values_list("pk", flat=True)))
        super().delete_queryset(request, queryset)
