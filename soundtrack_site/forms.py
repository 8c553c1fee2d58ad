"""What every form of ours needs: text that is safe to keep, errors of the verbs, data only from a POST."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from soundtrack_site.markdown import clean_text, says_nothing


def posted(request: HttpRequest) -> QueryDict | None:
    """Data to bind a form with: by method, so that an empty POST is still a POST."""
    return request.POST if request.method == "POST" else None


class WrittenField(forms.CharField):
    """Text that people type. Bytes that no database keeps are refused; what only does harm is taken out.

    U+FFFD is what is left of bytes that were no text: whoever sent them would find it in place of their words.
    """

    _storable = RegexValidator(
        r"[\x00\ud800-\udfff\ufffd]",
        _("This has characters that cannot be kept. Please take them out."),
        code="unstorable",
        inverse_match=True,
    )

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        self._storable(text)
        return clean_text(text).strip() if self.strip else clean_text(text)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and says_nothing(value):
            raise ValidationError(_("There is nothing to read in this."), code="blank")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: with it a browser drops the end of what somebody pastes, and says nothing."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class LineField(WrittenField):
    """The same on one line."""

    def to_python(self, value: Any) -> Any:
        return " ".join(super().to_python(value).split())


@contextmanager
def errors_on(form: forms.BaseForm) -> Iterator[None]:
    """What a verb refuses is said by the form, next to the field where it has one."""
    try:
        yield
    except ValidationError as refusal:
        by_field = getattr(refusal, "error_dict", {NON_FIELD_ERRORS: refusal})
        for name, error in by_field.items():
            form.add_error(name if name in form.fields else None, error)
