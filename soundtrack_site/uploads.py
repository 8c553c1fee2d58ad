"""Pictures as they are sent: taken in from a request, and developed by a form's field."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from soundtrack_site import pictures
from soundtrack_site.pictures import MOST_BYTES, Picture, Shape

ACCEPT = "image/jpeg,image/png,image/webp,image/gif"


class PictureField(forms.FileField):
    """Answers the developed `Picture`, not stored yet."""

    widget = forms.FileInput(attrs={"accept": ACCEPT})

    def __init__(self, shape: Shape, **options: Any) -> None:
        self.shape = shape
        super().__init__(**options)

    def to_python(self, data: Any) -> Picture | None:  # type: ignore[override] # a picture is what this field is for
        return None if data in self.empty_values else developed(data, self.shape)


def developed(upload: Any, shape: Shape) -> Picture:
    """Once for each upload, however often it is asked: whoever has to be early asks before the form does."""
    if not hasattr(upload, "outcome"):
        try:
            upload.outcome = pictures.develop(upload, shape)
        except ValidationError as refusal:
            upload.outcome = refusal
    if isinstance(upload.outcome, ValidationError):
        raise upload.outcome
    return cast("Picture", upload.outcome)


class ShortUploadHandler(FileUploadHandler):
    """Keeps no more of a file than a picture may weigh, in memory; its size is told as it was."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= MOST_BYTES:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
