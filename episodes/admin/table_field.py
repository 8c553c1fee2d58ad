"""JSON that editors type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from soundtrack_site.forms import LineField


class TableField(forms.JSONField):
    """JSON whose every text is storable. What no parser takes, however deep or long, is an error of the field."""

    def to_python(self, value: Any) -> Any:
        try:
            return cleaned(super().to_python(value))
        except (RecursionError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Give back what was typed, unparsed: it may be what no parser takes."""
        return None if data is None else InvalidJSONInput(data)


def cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return LineField(required=False).clean(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    return value
